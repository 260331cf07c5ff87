"""A goal is no step: "lose weight" says where somebody wants to arrive, and not what they will do on Tuesday (S58). Pure.

The list is short on purpose. It prompts for a step and never refuses one: people know best what they mean.
"""

import re
import unicodedata

# What people write when they mean where they want to arrive, and not what they will do on Tuesday: goal → its words.
GOALS = {
    "weight": r"(lose|losing|drop|shed) ((some|more|my|the|\d+) )*(weight|pounds?|lbs?|kilos?)|be (thin|thinner|slim|slimmer)"
    r"|(bajar|perder|rebajar)( de)?( \d+)? (peso|kilos?|libras?)|adelgazar|estar mas delgad[oa]",
    "sugar": r"(lower|better|good|control|reduce|bring down)( my| the)? (blood )?(sugars?|a1c|numbers|glucose)"
    r"|(bajar|controlar|mejorar|reducir)( mi| el| la| los| mis)? (azucar|a1c|glucosa|numeros)",
    "health": r"(get|be|feel|stay) (well|better|healthy|healthier|fit)|(estar|sentirme|ser|mantenerme) (bien|mejor|sano|sana|saludable)",
    "eating": r"(eat|eating) (better|healthy|healthier|right|well|less)|comer (mas )?(mejor|sano|sanamente|bien|menos|saludable)",
    "moving": r"(exercise|move|work out) (more|better)|(be|get) (more )?(active|in shape)|(hacer|hago) (mas )?ejercicio|moverme mas|ponerme en forma",
    "stress": r"(be|feel|have) (less|no) (stressed|stress|worried|sad)|(stress|worry) less|(estar|sentirme) menos (estresad[oa]|triste|preocupad[oa])",
}
_GOALS = {goal: re.compile(rf"\b({words})\b") for goal, words in GOALS.items()}
# Something one can be seen doing, or that can be counted.
_DEED = re.compile(
    r"\b(walk\w*|swim\w*|bike|biking|danc\w*|stretch\w*|cook\w*|drink\w*|check\w*|test\w*|take|taking|write|writing|call\w*"
    r"|breathe|breathing|pack\w*|skip\w*|replace|swap|sit|stand|climb\w*|fruit|vegetables?|salad|water|soda|bread|plate"
    r"|camin\w*|nad\w*|bail\w*|estir\w*|cocin\w*|beb\w*|tom\w*|revis\w*|med\w*|escrib\w*|llam\w*|respir\w*|cambi\w*|subir"
    r"|frutas?|verduras?|ensaladas?|agua|refrescos?|pan|plato|minutes?|minutos?|cups?|vasos?|pasos|steps)\b"
)


def goal_named(what: str) -> str:
    """The goal that these words name instead of a step: "lose weight" → "weight"; "" when they say what will be done.

    "Walk 20 minutes after lunch to lose weight" is a step: it says what one does, and why.
    """
    plain = _plain(what)
    if _DEED.search(plain):
        return ""
    return next((goal for goal, words in _GOALS.items() if words.search(plain)), "")


def _plain(text: str) -> str:
    """Small letters without accents, one blank between words."""
    parts = unicodedata.normalize("NFD", text.casefold())
    return " ".join("".join(sign for sign in parts if not unicodedata.combining(sign)).split())
