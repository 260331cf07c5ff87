from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CareConfig(AppConfig):
    name = "peerline.care"

    def ready(self) -> None:
        from peerline.care import cards, moments, notices, queries, served
        from peerline.jobs.services import handles
        from peerline.kernel import elements
        from peerline.people.access import KEEPERS, care_staff
        from peerline.ui import moments as strands
        from peerline.ui import navigation, shelves

        navigation.register(_("Who needs me"), "care:desk", shown=lambda viewer: viewer.has(*KEEPERS), order=10)
        navigation.register(_("Voicemail"), "care:voicemail", shown=care_staff, order=25)
        elements.tell("care", elements.Element.ACCESS, queries.answered_of_each)
        for element in elements.Element:
            elements.tell("care.served", element, served.of_each(element))
        shelves.put("person", cards.of_person, order=10)
        shelves.put("person", cards.task, order=11)
        shelves.put("person", cards.panel, order=12)
        shelves.put("person", cards.notes_of, order=13)
        navigation.register(_("Notes to read"), "care:notes_to_review", shown=care_staff, order=26)
        handles(notices.LEAVE, notices.leave)
        strands.tell(*moments.STRANDS)
