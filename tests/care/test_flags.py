"""Words that may mean danger reach the desk, a person judges them, and how often they were false is shown."""

import pytest

from peerline.care import desk, flags, services
from peerline.care.models import Need, RedFlag, Voicemail
from peerline.jobs.services import announce, drain
from peerline.kernel.events import WordsWritten
from peerline.messaging import relay
from peerline.people import services as people
from peerline.people.access import PLATFORM, NotThere
from peerline.plans import services as plans
from tests import cast
from tests.exchange.conftest import ROSA, town  # noqa: F401

pytestmark = pytest.mark.req("S116")


@pytest.fixture
def dana(town):  # noqa: F811
    return cast.viewer(town.organization, "nurse", nickname="Dana")


def read(town, words, source="test:1", **more):  # noqa: F811
    return flags.read(flags.Text(source, words, town.program.pk, town.rosa.pk), **more)


def test_danger_becomes_a_need_as_urgent_as_its_line_and_harmless_words_none(town, dana):  # noqa: F811
    assert read(town, "I walked every day this week.") is None
    read(town, "My sugar was 60 and my chest hurts.")
    need = Need.objects.get()
    assert (need.kind, need.level, need.facts["found"]) == ("care.red_flag", "E0", ["chest_pain", "low"])
    assert "chest pain, glucose under 70" in desk.page(dana).items[0].why


def test_the_same_words_again_are_one_flag_and_a_new_line_is_another(town):  # noqa: F811
    for _ in range(2):
        read(town, "I ran out of insulin.")
    assert RedFlag.objects.count() == 1
    read(town, "I ran out of insulin, and I want to die.")
    assert [row.found for row in RedFlag.objects.order_by("pk")] == [["rationing"], ["suicide"]]


def test_words_lie_sealed_in_the_table(town, django_assert_num_queries):  # noqa: F811
    from django.db import connection

    read(town, "My chest hurts.")
    with connection.cursor() as cursor:
        cursor.execute("SELECT words FROM care_redflag")
        assert "chest" not in cursor.fetchone()[0]


def test_a_false_alarm_leaves_the_desk_and_a_real_one_stays_until_its_work_is_done(town, dana):  # noqa: F811
    false, real = read(town, "My chest hurts.", "test:1"), read(town, "I fainted.", "test:2")
    flags.judge(dana, flag_id=false.pk, verdict="false")
    flags.judge(dana, flag_id=real.pk, verdict="real")
    assert [item.need.pk for item in desk.page(dana).items] == [real.need_id]
    flags.judge(dana, flag_id=false.pk, verdict="real")
    assert len(desk.page(dana).items) == 2
    services.finish(dana, need_id=real.need_id, note="Her doctor knows.", minutes=12)
    assert [item.need.pk for item in desk.page(dana).items] == [false.need_id]


def test_only_those_who_may_see_it_judge_it(town):  # noqa: F811
    flag = read(town, "My chest hurts.")
    for stranger in (cast.viewer(cast.clinic("Elsewhere"), "nurse"), cast.viewer(town.organization, "administrator")):
        with pytest.raises(NotThere):
            flags.judge(stranger, flag_id=flag.pk, verdict="false")


def test_the_rate_of_false_alarms_is_shown_per_program_and_without_those_nobody_judged(town, dana, client):  # noqa: F811
    for number, verdict in enumerate(["real", "false", "false", ""]):
        flag = read(town, "My chest hurts.", f"test:{number}")
        if verdict:
            flags.judge(dana, flag_id=flag.pk, verdict=verdict)
    assert [(one.found, one.real, one.false, one.false_percent) for one in flags.rates(dana)] == [(4, 1, 2, 67)]
    assert flags.rates(cast.viewer(cast.clinic("Elsewhere"), "nurse")) == []
    cast.sign_in(client, cast.somebody(town.organization, "nurse", email="dana@example.org"))
    assert "67 %" in client.get("/desk/figures/").content.decode()


def test_a_nurse_s_own_words_come_back_to_her_and_nobody_is_rung(town, dana):  # noqa: F811
    telephone = town.identified(ROSA)
    town.line.press(telephone, "0")
    town.line.speak(telephone, 2)
    town.line.press(telephone, "1")
    drain()
    services.handle(
        dana, voicemail_id=Voicemail.objects.get().pk, note="She says her chest hurts. Told her to dial 911."
    )
    need = Need.objects.get(kind="care.red_flag")
    assert need.owner_id == need.seen_by_id == dana.person_id and need.person == town.rosa
    assert flags.asked_of(dana, f"care.voicemail:{Voicemail.objects.get().pk}") == need.flags.get()


def test_what_a_person_writes_into_a_plan_is_read(town, dana):  # noqa: F811
    plan = plans.start(PLATFORM, enrollment_id=town.rosa.enrollments.get().pk)
    plans.write(
        PLATFORM, plan_id=plan.pk, domain="medication", what="Take insulin", barrier="I can't afford the insulin"
    )
    drain()
    flag = RedFlag.objects.get()
    assert flag.source == f"plans.plan:{plan.pk}" and flag.found == ["rationing"] and flag.person == town.rosa
    plans.write(PLATFORM, plan_id=plan.pk, how_much="one pen")
    drain()
    assert RedFlag.objects.count() == 1


def test_what_one_partner_writes_to_the_other_is_read(town, dana):  # noqa: F811
    point = people.set_contact(PLATFORM, person_id=town.elm.pk, kind="email", value="elm@example.org")
    people.verify(PLATFORM, contact_id=point.pk, how="code")
    relay.pass_on(town.rosa.pk, [town.elm.pk], f"pair:{town.pair.pk}", "I want to kill myself", by="web")
    drain()
    flag = RedFlag.objects.get()
    assert (flag.person, flag.program) == (town.rosa, town.program) and flag.need.level == "E1"
    flags.passed_on(0, f"pair:{town.pair.pk}", town.rosa.pk)
    assert RedFlag.objects.count() == 1, "words that are gone raise nothing"


def test_words_nobody_can_read_out_raise_nothing(town):  # noqa: F811
    announce(WordsWritten("nobody.knows", 1, town.program.pk, town.rosa.pk))
    drain()
    assert not RedFlag.objects.exists()
