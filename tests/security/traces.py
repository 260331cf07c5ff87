"""All that gives a person away, in every way it could be written, and a search for it."""

import base64
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import quote

DIGITS = {
    "English": ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"],
    "Spanish": ["cero", "uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve"],
}


@dataclass(frozen=True)
class Secrets:
    """What a partner may never learn. Their nickname is not among it."""

    person_id: int
    number: str
    first_name: str
    last_name: str
    email: str

    @property
    def plain(self) -> dict[str, str]:
        area, middle, last = self.number[2:5], self.number[5:8], self.number[8:]
        mailbox, _, domain = self.email.partition("@")
        return {
            "number": self.number, "with its country": self.number[1:], "national number": self.number[2:],
            "last seven": middle + last, "with dashes": f"{area}-{middle}-{last}", "as it is read": f"({area}) {middle}-{last}",
            "with dots": f"{area}.{middle}.{last}", "local": f"{middle}-{last}", "local with a space": f"{middle} {last}",
            "digits apart": " ".join(self.number[2:]), "digits with commas": ", ".join(self.number[2:]),
            "first name": self.first_name, "last name": self.last_name, "address": self.email, "mailbox": mailbox,
            "domain": domain, "id": str(self.person_id),
        }  # fmt: skip

    @cached_property
    def traces(self) -> dict[str, bytes]:
        """Each as it is, reversed, in hex, UTF-16 and percents, and the number spelled out; all in small letters."""
        found: dict[str, bytes] = {}
        for name, text in self.plain.items():
            raw = text.lower().encode()
            found |= {name: raw, f"{name}, reversed": raw[::-1], f"{name}, hex": text.encode().hex().encode()}
            found |= {
                f"{name}, UTF-16": text.lower().encode("utf-16-le"),
                f"{name}, percent": quote(text, safe="").lower().encode(),
            }
            found[f"{name}, percent of all"] = "".join(f"%{byte:02x}" for byte in text.encode()).encode()
        for language, words in DIGITS.items():
            spelled = [words[int(digit)] for digit in self.number[5:]]
            found |= {
                f"spelled in {language}": " ".join(spelled).encode(),
                f"and with commas in {language}": ", ".join(spelled).encode(),
            }
        return found

    @cached_property
    def in_base64(self) -> dict[str, bytes]:
        """What the base64 of any text that holds one of these holds for certain, at each of the three offsets."""
        pieces = {
            f"{name}, base64 at {at}": _base64(text.encode(), at)
            for name, text in self.plain.items()
            for at in range(3)
        }
        return {name: piece for name, piece in pieces.items() if len(piece) >= 8}

    def found_in(self, data: bytes) -> list[str]:
        """The names of the traces in these bytes."""
        low = data.lower()
        return [name for name, trace in self.traces.items() if trace in low] + [
            name for name, piece in self.in_base64.items() if piece in data or piece.translate(_URL_SAFE) in data
        ]


_URL_SAFE = bytes.maketrans(b"+/", b"-_")


def _base64(raw: bytes, at: int) -> bytes:
    """The letters of base64 that depend on `raw` alone when it begins so many bytes into a group of three."""
    padding = -(at + len(raw)) % 3
    whole = base64.b64encode(b"\0" * at + raw + b"\0" * padding)
    before, after = (0, 2, 3)[at], (0, 2, 3)[padding]  # these letters depend on the neighbors, too
    return whole[before : len(whole) - after]
