from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peerline.exchange.prompts.numerals import english, english_ordinal, spanish
from peerline.exchange.prompts.values import KINDS, LONGEST_NAME, BadValue, Words, kind_of, words

NUMBERS = [
    (0, "zero", "cero"),
    (1, "one", "uno"),
    (12, "twelve", "doce"),
    (16, "sixteen", "dieciséis"),
    (20, "twenty", "veinte"),
    (21, "twenty-one", "veintiuno"),
    (22, "twenty-two", "veintidós"),
    (30, "thirty", "treinta"),
    (31, "thirty-one", "treinta y uno"),
    (45, "forty-five", "cuarenta y cinco"),
    (99, "ninety-nine", "noventa y nueve"),
    (100, "one hundred", "cien"),
    (101, "one hundred one", "ciento uno"),
    (500, "five hundred", "quinientos"),
    (777, "seven hundred seventy-seven", "setecientos setenta y siete"),
    (900, "nine hundred", "novecientos"),
    (1000, "one thousand", "mil"),
    (1001, "one thousand one", "mil uno"),
    (2026, "two thousand twenty-six", "dos mil veintiséis"),
    (21_000, "twenty-one thousand", "veintiún mil"),
    (100_000, "one hundred thousand", "cien mil"),
    (
        999_999,
        "nine hundred ninety-nine thousand nine hundred ninety-nine",
        "novecientos noventa y nueve mil novecientos noventa y nueve",
    ),
]


@pytest.mark.parametrize(("number", "en", "es"), NUMBERS)
def test_numbers_are_said_in_words(number, en, es):
    assert english(number) == en
    assert spanish(number) == es


@pytest.mark.parametrize(
    ("number", "before_masculine", "before_feminine"),
    [
        (1, "un", "una"),
        (21, "veintiún", "veintiuna"),
        (31, "treinta y un", "treinta y una"),
        (101, "ciento un", "ciento una"),
        (200, "doscientos", "doscientas"),
        (521, "quinientos veintiún", "quinientas veintiuna"),
        (21_021, "veintiún mil veintiún", "veintiuna mil veintiuna"),
    ],
)
def test_one_bends_to_what_is_counted_in_spanish(number, before_masculine, before_feminine):
    assert spanish(number, "un") == before_masculine
    assert spanish(number, "una") == before_feminine


def test_every_number_up_to_ten_thousand_is_said_its_own_way():
    for say in (english, spanish):
        assert len({say(number) for number in range(10_001)}) == 10_001


@pytest.mark.parametrize("number", [-1, 1_000_000])
def test_a_number_out_of_range_is_refused(number):
    with pytest.raises(ValueError, match="not between"):
        english(number)
    with pytest.raises(ValueError, match="not between"):
        spanish(number)


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (1, "first"),
        (2, "second"),
        (3, "third"),
        (5, "fifth"),
        (8, "eighth"),
        (9, "ninth"),
        (12, "twelfth"),
        (14, "fourteenth"),
        (20, "twentieth"),
        (21, "twenty-first"),
        (23, "twenty-third"),
        (30, "thirtieth"),
        (31, "thirty-first"),
    ],
)
def test_days_of_the_month_are_said_in_order(day, said):
    assert english_ordinal(day) == said


@pytest.mark.parametrize(
    ("name", "value", "en", "es"),
    [
        ("count", 1200, ("1,200", "one thousand two hundred"), ("1200", "mil doscientos")),
        ("new_count", 1, ("1", "one"), ("1", "un")),
        ("seconds", 1, ("1 second", "one second"), ("1 segundo", "un segundo")),
        ("minutes", 20, ("20 minutes", "twenty minutes"), ("20 minutos", "veinte minutos")),
        ("minutes", 60, ("1 hour", "one hour"), ("1 hora", "una hora")),
        (
            "minutes",
            61,
            ("1 hour and 1 minute", "one hour and one minute"),
            ("1 hora y 1 minuto", "una hora y un minuto"),
        ),
        (
            "seconds",
            90,
            ("1 minute and 30 seconds", "one minute and thirty seconds"),
            ("1 minuto y 30 segundos", "un minuto y treinta segundos"),
        ),
        ("times", 1, ("1 time", "one time"), ("1 vez", "una vez")),
        ("weeks", 21, ("21 weeks", "twenty-one weeks"), ("21 semanas", "veintiuna semanas")),
        ("days", 21, ("21 days", "twenty-one days"), ("21 días", "veintiún días")),
        ("time", "00:00", ("midnight",) * 2, ("las 12 de la noche", "las doce de la noche")),
        ("time", 24, ("midnight",) * 2, ("las 12 de la noche", "las doce de la noche")),
        (
            "time",
            "00:30",
            ("12:30 at night", "twelve thirty at night"),
            ("las 12:30 de la noche", "las doce y treinta de la noche"),
        ),
        ("time", 1, ("1 in the morning", "one in the morning"), ("la 1 de la mañana", "la una de la mañana")),
        (
            "from_time",
            "09:30",
            ("9:30 in the morning", "nine thirty in the morning"),
            ("las 9:30 de la mañana", "las nueve y treinta de la mañana"),
        ),
        ("time", "12:00", ("noon",) * 2, ("las 12 del día", "las doce del día")),
        (
            "time",
            "13:05",
            ("1:05 in the afternoon", "one oh five in the afternoon"),
            ("la 1:05 de la tarde", "la una y cinco de la tarde"),
        ),
        ("time", 18, ("6 in the evening", "six in the evening"), ("las 6 de la tarde", "las seis de la tarde")),
        (
            "time",
            "21:15",
            ("9:15 at night", "nine fifteen at night"),
            ("las 9:15 de la noche", "las nueve y quince de la noche"),
        ),
        ("day", 0, ("Monday",) * 2, ("lunes",) * 2),
        ("day", 6, ("Sunday",) * 2, ("domingo",) * 2),
        (
            "date",
            "2026-11-23",
            ("Monday, November 23", "Monday, November twenty-third"),
            ("lunes 23 de noviembre", "lunes veintitrés de noviembre"),
        ),
        (
            "date",
            "2026-05-01",
            ("Friday, May 1", "Friday, May first"),
            ("viernes 1 de mayo", "viernes primero de mayo"),
        ),
        (
            "number",
            "+17345550123",
            ("734 555 0123", "seven three four, five five five, zero one two three"),
            ("734 555 0123", "siete tres cuatro, cinco cinco cinco, cero uno dos tres"),
        ),
        (
            "code",
            "482913",
            ("482 913", "four eight two, nine one three"),
            ("482 913", "cuatro ocho dos, nueve uno tres"),
        ),
        ("code", "1", ("1", "one"), ("1", "uno")),
        ("key", "1", ("1", "one"), ("1", "uno")),
        ("key", "*", ("star",) * 2, ("asterisco",) * 2),
        ("key", "#", ("pound",) * 2, ("numeral",) * 2),
        ("partner_name", "  Blue\nHeron ", ("Blue Heron",) * 2, ("Blue Heron",) * 2),
    ],
)
def test_values_are_written_and_said_by_their_kind(name, value, en, es):
    assert words(name, value, "en") == Words(*en)
    assert words(name, value, "es") == Words(*es)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("time", "25:00"),
        ("time", "noon"),
        ("time", "24:30"),
        ("day", 7),
        ("date", "November"),
        ("count", -1),
        ("count", None),
        ("number", "none"),
        ("name", "<>"),
        ("key", "A"),
        ("surname", "Smith"),
    ],
)
def test_a_value_its_kind_can_not_say_is_refused(name, value):
    with pytest.raises(BadValue, match=name):
        words(name, value, "en")


def test_a_value_is_named_by_its_last_word():
    assert kind_of("until_time") == "time"
    assert kind_of("time_until") is None


@given(st.text(max_size=80))
def test_whatever_somebody_is_called_the_name_is_clean_or_refused(name):
    for language in ("en", "es"):
        try:
            said = words("name", name, language)
        except BadValue:
            continue
        assert 0 < len(said.spoken) <= LONGEST_NAME + len(" and ")
        assert not set(said.spoken) & set('<>&{}\\"\n\r\t\0')


@given(st.sampled_from(sorted(KINDS)), st.one_of(st.integers(), st.text(max_size=20), st.none(), st.floats()))
def test_any_value_of_any_kind_is_said_or_refused_and_never_crashes(kind, value):
    for language in ("en", "es"):
        with suppress(BadValue):
            assert all(words(kind, value, language))
