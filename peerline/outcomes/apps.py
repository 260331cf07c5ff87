from django.apps import AppConfig


class OutcomesConfig(AppConfig):
    name = "peerline.outcomes"

    def ready(self) -> None:
        """Cards on the person's own page."""
        from peerline.outcomes import pages
        from peerline.ui import shelves

        shelves.put("my", pages.card, order=40)
