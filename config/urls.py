"""The web front door: each room's own addresses, under the room's name."""

from django.urls import include, path

urlpatterns = [
    path("", include("peerline.home.urls")),
    path("", include("peerline.entry.urls")),
    path("", include("peerline.entry.second_factor")),
    path("ui/", include("peerline.ui.urls")),
    path("outbox/", include("peerline.messaging.urls")),
]
