from django.db import models
from django.db.models import Q


class Pair(models.Model):
    program = models.ForeignKey("programs.Program", models.PROTECT, related_name="pairs")
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=40, blank=True)
    made_by_id = models.BigIntegerField(null=True)

    class Meta:
        indexes = [models.Index(fields=["program"], condition=Q(ended_at=None), name="pairs_active")]


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
