from django.db import migrations


def forget(apps, schema_editor):
    """A leg that is over needs its number no more; so far it was kept, sealed."""
    apps.get_model("exchange", "Leg").objects.filter(state="over").update(telephone="")


class Migration(migrations.Migration):
    dependencies = [("exchange", "0008_calls_of_nobody")]
    operations = [migrations.RunPython(forget, migrations.RunPython.noop)]
