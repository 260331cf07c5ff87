from django.urls import path

from peerline.pairs import fit_views, match_views, mentor_views, my, time_views, views, writing

app_name = "pairs"
urlpatterns = [
    path("pairs/", views.index, name="index"),
    path("pairs/<int:pair_id>/", views.pair, name="pair"),
    path("pairs/<int:pair_id>/end/", views.end, name="end"),
    path("pairs/<int:pair_id>/ring/<int:person_id>/", views.ring, name="ring"),
    path("pairs/<int:pair_id>/go-on/", writing.settle, name="settle_report"),
    path("programs/<int:program_id>/pair/", views.make, name="make"),
    path("match/", match_views.home, name="match_home"),
    path("match/<int:program_id>/", match_views.match, name="match"),
    path("match/<int:program_id>/accept/", match_views.accept, name="match_accept"),
    path("match/<int:program_id>/close/", match_views.close, name="match_close"),
    path("match/<int:program_id>/what-if/", match_views.what_if, name="match_what_if"),
    path("match/<int:program_id>/compare/", match_views.compare, name="match_compare"),
    path("match/<int:program_id>/settings/", match_views.settings, name="match_settings"),
    path("match/<int:program_id>/learn/", fit_views.learn, name="match_learn"),
    path("match/<int:program_id>/apart/", match_views.apart, name="match_apart"),
    path("match/<int:program_id>/mentors/", mentor_views.mentors, name="match_mentors"),
    path("proposals/<int:proposed_id>/", match_views.decide, name="match_decide"),
    path("my/", my.home, name="my"),
    path("my/call/<int:pair_id>/", my.call, name="my_call"),
    path("my/time/<int:pair_id>/", time_views.time_to_talk, name="my_time"),
    path("my/messages/", my.messages_page, name="my_messages"),
    path("my/messages/<int:voice_id>/sound/", my.sound, name="my_sound"),
    path("my/messages/<int:voice_id>/delete/", my.delete, name="my_delete"),
    path("my/write/<int:pair_id>/", writing.write, name="my_write"),
    path("my/written/<int:written_id>/delete/", writing.delete, name="my_written_delete"),
    path("my/silence/<int:pair_id>/", writing.silence, name="my_silence"),
    path("my/stop/", my.stop, name="my_stop"),
    path("stopped/", my.stopped, name="stopped"),
]
