"""The measurements measure: every figure is there, and a pair that is held is heard."""

import pytest

from peerline.exchange.engines.embedded import available
from peerline.exchange.engines.embedded.bench import _plateau, bench

pytestmark = [pytest.mark.sip, pytest.mark.skipif(bool(available()), reason=available())]


def test_each_measurement_is_made():
    found = {result["measure"]: result for result in bench(1, (1, 3), keys=5)}
    assert set(found) == {"idle", "key to prompt", "setups", "pairs"}
    assert found["pairs"]["legs_up"] == 6
    assert found["pairs"]["heard_percent"] > 50  # a busy machine loses some; a broken line would lose all
    assert found["setups"]["calls"] > 3
    assert found["key to prompt"]["answered"] == found["key to prompt"]["keys"]


def test_the_loud_byte_is_loud():
    assert 7000 < abs(_plateau()) < 32768
