"""Live coverage in print: the newest entries on the article's page, all of them on numbered pages, a feed.

The rules:
 * An entry stands for good on the page that it was given when it was posted: others that come or go move nothing, and
   an address with its anchor leads to it for ever. Page 1 holds the oldest.
 * An entry that was taken away is nowhere: neither its anchor, nor a key point or a feed's item that leads there.
 * A new entry rewrites the article's page, the page it stands on, the sheet of what is new and the feed; when a page is
   begun, also the one before it.
 * A page is as new as the newest change of its entries, or of the story's headline.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from html import escape
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import msgspec

from stet.edition.sheet import Sheet
from stet.press.budget import set_within
from stet.press.facts import Facts
from stet.press.job import Product, Reading, Unsigned
from stet.press.live_rows import LiveEntryRow, LiveRow
from stet.press.richtext import Resolve, clean_html, plain, text_of
from stet.press.rows import ArticleRow
from stet.theme import copy, feeds
from stet.theme.addresses import absolute, absolute_html

SHOWN_SHARE = 0.5
"""How much of a page's characters the newest entries may take beside the story's own text."""
MOST_SHOWN, MOST_NEW, FEED_ITEMS = 30, 8, 20
NEW_CHARACTERS = 4_000
"""Characters of entries in the sheet of what is new; there is always one entry."""
ENTRY_CHARACTERS = 200
"""What stands around an entry's words, in characters of running text."""
ENOUGH_SHOWN, LEAST_SHOWN = 5, 2
"""Entries for which a page gives up what it asks of readers, and those for which it gives up nothing more."""


def live_copy(row: ArticleRow, facts: Facts, reading: Reading) -> copy.Live | None:
    """The coverage as it stands on the article's page."""
    if row.live is None:
        return None
    room = int(reading.world.paper.split_characters * SHOWN_SHARE)
    shown = _newest(row.live, characters=room, most=MOST_SHOWN)
    return _live(row.live, shown, facts, reading.resolver())


def shorter(live: copy.Live, facts_path: str, parts: dict[int, list[LiveEntryRow]]) -> copy.Live | None:
    """The same with fewer entries; None where none can go."""
    if len(live.entries) <= LEAST_SHOWN:
        return None
    least = ENOUGH_SHOWN if len(live.entries) > ENOUGH_SHOWN else LEAST_SHOWN
    kept = live.entries[: max(least, len(live.entries) * 2 // 3)]
    return msgspec.structs.replace(live, entries=kept, older=_older(kept[-1].number, facts_path, parts))


def live_products(row: ArticleRow, facts: Facts, reading: Reading) -> Iterator[Product]:
    """Everything but the article's own page: numbered pages, what is new, the feed."""
    live = row.live
    if live is None:
        return
    resolve = reading.resolver()
    parts = live.parts()
    numbers = list(parts)
    for at, (number, entries) in enumerate(parts.items()):
        older = _part_link(facts.path, numbers[at - 1]) if at else None
        page = copy.LivePart(
            **_around(facts, reading, f"{facts.path}live/{number}/"),
            number=number,
            live=msgspec.structs.replace(_live(live, entries, facts, resolve), points=(), older=older),
            newer=_part_link(facts.path, numbers[at + 1]) if at + 1 < len(numbers) else None,
        )
        yield _set(page, reading, [row.modified, *(entry.changed for entry in entries)], live.ended)
    newest = _newest(live, characters=NEW_CHARACTERS, most=MOST_NEW)
    news = copy.LiveNews(
        **_around(facts, reading, f"{facts.path}live/new/"),
        is_indexable=False,
        live=_live(live, newest, facts, resolve),
    )
    yield _set(news, reading, [row.modified, live.changed], live.ended)
    yield _feed(live, facts, reading, resolve)


def live_entries(row: ArticleRow, facts: Facts, reading: Reading) -> tuple[copy.LiveEntry, ...]:
    """Every entry, newest first."""
    resolve = reading.resolver()
    return tuple(_entry(entry, facts, resolve) for entry in row.live.entries) if row.live else ()


def live_feed(facts: Facts) -> copy.FeedLink:
    """The coverage's own feed, as the article's page names it."""
    return copy.FeedLink(title=facts.headline, path=f"{facts.path}live/atom.xml", media_type="application/atom+xml")


def live_text(live: LiveRow, resolve: Resolve) -> str:
    """The newest entries as a feed has them below the story's own text."""
    shown = _newest(live, characters=NEW_CHARACTERS, most=MOST_SHOWN)
    return "".join(f"<h3>{escape(plain(entry.headline))}</h3>{_html(entry, resolve)}" for entry in shown)


# --- Copy ---


def _newest(live: LiveRow, *, characters: int, most: int) -> Sequence[LiveEntryRow]:
    """The newest entries that fit, at least one."""
    taken = 0
    for count, entry in enumerate(live.entries[:most]):
        taken += len(text_of(entry.text)) + len(entry.headline) + len(entry.correction) + ENTRY_CHARACTERS
        if count and taken > characters:
            return live.entries[:count]
    return live.entries[:most]


def _live(live: LiveRow, shown: Sequence[LiveEntryRow], facts: Facts, resolve: Resolve) -> copy.Live:
    pinned = (entry for entry in live.entries if entry.is_pinned)
    return copy.Live(
        is_on=live.ended is None,
        started=live.started,
        ended=live.ended,
        points=tuple(copy.Link(label=plain(e.headline), path=_path(e, facts)) for e in pinned),
        entries=tuple(_entry(entry, facts, resolve) for entry in shown),
        older=_older(shown[-1].number, facts.path, live.parts()) if shown else None,
    )


def _entry(row: LiveEntryRow, facts: Facts, resolve: Resolve) -> copy.LiveEntry:
    return copy.LiveEntry(
        number=row.number,
        path=_path(row, facts),
        posted=row.posted,
        headline=plain(row.headline),
        text_html=clean_html(row.text, resolve),
        corrected=row.corrected if row.correction else None,
        correction=plain(row.correction),
    )


def _path(row: LiveEntryRow, facts: Facts) -> str:
    return f"{facts.path}live/{row.part}/#e{row.number}"


def _older(last: int, path: str, parts: dict[int, list[LiveEntryRow]]) -> copy.Link | None:
    """The page of the newest entry before the one numbered `last`."""
    before = [number for number, entries in parts.items() if any(entry.number < last for entry in entries)]
    return _part_link(path, before[-1]) if before else None


def _part_link(path: str, number: int) -> copy.Link:
    return copy.Link(label=str(number), path=f"{path}live/{number}/")


def _around(facts: Facts, reading: Reading, path: str) -> dict[str, Any]:
    """What pages of coverage have around their entries."""
    site = reading.site(facts.language)
    section = reading.section_link(facts.section)
    article = copy.Link(label=facts.headline, path=facts.path)
    above = (copy.Link(label=site.name, path=site.language.front_path), *([section] if section else []), article)
    return {"site": site, "path": path, "title": facts.headline, "article": article, "breadcrumbs": above}


# --- Sheets ---


def _set(page: copy.Page, reading: Reading, moments: Iterable[datetime], ended: datetime | None) -> Unsigned:
    html, _fits = set_within(reading.world.paper.budget_bytes, page, reading.theme)
    moment = max([*moments, *([ended] if ended else [])])
    return Unsigned(path=page.path, html=html, revision=page.TEMPLATE.removesuffix(".html"), time=moment)


def _feed(live: LiveRow, facts: Facts, reading: Reading, resolve: Resolve) -> Sheet:
    site = reading.site(facts.language)
    path = f"{facts.path}live/atom.xml"
    names = tuple(byline.name for byline in reading.bylines(facts.bylines))
    items = tuple(
        copy.FeedItem(
            id=uuid5(NAMESPACE_URL, f"{site.fingerprint}/article/{facts.id}/entry/{entry.number}").urn,
            url=absolute(site.base_url, _path(entry, facts)),
            headline=plain(entry.headline),
            standfirst="",
            html=absolute_html(site.base_url, _html(entry, resolve)),
            authors=names,
            published=entry.posted,
            modified=entry.changed,
            tags=(),
            photo_url=None,
            photo_media_type="",
            photo_bytes=0,
        )
        for entry in live.entries[:FEED_ITEMS]
    )
    feed = copy.Feed(
        site=site,
        title=f"{facts.headline} · {site.name}",
        description=facts.standfirst,
        home_url=absolute(site.base_url, facts.path),
        paths=(path, path, path),
        updated=max([live.started, *(item.modified for item in items)]),
        items=items,
    )
    return Sheet(path=path, media_type="application/atom+xml", body=feeds.atom(feed))


def _html(entry: LiveEntryRow, resolve: Resolve) -> str:
    correction = f"<p>{escape(plain(entry.correction))}</p>" if entry.correction else ""
    return clean_html(entry.text, resolve) + correction
