from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("programs", "0009_not_before_they_agreed")]

    operations = [
        migrations.AddField("enrollment", "rest_began_at", models.DateTimeField(null=True)),
        migrations.AddField("enrollment", "rests_until", models.DateField(null=True)),
    ]
