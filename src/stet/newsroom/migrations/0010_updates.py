"""Update notes of articles, and a day for a new correction."""

import django.db.models.deletion
import django.utils.timezone
import modelcluster.fields
import wagtail.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("newsroom", "0009_shares")]

    operations = [
        migrations.AlterField(
            model_name="articlecorrection",
            name="date",
            field=models.DateField(default=django.utils.timezone.localdate, verbose_name="date"),
        ),
        migrations.CreateModel(
            name="ArticleUpdate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sort_order", models.IntegerField(blank=True, editable=False, null=True)),
                ("date", models.DateField(default=django.utils.timezone.localdate, verbose_name="date")),
                ("text", wagtail.fields.RichTextField(verbose_name="what was added")),
                (
                    "page",
                    modelcluster.fields.ParentalKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="updates", to="newsroom.articlepage"
                    ),
                ),
            ],
            options={
                "verbose_name": "update note",
                "verbose_name_plural": "update notes",
                "ordering": ["sort_order"],
                "abstract": False,
            },
        ),
    ]
