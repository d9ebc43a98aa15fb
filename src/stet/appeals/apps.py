"""The room as a Django app."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import pre_delete


class AppealsConfig(AppConfig):
    """App `stet.appeals`."""

    name = "stet.appeals"
    label = "appeals"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Note the codes of an appeal that is deleted, by whichever way."""
        pre_delete.connect(_keep_campaigns, sender="appeals.Appeal", dispatch_uid="appeals")


def _keep_campaigns(instance: Any, **_signal: Any) -> None:
    from stet.appeals.models.campaigns import keep_campaigns  # not before all models are there

    keep_campaigns(type(instance).objects.filter(pk=instance.pk))
