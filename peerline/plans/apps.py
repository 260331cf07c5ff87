from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PlansConfig(AppConfig):
    name = "peerline.plans"

    def ready(self) -> None:
        """Links in the navigation, cards on two pages, and plans counted as goals set together (S96)."""
        from peerline.kernel import elements
        from peerline.people.access import KEEPERS
        from peerline.plans import cards, moments, queries
        from peerline.ui import moments as strands
        from peerline.ui import navigation, shelves

        navigation.register(_("My plan"), "plans:my", shown=lambda viewer: viewer.is_participant, order=15)
        navigation.register(_("Plans"), "plans:index", shown=lambda viewer: viewer.has(*KEEPERS), order=24)
        shelves.put("my", cards.mine, order=20)
        shelves.put("person", cards.of_person, order=20)
        elements.tell("plans", elements.Element.GOALS, queries.plans_of_each)
        strands.tell(*moments.STRANDS)
