from django.urls import path

from peerline.messaging import doors, views

app_name = "messaging"
urlpatterns = [
    path("outbox/", views.outbox, name="outbox"),
    path("me/reminders/", views.ways, name="my_ways"),
    path("carrier/text/", doors.text, name="text"),
    path("carrier/text/<int:message_id>/", doors.text_status, name="text_status"),
    path("people/<int:person_id>/reminders/", views.ways, name="ways"),
]
