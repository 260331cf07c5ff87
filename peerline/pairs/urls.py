from django.urls import path

from peerline.pairs import my, views

app_name = "pairs"
urlpatterns = [
    path("pairs/", views.index, name="index"),
    path("pairs/<int:pair_id>/", views.pair, name="pair"),
    path("pairs/<int:pair_id>/end/", views.end, name="end"),
    path("pairs/<int:pair_id>/ring/<int:person_id>/", views.ring, name="ring"),
    path("programs/<int:program_id>/pair/", views.make, name="make"),
    path("my/", my.home, name="my"),
    path("my/call/<int:pair_id>/", my.call, name="my_call"),
    path("my/messages/", my.messages_page, name="my_messages"),
    path("my/messages/<int:voice_id>/sound/", my.sound, name="my_sound"),
    path("my/messages/<int:voice_id>/delete/", my.delete, name="my_delete"),
    path("my/stop/", my.stop, name="my_stop"),
    path("stopped/", my.stopped, name="stopped"),
]
