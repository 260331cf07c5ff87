"""The website's addresses and the pattern page's, wherever the house hangs it."""

from django.urls import include, path

urlpatterns = [path("ui/", include("peerline.ui.urls")), path("", include("config.urls"))]
