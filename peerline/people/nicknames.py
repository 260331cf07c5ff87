"""Names towards a partner: trees, birds and places, easy to say and to hear on a telephone, in each language."""

from collections.abc import Collection, Iterator
from itertools import product

TREES = {
    "en": "Maple Birch Willow Cedar Aspen Juniper Magnolia Laurel Hickory Sycamore Redwood Linden Hazel Olive Poplar",
    "es": "Roble Ceiba Laurel Olivo Pino Sauce Jacaranda Naranjo Encino Almendro Cedro Palmera Limonero Fresno Nogal",
}
BIRDS = {
    "en": "Robin Cardinal Heron Wren Finch Swallow Sparrow Lark Bluebird Oriole Starling Falcon Dove Kingfisher Quail",
    "es": "Colibrí Golondrina Cardenal Gorrión Garza Canario Paloma Ruiseñor Quetzal Jilguero Tucán Cigüeña Halcón Mirlo",
}
PLACES = {
    "en": "Harbor Meadow Prairie Lakeside Canyon Orchard Island Valley Ridge Garden Summit Riverside Mesa Delta Cove",
    "es": "Ribera Pradera Laguna Sierra Huerta Isla Valle Cumbre Jardín Arroyo Bahía Colina Playa Llano Cascada",
}


def plain(language: str) -> list[str]:
    """The one-word names of a language: tree, bird, place, tree, bird, place …"""
    lists = [words[language].split() for words in (TREES, BIRDS, PLACES)]
    longest = max(map(len, lists))
    return [names[i] for i in range(longest) for names in lists if i < len(names)]


def all_names(language: str) -> Iterator[str]:
    """One-word names, then pairs of a bird and a place or tree, which is a thousand names; then with a count."""
    yield from plain(language)
    birds = BIRDS[language].split()
    for other, bird in product(PLACES[language].split() + TREES[language].split(), birds):
        yield f"{bird} {other}"
    count = 2
    while True:
        for name in plain(language):
            yield f"{name} {count}"
        count += 1


def suggest(language: str, taken: Collection[str], how_many: int = 3, turn: int = 0) -> list[str]:
    """Names nobody in `taken` has (compared without regard to case). `turn` starts among the one-word names elsewhere,
    so that two people asked one after the other are not offered the same list.

        suggest("en", {"Maple"}, 2) == ["Robin", "Harbor"]
    """
    used = {name.casefold() for name in taken}
    first = plain(language)
    start = turn % len(first)
    found: list[str] = []
    for name in first[start:] + first[:start]:
        if name.casefold() not in used:
            found.append(name)
        if len(found) == how_many:
            return found
    for name in all_names(language):
        if name.casefold() not in used and name not in found:
            found.append(name)
        if len(found) == how_many:
            break
    return found
