"""Who may do what at first: editors write appeals and silence them all, moderators publish them too."""

from django.db import migrations

EDITORS = (("appeal", "add"), ("appeal", "change"), ("silence", "change"))
MODERATORS = (*EDITORS, ("appeal", "publish"), ("appeal", "delete"), ("appeal", "lock"), ("appeal", "unlock"))


def give(apps, _schema_editor):
    group, permission = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    content_type = apps.get_model("contenttypes", "ContentType")
    for name, rights in (("Editors", EDITORS), ("Moderators", MODERATORS)):
        for one in group.objects.filter(name=name):
            for model, action in rights:
                about, _is_new = content_type.objects.get_or_create(app_label="appeals", model=model)
                right, _is_new = permission.objects.get_or_create(
                    content_type=about, codename=f"{action}_{model}", defaults={"name": f"Can {action} {model}"}
                )
                one.permissions.add(right)


class Migration(migrations.Migration):
    dependencies = [
        ("appeals", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("wagtailcore", "0002_initial_data"),
    ]
    operations = [migrations.RunPython(give, migrations.RunPython.noop)]
