"""Words as they are compared: without accents and case, and with one slip of the pen forgiven."""

import re
import unicodedata

WORD = re.compile(r"\d+(?:[.,]\d+)?(?:/\d+)?|[a-z]+")
END = re.compile(r"[!?;\n]+|\.(?!\d)")
MARKS = str.maketrans({"’": "'", "‘": "'", "`": "'"})


def folded(text: str) -> str:
    """ "No puedo más" → "no puedo mas"; "can't" → "cant"."""
    plain = unicodedata.normalize("NFKD", text.translate(MARKS)).casefold().replace("'", "")
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def words(text: str) -> list[str]:
    """The words and numbers of a text, in order: "It was 3,4!" → it, was, 3,4."""
    return WORD.findall(folded(text))


def sentences(text: str) -> list[list[str]]:
    """Its sentences as words: a phrase does not go over the end of one."""
    return [found for found in (words(part) for part in END.split(text)) if found]


def is_a_slip_of(word: str, meant: str) -> bool:
    """One letter too many, too few, another, or two swapped; the first one is right, and it is not the word itself.

    is_a_slip_of("suicde", "suicide"), is_a_slip_of("inuslin", "insulin"); not ("skilled", "killed"), not ("nation", "ration").
    """
    if word == meant or word[:1] != meant[:1] or abs(len(word) - len(meant)) > 1:
        return False
    at = next((n for n, (one, other) in enumerate(zip(word, meant, strict=False)) if one != other), None)
    if at is None:
        return True
    left, right = word[at:], meant[at:]
    swapped = left[:2] == right[1::-1] and left[2:] == right[2:]
    return swapped or left[1:] == right[1:] or left[1:] == right or left == right[1:]
