from django.urls import path

from peerline.outcomes import views

app_name = "outcomes"
urlpatterns = [
    path("questions/", views.mine, name="mine"),
    path("questions/<int:sheet_id>/", views.begin, name="begin"),
    path("questions/<int:sheet_id>/<int:place>/", views.question, name="question"),
    path("questions/<int:sheet_id>/check/", views.check, name="check"),
]
