from typing import Any

from django.db import models
from django.db.models import Q

from peerline.plans import words
from peerline.vault.fields import SealedText


class Plan(models.Model):
    """One person's step for two weeks. state: draft, active, reviewed. What it says stands in its newest version."""

    enrollment = models.ForeignKey("programs.Enrollment", models.CASCADE, related_name="plans")
    person = models.ForeignKey("people.Person", models.CASCADE, related_name="plans")
    program = models.ForeignKey("programs.Program", models.CASCADE, related_name="+")
    state = models.CharField(max_length=8, default="draft")
    made_at = models.DateTimeField()
    begins_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    review_at = models.DateTimeField(null=True)  # the morning of its last day, on the person's own clock
    begun_at = models.DateTimeField(null=True)
    reviewed_at = models.DateTimeField(null=True)
    shared = models.BooleanField(default=False)  # may the partner see the step?
    to_type = models.BooleanField(default=False)  # its words are a recording that nobody has typed yet
    follows = models.ForeignKey("self", models.SET_NULL, null=True, related_name="followers")
    newest = models.OneToOneField("PlanVersion", models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["enrollment"], condition=Q(state="draft"), name="one_draft_of_a_plan"),
            models.UniqueConstraint(fields=["enrollment"], condition=Q(state="active"), name="one_active_plan"),
        ]
        indexes = [
            models.Index(fields=["review_at"], condition=Q(state="active"), name="plans_to_review"),
            models.Index(fields=["program", "person", "begun_at"], name="plans_of_program"),
            models.Index(fields=["reviewed_at"], condition=Q(state="reviewed"), name="plans_reviewed"),
        ]

    @property
    def state_words(self) -> str:
        return str(words.STATES[self.state])

    @property
    def state_tone(self) -> str:
        return words.STATE_TONES[self.state]


class PlanVersion(models.Model):
    """What a plan said from one moment on. Written once, by one door; never changed, never deleted by itself."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="versions")
    number = models.IntegerField()
    at = models.DateTimeField()
    by = models.ForeignKey("people.Person", models.SET_NULL, null=True, related_name="+")
    door = models.CharField(max_length=12)  # web, phone, paper
    domain = models.CharField(max_length=10, blank=True)
    what = SealedText(blank=True)
    how_much = SealedText(blank=True)
    at_when = SealedText(blank=True)
    times_a_week = models.IntegerField(null=True)
    barrier = SealedText(blank=True)
    ideas = SealedText(blank=True)  # what could be done about the barrier, one a line
    chosen = SealedText(blank=True)  # the one to try first
    support = SealedText(blank=True)  # who or what could support: somebody at home, a note on the door
    confidence = models.IntegerField(null=True)  # 0..10
    voice = models.ForeignKey("exchange.VoiceMessage", models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["plan", "number"], name="one_version_a_number")]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """A version is written once. Raises TypeError for one that is there already."""
        if self.pk is not None:
            raise TypeError("a version of a plan does not change; write the next one")
        super().save(*args, **kwargs)

    @property
    def domain_words(self) -> str:
        return str(words.DOMAINS.get(self.domain, ""))


class PlanReview(models.Model):
    """How a plan went, in the person's own judgment. outcome: done, partly, changed, not_done; next: see rules.NEXT."""

    plan = models.OneToOneField(Plan, models.CASCADE, related_name="review")
    at = models.DateTimeField()
    by = models.ForeignKey("people.Person", models.SET_NULL, null=True, related_name="+")
    door = models.CharField(max_length=12)
    outcome = models.CharField(max_length=8)
    times_done = models.IntegerField(null=True)
    times_planned = models.IntegerField()
    next = models.CharField(max_length=8)
    note = SealedText(blank=True)  # what was in the way, or what was learned

    @property
    def outcome_words(self) -> str:
        return str(words.OUTCOMES[self.outcome])

    @property
    def outcome_tone(self) -> str:
        return words.OUTCOME_TONES[self.outcome]
