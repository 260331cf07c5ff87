from django.db import models


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
