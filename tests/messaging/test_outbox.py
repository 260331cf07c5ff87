"""The outbox: written with the deed, carried out once, read by few, forgotten in time."""

import email
import socket
from datetime import timedelta

import pytest
from aiosmtpd.controller import Controller
from django.core import mail

from peerline.jobs import services as jobs
from peerline.jobs.models import Job
from peerline.kernel import clock
from peerline.messaging import outbox, queries, rules, services
from peerline.messaging.channels import NeverThere, NotNow
from peerline.messaging.channels import smtp as smtp_channel
from peerline.messaging.models import Message
from peerline.people.access import PLATFORM
from tests import cast

pytestmark = pytest.mark.django_db
HOME, MAIL = "+17345550123", "rosa@example.org"


@pytest.fixture
def rosa():
    return cast.somebody(cast.clinic(), phone=HOME, email=MAIL, nickname="Lark", language="es")


def write(person, channel="email", key="k:1", **more):
    return services.send(
        to_person=person.pk,
        channel=channel,
        kind="test",
        key=key,
        body=more.pop("body", "Su código es 482913."),
        subject=more.pop("subject", "Su código"),
        **more,
    )


def test_a_message_is_a_row_and_a_job_and_the_same_key_is_never_written_twice(rosa):
    assert write(rosa) and not write(rosa)
    assert Message.objects.count() == Job.objects.count() == 1
    jobs.drain()
    services.deliver(Message.objects.get().pk)
    assert len(mail.outbox) == 1 and mail.outbox[0].to == [MAIL]
    assert Message.objects.get().state == "sent"


def test_nothing_is_written_for_somebody_without_a_proven_address(rosa):
    stranger = cast.somebody(rosa.organization)
    assert not write(stranger) and not write(stranger, channel="sms", key="k:2")
    assert not Message.objects.exists()


@pytest.mark.req("T5")
def test_words_and_address_are_sealed_in_the_table(rosa):
    from django.db import connection

    write(rosa)
    with connection.cursor() as cursor:
        cursor.execute("SELECT address, body FROM messaging_message")
        assert not any("482913" in cell or "rosa" in cell for row in cursor.fetchall() for cell in row)


@pytest.mark.parametrize("words", ["Your diabetes class", "Su azúcar hoy", "INSULIN reminder", "A1C due"])
def test_a_subject_or_text_that_tells_an_illness_cannot_be_sent(rosa, words):
    for channel, part in [("email", "subject"), ("sms", "body")]:
        with pytest.raises(rules.Telling):
            write(rosa, channel=channel, key=f"k:{channel}", **{part: words})
    assert write(rosa, body="Inside an e-mail the word insulin may stand.")


def test_without_a_provider_every_message_stays_on_the_screen(rosa, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    write(rosa)
    write(rosa, channel="sms", key="k:2", subject="", address=HOME)
    jobs.drain()
    assert {row.carried_by for row in Message.objects.all()} == {"onscreen"}


def test_a_message_that_comes_too_late_is_not_sent(rosa):
    write(rosa, expires_at=clock.now() + timedelta(minutes=10))
    later = clock.now() + timedelta(minutes=11)
    with clock.running_on(lambda: later):
        jobs.drain()
    assert Message.objects.get().state == "expired" and not mail.outbox


def test_a_code_is_wiped_when_it_has_left_and_when_its_time_is_over(rosa, settings):
    write(rosa, holds_code=True)
    jobs.drain()
    assert Message.objects.get().body == ""
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    write(rosa, key="k:2", holds_code=True, expires_at=clock.now() + timedelta(minutes=10))
    jobs.drain()
    assert Message.objects.get(key="k:2").body
    later = clock.now() + timedelta(minutes=11)
    with clock.running_on(lambda: later):
        assert services.wipe_expired_codes() == 1
    assert Message.objects.get(key="k:2").body == ""


def test_a_busy_provider_is_tried_again_and_a_wrong_address_is_not(rosa, monkeypatch):
    answers = iter([NotNow("busy"), "receipt", NeverThere("no such address")])

    def deliver(letter):
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setitem(outbox._carriers, ("email", ""), outbox.Carrier("test", deliver))
    write(rosa)
    jobs.drain()
    assert Message.objects.get().state == "waiting"
    Job.objects.update(run_at=clock.now())
    jobs.drain()
    assert Message.objects.get().state == "sent"
    write(rosa, key="k:2")
    jobs.drain()
    assert Message.objects.get(key="k:2").state == "failed"


class Kept:
    """An SMTP server's ears."""

    def __init__(self, answer="250 OK"):
        self.answer, self.mails = answer, []

    async def handle_DATA(self, server, session, envelope):
        self.mails.append(email.message_from_bytes(envelope.content))
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        if self.answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.answer


@pytest.fixture
def smtp(settings):
    def listen(answer="250 OK"):
        handler = Kept(answer)
        with socket.create_server(("127.0.0.1", 0)) as probe:
            port = probe.getsockname()[1]
        controller = Controller(handler, hostname="127.0.0.1", port=port)
        controller.start()
        started.append(controller)
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
        return handler

    started = []
    yield listen
    for controller in started:
        controller.stop()


@pytest.mark.req("T5")
def test_a_real_mail_server_gets_the_mail_and_its_head_names_nobody_and_no_machine(rosa, smtp):
    server = smtp()
    write(rosa, key="entry.code:7")
    jobs.drain()
    [got] = server.mails
    assert got["To"] == MAIL and got["Message-ID"] == smtp_channel.message_id("entry.code:7")
    assert "entry" not in got["Message-ID"] and got["Message-ID"].endswith("@peerline.invalid>")
    assert "482913" in got.get_payload(decode=True).decode()
    assert socket.gethostname() not in got.as_string() and "Rosa" not in got.as_string()


@pytest.mark.parametrize(("answer", "state"), [("550 no such user", "failed"), ("451 later", "waiting")])
def test_a_refused_address_is_final_and_a_busy_server_is_not(rosa, smtp, answer, state):
    smtp(answer)
    write(rosa)
    jobs.drain()
    assert Message.objects.get().state == state


def test_a_server_that_is_not_there_loses_nothing(rosa, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    write(rosa)
    jobs.drain()
    assert Message.objects.get().state == "waiting"


# --- The page ------------------------------------------------------------------------------------------------------


@pytest.fixture
def as_role(client, rosa):
    return lambda role: cast.sign_in(client, cast.somebody(rosa.organization, role))


def test_staff_see_that_a_code_was_sent_and_not_the_code(as_role, rosa, settings):
    write(rosa, holds_code=True)
    page = as_role("coordinator").get("/outbox/").content.decode()
    assert "Lark" in page and "482913" not in page and HOME not in page and MAIL not in page


@pytest.mark.parametrize("role", ["participant", "nurse", "researcher"])
def test_the_outbox_is_not_there_for_others(as_role, rosa, role):
    write(rosa)
    assert as_role(role).get("/outbox/").status_code == 404


def test_in_a_demonstration_on_this_machine_anybody_reads_the_codes(client, rosa, settings):
    write(rosa, holds_code=True)
    settings.DEMO = True
    assert "482913" in client.get("/outbox/").content.decode()


@pytest.mark.parametrize(
    "change",
    [{"DEMO": False}, {"LOOPBACK_ONLY": False}, {"SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_PROTO", "https")}],
)
def test_the_open_outbox_closes_when_anybody_else_could_come(client, rosa, settings, change):
    write(rosa, holds_code=True)
    settings.DEMO = True
    for name, value in change.items():
        setattr(settings, name, value)
    assert client.get("/outbox/").status_code == 302


def test_staff_of_another_clinic_see_none_of_it(client, rosa):
    write(rosa)
    stranger = cast.viewer(cast.clinic("Other"), "coordinator")
    assert not queries.outbox(stranger).exists() and queries.outbox(PLATFORM).count() == 1
