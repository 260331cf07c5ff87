from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GroupsConfig(AppConfig):
    name = "peerline.groups"

    def ready(self) -> None:
        """Links in the navigation, cards on other rooms' pages, and what sessions count for."""
        from peerline.groups import cards, moments, queries, training
        from peerline.kernel import elements
        from peerline.people.access import KEEPERS
        from peerline.ui import moments as strands
        from peerline.ui import navigation, shelves

        navigation.register(_("Sessions"), "groups:index", shown=lambda viewer: viewer.has(*KEEPERS), order=23)
        navigation.register(_("My sessions"), "groups:my", shown=lambda viewer: viewer.is_participant, order=15)
        for element in elements.Element:
            elements.tell("groups", element, queries.came_to(element))
        elements.tell("training", elements.Element.EDUCATION, training.counted)
        elements.tell("referrals", elements.Element.COMMUNITY, queries.referred)
        shelves.put("my", cards.my_training, order=15)
        shelves.put("my", cards.my_next_session, order=30)
        shelves.put("person", cards.of_person, order=40)
        strands.tell(*moments.STRANDS)
