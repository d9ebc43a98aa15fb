"""The support page of a language: what is asked of readers, what it pays for, and how it can be given."""

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, TitleFieldPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page

from stet.appeals.currencies import INTERVALS
from stet.appeals.support_blocks import CurrenciesBlock, MethodsBlock, WarningsBlock, first_currencies, first_methods
from stet.newsroom import addresses
from stet.newsroom.blocks import BOX_FEATURES
from stet.newsroom.models.printed import PrintedPageMixin

_LABEL = re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9 .,&/+-]{5,22}\Z", re.ASCII)


def check_label(value: str) -> None:
    """Refuse what no bank statement shows (Stripe: 5 to 22 Latin characters, docs.stripe.com, read 2026-11)."""
    if not _LABEL.match(value) or value != value.strip():
        raise ValidationError(_("Banks show 5 to 22 Latin letters, digits and plain signs, one of them a letter."))


class SupportPage(PrintedPageMixin, Page):
    """Where readers give. Each language has one, at a fixed address."""

    class Interval(models.TextChoices):
        """How often something is given."""

        ONCE = "once", _("Once")
        MONTHLY = "monthly", _("Monthly")
        ANNUAL = "annual", _("Annually")

    letter = RichTextField(
        _("letter to readers"),
        features=BOX_FEATURES,
        help_text=_("Why you ask, in the words of one person to another. It stands above the form."),
    )
    pays_for = RichTextField(_("what it pays for"), features=BOX_FEATURES, blank=True)
    other_ways = RichTextField(_("other ways to help"), features=BOX_FEATURES, blank=True)
    has_once = models.BooleanField(_("once"), default=True)
    has_monthly = models.BooleanField(_("monthly"), default=True)
    has_annual = models.BooleanField(_("annually"), default=True)
    preselected = models.CharField(
        _("chosen at first"),
        max_length=10,
        choices=Interval.choices,
        default=Interval.ONCE,
        help_text=_("What readers find chosen. Once commits nobody to anything."),
    )
    currencies = StreamField(CurrenciesBlock(), verbose_name=_("currencies and amounts"), default=first_currencies)
    methods = StreamField(MethodsBlock(), verbose_name=_("ways to pay"), default=first_methods)
    warnings = StreamField(
        WarningsBlock(),
        verbose_name=_("countries where giving is dangerous"),
        blank=True,
        help_text=_("A bank record can be used against somebody for years. The warning is the one real protection."),
    )
    statement_label = models.CharField(
        _("name on bank statements"),
        max_length=22,
        validators=[check_label],
        help_text=_(
            "What readers' banks show: a neutral legal name, the one that your provider has. Readers see it before "
            "they pay. That of the paper's first language counts for all."
        ),
    )
    is_open = models.BooleanField(
        _("readers can give"),
        default=True,
        help_text=_("Off: nothing is taken, the page says so, and no page of the paper links to it."),
    )
    has_ticker = models.BooleanField(
        _("show how many readers gave this month"),
        default=False,
        help_text=_("A rounded number, and none below ten people. No amount is shown."),
    )
    goal = models.PositiveIntegerField(
        _("goal"),
        null=True,
        blank=True,
        validators=[MinValueValidator(10)],
        help_text=_("How many readers you hope for each month; none if empty."),
    )

    parent_page_types = ["newsroom.FrontPage"]
    subpage_types: list[str] = []
    max_count_per_parent = 1
    content_panels = [
        TitleFieldPanel(
            "title",
            heading=_("Heading"),
            placeholder=_("Support us"),
            help_text=_("What stands above the letter. Every page of the paper calls the way here “Support us”."),
        ),
        FieldPanel("letter"),
        FieldPanel("pays_for"),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("has_once"), FieldPanel("has_monthly"), FieldPanel("has_annual")]),
                FieldPanel("preselected"),
            ],
            heading=_("How often"),
        ),
        FieldPanel("currencies"),
        FieldPanel("methods"),
        FieldPanel("warnings"),
        FieldPanel("statement_label"),
        FieldPanel("other_ways"),
        MultiFieldPanel([FieldPanel("has_ticker"), FieldPanel("goal")], heading=_("How many readers gave")),
        FieldPanel("is_open"),
    ]
    promote_panels = [FieldPanel("search_description")]

    class Meta:
        verbose_name = _("support page")
        verbose_name_plural = _("support pages")

    @property
    def intervals(self) -> tuple[str, ...]:
        """How often readers can give, in the order in which it is offered."""
        return tuple(interval for interval in INTERVALS if getattr(self, f"has_{interval}"))

    def printed_path(self) -> str:
        """`/support/` below the language's prefix: the private wing and every appeal lead there."""
        return addresses.support_path(self.path_prefix)

    def clean(self) -> None:
        """Refuse a page on which nothing can be chosen, or on which something is chosen that is not offered."""
        super().clean()
        errors: dict[str, Any] = {}
        if not self.intervals:
            errors["has_once"] = _("Offer at least one of “Once”, “Monthly” and “Annually”.")
        elif self.preselected not in self.intervals:
            errors["preselected"] = _("This is not offered. Choose one that is.")
        unpaid = set(self.intervals) - self._payable()
        if self.intervals and unpaid and self._has_methods():
            errors["methods"] = _("There is no way to pay for something that is offered. Add one, or offer less.")
        if errors:
            raise ValidationError(errors)

    def _has_methods(self) -> bool:
        return any(True for _method in self.methods)

    def _payable(self) -> set[str]:
        """The intervals that some way to pay can do."""
        return {i for i in INTERVALS for method in self.methods if method.value[f"has_{i}"]}
