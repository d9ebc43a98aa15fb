"""The room as a Django app."""

from django.apps import AppConfig


class ReadersConfig(AppConfig):
    """App `stet.readers`."""

    name = "stet.readers"
    label = "readers"
    default_auto_field = "django.db.models.BigAutoField"
