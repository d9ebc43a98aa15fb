"""Embargoes of articles."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("newsroom", "0007_checklists")]

    operations = [
        migrations.AddField(
            model_name="articlepage",
            name="embargoed_until",
            field=models.DateTimeField(
                blank=True,
                help_text="Before this hour nobody can publish it, schedule it for earlier or read it by a shared link.",
                null=True,
                verbose_name="embargoed until",
            ),
        ),
    ]
