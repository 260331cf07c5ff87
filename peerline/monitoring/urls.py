from django.urls import path

from peerline.monitoring import views

app_name = "monitoring"
urlpatterns = [
    path("", views.log, name="calls"),
    path("live/", views.live, name="live"),
    path("export.csv", views.export, name="export"),
    path("figures/", views.figures, name="figures"),
    path("programs/<int:program_id>/", views.rhythm, name="rhythm"),
    path("programs/<int:program_id>/elements/", views.coverage, name="coverage"),
    path("<int:call_id>/", views.call, name="call"),
]
