"""Letters and stories as frozen values: what gathering and preflight work on.

The rules:
 * Of a letter counts what its editor has now: its latest revision, be it published or not.
 * How much is asked of the database does not depend on the number of letters or stories.
 * No address is asked for anything but the paper's own edition, on the disk.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from html.parser import HTMLParser
from typing import Any
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from wagtail.models import Page, Revision

from stet.edition.errors import SheetRefusedError
from stet.edition.sheet import file_path
from stet.letters.addresses import is_mailable_url
from stet.letters.due_days import next_due_date
from stet.letters.gathering import Candidate
from stet.letters.models import LetterPage, ListPage
from stet.letters.preflight import Draft, Link, LinkState, Neighbour, Passage, Story, StoryState
from stet.letters.proofs import UNSET, Weighed
from stet.newsroom.models import ArticlePage, Photo
from stet.newsroom.paper import current_paper

MOST_CANDIDATES = 500
"""Newest stories looked at."""
FIRST_LETTER = {"weekly": timedelta(days=7), "daily": timedelta(days=1), "irregular": timedelta(days=30)}
"""How far back the first letter of a list looks."""
EASTERNMOST = timedelta(hours=14)
"""UTC+14, where a wall's clock shows any hour first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sketch:
    """A letter in its list: what the desk's overview, gathering and preflight need of it."""

    id: int
    list_tree: str
    subject: str
    due: datetime | None
    """By the clock on the list's wall, naive."""
    is_sent: bool
    is_published: bool
    is_scheduled: bool
    stories: tuple[int, ...]
    written: datetime | None
    """When what it carries was settled: as it was first published, or as it is now."""


def sketches(lists: Sequence[ListPage]) -> list[Sketch]:
    """All letters of these lists, in no order that matters."""
    hours = {one.path: one.hour for one in lists}
    rows = [
        row
        for one in lists
        for row in LetterPage.objects.child_of(one).values(
            "pk", "path", "title", "due_date", "due_time", "is_sent", "live", "body", "first_published_at",
            "latest_revision_id", "latest_revision_created_at", "has_unpublished_changes", "go_live_at",
            "live_revision__created_at",
        )
    ]  # fmt: skip
    pending = [row["latest_revision_id"] for row in rows if not row["live"] or row["has_unpublished_changes"]]
    revised = {
        revision.pk: revision
        for revision in Revision.objects.filter(pk__in=[pk for pk in pending if pk]).only(
            "content", "approved_go_live_at"
        )
    }
    return [_sketch(row, hours, revised.get(row["latest_revision_id"])) for row in rows]


def _sketch(row: dict[str, Any], hours: dict[str, time], revision: Revision | None) -> Sketch:
    content = revision.content if revision else {}
    day = _date(content.get("due_date")) or row["due_date"]
    hour = _time(content["due_time"]) if "due_time" in content else row["due_time"]
    tree = row["path"][: -Page.steplen]
    raw = content.get("body")
    body = LetterPage._meta.get_field("body").to_python(raw) if isinstance(raw, str) else row["body"]
    moments = [row["first_published_at"], row["live_revision__created_at"] or row["latest_revision_created_at"]]
    return Sketch(
        id=row["pk"],
        list_tree=tree,
        subject=content.get("title") or row["title"],
        due=datetime.combine(day, hour or hours[tree]) if day else None,
        is_sent=content.get("is_sent", row["is_sent"]),
        is_published=row["live"],
        is_scheduled=bool(revision and revision.approved_go_live_at),
        stories=tuple(stories_in(_raw(body))),
        written=min((moment for moment in moments if moment), default=None),
    )


def _date(value: Any) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value


def _time(value: Any) -> time | None:
    return time.fromisoformat(value) if isinstance(value, str) else value


def _raw(body: Any) -> list[dict[str, Any]]:
    """A letter's blocks as they are stored."""
    return list(body.get_prep_value()) if body else []


def stories_in(blocks: Iterable[dict[str, Any]]) -> Iterator[int]:
    """The articles that a body carries, in its order."""
    for block in blocks:
        if block["type"] == "story" and isinstance(block["value"].get("article"), int):
            yield block["value"]["article"]


# --- For the next letter ---


def wall_clock(page: ListPage, now: datetime) -> datetime:
    """What the clock on the list's wall shows, naive."""
    return now.astimezone(ZoneInfo(page.zone_name)).replace(tzinfo=None)


def next_day(page: ListPage, *, now: datetime) -> date:
    """The next day of this list for which no letter was begun."""
    taken = {sketch.due.date() for sketch in sketches([page]) if sketch.due}
    return next_due_date(page.cadence, weekday=page.weekday, hour=page.hour, now=wall_clock(page, now), taken=taken)


def given_subject(page: ListPage, day: date) -> str:
    """What the subject of a letter is until somebody writes one."""
    with translation.override(page.locale.language_code):
        return f"{page.title}, {date_format(day, 'DATE_FORMAT')}"[:255]


def candidates(page: ListPage, *, letter: LetterPage | None, now: datetime) -> tuple[list[Candidate], set[int]]:
    """The stories published since the letter before this one, and what any letter of the list carries already."""
    others = [sketch for sketch in sketches([page]) if letter is None or sketch.id != letter.pk]
    carried = {story for sketch in others for story in sketch.stories}
    fresh = ArticlePage.objects.live().public().filter(
        locale_id=page.locale_id, first_published_at__gt=_since(page, others, now=now), first_published_at__lte=now
    )  # fmt: skip
    rows = fresh.order_by("-first_published_at", "-pk").values_list("pk", "path", "first_published_at", "is_pick")
    return [
        Candidate(id=pk, section=path[: -Page.steplen], published=published, is_pick=is_pick)
        for pk, path, published, is_pick in rows[:MOST_CANDIDATES]
    ], carried


def _since(page: ListPage, others: list[Sketch], *, now: datetime) -> datetime:
    """When the last letter before now was settled."""
    zone = ZoneInfo(page.zone_name)
    moments = []
    for sketch in others:
        due = sketch.due.replace(tzinfo=zone).astimezone(UTC) if sketch.due else None
        if settled := min((moment for moment in (sketch.written, due) if moment), default=None):
            moments.append(min(settled, now))
    return max(moments, default=now - FIRST_LETTER.get(page.cadence, timedelta(days=7)))


# --- For preflight ---


def a_draft(page: LetterPage, parent: ListPage, *, mail: Weighed = UNSET) -> Draft:
    """A letter as its editor has it, saved or not."""
    blocks = _raw(page.body)
    articles = _articles(blocks)
    anchored = list(_rich_texts(page, blocks))
    zone = ZoneInfo(parent.zone_name)
    wall = datetime.combine(page.due_date, page.due_time or parent.hour) if page.due_date else None
    due = wall.replace(tzinfo=zone).astimezone(UTC) if wall else None
    return Draft(
        subject=page.title or "",
        given_subject=given_subject(parent, page.due_date) if page.due_date else "",
        preheader=page.preheader or "",
        passages=tuple(_passages(blocks, anchored)),
        links=tuple(_links(blocks, anchored)),
        stories=tuple(_stories(blocks, articles, has_photos=parent.has_photos)),
        has_body=bool(blocks or page.intro),
        is_sent=page.is_sent,
        is_published=page.live,
        due=due,
        first_due=wall.replace(tzinfo=UTC) - EASTERNMOST if wall and page.is_local else due,
        goes_live=page.go_live_at,
        neighbours=tuple(
            Neighbour(subject=sketch.subject, due=sketch.due.replace(tzinfo=zone).astimezone(UTC))
            for sketch in sketches([parent])
            if sketch.due and sketch.is_sent and sketch.id != page.pk
        ),
        mail_bytes=mail.html_bytes,
        mail_error=mail.error,
        colours=mail.colours,
    )


def block_anchor(block: dict[str, Any]) -> str:
    """Where a block stands in the letter's form."""
    return f"#block-{block['id']}-section"


def _articles(blocks: list[dict[str, Any]]) -> dict[int, ArticlePage]:
    pages = ArticlePage.objects.filter(pk__in=set(stories_in(blocks))).select_related("lead_photo")
    return {page.pk: page for page in pages}


def _stories(blocks: list[dict[str, Any]], articles: dict[int, ArticlePage], *, has_photos: bool) -> Iterator[Story]:
    own = [block["value"]["photo"] for block in blocks if block["type"] == "story" and block["value"].get("photo")]
    photos = Photo.objects.in_bulk(own) if own else {}
    seen: set[int] = set()
    for block in blocks:
        if block["type"] != "story":
            continue
        value = block["value"]
        article = articles.get(value.get("article"))
        photo = photos.get(value.get("photo")) or (article.lead_photo if article else None)
        alt = "" if photo is None else photo.description
        if article and photo == article.lead_photo:
            alt = article.lead_alt or alt
        is_shown = has_photos and value.get("with_photo", True) and photo is not None
        yield Story(
            anchor=block_anchor(block),
            headline=value.get("headline") or (article.title if article else ""),
            state=_state(article),
            goes_live=article.go_live_at if article else None,
            photo_lacks_words=bool(is_shown and not alt.strip()),
            photo_url=reverse("wagtailimages:edit", args=[photo.pk]) if photo else "",
            is_repeated=bool(article and article.pk in seen),
        )
        if article:
            seen.add(article.pk)


def _state(article: ArticlePage | None) -> StoryState:
    if article is None:
        return StoryState.DELETED
    if article.live:
        return StoryState.PUBLISHED
    is_coming = article.go_live_at and article.scheduled_revision is not None
    return StoryState.SCHEDULED if is_coming else StoryState.UNPUBLISHED


def _rich_texts(page: LetterPage, blocks: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    """Every piece of rich text, with where it is mended."""
    yield "#panel-child-content-intro-section", page.intro
    for block in blocks:
        if block["type"] == "text":
            yield block_anchor(block), str(block["value"])
        elif block["type"] == "appeal":
            yield block_anchor(block), str(block["value"].get("text", ""))
    yield "#panel-child-content-sign_off-section", page.sign_off


def _passages(blocks: list[dict[str, Any]], anchored: list[tuple[str, str]]) -> Iterator[Passage]:
    for anchor, html in anchored:
        yield Passage(anchor=anchor, words=_Links.of(html).words)
    for block in blocks:
        value = block["value"]
        if block["type"] == "divider":
            yield Passage(anchor=block_anchor(block), words=str(value))
        elif block["type"] == "story":
            yield Passage(
                anchor=block_anchor(block), words=f"{value.get('headline', '')}\n{value.get('teaser', '')}".strip()
            )
        elif block["type"] == "appeal":
            yield Passage(anchor=block_anchor(block), words=value.get("link_label") or "")


def _links(blocks: list[dict[str, Any]], anchored: list[tuple[str, str]]) -> Iterator[Link]:
    found = [(anchor, *link) for anchor, html in anchored for link in _Links.of(html).found]
    for block in blocks:
        if block["type"] == "appeal" and block["value"].get("link_url"):
            value = block["value"]
            found.append((block_anchor(block), value.get("link_label") or value["link_url"], value["link_url"], None))
    numbers = {number for *_rest, number in found if number is not None}
    live = set(Page.objects.filter(pk__in=numbers).live().values_list("pk", flat=True)) if numbers else set()
    for anchor, words, url, number in found:
        if number is not None:
            state = LinkState.KNOWN if number in live else LinkState.UNPUBLISHED
        else:
            state = link_state(url, knows=knows_address)
        yield Link(anchor=anchor, words=words or url, state=state)


def link_state(url: str, *, knows: Callable[[str], bool | None]) -> LinkState:
    """Where an address leads; `knows` tells whether the edition has a path, or None where there is no edition yet."""
    if url.startswith("mailto:"):
        return LinkState.ELSEWHERE
    if not is_mailable_url(url):
        return LinkState.MALFORMED
    parts, ours = urlsplit(url), urlsplit(current_paper().base_url)
    if parts.netloc and parts.netloc != ours.netloc:
        return LinkState.ELSEWHERE
    return LinkState.UNKNOWN if knows(unquote(parts.path) or "/") is False else LinkState.KNOWN


def knows_address(path: str) -> bool | None:
    """Whether the edition has a sheet for this path; None where nothing was printed yet."""
    site = settings.STET.site
    if not (site / "index.html").is_file():
        return None
    try:
        return (site / file_path(path).lstrip("/")).is_file()
    except SheetRefusedError:
        return False


class _Links(HTMLParser):
    """Reads stored rich text: its words, and its links as (words, address, page)."""

    def __init__(self) -> None:
        super().__init__()
        self._all: list[str] = []
        self._open: tuple[str, int | None, int] | None = None
        self.found: list[tuple[str, str, int | None]] = []

    @classmethod
    def of(cls, html: str) -> "_Links":
        """What stands in this text."""
        reader = cls()
        reader.feed(html or "")
        reader.close()
        return reader

    @property
    def words(self) -> str:
        """The text without its markup."""
        return "".join(self._all)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A link begins, or a line."""
        if tag == "a":
            values = dict(attrs)
            page = _number(values.get("id") or "") if values.get("linktype") == "page" else None
            self._open = (values.get("href") or "", page, len(self._all))
        elif tag in ("p", "li", "br", "h2", "h3"):
            self._all.append("\n")

    def handle_data(self, data: str) -> None:
        """Words."""
        self._all.append(data)

    def handle_endtag(self, tag: str) -> None:
        """A link ends."""
        if tag == "a" and self._open:
            url, number, start = self._open
            self.found.append(("".join(self._all[start:]).strip(), url, number))
            self._open = None


def _number(word: str) -> int:
    """A page's number; 0, which no page has, for what is none or is more than any database counts to."""
    return int(word) if word.isascii() and word.isdecimal() and len(word) < 19 else 0
