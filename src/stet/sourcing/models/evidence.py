"""Evidence: what a claim rests on, with the digest of what was captured.

Two copies, in the sense of the Berkeley Protocol: the evidentiary one is never changed, the working one is what people
look at and what is printed. Files lie below the newsroom's `evidence/` folder, apart from the media that readers get.
"""

from uuid import uuid4

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.search import index

from stet.sourcing import words
from stet.sourcing.terms import Authenticity, Visibility


class Evidence(index.Indexed, models.Model):
    """A file or an address that a claim rests on."""

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    title = models.CharField(_("title"), max_length=200, help_text=_("Readers see it where the evidence is public."))
    url = models.URLField(_("address"), max_length=1000, blank=True)
    captured_at = models.DateTimeField(_("captured"), null=True, blank=True)
    tool = models.CharField(_("captured with"), max_length=100, blank=True)
    visibility = models.CharField(
        _("who may see it"), max_length=8, choices=words.VISIBILITIES, default=Visibility.STAFF
    )
    authenticity = models.CharField(
        _("authenticity"), max_length=10, choices=words.AUTHENTICITIES, default=Authenticity.SEEN
    )
    verified_by = models.CharField(_("verified by"), max_length=200, blank=True)
    redaction = models.CharField(_("what was blacked out, and why"), max_length=300, blank=True)
    file_name = models.CharField(max_length=200, blank=True, editable=False)
    """What the file was called, without a path; empty where there is only an address."""
    media_type = models.CharField(max_length=100, blank=True, editable=False)
    size_bytes = models.PositiveBigIntegerField(null=True, blank=True, editable=False)
    sha256 = models.CharField(max_length=64, blank=True, editable=False)
    """Of the evidentiary copy, as it was captured, in hexadecimal."""
    working_sha256 = models.CharField(max_length=64, blank=True, editable=False)
    """Of the working copy; empty where it is the evidentiary one."""

    search_fields = [
        index.SearchField("title"),
        index.AutocompleteField("title"),
        index.FilterField("visibility"),
        index.FilterField("authenticity"),
    ]

    class Meta:
        verbose_name = _("piece of evidence")
        verbose_name_plural = _("evidence")

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        """Refuse a verification by nobody."""
        super().clean()
        if self.authenticity == Authenticity.VERIFIED and not self.verified_by:
            raise ValidationError({"verified_by": _("Say who verified it.")})
