"""Who answers what: every dialogue, look, deed, listener and duty, in one place.

A look or deed is called as answer(leg, *args). `_mine` guards those about a person: a dialogue only ever asks about the
caller it leads, and a bug in one must not reach somebody else's record.
"""

from collections.abc import Callable
from typing import Any

from config import phone, reminding
from peerline.audit import services as audit
from peerline.care import alarms, climbing, flags, needs
from peerline.care import answers as care_answers
from peerline.care import duties as care_duties
from peerline.care import phone as care_phone
from peerline.care import services as care
from peerline.care import words as care_words
from peerline.entry import checked_numbers, new_pin, spoken
from peerline.entry import phone as entry_phone
from peerline.entry import services as entry
from peerline.exchange import answers as exchange
from peerline.exchange import queries as exchange_queries
from peerline.exchange import services as exchange_services
from peerline.exchange.dialogues import FRONT_DOOR, answer, leads
from peerline.exchange.engines.webhook import reports as carrier
from peerline.exchange.prompts import services as prompts
from peerline.groups import agenda, training
from peerline.groups import answers as groups
from peerline.groups import duties as group_duties
from peerline.groups import moments as group_moments
from peerline.groups import phone as groups_phone
from peerline.groups import services as group_services
from peerline.groups import words as group_words
from peerline.jobs.services import every, handles, listens
from peerline.kernel import events
from peerline.messaging import answers as messaging
from peerline.messaging import queries as messaging_queries
from peerline.messaging import services as messaging_services
from peerline.messaging import words as messaging_words
from peerline.monitoring import counting
from peerline.outcomes import answers as outcomes
from peerline.outcomes import checkups, instruments
from peerline.outcomes import duties as outcome_duties
from peerline.outcomes import moments as outcome_moments
from peerline.outcomes import services as outcome_services
from peerline.outcomes import words as outcome_words
from peerline.pairs import answers as pairs
from peerline.pairs import conditions, fit, rest_news, talk_news, talk_times
from peerline.pairs import duties as pair_duties
from peerline.pairs import mail as pairs_mail
from peerline.pairs import moments as pair_moments
from peerline.pairs import news as pairs_news
from peerline.pairs import phone as pairs_phone
from peerline.pairs import services as pair_services
from peerline.pairs import words as pairs_words
from peerline.people import answers as people
from peerline.people import merging
from peerline.plans import answers as plans
from peerline.plans import duties as plan_duties
from peerline.plans import moments as plan_moments
from peerline.plans import queries as plan_queries
from peerline.plans import words as plan_words
from peerline.programs import answers as programs
from peerline.programs import due_words, outbound, timeline
from peerline.programs import moments as program_moments
from peerline.programs import services as program_services
from peerline.programs import words as program_words
from peerline.programs.protocols import reading


def connect() -> None:
    """Called once, when Django is ready."""
    _telephone()
    _staff_by_telephone()
    _invitations()
    _plans_by_telephone()
    _times_to_talk()
    _reminders()
    _sessions()
    _events()
    _needs()
    _red_flags()
    _regular_work()
    reading.knows(instruments.keys)
    merging.refuses(_on_a_call)
    conditions.needs("training", training.lacking, "groups:training")


def _mine(ask: Callable[..., Any]) -> Callable[..., Any]:
    """ask(leg, person_id, …) only for the person this leg belongs to."""

    def guarded(leg: Any, person_id: int, *args: Any) -> Any:
        if leg.person_id != person_id:
            raise PermissionError(f"leg {leg.pk} asked about somebody else")
        return ask(leg, person_id, *args)

    return guarded


def _on_a_call(keep: int, gone: int) -> str:
    """Two records are not made one under somebody's call."""
    talking = exchange_queries.on_the_line(keep) or exchange_queries.on_the_line(gone)
    return "on_a_call" if talking else ""


def _telephone() -> None:
    leads(FRONT_DOOR, phone.front_door)
    leads("pairs.invited", pairs_phone.invited)
    leads("pairs.called_back", pairs_phone.called_back)
    leads("pairs.reminded", pairs_phone.reminded)
    leads(reminding.DIALOGUE, phone.reminded)
    leads(spoken.DIALOGUE, entry_phone.say_digits)
    leads(checked_numbers.DIALOGUE, entry_phone.check_number)

    answer("line.facts", people.line_facts)
    answer("entry.household", pairs.household)
    answer("entry.try_pin", pairs.try_pin)
    answer("entry.is_their_pin", _mine_last(entry.is_their_pin))
    answer("entry.line_closed", lambda leg, telephone_hash: entry.line_is_closed_to(telephone_hash))

    answer("entry.must_change_pin", _mine(new_pin.must_change))
    answer("entry.new_pin_first", new_pin.first)
    answer("entry.new_pin_second", new_pin.second)
    answer("entry.digits_begin", spoken.begin)
    answer("entry.digit", spoken.digit)
    answer("entry.digits_drop", spoken.drop)
    answer("entry.number_answered", checked_numbers.answered)

    answer("people.nickname", _mine(people.nickname))
    answer("people.calling_hours", _mine(people.calling_hours))
    answer("people.take_calls_any_time", _mine(people.take_calls_any_time))
    answer("people.take_calls_from_to", _mine(people.take_calls_from_to))
    answer("people.set_language", _mine(people.set_language))

    answer("pairs.mine", _mine(pairs.mine))
    answer("pairs.placed", pairs.placed)
    answer("pairs.invitation", _mine(pairs.invitation))
    answer("pairs.message", pairs.message)
    answer("pairs.silent_days", _mine(pairs.silent_days))
    answer("pairs.no_reminders", _mine(pairs.no_reminders))
    answer("pairs.stop", _mine(pairs.stop))

    answer("reminders.words", _mine(messaging.words))
    answer("reminders.heard", messaging.heard)
    answer("reminders.no_calls", _mine(messaging.no_calls))
    answer("outcomes.waiting", _mine(outcomes.waiting))
    answer("outcomes.next", _mine(outcomes.next_question))
    answer("outcomes.answer", _mine(outcomes.answer))

    answer("staff.desk", pairs.staff_desk)
    answer("staff.message", pairs.staff_message)
    answer("messages.waiting", _mine(exchange.messages_waiting))
    answer("messages.new", _mine(exchange.messages_new))
    answer("messages.heard", exchange.message_heard)
    answer("messages.drop", exchange.message_drop)
    answer("messages.may_answer", pairs.may_answer)
    answer("messages.answer", pairs.answer_message)


def _staff_by_telephone() -> None:
    """A nurse calls somebody back, and the ladder rings staff."""
    leads("care.call_back", care_phone.call_back)
    leads("care.invited", care_phone.invited)
    leads(climbing.DIALOGUE, care_phone.told)
    answer("care.need", _mine(care_answers.need))
    answer("care.seen", _mine(care_answers.seen))
    answer("care.message", care_answers.message)


def _invitations() -> None:
    """What people agree to, read aloud."""
    answer("programs.invitations", _mine(programs.invitations))
    answer("programs.agree", _mine(programs.agree))
    answer("programs.decline", _mine(programs.decline))
    answer("programs.rest", _mine(programs.rest))
    answer("programs.begin_rest", _mine(programs.begin_rest))
    answer("programs.end_rest", _mine(programs.end_rest))


def _plans_by_telephone() -> None:
    answer("pairs.shared_steps", _mine(pairs.shared_steps))
    answer("pairs.shared_words", pairs.shared_words)
    answer("plans.mine", _mine(plans.mine))
    answer("plans.hard", _mine(plans.hard))
    answer("plans.words", plans.words)
    answer("plans.speak", _mine(plans.speak))
    answer("plans.often", _mine(plans.often))
    answer("plans.sure", _mine(plans.sure))
    answer("plans.begin", _mine(plans.begin))
    answer("plans.review", _mine(plans.review))
    answer("plans.share", _mine(plans.share))


def _sessions() -> None:
    """Hear of sessions, come, go in; and the training."""
    leads("groups.gathered", groups_phone.gathered)
    answer("groups.mine", _mine(groups.mine))
    answer("groups.session", _mine(groups.session))
    answer("groups.sign_up", groups.sign_up)
    answer("groups.give_up", groups.give_up)
    answer("groups.bring_topic", groups.bring_topic)
    answer("groups.bring_voice", groups.bring_voice)
    answer("groups.door", _mine(groups.door))
    answer("groups.came", groups.came)
    answer("groups.trained", _mine(groups.trained))
    answer("groups.training", _mine(groups.training))
    answer("groups.screen", _mine(groups.screen))
    answer("groups.training_done", _mine(groups.training_done))


def _times_to_talk() -> None:
    leads("pairs.at_the_time", pairs_phone.at_the_time)
    answer("pairs.talk_time", _mine(pairs.talk_time))
    answer("pairs.times_to_offer", _mine(pairs.times_to_offer))
    answer("pairs.ask_time", _mine(pairs.ask_time))
    answer("pairs.agree_time", _mine(pairs.agree_time))
    answer("pairs.drop_time", _mine(pairs.drop_time))


def _mine_last(ask: Callable[..., Any]) -> Callable[..., Any]:
    """As _mine, for a verdict: ask(leg, keys, person_id)."""

    def guarded(leg: Any, keys: str, person_id: int) -> Any:
        if leg.person_id != person_id:
            raise PermissionError(f"leg {leg.pk} asked about somebody else")
        return ask(leg, keys, person_id)

    return guarded


def _reminders() -> None:
    """A reminder that is called goes by the exchange, which messaging does not know."""
    messaging_services.carries(
        "voice", reminding.ring, kind="reminder", ask=reminding.ask, room=outbound.room_for_reminders
    )
    messaging_services.asks_first(reminding.takes_part)
    for kind in ("pairs.began", "messaging.written"):
        messaging_services.unasked(kind, reminding.is_in_contact)
    messaging_services.counts(reminding.rung_besides)
    messaging_services.relays(pairs_mail.take)


def _events() -> None:
    """Listeners may see an event twice."""
    listens(events.VoiceLeft, "care.voice_left", care.voice_left)
    listens(events.CallEnded, "pairs.call_ended", pair_services.call_ended)
    listens(events.CallEnded, "pairs.talk_time_ended", talk_news.call_ended)
    listens(events.CallEnded, "monitoring.call_ended", counting.call_ended)
    listens(events.ConversationRedefined, "monitoring.conversation_redefined", counting.conversation_redefined)
    listens(events.ConversationRedefined, "pairs.conversation_redefined", pair_services.conversation_redefined)
    listens(events.CallEnded, "messaging.call_ended", reminding.call_ended)
    listens(events.PairBegan, "pairs.tell_partners", pairs_news.tell_partners)
    listens(events.RestBegan, "pairs.rest_began", rest_news.began)
    listens(events.RestEnded, "pairs.rest_ended", rest_news.ended)
    listens(events.PairEnded, "pairs.fit_over", fit.pair_ended)
    listens(events.LineUnderAttack, "care.line_under_attack", alarms.line_under_attack)
    listens(events.EnrollmentStopped, "outcomes.enrollment_stopped", outcome_services.enrollment_stopped)
    listens(events.EnrollmentStopped, "pairs.enrollment_stopped", pair_services.enrollment_stopped)
    listens(events.EnrollmentStopped, "groups.enrollment_stopped", group_services.enrollment_stopped)
    listens(events.NeedsStaff, "care.need_arose", needs.arose)
    listens(events.NeedMet, "care.need_met", needs.met)
    listens(events.WordsWritten, "care.words_written", flags.written)
    listens(events.WordsPassedOn, "care.words_passed_on", flags.passed_on)


def _red_flags() -> None:
    """Who can read out words somebody wrote, so that they are read for red flags."""
    readers = {
        "plans.version": ("plans.plan", plan_queries.words_of_version),
        "plans.review": ("plans.plan", plan_queries.words_of_review),
        "groups.point": ("groups.point", agenda.words_of_point),
        "groups.record": ("groups.record", agenda.words_of_record),
        "messaging.written": ("messaging.written", messaging_queries.written_words),
    }
    for what, (source, words_of) in readers.items():
        flags.reads(what, source, words_of)


def _needs() -> None:
    """How each kind of need is told on the desk, and where its work is done."""
    needs.says("care.voicemail", care_words.why_voicemail, care_words.opens_voicemail)
    needs.says("care.hard_pair", care_words.why_hard_pair, care_words.opens_hard_pair)
    needs.says("care.red_flag", care_words.why_red_flag)
    needs.says("care.task", care_words.why_task)
    needs.says("care.drill", care_words.why_drill)
    needs.says("plans.unsure", plan_words.why_unsure, plan_words.opens)
    needs.says("plans.not_reviewed", plan_words.why_not_reviewed, plan_words.opens)
    needs.says("plans.to_type", plan_words.why_to_type, plan_words.opens)
    needs.says("groups.missed", group_words.why_missed)
    needs.says("groups.wants_nurse", group_words.why_wants_nurse)
    needs.says("groups.wants_telephone", group_words.why_wants_telephone)
    needs.says("groups.unmarked", group_words.why_unmarked, group_words.opens_session)
    needs.says("groups.no_session", group_words.why_no_session, group_words.opens_sessions)
    needs.says("programs.money", program_words.why_money, program_words.opens_money)
    needs.says("programs.leaving", care_words.why_leaving, care_words.opens_leaving)
    needs.says("timeline.missed", due_words.why_missed)
    needs.says("timeline.day_too_full", due_words.why_too_full)
    needs.says("messaging.missed", messaging_words.why_missed, outcome_words.opens_person)
    needs.says("messaging.nowhere", messaging_words.why_nowhere, outcome_words.opens_person)
    needs.says("messaging.unsure", messaging_words.why_unsure, outcome_words.opens_person)
    needs.says("messaging.reported", messaging_words.why_reported, pairs_words.opens_reported)
    needs.says("outcomes.low_mood", outcome_words.why_low_mood, outcome_words.opens_person)
    needs.says("outcomes.life_in_danger", outcome_words.why_life_in_danger, outcome_words.opens_person)
    needs.says("outcomes.checkup", outcome_words.why_checkup, outcome_words.opens_person)
    needs.says("outcomes.distress", outcome_words.why_distress, outcome_words.opens_person)
    needs.says("outcomes.missed", outcome_words.why_missed, outcome_words.opens_person)


def _regular_work() -> None:
    """Duties that come round."""
    timeline.duty(pair_duties.REMINDER)
    timeline.duty(pair_duties.TALK_TIME)
    timeline.duty(care_duties.DRILL)
    timeline.duty(plan_duties.REVIEW)
    timeline.duty(plan_duties.NOT_REVIEWED)
    timeline.duty(plan_duties.RENEWAL)
    timeline.duty(fit.QUESTIONS)
    timeline.duty(outcome_duties.ASSESSMENT)
    timeline.duty(outcome_duties.REMINDER)
    timeline.duty(checkups.CHECKUP)
    for duty in group_duties.ALL:
        timeline.duty(duty)
    for room in (program_moments, plan_moments, pair_moments, group_moments, outcome_moments):
        timeline.touches(room.subjects)
    handles("programs.ring", timeline.ring)
    every("programs.timeline", 60, timeline.minute)
    every("programs.end_rests", 900, program_services.end_rests)
    every("programs.evening", 900, timeline.look_at_tomorrow)
    every("exchange.warm_prompts", 24 * 3600, prompts.warm)
    every("exchange.forget_said", 600, prompts.forget_said)
    every("exchange.purge", 3600, exchange_services.purge)
    every("exchange.forget_effects", 24 * 3600, exchange_services.forget_effects)
    every("exchange.forget_carrier_notes", 24 * 3600, carrier.forget_notes)
    every("care.climb", 60, climbing.climb)
    every("care.notice", 300, care.notice)
    every("outcomes.close_overdue", 3600, outcome_services.close_overdue)
    every("care.purge_voices", 3600, care.purge_voices)
    every("monitoring.check_days", 24 * 3600, counting.check_days)
    every("pairs.clear_away_talk_times", 900, talk_times.clear_away)
    every("pairs.check_weeks", 24 * 3600, pair_services.check_weeks)
    every("audit.seal", 60, audit.seal_new_lines)
