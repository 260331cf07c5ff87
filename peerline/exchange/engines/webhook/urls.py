from django.urls import path

from peerline.exchange.engines.webhook import sounds, views

app_name = "webhook"
urlpatterns = [
    path("call/", views.incoming, name="incoming"),
    path("status/", views.status, name="status"),
    path("leg/<int:leg_id>/", views.now, name="now"),
    path("leg/<int:leg_id>/status/", views.leg_status, name="leg_status"),
    path("leg/<int:leg_id>/machine/", views.machine, name="machine"),
    path("leg/<int:leg_id>/<int:step>/keys/", views.keys, name="keys"),
    path("leg/<int:leg_id>/<int:step>/left/", views.left, name="left"),
    path("leg/<int:leg_id>/<int:step>/skipped/", views.skipped, name="skipped"),
    path("leg/<int:leg_id>/<int:step>/recorded/", views.recorded, name="recorded"),
    path("leg/<int:leg_id>/<int:step>/unspoken/", views.unspoken, name="unspoken"),
    path("leg/<int:leg_id>/<int:step>/recording/", views.recording, name="recording"),
    path("room/<int:room_id>/", views.room, name="room"),
    path("room/<int:room_id>/wait/", views.wait, name="wait"),
    path("tone/<str:name>/", views.tone, name="tone"),
    path("sound/<str:name>.wav", sounds.tone_wav, name="tone_wav"),
    path("words/<str:language>/<str:prompt>/<int:until>/<str:mark>.wav", sounds.prompt, name="prompt"),
    path("words/<str:token>.wav", sounds.sound, name="sound"),
]
