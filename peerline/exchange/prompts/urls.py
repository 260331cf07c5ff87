from django.urls import path

from peerline.exchange.prompts import views

app_name = "prompts"
urlpatterns = [
    path("", views.front, name="front"),
    path("<str:language>/", views.shelf, name="shelf"),
    path("<str:language>/<str:key>/", views.one, name="one"),
    path("<str:language>/<str:key>/approve/", views.approve, name="approve"),
    path("<str:language>/<str:key>/restore/", views.restore, name="restore"),
    path("<str:language>/<str:key>/line.wav", views.on_the_line, name="on_the_line"),
    path("<str:language>/<str:key>/waiting.wav", views.waiting, name="waiting"),
]
