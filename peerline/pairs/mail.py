"""The door of texts and mail: what one partner writes to the other. Who writes is known by number or address, to whom by the
pair they are in, or by the thread they answered."""

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from peerline.kernel.phone_numbers import for_reading
from peerline.messaging import queries as messaging
from peerline.messaging import relay
from peerline.messaging.services import Incoming, Taken
from peerline.pairs import queries
from peerline.pairs.models import Pair
from peerline.people.queries import Known, known
from peerline.people.rules import folded
from peerline.programs import rests

MEANS = {
    "mute": "mute", "silenciar": "mute", "block": "block", "bloquear": "block", "report": "report", "reportar": "report",
    "unmute": "unmute", "oir": "unmute",
}  # fmt: skip


def take(incoming: Incoming, at_address: list[Known]) -> Taken:
    """In the language in force: somebody of these people wrote. Never raises for what they wrote."""
    found = _writer_and_pair(incoming, at_address)
    if isinstance(found, str):
        return Taken("nobody", found, _language(at_address))
    writer, pair = found
    word = MEANS.get(folded(incoming.words).strip(" .!"))
    answer = obey(writer.person_id, pair, word) if word else _passed(writer, pair, incoming)
    return Taken(word or "passed", answer, writer.language)


def _language(people: list[Known]) -> str:
    return people[0].language


def _writer_and_pair(incoming: Incoming, at_address: list[Known]) -> tuple[Known, Pair] | str:
    """Who wrote, in which pair; or the sentence why that cannot be told."""
    thread = messaging.thread(incoming.token)
    writers = [one for one in at_address if thread is None or thread.person_id == one.person_id]
    if len(writers) != 1:
        return (
            _("More than one person uses this telephone or address, so we cannot tell who wrote. Call %(line)s.")
            % _line()
        )
    pairs = [one for one in queries.pairs_of(writers[0].person_id) if thread is None or _label(one) == thread.label]
    if len(pairs) != 1:
        return (
            _("You have no partner there now, so nothing was passed on. Questions: call %(line)s and press 0.")
            % _line()
        )
    return writers[0], pairs[0]


def _label(pair: Pair) -> str:
    return f"pair:{pair.pk}"


def _line() -> dict[str, str]:
    return {"line": for_reading(settings.LINE_NUMBER)}


def write(person_id: int, pair: Pair, words: str, *, by: str) -> relay.Passed:
    """These words of this person to the others of their pair."""
    others = queries.partners_of(pair, person_id)
    resting = rests.resting(pair.program_id, others)
    return relay.pass_on(person_id, others, _label(pair), words, by=by, resting=resting)


def _passed(writer: Known, pair: Pair, incoming: Incoming) -> str:
    passed = write(writer.person_id, pair, incoming.words, by=incoming.channel)
    return sentence(passed, partner_names(pair, writer.person_id), incoming.dropped)


def partner_names(pair: Pair, person_id: int) -> str:
    everybody = known(queries.partners_of(pair, person_id))
    return " & ".join(one.nickname for one in everybody.values())


def sentence(passed: relay.Passed, name: str, dropped: int = 0) -> str:
    """What the writer is told; "" when all of it went as it was."""
    why = {
        "empty": _("Nothing was passed on: there were no words that may go."),
        "blocked": _("%(name)s takes no written messages now. You can call %(line)s and press 1."),
        "paused": _("Written messages between you rest until the staff have looked. Call %(line)s and press 0 to ask."),
        "too_many": _("That was a lot for one day. Nothing more is passed on until tomorrow."),
        "no_way": _("%(name)s reads no written messages. Call %(line)s and press 1 to talk or leave a spoken one."),
    }.get(passed.why)
    if why:
        return why % {"name": name, **_line()}
    waits = [_("%(name)s is taking a rest and gets it afterwards.") % {"name": name}] if passed.waits else []
    return " ".join([*waits, *_left_out(passed, name), *_dropped(dropped)])


def _left_out(passed: relay.Passed, name: str) -> list[str]:
    if not passed.left_out:
        return []
    kinds = {
        "number": _("a telephone number"),
        "email": _("an e-mail address"),
        "link": _("a link"),
        "name": _("your name"),
    }
    what = ", ".join(words for kind, words in kinds.items() if kind in passed.left_out)
    return [
        _("It went to %(name)s without %(what)s: neither of you learns who the other is.")
        % {"name": name, "what": what}
    ]


def _dropped(dropped: int) -> list[str]:
    if not dropped:
        return []
    words = ngettext(
        "%(n)s picture or file was left behind: only words are passed on.",
        "%(n)s pictures or files were left behind: only words are passed on.",
        dropped,
    )
    return [words % {"n": dropped}]


def obey(person_id: int, pair: Pair, word: str) -> str:
    """MUTE, BLOCK, REPORT, UNMUTE, about the other side of this pair."""
    name = partner_names(pair, person_id)
    if word == "unmute":
        relay.end_silence(person_id, _label(pair))
        return _("You get what %(name)s writes again.") % {"name": name}
    relay.silence(person_id, _label(pair), word, program_id=pair.program_id)
    return {
        "mute": _("What %(name)s writes waits on the website and is not sent to you. Answer UNMUTE to get it again."),
        "block": _("Nothing that %(name)s writes comes to you any more. Answer UNMUTE to get it again."),
        "report": _("Thank you. Nothing is passed on between you now, and the staff look at it. In danger, dial 911."),
    }[word] % {"name": name}
