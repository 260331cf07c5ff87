from django.db import models

from peerline.vault.fields import SealedText


class Pin(models.Model):
    """What a person proves themself with by telephone. A keyed, slow hash; the six digits are nowhere."""

    person = models.OneToOneField("people.Person", models.CASCADE, related_name="pin")
    hash = models.CharField(max_length=160)
    issued_at = models.DateTimeField()
    issued_by = models.ForeignKey("people.Person", models.SET_NULL, null=True, related_name="+")
    must_change = models.BooleanField(default=False)
    last_right_at = models.DateTimeField(null=True)


class Failure(models.Model):
    """One wrong PIN. household: the hash of the home number that was keyed, whether anybody has it or not."""

    at = models.DateTimeField(db_index=True)
    household = models.CharField(max_length=64)
    from_registered = models.BooleanField()  # the caller's own number is a verified one of that household

    class Meta:
        indexes = [models.Index(fields=["household", "at"])]


class Alarm(models.Model):
    """The whole line's budget was spent: strange telephones go to staff voicemail until then."""

    at = models.DateTimeField()
    until = models.DateTimeField(db_index=True)
    failures = models.IntegerField()


class CodeAsked(models.Model):
    """Somebody asked for a code to an address, known or not: the same row either way."""

    kind = models.CharField(max_length=5)  # phone, email
    address = SealedText()
    value_hash = models.CharField(max_length=64, db_index=True)
    at = models.DateTimeField(db_index=True)
    expires_at = models.DateTimeField()
    tries = models.IntegerField(default=0)
    used_at = models.DateTimeField(null=True)


class Code(models.Model):
    """One of the codes sent for that: each person at a shared number has their own."""

    asked = models.ForeignKey(CodeAsked, models.CASCADE, related_name="codes")
    person = models.ForeignKey("people.Person", models.CASCADE, related_name="+")
    hash = models.CharField(max_length=64)


class ToSay(models.Model):
    """Digits that the line will say once somebody pressed a key: sealed, for minutes only (spoken.py)."""

    word = models.CharField(max_length=40, db_index=True)  # "code:12", "pin:7": which call is to say them
    person = models.ForeignKey("people.Person", models.CASCADE, related_name="+")
    digits = SealedText()
    expires_at = models.DateTimeField(db_index=True)


class Invitation(models.Model):
    """A link that works once: to choose a password, to become the first administrator ("first"), or to join ("join")."""

    person = models.ForeignKey("people.Person", models.CASCADE, null=True, related_name="+")
    purpose = models.CharField(max_length=10)  # invited, forgot, lost, first, join
    token_hash = models.CharField(max_length=64, unique=True)
    code_hash = models.CharField(max_length=64, blank=True, db_index=True)  # of the ten digits of a letter, for "join"
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("people.Person", models.SET_NULL, null=True, related_name="+")
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
