"""Red flags: words that may mean danger become a need, and a person says whether they were (S116).

Rooms announce that words were written, and config/wiring.py says who reads them out (`reads`); the words a nurse or
coordinator writes are read here, and come back to whoever wrote them. What was judged is judged for good, until words
come that raise another line. Drills and made-up alarms are never flags.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Count, Q

from peerline.audit import services as audit
from peerline.care import desk, needs
from peerline.care.models import Need, RedFlag
from peerline.kernel import clock, red_flags
from peerline.pairs import queries as pairs
from peerline.people.access import CARE, Viewer, require
from peerline.programs import queries as programs

VERDICTS = ("real", "false")


@dataclass(frozen=True)
class Text:
    """Words of one source ("plans.plan:3"), and whom they are about."""

    source: str
    words: str
    program_id: int | None = None
    person_id: int | None = None
    pair_id: int | None = None


Reader = Callable[[int], tuple[int, str]]  # number of a row → (number of its source, its words)
_readers: dict[str, tuple[str, Reader]] = {}


def reads(what: str, source: str, words_of: Reader) -> None:
    """Who can read out what WordsWritten names, and of which source the words are."""
    _readers[what] = (source, words_of)


def written(what: str, row_id: int, program_id: int | None, person_id: int | None) -> None:
    """Listener of WordsWritten, which may come twice."""
    if what in _readers:
        source, words_of = _readers[what]
        number, words = words_of(row_id)
        read(Text(f"{source}:{number}", words, program_id, person_id))


def passed_on(written_id: int, label: str, author_id: int) -> None:
    """Listener of WordsPassedOn, which may come twice: what one partner wrote to the other."""
    written("messaging.written", written_id, pairs.program_of(author_id), author_id)


@transaction.atomic
def read(text: Text, *, writer_id: int | None = None) -> RedFlag | None:
    """The flag these words raise, in a need of its own; None when there is nothing new in them.

    writer_id: the staff person whose own words they are. It is theirs then, and nobody is rung for it: they know.
    """
    found = red_flags.find(text.words)
    before = list(RedFlag.objects.filter(Q(source=text.source) | Q(source__startswith=f"{text.source}#")))
    fresh = {flag.key for flag in found} - {key for row in before for key in row.found}
    if not fresh:
        return None
    source = f"{text.source}#{len(before) + 1}" if before else text.source
    need = _need(source, text, sorted(fresh), min(flag.level for flag in found if flag.key in fresh), writer_id)
    facts: dict[str, Any] = {
        "program_id": text.program_id,
        "person_id": text.person_id,
        "found": sorted(fresh),
        "words": text.words,
    }
    return RedFlag.objects.get_or_create(source=source, defaults=facts | {"need": need, "at": clock.now()})[0]


def _need(source: str, text: Text, found: list[str], level: str, writer_id: int | None) -> Need:
    need = needs.arise(
        kind="care.red_flag", key=f"care.red_flag:{source}", level=level, program_id=text.program_id, person_id=text.person_id,
        owner_id=writer_id, facts={"found": found} | ({"pair_id": text.pair_id} if text.pair_id else {}),
    )  # fmt: skip
    if writer_id and need.seen_at is None:
        need.seen_at, need.seen_by_id = clock.now(), writer_id
        need.save(update_fields=["seen_at", "seen_by"])
    return need


@transaction.atomic
def judge(actor: Viewer, *, flag_id: int, verdict: str) -> RedFlag:
    """A person says whether it was real. A false alarm is off the desk; a real one stays until its work is done.

    May be changed. Raises NotThere.
    """
    require(verdict in VERDICTS)
    flag = RedFlag.objects.select_for_update(of=("self",)).filter(pk=flag_id).first()
    require(flag is not None)
    assert flag is not None
    need = desk.need_for(actor, flag.need_id)
    flag.verdict, flag.judged_at, flag.judged_by_id = verdict, clock.now(), actor.person_id
    flag.save(update_fields=["verdict", "judged_at", "judged_by"])
    audit.record(
        actor.person_id, "care.judged_flag", subject_id=flag.person_id, object=f"flag:{flag.pk}", verdict=verdict
    )
    if verdict == "false" and need.closed_at is None:
        needs.done(actor, need_id=need.pk, note="")
    elif verdict == "real" and need.closed_at is not None:
        needs.undo(actor, need_id=need.pk)
    return flag


def asked_of(actor: Viewer, source: str) -> RedFlag | None:
    """A flag of this source that nobody has judged and that is this person's to judge."""
    rows = RedFlag.objects.filter(source__startswith=source, verdict="", need__owner=actor.person_id)
    return rows.order_by("pk").last()


@dataclass(frozen=True)
class Rate:
    """How a program's flags were judged."""

    program: str
    found: int
    real: int
    false: int

    @property
    def judged(self) -> int:
        return self.real + self.false

    @property
    def false_percent(self) -> int | None:
        """Of those judged; None while there are none."""
        return round(100 * self.false / self.judged) if self.judged else None


def rates(viewer: Viewer) -> list[Rate]:
    """Per program of this viewer, by name. Two queries."""
    names = dict(programs.programs(viewer, *CARE, "administrator").values_list("pk", "name"))
    rows: list[dict[str, Any]] = list(
        RedFlag.objects.filter(program__in=names)
        .values("program")
        .annotate(
            found=Count("pk"), real=Count("pk", filter=Q(verdict="real")), false=Count("pk", filter=Q(verdict="false"))
        )
        .order_by()
    )
    counted = [Rate(names[row["program"]], row["found"], row["real"], row["false"]) for row in rows]
    return sorted(counted, key=lambda one: one.program)
