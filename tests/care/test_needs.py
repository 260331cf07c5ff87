"""Who needs the staff: one need a key, in one ordered list, from when it arises until somebody has done it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from peerline.care import desk, needs
from peerline.care.models import Need, Panel, Voicemail
from peerline.jobs.services import announce, drain
from peerline.kernel import clock, week
from peerline.kernel.events import NeedMet, NeedsStaff
from peerline.people.access import PLATFORM, NotThere
from peerline.programs import services as programs
from tests import cast
from tests.exchange.conftest import ROSA, town  # noqa: F401

pytestmark = pytest.mark.req("S116")


@pytest.fixture
def dana(town):  # noqa: F811
    return cast.viewer(town.organization, "nurse", nickname="Dana")


@pytest.fixture
def cora(town):  # noqa: F811
    return cast.viewer(town.organization, "coordinator", nickname="Cora")


def arise(town, key, **facts):  # noqa: F811
    facts = {"kind": "plans.unsure", "level": "E3", "program_id": town.program.pk, "person_id": town.rosa.pk} | facts
    return needs.arise(key=key, **facts)


def listed(viewer, **wanted):
    return [item.need.key for item in desk.page(viewer, desk.Wanted(**wanted)).items]


def test_news_that_comes_twice_is_one_need_and_goes_when_it_is_met(town, dana):  # noqa: F811
    for _ in range(2):
        announce(NeedsStaff("plans.unsure", "plan:1", town.program.pk, town.rosa.pk, "E2", {"confidence": 4}))
        drain()
    needs.arose(
        kind="plans.unsure", key="plan:1", program_id=town.program.pk, person_id=town.rosa.pk, level="E2", facts={}
    )
    assert listed(dana) == ["plan:1"] and Need.objects.get().facts == {"confidence": 4}
    announce(NeedMet("plan:1"))
    drain()
    assert listed(dana) == [] and Need.objects.get().closed_how == "met"
    arise(town, "plan:1")
    assert listed(dana) == ["plan:1"]


def test_what_a_person_has_done_stays_done_however_often_it_is_told(town, dana):  # noqa: F811
    need = arise(town, "plan:1")
    needs.done(dana, need_id=need.pk, note="We made the step smaller.")
    arise(town, "plan:1")
    assert listed(dana) == []
    with pytest.raises(needs.Late, match="closed"):
        needs.take(dana, need_id=need.pk)
    needs.undo(dana, need_id=need.pk)
    assert listed(dana) == ["plan:1"]


def test_what_cannot_wait_comes_first_then_mine_then_nobody_s_then_colleagues(town, dana, cora):  # noqa: F811
    for key, level in (("late", "E3"), ("urgent", "E1"), ("hers", "E0"), ("mine", "E3")):
        arise(town, key, level=level)
    needs.take(cora, need_id=Need.objects.get(key="hers").pk)
    needs.take(dana, need_id=Need.objects.get(key="mine").pk)
    assert listed(dana) == ["urgent", "mine", "late", "hers"]
    assert listed(cora) == ["hers", "urgent", "late", "mine"]
    assert listed(dana, whose="free") == ["late"] and listed(dana, whose="now") == ["urgent"]


def test_what_one_s_own_people_need_comes_to_oneself(town, dana, cora):  # noqa: F811
    Panel.objects.create(program=town.program, person=town.rosa, staff_id=dana.person_id, since=clock.now())
    arise(town, "rosa")
    arise(town, "elm", person_id=town.elm.pk)
    assert listed(dana, whose="mine") == ["rosa"] and listed(cora, whose="free") == ["elm"]


def test_while_the_others_are_away_it_is_the_cover_s(town, dana, cora):  # noqa: F811
    needs.take(cora, need_id=arise(town, "before").pk)
    programs.set_staff_hours(
        PLATFORM, program_id=town.program.pk, hours=week.ALL, time_zone="America/Detroit",
        away_until=clock.now() + timedelta(days=7), cover_id=dana.person_id,
    )  # fmt: skip
    arise(town, "after")
    assert listed(dana, whose="mine") == ["after"] and listed(dana, whose="free") == ["before"]


def test_put_off_it_is_back_on_its_day_and_not_late(town, dana, time_machine):  # noqa: F811
    need = arise(town, "plan:1")
    day = (clock.now() + timedelta(days=9)).date()
    needs.rest(dana, need_id=need.pk, until=day)
    assert listed(dana) == []
    time_machine.move_to(clock.now() + timedelta(days=9, hours=12))
    assert listed(dana) == ["plan:1"] and Need.objects.get().due_at > clock.now()


def test_handed_over_it_must_be_seen_anew_and_only_those_who_may_see_it_can_have_it(town, dana, cora):  # noqa: F811
    need = arise(town, "plan:1")
    needs.seen(dana, need_id=need.pk)
    needs.hand_over(dana, need_id=need.pk, to=cora.person_id)
    need.refresh_from_db()
    assert need.owner_id == cora.person_id and need.seen_at is None
    for stranger in (town.elm.pk, cast.viewer(cast.clinic("Elsewhere"), "nurse").person_id):
        with pytest.raises(NotThere):
            needs.hand_over(dana, need_id=need.pk, to=stranger)


def test_nobody_sees_the_needs_of_another_clinic_and_administrators_no_words_people_said(town):  # noqa: F811
    arise(town, "plan:1")
    arise(town, "voice:1", kind="care.voicemail", facts={"voicemail": 1, "seconds": 3, "known": True})
    assert listed(cast.viewer(cast.clinic("Elsewhere"), "nurse")) == []
    assert listed(cast.viewer(town.organization, "administrator")) == ["plan:1"]
    assert listed(cast.viewer(town.organization, "researcher")) == []


@pytest.mark.req("S8", "S14")
def test_voicemail_pairs_and_people_who_stopped_stand_in_one_list_and_leave_it(town, dana, time_machine):  # noqa: F811
    from peerline.care import services as care

    telephone = town.identified(ROSA)
    town.line.press(telephone, "0")
    town.line.speak(telephone, 2)
    town.line.press(telephone, "1")
    town.line.hang_up(telephone)
    time_machine.move_to(clock.now() + timedelta(days=16))
    programs.stop(PLATFORM, _enrollment(town.third))
    drain()
    care.notice()
    assert [item.need.kind for item in desk.page(dana).items] == [
        "care.voicemail",
        "care.hard_pair",
        "programs.leaving",
    ]
    care.handle(dana, voicemail_id=Voicemail.objects.get().pk, note="Called her.")
    programs.complete_removal(PLATFORM, enrollment_id=_enrollment(town.third))
    town.talking()
    drain()
    care.notice()
    assert {item.need.kind for item in desk.page(dana).items} <= {"care.hard_pair"}


def _enrollment(person):
    return person.enrollments.get().pk


def many(town, count):  # noqa: F811
    now = clock.now()
    Need.objects.bulk_create(
        Need(
            key=f"many:{number}", kind="plans.unsure", level="E3", program=town.program, person=town.rosa, since=now,
            due_at=now + timedelta(minutes=number // 3),
        )
        for number in range(count)
    )  # fmt: skip


def test_every_need_is_on_exactly_one_page_and_a_page_asks_as_often_however_many_there_are(town, dana):  # noqa: F811
    counts = []
    for size in (30, 300):
        many(town, size) if size == 30 else Need.objects.all().delete() and many(town, size)
        with CaptureQueriesContext(connection) as asked:
            found = desk.page(dana)
        counts.append(len(asked))
    keys, place = [], found.later
    keys += [item.need.key for item in found.items]
    while place:
        found = desk.page(dana, after=place)
        keys, place = keys + [item.need.key for item in found.items], found.later
    assert len(keys) == len(set(keys)) == 300 and counts[0] == counts[1]


def test_a_place_somebody_made_up_begins_at_the_start(town, dana):  # noqa: F811
    arise(town, "plan:1")
    for place in ("9~2026-11-24T20:00:00+00:00~7", "x", "1~", "~"):
        assert [item.need.key for item in desk.page(dana, after=place).items] == ["plan:1"]


def test_facts_that_cannot_be_said_hide_neither_the_need_nor_the_list_and_are_told_in_one_line(town, dana, caplog):  # noqa: F811
    arise(town, "plan:2", facts={})
    arise(town, "plan:1", kind="nobody.says")
    assert [item.why for item in desk.page(dana).items] == [
        "Action plans: something needs a look.",
        "Something needs a look.",
    ]
    assert {(one.levelname, one.exc_info, "lack 'confidence'" in one.message) for one in caplog.records} == {
        ("WARNING", None, True), ("WARNING", None, False),
    }  # fmt: skip


def test_the_same_news_another_day_is_news_again(town, dana, time_machine):  # noqa: F811
    for _day in range(2):
        announce(NeedsStaff("plans.unsure", "plan:1", town.program.pk, town.rosa.pk, "E2", {}))
        drain()
        assert listed(dana) == ["plan:1"]
        time_machine.move_to(clock.now() + timedelta(days=1))
        announce(NeedMet("plan:1"))
        drain()
        assert listed(dana) == []
        time_machine.move_to(clock.now() + timedelta(days=1))
