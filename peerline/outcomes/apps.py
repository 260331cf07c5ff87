from django.apps import AppConfig


class OutcomesConfig(AppConfig):
    name = "peerline.outcomes"

    def ready(self) -> None:
        """Cards on the person's own page and on the staff's, and what is counted as assessment and as regular care."""
        from peerline.kernel import elements
        from peerline.outcomes import checkups, moments, pages, person, queries
        from peerline.ui import moments as strands
        from peerline.ui import shelves

        shelves.put("my", pages.card, order=40)
        shelves.put("person", person.card, order=40)
        strands.tell(*moments.STRANDS)
        elements.tell("outcomes", elements.Element.ASSESSMENT, queries.answered_sheets_of_each)
        elements.tell("outcomes", elements.Element.ACCESS, checkups.done_by_each)
