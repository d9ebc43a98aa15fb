"""The room as a Django app."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """App `stet.ledger`."""

    name = "stet.ledger"
    label = "ledger"
    default_auto_field = "django.db.models.BigAutoField"
