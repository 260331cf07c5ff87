from django.urls import path

from peerline.care import views

app_name = "care"
urlpatterns = [
    path("desk/", views.desk, name="desk"),
    path("desk/pairs/<int:pair_id>/", views.difficulty, name="difficulty"),
    path("voicemail/", views.voicemail, name="voicemail"),
    path("voicemail/<int:voicemail_id>/", views.message, name="message"),
    path("voicemail/<int:voicemail_id>/sound/", views.sound, name="sound"),
    path("voicemail/<int:voicemail_id>/take/", views.take, name="take"),
    path("voicemail/<int:voicemail_id>/call-back/", views.call_back, name="call_back"),
]
