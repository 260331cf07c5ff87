from django.db import models


class Line(models.Model):
    """One deed or one look. `subject_id` is the person it was about, if it was about one."""

    at = models.DateTimeField(db_index=True)
    actor_id = models.BigIntegerField(null=True, db_index=True)  # a person; null: the platform itself
    door = models.CharField(max_length=12)  # web, phone, worker, command
    verb = models.CharField(max_length=60)  # "people.saw", "pairs.ended"
    subject_id = models.BigIntegerField(null=True)
    object = models.CharField(max_length=60, blank=True)  # "pair:12"
    detail = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["subject_id", "-id"])]


class Seal(models.Model):
    """A hash over lines first..last and the seal before it."""

    first_line = models.BigIntegerField()
    last_line = models.BigIntegerField(unique=True)
    lines = models.IntegerField()
    digest = models.CharField(max_length=64)
    at = models.DateTimeField()
