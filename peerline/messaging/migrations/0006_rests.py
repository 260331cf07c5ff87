from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("messaging", "0005_waits_for")]

    operations = [
        migrations.AddField("reminder", "in_rest", models.BooleanField(default=False)),
        migrations.AddField("written", "kept", models.BooleanField(default=False)),
    ]
