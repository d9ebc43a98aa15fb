"""Names of the fields of bundles and shared drafts."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("newsroom", "0011_bundles"),
        ("wagtailcore", "0098_apitoken"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        migrations.swappable_dependency(settings.WAGTAIL_PAGE_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="bundle",
            name="approved_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="approved by",
            ),
        ),
        migrations.AlterField(
            model_name="bundle",
            name="problems",
            field=models.JSONField(blank=True, default=dict, verbose_name="what held it back"),
        ),
        migrations.AlterField(
            model_name="bundlemember",
            name="bundle",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="members",
                to="newsroom.bundle",
                verbose_name="bundle",
            ),
        ),
        migrations.AlterField(
            model_name="bundlemember",
            name="page",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to=settings.WAGTAIL_PAGE_MODEL,
                verbose_name="page in a bundle",
            ),
        ),
        migrations.AlterField(
            model_name="bundlemember",
            name="revision",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="wagtailcore.revision",
                verbose_name="draft in a bundle",
            ),
        ),
        migrations.AlterField(
            model_name="shareddraft",
            name="digest",
            field=models.CharField(editable=False, max_length=64, unique=True, verbose_name="digest of the link"),
        ),
        migrations.AlterField(
            model_name="shareddraft",
            name="mark",
            field=models.PositiveBigIntegerField(editable=False, unique=True, verbose_name="mark in the text"),
        ),
        migrations.AlterField(
            model_name="shareddraft",
            name="page",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="newsroom.articlepage",
                verbose_name="article",
            ),
        ),
        migrations.AlterField(
            model_name="shareddraft",
            name="revision",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="wagtailcore.revision",
                verbose_name="shared draft",
            ),
        ),
    ]
