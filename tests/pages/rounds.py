"""A walk through every address: its arguments filled from the clinic of these tests, and what is looked for on a page."""

import re
from datetime import timedelta
from html.parser import HTMLParser
from urllib.parse import urlsplit

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from playwright.sync_api import Page

from peerline.care import flags, notices
from peerline.care.models import RedFlag, Voicemail
from peerline.entry import invitations
from peerline.exchange.models import Call, VoiceMessage
from peerline.groups import agenda, training
from peerline.groups import services as groups
from peerline.groups.rules import SCREENS
from peerline.kernel import clock
from peerline.outcomes import services as outcomes
from peerline.people import accounts
from peerline.people.access import PLATFORM
from peerline.people.models import ContactPoint, Person, Role
from peerline.plans import services as plans
from peerline.programs import rosters
from peerline.programs import services as programs
from peerline.programs.models import Enrollment
from tests.browser import check_axe, check_no_sideways_scroll, check_targets

ARGUMENT = re.compile(r"<(?:\w+:)?(\w+)>")
TEXT = {"en": {"subject": "Peerline", "body": "Peerline"}, "es": {"subject": "Peerline", "body": "Peerline"}}
LIST = b"first name,phone,language\nAna,734-555-0171,es\nBo,12,en\n"


def fillings(place) -> dict[str, object]:
    """Argument → something of the clinic that exists."""
    elm = place.participant.pk
    pair = place.town.pair.pk
    programs.write_consent(PLATFORM, program_id=place.program.pk, texts={"en": "We met.", "es": "Nos vimos."})
    for row in Enrollment.objects.filter(program=place.program, state="invited"):
        programs.give_consent(PLATFORM, enrollment_id=row.pk, version=1, how="paper")
    programs.write_consent(PLATFORM, program_id=place.program.pk, texts={"en": "We talk.", "es": "Hablamos."})
    another = {"name": f"{place.organization.name} {place.program.name}", "begins_on": place.program.begins_on}
    programs.make_program(PLATFORM, organization_id=place.organization.pk, **another)
    for person in place.staff.values():
        RecoveryCodes.activate(accounts.account_for(person.pk))
    plan = plans.start(PLATFORM, enrollment_id=Enrollment.objects.get(person=elm).pk)
    plans.write(PLATFORM, plan_id=plan.pk, domain="exercise", what="Peerline", times_a_week=3, confidence=5)
    plans.begin(PLATFORM, plan_id=plan.pk)
    batch = rosters.bring(PLATFORM, program_id=place.program.pk, data=LIST, name="list.csv")
    return {
        "person_id": elm,
        "notice_id": notices.write(PLATFORM, program_id=place.program.pk, who="all", texts=TEXT).pk,
        "other_id": place.town.rosa.pk,
        "contact_id": ContactPoint.objects.filter(person=elm).order_by("pk").first().pk,
        "program_id": place.program.pk,
        "batch_id": batch.pk,
        "enrollment_id": Enrollment.objects.get(person=elm).pk,
        "pair_id": pair,
        "sheet_id": outcomes.open_sheet(
            PLATFORM,
            enrollment_id=Enrollment.objects.get(person=elm).pk,
            occasion="baseline",
            instruments=["phq2", "confidence"],
        ).pk,
        "place": 1,
        "measure_id": 0,
        "call_id": Call.objects.filter(label=f"pair:{pair}").order_by("pk").first().pk,
        "voicemail_id": Voicemail.objects.get().pk,
        "need_id": _danger(place).need_id,
        "flag_id": _danger(place).pk,
        "plan_id": plan.pk,
        "voice_id": VoiceMessage.objects.get(to_person=elm).pk,
        **sessions(place),
        "language": "en",
        "key": "goodbye",
        "kind": "phone",
        "phone": "caller",
    }


def sessions(place) -> dict[str, object]:
    """A telephone session that goes on, with somebody in it who comes and has seen the whole training, a waiting list,
    and something to talk about."""
    training.seen(place.participant.pk, screen=SCREENS, how="web")
    begins_at = clock.now() + timedelta(minutes=5)
    facts = {"begins_at": begins_at, "way": "telephone", "time_zone": "America/Detroit", "key": "month-1", "seats": 1}
    session = groups.plan(PLATFORM, program_id=place.program.pk, **facts)
    for person in (place.participant, place.town.rosa):
        groups.sign_up(PLATFORM, session_id=session.pk, person_id=person.pk)
    agenda.add_point(PLATFORM, session_id=session.pk, topic="food")
    return {"session_id": session.pk, "seat_id": session.seats_taken.first().pk, "number": 1}


def _danger(place):
    """Words of the participant's that may mean danger; once."""
    flags.read(flags.Text("test:1", "My chest hurts.", place.program.pk, place.participant.pk))
    return RedFlag.objects.get()


def special(place) -> dict[str, dict[str, object]]:
    """What single addresses want instead: a colleague where a participant will not do, a link, a passkey."""
    nurse = place.staff["nurse"]
    return {
        "entry:welcome": {"token": invitations._link(nurse.pk, "invited", None)},
        "entry:lost_second_factor": {"person_id": nurse.pk},
        "programs:add_by": {"key": "reciprocal-pairs"},
        "programs:add_calendar": {"key": "reciprocal-pairs"},
        "plans:ask": {"way": "new", "question": "what"},
        "plans:type_in": {"kind": "plans"},
        "plans:look_back": {"outcome": "partly"},
        "programs:give_role": {"person_id": nurse.pk},
        "programs:end_role": {"role_id": Role.objects.get(person=nurse).pk},
        "outcomes:attest": {"key": "paid5"},
        "mfa_remove_webauthn": {"pk": 0},
    }


def filled(name: str, address: str, ordinary: dict, exceptions: dict) -> str:
    """The address with its arguments in place; a nought where nobody said what stands there."""
    values = {**ordinary, **exceptions.get(name, {})}
    return ARGUMENT.sub(lambda found: str(values.get(found[1], 0)), address)


ONCE = """([language]) => {
  const said = [], all = (what) => [...document.querySelectorAll(what)];
  const lang = document.documentElement.lang;
  if (lang !== language) said.push(`the page says it is in ${lang}`);
  const heads = all("h1");
  if (heads.length !== 1 || !heads[0].textContent.trim()) said.push(`${heads.length} main headings`);
  const first = all("a[href], button, input:not([type=hidden])").filter((one) => !one.matches(".govuk-skip-link"))[0];
  if (!first || !first.closest(".pl-crisis")) said.push("the crisis line is not the first thing on the page");
  const words = language === "es" ? "No es consejo médico" : "Not medical advice";
  if (!document.body.innerText.includes(words)) said.push(`"${words}" is not said`);
  if (!document.title.trim().includes("Peerline") || document.title.startsWith("Peerline")) said.push("the page has no title of its own");
  const small = all("body *").filter((one) => [...one.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim())
      && one.getClientRects().length && !one.closest("svg, script, noscript, option") && parseFloat(getComputedStyle(one).fontSize) < 17.9);
  if (small.length) said.push(`${small.length} pieces of text under 18 px: ${small[0].outerHTML.slice(0, 120)}`);
  const twice = document.body.innerText.match(/.{0,30}[^.]\\.\\.(?!\\.)/);
  if (twice) said.push(`two dots end a sentence: ${twice[0]}`);
  return said;
}"""


def faults(page: Page, language: str, axe_width: int = 1280) -> list[str]:
    """What is wrong with the page that is open, at 1280, 390 and 320 px; it ends 390 px wide."""
    said = page.evaluate(ONCE, [language])
    for width in (1280, 320, 390):
        page.set_viewport_size({"width": width, "height": 900})
        checks = [check_targets, check_no_sideways_scroll] + [check_axe] * (width == axe_width)
        said += [f"at {width} px: {problem}" for check in checks if (problem := _problem(check, page))]
    return [f"{urlsplit(page.url).path}: {one}" for one in said]


def _problem(check, page: Page) -> str:
    try:
        check(page)
    except AssertionError as problem:
        return str(problem).split("\n", 1)[-1]
    return ""


class _Words(HTMLParser):
    """The texts of a page, without what another language stands in on purpose."""

    QUIET = {"script", "style", "svg", "option"}
    VOID = {"meta", "link", "input", "br", "img", "hr", "path", "circle", "source", "line", "rect"}

    def __init__(self, language: str) -> None:
        super().__init__()
        self.language, self.open, self.found = language, [], []

    def handle_starttag(self, tag, attrs):
        other = dict(attrs).get("lang", self.language) != self.language
        if tag not in self.VOID:
            self.open.append((tag, tag in self.QUIET or other))
        if not other:
            self.found += [value for key, value in attrs if key in ("aria-label", "alt", "placeholder") and value]

    def handle_endtag(self, tag):
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data):
        if data.strip() and not any(quiet for _tag, quiet in self.open):
            self.found.append(" ".join(data.split()))


def texts(html: str, language: str) -> set[str]:
    reader = _Words(language)
    reader.feed(html)
    return set(reader.found)


def untranslated(english: str, spanish: str, names: set[str]) -> list[str]:
    """Texts that are the same on both pages and hold a word that is neither a name nor a number."""
    same = texts(english, "en") & texts(spanish, "es")
    return sorted(text for text in same if set(re.findall(r"[A-Za-zÀ-ÿ]{3,}", text)) - names)


def names_of(place) -> set[str]:
    """Words that are the same in every language: the people, the program, the product."""
    said = " ".join(
        f"{one.full_name} {one.nickname} {one.title}" for one in Person.objects.filter(organization=place.organization)
    )
    return set(re.findall(r"\w+", f"{said} {place.program.name} {place.organization.name} {FIXED}"))


FIXED = "Peerline PIN A1C CSV example org coordinator nurse researcher administrator elm list csv America Detroit English Español Ana min Feb Mar Jun Jul Sep Oct Nov"
