"""Lists of articles that somebody wants to come back to."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class SavedView(models.Model):
    """The filters of the list of articles under a name; its maker's own, or the whole desk's."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("made by")
    )
    """None once the account is gone: a view that is shared stays."""
    name = models.CharField(_("name"), max_length=60)
    query = models.CharField(_("filters"), max_length=2000, blank=True, editable=False)
    """A query string in one order, so that the same filters are always the same words."""
    is_shared = models.BooleanField(_("for everybody at the desk"), default=False)

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        ordering = ["name", "pk"]
        default_permissions: ClassVar[tuple[str, ...]] = ()
        constraints = [models.UniqueConstraint(fields=["owner", "name"], name="stet_view_name_once_an_account")]

    def __str__(self) -> str:
        return self.name
