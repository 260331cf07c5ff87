"""The web front door: each room's own addresses, under the room's name."""

from django.urls import include, path

from config.health import healthz

urlpatterns = [
    path("healthz", healthz),
    path("", include("peerline.home.urls")),
    path("", include("peerline.entry.urls")),
    path("", include("peerline.entry.second_factor")),
    path("", include("peerline.people.urls")),
    path("", include("peerline.programs.urls")),
    path("", include("peerline.plans.urls")),
    path("", include("peerline.outcomes.urls")),
    path("", include("peerline.pairs.urls")),
    path("", include("peerline.groups.urls")),
    path("calls/", include("peerline.monitoring.urls")),
    path("", include("peerline.care.urls")),
    path("prompts/", include("peerline.exchange.prompts.urls")),
    path("carrier/", include("peerline.exchange.engines.webhook.urls")),
    path("ui/", include("peerline.ui.urls")),
    path("", include("peerline.messaging.urls")),
]
