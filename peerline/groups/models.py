from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language

from peerline.groups import words
from peerline.vault.fields import SealedText


class Session(models.Model):
    """One gathering. state: planned, held (its attendance is closed), canceled.

    key: which session of the protocol this is ("month1"), "" for one made by hand. way: place, telephone, link.
    """

    program = models.ForeignKey("programs.Program", models.PROTECT, related_name="sessions")
    key = models.CharField(max_length=40, blank=True)
    titles = models.JSONField(default=dict)  # language → title
    way = models.CharField(max_length=9)
    begins_at = models.DateTimeField()
    minutes = models.IntegerField(default=90)
    time_zone = models.CharField(max_length=64)
    place = models.CharField(max_length=200, blank=True)
    link = models.URLField(blank=True)
    seats = models.IntegerField(default=12)
    led_by = models.ForeignKey("people.Person", models.SET_NULL, null=True, related_name="+")
    state = models.CharField(max_length=8, default="planned")
    moves = models.IntegerField(default=0)  # how often it was changed: a calendar wants to know which word is the last
    made_by_id = models.BigIntegerField(null=True)
    made_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["begins_at"], condition=Q(state="planned"), name="sessions_ahead"),
            models.Index(fields=["program", "-begins_at", "-id"], name="sessions_of_program"),
        ]

    @property
    def ends_at(self) -> datetime:
        return self.begins_at + timedelta(minutes=self.minutes)

    @property
    def title(self) -> str:
        """In the language in force."""
        return self.titles.get((get_language() or "en")[:2]) or self.titles.get("en") or str(words.GROUP_SESSION)

    @property
    def way_words(self) -> str:
        return str(words.WAYS[self.way])

    @property
    def label(self) -> str:
        """The word under which its conversation runs on the line."""
        return f"session:{self.pk}"


class Seat(models.Model):
    """One person's place in a session. state: invited, coming, waiting (for a free seat), out (not coming).

    since: when the state began; who waits longest moves up first. came: None until somebody says. another: the other
    way they chose after missing it ("telephone", "nurse", "next", "none").
    """

    session = models.ForeignKey(Session, models.CASCADE, related_name="seats_taken")
    person = models.ForeignKey("people.Person", models.CASCADE, related_name="seats")
    state = models.CharField(max_length=7, default="invited")
    since = models.DateTimeField()
    door = models.CharField(max_length=6)  # web, phone, staff, worker
    came = models.BooleanField(null=True)
    came_by = models.CharField(max_length=9, blank=True)  # place, telephone, link (S105)
    marked_at = models.DateTimeField(null=True)
    another = models.CharField(max_length=9, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["session", "person"], name="one_seat_a_session")]
        indexes = [
            models.Index(fields=["person", "session"], name="seats_of_person"),
            models.Index(fields=["marked_at"], condition=Q(came=False, another=""), name="seats_missed"),
        ]

    @property
    def state_words(self) -> str:
        return str(words.SEATS[self.state])

    @property
    def state_tone(self) -> str:
        return words.SEAT_TONES[self.state]


class Point(models.Model):
    """Something the group should talk about. state: open, reached, dropped. session None: the next one that comes.

    topic: one of words.TOPICS, or ""; words or a voice note: the person's own. person None: staff brought it.
    """

    program = models.ForeignKey("programs.Program", models.CASCADE, related_name="+")
    session = models.ForeignKey(Session, models.SET_NULL, null=True, related_name="points")
    person = models.ForeignKey("people.Person", models.SET_NULL, null=True, related_name="+")
    topic = models.CharField(max_length=12, blank=True)
    words = SealedText(blank=True)
    voice = models.ForeignKey("exchange.VoiceMessage", models.SET_NULL, null=True, related_name="+")
    door = models.CharField(max_length=6)  # web, phone, paper, staff
    state = models.CharField(max_length=7, default="open")
    rolled = models.IntegerField(default=0)  # how often it went on to a later session
    made_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["program"], condition=Q(state="open", session=None), name="points_left_over")]

    @property
    def said(self) -> str:
        """Its own words; else its topic, in the language in force."""
        return str(self.words or (words.TOPICS.get(self.topic) or words.VOICE_NOTE))


class Vote(models.Model):
    """Somebody wants this point, too."""

    point = models.ForeignKey(Point, models.CASCADE, related_name="votes")
    person = models.ForeignKey("people.Person", models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["point", "person"], name="one_vote_a_point")]


class Record(models.Model):
    """What a session came to, in the leader's words (domain: empowerment groups). fidelity: the steps that were taken."""

    session = models.OneToOneField(Session, models.CASCADE, related_name="record")
    reflections = SealedText(blank=True)
    emotions = SealedText(blank=True)
    questions = SealedText(blank=True)
    solved = SealedText(blank=True)
    referrals = SealedText(blank=True)
    plans = models.IntegerField(default=0)  # how many left with a plan
    fidelity = models.JSONField(default=list)
    by_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()


class Training(models.Model):
    """One person's way through the module on talking with a partner. screen: how many of its screens they have had."""

    person = models.OneToOneField("people.Person", models.CASCADE, related_name="training")
    screen = models.IntegerField(default=0)
    how = models.CharField(max_length=8, blank=True)  # web, phone, paper, session
    begun_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    by_id = models.BigIntegerField(null=True)  # the staff person who recorded it


class CalendarAddress(models.Model):
    """The secret address of one person's calendar feed. Taken back, the row is gone and the address leads nowhere."""

    person = models.OneToOneField("people.Person", models.CASCADE, related_name="+")
    token = SealedText()
    token_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
