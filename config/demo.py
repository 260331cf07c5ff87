"""The demonstration: 60 made-up people through the project's own roster import, pairs, and ways in for everybody.

It is loaded once into a fresh state folder, with weeks of life behind it (life/); started on a later day, they live on through
the days in which it was closed, up to now (docs/decisions/0222-the-made-up-people-live-on.md). Two English-speaking people who are
paired, and who take calls at any hour, are the ones `./run call` plays; where their telephones are stands in the numbers
table and nowhere else.
"""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction

from config.call import Caller
from config.doorway import Progress

if TYPE_CHECKING:
    from config.life.play import Play

SEED = "demonstration"
LAST_WEEK = 26
CALLER_PORTS = (5071, 5072)


def load_once(progress: Progress) -> None:
    """Load it where it is not yet, else play on to now. All or nothing: a start that was killed begins anew; a second time on
    one day costs three queries."""
    from peerline.people.queries import made_up_people

    if not made_up_people("coordinator").exists():
        progress.say(
            f"Loading a demonstration of 60 made-up people, and playing {settings.DEMO_WEEKS} weeks of their lives …"
        )
        progress.say(f"  How far it is also stands at {settings.PUBLIC_URL}/")
        progress.far("weeks", 0, settings.DEMO_WEEKS)
        with transaction.atomic():
            _load(settings.DEMO_WEEKS, progress)
    elif days := _days_closed():
        progress.say(f"Playing on: made-up people live through the {days} days in which this was closed …")
        with transaction.atomic():
            _play_on(progress)
    if not settings.NUMBERS_FILE.exists():
        _write_numbers()


def _load(weeks: int, progress: Progress, people: int = 60) -> None:
    """The weeks before this one are played from the first Monday on; nothing is sent for the past."""
    from config.life.play import Play, first_day
    from config.life.stage import Stage
    from peerline.kernel import clock
    from peerline.programs.demonstration import load_demo

    present = clock.now()
    stage = Stage(first_day(present, weeks), SEED)
    with stage.running():
        program_id = load_demo(people)
    play = Play(stage, program_id, weeks=weeks)
    with stage.running():
        couple = _callers_of(program_id)
    play.participants.keep_steady(couple)
    _this_morning(play, couple, present)
    for week in range(1, weeks + 1):
        play.until(play.monday(week))
        progress.far("weeks", week, weeks)
    play.until(present)
    play.close()


def _days_closed() -> int:
    """How many midnights have gone by since the worker last did something; 0, too, once the program is over."""
    from config.life.play import HOME
    from peerline.jobs.queries import last_turn_at
    from peerline.kernel import clock

    last = last_turn_at()
    if last is None or is_over():
        return 0
    return max(0, (clock.now().astimezone(HOME).date() - last.astimezone(HOME).date()).days)


def _play_on(progress: Progress) -> None:
    """By the same services, from where it stood; what somebody did there by hand stays. Nothing is sent for the past."""
    from config.life.play import Play
    from config.life.stage import Stage
    from peerline.jobs.queries import last_turn_at
    from peerline.kernel import clock
    from peerline.programs.demonstration import load_demo

    present, couple = clock.now(), [one.person_id for one in callers()]
    stage = Stage(_opened_at(), SEED, since=last_turn_at())
    play = Play(stage, load_demo(), weeks=_weeks_until(present))
    play.participants.keep_steady(couple)
    if couple:
        _this_morning(play, couple, present)
    first, last = play.week_of(stage.since), play.week_of(present)
    for week in range(first + 1, last + 1):
        play.until(play.monday(week))
        progress.far("weeks", week - first, last - first + 1)
    play.until(present)
    play.close()


def _opened_at() -> datetime:
    """On the Wednesday before the first week."""
    from peerline.people.queries import made_up_people

    first = made_up_people("coordinator").order_by("given_at").first()
    assert first is not None
    return first.given_at


def _weeks_until(at: datetime) -> int:
    from config.life.play import BEFORE

    return (at - _opened_at() - BEFORE) // timedelta(weeks=1)


def is_over() -> bool:
    """Are the weeks of the program over? Nobody lives on after them."""
    from peerline.kernel import clock
    from peerline.people.queries import made_up_people

    return made_up_people("coordinator").exists() and _weeks_until(clock.now()) >= LAST_WEEK


def _callers_of(program_id: int) -> list[int]:
    """The first couple that speaks English: from now on they take calls at any hour."""
    from peerline.kernel import week
    from peerline.pairs import queries as pairs
    from peerline.people import services as people
    from peerline.people.access import PLATFORM
    from peerline.people.queries import known

    couples = pairs.members_of(pairs.active_in(program_id)).values()
    couple = next(two for two in couples if len(two) == 2 and {one.language for one in known(two).values()} == {"en"})
    for person_id in couple:
        people.set_blocked_hours(PLATFORM, person_id, week.NONE)
    return couple


def _this_morning(play: "Play", couple: list[int], present: datetime) -> None:
    """Something new on the desk, and for the first of the two who play `./run call`."""
    stage, people = play.stage, play.participants
    another = next(person for person in people.places if person not in couple)
    people.keep_steady([another])
    stage.later(present - timedelta(minutes=50), lambda: play.events.ask_back(another))
    stage.later(present - timedelta(minutes=35), lambda: people.tell_partner(couple[1], couple[0]))


def _write_numbers() -> None:
    """Where the two demonstration telephones are; the server's keeper edits this file."""
    from peerline.people.queries import number_to_dial

    lines = ["number,address", "# An E.164 number, and the SIP address where it is reached, or the word carrier."]
    lines += [f"{number_to_dial(one.person_id)},sip:{one.nickname.lower()}@127.0.0.1:{one.port}" for one in callers()]
    settings.NUMBERS_FILE.write_text("\n".join(lines) + "\n")


def callers() -> list[Caller]:
    """The two people `./run call` plays: partners who speak English and take calls at any hour; empty without a demonstration."""
    from peerline.entry.queries import DEMO_PIN
    from peerline.pairs import queries as pairs
    from peerline.people.queries import known, made_up_people
    from peerline.programs.queries import all_ids

    if not made_up_people("coordinator").exists():
        return []
    couples = [two for program_id in all_ids() for two in pairs.members_of(pairs.active_in(program_id)).values()]
    people = known({person for two in couples for person in two})
    ready = [two for two in couples if all(people[one].language == "en" and not people[one].blocked for one in two)]
    return [
        Caller(person_id, people[person_id].nickname, DEMO_PIN, port)
        for person_id, port in zip(sorted(ready[0] if ready else []), CALLER_PORTS, strict=False)
    ]


def sign_ins() -> list[str]:
    """A way in for each role, a line each. Nothing while others can reach this server."""
    from peerline.entry.queries import demo_accounts
    from peerline.people.access import demo_is_open

    if not demo_is_open():
        return ["    none: this server can be reached from outside, so its made-up people cannot sign in"]
    return [
        f"    {account.role:<14} {account.how if account.email else account.nickname + ', on the sign-in page'}"
        for account in demo_accounts()
    ]


def telephone_lines() -> list[str]:
    """How to play one of the two callers with a softphone."""
    from peerline.people.queries import number_to_dial

    return [
        f"    {number_to_dial(one.person_id)}  {one.nickname:<12} PIN {one.pin}   rings at 127.0.0.1:{one.port}"
        for one in callers()
    ]
