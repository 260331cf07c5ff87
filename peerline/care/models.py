from django.db import models
from django.db.models import Q

from peerline.vault.fields import SealedText


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


class Need(models.Model):
    """Somebody or something that needs the staff: why, since when, by when, whose it is, and what came of it.

    Open while closed_at is null; on nobody's list before rests_until. climbs_at: when the next on the ladder is told,
    unless somebody has seen it. closed_how: done (a person), met (the reason went away).
    """

    key = models.CharField(max_length=120, unique=True)
    kind = models.CharField(max_length=40)
    level = models.CharField(max_length=2)
    program = models.ForeignKey("programs.Program", models.CASCADE, null=True, related_name="+")
    person = models.ForeignKey("people.Person", models.CASCADE, null=True, related_name="+")
    pair = models.ForeignKey("pairs.Pair", models.CASCADE, null=True, related_name="+")
    facts = models.JSONField(default=dict)
    drill = models.BooleanField(default=False)  # a made-up one, to try the ladder: counted nowhere
    since = models.DateTimeField()
    due_at = models.DateTimeField()
    rests_until = models.DateTimeField(null=True)
    owner = models.ForeignKey("people.Person", models.SET_NULL, null=True, related_name="+")
    step = models.IntegerField(default=0)  # how far up the ladder it has climbed
    climbs_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)
    seen_by = models.ForeignKey("people.Person", models.SET_NULL, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey("people.Person", models.SET_NULL, null=True, related_name="+")
    closed_how = models.CharField(max_length=4, blank=True)
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["due_at", "id"], condition=Q(closed_at=None), name="needs_open"),
            models.Index(fields=["climbs_at"], condition=Q(closed_at=None, seen_at=None), name="needs_climbing"),
            models.Index(fields=["program", "-closed_at"], name="needs_of_program"),
        ]


class Told(models.Model):
    """Somebody was told of a need by the ladder, once; `how` names what went out, and seen_at is the proof it arrived."""

    need = models.ForeignKey(Need, models.CASCADE, related_name="told")
    person = models.ForeignKey("people.Person", models.CASCADE, related_name="+")
    step = models.IntegerField()
    at = models.DateTimeField()
    mailed = models.BooleanField(default=False)
    call_id = models.BigIntegerField(null=True)
    seen_at = models.DateTimeField(null=True)
    seen_how = models.CharField(max_length=5, blank=True)  # key (pressed on the telephone), desk (opened)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["need", "person"], name="told_once")]
        indexes = [models.Index(fields=["person"], name="told_whom")]


class Panel(models.Model):
    """Which of the staff looks after this person in this program: what needs somebody comes to them first (S116)."""

    program = models.ForeignKey("programs.Program", models.CASCADE, related_name="+")
    person = models.ForeignKey("people.Person", models.CASCADE, related_name="+")
    staff = models.ForeignKey("people.Person", models.CASCADE, related_name="+")
    since = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["program", "person"], name="one_panel_a_program")]


class RedFlag(models.Model):
    """Words that may mean danger, found by the lexicon. Only a person says whether they do: verdict real, false or none yet."""

    source = models.CharField(max_length=80, unique=True)  # "plans.plan:12"
    need = models.ForeignKey(Need, models.CASCADE, related_name="flags")
    program = models.ForeignKey("programs.Program", models.CASCADE, null=True, related_name="+")
    person = models.ForeignKey("people.Person", models.CASCADE, null=True, related_name="+")
    found = models.JSONField(default=list)  # keys of the lexicon
    words = SealedText()
    at = models.DateTimeField()
    verdict = models.CharField(max_length=5, blank=True)
    judged_at = models.DateTimeField(null=True)
    judged_by = models.ForeignKey("people.Person", models.SET_NULL, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["program", "verdict"], name="flags_judged")]


class StaffMinutes(models.Model):
    """Working time of one staff person on one thing, about a person or a pair (S20)."""

    staff = models.ForeignKey("people.Person", models.CASCADE, related_name="+")
    program = models.ForeignKey("programs.Program", models.CASCADE, null=True, related_name="+")
    person = models.ForeignKey("people.Person", models.SET_NULL, null=True, related_name="+")
    pair = models.ForeignKey("pairs.Pair", models.SET_NULL, null=True, related_name="+")
    need = models.OneToOneField(Need, models.SET_NULL, null=True, related_name="work")
    minutes = models.IntegerField()
    on = models.DateField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(minutes__gte=0, minutes__lte=600), name="a_day_s_work")]
        indexes = [models.Index(fields=["program", "on"], name="minutes_of_program")]


class Served(models.Model):
    """What a piece of the staff's work served, as they ticked it: one of the six elements, or a kind of support. One row
    for each tick and each person it was about. source: "care.need:12"."""

    source = models.CharField(max_length=80)
    program = models.ForeignKey("programs.Program", models.CASCADE, related_name="+")
    person = models.ForeignKey("people.Person", models.CASCADE, related_name="+")
    what = models.CharField(max_length=20)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "person", "what"], name="served_once")]
        indexes = [models.Index(fields=["program", "what"], name="served_in_program")]


class Notice(models.Model):
    """One text that staff write to many of a program. It leaves at leaves_at, unless it was canceled before.

    who: all, no_partner, silent, session (then those who come to it). texts: language → {subject, body}.
    """

    program = models.ForeignKey("programs.Program", models.CASCADE, related_name="+")
    by = models.ForeignKey("people.Person", models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()
    leaves_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)
    canceled_at = models.DateTimeField(null=True)
    who = models.CharField(max_length=12)
    session = models.ForeignKey("groups.Session", models.SET_NULL, null=True, related_name="+")
    texts = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["program", "-at", "-id"], name="notices_of_program")]


class NoticeTo(models.Model):
    """Somebody it goes to. Whether and how it came is the business of the outbox (messaging.Reminder, by its key)."""

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="to")
    person = models.ForeignKey("people.Person", models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["notice", "person"], name="a_notice_once_a_person")]

    @property
    def key(self) -> str:
        return f"care.notice:{self.notice_id}:{self.pk}"


class PersonNote(models.Model):
    """What a nurse or coordinator wrote down about a person, and who read it as the second pair of eyes (notes.py)."""

    program = models.ForeignKey("programs.Program", models.CASCADE, related_name="+")
    person = models.ForeignKey("people.Person", models.CASCADE, related_name="+")
    author = models.ForeignKey("people.Person", models.SET_NULL, null=True, related_name="+")
    words = SealedText()
    at = models.DateTimeField()
    reviewed_at = models.DateTimeField(null=True)
    reviewed_by = models.ForeignKey("people.Person", models.SET_NULL, null=True, related_name="+")
    answer = SealedText(blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["program", "at"], condition=Q(reviewed_at=None), name="notes_to_review"),
            models.Index(fields=["person", "-at"], name="notes_of_person"),
        ]
