"""The variants that are there keep the codes under which they were counted: A for the first, B for the second."""

import string

from django.db import migrations


def give(apps, _schema_editor):
    variants = apps.get_model("appeals", "AppealVariant").objects
    for appeal in apps.get_model("appeals", "Appeal").objects.all():
        own = variants.filter(appeal_id=appeal.pk).order_by("sort_order", "pk")
        for letter, variant in zip(string.ascii_lowercase, own, strict=False):
            variant.letter = letter
            variant.save(update_fields=["letter"])
        appeal.letters_given = own.count()
        appeal.save(update_fields=["letters_given"])


class Migration(migrations.Migration):
    dependencies = [("appeals", "0003_letters_and_campaigns")]
    operations = [migrations.RunPython(give, migrations.RunPython.noop)]
