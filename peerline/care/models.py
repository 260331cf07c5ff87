from django.db import models
from django.db.models import Q


class Voicemail(models.Model):
    """A voice message for staff, as work: whose it is, by when somebody answers, what was done."""

    voice = models.OneToOneField("exchange.VoiceMessage", models.CASCADE, related_name="+")
    program = models.ForeignKey("programs.Program", models.CASCADE, null=True, related_name="+")
    owner = models.ForeignKey("people.Person", models.SET_NULL, null=True, related_name="+")
    due_at = models.DateTimeField()
    heard_at = models.DateTimeField(null=True)
    handled_at = models.DateTimeField(null=True)
    handled_by = models.ForeignKey("people.Person", models.SET_NULL, null=True, related_name="+")
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        indexes = [models.Index(fields=["program", "due_at"], condition=Q(handled_at=None), name="voicemail_open")]


class PairNote(models.Model):
    """What staff did about a pair that has difficulty in reaching each other (S14)."""

    pair = models.ForeignKey("pairs.Pair", models.CASCADE, related_name="+")
    author = models.ForeignKey("people.Person", models.SET_NULL, null=True, related_name="+")
    did = models.CharField(max_length=20)
    note = models.CharField(max_length=500, blank=True)
    look_again_on = models.DateField(null=True)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["pair", "-at"])]
