"""A list: what a reader joins, and when its letters come."""

from collections.abc import Mapping
from datetime import time
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, TitleFieldPanel
from wagtail.fields import RichTextField
from wagtail.models import Page

from stet.letters.addresses import RESERVED_LIST_SLUGS
from stet.letters.blocks import LETTER_FEATURES
from stet.letters.models.fields import check_line_of, check_one_line, check_time_zone
from stet.newsroom import addresses
from stet.newsroom.models.printed import PrintedPageMixin
from stet.newsroom.paper import current_paper

LONGEST_KEY = 140
LONGEST_PROMISE = 300


class ListPage(PrintedPageMixin, Page):
    """A list. Its title is its name, its children are its letters."""

    class Cadence(models.TextChoices):
        """How often a letter comes."""

        WEEKLY = "weekly", _("Every week")
        DAILY = "daily", _("Every day")
        IRREGULAR = "irregular", _("When there is something to say")

    class Weekday(models.IntegerChoices):
        """The day of a weekly letter, counted as Python counts."""

        MONDAY = 0, pgettext_lazy("day of a letter", "Monday")
        TUESDAY = 1, pgettext_lazy("day of a letter", "Tuesday")
        WEDNESDAY = 2, pgettext_lazy("day of a letter", "Wednesday")
        THURSDAY = 3, pgettext_lazy("day of a letter", "Thursday")
        FRIDAY = 4, pgettext_lazy("day of a letter", "Friday")
        SATURDAY = 5, pgettext_lazy("day of a letter", "Saturday")
        SUNDAY = 6, pgettext_lazy("day of a letter", "Sunday")

    key = models.CharField(_("key"), max_length=LONGEST_KEY, unique=True, blank=True, editable=False)
    promise = models.TextField(
        _("promise"),
        max_length=LONGEST_PROMISE,
        help_text=_("What readers get and when, in one sentence: “A hand-picked selection of news, every Friday.”"),
    )
    about = RichTextField(_("about this list"), features=LETTER_FEATURES, blank=True)
    cadence = models.CharField(_("how often"), max_length=10, choices=Cadence.choices, default=Cadence.WEEKLY)
    weekday = models.PositiveSmallIntegerField(
        _("on which day"),
        choices=Weekday.choices,
        default=Weekday.FRIDAY,
        validators=[MaxValueValidator(6)],
        help_text=_("For a letter that comes every week."),
    )
    hour = models.TimeField(_("at what time"), default=time(8, 0))
    time_zone = models.CharField(
        _("time zone"),
        max_length=64,
        blank=True,
        validators=[check_time_zone],
        help_text=_("For readers who chose none. The paper's own if empty."),
    )
    from_name = models.CharField(
        pgettext_lazy("of a mail", "From"),
        max_length=100,
        blank=True,
        validators=[check_one_line],
        help_text=_("The name readers see as the sender. The paper's name if empty."),
    )
    has_photos = models.BooleanField(
        _("with photos"),
        default=True,
        help_text=_("Photos travel inside the mail, so that opening it contacts nobody. Without them it is lighter."),
    )
    is_open = models.BooleanField(
        _("readers can sign up"), default=True, help_text=_("Whether the sign-up form is shown.")
    )

    parent_page_types = ["newsroom.FrontPage"]
    subpage_types = ["letters.LetterPage"]
    exclude_fields_in_copy = ["key"]
    content_panels = [
        TitleFieldPanel(
            "title",
            heading=pgettext_lazy("of a list", "Name"),
            placeholder=_("Name of the list"),
            help_text=_("What readers see when they sign up, such as “The Week”."),
        ),
        FieldPanel("promise"),
        FieldPanel("about"),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("cadence"), FieldPanel("weekday")]),
                FieldRowPanel([FieldPanel("hour"), FieldPanel("time_zone")]),
            ],
            heading=_("When letters come"),
        ),
        FieldPanel("from_name"),
        FieldPanel("has_photos"),
        FieldPanel("is_open"),
    ]
    promote_panels = [FieldPanel("slug"), FieldPanel("search_description")]

    class Meta:
        verbose_name = pgettext_lazy("of letters", "list")
        verbose_name_plural = pgettext_lazy("of letters", "lists")

    @property
    def zone_name(self) -> str:
        """The IANA name of the list's time zone."""
        return self.time_zone or current_paper().time_zone

    def printed_path(self) -> str:
        """`/letters/slug/` below the language's prefix."""
        return addresses.list_path(self.path_prefix, self.slug)

    def clean(self) -> None:
        """Refuse an address that the press uses itself."""
        super().clean()
        if self.slug in RESERVED_LIST_SLUGS:
            raise ValidationError({"slug": _("This address is used by the paper itself. Choose another one.")})
        check_line_of(self, "title")

    def save(self, clean: bool = True, **kwargs: Any) -> None:  # noqa: FBT001, FBT002 - Wagtail's signature
        """Save; a new list, a copy or a translation takes a key of its own, which it keeps for ever."""
        if self._state.adding:
            if clean:
                self.minimal_clean()
            self.key = _free_key(self.locale.language_code, self.slug)
        super().save(clean=clean, **kwargs)

    def with_content_json(self, content: Mapping[str, Any]) -> "ListPage":
        """A revision's content under this list's key, whatever list the revision was copied from."""
        page: ListPage = super().with_content_json(content)
        page.key = self.key
        return page


def _free_key(language: str, slug: str) -> str:
    """`en.the-week`, or with a number behind it where that is taken. A key stands in mail headers, so it is ASCII."""
    word = slug if slug.isascii() else "list"
    wanted = f"{language}.{word}"[: LONGEST_KEY - 8]
    taken = set(ListPage.objects.filter(key__startswith=wanted).values_list("key", flat=True))
    numbered = (f"{wanted}-{number}" for number in range(2, len(taken) + 3))
    return wanted if wanted not in taken else next(key for key in numbered if key not in taken)
