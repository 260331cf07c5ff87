from django.db import models


class Proof(models.Model):
    """Something made sure of before real people are invited, as of the last time: a backup tried, prompts heard."""

    what = models.CharField(max_length=20, primary_key=True)  # backup, mail, prompts:en …
    at = models.DateTimeField()
    by = models.ForeignKey("people.Person", models.SET_NULL, null=True, related_name="+")
    detail = models.JSONField(default=dict)
