from django.urls import path

from peerline.ui import views

app_name = "ui"
urlpatterns = [
    path("", views.pattern_page, name="patterns"),
    path("language", views.choose_language, name="language"),
]
