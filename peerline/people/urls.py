from django.urls import path

from peerline.people import log_views, views

app_name = "people"
urlpatterns = [
    path("log/", log_views.who_did_what, name="log"),
    path("me/hours/", views.hours, name="my_hours"),
    path("me/nickname/", views.nickname, name="my_nickname"),
    path("me/language/", views.language, name="my_language"),
    path("people/<int:person_id>/hours/", views.hours, name="hours"),
    path("people/<int:person_id>/nickname/", views.nickname, name="nickname"),
    path("people/<int:person_id>/language/", views.language, name="language"),
    path("people/<int:person_id>/record/", views.record, name="record"),
    path("people/<int:person_id>/contact/", views.contact, name="contact"),
    path("people/<int:person_id>/contact/add/<str:kind>/", views.add_contact, name="add_contact"),
    path("people/<int:person_id>/contact/<int:contact_id>/verify/", views.verify_contact, name="verify_contact"),
    path("people/<int:person_id>/contact/<int:contact_id>/drop/", views.drop_contact, name="drop_contact"),
]
