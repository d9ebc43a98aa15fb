"""The room as a Django app."""

import dataclasses

from django.apps import AppConfig
from django.conf import settings


class MailroomConfig(AppConfig):
    """App `stet.mailroom`."""

    name = "stet.mailroom"
    label = "mailroom"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Go by the lanes and the quiet hours that the newsroom has set."""
        from stet.mailroom.pace import use

        own = settings.STET.settings
        lanes = {field.name: getattr(own.lanes, field.name) for field in dataclasses.fields(own.lanes)}
        use(lanes, quiet_hours=own.mailroom.quiet_hours)
