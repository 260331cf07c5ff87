"""When a play is over nobody talks any more: the pages show no call that nobody holds."""

from datetime import timedelta

from peerline.exchange.models import Call, Leg


def somebody_talks_at(life, at):
    life.until(at)
    return Leg.objects.exclude(state="over").exists()


def test_whoever_still_talks_at_the_end_hangs_up(play):
    life = play(1, people=12)
    life.participants.keep_steady(life.participants.places)
    quarters = (life.monday(0) + timedelta(minutes=15 * number) for number in range(7 * 24 * 4))
    assert any(somebody_talks_at(life, at) for at in quarters)
    life.close()
    assert not Leg.objects.exclude(state="over").exists()
    assert not Call.objects.filter(ended_at=None).exists()
