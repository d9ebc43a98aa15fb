"""Drafts shown to somebody outside by a link."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class SharedDraft(models.Model):
    """One link to one revision of a story, for one recipient. The link itself is not stored, only its digest."""

    page = models.ForeignKey(
        "newsroom.ArticlePage", verbose_name=_("article"), on_delete=models.CASCADE, related_name="+"
    )
    revision = models.ForeignKey(
        "wagtailcore.Revision", verbose_name=_("shared draft"), null=True, on_delete=models.SET_NULL, related_name="+"
    )
    recipient = models.CharField(
        _("who gets it"), max_length=80, help_text=_("Printed on the draft. A code word does, if a name is too much.")
    )
    digest = models.CharField(_("digest of the link"), max_length=64, unique=True, editable=False)
    mark = models.PositiveBigIntegerField(_("mark in the text"), unique=True, editable=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("made by")
    )
    made = models.DateTimeField(_("made"))
    expires = models.DateTimeField(_("works until"))
    revoked = models.DateTimeField(_("revoked"), null=True, blank=True)
    opened = models.PositiveIntegerField(_("opened"), default=0)
    """How often; by whom, from where and at what hour is not kept."""
    last_opened = models.DateField(_("opened last"), null=True, blank=True)

    class Meta:
        verbose_name = _("shared draft")
        verbose_name_plural = _("shared drafts")
        ordering = ["-made", "-pk"]

    def __str__(self) -> str:
        return f"{self.page_id}/{self.pk}"

    def is_open(self, *, now: datetime) -> bool:
        """Whether the link still works; of an embargo it says nothing."""
        return self.revoked is None and self.expires > now and self.revision_id is not None
