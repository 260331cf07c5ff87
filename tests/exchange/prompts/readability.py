"""How hard a text is to read, by two formulas a language.

English: Flesch-Kincaid grade (Kincaid and others 1975) and the Automated Readability Index (Smith and Senter 1967).
Spanish: Fernández-Huerta (1959, as corrected by Law 2011) and Szigriszt-Pazos (1993) on the INFLESZ scale of
Barrio-Cantalejo and others (2008): 70 and 65 are where sixth grade, "bastante fácil", begins.
"""

import re
from typing import NamedTuple


class Counts(NamedTuple):
    words: int
    sentences: int
    syllables: int
    letters: int


def english(text: str) -> tuple[float, float]:
    """(Flesch-Kincaid, ARI), both in school grades."""
    has = counts(text, english_syllables)
    length = has.words / has.sentences
    return (
        0.39 * length + 11.8 * has.syllables / has.words - 15.59,
        4.71 * has.letters / has.words + 0.5 * length - 21.43,
    )


def spanish(text: str) -> tuple[float, float]:
    """(Fernández-Huerta, Szigriszt-Pazos): the higher, the easier."""
    has = counts(text, spanish_syllables)
    length, rate = has.words / has.sentences, has.syllables / has.words
    return 206.84 - 60 * rate - 1.02 * length, 206.835 - 62.3 * rate - length


def counts(text: str, syllables) -> Counts:
    words = re.findall(r"[^\W_]+(?:['’-][^\W_]+)*", text)
    sentences = max(1, len(re.findall(r"[.!?]+(?=\s|$)", text)))
    return Counts(len(words), sentences, sum(map(syllables, words)), sum(map(len, words)))


def english_syllables(word: str) -> int:
    """Groups of vowels, without a silent final e or ed. Digits count one each."""
    word = word.lower()
    if word.isdigit():
        return len(word)
    word = re.sub(r"(?<=[^aeiouytd])ed$", "", word)
    word = re.sub(r"(?<=[^aeiouyl])e$|(?<=[aeiouy]l)e$", "", word)
    return max(1, len(re.findall(r"[aeiouy]+", word)))


def spanish_syllables(word: str) -> int:
    """Vowel nuclei: a weak vowel without accent joins its neighbor, two strong ones part."""
    word = word.lower()
    if word.isdigit():
        return len(word) * 2
    word = re.sub(r"qu(?=[eiéí])|gu(?=[eiéí])", "k", word)
    word = re.sub(r"y$", "i", word)
    weak = re.sub(r"(?<=[aeoáéóiu])[iuü]|[iuü](?=[aeoáéóiuíú])", "", word)
    return max(1, len(re.findall(r"[aeiouáéíóúü]", weak)))
