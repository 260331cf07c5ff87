from django.apps import AppConfig
from django.forms import BaseForm


class UiConfig(AppConfig):
    name = "peerline.ui"

    def ready(self) -> None:
        """Every form is drawn by this room, whichever room it is in, without each having to say so."""
        from peerline.ui.forms import Renderer

        BaseForm.default_renderer = Renderer
