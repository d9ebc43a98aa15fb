"""The room as a Django app."""

from django.apps import AppConfig


class OfficeConfig(AppConfig):
    """App `stet.office`."""

    name = "stet.office"
    label = "office"
    default_auto_field = "django.db.models.BigAutoField"
