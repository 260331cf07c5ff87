"""What Peerline did by itself, and why: told after a play, and week by week while it goes on."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from config.life.stage import Stage
from peerline.care import desk, flags
from peerline.exchange import queries as exchange
from peerline.messaging import queries as messages
from peerline.people.access import PLATFORM
from peerline.people.queries import known
from peerline.programs import timeline

EXAMPLES = 2  # reasons told of each kind of due thing


def week(stage: Stage, number: int) -> str:
    """ "week  3: 27 talks, 9 calls without one, 4 reminder calls, 2 messages for the staff"."""
    calls = exchange.calls().filter(began_at__gt=stage.at - timedelta(days=7), began_at__lte=stage.at)
    voices = exchange.voice_messages().filter(left_at__gt=stage.at - timedelta(days=7), left_at__lte=stage.at)
    talks = calls.filter(outcome="talked").count()
    told = [
        _count(talks, "talk"), _count(calls.count() - talks, "call without one", "calls without one"),
        _count(calls.filter(way="reminder").count(), "reminder call"),
        _count(voices.filter(for_staff=True).count(), "message for the staff", "messages for the staff"),
    ]  # fmt: skip
    return f"week {number:>2}: {', '.join(told)}"


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"


def report(program_id: int, happened: Iterable[tuple[datetime, int, str]] = ()) -> Iterator[str]:
    """What met people; then each kind of due thing: how often, how it ended, and the reasons of some; then the messages."""
    yield from _met(list(happened))
    rows = list(timeline.of_program(program_id))
    yield "What Peerline did by itself:"
    for duty in sorted({row.duty for row in rows}):
        ended = Counter(row.state_words for row in rows if row.duty == duty)
        yield f"  {sum(ended.values()):>6}  {duty}   ({', '.join(f'{n} {state}' for state, n in ended.most_common())})"
        for row in [row for row in rows if row.duty == duty][:EXAMPLES]:
            yield f"          {row.due_at:%b %d}: {timeline.why(row)}"
    needs = Counter((need.kind, need.level, need.closed_how or "open") for need in desk.needs(PLATFORM))
    yield "Needs of staff:"
    for (kind, level, how), number in sorted(needs.items()):
        yield f"  {number:>6}  {kind}   ({level}, {how})"
    yield from _alarms()
    yield "Messages:"
    sent = Counter((row.kind, row.headline, row.state_words) for row in messages.everything())
    for (kind, channel, state), number in sorted(sent.items()):
        yield f"  {number:>6}  {kind}   ({channel}, {state})"


def _met(happened: list[tuple[datetime, int, str]]) -> Iterator[str]:
    names = known({person_id for _at, person_id, _words in happened})
    yield "What met people:"
    for at, person_id, words in happened:
        yield f"  {at:%b %d}: {names[person_id].nickname} {words}"


def _alarms() -> Iterator[str]:
    """What the staff said of words that may mean danger, and whom the ladder told of what nobody had seen."""
    yield "Words that may mean danger:"
    for rate in flags.rates(PLATFORM):
        yield f"  {rate.found:>6}  found   ({rate.real} real, {rate.false} not)"
    yield "Told by the ladder, because nobody had seen it:"
    needs = desk.needs(PLATFORM).prefetch_related("told")
    told = Counter((need.kind, need.level, row.step) for need in needs for row in need.told.all())
    for (kind, level, step), number in sorted(told.items()):
        yield f"  {number:>6}  {kind}   ({level}, step {step})"
