from django.urls import path

from peerline.home import views

app_name = "home"
urlpatterns = [
    path("", views.front, name="front"),
    path("telephone/", views.telephone, name="telephone"),
]
