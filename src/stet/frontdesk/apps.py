"""The room as a Django app."""

from django.apps import AppConfig


class FrontdeskConfig(AppConfig):
    """App `stet.frontdesk`."""

    name = "stet.frontdesk"
    label = "frontdesk"
    default_auto_field = "django.db.models.BigAutoField"
