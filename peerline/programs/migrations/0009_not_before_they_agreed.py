from django.db import migrations


def invite_who_never_agreed(apps, schema_editor):
    """Until now somebody who was added took part at once, also where a text waited for their answer."""
    rows = apps.get_model("programs", "Enrollment").objects.filter(state="active")
    texts = apps.get_model("programs", "ConsentText").objects.values("program_id")
    given = apps.get_model("programs", "Consent").objects.filter(withdrawn_at=None).values("enrollment_id")
    rows.filter(program_id__in=texts).exclude(pk__in=given).update(state="invited")


class Migration(migrations.Migration):

    dependencies = [("programs", "0008_shipped_version")]

    operations = [migrations.RunPython(invite_who_never_agreed, migrations.RunPython.noop)]
