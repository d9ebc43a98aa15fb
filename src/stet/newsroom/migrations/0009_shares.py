"""Drafts shared by a link."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("newsroom", "0008_embargo"),
        ("wagtailcore", "0098_apitoken"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="SharedDraft",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "recipient",
                    models.CharField(
                        help_text="Printed on the draft. A code word does, if a name is too much.",
                        max_length=80,
                        verbose_name="who gets it",
                    ),
                ),
                ("digest", models.CharField(editable=False, max_length=64, unique=True)),
                ("mark", models.PositiveBigIntegerField(editable=False, unique=True)),
                ("made", models.DateTimeField(verbose_name="made")),
                ("expires", models.DateTimeField(verbose_name="works until")),
                ("revoked", models.DateTimeField(blank=True, null=True, verbose_name="revoked")),
                ("opened", models.PositiveIntegerField(default=0, verbose_name="opened")),
                ("last_opened", models.DateField(blank=True, null=True, verbose_name="opened last")),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="made by",
                    ),
                ),
                (
                    "page",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="newsroom.articlepage"
                    ),
                ),
                (
                    "revision",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="wagtailcore.revision",
                    ),
                ),
            ],
            options={
                "verbose_name": "shared draft",
                "verbose_name_plural": "shared drafts",
                "ordering": ["-made", "-pk"],
            },
        ),
    ]
