"""How hours stand in a sentence."""

from datetime import UTC, datetime

from django.utils import translation

from peerline.ui.phrases import before_dot, moment_words

EVENING = datetime(2026, 11, 24, 23, 30, tzinfo=UTC)


def test_a_sentence_that_ends_in_a_spanish_hour_ends_in_one_dot():
    with translation.override("es"):
        said = moment_words(EVENING, EVENING)
        assert said.endswith("m.") and f"{before_dot(said)}.".endswith(" m.")
    with translation.override("en"):
        assert before_dot(moment_words(EVENING, EVENING)) == moment_words(EVENING, EVENING)
