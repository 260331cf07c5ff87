from django.db import models


class ProgramDay(models.Model):
    """A program's calls that began on one day of the clinic's clock, counted when they ended (counting.py).

    The calls are the truth, this saves reading them again; `check_days` compares.
    """

    program = models.ForeignKey("programs.Program", models.CASCADE, related_name="+")
    day = models.DateField()
    calls = models.IntegerField(default=0)
    talks = models.IntegerField(default=0)  # conversations
    seconds = models.IntegerField(default=0)  # of conversations
    staff_seconds = models.IntegerField(default=0)  # of calls that staff placed
    outcomes = models.JSONField(default=dict)  # {"talked": 3, "no_answer": 1}
    lengths = models.JSONField(default=dict)  # conversations by whole minutes: {"14": 2}

    class Meta:
        constraints = [models.UniqueConstraint(fields=["program", "day"], name="once_a_day")]
