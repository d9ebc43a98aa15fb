"""Questions: what rival claims answer. Nothing here picks a winner."""

from uuid import uuid4

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField
from wagtail.models import Locale, Orderable
from wagtail.search import index

from stet.newsroom.blocks import BOX_FEATURES
from stet.sourcing.models.addressed import AddressedMixin


class Question(index.Indexed, ClusterableModel):
    """“How many were killed at Z?”, in each language it is printed in."""

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    is_printed = models.BooleanField(
        _("has a page"), default=True, help_text=_("Readers see all claims side by side, and the range they span.")
    )

    search_fields = [
        index.RelatedFields("texts", [index.SearchField("text"), index.AutocompleteField("text")]),
        index.FilterField("id"),
        index.FilterField("is_printed"),
    ]

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")

    def __str__(self) -> str:
        return self.text_in(None)

    def text_in(self, language: str | None) -> str:
        """The question in `language`, or else in the first language it has."""
        texts = list(self.texts.all())
        own = [text for text in texts if text.locale.language_code == language]
        return str((own or texts or [_("question without words")])[0])


class QuestionText(AddressedMixin, Orderable):
    """A question in one language."""

    WORDS, FALLBACK = "text", "question"

    question = ParentalKey(Question, on_delete=models.CASCADE, related_name="texts")
    locale = models.ForeignKey(Locale, verbose_name=_("language"), on_delete=models.CASCADE, related_name="+")
    text = models.CharField(_("question"), max_length=300)
    slug = models.SlugField(
        pgettext_lazy("of a page", "address"), max_length=100, allow_unicode=True, blank=True,
        help_text=_("Of its page; made from the question if empty."),
    )  # fmt: skip
    intro = RichTextField(_("introduction"), features=BOX_FEATURES, blank=True)

    panels = [FieldPanel(name) for name in ("locale", "text", "slug", "intro")]

    class Meta(Orderable.Meta):
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        constraints = [
            models.UniqueConstraint(fields=["question", "locale"], name="question_text_once_a_language"),
            models.UniqueConstraint(
                fields=["locale", "slug"], condition=~models.Q(slug=""), name="question_address_once_a_language"
            ),
        ]

    def __str__(self) -> str:
        return self.text
