from django.db import models
from django.db.models import Q


class Pair(models.Model):
    program = models.ForeignKey("programs.Program", models.PROTECT, related_name="pairs")
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=40, blank=True)
    made_by_id = models.BigIntegerField(null=True)
    last_talk_at = models.DateTimeField(null=True)  # when their last conversation began
    back_at = models.DateTimeField(null=True)  # when the last rest of one of them ended
    # The latest of these three: who rests is not silent, and begins afresh.
    silent_since = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["program", "silent_since"], condition=Q(ended_at=None), name="pairs_silent"),
            models.Index(fields=["silent_since"], condition=Q(ended_at=None), name="pairs_fell_silent"),
            models.Index(fields=["program", "began_at"], condition=Q(ended_at=None), name="pairs_by_beginning"),
        ]


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


class MatchSettings(models.Model):
    """How a program matches. A preference, not evidence; what is missing is as the matching room begins with."""

    program = models.OneToOneField("programs.Program", models.CASCADE, related_name="match_settings")
    weights = models.JSONField(default=dict)  # feature → share
    least_common_hours = models.IntegerField(default=2)  # a week
    same_site = models.BooleanField(default=False)
    style = models.CharField(max_length=6, default="best")
    mentors = models.BooleanField(default=False)  # some mentor others, instead of pairs of equals or besides


class Mentor(models.Model):
    """Somebody of the program who mentors others, and how many."""

    program = models.ForeignKey("programs.Program", models.CASCADE, related_name="+")
    person = models.ForeignKey("people.Person", models.CASCADE, related_name="+")
    takes = models.IntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["program", "person"], name="a_mentor_once_a_program")]


class KeptApart(models.Model):
    """Two people who are never proposed to each other. first is the one with the lower number."""

    program = models.ForeignKey("programs.Program", models.CASCADE, related_name="+")
    first = models.ForeignKey("people.Person", models.CASCADE, related_name="+")
    second = models.ForeignKey("people.Person", models.CASCADE, related_name="+")
    by_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["program", "first", "second"], name="kept_apart_once")]


class MatchRound(models.Model):
    """One search for the best pairs among those who wait, as it came out; open until it is closed."""

    program = models.ForeignKey("programs.Program", models.CASCADE, related_name="match_rounds")
    made_at = models.DateTimeField()
    made_by_id = models.BigIntegerField(null=True)
    closed_at = models.DateTimeField(null=True)
    weights = models.JSONField(default=dict)
    style = models.CharField(max_length=6)
    points = models.BigIntegerField(default=0)
    best = models.BigIntegerField(default=0)  # the most points any matching of as many pairs has …
    bound = models.BigIntegerField(default=0)  # … and what is proven that none can pass
    couples = models.BigIntegerField(default=0)  # how many were looked at
    restless = models.IntegerField(default=0)  # couples who would both rather have each other
    left_out = models.JSONField(default=list)  # {person, why, choices}

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["program"], condition=Q(closed_at=None), name="one_open_match_round")
        ]


class ProposedPair(models.Model):
    """state: proposed, locked (stays when matched again), vetoed (not in this round), accepted."""

    round = models.ForeignKey(MatchRound, models.CASCADE, related_name="proposed")
    state = models.CharField(max_length=8, default="proposed")
    points = models.IntegerField()
    common_hours = models.IntegerField()
    features = models.JSONField(default=dict)  # feature → points
    ranks = models.JSONField(default=list)  # [who, with whom, place, of how many]
    pair = models.ForeignKey(Pair, models.SET_NULL, null=True, related_name="+")


class ProposedPartner(models.Model):
    proposed = models.ForeignKey(ProposedPair, models.CASCADE, related_name="partners")
    person = models.ForeignKey("people.Person", models.CASCADE, related_name="+")


class TalkTime(models.Model):
    """A time at which the line rings both of a pair, because one asked and another agreed.

    state: asked (`times`: up to three instants), agreed (it is to be at `at`), past, dropped. weekly: the same hour of the
    week again and again, on the clock of whoever asked.
    """

    pair = models.ForeignKey(Pair, models.CASCADE, related_name="talk_times")
    asked_by = models.ForeignKey("people.Person", models.CASCADE, related_name="+")
    asked_at = models.DateTimeField()
    times = models.JSONField(default=list)
    weekly = models.BooleanField(default=False)
    zone = models.CharField(max_length=64)
    state = models.CharField(max_length=7, default="asked")
    at = models.DateTimeField(null=True)
    answered_by_id = models.BigIntegerField(null=True)
    answered_at = models.DateTimeField(null=True)
    call_id = models.BigIntegerField(null=True)  # the last call that was placed for it

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["pair"], condition=Q(state__in=["asked", "agreed"]), name="one_talk_time")
        ]
        indexes = [
            models.Index(fields=["at"], condition=Q(state="agreed"), name="talk_times_due"),
            models.Index(fields=["call_id"], name="talk_times_call"),
        ]
