from django.db import models


class Job(models.Model):
    """One piece of work. state: waiting, done, failed (a person must look)."""

    kind = models.CharField(max_length=80)
    key = models.CharField(max_length=160, unique=True)
    args = models.JSONField(default=dict)
    state = models.CharField(max_length=8, default="waiting")
    run_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True)
    tries = models.IntegerField(default=0)
    problem = models.TextField(blank=True)
    made_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["run_at"], name="jobs_waiting", condition=models.Q(state="waiting"))]


class Regular(models.Model):
    """Work that comes round. Whoever claims a turn notes when they began; next_at is moved on when it is over."""

    name = models.CharField(max_length=80, primary_key=True)
    next_at = models.DateTimeField(db_index=True)
    last_began_at = models.DateTimeField(null=True)
    last_ended_at = models.DateTimeField(null=True)
    problem = models.TextField(blank=True)
