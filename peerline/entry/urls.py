from django.urls import path

from peerline.entry import views

app_name = "entry"
urlpatterns = [
    path("sign-in/", views.sign_in, name="sign_in"),
    path("sign-in/code/", views.code, name="code"),
    path("sign-in/as/<int:person_id>/", views.sign_in_as, name="sign_in_as"),
    path("sign-in/forgot/", views.forgot, name="forgot"),
    path("sign-out/", views.sign_out, name="sign_out"),
    path("first/", views.first, name="first"),
    path("welcome/<str:token>/", views.welcome, name="welcome"),
    path("people/<int:person_id>/pin/", views.pin, name="pin"),
    path("people/<int:person_id>/contact/<int:contact_id>/check/", views.check_number, name="check_number"),
    path("people/<int:person_id>/lost-second-factor/", views.lost_second_factor, name="lost_second_factor"),
]
