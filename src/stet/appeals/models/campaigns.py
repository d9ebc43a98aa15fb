"""The codes under which gifts were counted: kept when an appeal goes, or is called otherwise.

A page that carries a code can be much older than the edition: somebody saved it, or a mirror lags behind. For a
year what comes by it is still counted as it was meant.
"""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from stet.appeals import rules
from stet.kit.clock import SystemClock


class Campaign(models.Model):
    """The code of an appeal's variant that was published. One that still is needs no row."""

    code = models.CharField(_("code"), max_length=60, unique=True)
    last_day = models.DateField(_("until"))

    class Meta:
        verbose_name = _("campaign")
        verbose_name_plural = _("campaigns")

    def __str__(self) -> str:
        return self.code


def keep_campaigns(published: models.QuerySet[Any]) -> None:
    """Note the codes of appeals that are published now, before they change or go."""
    today = SystemClock().now().date()
    worded = published.filter(live=True).values_list("code", "variants__letter").distinct()
    rows = [Campaign(code=rules.campaign(code, letter), last_day=today) for code, letter in worded if letter]
    Campaign.objects.bulk_create(rows, update_conflicts=True, unique_fields=["code"], update_fields=["last_day"])
