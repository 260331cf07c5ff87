from django.urls import path

from peerline.care import desk_views, figure_views, note_views, notice_views, views

app_name = "care"
urlpatterns = [
    path("desk/", desk_views.index, name="desk"),
    path("desk/<int:need_id>/", desk_views.need, name="need"),
    path("desk/<int:need_id>/call/", desk_views.call_about, name="call_about"),
    path("desk/flags/<int:flag_id>/", desk_views.judge, name="judge"),
    path("desk/figures/", figure_views.figures, name="figures"),
    path("desk/time/<int:program_id>/", figure_views.staff_time, name="staff_time"),
    path("desk/time/<int:program_id>/file/", figure_views.staff_time_file, name="staff_time_file"),
    path("desk/people/<int:person_id>/", figure_views.panel, name="panel"),
    path("desk/people/<int:person_id>/task/", desk_views.task, name="task"),
    path("desk/<int:need_id>/take/", desk_views.take_need, name="take_need"),
    path("desk/<int:need_id>/hand-over/", desk_views.hand_over, name="hand_over"),
    path("desk/<int:need_id>/rest/", desk_views.rest, name="rest"),
    path("desk/<int:need_id>/reopen/", desk_views.reopen, name="reopen"),
    path("desk/pairs/<int:pair_id>/", views.difficulty, name="difficulty"),
    path("people/<int:person_id>/notes/", note_views.of_person, name="notes"),
    path("notes/", note_views.to_review, name="notes_to_review"),
    path("notes/<int:note_id>/review/", note_views.review, name="review_note"),
    path("notices/<int:program_id>/", notice_views.index, name="notices"),
    path("notices/<int:program_id>/write/", notice_views.write, name="write_notice"),
    path("notices/of/<int:notice_id>/", notice_views.notice, name="notice"),
    path("notices/of/<int:notice_id>/cancel/", notice_views.cancel, name="cancel_notice"),
    path("voicemail/", views.voicemail, name="voicemail"),
    path("voicemail/<int:voicemail_id>/", views.message, name="message"),
    path("voicemail/<int:voicemail_id>/sound/", views.sound, name="sound"),
    path("voicemail/<int:voicemail_id>/take/", views.take, name="take"),
    path("voicemail/<int:voicemail_id>/call-back/", views.call_back, name="call_back"),
]
