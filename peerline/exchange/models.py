from django.db import models
from django.db.models import Q

from peerline.vault.fields import SealedText


class Call(models.Model):
    """One attempt to talk. placed_by: who dialled, or who asked the line to ring both; null for an unknown caller."""

    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    placed_by = models.ForeignKey("people.Person", models.SET_NULL, null=True, related_name="calls_placed")
    asked_by = models.ForeignKey("people.Person", models.SET_NULL, null=True, related_name="+")  # staff, if they asked
    way = models.CharField(
        max_length=8
    )  # dialed: somebody rang the line; both: the line rang both; staff: staff rang one; reminder: the line rang by itself
    organization_id = models.BigIntegerField(
        null=True
    )  # also of a caller nobody could name: people.organization_called
    program_id = models.BigIntegerField(null=True)
    label = models.CharField(max_length=40, blank=True)  # "pair:12", the word of the room above
    outcome = models.CharField(
        max_length=16, blank=True
    )  # talked, message, no_answer, declined, busy, not_identified, ended, lost
    talk_seconds = models.IntegerField(default=0)  # at least two people in the room together

    class Meta:
        # The call log walks one of these newest first, whatever it is asked for: of a clinic, of a program, of a pair;
        # each with or without how it ended.
        indexes = [
            models.Index(fields=["-began_at", "-id"]),
            models.Index(fields=["organization_id", "-began_at", "-id"], name="calls_clinic"),
            models.Index(fields=["organization_id", "outcome", "-began_at", "-id"], name="calls_clinic_outcome"),
            models.Index(fields=["program_id", "-began_at", "-id"], name="calls_program"),
            models.Index(fields=["program_id", "outcome", "-began_at", "-id"], name="calls_program_outcome"),
            models.Index(fields=["label", "-began_at", "-id"], name="calls_label"),
            models.Index(fields=["began_at"], condition=Q(ended_at=None), name="calls_live"),
        ]


class Leg(models.Model):
    """One telephone's part in a call, and the dialogue that leads it.

    journal: the answers so far, the dialogue's whole state. number: what is waited for, goes up with each step.
    """

    call = models.ForeignKey(Call, models.CASCADE, related_name="legs")
    engine = models.CharField(max_length=12)
    ref = models.CharField(max_length=80, blank=True)  # the engine's own word for it
    inbound = models.BooleanField()
    person = models.ForeignKey("people.Person", models.SET_NULL, null=True, related_name="legs")
    language = models.CharField(max_length=5, default="en")
    telephone = SealedText(blank=True)  # E.164, until the leg is over; only the exchange reads it
    telephone_hash = models.CharField(max_length=64, blank=True)
    dialogue = models.CharField(max_length=40)
    args = models.JSONField(default=list)
    journal = models.JSONField(default=list)
    old_journal = models.JSONField(null=True)  # of a dialogue that was changed under the call (then `rescue` leads)
    number = models.IntegerField(default=0)
    slow = models.BooleanField(default=False)  # calls through a text relay: waited for longer, and not counted silent
    silences = models.IntegerField(default=0)  # how often a slow leg said nothing since it last did something
    due_at = models.DateTimeField(null=True)  # by then an answer should have come; the sweep asks the engine
    state = models.CharField(max_length=8, default="ringing")  # ringing, up, over
    rang_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    cause = models.CharField(max_length=16, blank=True)
    code = models.IntegerField(default=0)
    ended_by = models.CharField(max_length=6, blank=True)  # them, us

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["engine", "ref"], condition=~Q(ref=""), name="one_leg_a_ref"),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=~Q(state="over"), name="legs_due"),
            models.Index(fields=["person"], condition=~Q(state="over"), name="legs_live"),
        ]


class Room(models.Model):
    """A conversation. key: the people it is for, sorted, so that two who ring each other at once meet in one room; of a
    gathering, which is for whoever comes, its label."""

    call = models.ForeignKey(Call, models.CASCADE, related_name="rooms")
    key = models.CharField(max_length=120)
    label = models.CharField(max_length=40, blank=True)
    opened_at = models.DateTimeField()
    joined_at = models.DateTimeField(null=True)  # two were in it together, first time
    together_since = models.DateTimeField(null=True)  # null while fewer than two are in it
    talk_seconds = models.FloatField(default=0)
    longest_seconds = models.IntegerField(default=3600)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key"], condition=Q(closed_at=None), name="one_open_room")]

    @property
    def gathers(self) -> bool:
        """May somebody be alone in it, waiting for others to come?"""
        return bool(self.label) and self.key == self.label


class Member(models.Model):
    """A leg's place in a room. state: ringing, in, away, gone."""

    room = models.ForeignKey(Room, models.CASCADE, related_name="members")
    leg = models.ForeignKey(Leg, models.CASCADE, related_name="memberships")
    person = models.ForeignKey("people.Person", models.SET_NULL, null=True, related_name="+")
    state = models.CharField(max_length=7)
    ever_in = models.BooleanField(default=False)
    hears = models.BooleanField(default=False)  # the engine said so: its words are over and it is in the room
    why = models.CharField(max_length=16, blank=True)  # why it left

    class Meta:
        constraints = [models.UniqueConstraint(fields=["room", "leg"], name="once_in_a_room")]


class Effect(models.Model):
    """Something to be done to a leg or room by its engine. Written with the decision, carried out after the commit."""

    engine = models.CharField(max_length=12)
    verb = models.CharField(max_length=8)  # ring, perform, tone, hang
    leg = models.ForeignKey(Leg, models.CASCADE, null=True, related_name="+")
    room = models.ForeignKey(Room, models.CASCADE, null=True, related_name="+")
    args = models.JSONField(default=dict)
    made_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True)  # set before it is tried: a ring is tried at most once
    done_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [models.Index(fields=["engine", "id"], condition=Q(taken_at=None), name="effects_waiting")]


class VoiceMessage(models.Model):
    """A recording, sealed on disk under a random name. Either to a person or to a program's staff.

    state: new (whole, but not yet addressed), kept, deleted by its receiver, purged (its time is over, the file is gone).
    """

    file = models.CharField(max_length=64, unique=True)
    call = models.ForeignKey(Call, models.SET_NULL, null=True, related_name="voice_messages")
    author = models.ForeignKey("people.Person", models.SET_NULL, null=True, related_name="+")
    to_person = models.ForeignKey("people.Person", models.CASCADE, null=True, related_name="voice_messages")
    for_staff = models.BooleanField(default=False)
    organization_id = models.BigIntegerField(null=True)
    program_id = models.BigIntegerField(null=True)
    label = models.CharField(max_length=40, blank=True)
    seconds = models.FloatField()
    left_at = models.DateTimeField()
    heard_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=8, default="new")

    class Meta:
        indexes = [
            models.Index(fields=["to_person", "-left_at"], name="voices_to_person"),
            models.Index(fields=["program_id", "-left_at"], condition=Q(for_staff=True), name="voices_for_staff"),
        ]


class CarrierRecording(models.Model):
    """A recording on its way from a carrier to us (engines/webhook/recordings.py), one for each step that asked for one.

    state: waiting (not here yet), kept (safe here, the carrier still has it), gone (only here), given_up.
    hung: the end of the leg, held back until its recording is safe: [cause, code, by].
    """

    leg = models.ForeignKey(Leg, models.CASCADE, related_name="+")
    step = models.IntegerField()
    ref = models.CharField(max_length=80, blank=True)  # the carrier's word for it; "" while only expected
    why = models.CharField(max_length=8, blank=True)  # key, silence, time, hangup
    hung = models.JSONField(null=True)
    state = models.CharField(max_length=8, default="waiting")
    made_at = models.DateTimeField()
    next_at = models.DateTimeField()  # when it is tried next

    class Meta:
        constraints = [models.UniqueConstraint(fields=["leg", "step"], name="one_recording_a_step")]
        indexes = [
            models.Index(fields=["next_at"], condition=Q(state__in=["waiting", "kept"]), name="recordings_to_fetch"),
        ]


class CarrierNote(models.Model):
    """A carrier's news that was taken: the same once more changes nothing. word: a keyed hash of all it said."""

    word = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(db_index=True)


class PromptRecording(models.Model):
    """A human voice in place of the machine's, for one prompt in one language."""

    key = models.CharField(max_length=60)
    language = models.CharField(max_length=5)
    path = models.CharField(max_length=100)
    seconds = models.FloatField()
    uploaded_by = models.ForeignKey("people.Account", models.SET_NULL, null=True, related_name="+")
    uploaded_at = models.DateTimeField()
    approved_at = models.DateTimeField(null=True)  # somebody listened to it; played only from then on

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "language"], name="one_recording_a_prompt")]
