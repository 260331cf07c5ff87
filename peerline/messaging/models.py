from django.db import models
from django.db.models import Q

from peerline.messaging import words
from peerline.vault.fields import SealedText


class Message(models.Model):
    """One message to one person. state: waiting, sent, failed, expired (it came to nothing in time)."""

    to_person = models.ForeignKey("people.Person", models.CASCADE, related_name="messages_out")
    channel = models.CharField(max_length=6)  # sms, email, voice, letter
    kind = models.CharField(max_length=40)  # "entry.code", the word of the room that wrote it
    key = models.CharField(max_length=120, unique=True)
    address = SealedText()
    language = models.CharField(max_length=5)
    subject = models.CharField(max_length=120, blank=True)
    body = SealedText()
    holds_code = models.BooleanField(default=False)
    wiped = models.BooleanField(default=False)  # the code's time is over, or it has left: its words are gone
    state = models.CharField(max_length=8, default="waiting")
    carried_by = models.CharField(max_length=20, blank=True)
    receipt = models.CharField(max_length=120, blank=True)
    problem = models.CharField(max_length=200, blank=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["-id", "to_person"]),
            models.Index(fields=["expires_at"], condition=Q(holds_code=True, wiped=False), name="codes_to_wipe"),
        ]

    @property
    def headline(self) -> str:
        return str(words.CHANNELS[self.channel])

    @property
    def state_words(self) -> str:
        return str(words.STATES[self.state])

    @property
    def state_tone(self) -> str:
        return words.TONES[self.state]
