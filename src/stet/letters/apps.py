"""The room as a Django app."""

from django.apps import AppConfig


class LettersConfig(AppConfig):
    """App `stet.letters`."""

    name = "stet.letters"
    label = "letters"
    default_auto_field = "django.db.models.BigAutoField"
