from django.db import models
from django.db.models import Q

from peerline.outcomes import words


class Sheet(models.Model):
    """One person's questions on one occasion. state: open, done, missed (its days went by), void (nobody asks any more).

    about: an opaque word of the room above, where the questions are about more than the person ("pair:12").
    """

    enrollment = models.ForeignKey("programs.Enrollment", models.CASCADE, related_name="sheets")
    program = models.ForeignKey("programs.Program", models.CASCADE, related_name="+")
    person = models.ForeignKey("people.Person", models.CASCADE, related_name="+")
    occasion = models.CharField(max_length=40)
    about = models.CharField(max_length=40, blank=True)
    instruments = models.JSONField(default=list)
    state = models.CharField(max_length=6, default="open")
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    remind_at = models.DateTimeField()  # when two thirds of the time are over
    begun_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    needs = models.JSONField(default=list)  # what staff were told of it, and what still holds

    class Meta:
        constraints = [models.UniqueConstraint(fields=["enrollment", "occasion", "about"], name="asked_once")]
        indexes = [
            models.Index(fields=["person"], condition=Q(state="open"), name="sheets_open"),
            models.Index(fields=["remind_at"], condition=Q(state="open"), name="sheets_reminding"),
            models.Index(fields=["closes_at"], condition=Q(state="open"), name="sheets_closing"),
            models.Index(fields=["program", "occasion", "state"], name="sheets_of_program"),
        ]

    @property
    def state_words(self) -> str:
        return str(words.STATES[self.state])

    @property
    def state_tone(self) -> str:
        return words.TONES[self.state]


class Answer(models.Model):
    """What was last answered to one question. value null: would rather not say."""

    sheet = models.ForeignKey(Sheet, models.CASCADE, related_name="answers")
    instrument = models.CharField(max_length=40)
    item = models.CharField(max_length=40)
    value = models.SmallIntegerField(null=True)
    door = models.CharField(max_length=6)  # web, phone, paper, staff (read to the person)
    by_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sheet", "instrument", "item"], name="answered_once")]


class Score(models.Model):
    """One score of one whole instrument. value null: too few answers."""

    sheet = models.ForeignKey(Sheet, models.CASCADE, related_name="scores")
    instrument = models.CharField(max_length=40)
    version = models.IntegerField()
    scale = models.CharField(max_length=20)
    value = models.DecimalField(max_digits=7, decimal_places=2, null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sheet", "instrument", "scale"], name="scored_once")]


class Measure(models.Model):
    """A clinical value. `value` is in the kind's own unit; what was typed stands beside it, with its unit."""

    enrollment = models.ForeignKey("programs.Enrollment", models.CASCADE, related_name="measures")
    kind = models.CharField(max_length=20)
    value = models.DecimalField(max_digits=8, decimal_places=2)
    typed = models.DecimalField(max_digits=8, decimal_places=2)
    typed_unit = models.CharField(max_length=12)
    method = models.CharField(max_length=4)  # lab, poc (at the point of care), self
    measured_on = models.DateField()
    by_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    struck_at = models.DateTimeField(null=True)  # typed by mistake: kept, and not counted

    class Meta:
        indexes = [models.Index(fields=["kind", "measured_on"], condition=Q(struck_at=None), name="measured_when")]
        constraints = [
            models.UniqueConstraint(
                fields=["enrollment", "kind", "measured_on", "method"],
                condition=Q(struck_at=None),
                name="measured_once",
            )
        ]


class Attestation(models.Model):
    """Somebody of an organization says that it may use a questionnaire, and enters its words: language → lines."""

    organization = models.ForeignKey("people.Organization", models.CASCADE, related_name="+")
    instrument = models.CharField(max_length=40)
    by_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    texts = models.JSONField(default=dict)
    options = models.JSONField(default=dict)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "instrument"], condition=Q(withdrawn_at=None), name="attested_once"
            )
        ]
