"""Somebody with nothing but a home telephone hears a code or a new PIN, and proves a number; nobody else does."""

import json
from datetime import timedelta

import pytest
from django.db import connection

from peerline.audit.models import Line
from peerline.entry import checked_numbers, codes, services, spoken
from peerline.entry.models import Pin, ToSay
from peerline.exchange.models import Call, Leg
from peerline.exchange.prompts.catalogue import text_of
from peerline.exchange.services import CannotRing
from peerline.jobs.models import Job
from peerline.jobs.services import drain
from peerline.kernel import clock, week
from peerline.messaging.models import Message
from peerline.messaging.services import deliver
from peerline.people import services as people
from peerline.people.access import PLATFORM, NotThere, viewer_of
from tests import cast
from tests.exchange.conftest import ELM, ROSA, town  # noqa: F401

NEW = "+17345550177"


@pytest.fixture
def keeper(town):  # noqa: F811
    return viewer_of(cast.somebody(town.organization, "coordinator").pk)


def rung(town, number=ROSA):  # noqa: F811
    """The telephone there, picked up."""
    town.line.settle()
    telephone = town.line.ringing_at(number)
    town.line.answer(telephone)
    return telephone


def asked_and_rung(town):  # noqa: F811
    asked = codes.ask("phone", ROSA)
    drain()
    return asked, rung(town)


def digits_heard(telephone):
    return "".join(dict(one.values)["key"] for one in telephone.now.said if one.prompt == "code.digit")


def everything_written() -> str:
    """All that any table holds, as text."""
    with connection.cursor() as cursor:
        rows = []
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            rows += [str(value) for row in cursor.fetchall() for value in row]
    return "\n".join(rows)


@pytest.mark.req("S17")
def test_a_home_telephone_is_rung_and_says_the_code_twice_after_a_key(town):  # noqa: F811
    asked, telephone = asked_and_rung(town)
    assert telephone.heard == ["code.ready", "code.hear", "code.unwanted"]
    town.line.press(telephone, "1")
    code = digits_heard(telephone)[:6]
    assert digits_heard(telephone) == code * 2 and code.isdigit() and text_of(telephone.now.said[1]) == f"{code[0]}."
    town.line.press(telephone, "9")
    assert digits_heard(telephone) == code * 2
    town.line.press(telephone, "1")
    assert telephone.over and not ToSay.objects.exists()
    assert codes.try_code(asked, code) == town.rosa.pk


@pytest.mark.req("S17", "T19")
def test_no_journal_table_or_outbox_holds_the_digits(town):  # noqa: F811
    _asked, telephone = asked_and_rung(town)
    town.line.press(telephone, "1")
    code, leg = digits_heard(telephone)[:6], Leg.objects.get(pk=telephone.leg_id)
    assert leg.args == [town.rosa.pk, f"code:{_asked}"]
    assert [entry[1] for entry in leg.journal] == ["1", [[ToSay.objects.get().pk, "Maple"]]]
    written = everything_written()
    assert code not in written and f"{code[:3]} {code[3:]}" not in written
    assert json.dumps(list(code)) not in written and Message.objects.get(kind="entry.code").body == ""
    Line.objects.create(at=clock.now(), door="web", verb="planted", detail={"code": code})
    assert code in everything_written()


@pytest.mark.req("S17")
def test_two_at_one_telephone_hear_a_code_each(town):  # noqa: F811
    point = people.set_contact(PLATFORM, person_id=town.elm.pk, kind="phone", value=ROSA)
    people.verify(PLATFORM, contact_id=point.pk, how="call")
    asked, telephone = asked_and_rung(town)
    town.line.press(telephone, "1")
    said = digits_heard(telephone)
    assert len(said) == 24 and [dict(one.values)["name"] for one in telephone.now.said if one.prompt == "code.name"] == [
        "Maple", "Elm", "Maple", "Elm",
    ]  # fmt: skip
    assert codes.try_code(asked, said[6:12]) == town.elm.pk


def test_a_machine_that_presses_no_key_hears_no_digit(town):  # noqa: F811
    _asked, telephone = asked_and_rung(town)
    while not telephone.over:
        assert not digits_heard(telephone)
        town.line.silence(telephone)
    assert "code.digit" not in " ".join(telephone.transcript)
    later = clock.now() + timedelta(minutes=21)
    with clock.running_on(lambda: later):
        assert spoken.wipe() == 1 and not ToSay.objects.exists()


def test_whoever_did_not_ask_for_it_makes_it_worthless(town):  # noqa: F811
    asked, telephone = asked_and_rung(town)
    code = ToSay.objects.get().digits
    town.line.press(telephone, "2")
    assert telephone.over and not ToSay.objects.exists() and codes.try_code(asked, code) is None


def test_a_code_that_is_too_old_is_not_said(town):  # noqa: F811
    _asked, telephone = asked_and_rung(town)
    ToSay.objects.update(expires_at=clock.now())
    town.line.press(telephone, "1")
    assert "code.too_late" in telephone.transcript and telephone.over


@pytest.mark.req("R6")
def test_a_job_that_runs_twice_rings_once(town):  # noqa: F811
    codes.ask("phone", ROSA)
    drain()
    deliver(Message.objects.get(kind="entry.code").pk)
    town.line.settle()
    Job.objects.update(state="waiting")
    drain()
    town.line.settle()
    assert [number for _, number in town.line.ring_log] == [ROSA]


@pytest.mark.req("S6")
def test_nobody_is_rung_for_a_code_in_hours_that_are_kept_free(town):  # noqa: F811
    people.set_blocked_hours(PLATFORM, town.rosa.pk, week.ALL)
    codes.ask("phone", ROSA)
    drain()
    town.line.settle()
    assert town.line.ring_log == [] and Message.objects.get(kind="entry.code").state == "waiting"


def test_another_call_cannot_ask_for_the_digits(town):  # noqa: F811
    _asked, telephone = asked_and_rung(town)
    stranger = Leg.objects.get(pk=town.line.dial(ELM).leg_id)
    row = ToSay.objects.get()
    for ask in (
        lambda: spoken.begin(stranger, row.word),
        lambda: spoken.digit(stranger, row.pk, 0),
        lambda: spoken.drop(stranger, row.word),
    ):
        with pytest.raises(PermissionError):
            ask()
    assert spoken.digit(Leg.objects.get(pk=telephone.leg_id), row.pk, 0) == row.digits[0]


@pytest.mark.req("S2")
def test_a_pin_changes_when_the_line_says_it_and_not_before(town, keeper):  # noqa: F811
    old = services.issue_pin(keeper, town.rosa.pk)
    spoken.say_pin(keeper, town.rosa.pk)
    telephone = rung(town)
    town.line.hang_up(telephone)
    call = Leg.objects.get(pk=town.line.dial(ROSA).leg_id)
    assert services.try_pin(call, old, call.telephone_hash)
    spoken.say_pin(keeper, town.rosa.pk)
    telephone = rung(town)
    town.line.press(telephone, "1")
    new = digits_heard(telephone)[:6]
    assert services.try_pin(call, new, call.telephone_hash) and not services.try_pin(call, old, call.telephone_hash)
    assert Pin.objects.get().must_change and Pin.objects.get().issued_by_id == keeper.person_id
    assert new not in everything_written()


def test_a_pin_is_said_to_a_proven_number_only_and_by_those_who_keep_the_record(town, keeper):  # noqa: F811
    nobody = cast.somebody(town.organization, first_name="Nora")
    with pytest.raises(CannotRing):
        spoken.say_pin(keeper, nobody.pk)
    for other in (viewer_of(town.elm.pk), cast.viewer(cast.clinic("Other"), "nurse"), viewer_of(town.rosa.pk)):
        with pytest.raises(NotThere):
            spoken.say_pin(other, town.rosa.pk)
    assert not ToSay.objects.exists() and not Call.objects.exists()


@pytest.mark.req("S4", "S17")
@pytest.mark.parametrize(("key", "proven"), [("1", True), ("2", False), ("", False)])
def test_a_number_is_rung_to_be_checked_and_a_key_there_proves_it(town, keeper, key, proven):  # noqa: F811
    point = people.set_contact(PLATFORM, person_id=town.rosa.pk, kind="phone", value=NEW)
    checked_numbers.check_number(keeper, person_id=town.rosa.pk, contact_id=point.pk)
    telephone = rung(town, NEW)
    assert telephone.heard == ["check.ready", "check.theirs", "check.not_theirs"]
    town.line.press(telephone, key) if key else [town.line.silence(telephone) for _ in range(3)]
    point.refresh_from_db()
    assert bool(point.verified_at) is proven and telephone.over
    assert (
        Line.objects.filter(verb="people.contact_verified", detail__how="call", object=f"contact:{point.pk}").exists()
        is proven
    )
    assert Line.objects.filter(verb="entry.number_denied").exists() is (key == "2")


def test_a_number_that_was_taken_out_while_it_rang_is_not_proven(town, keeper):  # noqa: F811
    point = people.set_contact(PLATFORM, person_id=town.rosa.pk, kind="phone", value=NEW)
    checked_numbers.check_number(keeper, person_id=town.rosa.pk, contact_id=point.pk)
    telephone = rung(town, NEW)
    people.drop_contact(PLATFORM, contact_id=point.pk)
    town.line.press(telephone, "1")
    assert (
        telephone.over
        and not Line.objects.filter(verb="people.contact_verified", object=f"contact:{point.pk}").exists()
    )


def test_a_number_is_checked_only_under_the_person_it_belongs_to(town, keeper):  # noqa: F811
    point = people.set_contact(PLATFORM, person_id=town.rosa.pk, kind="phone", value=NEW)
    with pytest.raises(NotThere):
        checked_numbers.check_number(keeper, person_id=town.elm.pk, contact_id=point.pk)


def test_the_words_of_a_check_tell_nothing_but_the_nickname(town, keeper):  # noqa: F811
    point = people.set_contact(PLATFORM, person_id=town.rosa.pk, kind="phone", value=NEW)
    checked_numbers.check_number(keeper, person_id=town.rosa.pk, contact_id=point.pk)
    words = " ".join(text_of(one) for one in rung(town, NEW).now.said)
    assert "Maple" in words and "Rosa" not in words and "diabet" not in words


def test_both_are_asked_for_on_the_pages_of_the_person(town, client):  # noqa: F811
    point = people.set_contact(PLATFORM, person_id=town.rosa.pk, kind="phone", value=NEW)
    cast.sign_in(client, cast.somebody(town.organization, "nurse"))
    there = f"/people/{town.rosa.pk}/contact/{point.pk}/check/"
    assert there in client.get(f"/people/{town.rosa.pk}/contact/").content.decode()
    assert client.post(there)["Location"] == f"/people/{town.rosa.pk}/contact/"
    town.line.refuse(rung_only(town, NEW))
    client.post(f"/people/{town.rosa.pk}/pin/", {"how": "line"})
    town.line.settle()
    assert [number for _, number in town.line.ring_log] == [NEW, ROSA]
    again = client.post(f"/people/{town.rosa.pk}/pin/", {"how": "line"}, follow=True).content.decode()
    assert "They cannot be rung" in again


def rung_only(town, number):  # noqa: F811
    town.line.settle()
    return town.line.ringing_at(number)
