from django.urls import path

from peerline.messaging import views

app_name = "messaging"
urlpatterns = [
    path("outbox/", views.outbox, name="outbox"),
    path("me/reminders/", views.ways, name="my_ways"),
    path("people/<int:person_id>/reminders/", views.ways, name="ways"),
]
