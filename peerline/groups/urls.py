from django.urls import path

from peerline.groups import learn, my, paper, views

app_name = "groups"
urlpatterns = [
    path("sessions/", views.index, name="index"),
    path("programs/<int:program_id>/sessions/plan/", views.plan, name="plan"),
    path("sessions/<int:session_id>/", views.session, name="session"),
    path("sessions/<int:session_id>/change/", views.change, name="change"),
    path("sessions/<int:session_id>/cancel/", views.cancel, name="cancel"),
    path("sessions/<int:session_id>/seat/", views.seat, name="seat"),
    path("sessions/<int:session_id>/came/", views.mark, name="mark"),
    path("sessions/<int:session_id>/close/", views.close, name="close"),
    path("sessions/<int:session_id>/point/", views.point, name="point"),
    path("sessions/<int:session_id>/settle/", views.settle, name="settle"),
    path("sessions/<int:session_id>/record/", views.record, name="record"),
    path("sessions/<int:session_id>/ring/", views.ring, name="ring"),
    path("sessions/<int:session_id>/sheet/", paper.sheet, name="sheet"),
    path("sessions/<int:session_id>/guide/", paper.guide, name="guide"),
    path("programs/<int:program_id>/training/", views.training, name="training"),
    path("training/paper/", paper.lesson, name="lesson_paper"),
    path("people/<int:person_id>/certificate/", paper.certificate, name="certificate"),
    path("my/certificate/", paper.my_certificate, name="my_certificate"),
    path("my/sessions/", my.sessions, name="my"),
    path("my/sessions/<int:session_id>/answer/", my.answer, name="my_answer"),
    path("my/sessions/<int:session_id>/point/", my.point, name="my_point"),
    path("my/sessions/<int:session_id>/want/", my.want, name="my_want"),
    path("my/sessions/<int:session_id>/calendar/", my.one_in_calendar, name="my_ics"),
    path("my/seats/<int:seat_id>/another/", my.another, name="my_another"),
    path("my/calendar/", my.calendar, name="my_calendar"),
    path("calendar/<str:token>/", my.feed, name="feed"),
    path("my/training/", learn.learn, name="learn"),
    path("my/training/<int:number>/", learn.screen, name="learn_screen"),
    path("my/training/end/", learn.look_back, name="look_back"),
]
