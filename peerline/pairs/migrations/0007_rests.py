from django.db import migrations, models
from django.db.models import F


def note_last_talks(apps, schema_editor):
    """Until now the last talk was what silence is counted from."""
    rows = apps.get_model("pairs", "Pair").objects.filter(silent_since__gt=F("began_at"))
    rows.update(last_talk_at=F("silent_since"))


class Migration(migrations.Migration):

    dependencies = [("pairs", "0006_mentors")]

    operations = [
        migrations.AddField("pair", "last_talk_at", models.DateTimeField(null=True)),
        migrations.AddField("pair", "back_at", models.DateTimeField(null=True)),
        migrations.RunPython(note_last_talks, migrations.RunPython.noop),
    ]
