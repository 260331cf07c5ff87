"""Telephone numbers: read as people write and key them, kept as E.164."""

import phonenumbers

# North America, where whoever is called pays. FCC, consumer guide "What Is a Toll-Free Number and How Does it Work?"
TOLL_FREE = frozenset({"800", "833", "844", "855", "866", "877", "888"})


class BadNumber(ValueError):
    """Not a telephone number that could be dialled from `region`."""


def e164(text: str, region: str = "US") -> str:
    """`text` as E.164: e164("(734) 555-0123") == "+17345550123". Raises BadNumber.

    Numbers set aside for fiction (555-01xx) are accepted: they are well formed, and the demonstration uses them.
    """
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException as reason:
        raise BadNumber(text) from reason
    if not phonenumbers.is_possible_number(number):
        raise BadNumber(text)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def for_reading(number: str) -> str:
    """An E.164 number as its own country writes it: "(734) 555-0123"."""
    try:
        return phonenumbers.format_number(phonenumbers.parse(number), phonenumbers.PhoneNumberFormat.NATIONAL)
    except phonenumbers.NumberParseException:
        return number


def is_toll_free(number: str) -> bool:
    """Does a call to this E.164 number cost the caller nothing? True of +18005550142. Elsewhere than in North America: False."""
    return number.startswith("+1") and number[2:5] in TOLL_FREE


def ending(number: str) -> str:
    """The last two digits behind dots, for screens that must not show the whole: "•••• 23"."""
    return f"•••• {number[-2:]}"
