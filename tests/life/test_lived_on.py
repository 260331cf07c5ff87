"""A demonstration that was closed for days is played on to the moment of the next start, and what was done in it by hand stays."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from config import demo
from config.life import laws
from peerline.exchange.models import Call, Leg
from peerline.kernel import clock
from peerline.messaging.models import Message
from peerline.pairs import queries as pairs
from peerline.pairs import services as pair_services
from peerline.pairs.models import Pair
from peerline.people.access import viewer_of
from peerline.people.queries import made_up_people
from peerline.programs import services as programs
from peerline.programs.models import Enrollment, Program
from tests import cast
from tests.life.conftest import count_from_one

TUESDAY = datetime(2026, 11, 24, 15, tzinfo=UTC)
NEXT_THURSDAY = TUESDAY + timedelta(days=9, hours=3)


class Told:
    def __init__(self):
        self.said, self.steps = [], []

    def say(self, words):
        self.said.append(words)

    def far(self, what, done, total):
        self.steps.append((what, done, total))


def started(at):
    """What a start at this time told."""
    told = Told()
    with clock.running_on(lambda: at):
        demo.load_once(told)
    return told


@pytest.fixture
def closed(db, settings, tmp_path):
    """A week was played, and on Tuesday it was closed."""
    count_from_one()
    settings.DEMO, settings.DEMO_WEEKS, settings.NUMBERS_FILE = True, 1, tmp_path / "numbers.csv"
    settings.CARRIER = {**settings.CARRIER, "account": "AC of a real carrier"}
    with clock.running_on(lambda: TUESDAY):
        demo._load(1, Told(), people=12)
    mail.outbox.clear()


def deeds_of_a_visitor():
    """They end a pair, and bring somebody of their own in, by the pages' services."""
    program = Program.objects.get()
    coordinator = viewer_of(made_up_people("coordinator").get().person_id)
    couple = {one.person_id for one in demo.callers()}
    pair = next(pk for pk in pairs.active_in(program.pk) if not couple & set(pairs.members_of([pk])[pk]))
    pair_services.end_pair(coordinator, pair_id=pair, reason="moved")
    guest = cast.somebody(program.organization, "participant", nickname="Visitor", phone=cast.fresh_number())
    row = programs.enroll(coordinator, program_id=program.pk, person_id=guest.pk)
    return pair, row


def test_a_start_on_a_later_day_plays_on_to_now_keeps_what_was_done_by_hand_and_sends_nothing(closed):
    with clock.running_on(lambda: TUESDAY):
        pair, guest = deeds_of_a_visitor()
    before = Call.objects.count()
    told = started(NEXT_THURSDAY)
    assert "9 days" in told.said[0]
    fresh = Call.objects.order_by("pk")[before:]
    days = {call.began_at.date() for call in fresh}
    assert min(days) >= TUESDAY.date() and max(days) >= NEXT_THURSDAY.date() - timedelta(days=2) and len(days) >= 4
    assert {call.way for call in fresh} >= {"dialed", "reminder"}
    assert mail.outbox == [] and not Message.objects.filter(carried_by__in=["smtp", "sms"]).exists()
    assert (Pair.objects.get(pk=pair).end_reason, Enrollment.objects.get(pk=guest.pk).state) == ("moved", "invited")
    assert not Leg.objects.filter(person=guest.person_id).exists(), "a visitor's own person leads no life"
    assert not Leg.objects.exclude(state="over").exists()
    assert laws.broken(NEXT_THURSDAY) == []
    assert_nothing_is_played_twice_on_one_day()
    assert started(TUESDAY + timedelta(weeks=26)).said == [], "when the program is over nobody lives on"


def assert_nothing_is_played_twice_on_one_day():
    calls, messages = Call.objects.count(), Message.objects.count()
    with CaptureQueriesContext(connection) as asked:
        told = started(NEXT_THURSDAY + timedelta(hours=2))
    assert (told.said, len(asked)) == ([], 4)
    assert (Call.objects.count(), Message.objects.count()) == (calls, messages)
