from django.urls import path

from peerline.outcomes import staff_views, views

app_name = "outcomes"
urlpatterns = [
    path("questions/", views.mine, name="mine"),
    path("questions/<int:sheet_id>/", views.begin, name="begin"),
    path("questions/<int:sheet_id>/<int:place>/", views.question, name="question"),
    path("questions/<int:sheet_id>/check/", views.check, name="check"),
    path("people/<int:person_id>/outcomes/", staff_views.of_person, name="person"),
    path("enrollments/<int:enrollment_id>/measure/", staff_views.add_measure, name="add_measure"),
    path("enrollments/<int:enrollment_id>/ask/", staff_views.ask, name="ask"),
    path("measures/<int:measure_id>/strike/", staff_views.strike, name="strike"),
    path("sheets/<int:sheet_id>/paper/", staff_views.printed, name="paper"),
    path("sheets/<int:sheet_id>/type/", staff_views.type_in, name="type_in"),
    path("sheets/<int:sheet_id>/reopen/", staff_views.reopen, name="reopen"),
    path("programs/<int:program_id>/outcomes/", staff_views.of_program, name="program"),
    path("programs/<int:program_id>/outcomes.csv", staff_views.export, name="export"),
    path("questionnaires/", staff_views.instruments, name="instruments"),
    path("questionnaires/<slug:key>/", staff_views.attest, name="attest"),
]
