"""People as they are printed.

There is no field for the real name behind a pen name or a withheld byline, on purpose: what is not stored can't be
seized.
"""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField
from wagtail.models import TranslatableMixin
from wagtail.search import index

from stet.newsroom.blocks import BOX_FEATURES


class Person(TranslatableMixin, index.Indexed, models.Model):
    """A byline in one language; the same person in another language shares the translation key."""

    class Kind(models.TextChoices):
        """How the name stands to the person."""

        NAME = "name", _("Own name")
        PEN_NAME = "pen_name", _("Pen name")
        WITHHELD = "withheld", _("Byline withheld")

    name = models.CharField(
        _("name as printed"),
        max_length=200,
        help_text=_("For a pen name or a withheld byline, write only what readers may see. Keep the real name out."),
    )
    slug = models.SlugField(_("address"), max_length=200, allow_unicode=True)
    kind = models.CharField(_("kind of byline"), max_length=10, choices=Kind.choices, default=Kind.NAME)
    role = models.CharField(_("role"), max_length=200, blank=True)
    bio = RichTextField(_("about"), features=BOX_FEATURES, blank=True)
    contact = models.CharField(_("contact as printed"), max_length=200, blank=True)
    photo = models.ForeignKey(
        "newsroom.Photo", verbose_name=_("photo"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    panels = [
        FieldPanel("name"),
        FieldPanel("slug"),
        FieldPanel("kind"),
        FieldPanel("role"),
        FieldPanel("photo"),
        FieldPanel("bio"),
        FieldPanel("contact"),
    ]
    search_fields = [
        index.SearchField("name"),
        index.AutocompleteField("name"),
        # What the desk's list is sorted and narrowed by while words are looked for.
        *(index.FilterField(field) for field in ("name", "kind", "role", "locale_id")),
    ]

    class Meta(TranslatableMixin.Meta):
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["locale", "slug"], name="person_address_once_a_language")]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuse a photo of a face that must not be known, and somebody else's address in a language no form shows."""
        super().clean()
        if self.kind == self.Kind.WITHHELD and self.photo_id:
            raise ValidationError({"photo": _("A withheld byline has no photo. Take it out.")})
        if Person.objects.filter(locale_id=self.locale_id, slug=self.slug).exclude(pk=self.pk).exists():
            raise ValidationError({"slug": _("Somebody else in this language has this address.")})
