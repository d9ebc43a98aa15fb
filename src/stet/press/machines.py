"""What other programs read: feeds, sitemaps, robots.txt; verify.html; and the files of photos and documents."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from uuid import NAMESPACE_URL, uuid5

from msgspec.structs import replace

from stet.edition.root import SignedRoot
from stet.edition.sheet import Sheet
from stet.edition.verify.reader_page import PATH as VERIFY_PATH
from stet.edition.verify.reader_page import check_page, reader_page
from stet.newsroom import addresses
from stet.press.body import body_copy, media_type_of
from stet.press.facts import Facts
from stet.press.job import JobResult, Reading, SheetFile, Unsigned
from stet.press.keys import Read, members, place, words
from stet.press.listings import heading_of
from stet.press.live import live_text
from stet.press.materials import document_path
from stet.theme import copy, feeds, sitemaps
from stet.theme.addresses import absolute, absolute_html
from stet.theme.feed_body import feed_html

FEED_ITEMS = 10
"""Stories in a feed; feed readers keep older ones themselves. Ten full texts weigh about 25 KB in brotli."""
NEWS_HOURS = 48
"""How old a story in the news sitemap may be (developers.google.com, "Create a News sitemap", read 2026-11)."""


def feed_sheets(reading: Reading, listing: str) -> JobResult:
    """The three feeds of a listing. The RSS of a front brings whole texts, every other one says what is new."""
    heading = heading_of(listing, reading)
    if heading is None:
        return JobResult()
    site = reading.site(heading.language)
    newest = reading.newest(listing, FEED_ITEMS)
    reading.materials.load_photos({f.photo for f in newest if f.photo is not None})
    is_front = listing.startswith("front:")
    base = heading.path
    feed = copy.Feed(
        site=site,
        title=site.name if is_front else f"{heading.title} · {site.name}",
        description=site.description or site.tagline,
        home_url=absolute(site.base_url, base),
        paths=(f"{base}rss.xml", f"{base}atom.xml", f"{base}feed.json"),
        updated=max((f.modified for f in newest), default=None),
        items=tuple(_item(facts, site, reading) for facts in newest),
    )
    whole = replace(feed, items=_whole(newest, feed.items, reading)) if is_front else feed
    sheets = (
        Sheet(path=feed.paths[0], media_type="application/rss+xml", body=feeds.rss(whole)),
        Sheet(path=feed.paths[1], media_type="application/atom+xml", body=feeds.atom(feed)),
        Sheet(path=feed.paths[2], media_type="application/feed+json", body=feeds.json_feed(feed)),
    )
    return JobResult(products=sheets, reads=frozenset(reading.reads))


def _item(facts: Facts, site: copy.Site, reading: Reading) -> copy.FeedItem:
    """An article as a feed has it, without its text. One of several feeds of a batch is made once for them."""
    made = reading.materials.made
    key = ("feed item", facts.id, site.language.code)
    if key not in made:
        own = Reading(reading.materials, reading.now)
        made[key] = _make_item(facts, site, own), own.reads, own.due
    item: copy.FeedItem
    item, reads, due = made[key]
    reading.reads |= reads
    reading.is_due(due)
    return item


def _make_item(facts: Facts, site: copy.Site, reading: Reading) -> copy.FeedItem:
    lead = reading.photo(facts.photo, alt=facts.alt)
    jpeg = lead.file("image/jpeg", 640) if lead else None
    world = reading.world
    return copy.FeedItem(
        id=uuid5(NAMESPACE_URL, f"{site.fingerprint}/article/{facts.id}").urn,
        url=absolute(site.base_url, facts.path),
        headline=facts.headline,
        standfirst=facts.standfirst,
        html="",
        authors=tuple(byline.name for byline in reading.bylines(facts.bylines)),
        published=facts.published,
        modified=facts.modified,
        tags=tuple(world.tags[tag].name for tag in facts.tags if tag in world.tags),
        photo_url=absolute(site.base_url, jpeg.path) if jpeg else None,
        photo_media_type=jpeg.media_type if jpeg else "",
        photo_bytes=jpeg.bytes if jpeg else 0,
    )


def _whole(newest: Sequence[Facts], items: Iterable[copy.FeedItem], reading: Reading) -> tuple[copy.FeedItem, ...]:
    """The same items with their texts."""
    reading.materials.load_articles([f.id for f in newest])
    return tuple(replace(item, html=_text(facts, reading)) for facts, item in zip(newest, items, strict=True))


def _text(facts: Facts, reading: Reading) -> str:
    row = reading.materials.article(facts.id)
    if row is None:
        return ""
    site = reading.site(facts.language)
    lead = reading.photo(facts.photo, alt=facts.alt)
    body = body_copy(row.blocks(), reading)
    entries = live_text(row.live, reading.resolver()) if row.live else ""
    text = feed_html(body, base_url=site.base_url, lead=lead, language=site.language.code)
    return text + absolute_html(site.base_url, entries)


def sitemap_month(reading: Reading, month: str) -> JobResult:
    """One month's articles in all languages."""
    everything = [f for language in reading.world.sites for f in reading.whole(f"month:{language}:{month}")]
    if not everything:
        return JobResult(reads=frozenset(reading.reads))
    entries = (_entry(facts, reading) for facts in sorted(everything, key=lambda f: (f.place, f.id)))
    return _sheet(reading, f"/sitemaps/{month}.xml", sitemaps.sitemap(entries))


def _entry(facts: Facts, reading: Reading) -> copy.SitemapEntry:
    base_url = reading.world.paper.base_url
    others = [reading.facts(i) for i in reading.memory.all_in(f"translations:{facts.translation_key}")]
    known = sorted((f for f in others if f is not None), key=lambda f: f.language)
    alternates = tuple((f.language, absolute(base_url, f.path)) for f in known) if len(known) > 1 else ()
    if alternates:
        reading.read(words(f"translations:{facts.translation_key}"))
    return copy.SitemapEntry(url=absolute(base_url, facts.path), modified=facts.modified, alternates=alternates)


def sitemap_pages(reading: Reading, _name: str) -> JobResult:
    """Fronts, sections, topics, people, static pages, where to find us, support pages, lists and letters."""
    world = reading.world
    paths = [site.language.front_path for site in world.sites.values()]
    paths += [row.path for rows in (world.sections, world.topics, world.statics) for row in rows.values()]
    paths += [row.path for row in world.people.values() if row.path]
    paths += [world.reach_path(language) for language in world.sites]
    paths += [site.search_path for site in world.sites.values()]
    paths += [row.path for language, row in world.supports.items() if language in world.sites]
    paths += [path for language in world.sites if (path := world.lists_path(language))]
    paths += [row.path for row in world.lists.values() if row.language in world.sites]
    paths += [head.path for head in world.letters.values() if world.lists[head.list].language in world.sites]
    entries = (copy.SitemapEntry(url=absolute(world.paper.base_url, path)) for path in dict.fromkeys(paths))
    return _sheet(reading, "/sitemaps/pages.xml", sitemaps.sitemap(entries))


def sitemap_news(reading: Reading, _name: str) -> JobResult:
    """The articles of the last 48 hours; stale again when the oldest of them is too old."""
    since = place(reading.now - timedelta(hours=NEWS_HOURS))
    recent: list[Facts] = []
    for language in reading.world.sites:
        listing = f"front:{language}"
        reading.reads |= {Read(members(listing), since), Read(words(listing), since)}
        rows = [row for row in reading.memory.newest(listing, sitemaps.MOST_NEWS_ENTRIES) if row[0] >= since]
        recent.extend(f for _place, i in rows if (f := reading.materials.facts(i)) is not None)
    entries = (
        copy.NewsSitemapEntry(
            url=absolute(reading.world.paper.base_url, facts.path),
            publication=reading.site(facts.language).name,
            language=facts.language,
            published=facts.published,
            headline=facts.headline,
        )
        for facts in sorted(recent, key=lambda f: (f.place, f.id))
    )
    sheet = Sheet(path="/sitemaps/news.xml", media_type="application/xml", body=sitemaps.news_sitemap(entries))
    oldest = min((f.place for f in recent), default=None)
    due = oldest + NEWS_HOURS * 3_600_000_000 + 1 if oldest is not None else None
    return JobResult(products=(sheet,), reads=frozenset(reading.reads), due=due)


def robots(reading: Reading, _name: str) -> JobResult:
    """robots.txt and the index of sitemaps."""
    reading.read("months")
    world = reading.world
    months = {
        listing.rpartition(":")[2] for code in world.sites for listing in reading.memory.listings(f"month:{code}:")
    }
    others = ("pages", "claims", "news")
    names = [f"/sitemaps/{name}.xml" for name in (*sorted(months), *others)]
    base_url = world.paper.base_url
    index = Sheet(
        path="/sitemap.xml",
        media_type="application/xml",
        body=sitemaps.sitemap_index(absolute(base_url, name) for name in names),
    )
    robots_sheet = Sheet(
        path="/robots.txt",
        media_type="text/plain",
        body=sitemaps.robots(base_url, ["/sitemap.xml", "/sitemaps/news.xml"]),
    )
    return JobResult(products=(index, robots_sheet), reads=frozenset(reading.reads))


def verify_page(reading: Reading, _name: str) -> JobResult:
    """verify.html and each language's check.html, with the site's roots in them; of the time of the newest root."""
    roots = reading.world.roots
    if not roots:
        return JobResult()
    newest = SignedRoot.from_bytes(roots[-1]).root
    made = {VERIFY_PATH: reader_page(roots)}
    made |= {
        addresses.check_path(reading.world.paper.prefix(code)): check_page(roots, code) for code in reading.world.sites
    }
    revision = f"verify {newest.version}"
    pages = (Unsigned(path=path, html=html, revision=revision, time=newest.issued) for path, html in made.items())
    return JobResult(products=tuple(pages), reads=frozenset(reading.reads))


def photo_files(reading: Reading, name: str) -> JobResult:
    """A photo's files, for as long as any sheet shows it, and not after its last day."""
    row = reading.usable(reading.materials.photo(int(name)))
    if row is None or not reading.memory.is_read(f"photo:{name}"):
        return JobResult()
    store = reading.materials.photo_store
    rendered = store.rendered(row)
    files: Iterable[SheetFile] = (
        SheetFile(
            path=f"/media/{row.file_hash[:20]}-{file.name}", media_type=file.media_type, file=store.file(row, file.name)
        )
        for file in rendered.files
    )
    return JobResult(products=tuple(files))


def document_file(reading: Reading, name: str) -> JobResult:
    """A document, for as long as any sheet offers it."""
    row = reading.materials.document(int(name))
    if row is None or not reading.memory.is_read(f"document:{name}"):
        return JobResult()
    file = reading.materials.documents_folder / row.file
    if not file.is_file():
        return JobResult()
    return JobResult(products=(SheetFile(path=document_path(row), media_type=media_type_of(row.file_name), file=file),))


def _sheet(reading: Reading, path: str, body: bytes) -> JobResult:
    sheet = Sheet(path=path, media_type="application/xml", body=body)
    return JobResult(products=(sheet,), reads=frozenset(reading.reads))
