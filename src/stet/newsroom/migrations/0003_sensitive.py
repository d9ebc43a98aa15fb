"""Articles, sections and topics can be marked sensitive: nothing is asked beside them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("newsroom", "0002_editors_pick"),
    ]

    operations = [
        migrations.AddField(
            model_name="articlepage",
            name="is_sensitive",
            field=models.BooleanField(
                default=False, help_text="Readers are asked for nothing beside this story.", verbose_name="sensitive"
            ),
        ),
        migrations.AddField(
            model_name="sectionpage",
            name="is_sensitive",
            field=models.BooleanField(
                default=False, help_text="Readers are asked for nothing beside its stories.", verbose_name="sensitive"
            ),
        ),
        migrations.AddField(
            model_name="topicpage",
            name="is_sensitive",
            field=models.BooleanField(
                default=False, help_text="Readers are asked for nothing beside its stories.", verbose_name="sensitive"
            ),
        ),
    ]
