"""Sending through Stet from wagtail-newsletter 0.2.4.

For a Django project that has Stet's newsroom and letters among its apps, and pages of its own made with that package.
Its settings name this backend, and nothing else in Stet imports it: Stet runs without the package.

    WAGTAIL_NEWSLETTER_CAMPAIGN_BACKEND = "stet.letters.campaigns.StetCampaignBackend"

What it does, and what it leaves:
 * An audience is a list. Segments there are none: Stet knows of a reader only which lists they joined.
 * A campaign is a letter of that list. Saving it again changes the letter while it is a draft.
 * Of the page's HTML the words, links and lists are taken. Its looks are those of the newsroom's own letters, and its
   pictures stay behind: they would be fetched when the mail is opened.
 * Sending and scheduling publish the letter with its moment; the press prints it, the mailroom sends it. What preflight
   finds broken stops both.
 * There is no report: who opened or clicked is not counted, and how many were sent is known in the office only.
 * wagtail-newsletter notes in Wagtail's log to which address a test was sent. Stet's own button does not.
"""

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import nh3
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail_newsletter.audiences import Audience, AudienceSegment
from wagtail_newsletter.campaign_backends import Campaign, CampaignBackend, CampaignBackendError
from wagtail_newsletter.models import NewsletterRecipientsBase

from stet.kit.clock import Clock, SystemClock
from stet.kit.errors import StetError
from stet.letters.addresses import is_days_slug
from stet.letters.models import LetterPage, ListPage
from stet.letters.preflight import blocking
from stet.letters.proofs import send_test
from stet.letters.rows import next_day
from stet.letters.writing import findings_of, slug_of_day

TAGS = {"p", "br", "b", "i", "a", "ul", "ol", "li", "h1", "h2", "h3", "h4", "div", "td", "strong", "em"}
"""What is read of a page's HTML; everything else goes, and its words stay."""
NOBODY = 0
"""The editor that tests are counted for: wagtail-newsletter does not say who asks."""
SOON = timedelta(minutes=1)
"""What is sent at once is due then, so that it can be printed before."""

_HEADING = re.compile(r"<h[1-4]>(.*?)</h[1-4]>", re.DOTALL)
_MARKUP = re.compile(r"<[^>]*>")
_LISTS = re.compile(r"(<[uo]l>.*?</[uo]l>)", re.DOTALL)
_BLOCKS = re.compile(r"<(?:p|div|td)>|</(?:p|div|td)>|(?:<br>\s*){2,}")


@dataclass(frozen=True, slots=True, kw_only=True)
class StetCampaign(Campaign):
    """A letter, as wagtail-newsletter's panel shows it."""

    letter: LetterPage
    now: datetime

    @property
    def is_scheduled(self) -> bool:
        """It is published, and its moment is to come."""
        return self.letter.live and _due(self.letter) > self.now

    @property
    def is_sent(self) -> bool:
        """Its moment has come; how far the mailroom is, is seen in the office."""
        return self.letter.live and _due(self.letter) <= self.now

    @property
    def status(self) -> str:
        """One word or two, for the panel."""
        return _("Handed to the mailroom") if self.is_sent else _("Scheduled") if self.is_scheduled else _("A draft")

    @property
    def url(self) -> str:
        """The letter's form at the desk."""
        return reverse("wagtailadmin_pages:edit", args=[self.letter.pk])

    def get_report(self) -> dict[str, Any]:
        """When it is sent; nothing is counted here."""
        return {"send_time": _due(self.letter)} if self.is_scheduled else {}


class StetCampaignBackend(CampaignBackend):
    """wagtail-newsletter's campaigns as letters of Stet."""

    name = "Stet"

    def __init__(self, clock: Clock | None = None) -> None:
        self._clock = clock or SystemClock()

    def get_audiences(self) -> list[Audience]:
        """The published lists; how many readers one has, the desk does not know."""
        lists = ListPage.objects.live().select_related("locale").order_by("path")
        return [Audience(id=one.key, name=f"{one.title} ({one.locale})", member_count=None) for one in lists]

    def get_audience_segments(self, audience_id: str) -> list[AudienceSegment]:
        """None: a list is not divided."""
        if not ListPage.objects.filter(key=audience_id).exists():
            raise Audience.DoesNotExist
        return []

    @transaction.atomic
    def save_campaign(
        self,
        *,
        campaign_id: str | None = None,
        recipients: NewsletterRecipientsBase | None,
        subject: str,
        html: str,
        from_name: str,  # noqa: ARG002 - the list has its own
        reply_to: str,  # noqa: ARG002 - the paper has its own
    ) -> str:
        """Make a letter or change it; answer its number."""
        letter = self._find(campaign_id) if campaign_id else None
        page = ListPage.objects.filter(key=recipients.audience).first() if recipients else None
        if page is None:
            raise CampaignBackendError(_("Choose recipients first: they say which list the letter belongs to."))
        if letter is not None and letter.live:
            raise CampaignBackendError(_("This letter is published already. Unschedule it first."))
        if letter is not None and letter.list_page != page:
            letter.delete()
            letter = None
        letter = letter or self._begin(page, subject)
        letter.title, letter.draft_title = subject[:255], subject[:255]
        letter.body = json.dumps(blocks_of(html))
        _saved(letter)
        return str(letter.letter_id)

    def get_campaign(self, campaign_id: str) -> StetCampaign | None:
        """The letter of this number, if it is still there."""
        letter = self._find(campaign_id)
        return StetCampaign(letter=letter, now=self._clock.now()) if letter else None

    def send_test_email(self, *, campaign_id: str, email: str) -> None:
        """Send the letter to one address, as it would be sent."""
        try:
            validate_email(email)
            send_test(self._require(campaign_id), address=email, editor=NOBODY, now=self._clock.now())
        except ValidationError as error:
            raise CampaignBackendError(_("This is no e-mail address. Check what you typed.")) from error
        except StetError as error:
            raise CampaignBackendError(str(error)) from error

    def send_campaign(self, campaign_id: str) -> None:
        """Publish the letter; it is due in a minute, everywhere at once."""
        self._publish(campaign_id, (self._clock.now() + SOON).replace(second=0, microsecond=0) + SOON)

    def validate_schedule_time(self, schedule_time: datetime) -> None:
        """Letters are due to the minute."""
        if schedule_time.second or schedule_time.microsecond:
            raise CampaignBackendError(_("A letter is sent at a full minute. Leave the seconds out."))

    def schedule_campaign(self, campaign_id: str, schedule_time: datetime) -> None:
        """Publish the letter, due then, everywhere at once."""
        self.validate_schedule_time(schedule_time)
        self._publish(campaign_id, schedule_time)

    @transaction.atomic
    def unschedule_campaign(self, campaign_id: str) -> None:
        """Make the letter a draft again, if its moment has not come."""
        letter = self._require(campaign_id)
        if StetCampaign(letter=letter, now=self._clock.now()).is_sent:
            raise CampaignBackendError(_("Its moment has come: the mailroom may be sending it. Stop it in the office."))
        letter.unpublish()

    @transaction.atomic
    def _publish(self, campaign_id: str, moment: datetime) -> None:
        letter = self._require(campaign_id)
        page = letter.list_page
        wall = moment.astimezone(ZoneInfo(page.zone_name))
        if letter.first_published_at is None and is_days_slug(letter.slug, letter.due_date):
            letter.slug = slug_of_day(page, wall.date(), letter=letter)
        letter.due_date, letter.due_time = wall.date(), wall.time()
        letter.is_local, letter.is_sent = False, True
        found = blocking(findings_of(letter, page, now=self._clock.now(), sets_mail=True))
        if found:
            raise CampaignBackendError(" ".join(finding.sentence for finding in found))
        letter.save_revision().publish()

    def _begin(self, page: ListPage, subject: str) -> LetterPage:
        day = next_day(page, now=self._clock.now())
        letter = LetterPage(
            title=subject[:255], slug=slug_of_day(page, day), due_date=day, locale=page.locale, live=False
        )
        page.add_child(instance=letter)
        return letter

    def _find(self, campaign_id: str) -> LetterPage | None:
        try:
            number = UUID(campaign_id)
        except ValueError:
            return None
        letter = LetterPage.objects.filter(letter_id=number).first()
        latest: LetterPage | None = letter.get_latest_revision_as_object() if letter else None
        return latest

    def _require(self, campaign_id: str) -> LetterPage:
        letter = self._find(campaign_id)
        if letter is None:
            raise CampaignBackendError(_("This letter was deleted at the desk. Save the campaign anew."))
        return letter


def _saved(letter: LetterPage) -> None:
    try:
        letter.full_clean()
    except ValidationError as error:
        raise CampaignBackendError(" ".join(error.messages)) from error
    letter.save_revision(clean=False)


def _due(letter: LetterPage) -> datetime:
    """The moment at which the list's own time zone sends it."""
    return letter.due.replace(tzinfo=ZoneInfo(letter.list_page.zone_name)).astimezone(UTC)


def blocks_of(html: str) -> list[dict[str, Any]]:
    """A page's HTML as the blocks of a letter: headings become dividers, everything else text.

    >>> [(block["type"], block["value"]) for block in blocks_of("<style>p{}</style><h2>Dam</h2><p>It <em>rose</em>.")]
    [('divider', 'Dam'), ('text', '<p>It <i>rose</i>.</p>')]
    """
    clean = _cleaned(html)
    for ours, theirs in (("b", "strong"), ("i", "em")):
        clean = re.sub(rf"<(/?){theirs}>", rf"<\1{ours}>", clean)
    blocks = []
    for number, piece in enumerate(_HEADING.split(clean)):
        if number % 2:
            words = " ".join(_MARKUP.sub("", piece).split())[:100]
            if words:
                blocks.append({"type": "divider", "value": words, "id": str(uuid4())})
        elif text := _paragraphs(piece):
            blocks.append({"type": "text", "value": text, "id": str(uuid4())})
    return blocks


def _paragraphs(html: str) -> str:
    """Paragraphs and lists, whatever boxes and tables they stood in."""
    pieces = (piece.strip() for part in _BLOCKS.split(html) for piece in _LISTS.split(part))
    # A link around a box is cut in two here. Cleaned again, what is left is whole: the words, without the link.
    return "".join(
        _cleaned(piece if piece.startswith(("<ul>", "<ol>")) else f"<p>{piece}</p>")
        for piece in pieces
        if _MARKUP.sub("", piece).strip()
    )


def _cleaned(html: str) -> str:
    return nh3.clean(
        html,
        tags=TAGS,
        clean_content_tags={"script", "style", "title"},
        attributes={"a": {"href"}},
        url_schemes={"http", "https", "mailto"},
        link_rel=None,
    )
