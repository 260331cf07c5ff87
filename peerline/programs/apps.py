from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProgramsConfig(AppConfig):
    name = "peerline.programs"

    def ready(self) -> None:
        """Links, cards and counts, and the wiping of rosters nobody imported."""
        from peerline.jobs.services import every
        from peerline.kernel import elements
        from peerline.people import merging
        from peerline.people.access import KEEPERS
        from peerline.programs import intake, moments, my_cards, one_person, rosters
        from peerline.ui import moments as strands
        from peerline.ui import navigation, shelves

        every("programs.forget_abandoned_rosters", 3600, rosters.forget_abandoned)
        navigation.register(_("Programs"), "programs:index", shown=lambda viewer: viewer.has(*KEEPERS), order=40)
        navigation.register(_("Staff"), "programs:staff", shown=lambda viewer: viewer.has("administrator"), order=80)
        navigation.register(_("Who did what"), "people:log", shown=lambda viewer: viewer.has("administrator"), order=82)
        navigation.register(_("About me"), "programs:known", shown=lambda viewer: viewer.is_participant, order=70)
        shelves.put("my", my_cards.about_me, order=60)
        shelves.put("person", my_cards.who_looked, order=90)
        strands.tell(*moments.STRANDS)
        strands.foresee("programs.due", moments.falls_due)
        strands.foresee("programs.protocol", moments.by_the_protocol)
        shelves.put("person", my_cards.timeline, order=5)
        shelves.put("my", my_cards.my_time, order=75)
        merging.refuses(one_person.both_active)
        merging.also("programs.enrollments", one_person.end_the_lesser, one_person.as_it_was)
        merging.also("programs.due", one_person.due_of_the_other, one_person.due_back)
        elements.tell("programs", elements.Element.ASSESSMENT, intake.counted)
