"""The words that end, begin or explain texts and mail, in English and Spanish. Pure.

47 CFR 64.1200(a)(10): stop, quit, end, revoke, opt out, cancel and unsubscribe end texts for certain; so do their Spanish
sisters, and any of them with a polite word around. "Stop by at five" is no STOP: somebody wrote to their partner.
"""

import re

from peerline.people.rules import folded

STOP = {"stop", "stopall", "quit", "end", "revoke", "optout", "cancel", "unsubscribe"}
ALTO = {"alto", "parar", "pare", "parad", "cancelar", "baja"}
START = {"start", "unstop", "resume"}
EMPEZAR = {"empezar", "iniciar", "reanudar"}
HELP, AYUDA = {"help", "info"}, {"ayuda"}
POLITE = {
    "please", "pls", "now", "thanks", "thank", "you", "all", "any", "me", "my", "the", "a", "this", "these", "no", "more", "text",
    "texts", "texting", "message", "messages", "messaging", "sending", "mail", "mails", "email", "emails", "calling", "from", "to",
    "it", "by", "sms", "por", "favor", "ya", "gracias", "todo", "todos", "mas", "los", "las", "el", "la", "de", "mis", "un",
    "mensaje", "mensajes", "texto", "textos", "correo", "correos", "enviar", "mandar", "mandarme", "enviarme", "dar", "darme",
    "quiero", "deseo",
}  # fmt: skip
MOST_WORDS = 6

_MEANS = (("stop", STOP | ALTO), ("start", START | EMPEZAR), ("help", HELP | AYUDA))


def keyword(words: str) -> str:
    """ "stop", "start", "help", or "" for anything else: keyword("Please STOP texting me!") == "stop"."""
    found = re.findall(r"\w+", folded(words).replace("opt out", "optout").replace("opt-out", "optout"))
    bare = [word for word in found if word not in POLITE]
    if len(found) > MOST_WORDS:
        return ""
    if not bare and found[:1] == ["no"] and len(found) > 1:
        return "stop"  # no more texts, no más mensajes
    if len(bare) != 1:
        return ""
    return next((meaning for meaning, known in _MEANS if bare[0] in known), "")


def language_of(words: str) -> str:
    """ "es" for a keyword that only Spanish has, "en" for one that only English has, else ""."""
    found = set(re.findall(r"\w+", folded(words)))
    if found & (ALTO | EMPEZAR | AYUDA):
        return "es"
    return "en" if found & (STOP | START | HELP) else ""
