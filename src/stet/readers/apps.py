"""The room as a Django app."""

from typing import Any

from django.apps import AppConfig
from django.db.backends.signals import connection_created

DATABASE = "readers"


class ReadersConfig(AppConfig):
    """App `stet.readers`."""

    name = "stet.readers"
    label = "readers"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """See to it that whatever is removed from the readers' database is overwritten."""
        connection_created.connect(overwrite_what_is_removed, dispatch_uid="stet.readers")


def overwrite_what_is_removed(*, connection: Any, **_signal: object) -> None:
    """Let SQLite fill freed places with zeros: an address is swapped and wrapped anew too, not only erased."""
    if connection.alias == DATABASE and connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA secure_delete=ON")
