"""The room as a Django app: it keeps triggers that guard records and an index, and follows marks."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class SourcingConfig(AppConfig):
    """App `stet.sourcing`."""

    name = "stet.sourcing"
    label = "sourcing"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Have the triggers laid anew after each migration: SQLite drops them with a table that it rebuilds."""
        from stet.newsroom.home import due
        from stet.sourcing import checklist, waking
        from stet.sourcing.due import ClaimsDue
        from stet.sourcing.history import install_triggers
        from stet.sourcing.indexes import lay_indexes

        waking.connect()
        checklist.register()
        due.register(ClaimsDue())

        post_migrate.connect(install_triggers, sender=self)
        post_migrate.connect(lay_indexes, sender=self)
