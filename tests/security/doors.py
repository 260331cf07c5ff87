"""Who may open which address, over what: the whole website on one screen. test_matrix.py tries everybody at every door.

A new address needs a line here. Its parts:

- `who`: the roles that may, or "anyone", "signed_in", "carrier" (whoever signs, so no visitor), "nobody" (shut in this
  mode). Over objects outside a role's organization, site or program the door is not there.
- `by`: "get", "post" or "get post".
- `mine`: how a participant may, over what is their own (and nobody else's, their partner's least of all).
- `sends`: what a POST sends that has an effect, {corner} being the ids of that corner of the world (world.py).
- `ids`: where an argument of the address is not the id of the same name: {"person_id": "colleague_id"}.
- `fixed`: arguments that are no ids.
- `quiet`: what is not theirs is answered as what was never there, without a word, and nothing happens.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from peerline.care import notices
from peerline.kernel import clock
from peerline.pairs import talk_times
from peerline.pairs.models import Pair
from peerline.people.access import PLATFORM
from peerline.programs.forms import SettingsForm
from peerline.programs.models import Program

Ids = dict[str, int]
KEEPERS = "coordinator nurse administrator"
SETTLERS = "coordinator administrator"
CARE = "coordinator nurse"
STAFF = "coordinator nurse researcher administrator"
ADMIN = "administrator"


@dataclass(frozen=True)
class Line:
    who: str
    by: str = "get"
    sends: Callable[[Ids], dict[str, Any]] | None = None
    mine: str = ""
    ids: dict[str, str] = field(default_factory=dict)
    fixed: dict[str, str] = field(default_factory=dict)
    quiet: bool = False


def sending(**values: Any) -> Callable[[Ids], dict[str, Any]]:
    return lambda corner: values


PROGRAM = {name: str(one.initial) for name, one in SettingsForm.base_fields.items() if one.initial is not None}
PROGRAM |= {"name": "Renamed", "begins_on_month": "2", "begins_on_day": "3", "begins_on_year": "2026"}
HOURS = {"blocked": ["0", "1"], "time_zone": "America/Chicago"}
AWAY = {"away_until_month": "1", "away_until_day": "2", "away_until_year": "2027"}
RECORD = {"first_name": "Ana", "last_name": "Luz", "born_year": "1950", "gender": "woman"}


def a_roster(corner: Ids) -> dict[str, Any]:
    return {"roster": SimpleUploadedFile("list.csv", b"First name,Telephone\nAda,734-555-0199\n")}


def times_both_are_free(corner: Ids) -> dict[str, Any]:
    pair = Pair.objects.filter(pk=corner["pair_id"]).first()
    offers = talk_times.offers(pair, "America/Detroit", clock.now()) if pair else []
    return {"act": "ask", "how_often": "once", "times": [at.isoformat() for at in offers][:1]}


def the_two_waiting(corner: Ids) -> dict[str, Any]:
    return {"first": corner["first_id"], "second": corner["second_id"]}


VALUE = {"what": "a1c %", "value": "7.5", "method": "lab", "measured_on_month": "1", "measured_on_day": "2"}
VALUE |= {"measured_on_year": "2026"}


def a_session(corner: Ids) -> dict[str, Any]:
    facts = {"title": "A walk", "time": "14:00", "time_zone": "America/Detroit", "minutes": "60", "seats": "12"}
    day = {"day_month": "3", "day_day": "4", "day_year": "2099"}
    return {**facts, **day, "way": "place", "place": "Room 2"}


def a_notice(corner: Ids) -> dict[str, Any]:
    """To everybody of the program, as many as were seen."""
    there = Program.objects.filter(pk=corner["program_id"]).exists()
    seen = len(notices.reach(PLATFORM, program_id=corner["program_id"], who="all").people) if there else 0
    wanted = {"who": "all", "session_id": None}
    text = {"subject_en": "A walk", "subject_es": "Paseo", "body_en": "We walk.", "body_es": "Paseamos."}
    return {**text, "who": "all", "act": "send", "seen": f"{wanted}{seen}"}


BEGUN = {"session_id": "begun_session_id"}
PROMPT = {"language": "en", "key": "goodbye"}
SIGNED = dict.fromkeys(
    ("message_id", "leg_id", "step", "room_id", "name", "language", "prompt", "until", "mark", "token"), "1"
)

DOORS: dict[str, Line] = {
    # everybody's
    "/healthz": Line("anyone"),
    "home:front": Line("anyone"),
    "entry:sign_in": Line("anyone", "get post"),
    "entry:code": Line("anyone", "get post"),
    "entry:forgot": Line("anyone", "get post"),
    "entry:sign_out": Line("anyone", "post"),
    "entry:welcome": Line("anyone", "get post", fixed={"token": "x"}),
    "programs:join": Line("anyone", "get post"),
    "programs:join_answer": Line("anyone", "get post"),
    "programs:join_try": Line("anyone"),
    "programs:join_by_link": Line("anyone", fixed={"token": "x"}),
    "account_login": Line("anyone", "get post"),
    "account_logout": Line("anyone", "post"),
    "mfa_authenticate": Line("anyone", "get post"),
    "mfa_login_webauthn": Line("anyone", "get post"),
    "pairs:stopped": Line("anyone"),
    "ui:language": Line("anyone", "post"),
    # shut: there is an administrator, and this is no demonstration
    "entry:first": Line("nobody", "get post"),
    "entry:sign_in_as": Line("nobody", "post"),
    "ui:patterns": Line("nobody", "get post"),
    # one's own
    "people:my_hours": Line("signed_in", "get post", sending(**HOURS)),
    "people:my_nickname": Line("signed_in", "get post", sending(nickname="Blue Heron")),
    "people:my_language": Line("signed_in", "get post", sending(language="es")),
    "messaging:my_ways": Line("signed_in", "get post", sending(first="letter")),
    "programs:known": Line("signed_in"),
    "programs:my_time": Line("participant"),
    "groups:my_certificate": Line("participant"),
    "pairs:my": Line("participant"),
    "pairs:my_call": Line("", "", sending(), mine="post"),
    "pairs:my_time": Line("", "", times_both_are_free, mine="get post"),
    "pairs:my_messages": Line("participant"),
    "pairs:my_sound": Line("", "", mine="get"),
    "pairs:my_delete": Line("", "", sending(), mine="post", quiet=True),
    "pairs:my_write": Line("", "", sending(words="Hello"), mine="post"),
    "pairs:my_written_delete": Line("", "", sending(), mine="post", quiet=True),
    "pairs:my_silence": Line("", "", sending(how="mute"), mine="post"),
    "pairs:my_stop": Line("participant", "get post", sending()),
    "outcomes:mine": Line("participant"),
    "outcomes:begin": Line("", "", mine="get"),
    "outcomes:question": Line("", "", sending(answer="1"), mine="get post", fixed={"place": "1"}),
    "outcomes:check": Line("", "", sending(), mine="get post"),
    "outcomes:person": Line(CARE),
    "outcomes:add_measure": Line(CARE, "get post", sending(**VALUE)),
    "outcomes:strike": Line(CARE, "post", sending()),
    "outcomes:ask": Line(CARE, "get post", sending(instruments=["recommend"])),
    "outcomes:paper": Line(CARE),
    "outcomes:type_in": Line(CARE, "get post", sending(how="paper", q_phq2_down="1")),
    "outcomes:reopen": Line(CARE, "post", sending(), ids={"sheet_id": "missed_sheet_id"}),
    "outcomes:program": Line("coordinator nurse researcher"),
    "outcomes:export": Line("coordinator nurse researcher"),
    "outcomes:instruments": Line(SETTLERS),
    "outcomes:attest": Line(SETTLERS, "get post", fixed={"key": "paid5"}),
    # the record of a person
    "programs:person": Line(KEEPERS),
    "programs:person_timeline": Line(KEEPERS),
    "groups:certificate": Line(KEEPERS),
    "programs:doubles": Line(KEEPERS),
    "programs:double": Line(
        KEEPERS, "get post", sending(keep="two"), ids={"person_id": "first_id", "other_id": "second_id"}
    ),
    "care:notices": Line(SETTLERS),
    "programs:people_file": Line(KEEPERS),
    "care:notes": Line(CARE, "get post", lambda corner: {"words": "A note", "program": corner["program_id"]}),
    "care:notes_to_review": Line(CARE),
    "care:review_note": Line(CARE, "post", sending(answer="Thank you")),
    "care:write_notice": Line(SETTLERS, "get post", a_notice),
    "care:notice": Line(SETTLERS),
    "care:cancel_notice": Line(SETTLERS, "post", sending()),
    "programs:undo_merge": Line(KEEPERS, "post", sending()),
    "people:hours": Line(KEEPERS, "get post", sending(**HOURS), mine="get post"),
    "people:nickname": Line(KEEPERS, "get post", sending(nickname="Blue Heron"), mine="get post"),
    "people:language": Line(KEEPERS, "get post", sending(language="es"), mine="get post"),
    "messaging:ways": Line(KEEPERS, "get post", sending(first="letter"), mine="get post"),
    "people:record": Line(KEEPERS, "get post", sending(**RECORD)),
    "people:contact": Line(KEEPERS),
    "people:add_contact": Line(
        KEEPERS, "get post", sending(value="734 555 0177", label="home"), fixed={"kind": "phone"}
    ),
    "people:verify_contact": Line(KEEPERS, "post", sending()),
    "entry:check_number": Line(KEEPERS, "post", sending(), ids={"contact_id": "unproven_id"}),
    "people:drop_contact": Line(KEEPERS, "post", sending()),
    "entry:pin": Line(KEEPERS, "get post", sending(how="read")),
    "programs:invite": Line(KEEPERS, "get post", sending(how="letter")),
    "programs:enrollment": Line(KEEPERS, "get post", sending(a1c_percent="7.5")),
    "programs:intake": Line(KEEPERS, "get post", sending(a1c_percent="7.9", barriers=["money"])),
    "programs:fits": Line(KEEPERS),
    "programs:move_on": Line(KEEPERS, "get post"),
    "programs:about_me": Line("", "", sending(barriers=["money"], confidence="6"), mine="get post"),
    "programs:consent": Line(KEEPERS, "get", sending(version="2"), mine="get post"),
    "programs:consent_on_paper": Line(KEEPERS, "post", sending()),
    "programs:move": Line(KEEPERS, "post", sending(to="pause"), mine="post"),
    "programs:rest": Line(KEEPERS, "get post", sending(how_long="2"), mine="get post"),
    "programs:reminders": Line(KEEPERS, "post", sending(wanted="no"), mine="post"),
    "programs:stop": Line(KEEPERS, "get post", sending(reason=""), mine="get post"),
    "programs:complete_removal": Line(KEEPERS, "post", sending(), ids={"enrollment_id": "leaving_id"}),
    # programs and rosters
    "programs:index": Line(STAFF),
    "programs:add": Line(SETTLERS),
    "programs:add_by": Line(SETTLERS, "get post", fixed={"key": "reciprocal-pairs"}),
    "programs:add_calendar": Line(SETTLERS, "get post", fixed={"key": "reciprocal-pairs"}),
    "programs:guide": Line(KEEPERS),
    "programs:adopt": Line(SETTLERS, "post"),
    "programs:people": Line(KEEPERS),
    "programs:timeline": Line(KEEPERS),
    "programs:settings": Line(SETTLERS, "get post", sending(**PROGRAM)),
    "programs:staff_hours": Line(KEEPERS, "get post", sending(hours=["10"], **AWAY)),
    "programs:consent_text": Line(SETTLERS, "get post", sending(en="New.", es="Nuevo.")),
    "programs:add_person": Line(KEEPERS, "get post", sending(first_name="Eva", language="es")),
    "programs:bring_roster": Line(KEEPERS, "get post", a_roster),
    "programs:roster": Line(KEEPERS, "get post", sending(first_name="0", phone="1")),
    "programs:load_roster": Line(KEEPERS, "post", sending()),
    "programs:undo_roster": Line(KEEPERS, "post", sending(), ids={"batch_id": "loaded_id"}),
    # action plans
    "plans:my": Line("participant"),
    "plans:index": Line(KEEPERS),
    "plans:person": Line(KEEPERS),
    "plans:start": Line(KEEPERS, "post", mine="post"),
    "plans:workbook": Line(KEEPERS, mine="get"),
    "plans:workbook_pdf": Line(KEEPERS, mine="get"),
    "plans:type_in": Line(KEEPERS, "get post", fixed={"kind": "plans"}),
    "plans:plan": Line(KEEPERS, mine="get"),
    "plans:check": Line(KEEPERS, "get post", sending(), mine="get post"),
    "plans:easier": Line(KEEPERS, mine="get"),
    "plans:share": Line(KEEPERS, "post", sending(share="yes"), mine="post"),
    "plans:sound": Line(KEEPERS, mine="get"),
    "plans:review": Line(KEEPERS, "get post", mine="get post"),
    "plans:look_back": Line(
        KEEPERS, "get post", sending(next="rest"), mine="get post", ids={"plan_id": "begun_plan_id"}, fixed={"outcome": "done"}
    ),
    "plans:ask": Line(
        KEEPERS, "get post", sending(what="Swim"), mine="get post", fixed={"way": "new", "question": "what"}
    ),
    # pairs and calls
    "pairs:index": Line(KEEPERS),
    "pairs:pair": Line(KEEPERS),
    "pairs:settle_report": Line(KEEPERS, "post"),
    "pairs:end": Line(KEEPERS, "get post", sending(reason="other")),
    "pairs:ring": Line(KEEPERS, "post", sending()),
    "pairs:make": Line(KEEPERS, "get post", the_two_waiting),
    "pairs:match_home": Line(KEEPERS),
    "pairs:match": Line(KEEPERS, "get post"),
    "pairs:match_accept": Line(KEEPERS, "post", sending(which="all")),
    "pairs:match_close": Line(KEEPERS, "post", sending()),
    "pairs:match_what_if": Line(KEEPERS, "get post"),
    "pairs:match_compare": Line(KEEPERS),
    "pairs:match_settings": Line(SETTLERS, "get post"),
    "pairs:match_learn": Line(SETTLERS, "get post"),
    "pairs:match_apart": Line(KEEPERS, "get post"),
    "pairs:match_mentors": Line(KEEPERS, "get post"),
    "pairs:match_decide": Line(KEEPERS, "post", sending(act="lock")),
    # sessions and training
    "groups:index": Line(KEEPERS),
    "groups:plan": Line(KEEPERS, "get post", a_session),
    "groups:session": Line(KEEPERS),
    "groups:change": Line(KEEPERS, "get post", a_session),
    "groups:cancel": Line(KEEPERS, "get post", sending()),
    "groups:seat": Line(KEEPERS, "post", lambda corner: {"person": corner["person_id"], "act": "out"}),
    "groups:mark": Line(KEEPERS, "post", lambda corner: {"person": corner["person_id"], "came": "yes"}, ids=BEGUN),
    "groups:close": Line(KEEPERS, "post", sending(), ids=BEGUN),
    "groups:point": Line(KEEPERS, "post", sending(topic="food")),
    "groups:settle": Line(KEEPERS, "post", lambda corner: {"point": corner["point_id"], "state": "reached"}),
    "groups:record": Line(KEEPERS, "get post", sending(solved="The bus."), ids=BEGUN),
    "groups:ring": Line(KEEPERS, "post"),
    "groups:sheet": Line(KEEPERS),
    "groups:guide": Line(KEEPERS),
    "groups:training": Line(KEEPERS, "get post", lambda corner: {"person": corner["first_id"], "how": "paper"}),
    "groups:lesson_paper": Line("signed_in"),
    "groups:my": Line("participant"),
    "groups:my_answer": Line("", "", sending(come="no"), mine="post"),
    "groups:my_point": Line("", "", sending(topic="mood"), mine="post"),
    "groups:my_want": Line("", "", lambda corner: {"point": corner["point_id"], "wants": "yes"}, mine="post"),
    "groups:my_ics": Line("", "", mine="get"),
    "groups:my_another": Line("", "", sending(another="next"), mine="post"),
    "groups:my_calendar": Line("participant", "post"),
    "groups:feed": Line("nobody", fixed={"token": "x"}),  # its address is the key; no visitor here has one
    "groups:learn": Line("participant"),
    "groups:learn_screen": Line("participant", "get post", fixed={"number": "1"}),
    "groups:look_back": Line("participant", "get post"),
    "monitoring:rhythm": Line(STAFF),
    "monitoring:coverage": Line(STAFF),
    "monitoring:figures": Line(STAFF),
    "monitoring:calls": Line(STAFF),
    "monitoring:live": Line(STAFF),
    "monitoring:export": Line(STAFF),
    "monitoring:call": Line(STAFF),
    "home:telephone": Line(STAFF, "get post"),
    "home:said": Line(STAFF, fixed={"phone": "caller"}),
    # the desk
    "care:desk": Line(KEEPERS),
    "care:need": Line(KEEPERS, "get post", sending(note="Called her.")),
    "care:take_need": Line(KEEPERS, "post", sending()),
    "care:hand_over": Line(KEEPERS, "post", lambda corner: {"to": corner["colleague_id"]}),
    "care:rest": Line(KEEPERS, "post", sending(until="2036-01-05")),
    "care:reopen": Line(KEEPERS, "get post", sending()),
    "care:call_about": Line(KEEPERS, "post"),
    "care:judge": Line(CARE, "post", sending(verdict="real")),
    "care:figures": Line(KEEPERS),
    "care:staff_time": Line(KEEPERS),
    "care:staff_time_file": Line(KEEPERS),
    "care:panel": Line(KEEPERS, "get post", lambda corner: {"staff": corner["colleague_id"]}),
    "care:task": Line(CARE, "get post", sending(words="Ask about the meter.", until="2036-01-05")),
    "care:difficulty": Line(KEEPERS, "get post", sending(did="called", note="Both away")),
    "care:voicemail": Line(CARE),
    "care:message": Line(CARE, "get post", sending(note="Called her.")),
    "care:sound": Line(CARE),
    "care:take": Line(CARE, "post", sending()),
    "care:call_back": Line(CARE, "post"),
    # staff and their keys
    "programs:staff": Line(ADMIN),
    "people:log": Line(ADMIN),
    "programs:add_colleague": Line(ADMIN, "get post"),
    "programs:give_role": Line(ADMIN, "get post", ids={"person_id": "colleague_id"}),
    "programs:end_role": Line(ADMIN, "post", sending()),
    "entry:lost_second_factor": Line(
        ADMIN, "get post", sending(how="I saw them"), ids={"person_id": "colleague_id"}
    ),
    "mfa_index": Line(STAFF),
    "account_reauthenticate": Line(STAFF, "get post"),
    "mfa_reauthenticate": Line(STAFF, "get post"),
    "mfa_reauthenticate_webauthn": Line(STAFF, "get post"),
    "mfa_activate_totp": Line(STAFF, "get post"),
    "mfa_deactivate_totp": Line(STAFF, "get post"),
    "mfa_list_webauthn": Line(STAFF),
    "mfa_add_webauthn": Line(STAFF, "get post"),
    "mfa_remove_webauthn": Line(STAFF, "get post", fixed={"pk": "1"}),
    "mfa_view_recovery_codes": Line("nobody"),  # nobody here has made any
    "mfa_generate_recovery_codes": Line(STAFF, "get post"),
    # before real people are invited
    "home:ready": Line(ADMIN),
    "home:test_mail": Line(ADMIN, "post"),
    "home:heard_all": Line(ADMIN, "post", sending(), fixed={"language": "en"}),
    # the line
    "prompts:front": Line(SETTLERS),
    "prompts:shelf": Line(SETTLERS, fixed={"language": "en"}),
    "prompts:one": Line(SETTLERS, "get post", fixed=PROMPT),
    "prompts:approve": Line(SETTLERS, "post", fixed=PROMPT),
    "prompts:restore": Line(SETTLERS, "post", fixed=PROMPT),
    "prompts:on_the_line": Line(SETTLERS, fixed=PROMPT),
    "prompts:waiting": Line("nobody", fixed=PROMPT),  # no recording waits here
    "messaging:outbox": Line(SETTLERS),
    # the carrier's
    "webhook:incoming": Line("carrier", "get post", fixed=SIGNED),
    "webhook:status": Line("carrier", "get post", fixed=SIGNED),
    "webhook:now": Line("carrier", "get post", fixed=SIGNED),
    "webhook:leg_status": Line("carrier", "get post", fixed=SIGNED),
    "webhook:machine": Line("carrier", "get post", fixed=SIGNED),
    "webhook:keys": Line("carrier", "get post", fixed=SIGNED),
    "webhook:left": Line("carrier", "get post", fixed=SIGNED),
    "webhook:skipped": Line("carrier", "get post", fixed=SIGNED),
    "webhook:recorded": Line("carrier", "get post", fixed=SIGNED),
    "webhook:unspoken": Line("carrier", "get post", fixed=SIGNED),
    "webhook:recording": Line("carrier", "get post", fixed=SIGNED),
    "webhook:room": Line("carrier", "get post", fixed=SIGNED),
    "webhook:wait": Line("carrier", "get post", fixed=SIGNED),
    "webhook:tone": Line("carrier", "get post", fixed=SIGNED),
    "webhook:tone_wav": Line("carrier", "get post", fixed=SIGNED),
    "webhook:prompt": Line("carrier", "get post", fixed=SIGNED),
    "messaging:text": Line("carrier", "get post", fixed=SIGNED),
    "messaging:text_status": Line("carrier", "get post", fixed=SIGNED),
    "webhook:sound": Line("carrier", "get post", fixed=SIGNED),
}  # fmt: skip
