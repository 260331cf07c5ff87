"""How hours, days and clocks stand in a sentence and in a form."""

from datetime import UTC, datetime, timedelta

import pytest
from django import forms
from django.utils import translation

from peerline.kernel.week import of_days
from peerline.programs.forms import LISTENING
from peerline.ui.forms import TimeZoneField, WeekField
from peerline.ui.phrases import before_dot, due_words, moment_words, sentence_moment

EVENING = datetime(2026, 11, 24, 23, 30, tzinfo=UTC)


def test_a_sentence_that_ends_in_a_spanish_hour_ends_in_one_dot():
    with translation.override("es"):
        said = moment_words(EVENING, EVENING)
        assert said.endswith("m.") and f"{before_dot(said)}.".endswith(" m.")
    with translation.override("en"):
        assert before_dot(moment_words(EVENING, EVENING)) == moment_words(EVENING, EVENING)


@pytest.mark.req("S47")
def test_a_moment_inside_a_spanish_sentence_has_its_article_and_no_capital():
    later = EVENING + timedelta(days=2)
    with translation.override("es"):
        assert (
            sentence_moment(later, EVENING).startswith("el jueves, ") and moment_words(later, EVENING)[:6] == "jueves"
        )
        assert sentence_moment(EVENING, EVENING).startswith("hoy, ")
        assert due_words(later, EVENING)[0].startswith("contestar para el jueves, ")
    with translation.override("en"):
        assert sentence_moment(later, EVENING) == moment_words(later, EVENING)


@pytest.mark.req("S47")
def test_a_week_says_its_days_in_its_own_words():
    class Form(forms.Form):
        quiet = WeekField(label="q")
        open = WeekField(label="o", words=LISTENING)

    with translation.override("es"):
        html = str(Form(initial={"quiet": of_days([0], 9, 17), "open": of_days([0], 9, 17)}))
    quiet, open_ = html.split('id="id_open"')
    assert "Sin llamadas todo el lunes" in quiet and "sin llamadas: 9" in quiet
    assert "Alguien escucha todo el lunes" in open_ and "nadie escucha" in open_ and "llamadas" not in open_


def test_a_time_zone_is_chosen_in_words_and_a_rare_one_that_is_kept_stays():
    class Form(forms.Form):
        zone = TimeZoneField()

    (_usual, first), (_another, others) = Form().fields["zone"].choices
    assert ("America/Chicago", "Central (Chicago)") in [(zone, str(words)) for zone, words in first]
    assert dict(others)["America/Indiana/Tell_City"] == "Tell City (Indiana)" and not set(dict(first)) & set(
        dict(others)
    )
    assert Form({"zone": "Europe/Madrid"}, initial={"zone": "Europe/Madrid"}).is_valid()
    assert not Form({"zone": "Europe/Madrid"}).is_valid()
