from django.db import models
from django.db.models import Q

from peerline.programs import words


class Program(models.Model):
    """Settings a coordinator may change; each with the unit in its name."""

    organization = models.ForeignKey("people.Organization", models.PROTECT, related_name="programs")
    site = models.ForeignKey("people.Site", models.PROTECT, null=True, related_name="programs")
    name = models.CharField(max_length=120)
    protocol_key = models.CharField(max_length=40, default="reciprocal-pairs")
    protocol_version = models.IntegerField(default=2)  # the one new people begin with
    led_by = models.ForeignKey("people.Person", models.SET_NULL, null=True, related_name="+")
    begins_on = models.DateField()
    weeks = models.IntegerField(default=26)
    talks_a_week = models.IntegerField(default=1)  # the weekly target (S18)
    conversation_seconds = models.IntegerField(default=60)  # a bridged call at least this long is a conversation
    ring_seconds = models.IntegerField(default=25)
    longest_call_minutes = models.IntegerField(default=60)
    asks_pin_of_rung = models.BooleanField(default=False)  # the person rung proves who they are, too
    voice_kept_days = models.IntegerField(default=90)
    nurse_answers_within_hours = models.IntegerField(default=24)
    remind_after_days = models.IntegerField(default=9)  # without a talk; 0: nobody is reminded (S7)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization", "name"], name="one_program_name")]


class KeptProtocol(models.Model):
    """The text of a protocol a program began with. Never changed: another text is another version."""

    key = models.CharField(max_length=40)
    version = models.IntegerField()
    text = models.TextField()
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "version"], name="one_text_a_version")]


class ConsentText(models.Model):
    """One version of what people agree to, in one language."""

    program = models.ForeignKey(Program, models.CASCADE, related_name="consent_texts")
    version = models.IntegerField()
    language = models.CharField(max_length=5)
    text = models.TextField()
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["program", "version", "language"], name="one_consent_text")]


class RosterBatch(models.Model):
    """One uploaded roster. The file is kept sealed only until it is imported or given up."""

    program = models.ForeignKey(Program, models.CASCADE, related_name="rosters")
    by = models.ForeignKey("people.Person", models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()
    name = models.CharField(max_length=120)
    sealed = models.TextField(blank=True)
    columns = models.JSONField(default=dict)  # field → column
    imported_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)
    rows = models.IntegerField(default=0)


class Enrollment(models.Model):
    """One person in one program. state: invited, active, paused, stopped (no contact from here on), removed."""

    person = models.ForeignKey("people.Person", models.CASCADE, related_name="enrollments")
    program = models.ForeignKey(Program, models.PROTECT, related_name="enrollments")
    state = models.CharField(max_length=8, default="active")
    protocol_version = models.IntegerField(default=2)  # the one this person began with, whatever the program does later
    arm = models.CharField(max_length=20, blank=True)  # an opaque label: what it means is the trial's business
    a1c_percent = models.DecimalField(max_digits=4, decimal_places=1, null=True)
    insulin = models.BooleanField(null=True)
    diabetes_type = models.CharField(max_length=12, blank=True)  # type 1, type 2, other
    diagnosed_year = models.IntegerField(null=True)
    challenges = models.JSONField(default=list)  # chosen tags (S25, S35)
    gender_preference = models.CharField(max_length=20, blank=True)  # "" any
    reminders = models.BooleanField(default=True)  # may the line ring to remind them of a talk?
    batch = models.ForeignKey(RosterBatch, models.SET_NULL, null=True, related_name="enrollments")
    began_at = models.DateTimeField()
    rest_began_at = models.DateTimeField(null=True)  # of the last rest
    rests_until = models.DateField(null=True)  # of the present one: the day they are back, if they said
    stopped_at = models.DateTimeField(null=True)
    stop_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "program"], condition=~Q(state="removed"), name="once_in_a_program"
            )
        ]
        indexes = [models.Index(fields=["began_at"], name="by_beginning")]  # whose week of the protocol has come

    @property
    def state_words(self) -> str:
        return str(words.STATES[self.state])

    @property
    def state_tone(self) -> str:
        return words.TONES[self.state]


class Intake(models.Model):
    """What somebody said about themself when they came in, and whether the protocol's rules let them take part.

    Each time is a row; the newest holds. verdict: eligible, not_eligible, not_known.
    """

    enrollment = models.ForeignKey(Enrollment, models.CASCADE, related_name="intakes")
    at = models.DateTimeField()
    by = models.ForeignKey("people.Person", models.SET_NULL, null=True, related_name="+")
    how = models.CharField(max_length=12)  # web (they themself), staff
    barriers = models.JSONField(default=list)  # what stands in the way (S114)
    confidence = models.IntegerField(null=True)  # 0 to 10: to manage diabetes
    needs_interpreter = models.BooleanField(default=False)
    medication = models.CharField(max_length=16, blank=True)
    insulin_change = models.BooleanField(null=True)  # insulin begins, or changes
    verdict = models.CharField(max_length=12)
    judged = models.JSONField(default=list)  # [[rule, met]]; met: true, false, null (not known)

    class Meta:
        indexes = [models.Index(fields=["enrollment", "-at", "-id"], name="newest_intake")]

    @property
    def verdict_words(self) -> str:
        return str(words.VERDICTS[self.verdict])

    @property
    def verdict_tone(self) -> str:
        return words.VERDICT_TONES[self.verdict]


class Consent(models.Model):
    """Somebody agreed to one version, by one door, and may have taken it back."""

    enrollment = models.ForeignKey(Enrollment, models.CASCADE, related_name="consents")
    version = models.IntegerField()
    how = models.CharField(max_length=12)  # web, phone, paper
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)


class StaffHours(models.Model):
    """When somebody listens to the voicemail of a program, on its wall clock: what a caller is told before leaving one."""

    program = models.OneToOneField(Program, models.CASCADE, related_name="staff_hours")
    week = models.CharField(max_length=42)
    time_zone = models.CharField(max_length=64)
    away_until = models.DateTimeField(null=True)  # a holiday: nobody listens before then
    cover = models.ForeignKey("people.Person", models.SET_NULL, null=True, related_name="+")


class DueThing(models.Model):
    """Something that fell due. state: waiting, done, over (nobody wants it any more), missed (its time went by).

    A call that the line places has a slot: a second, and a place among the calls of that second. No two have the same.
    """

    duty = models.CharField(max_length=40)
    subject = models.CharField(max_length=40)
    occurrence = models.CharField(max_length=40)
    program = models.ForeignKey(Program, models.CASCADE, related_name="+")
    facts = models.JSONField(default=dict)
    people = models.JSONField(default=list)  # whom it is about; of a call: who must all take calls then
    due_at = models.DateTimeField()
    until = models.DateTimeField()
    state = models.CharField(max_length=7, default="waiting")
    slot_at = models.DateTimeField(null=True)
    slot_place = models.IntegerField(null=True)
    put_off = models.IntegerField(default=0)  # how often a day was too full for it
    acted_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["duty", "subject", "occurrence"], name="due_once"),
            models.UniqueConstraint(fields=["slot_at", "slot_place"], name="one_call_a_slot"),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state="waiting"), name="due_waiting"),
            models.Index(fields=["until"], condition=Q(state="waiting"), name="due_until"),
            models.Index(fields=["slot_at"], condition=Q(state="waiting"), name="due_slots"),
            models.Index(fields=["program", "-due_at", "-id"], name="due_of_program"),
            models.Index(fields=["program", "state", "-due_at", "-id"], name="due_of_program_state"),
        ]

    @property
    def state_words(self) -> str:
        return str(words.DUE_STATES[self.state])

    @property
    def state_tone(self) -> str:
        return words.DUE_TONES[self.state]


class Asked(models.Model):
    """Up to where a duty was asked what falls due, and when it was last asked for all of it."""

    duty = models.CharField(max_length=40, primary_key=True)
    until = models.DateTimeField(null=True)
    fully_at = models.DateTimeField(null=True)  # null: ask for all of it at the next tick


class OutboundDay(models.Model):
    """What was foreseen the evening before of the calls the line would place on a day."""

    program = models.ForeignKey(Program, models.CASCADE, related_name="+")
    day = models.DateField()
    calls = models.IntegerField()
    fit = models.IntegerField()
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["program", "day"], name="a_day_foreseen_once")]
