"""Sources as they are printed.

There is no field for who an unnamed source is, on purpose: what is not stored can't be seized. An unnamed source has no
page either, and each is a row of its own: two stories side by side must not tell that they had the same one.
"""

from typing import Any
from uuid import uuid4

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel
from wagtail.models import Locale, Orderable
from wagtail.search import index

from stet.sourcing import words
from stet.sourcing.models.addressed import AddressedMixin
from stet.sourcing.terms import SourceKind

LONGEST_NAME = 200


class Source(index.Indexed, ClusterableModel):
    """Who or what says something, with a name in each language it is printed in."""

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=15, choices=words.SOURCE_KINDS, default=SourceKind.PERSON)

    search_fields = [
        index.RelatedFields("names", [index.SearchField("name"), index.AutocompleteField("name")]),
        index.FilterField("id"),
        index.FilterField("kind"),
    ]

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")

    def __str__(self) -> str:
        return self.name_in(None)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save it; of an unnamed source nothing is kept but its description."""
        super().save(*args, **kwargs)
        if self.is_unnamed:
            SourceName.objects.filter(source_id=self.pk).update(role="", interest="", slug="")

    def name_in(self, language: str | None) -> str:
        """Its name in `language`, or else in the first language it has."""
        names = list(self.names.all())
        own = [name for name in names if name.locale.language_code == language]
        return str((own or names or [_("source without a name")])[0])

    @property
    def is_unnamed(self) -> bool:
        """Whether readers know only a description."""
        return self.kind == SourceKind.UNNAMED


class SourceName(AddressedMixin, Orderable):
    """A source in one language."""

    WORDS, FALLBACK = "name", "source"

    source = ParentalKey(Source, on_delete=models.CASCADE, related_name="names")
    locale = models.ForeignKey(Locale, verbose_name=_("language"), on_delete=models.CASCADE, related_name="+")
    name = models.CharField(
        _("name or description"),
        max_length=LONGEST_NAME,
        help_text=_("Of an unnamed source only what readers may see: “an official who was present”."),
    )
    role = models.CharField(_("role"), max_length=LONGEST_NAME, blank=True, help_text=_("Such as “lawmaker”."))
    interest = models.CharField(
        _("side or interest"), max_length=LONGEST_NAME, blank=True, help_text=_("Such as “party to the conflict”.")
    )
    slug = models.SlugField(
        pgettext_lazy("of a page", "address"), max_length=100, allow_unicode=True, blank=True,
        help_text=_("Of its page; made from the name if empty. An unnamed source has no page."),
    )  # fmt: skip

    panels = [FieldPanel(name) for name in ("locale", "name", "role", "interest", "slug")]

    class Meta(Orderable.Meta):
        verbose_name = _("name")
        verbose_name_plural = _("names")
        constraints = [
            models.UniqueConstraint(fields=["source", "locale"], name="source_name_once_a_language"),
            models.UniqueConstraint(
                fields=["locale", "slug"], condition=~models.Q(slug=""), name="source_address_once_a_language"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def has_page(self) -> bool:
        """Whether readers may recognise it."""
        return not self.source.is_unnamed

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save it; of an unnamed source nothing is kept but its description."""
        if self.source.is_unnamed:
            self.role = self.interest = self.slug = ""
        super().save(*args, **kwargs)
