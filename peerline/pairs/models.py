from datetime import datetime

from django.db import models
from django.db.models import Q


class Pair(models.Model):
    program = models.ForeignKey("programs.Program", models.PROTECT, related_name="pairs")
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=40, blank=True)
    made_by_id = models.BigIntegerField(null=True)
    # When their last conversation began; until the first one, when the pair began.
    silent_since = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["program", "silent_since"], condition=Q(ended_at=None), name="pairs_silent")]

    @property
    def last_talk_at(self) -> datetime | None:
        return self.silent_since if self.silent_since > self.began_at else None


class Partner(models.Model):
    """One person's place in a pair. `program` repeats the pair's, so that the database itself refuses a second active pair."""

    pair = models.ForeignKey(Pair, models.CASCADE, related_name="partners")
    program = models.ForeignKey("programs.Program", models.PROTECT, related_name="+")
    person = models.ForeignKey("people.Person", models.CASCADE, related_name="places")
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["pair", "person"], name="once_in_a_pair"),
            models.UniqueConstraint(
                fields=["person", "program"], condition=Q(active=True), name="one_active_pair_a_program"
            ),
        ]


class PairWeek(models.Model):
    """A pair's calls of one week, counted. The calls are the truth, this saves reading them again; `check_weeks` compares."""

    pair = models.ForeignKey(Pair, models.CASCADE, related_name="weeks")
    monday = models.DateField()
    talks = models.IntegerField(default=0)  # conversations
    tries = models.IntegerField(default=0)  # calls that were none
    seconds = models.IntegerField(default=0)  # talked, in both

    class Meta:
        constraints = [models.UniqueConstraint(fields=["pair", "monday"], name="once_a_week")]
        indexes = [models.Index(fields=["monday", "pair", "tries"], condition=Q(tries__gt=0), name="pair_weeks_tried")]
