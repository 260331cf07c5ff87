"""Two partners whose every particular would stand out, and a line that keeps what each of their telephones is given."""

from datetime import date
from typing import Any

from django.core import mail
from django.core.management.color import no_style
from django.db import connection

from peerline.entry import services as entry
from peerline.exchange import switchboard
from peerline.exchange.engines.simulated import Simulated
from peerline.exchange.prompts.catalogue import sentences_of, text_of
from peerline.kernel import clock
from peerline.messaging.models import Message
from peerline.pairs import services as pairs
from peerline.people import services as people
from peerline.people.access import PLATFORM
from peerline.people.models import Person
from peerline.programs import services as programs
from tests.security.traces import Secrets

FAR_OFF = 918_273_640  # the ids of these people, so that one would be seen


class Listening(Simulated):
    """The engine, keeping all that each telephone was ever given: words as read and as spoken, values, ids, tones."""

    def __init__(self) -> None:
        super().__init__(lambda spoken: text_of(spoken) if spoken.prompt else f"voice {spoken.voice_id}")
        self.given: list[tuple[str, str]] = []

    def perform(self, perform: Any) -> None:
        telephone = self.telephones.get(perform.leg_id)
        for spoken in perform.said if telephone else ():
            words = (text_of(spoken), *sentences_of(spoken)) if spoken.prompt else (f"voice {spoken.voice_id}",)
            self.given.append((telephone.number, f"{spoken.prompt} {spoken.values} {' '.join(words)}"))
        super().perform(perform)

    def ring(self, leg_id: int, number: str, seconds: int, key: str) -> None:
        self.given.append((number, f"ring {key}"))
        super().ring(leg_id, number, seconds, key)


class Two:
    """Two partners whose every particular would stand out, their line, and what each is sent."""

    def __init__(self) -> None:
        self.organization = people.make_organization(PLATFORM, name="Eastside")
        self.program = programs.make_program(
            PLATFORM, organization_id=self.organization.pk, name="Pairs", begins_on=date(2026, 11, 1)
        )
        programs.write_consent(
            PLATFORM, program_id=self.program.pk, texts={"en": "You may stop.", "es": "Puede salir."}
        )
        Person.objects.create(
            pk=FAR_OFF, organization=self.organization, first_name="-", nickname="-", created_at=clock.now()
        )
        for sentence in connection.ops.sequence_reset_sql(no_style(), [Person]):
            connection.cursor().execute(sentence)
        self.line = Listening()
        self.line.open(switchboard.reporter("simulated"))
        self.people, self.secrets, self.pins = [], {}, {}
        self.add("Zebulon", "Quackenbush", "Maple", "+17345550187", "zebulon.q@quackpost.example", "en")
        self.add("Wilhelmina", "Featherstone", "Olmo", "+13135559264", "minnie.f@plumemail.example", "es")
        self.pair = pairs.pair_up(PLATFORM, program_id=self.program.pk, people=[one.pk for one in self.people])

    def add(self, first: str, last: str, nickname: str, number: str, email: str, language: str) -> None:
        person = people.add_person(
            PLATFORM,
            place=people.Place(self.organization.pk),
            first_name=first,
            last_name=last,
            nickname=nickname,
            language=language,
        )
        for kind, value in (("phone", number), ("email", email)):
            point = people.set_contact(PLATFORM, person_id=person.pk, kind=kind, value=value)
            people.verify(PLATFORM, contact_id=point.pk, how="call")
        row = programs.enroll(PLATFORM, program_id=self.program.pk, person_id=person.pk)
        programs.give_consent(PLATFORM, enrollment_id=row.pk, version=1, how="paper")
        self.people.append(person)
        self.pins[number] = entry.issue_pin(PLATFORM, person.pk)
        self.secrets[person.pk] = Secrets(person.pk, number, first, last, email)

    def partner_of(self, person: Person) -> Secrets:
        return self.secrets[next(one.pk for one in self.people if one != person)]

    # --- what each is sent ---

    def sent_to(self, person: Person) -> list[tuple[str, bytes]]:
        """Words on their telephone, rows of the outbox, letters as a mail server has them."""
        own = self.secrets[person.pk]
        spoken = [("spoken", words.encode()) for number, words in self.line.given if number == own.number]
        shown = [
            ("telephone", f"{one.transcript} {one.cause} {one.tone}".encode())
            for one in self.line.telephones.values()
            if one.number == own.number
        ]
        rows = Message.objects.filter(to_person=person)
        written = [("message", f"{row.subject}\n{row.body}\n{row.key}\n{row.receipt}".encode()) for row in rows]
        letters = [("mail", one.message().as_bytes()) for one in mail.outbox if own.email in one.to]
        return spoken + shown + written + letters

    def leaks(self, person: Person, seen: list[tuple[str, bytes]]) -> list[str]:
        secrets = self.partner_of(person)
        return [f"{what}: {trace}" for what, data in seen for trace in secrets.found_in(data)]


def leave_message(two: Two, author: Person, receiver: Person) -> None:
    number, line = two.secrets[author.pk].number, two.line
    line.press(telephone := line.dial(number), two.pins[number])
    line.press(telephone, "1")
    line.refuse(line.ringing_at(two.secrets[receiver.pk].number), "no_answer", 408)
    line.press(telephone, "1")
    line.speak(telephone, 1)
    line.press(telephone, "1")
    line.hang_up(telephone)
