"""The room as a Django app."""

from django.apps import AppConfig


class AppealsConfig(AppConfig):
    """App `stet.appeals`."""

    name = "stet.appeals"
    label = "appeals"
    default_auto_field = "django.db.models.BigAutoField"
