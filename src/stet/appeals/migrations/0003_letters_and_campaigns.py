import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("appeals", "0002_rights"),
    ]

    operations = [
        migrations.CreateModel(
            name="Campaign",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=60, unique=True, verbose_name="code")),
                ("last_day", models.DateField(verbose_name="until")),
            ],
            options={
                "verbose_name": "campaign",
                "verbose_name_plural": "campaigns",
            },
        ),
        migrations.AddField(
            model_name="appeal",
            name="letters_given",
            field=models.PositiveSmallIntegerField(default=0, editable=False),
        ),
        migrations.AddField(
            model_name="appealvariant",
            name="letter",
            field=models.CharField(
                blank=True,
                editable=False,
                help_text=(
                    "Gifts are counted under the appeal's code and this letter. A new variant gets it when it is "
                    "saved, and keeps it in any order."
                ),
                max_length=3,
                verbose_name="letter",
            ),
        ),
        migrations.AlterField(
            model_name="silence",
            name="quiet_weeks",
            field=models.PositiveSmallIntegerField(
                default=4,
                help_text="For so long a reader who closed an appeal, gave, or asked to be reminded is not asked again. It is one number for all, so that a phone cannot tell who gave.",
                validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(26)],
                verbose_name="weeks of quiet",
            ),
        ),
    ]
