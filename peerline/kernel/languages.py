"""The languages Peerline speaks. A language is complete on every door or it is not in this list."""

LANGUAGES = {"en": "English", "es": "Español"}
DEFAULT = "en"


def known(language: str | None) -> str:
    """`language` if we speak it (a region is dropped: "es-MX" is "es"), else English."""
    short = (language or "").lower().replace("_", "-").split("-")[0]
    return short if short in LANGUAGES else DEFAULT
