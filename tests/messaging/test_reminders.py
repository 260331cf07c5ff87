"""A reminder: once, by the way the person chose, in their hours, and by another one when that comes to nothing."""

import itertools
from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail

from peerline.jobs import services as jobs
from peerline.kernel import clock, week
from peerline.kernel.dialogue import Say
from peerline.kernel.events import NeedsStaff
from peerline.messaging import channels, outbox, reminders, services
from peerline.messaging.models import Message, Reminder
from peerline.messaging.services import Text
from peerline.people import queries as people_queries
from peerline.people import services as people
from peerline.people.access import PLATFORM, NotThere, viewer_of
from tests import cast
from tests.exchange.conftest import ROSA, town  # noqa: F401
from tests.messaging.conftest import MOBILE, work

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


class Provider:
    """A provider that answers as told: None takes it, an exception is raised."""

    def __init__(self) -> None:
        self.answers: list[Exception | None] = []
        self.took: list[str] = []

    def __call__(self, letter: channels.Letter) -> str:
        answer = self.answers.pop(0) if self.answers else None
        if answer is not None:
            raise answer
        self.took.append(letter.key)
        return f"SM{len(self.took)}"


@pytest.fixture
def sms(monkeypatch):
    provider = Provider()
    monkeypatch.setitem(outbox._carriers, ("sms", "reminder"), outbox.Carrier("test", provider))
    return provider


@pytest.fixture
def told(monkeypatch):
    found: list[NeedsStaff] = []
    monkeypatch.setattr(reminders, "announce", found.append)
    return found


def words(language: str) -> Text:
    return Text("A note", "Hola" if language == "es" else "Your two weeks are over.", Say("remind.stopped"))


def remind(person, key="k:1", *, not_after=None, **more):
    until = not_after or clock.now() + DAY
    return services.remind(person.pk, kind="test", key=key, words=words, not_after=until, **more)


def by(person, first, *also):
    services.choose(viewer_of(person.pk), person_id=person.pk, first=first, also=also)


def state() -> str:
    return Reminder.objects.get().state


def test_a_reminder_is_written_once_and_comes_once(rosa):
    by(rosa, "email")
    assert remind(rosa) and not remind(rosa)
    for _ in range(3):
        work()
    assert len(mail.outbox) == 1 and mail.outbox[0].body == "Your two weeks are over." and state() == "delivered"
    assert not remind(rosa)


def test_the_words_are_in_the_language_of_the_person(rosa):
    people.set_language(PLATFORM, person_id=rosa.pk, language="es")
    by(rosa, "email")
    remind(rosa)
    work()
    assert mail.outbox[0].body == "Hola"


def test_texts_wait_for_the_hours_of_the_person(rosa, sms, time):
    by(rosa, "sms")
    time.at = datetime(2026, 3, 4, 4, 30, tzinfo=UTC)  # 11:30 at night
    people.set_blocked_hours(PLATFORM, rosa.pk, week.of_days(range(7), 8, 10))
    remind(rosa)
    time.go(hours=10, minutes=20)  # 9:50 in the morning: awake, and still blocked
    assert sms.took == []
    time.go(minutes=15)
    assert sms.took == ["k:1#1"]


def test_where_a_text_did_not_arrive_the_next_allowed_way_is_used(rosa, sms, time):
    by(rosa, "sms", "email")
    remind(rosa)
    work()
    assert sms.took and not mail.outbox and state() == "out"
    services.noted(Message.objects.get().pk, "undelivered")
    work()
    assert len(mail.outbox) == 1 and state() == "delivered"


def test_once_it_arrived_no_other_way_is_used(rosa, sms, time):
    by(rosa, "sms", "email")
    remind(rosa)
    work()
    for word in ("delivered", "sent", "undelivered", "delivered"):
        services.noted(Message.objects.get().pk, word)
    time.go(hours=2)
    assert not mail.outbox and state() == "delivered"


def test_a_bounce_that_comes_later_brings_it_back(rosa, sms, time):
    by(rosa, "email", "sms")
    remind(rosa)
    work()
    assert state() == "delivered"
    services.noted(Message.objects.get().pk, "undelivered")
    work()
    assert sms.took and Message.objects.count() == 2


def test_where_no_way_is_left_a_person_is_told(rosa, sms, time, told):
    by(rosa, "sms")
    sms.answers = [channels.NeverThere("no such number")]
    remind(rosa)
    work()
    work()
    assert state() == "nowhere" and [one.kind for one in told] == ["messaging.nowhere"]


def test_what_was_missed_is_told_and_never_sent_late(rosa, sms, time, told):
    by(rosa, "sms")
    people.set_blocked_hours(PLATFORM, rosa.pk, week.ALL)
    remind(rosa, not_after=clock.now() + timedelta(hours=3))
    time.go(hours=4)
    people.set_blocked_hours(PLATFORM, rosa.pk, 0)
    time.go(hours=1)
    assert state() == "missed" and sms.took == [] and [one.kind for one in told] == ["messaging.missed"]
    assert set(told[0].facts) == {"about", "tries"}


def test_a_reason_that_is_gone_sends_nothing(rosa, sms, time):
    by(rosa, "sms")
    remind(rosa)
    assert services.no_longer("k:1") and not services.no_longer("k:1")
    time.go(minutes=5)
    assert sms.took == [] and state() == "dropped"


def test_somebody_who_was_taken_out_is_not_contacted(rosa, sms, monkeypatch):
    by(rosa, "sms")
    remind(rosa)
    monkeypatch.setattr(reminders, "_guards", [lambda *asked: False])
    work()
    assert sms.took == [] and state() == "dropped"


# --- STOP ---------------------------------------------------------------------------------------------------------------


def test_nothing_goes_where_somebody_said_stop_not_even_what_was_written_before(rosa, sms, time):
    by(rosa, "sms", "email")
    remind(rosa)
    reminders.tick()
    assert Message.objects.get().channel == "sms"
    assert services.close("sms", people_queries.number_hash(MOBILE), "stop")
    assert not services.close("sms", people_queries.number_hash(MOBILE), "stop")
    time.go(minutes=2)
    assert sms.took == [] and len(mail.outbox) == 1
    assert services.reopen("sms", people_queries.number_hash(MOBILE))
    remind(rosa, key="k:2")
    work()
    assert sms.took == ["k:2#1"]


# --- At most once -------------------------------------------------------------------------------------------------------


def test_what_surely_did_not_leave_is_tried_again(rosa, sms, time):
    by(rosa, "sms")
    sms.answers = [channels.NotNow("busy"), channels.NotNow("busy")]
    remind(rosa)
    time.go(minutes=3)
    assert sms.took == ["k:1#1"] and Message.objects.count() == 1


def test_what_may_have_left_is_not_tried_again_before_the_carrier_was_asked(rosa, sms, time, monkeypatch):
    answers = [channels.NotNow("away"), ("", "")]

    def ask(letter, receipt, since):
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setitem(outbox._carriers, ("sms", "reminder"), outbox.Carrier("test", sms, ask=ask))
    by(rosa, "sms", "email")
    sms.answers = [channels.Unsure("it broke off")]
    remind(rosa)
    time.go(minutes=4)
    assert sms.took == [] and not mail.outbox and Message.objects.get().state == "taken"
    time.go(minutes=6)
    assert sms.took == ["k:1#1"] and answers == []


def test_where_nobody_can_be_asked_it_is_not_sent_twice_and_a_person_is_told(rosa, sms, time, told):
    by(rosa, "sms")
    sms.answers = [channels.Unsure("it broke off")]
    remind(rosa)
    time.go(minutes=5)
    assert sms.took == [] and state() == "nowhere" and Message.objects.get().state == "unsure"
    assert [one.kind for one in told] == ["messaging.unsure", "messaging.nowhere"]


def test_whoever_held_a_message_too_long_hands_it_over_no_more(rosa, sms, time, monkeypatch):
    by(rosa, "sms")
    remind(rosa)
    reminders.tick()
    take = outbox._take

    def stalled(message_id):
        message = take(message_id)
        time.at += timedelta(minutes=10)
        return message

    monkeypatch.setattr(outbox, "_take", stalled)
    jobs.drain()
    assert sms.took == []


def test_as_many_texts_a_second_as_the_carrier_takes_the_urgent_first(rosa, sms, time, settings):
    settings.TEXTS_A_SECOND = 2
    by(rosa, "sms")
    for number in range(30):
        remind(rosa, key=f"k:{number}", urgency=9 if number < 25 else 0)
    reminders.tick()
    assert Message.objects.count() == 21  # ten seconds ahead
    jobs.drain()
    assert set(sms.took) == {"k:25#1"}  # the others have a later second each
    for _ in range(16):
        time.at += timedelta(seconds=1)
        work()
    assert len(sms.took) == 30 and set(sms.took[:5]) == {f"k:{number}#1" for number in range(25, 30)}


def test_after_the_worker_stood_still_what_is_late_leaves_no_faster_than_the_carrier_takes_it(
    rosa, sms, time, settings
):
    settings.TEXTS_A_SECOND = 2
    by(rosa, "sms")
    for number in range(30):
        remind(rosa, key=f"k:{number}")
    reminders.tick()  # slots for the next ten seconds, and then nobody works
    time.at += timedelta(seconds=60)
    left = []
    for _ in range(40):
        before = len(sms.took)
        work()
        left.append(len(sms.took) - before)
        time.at += timedelta(seconds=0.5)
    assert len(set(sms.took)) == len(sms.took) == 30
    assert max(first + second for first, second in itertools.pairwise(left)) == 2, left


def test_a_late_message_that_was_taken_is_asked_about_first_and_then_waits_its_turn(rosa, time, settings, monkeypatch):
    """The worker died after it had taken two of them: the carrier has one, and surely not the other."""
    took, known = [], {"k:0#1": ("delivered", "SM1"), "k:1#1": ("", "")}
    asked = []

    def ask(letter, receipt, since):
        asked.append((letter.key, list(took)))
        return known.get(letter.key, ("", ""))

    carrier = outbox.Carrier("test", lambda letter: took.append(letter.key) or f"SM{len(took)}", ask=ask)
    monkeypatch.setitem(outbox._carriers, ("sms", "reminder"), carrier)
    by(rosa, "sms")
    for number in range(4):
        remind(rosa, key=f"k:{number}")
    reminders.tick()
    for message in Message.objects.filter(key__in=known):
        outbox._take(message.pk)
    time.at += timedelta(minutes=3)
    left = []
    for _ in range(20):
        before = len(took)
        work()
        left.append(len(took) - before)
        time.at += timedelta(seconds=0.5)
    assert asked[:2] == [("k:0#1", []), ("k:1#1", [])]
    assert sorted(took) == ["k:1#1", "k:2#1", "k:3#1"]
    assert max(first + second for first, second in itertools.pairwise(left)) == 1, left


def test_a_long_queue_costs_a_tick_nothing_until_its_turn_comes(rosa, sms, time, django_assert_max_num_queries):
    by(rosa, "sms")
    for number in range(40):
        remind(rosa, key=f"k:{number}")
    assert reminders.tick() == 40
    assert Message.objects.count() == 11
    with django_assert_max_num_queries(4):
        assert reminders.tick() == 0
    time.at += timedelta(seconds=1)
    assert reminders.tick() == 2, "the next one, and the one after it that finds no room any more"
    remind(rosa, key="k:urgent", urgency=0)
    time.at += timedelta(seconds=1)
    reminders.tick()
    assert Message.objects.latest("pk").key == "k:urgent#1"


# --- By telephone -------------------------------------------------------------------------------------------------------


def ring(town):  # noqa: F811
    work()
    town.line.settle()
    telephone = town.line.ringing_at(ROSA)
    town.line.answer(telephone)
    return telephone


def test_a_reminder_is_called_and_says_nothing_of_itself_before_a_key(town, time):  # noqa: F811
    remind(town.rosa)
    telephone = ring(town)
    assert telephone.heard == ["reminder.hello", "reminder.hear", "reminder.no_calls"]
    town.line.press(telephone, "1")
    assert telephone.heard == ["remind.stopped", "reminder.do_it", "reminder.enough"]
    town.line.press(telephone, "2")
    assert telephone.over
    work()
    assert state() == "delivered" and Message.objects.get().word == "delivered"


def test_where_nobody_presses_a_key_it_is_called_once_more_and_then_goes_another_way(town, time, told):  # noqa: F811
    remind(town.rosa)
    for _ in range(2):
        telephone = ring(town)
        town.line.hang_up(telephone)
        work()
        assert state() == "waiting"
        time.go(hours=2)
    time.go(minutes=5)
    assert [row.channel for row in Message.objects.order_by("pk")] == ["voice", "voice"]
    assert state() == "nowhere" and told[-1].kind == "messaging.nowhere"


def test_one_key_ends_such_calls_and_leaves_other_ways(town, time):  # noqa: F811
    remind(town.rosa)
    telephone = ring(town)
    town.line.press(telephone, "2")
    assert telephone.over
    from peerline.messaging.queries import choice_of

    assert choice_of(town.rosa.pk).order == ["email", "letter"]


# --- The page -----------------------------------------------------------------------------------------------------------


def test_a_person_chooses_on_a_page_and_staff_for_them(client, rosa):
    cast.sign_in(client, rosa)
    page = client.get("/me/reminders/").content.decode()
    assert "How should we remind you?" in page
    client.post("/me/reminders/", {"first": "sms", "also": ["email"]})
    from peerline.messaging.queries import choice_of

    assert choice_of(rosa.pk).order == ["sms", "email"]
    cast.sign_in(client, cast.somebody(rosa.organization, "coordinator"))
    assert client.post(f"/people/{rosa.pk}/reminders/", {"first": "letter"}).status_code == 302
    assert choice_of(rosa.pk).order == ["letter"]


def test_a_way_without_an_address_cannot_be_chosen(client, time):
    person = cast.somebody(cast.clinic(), phone=MOBILE)
    cast.sign_in(client, person)
    assert "mobile number" in client.post("/me/reminders/", {"first": "sms"}).content.decode()


def test_nobody_chooses_for_a_stranger(rosa):
    with pytest.raises(NotThere):
        services.choose(cast.viewer(cast.clinic("Other"), "coordinator"), person_id=rosa.pk, first="letter")


def test_nobody_is_called_more_than_three_times_a_week(rosa, time, monkeypatch):
    """47 CFR 64.1200(a)(3); what waits is not lost, and is called when the week is over."""
    provider = Provider()
    monkeypatch.setitem(outbox._carriers, ("voice", "reminder"), outbox.Carrier("test", provider))
    by(rosa, "voice")
    for number in range(4):
        remind(rosa, f"k:{number}", not_after=clock.now() + 10 * DAY)
        time.go(hours=1)
        services.noted(Message.objects.latest("pk").pk, "delivered")
    time.go(hours=24)
    assert provider.took == ["k:0#1", "k:1#1", "k:2#1"]
    assert Reminder.objects.get(key="k:3").state == "waiting"
    time.go(hours=6 * 24)
    assert provider.took[3:] == ["k:3#1"]
