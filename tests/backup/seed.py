"""A server's data, made in a process of its own: `seed.py` once, `seed.py write` goes on until it is ended.

Each person is one commit; the number is printed after it, so the reader knows what was promised.
"""

import sys
from datetime import date

import django


def seed() -> int:
    from peerline.audit.services import seal_new_lines
    from peerline.exchange.models import Call, VoiceMessage
    from peerline.exchange.voices import Recorder
    from peerline.kernel import clock
    from peerline.people.access import PLATFORM
    from peerline.programs import services as programs
    from tests.cast import clinic, somebody

    organization = clinic()
    programs.make_program(PLATFORM, organization_id=organization.pk, name="Pairs", begins_on=date(2026, 1, 5))
    for number in range(12):
        somebody(organization, phone=f"+1734555{number:04d}", nickname=f"First {number}")
    call = Call.objects.create(began_at=clock.now(), way="dialed")
    for _ in range(3):
        recorder = Recorder()
        recorder.write(b"\x10\x20" * 8000)
        file = recorder.keep().name
        VoiceMessage.objects.create(file=file, call=call, seconds=1, left_at=clock.now(), state="kept", for_staff=True)
    seal_new_lines()
    return organization.pk


def write() -> None:
    from peerline.people.models import Organization
    from tests.cast import somebody

    organization = Organization.objects.get()
    for number in range(1_000_000):
        print(somebody(organization, None, nickname=f"Later {number}").pk, flush=True)


if __name__ == "__main__":
    django.setup()
    write() if sys.argv[1:] == ["write"] else seed()
