"""An appeal: a letter to readers in one language, in one or several variants, and when it may ask."""

from datetime import date
from itertools import count
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.forms import CheckboxSelectMultiple
from django.http import HttpRequest, HttpResponse
from django.utils.html import strip_tags
from django.utils.module_loading import import_string
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from modelcluster.models import ClusterableModel
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.fields import RichTextField
from wagtail.models import (
    DraftStateMixin,
    LockableMixin,
    Orderable,
    PreviewableMixin,
    RevisionMixin,
    TranslatableMixin,
    WorkflowMixin,
)
from wagtail.search import index

from stet.appeals import rules
from stet.appeals.models.campaigns import keep_campaigns
from stet.appeals.panels import WhyPanel
from stet.newsroom.blocks import BOX_FEATURES

PREVIEW = "stet.press.appeals_preview.preview_appeal"
"""Sets an appeal on a page as the press would. Named here, not imported: the press stands above this room."""
LONGEST_CODE = 40
MOST_VARIANTS = 4
LONGEST = {"banner": 500, "letter": 1800}
"""Characters of a variant's text in each place: every page carries them."""


class AppealForm(WagtailAdminModelForm):
    """The desk's form of an appeal; it offers the sections of the appeal's own language."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("sections_in", "sections_out"):
            if name in self.fields and self.instance.locale_id:
                self.fields[name].queryset = self.fields[name].queryset.filter(locale_id=self.instance.locale_id)

    def is_valid(self) -> bool:
        """Refuse a text that is too long for the page's budget; the variants' own forms are clean only now."""
        if not super().is_valid():
            return False
        too_long = [form for form in self._variants() if self._is_too_long(form)]
        return not too_long

    def _variants(self) -> list[Any]:
        formset = self.formsets.get("variants")
        return [form for form in formset.forms if form not in formset.deleted_forms] if formset else []

    def _is_too_long(self, form: Any) -> bool:
        longest = LONGEST.get(self.cleaned_data["slot"])  # a draft may have no place yet
        length = len(strip_tags(form.cleaned_data.get("text") or ""))
        if longest is None or length <= longest:
            return False
        sentence = gettext("This text has %(length)d characters. Every page carries it: %(longest)d are the limit.")
        form.add_error("text", sentence % {"length": length, "longest": longest})
        return True


class Appeal(
    WorkflowMixin,
    DraftStateMixin,
    LockableMixin,
    RevisionMixin,
    PreviewableMixin,
    TranslatableMixin,
    index.Indexed,
    ClusterableModel,
):
    """What is asked of readers in one language; the same appeal in another shares the translation key."""

    class Slot(models.TextChoices):
        """Where it asks."""

        BANNER = "banner", _("Banner on top of articles and the front")
        LETTER = "letter", _("Letter at the end of articles")

    class Priority(models.IntegerChoices):
        """Which appeal goes first where several could ask."""

        FIRST = 9, pgettext_lazy("of an appeal", "First")
        ORDINARY = 5, pgettext_lazy("of an appeal", "In its turn")
        LAST = 1, pgettext_lazy("of an appeal", "Where nothing else asks")

    name = models.CharField(_("name at the desk"), max_length=100, help_text=_("Readers do not see it."))
    code = models.CharField(
        _("code"),
        max_length=LONGEST_CODE,
        validators=[RegexValidator(r"\A[a-z0-9][a-z0-9-]*\Z", _("Small letters, digits and hyphens only."))],
        help_text=_(
            "Names the appeal in reports, as “spring-2027”. What came in by it is counted under this code and the "
            "variant's letter, so leave it as it is once the appeal is printed."
        ),
    )
    slot = models.CharField(_("place"), max_length=10, choices=Slot.choices, default=Slot.LETTER)
    priority = models.PositiveSmallIntegerField(_("turn"), choices=Priority.choices, default=Priority.ORDINARY)
    has_amounts = models.BooleanField(
        _("with amounts"), default=True, help_text=_("Readers choose an amount below the words and go on to pay.")
    )
    first_day = models.DateField(_("from"), null=True, blank=True)
    last_day = models.DateField(_("until"), null=True, blank=True)
    sections_in = ParentalManyToManyField(
        "newsroom.SectionPage", blank=True, related_name="+", verbose_name=_("only in these sections")
    )
    sections_out = ParentalManyToManyField(
        "newsroom.SectionPage", blank=True, related_name="+", verbose_name=_("not in these sections")
    )
    tags_in = ParentalManyToManyField(
        "taggit.Tag", blank=True, related_name="+", verbose_name=_("only on articles with one of these tags")
    )
    tags_out = ParentalManyToManyField(
        "taggit.Tag", blank=True, related_name="+", verbose_name=_("not on articles with one of these tags")
    )
    most_views = models.PositiveSmallIntegerField(
        _("times at most"),
        default=4,
        validators=[MaxValueValidator(rules.MOST_VIEWS)],
        help_text=_("How often one reader sees it; 0 for as often as there are pages."),
    )
    view_days = models.PositiveSmallIntegerField(
        _("within days"), default=30, validators=[MinValueValidator(1), MaxValueValidator(365)]
    )
    gap_days = models.PositiveSmallIntegerField(
        _("days between two"),
        default=1,
        validators=[MaxValueValidator(365)],
        help_text=_("Days after an appeal in the same place on which this one stays away; 0 for none."),
    )
    articles = models.PositiveSmallIntegerField(
        _("articles before"),
        default=0,
        validators=[MaxValueValidator(1000)],
        help_text=_("How many articles a reader has read before this one asks."),
    )
    weeks = models.PositiveSmallIntegerField(
        _("within weeks"),
        default=rules.MOST_WEEKS,
        validators=[MinValueValidator(1), MaxValueValidator(rules.MOST_WEEKS)],
    )
    letters_given = models.PositiveSmallIntegerField(default=0, editable=False)
    """So many letters were given to variants so far: that of one that went is never given again."""

    base_form_class = AppealForm
    panels = [
        WhyPanel(),
        FieldPanel("name"),
        FieldRowPanel([FieldPanel("code"), FieldPanel("slot")]),
        InlinePanel(
            "variants",
            heading=pgettext_lazy("of an appeal", "Words"),
            label=_("Variant"),
            min_num=1,
            max_num=MOST_VARIANTS,
            help_text=_("With several variants, each reader always sees the same one, and equally many see each."),
        ),
        FieldPanel("has_amounts"),
        MultiFieldPanel(
            [FieldRowPanel([FieldPanel("first_day"), FieldPanel("last_day")]), FieldPanel("priority")],
            heading=_("When"),
        ),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("most_views"), FieldPanel("view_days")]),
                FieldPanel("gap_days"),
                FieldRowPanel([FieldPanel("articles"), FieldPanel("weeks")]),
            ],
            heading=_("How often"),
        ),
        MultiFieldPanel(
            [
                FieldPanel("sections_in", widget=CheckboxSelectMultiple),
                FieldPanel("sections_out", widget=CheckboxSelectMultiple),
                FieldPanel("tags_in"),
                FieldPanel("tags_out"),
            ],
            heading=_("Where"),
            classname="collapsed",
        ),
    ]
    search_fields = [
        index.SearchField("name"),
        index.AutocompleteField("name"),
        index.SearchField("code"),
        *(index.FilterField(field) for field in ("name", "code", "slot", "locale_id", "live")),
    ]

    class Meta(TranslatableMixin.Meta):
        verbose_name = pgettext_lazy("to readers", "appeal")
        verbose_name_plural = pgettext_lazy("to readers", "appeals")
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["locale", "code"], name="appeal_code_once_a_language")]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuse a window that ends before it begins, and a code of another appeal in a language no form shows."""
        super().clean()
        if self.first_day and self.last_day and self.last_day < self.first_day:
            raise ValidationError({"last_day": _("The last day comes before the first.")})
        if Appeal.objects.filter(locale_id=self.locale_id, code=self.code).exclude(pk=self.pk).exists():
            raise ValidationError({"code": _("Another appeal in this language has this code.")})

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Note what was counted under the codes of before, and give each variant its letter."""
        if self.pk:
            keep_campaigns(Appeal.objects.filter(pk=self.pk))
        if kwargs.get("update_fields") is None:
            self._give_letters()
        super().save(*args, **kwargs)

    def save_revision(self, *args: Any, **kwargs: Any) -> Any:
        """A draft's variants have their letters too."""
        self._give_letters()
        return super().save_revision(*args, **kwargs)

    def _give_letters(self) -> None:
        lettered = self.lettered()
        if any(variant.letter != letter for letter, variant in lettered):
            for letter, variant in lettered:
                variant.letter = letter
            appeal: Any = self  # modelcluster takes a list for its relation
            appeal.variants = [variant for _letter, variant in lettered]
        self.letters_given = max([self._letters_given(), *(rules.number_of(letter) + 1 for letter, _one in lettered)])

    def _letters_given(self) -> int:
        """As stored: a draft may be older than what was published since."""
        stored = Appeal.objects.filter(pk=self.pk).values_list("letters_given", flat=True) if self.pk else ()
        return max(stored, default=0)

    def lettered(self) -> list[tuple[str, "AppealVariant"]]:
        """(letter, variant), in the editors' order; one that has no letter yet gets the next that nobody had."""
        variants = list(self.variants.all())
        known = dict(AppealVariant.objects.filter(pk__in=[v.pk for v in variants if v.pk]).values_list("pk", "letter"))
        letters = [variant.letter or known.get(variant.pk, "") for variant in variants]
        taken = max([self._letters_given(), *(rules.number_of(letter) + 1 for letter in letters if letter)])
        new = (rules.letter_of(number) for number in count(taken))
        return [(letter or next(new), variant) for letter, variant in zip(letters, variants, strict=True)]

    def copy_for_translation(self, *args: Any, **kwargs: Any) -> "Appeal":
        """Begin a translation: a draft, in no section yet, since sections belong to a language."""
        translation: Appeal = super().copy_for_translation(*args, **kwargs)
        translation.live = False
        translation.sections_in.set([])
        translation.sections_out.set([])
        return translation

    @property
    def preview_modes(self) -> list[tuple[str, Any]]:
        """Each variant on a real page, then what different readers see there."""
        letters = [letter for letter, _variant in self.lettered()] or [rules.LETTERS[0]]
        named = [(letter, gettext("Variant %(letter)s") % {"letter": letter.upper()}) for letter in letters]
        return [
            *named,
            ("new", _("As a new reader sees it")),
            ("frequent", _("As a frequent reader sees it")),
            ("quiet", _("As a reader who closed an appeal sees it")),
            ("plain", _("Where no script runs")),
        ]

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:  # noqa: ARG002 - Wagtail's signature
        """The appeal on the newest article where it may ask."""
        return HttpResponse(import_string(PREVIEW)(self, mode_name), content_type="text/html; charset=utf-8")

    def rule(self) -> rules.Appeal:
        """The appeal as its rules see it."""
        return rules.Appeal(
            code=self.code,
            language=self.locale.language_code,
            slot="banner" if self.slot == Appeal.Slot.BANNER else "letter",
            variants=max(1, self.variants.count()),
            priority=self.priority,
            first_day=_number(self.first_day),
            last_day=_number(self.last_day),
            sections_in=_numbers(self.sections_in),
            sections_out=_numbers(self.sections_out),
            tags_in=_numbers(self.tags_in),
            tags_out=_numbers(self.tags_out),
            most_views=self.most_views,
            view_days=self.view_days,
            gap_days=self.gap_days,
            articles=self.articles,
            weeks=self.weeks,
        )


class AppealVariant(Orderable):
    """One way to say it. Its letter stays with it, wherever it stands and whatever becomes of the others."""

    appeal = ParentalKey(Appeal, on_delete=models.CASCADE, related_name="variants")
    letter = models.CharField(
        pgettext_lazy("of a variant", "letter"),
        max_length=3,
        blank=True,
        editable=False,
        help_text=_(
            "Gifts are counted under the appeal's code and this letter. A new variant gets it when it is saved, and "
            "keeps it in any order."
        ),
    )
    title = models.CharField(pgettext_lazy("of an appeal", "title"), max_length=120)
    text = RichTextField(_("words"), features=BOX_FEATURES)

    panels = [FieldPanel("letter", read_only=True), FieldPanel("title"), FieldPanel("text")]

    class Meta(Orderable.Meta):
        verbose_name = _("variant")
        verbose_name_plural = _("variants")

    def __str__(self) -> str:
        return self.title


def _number(day: date | None) -> int:
    return rules.day_number(day) if day else 0


def _numbers(related: Any) -> tuple[int, ...]:
    return tuple(sorted(row.pk for row in related.all()))
