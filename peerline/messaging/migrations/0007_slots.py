from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("messaging", "0006_rests")]

    operations = [migrations.AddField("message", "slot_at", models.DateTimeField(null=True))]
