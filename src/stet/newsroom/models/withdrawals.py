"""Withdrawn articles that the editors chose to say so about."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel


def _today() -> object:
    return timezone.localdate()


class Withdrawal(models.Model):
    """What stands at the address of a withdrawn article. It says that and why, and nothing of the article."""

    path = models.CharField(_("address"), max_length=500, unique=True)
    locale = models.ForeignKey(
        "wagtailcore.Locale", on_delete=models.CASCADE, related_name="+", verbose_name=_("language")
    )
    withdrawn = models.DateField(_("withdrawn on"), default=_today)
    reason = models.TextField(_("what readers are told"), max_length=2000)

    panels = [FieldPanel("path"), FieldPanel("locale"), FieldPanel("withdrawn"), FieldPanel("reason")]

    class Meta:
        verbose_name = _("withdrawal notice")
        verbose_name_plural = _("withdrawal notices")
        ordering = ["-withdrawn", "path"]

    def __str__(self) -> str:
        return self.path
