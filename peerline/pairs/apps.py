from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PairsConfig(AppConfig):
    name = "peerline.pairs"

    def ready(self) -> None:
        from peerline.kernel import elements
        from peerline.pairs import moments, one_person, queries, sharing
        from peerline.pairs.time_views import card
        from peerline.people import merging
        from peerline.people.access import KEEPERS
        from peerline.ui import moments as strands
        from peerline.ui import navigation, shelves

        shelves.put("my", sharing.card, order=15)
        merging.refuses(one_person.were_partners)
        merging.also("pairs.apart", one_person.keep_apart_from_one, one_person.apart_as_it_was, stays="pairs.KeptApart")
        elements.tell("pairs", elements.Element.FOLLOWUP, queries.talks_of_each)
        navigation.register(_("Pairs"), "pairs:index", shown=lambda viewer: viewer.has(*KEEPERS), order=20)
        navigation.register(_("Match"), "pairs:match_home", shown=lambda viewer: viewer.has(*KEEPERS), order=22)
        navigation.register(_("My partner"), "pairs:my", shown=lambda viewer: viewer.is_participant, order=10)
        navigation.register(_("Messages"), "pairs:my_messages", shown=lambda viewer: viewer.is_participant, order=20)
        shelves.put("my", card, order=10)
        strands.tell(*moments.STRANDS)
        navigation.register(_("My hours"), "people:my_hours", shown=lambda viewer: viewer.is_participant, order=30)
