"""Bundles: pages that go live at one instant."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Bundle(models.Model):
    """Several drafts that go live together: stories, a front with its placements, a letter."""

    name = models.CharField(_("name"), max_length=120, help_text=_("For the desk only."))
    goes_live = models.DateTimeField(_("goes live at"), null=True, blank=True)
    """Set by whoever approves it for an hour; None while it is being put together."""
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("approved by"),
    )
    went_live = models.DateTimeField(_("went live"), null=True, blank=True)
    problems = models.JSONField(_("what held it back"), default=dict, blank=True)
    """What held it back at its hour: sentences by the member's number, 0 for the bundle itself."""

    class Meta:
        verbose_name = _("bundle")
        verbose_name_plural = _("bundles")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.name


class BundleMember(models.Model):
    """One draft of a bundle, as it was when it was added."""

    bundle = models.ForeignKey(Bundle, verbose_name=_("bundle"), on_delete=models.CASCADE, related_name="members")
    page = models.ForeignKey(
        "wagtailcore.Page", verbose_name=_("page in a bundle"), on_delete=models.CASCADE, related_name="+"
    )
    revision = models.ForeignKey(
        "wagtailcore.Revision",
        verbose_name=_("draft in a bundle"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    class Meta:
        verbose_name = _("draft in a bundle")
        verbose_name_plural = _("drafts in a bundle")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["bundle", "page"], name="stet_page_once_in_a_bundle")]

    def __str__(self) -> str:
        return f"{self.bundle_id}/{self.page_id}"
