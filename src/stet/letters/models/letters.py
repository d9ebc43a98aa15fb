"""A letter: one newsletter of a list, as an editor writes it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, TitleFieldPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page, Revision

from stet.kit.clock import SystemClock
from stet.letters.addresses import RESERVED_LETTER_SLUGS
from stet.letters.blocks import LETTER_FEATURES, LetterBody
from stet.letters.forms import LetterForm
from stet.letters.models.fields import check_day, check_line_of, check_one_line
from stet.letters.models.lists import ListPage
from stet.letters.panels import BeforeSendingPanel, ClockPanel
from stet.newsroom import addresses
from stet.newsroom.models.printed import PREVIEW, PrintedPageMixin

PREVIEW_MODES: tuple[tuple[str, str | Promise], ...] = (
    ("", _("Web page")),
    ("mail", _("Mail")),
    ("mail-dark", _("Mail in the dark")),
    ("text", _("Mail as plain text")),
)
"""What of a letter can be looked at, by the names that the press takes."""


class LetterPage(PrintedPageMixin, Page):
    """A letter. Its title is the subject; its list is the page it stands under."""

    letter_id = models.UUIDField(_("the letter's own number"), default=uuid4, unique=True, editable=False)
    preheader = models.CharField(
        _("preheader"),
        max_length=200,
        blank=True,
        validators=[check_one_line],
        help_text=_("The line that mail programs show behind the subject."),
    )
    due_date = models.DateField(_("sent on"), validators=[check_day])
    due_time = models.TimeField(_("sent at"), null=True, blank=True, help_text=_("The list's own time if empty."))
    is_local = models.BooleanField(
        _("in each reader's own time zone"),
        default=True,
        help_text=_("Off: at the same moment everywhere, by the clock of the list."),
    )
    is_sent = models.BooleanField(
        _("send this letter"), default=True, help_text=_("Off: it is only printed, and no mail goes out.")
    )
    intro = RichTextField(_("introduction"), features=LETTER_FEATURES, blank=True)
    body = StreamField(LetterBody(), verbose_name=pgettext_lazy("of a letter", "stories and text"), blank=True)
    sign_off = RichTextField(_("sign-off"), features=LETTER_FEATURES, blank=True)

    parent_page_types = ["letters.ListPage"]
    subpage_types: list[str] = []
    exclude_fields_in_copy = ["letter_id"]
    base_form_class = LetterForm
    content_panels = [
        BeforeSendingPanel(heading=_("Before it is sent"), icon="mail"),
        TitleFieldPanel(
            "title",
            heading=_("Subject"),
            placeholder=_("Subject"),
            help_text=_("What readers see of the letter in their mailbox. Say what is in it."),
        ),
        FieldPanel("preheader"),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("due_date"), FieldPanel("due_time")]),
                ClockPanel(),
                FieldPanel("is_local"),
                FieldPanel("is_sent"),
            ],
            heading=_("When it is sent"),
        ),
        FieldPanel("intro"),
        FieldPanel("body"),
        FieldPanel("sign_off"),
    ]
    promote_panels = [FieldPanel("slug"), FieldPanel("search_description")]

    class Meta:
        verbose_name = pgettext_lazy("of a list", "letter")
        verbose_name_plural = pgettext_lazy("of a list", "letters")

    @property
    def list_page(self) -> ListPage:
        """The list this letter belongs to."""
        page: ListPage = self.get_parent().specific
        return page

    @property
    def due(self) -> datetime:
        """When it is sent, by the clock on the wall: naive, since it may be each reader's own."""
        return datetime.combine(self.due_date, self.due_time or self.list_page.hour)

    def printed_path(self) -> str:
        """`/letters/list/slug/` below the language's prefix."""
        return addresses.letter_path(self.path_prefix, self.get_parent().slug, self.slug)

    @property
    def preview_modes(self) -> list[tuple[str, str | Promise]]:
        """The web page, the mail by day and by night, and its plain text."""
        return list(PREVIEW_MODES)

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:  # noqa: ARG002 - Wagtail's signature
        """The letter as it would be printed or mailed."""
        kind = "text/plain" if mode_name == "text" else "text/html"
        return HttpResponse(import_string(PREVIEW)(self, mode_name), content_type=f"{kind}; charset=utf-8")

    def clean(self) -> None:
        """Refuse an address that the press uses itself, and a subject that no mail can have."""
        super().clean()
        if self.slug in RESERVED_LETTER_SLUGS:
            raise ValidationError({"slug": _("This address is used by the paper itself. Choose another one.")})
        check_line_of(self, "title")

    def save(self, clean: bool = True, **kwargs: Any) -> None:  # noqa: FBT001, FBT002 - Wagtail's signature
        """Save; what was made after another letter, such as an alias, takes a number of its own."""
        if self._state.adding and LetterPage.objects.filter(letter_id=self.letter_id).exists():
            self.letter_id = uuid4()
        super().save(clean=clean, **kwargs)

    def publish(self, revision: Revision, user: Any = None, **kwargs: Any) -> None:
        """Publish or schedule a revision; what an editor publishes, by whatever button, is looked over first.

        Without an editor nothing is: a program asks for itself, and what was scheduled was looked over when it was. Who
        held that back at its hour would have nobody to tell.
        """
        if user is not None:
            from stet.letters.writing import look_over  # not before all models are there

            look_over(revision.as_object(), self.list_page, now=SystemClock().now())
        super().publish(revision, user=user, **kwargs)

    def with_content_json(self, content: Mapping[str, Any]) -> "LetterPage":
        """A revision's content under this letter's number, whatever letter the revision was copied from."""
        page: LetterPage = super().with_content_json(content)
        page.letter_id = self.letter_id
        return page
