"""Who may do what at first: editors write records of sourcing, moderators also delete what nothing rests on.

Nobody is given the right to delete a claim.
"""

from django.db import migrations

RECORDS = ("source", "question", "claim", "evidence")
EDITORS = tuple((model, action) for model in RECORDS for action in ("add", "change", "view"))
MODERATORS = (*EDITORS, ("source", "delete"), ("question", "delete"), ("evidence", "delete"))


def give(apps, _schema_editor):
    group, permission = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    content_type = apps.get_model("contenttypes", "ContentType")
    for name, rights in (("Editors", EDITORS), ("Moderators", MODERATORS)):
        for one in group.objects.filter(name=name):
            for model, action in rights:
                about, _is_new = content_type.objects.get_or_create(app_label="sourcing", model=model)
                right, _is_new = permission.objects.get_or_create(
                    content_type=about, codename=f"{action}_{model}", defaults={"name": f"Can {action} {model}"}
                )
                one.permissions.add(right)


class Migration(migrations.Migration):
    dependencies = [
        ("sourcing", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("wagtailcore", "0002_initial_data"),
    ]
    operations = [migrations.RunPython(give, migrations.RunPython.noop)]
