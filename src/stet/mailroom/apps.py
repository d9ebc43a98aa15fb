"""The room as a Django app."""

from django.apps import AppConfig


class MailroomConfig(AppConfig):
    """App `stet.mailroom`."""

    name = "stet.mailroom"
    label = "mailroom"
    default_auto_field = "django.db.models.BigAutoField"
