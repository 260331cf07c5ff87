from django.urls import path

from peerline.home import views

app_name = "home"
urlpatterns = [
    path("", views.front, name="front"),
    path("ready/", views.ready, name="ready"),
    path("ready/mail/", views.test_mail, name="test_mail"),
    path("ready/heard/<str:language>/", views.heard_all, name="heard_all"),
    path("telephone/", views.telephone, name="telephone"),
    path("telephone/<str:phone>/said.wav", views.said, name="said"),
]
