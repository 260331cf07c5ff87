"""A drawn cohort as arrays at once is the cohort that its people make."""

from dataclasses import fields

import numpy as np
import pytest

from peerline.matching.cohort import build
from peerline.matching.crowd import drawn_cohort
from peerline.matching.draws import drawn_people
from tests.matching.naive import DAY

pytestmark = pytest.mark.req("S24")


@pytest.mark.parametrize("n", [0, 1, 2, 9, 300])
def test_a_crowd_is_the_very_cohort_of_its_people(n):
    made, built = drawn_cohort(n, 3, first_day=DAY), build(drawn_people(n, 3), first_day=DAY)
    assert tuple(made.people) == built.people
    for field in fields(built)[1:]:
        one, other = getattr(made, field.name), getattr(built, field.name)
        assert one.dtype == other.dtype and np.array_equal(one, other), field.name
