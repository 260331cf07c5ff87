"""Weeks of pairs are counted as calls end. For calls before this, the first `pairs.check_weeks` counts them."""

import django.db.models.deletion
from django.db import migrations, models


def since_they_began(apps, schema_editor):
    apps.get_model("pairs", "Pair").objects.update(silent_since=models.F("began_at"))


class Migration(migrations.Migration):
    dependencies = [
        ("pairs", "0001_initial"),
    ]

    operations = [
        migrations.AddField("pair", "silent_since", models.DateTimeField(null=True)),
        migrations.RunPython(since_they_began, migrations.RunPython.noop),
        migrations.AlterField("pair", "silent_since", models.DateTimeField()),
        migrations.RemoveIndex("pair", "pairs_active"),
        migrations.AddIndex(
            "pair",
            models.Index(
                fields=["program", "silent_since"], condition=models.Q(("ended_at", None)), name="pairs_silent"
            ),
        ),
        migrations.CreateModel(
            name="PairWeek",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("monday", models.DateField()),
                ("talks", models.IntegerField(default=0)),
                ("tries", models.IntegerField(default=0)),
                ("seconds", models.IntegerField(default=0)),
                (
                    "pair",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="weeks", to="pairs.pair"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["monday", "pair", "tries"],
                        condition=models.Q(("tries__gt", 0)),
                        name="pair_weeks_tried",
                    )
                ],
                "constraints": [models.UniqueConstraint(fields=("pair", "monday"), name="once_a_week")],
            },
        ),
    ]
