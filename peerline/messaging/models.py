from django.db import models
from django.db.models import Q

from peerline.messaging import words
from peerline.vault.fields import SealedText


class Reminder(models.Model):
    """Something a person is to be reminded of, once, by whatever channel reaches them; its messages are the tries.

    state: waiting (looked at again at next_at), out (a message is on its way), delivered, nowhere (no channel is left),
    missed (its time went by), dropped (no longer wanted).
    """

    person = models.ForeignKey("people.Person", models.CASCADE, related_name="+")
    program_id = models.BigIntegerField(null=True)
    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=120, unique=True)
    urgency = models.IntegerField(default=5)  # 0 goes first
    in_rest = models.BooleanField(default=False)  # told to somebody who takes a rest, too
    subject = models.CharField(max_length=120)
    body = SealedText()
    prompt = models.CharField(max_length=60, blank=True)
    prompt_values = models.JSONField(default=dict)
    state = models.CharField(max_length=9, default="waiting")
    next_at = models.DateTimeField()
    waits_for = models.CharField(max_length=6, blank=True)  # the channel that had no room when it was last looked at
    not_after = models.DateTimeField()
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["urgency", "next_at"], condition=Q(state="waiting"), name="reminders_waiting"),
            models.Index(fields=["not_after"], condition=Q(state__in=["waiting", "out"]), name="reminders_open"),
        ]


class Message(models.Model):
    """One message to one person.

    state: waiting, taken (being handed over, since taken_at), sent, failed, expired (it came to nothing in time), unsure
    (whoever handed it over died, and nobody can say whether it left). word: what its carrier said of it last.
    """

    to_person = models.ForeignKey("people.Person", models.CASCADE, related_name="messages_out")
    reminder = models.ForeignKey(Reminder, models.CASCADE, null=True, related_name="messages")
    channel = models.CharField(max_length=6)  # sms, email, voice, letter
    kind = models.CharField(max_length=40)  # "entry.code", the word of the room that wrote it
    key = models.CharField(max_length=140, unique=True)
    address = SealedText()
    language = models.CharField(max_length=5)
    subject = models.CharField(max_length=120, blank=True)
    body = SealedText()
    holds_code = models.BooleanField(default=False)
    wiped = models.BooleanField(default=False)  # the code's time is over, or it has left: its words are gone
    state = models.CharField(max_length=8, default="waiting")
    word = models.CharField(max_length=12, blank=True)
    carried_by = models.CharField(max_length=20, blank=True)
    receipt = models.CharField(max_length=120, blank=True)
    answers_to = models.CharField(max_length=20, blank=True)  # the token of the thread an answer by mail goes to
    problem = models.CharField(max_length=200, blank=True)
    made_at = models.DateTimeField()
    slot_at = models.DateTimeField(null=True)  # when it may leave; long after that it needs another one
    expires_at = models.DateTimeField(null=True)
    taken_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    ask_at = models.DateTimeField(null=True)  # without news until then, its carrier is asked

    class Meta:
        indexes = [
            models.Index(fields=["-id", "to_person"]),
            models.Index(fields=["expires_at"], condition=Q(holds_code=True, wiped=False), name="codes_to_wipe"),
            models.Index(fields=["ask_at"], condition=Q(ask_at__isnull=False), name="messages_to_ask"),
        ]

    @property
    def headline(self) -> str:
        return str(words.CHANNELS[self.channel])

    @property
    def why(self) -> str:
        """Why it went by this channel: "Reminder, try 2. It has come." """
        return words.tried(int(self.key.rpartition("#")[2] or 1), self.reminder.state if self.reminder else "")

    @property
    def state_words(self) -> str:
        return str(words.STATES[self.word] if self.word in words.STATES else words.STATES[self.state])

    @property
    def state_tone(self) -> str:
        return words.TONES.get(self.word) or words.TONES[self.state]


class Ways(models.Model):
    """How a person wants to be reminded, and which other ways they allow; without a row, as rules.Choice begins."""

    person = models.OneToOneField("people.Person", models.CASCADE, primary_key=True, related_name="+")
    first = models.CharField(max_length=6)
    also = models.JSONField(default=list)
    chosen_at = models.DateTimeField()
    chosen_by_id = models.BigIntegerField(null=True)


class Closed(models.Model):
    """Somebody at this number or address said STOP. In force until opened_at (they said START)."""

    channel = models.CharField(max_length=6)
    value_hash = models.CharField(max_length=64)
    word = models.CharField(max_length=20)
    closed_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["channel", "value_hash"], condition=Q(opened_at=None), name="closed_once_at_a_time"
            )
        ]


class Channel(models.Model):
    """How a channel's carrier does, and when it may be given the next message."""

    name = models.CharField(max_length=6, primary_key=True)
    refusals = models.IntegerField(default=0)  # in a row
    refused_at = models.DateTimeField(null=True)
    next_slot_at = models.DateTimeField(null=True)


class Receipt(models.Model):
    """One thing a carrier said of a message, once. how: told (by itself), asked, bounce (a mail that came back)."""

    message = models.ForeignKey(Message, models.CASCADE, related_name="receipts")
    word = models.CharField(max_length=12)
    how = models.CharField(max_length=6)
    code = models.CharField(max_length=20, blank=True)  # the carrier's own number for why
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["message", "word"], name="a_receipt_once")]

    @property
    def said(self) -> str:
        return str(words.RECEIPTS.get(self.word, self.word))


class Inbound(models.Model):
    """Something that came in by text or mail, taken once: ref is a keyed hash of the carrier's own number of it.

    what: stop, start, help, passed, held, nobody, unknown, robot, bounce. Of its words nothing is kept here.
    """

    channel = models.CharField(max_length=6)
    ref = models.CharField(max_length=64, unique=True)
    value_hash = models.CharField(max_length=64)
    person = models.ForeignKey("people.Person", models.SET_NULL, null=True, related_name="+")
    what = models.CharField(max_length=8)
    answered = models.BooleanField(default=False)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["value_hash", "-at"], name="inbound_of_address")]


class Thread(models.Model):
    """The address by which one person writes to whoever `label` stands for ("pair:12", the word of the room above)."""

    token = models.CharField(max_length=20, unique=True)
    person = models.ForeignKey("people.Person", models.CASCADE, related_name="+")
    label = models.CharField(max_length=40)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "label"], name="one_thread_a_person")]


class Written(models.Model):
    """Words that one partner wrote to the other through the line, as they were passed on."""

    label = models.CharField(max_length=40)
    author = models.ForeignKey("people.Person", models.CASCADE, related_name="+")
    to_person = models.ForeignKey("people.Person", models.CASCADE, related_name="+")
    words = SealedText()
    by = models.CharField(max_length=6)  # the door it came in by: sms, email, web
    kept = models.BooleanField(default=False)  # they rest: it waits here, and is sent when they are back
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    deleted_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["to_person", "-at"], name="written_to_person")]


class Silence(models.Model):
    """A person wants nothing written by the other side of `label`, until ended_at.

    how: mute (it waits on the website), block (it is not taken), report (nothing goes either way until staff have looked).
    """

    label = models.CharField(max_length=40)
    person = models.ForeignKey("people.Person", models.CASCADE, related_name="+")
    how = models.CharField(max_length=6)
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["label", "person"], condition=Q(ended_at=None), name="one_silence_at_a_time"
            )
        ]
