from django.urls import path

from peerline.programs import intake_views, roster_views, set_up_views, staff_views, views

app_name = "programs"
urlpatterns = [
    path("programs/", views.index, name="index"),
    path("programs/add/", set_up_views.choose, name="add"),
    path("programs/add/<str:key>/", set_up_views.basics, name="add_by"),
    path("programs/add/<str:key>/calendar/", set_up_views.calendar, name="add_calendar"),
    path("programs/<int:program_id>/guide/", set_up_views.guide, name="guide"),
    path("programs/<int:program_id>/", views.people_list, name="people"),
    path("programs/<int:program_id>/settings/", views.settings, name="settings"),
    path("programs/<int:program_id>/listening/", views.staff_hours, name="staff_hours"),
    path("programs/<int:program_id>/timeline/", views.timeline_page, name="timeline"),
    path("programs/<int:program_id>/consent/", views.consent_text, name="consent_text"),
    path("programs/<int:program_id>/add/", views.add_person, name="add_person"),
    path("programs/<int:program_id>/roster/", roster_views.bring, name="bring_roster"),
    path("rosters/<int:batch_id>/", roster_views.roster, name="roster"),
    path("rosters/<int:batch_id>/import/", roster_views.load, name="load_roster"),
    path("rosters/<int:batch_id>/undo/", roster_views.undo, name="undo_roster"),
    path("people/<int:person_id>/", views.person, name="person"),
    path("enrollments/<int:enrollment_id>/", views.enrollment, name="enrollment"),
    path("enrollments/<int:enrollment_id>/intake/", intake_views.intake_page, name="intake"),
    path("enrollments/<int:enrollment_id>/fits/", intake_views.fits, name="fits"),
    path("enrollments/<int:enrollment_id>/move-on/", intake_views.move_on, name="move_on"),
    path("enrollments/<int:enrollment_id>/about-me/", intake_views.about_me, name="about_me"),
    path("enrollments/<int:enrollment_id>/agree/", views.consent, name="consent"),
    path("enrollments/<int:enrollment_id>/agreed-on-paper/", views.consent_on_paper, name="consent_on_paper"),
    path("enrollments/<int:enrollment_id>/move/", views.move, name="move"),
    path("enrollments/<int:enrollment_id>/reminders/", views.reminders, name="reminders"),
    path("enrollments/<int:enrollment_id>/stop/", views.stop, name="stop"),
    path("enrollments/<int:enrollment_id>/remove/", views.complete_removal, name="complete_removal"),
    path("me/", views.known, name="known"),
    path("staff/", staff_views.staff, name="staff"),
    path("staff/add/", staff_views.add, name="add_colleague"),
    path("staff/<int:person_id>/role/", staff_views.give_role, name="give_role"),
    path("staff/roles/<int:role_id>/end/", staff_views.end_role, name="end_role"),
]
