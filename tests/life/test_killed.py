"""Peerline is killed at any query of any turn, call or page, again and again, and comes back: the life it leaves is the
undisturbed one."""

from collections import Counter
from random import Random

import pytest
from django.core.management import call_command

from config.life import laws
from peerline.care.models import Need
from peerline.exchange.models import Call, VoiceMessage
from peerline.messaging.models import Message
from peerline.pairs import queries as pairs
from peerline.pairs.models import Pair
from peerline.programs.models import DueThing
from tests.lengths import length
from tests.life.mortal import Mortal, on_disk


def state_left():
    """What everybody would see of it. Times may be some minutes later, and numbers others, as rows came in another order."""
    members = pairs.members_of(list(Pair.objects.values_list("pk", flat=True)))
    in_place = {pair_id: tuple(sorted(who)) for pair_id, who in members.items()}
    return {
        "calls": Counter(
            (way, in_place[int(label.removeprefix("pair:"))])
            for way, label in Call.objects.filter(label__startswith="pair:").values_list("way", "label")
        ),
        "reminder calls": Call.objects.filter(label__startswith="message:").count(),
        "pairs": sorted((in_place[pk], reason) for pk, reason in Pair.objects.values_list("pk", "end_reason")),
        "due": Counter(DueThing.objects.values_list("duty", "state")),
        "messages": Counter(Message.objects.values_list("kind", "channel", "state")),
        "voices": Counter(VoiceMessage.objects.values_list("for_staff", "state")),
        "needs": Counter(Need.objects.values_list("kind", "level", "closed_how")),
    }


def lived(play, weeks, set_up=lambda stage: None):
    """The state left after so many weeks, and which laws it breaks; the tables are empty again afterwards."""
    life = play(weeks, people=12, set_up=set_up)
    life.until(life.monday(weeks))
    left, wrong = state_left(), laws.broken(life.stage.at)
    call_command("flush", verbosity=0, interactive=False)
    return left, wrong


@pytest.fixture
def mortal(monkeypatch, tmp_path):
    """Serves the stage of a life; is ended with the test."""
    begun = []

    def serve(stage):
        begun.append(Mortal(Random(7), stage))
        begun[0].serve(monkeypatch)

    with on_disk(tmp_path / "played.sqlite3"):
        yield serve, begun
        for one in begun:
            one.end()


@pytest.mark.django_db(transaction=True)
@pytest.mark.req("R1")
def test_a_platform_that_is_killed_again_and_again_leaves_the_same_life(play, mortal):
    weeks = length(8, 1)
    serve, begun = mortal
    undisturbed, _ = lived(play, weeks)
    disturbed, wrong = lived(play, weeks, serve)
    deaths = begun[0].deaths
    assert all(deaths[kind] > 2 * weeks for kind in ("report", "page", "turn")), deaths
    assert wrong == []
    assert disturbed == undisturbed
