"""The web door: a code for participants, password and second factor for staff, and nothing that tells who is known."""

import re
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.db import connection
from django.test.utils import CaptureQueriesContext

from peerline.entry import codes, invitations
from peerline.entry.models import CodeAsked, ToSay
from peerline.jobs import services as jobs
from peerline.kernel import clock
from peerline.messaging.models import Message
from peerline.people import accounts
from peerline.people import services as people
from peerline.people.access import PLATFORM, NotThere, viewer_of
from peerline.people.services import Place
from tests import cast

pytestmark = pytest.mark.django_db
HOME, MAIL = "+17345550123", "rosa@example.org"
PASSWORD = "four words nobody joins"


@pytest.fixture(autouse=True)
def nothing_leaves(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    from django.core.cache import cache

    cache.clear()


@pytest.fixture
def clinic():
    clinic = cast.clinic()
    cast.somebody(clinic, "administrator")
    return clinic


@pytest.fixture
def rosa(clinic):
    return cast.somebody(clinic, phone=HOME, email=MAIL, nickname="Lark")


@pytest.fixture
def nurse(clinic):
    person = cast.somebody(clinic, "nurse", nickname="Dana")
    accounts.give_account(PLATFORM, person_id=person.pk, email="dana@example.org")
    accounts.set_password(person.pk, PASSWORD)
    return person


def sent_code():
    """The newest code: of an e-mail from the outbox, of a home telephone what the line is to say."""
    jobs.drain()
    message = Message.objects.latest("pk")
    if message.channel == "voice":
        return ToSay.objects.filter(word=message.key.replace("entry.code", "code")).latest("pk").digits
    return "".join(re.search(r"(\d{3}) (\d{3})", message.body).groups())


def ask(client, reach=HOME):
    return client.post("/sign-in/", {"p-reach": reach})


def by_password(client, password=PASSWORD, email="dana@example.org"):
    return client.post("/sign-in/staff/", {"login": email, "password": password})


def right_now(secret):
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


# --- Participants --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("reach", ["(734) 555-0123", MAIL, "ROSA@example.org"])
def test_a_participant_comes_in_by_a_code_to_telephone_or_mail(client, rosa, reach):
    assert ask(client, reach)["Location"] == "/sign-in/code/"
    response = client.post("/sign-in/code/", {"code": sent_code()})
    assert response.status_code == 302 and int(client.session["_auth_user_id"]) == rosa.account.pk
    assert not rosa.account.has_usable_password()


def test_at_a_shared_number_each_person_has_a_code_of_their_own(client, rosa, clinic):
    other = cast.somebody(clinic, phone=HOME, nickname="Heron")
    ask(client)
    jobs.drain()
    client.post("/sign-in/code/", {"code": ToSay.objects.get(person=other).digits})
    assert int(client.session["_auth_user_id"]) == other.account.pk


def test_a_code_works_once_for_ten_minutes_and_five_tries(rosa):
    first = codes.ask("phone", HOME)
    code = sent_code()
    wrong = "000000" if code != "000000" else "000001"
    assert codes.try_code(first, wrong) is None
    assert codes.try_code(first, code) == rosa.pk
    assert codes.try_code(first, code) is None
    second = codes.ask("phone", HOME)
    code = sent_code()
    for _ in range(codes.TRIES):
        codes.try_code(second, wrong if wrong != code else "999999")
    assert codes.try_code(second, code) is None
    third = codes.ask("phone", HOME)
    code = sent_code()
    later = clock.now() + timedelta(minutes=10)
    with clock.running_on(lambda: later):
        assert codes.try_code(third, code) is None


def test_a_code_of_one_question_does_not_answer_another(rosa):
    codes.ask("phone", HOME)
    for_first = sent_code()
    second = codes.ask("email", MAIL)
    for_second = sent_code()
    assert for_first == for_second or codes.try_code(second, for_first) is None


@pytest.mark.req("T18")
def test_known_and_unknown_addresses_get_the_same_page_and_cost_the_same_queries(client, rosa):
    seen = []
    for reach in (HOME, "+17345550199", MAIL, "nobody@example.org"):
        client.cookies.clear()
        client.get("/sign-in/")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            asked = ask(client, reach)
        shapes = [re.sub(r"'[^']*'|\d+", "?", query["sql"]) for query in queries.captured_queries]
        typed = client.post("/sign-in/code/", {"code": "135790"}).content.decode()
        seen.append((asked.status_code, asked["Location"], shapes, re.sub(r'value="[\w-]{64}"', "", typed)))
    assert seen[0] == seen[1] and seen[2] == seen[3]
    assert seen[0][3] == seen[2][3]


@pytest.mark.req("T18", "T21")
def test_staff_are_sent_no_code_it_would_go_around_their_second_factor(clinic):
    cast.somebody(clinic, "nurse", phone=HOME)
    codes.ask("phone", HOME)
    jobs.drain()
    assert not Message.objects.exists()


def test_an_unproven_number_and_a_removed_person_are_sent_nothing(clinic, rosa):
    other = cast.somebody(clinic)
    people.set_contact(PLATFORM, person_id=other.pk, kind="phone", value="+17345550155")
    people.remove_number(PLATFORM, rosa.pk)
    for number in ("+17345550155", HOME):
        codes.ask("phone", number)
    jobs.drain()
    assert not Message.objects.exists()


def test_nobody_can_have_us_ring_a_number_again_and_again(rosa):
    for _ in range(10):
        codes.ask("phone", HOME)
    jobs.drain()
    assert Message.objects.count() == codes.ASKED_AT_AN_ADDRESS_IN_15_MINUTES
    assert CodeAsked.objects.count() == 10


@pytest.mark.parametrize("reach", ["", "12", "rosa@", "hello", "x" * 200])
def test_what_is_neither_number_nor_address_gets_a_sentence(client, clinic, reach):
    response = ask(client, reach)
    assert response.status_code == 200 and b"govuk-error-message" in response.content
    assert not CodeAsked.objects.exists()


def test_one_is_not_led_away_to_another_site_after_signing_in(client, rosa):
    ask(client)
    response = client.post("/sign-in/code/?next=https://evil.example/", {"code": sent_code()})
    assert response["Location"] == "/"


# --- Staff ---------------------------------------------------------------------------------------------------------


@pytest.mark.req("T21")
def test_staff_without_a_second_factor_reach_only_the_pages_where_they_set_one_up(client, nurse):
    by_password(client)
    assert "_auth_user_id" in client.session
    for page in ("/", "/outbox/", f"/people/{nurse.pk}/pin/"):
        assert client.get(page).status_code in (302, 404)
    assert client.get("/")["Location"] == "/keys/"
    assert client.get("/keys/").status_code == 200
    assert client.get("/keys/app/")["Location"].startswith("/keys/again/")
    client.post("/keys/again/?next=/keys/app/", {"password": PASSWORD})
    page = client.get("/keys/app/").content.decode()
    secret = re.search(r"<b>([A-Z2-7]{32})</b>", page).group(1)
    response = client.post("/keys/app/", {"code": right_now(secret)})
    assert response["Location"] == "/keys/recovery/"
    assert client.get("/", follow=True).status_code == 200


@pytest.mark.req("T21")
def test_with_a_second_factor_a_password_alone_opens_nothing(client, nurse):
    TOTP.activate(nurse.account, "A" * 32)
    assert by_password(client)["Location"] == "/sign-in/second/"
    assert "_auth_user_id" not in client.session
    assert client.get("/keys/").status_code == 302
    assert client.get("/sign-in/second/").status_code == 200
    client.post("/sign-in/second/", {"code": "000000"})
    assert "_auth_user_id" not in client.session
    client.post("/sign-in/second/", {"code": right_now("A" * 32)})
    assert "_auth_user_id" in client.session and client.get("/", follow=True).status_code == 200


@pytest.mark.req("T21")
def test_a_recovery_code_stands_in_once(client, nurse):
    TOTP.activate(nurse.account, "A" * 32)
    spare = RecoveryCodes.activate(nurse.account).get_unused_codes()[0]
    by_password(client)
    client.post("/sign-in/second/", {"code": spare})
    assert "_auth_user_id" in client.session
    client.post("/sign-out/")
    by_password(client)
    client.post("/sign-in/second/", {"code": spare})
    assert "_auth_user_id" not in client.session


def test_the_secret_of_an_app_is_sealed_in_the_table(nurse):
    TOTP.activate(nurse.account, "A" * 32)
    assert "A" * 32 not in str(Authenticator.objects.get().data)


@pytest.mark.req("T21")
def test_a_session_that_began_with_a_code_ends_when_the_person_becomes_staff(client, rosa, clinic):
    ask(client)
    client.post("/sign-in/code/", {"code": sent_code()})
    people.give_role(PLATFORM, person_id=rosa.pk, role="nurse", place=Place(clinic.pk))
    assert client.get("/")["Location"] == "/sign-in/"
    assert "_auth_user_id" not in client.session


@pytest.mark.req("T18")
def test_a_wrong_password_and_an_unknown_address_read_the_same(client, nurse):
    pages = [by_password(client, "wrong", email).content.decode() for email in ("dana@example.org", "who@example.org")]
    plain = [re.sub(r'value="[^"]*"', "", page) for page in pages]
    assert plain[0] == plain[1] and "_auth_user_id" not in client.session


# --- Made-up people ------------------------------------------------------------------------------------------------


@pytest.fixture
def made_up(clinic):
    person = cast.somebody(clinic, "coordinator", nickname="Casey", made_up=True)
    account = accounts.give_account(PLATFORM, person_id=person.pk, email="casey@example.org")
    accounts.set_password(person.pk, PASSWORD)
    type(account).objects.filter(pk=account.pk).update(second_factor_off=True)
    return person


def test_the_demonstration_lists_its_people_and_lets_one_in_by_a_button(client, made_up, settings):
    settings.DEMO = True
    page = client.get("/sign-in/").content.decode()
    assert "casey@example.org" in page and "Casey" in page
    client.post(f"/sign-in/as/{made_up.pk}/")
    assert client.get("/", follow=True).status_code == 200 and "_auth_user_id" in client.session


@pytest.mark.req("T21")
@pytest.mark.parametrize(
    "change",
    [{"DEMO": False}, {"LOOPBACK_ONLY": False}, {"SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_PROTO", "https")}],
)
def test_made_up_people_open_nothing_once_others_can_reach_the_server(client, made_up, settings, change):
    settings.DEMO = True
    client.post(f"/sign-in/as/{made_up.pk}/")
    for name, value in change.items():
        setattr(settings, name, value)
    assert client.get("/").status_code == 302 and "_auth_user_id" not in client.session
    by_password(client, email="casey@example.org")
    assert "_auth_user_id" not in client.session
    assert client.post(f"/sign-in/as/{made_up.pk}/").status_code == 404
    assert "casey@example.org" not in client.get("/sign-in/").content.decode()


@pytest.mark.req("T21")
def test_a_real_person_is_never_let_in_by_the_button(client, nurse, settings):
    settings.DEMO = True
    assert client.post(f"/sign-in/as/{nurse.pk}/").status_code == 404


# --- Invitations and the first administrator -----------------------------------------------------------------------


def link_in_mail():
    jobs.drain()
    return re.search(r"/welcome/[\w-]+/", Message.objects.latest("pk").body).group()


def test_an_invited_colleague_chooses_a_password_by_a_link_that_works_once(client, clinic):
    colleague = cast.somebody(clinic, "nurse")
    invitations.invite(cast.viewer(clinic, "administrator"), person_id=colleague.pk, email="new@example.org")
    link = link_in_mail()
    assert client.get(link).status_code == 200
    client.post(link, {"password": PASSWORD, "again": PASSWORD})
    assert client.get(link).status_code == 410
    by_password(client, email="new@example.org")
    assert "_auth_user_id" in client.session


@pytest.mark.parametrize(
    ("password", "again"), [("short", "short"), ("password1234", "password1234"), (PASSWORD, "x" * 12)]
)
def test_a_weak_or_mistyped_password_is_refused_with_a_sentence(client, clinic, password, again):
    colleague = cast.somebody(clinic, "nurse")
    invitations.invite(PLATFORM, person_id=colleague.pk, email="new@example.org")
    response = client.post(link_in_mail(), {"password": password, "again": again})
    assert response.status_code == 200 and b"govuk-error-message" in response.content


@pytest.mark.req("T18")
def test_a_forgotten_password_says_the_same_to_everybody_and_writes_only_to_staff(client, nurse, rosa):
    pages = {
        client.post("/sign-in/forgot/", {"email": e}).content for e in ("dana@example.org", "who@example.org", MAIL)
    }
    assert len({re.sub(rb'value="[^"]*"', b"", page) for page in pages}) == 1
    jobs.drain()
    assert [message.to_person_id for message in Message.objects.all()] == [nurse.pk]


def test_a_lost_second_factor_is_reset_by_an_administrator_only_and_both_are_told(client, clinic, nurse):
    TOTP.activate(nurse.account, "A" * 32)
    by_password(client)
    client.post("/sign-in/second/", {"code": right_now("A" * 32)})
    admin = cast.somebody(clinic, "administrator")
    accounts.give_account(PLATFORM, person_id=admin.pk, email="ada@example.org")
    for stranger in (
        cast.viewer(clinic, "coordinator"),
        viewer_of(nurse.pk),
        cast.viewer(cast.clinic("B"), "administrator"),
    ):
        with pytest.raises(NotThere):
            invitations.reset_second_factor(stranger, person_id=nurse.pk, how_confirmed="I saw them")
    invitations.reset_second_factor(viewer_of(admin.pk), person_id=nurse.pk, how_confirmed="I saw them")
    assert client.get("/").status_code in (200, 302) and not Authenticator.objects.exists()
    assert client.get("/keys/").status_code == 302  # the open session ended
    by_password(client)
    assert "_auth_user_id" not in client.session
    assert {m.to_person_id for m in Message.objects.all()} == {nurse.pk, admin.pk}


def test_an_empty_server_asks_for_its_first_administrator_with_the_key_printed_at_start(client):
    assert client.get("/sign-in/")["Location"] == "/first/"
    old, key = invitations.first_key(), invitations.first_key()
    facts = {"organization": "Willow", "first_name": "Ada", "email": "ada@example.org", "language": "es"}
    facts |= {"password": PASSWORD, "again": PASSWORD}
    for wrong in ("guess", old):
        assert client.post("/first/", {**facts, "key": wrong}).status_code == 200
    assert client.post("/first/", {**facts, "key": key})["Location"] == "/sign-in/"
    assert invitations.first_key() is None and client.get("/first/").status_code == 404
    by_password(client, email="ada@example.org")
    assert client.get("/")["Location"] == "/keys/"


# --- The PIN by letter and by voice --------------------------------------------------------------------------------


def test_a_pin_is_shown_once_to_those_who_keep_the_record_and_printed_in_the_persons_language(client, clinic, settings):
    settings.DEMO = True
    rosa = cast.somebody(clinic, phone=HOME, language="es", nickname="Roble")
    keeper = cast.somebody(clinic, "coordinator", made_up=True)
    account = accounts.account_for(keeper.pk)
    type(account).objects.filter(pk=account.pk).update(second_factor_off=True)
    client.post(f"/sign-in/as/{keeper.pk}/")
    assert re.search(r">\d{6}<", client.post(f"/people/{rosa.pk}/pin/").content.decode())
    letter = client.post(f"/people/{rosa.pk}/pin/", {"how": "letter"}).content.decode()
    assert re.search(r"\d{3} \d{3}", letter) and 'lang="es"' in letter and "Roble" in letter and "Rosa" not in letter
    assert not re.search(r">\d{6}<", client.get(f"/people/{rosa.pk}/pin/").content.decode())
