from django.urls import path

from peerline.plans import paper_views, views

app_name = "plans"
urlpatterns = [
    path("my/plan/", views.my, name="my"),
    path("plans/", views.index, name="index"),
    path("plans/of/<int:enrollment_id>/", views.person, name="person"),
    path("plans/of/<int:enrollment_id>/start/", views.start, name="start"),
    path("plans/of/<int:enrollment_id>/workbook/", paper_views.workbook, name="workbook"),
    path("plans/of/<int:enrollment_id>/workbook.pdf", paper_views.workbook_pdf, name="workbook_pdf"),
    path("plans/paper/<int:program_id>/<str:kind>/", paper_views.type_in, name="type_in"),
    path("plans/<int:plan_id>/", views.plan, name="plan"),
    path("plans/<int:plan_id>/check/", views.check, name="check"),
    path("plans/<int:plan_id>/easier/", views.easier, name="easier"),
    path("plans/<int:plan_id>/share/", views.share, name="share"),
    path("plans/<int:plan_id>/sound/", views.sound, name="sound"),
    path("plans/<int:plan_id>/review/", views.review, name="review"),
    path("plans/<int:plan_id>/review/<str:outcome>/", views.look_back, name="look_back"),
    path("plans/<int:plan_id>/<str:way>/<str:question>/", views.ask, name="ask"),
]
