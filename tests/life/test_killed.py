"""The worker dies at any query of any turn, again and again, and comes back: the life it leaves is the undisturbed one."""

from collections import Counter
from datetime import timedelta
from random import Random

import pytest
from django.core.management import call_command
from django.db import connection

from config.life import laws
from config.life.house import House
from peerline.care.models import Need
from peerline.exchange.models import Call, VoiceMessage
from peerline.messaging.models import Message
from peerline.pairs import queries as pairs
from peerline.pairs.models import Pair
from peerline.programs.models import DueThing
from tests.lengths import length

REST = timedelta(seconds=61)  # a job held by one that died is free again after its lease


class Died(BaseException):
    """Not an Exception: nothing in the house may catch it, as nothing catches kill -9."""


class Deadly:
    """Lets so many queries through, then kills; then as many again as chance wants."""

    def __init__(self, chance):
        self.chance, self.deaths, self.left = chance, 0, 0
        self.draw()

    def draw(self):
        self.left = self.chance.randint(1, 3000)

    def __call__(self, execute, sql, params, many, context):
        self.left -= 1
        if self.left <= 0 and "SAVEPOINT" not in sql:
            self.deaths += 1
            self.draw()
            raise Died
        return execute(sql, params, many, context)


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


def lived(play, weeks):
    """The state left after so many weeks, and which laws it breaks; the tables are empty again afterwards."""
    life = play(weeks, people=12)
    life.until(life.monday(weeks))
    left, wrong = state_left(), laws.broken(life.stage.at)
    call_command("flush", verbosity=0, interactive=False)
    return left, wrong


def dying(turn, deadly):
    """A turn that is begun again as often as it is killed."""

    def again_and_again(house):
        while True:
            try:
                with connection.execute_wrapper(deadly):
                    return turn(house)
            except Died:
                house.stage.at += REST

    return again_and_again


@pytest.mark.django_db(transaction=True)
@pytest.mark.req("R1")
def test_a_worker_that_dies_again_and_again_leaves_the_same_life(play, monkeypatch):
    weeks = length(8, 1)
    undisturbed, _ = lived(play, weeks)
    deadly = Deadly(Random(7))
    monkeypatch.setattr(House, "turn", dying(House.turn, deadly))
    disturbed, wrong = lived(play, weeks)
    assert deadly.deaths > 3 * weeks
    assert wrong == []
    assert disturbed == undisturbed
