"""Pages that list articles: fronts, sections, tags, topics, people, numbered archive pages, months, corrections."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from itertools import groupby
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from stet.appeals import rules
from stet.edition.sheet import Sheet
from stet.newsroom import addresses
from stet.press.appeals import asking, due_of_appeals, set_with_appeals
from stet.press.articles import corrections as corrections_of
from stet.press.body import body_copy, timeline_entries
from stet.press.claims import claim_corrections, shown_questions
from stet.press.facts import Facts
from stet.press.job import JobResult, Product, Reading, Unsigned
from stet.press.keys import members
from stet.press.richtext import clean_html, clean_line, plain
from stet.press.rows import EPOCH
from stet.press.world import PersonRow, SectionRow, StaticRow, TopicRow
from stet.theme import copy, feeds
from stet.theme.addresses import absolute
from stet.theme.feed_body import correction_html
from stet.theme.words import word

PAGE = 20
"""Articles on a list and on a numbered archive page."""
SECONDS, LATEST, OF_EACH_SECTION = 4, 8, 3
ON_A_TOPIC = 10
"""Articles on a topic's page, beside its timeline, where there are more than one list holds."""
MONTH_PART = 60
"""Articles on one page of a month: 60 teasers take 6.7 KB in brotli."""
CORRECTIONS_PAGE = 40
CORRECTIONS_IN_A_FEED = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """What a listing is called and where it stands."""

    language: str
    title: str
    path: str


def heading_of(listing: str, reading: Reading) -> Heading | None:
    """The heading of "section:3", "tag:en:5", "topic:7", "person:9"; None where there is no such thing any more."""
    kind, *rest = listing.split(":")
    world = reading.world
    if kind == "tag":
        tag = world.tags.get(int(rest[1]))
        known = tag is not None and rest[0] in world.sites
        return Heading(language=rest[0], title=tag.name, path=world.tag_path(tag, rest[0])) if known and tag else None
    if kind == "front":
        site = world.sites.get(rest[0])
        return Heading(language=rest[0], title=site.name, path=site.language.front_path) if site else None
    tables: dict[str, Mapping[int, SectionRow | TopicRow | PersonRow]] = {
        "section": world.sections,
        "topic": world.topics,
        "person": world.people,
    }
    row = tables[kind].get(int(rest[0]))
    if row is None or row.path is None or row.language not in world.sites:
        return None
    title = row.name if isinstance(row, PersonRow) else row.title
    return Heading(language=row.language, title=plain(title), path=row.path)


def printed(
    reading: Reading, page: copy.Page, facts: Iterable[Facts] = (), *, modified: datetime | None = None
) -> Unsigned:
    """A page of lists, set. Its time is that of the newest change on it."""
    html, _fits = set_with_appeals(reading.world.paper.budget_bytes, page, reading.theme)
    moment = max([modified or EPOCH, *(f.modified for f in facts)])
    return Unsigned(path=page.path, html=html, revision=page.TEMPLATE.removesuffix(".html"), time=moment)


def _result(reading: Reading, *products: Product) -> JobResult:
    return JobResult(products=products, reads=frozenset(reading.reads))


def up(reading: Reading, language: str, *more: copy.Link) -> tuple[copy.Link, ...]:
    """The way down to a page, from the front."""
    site = reading.site(language)
    return (copy.Link(label=site.name, path=site.language.front_path), *more)


def front(reading: Reading, language: str) -> JobResult:
    """A language's front."""
    row = reading.world.fronts.get(language)
    if row is None:
        return JobResult()
    placed = [f for f in (reading.facts(i) for i in row.placements) if f is not None and f.language == language]
    newest = reading.newest(f"front:{language}", 1 + SECONDS + LATEST)
    ordered = list({f.id: f for f in [*placed, *newest]}.values())
    lead, seconds, latest = ordered[:1], ordered[1 : 1 + SECONDS], ordered[1 + SECONDS : 1 + SECONDS + LATEST]
    shown = {f.id for f in [*lead, *seconds, *latest]}
    site = reading.site(language)
    blocks, more = _section_blocks(reading, language, shown)
    page = copy.Front(
        site=site,
        path=site.language.front_path,
        title=site.tagline or site.name,
        description=plain(row.description),
        alternates=tuple((other.code, other.front_path) for other in site.languages) if len(site.languages) > 1 else (),
        lead=reading.teaser(lead[0], thumb=True, inline=True) if lead else None,
        seconds=tuple(reading.teaser(f, thumb=True) for f in seconds),
        latest=tuple(reading.teaser(f, with_photo=False) for f in latest),
        by_section=blocks,
        topics=tuple(
            copy.Link(label=reading.world.topics[t].title, path=reading.world.topics[t].path)
            for t in row.topics
            if t in reading.world.topics
        ),
        notice_html=clean_line(row.notice, reading.resolver()),
        asking=asking(rules.Page(language=language, kind="front"), reading),
    )
    due = due_of_appeals(rules.Page(language=language, kind="front"), reading)
    return replace(_result(reading, printed(reading, page, [*ordered, *more])), due=due)


def _section_blocks(
    reading: Reading, language: str, shown: set[int]
) -> tuple[tuple[copy.SectionBlock, ...], list[Facts]]:
    blocks, used = [], []
    for section in sorted(reading.world.sections.values(), key=lambda s: s.tree):
        if section.language != language or not section.in_menu:
            continue
        newest = reading.newest(f"section:{section.id}", OF_EACH_SECTION + len(shown))
        fresh = [f for f in newest if f.id not in shown][:OF_EACH_SECTION]
        used.extend(fresh)
        if fresh:
            teasers = tuple(reading.teaser(f) for f in fresh)
            blocks.append(copy.SectionBlock(section=copy.Link(label=section.title, path=section.path), teasers=teasers))
    return tuple(blocks), used


def _alternates(
    reading: Reading, rows: Iterable[SectionRow | TopicRow | StaticRow | PersonRow], key: str
) -> tuple[tuple[str, str], ...]:
    """The same page in other languages, by translation key."""
    found = {
        r.language: r.path for r in rows if r.translation_key == key and r.path and r.language in reading.world.sites
    }
    ordered = tuple((code, found[code]) for code in reading.world.paper.languages if code in found)
    return ordered if len(ordered) > 1 else ()


def _newest_and_older(
    reading: Reading, listing: str, heading: Heading, *, shown: int = PAGE
) -> tuple[list[Facts], copy.Link | None]:
    reading.read(members(listing))
    count = reading.memory.count(listing)
    newest = reading.newest(listing, PAGE if count <= PAGE else shown)
    if count <= PAGE:
        return newest, None
    number = (count - shown - 1) // PAGE + 1
    return newest, copy.Link(label=heading.title, path=archive_path(heading, number))


def archive_path(heading: Heading, number: int) -> str:
    """Where a numbered archive page stands; 1 is the oldest."""
    return f"{heading.path}archive/{number}/"


def section(reading: Reading, name: str) -> JobResult:
    """A section's front."""
    row = reading.world.sections.get(int(name))
    heading = heading_of(f"section:{name}", reading)
    if row is None or heading is None:
        return JobResult()
    newest, older = _newest_and_older(reading, f"section:{name}", heading)
    page = copy.Listing(
        site=reading.site(row.language),
        path=row.path,
        title=heading.title,
        description=plain(row.description),
        feeds=reading.world.feed_links(heading.title, row.path),
        alternates=_alternates(reading, reading.world.sections.values(), row.translation_key),
        breadcrumbs=up(reading, row.language),
        kind="section",
        heading=heading.title,
        intro_html=clean_html(row.intro, reading.resolver()),
        lead=reading.teaser(newest[0], thumb=True, inline=True) if newest else None,
        teasers=tuple(reading.teaser(f) for f in newest[1:]),
        older=older,
    )
    return _result(reading, printed(reading, page, newest))


def tag(reading: Reading, name: str) -> JobResult:
    """A tag's page; none where no article has the tag."""
    heading = heading_of(f"tag:{name}", reading)
    if heading is None:
        return JobResult()
    newest, older = _newest_and_older(reading, f"tag:{name}", heading)
    if not newest:
        return JobResult()
    page = copy.Listing(
        site=reading.site(heading.language),
        path=heading.path,
        title=heading.title,
        breadcrumbs=up(reading, heading.language),
        kind="tag",
        heading=heading.title,
        intro_html="",
        lead=None,
        teasers=tuple(reading.teaser(f) for f in newest),
        older=older,
    )
    return _result(reading, printed(reading, page, newest))


def topic(reading: Reading, name: str) -> JobResult:
    """A running story's page."""
    row = reading.world.topics.get(int(name))
    heading = heading_of(f"topic:{name}", reading)
    if row is None or heading is None:
        return JobResult()
    newest, older = _newest_and_older(reading, f"topic:{name}", heading, shown=ON_A_TOPIC)
    resolve = reading.resolver()
    facts = tuple(clean_line(raw["value"], resolve) for raw in row.key_facts if raw.get("type") == "fact")
    entries = timeline_entries((raw["value"] for raw in row.timeline if raw.get("type") == "moment"), reading)
    summary = clean_html(row.summary, resolve)
    page = copy.Topic(
        site=reading.site(row.language),
        path=row.path,
        title=heading.title,
        description=plain(row.description),
        feeds=reading.world.feed_links(heading.title, row.path),
        alternates=_alternates(reading, reading.world.topics.values(), row.translation_key),
        breadcrumbs=up(reading, row.language),
        heading=heading.title,
        summary_html=summary,
        photo=reading.photo(row.photo_id, thumb=True, inline=True),
        key_facts=tuple(fact for fact in facts if fact),
        timeline=copy.Timeline(title="", entries=entries) if entries else None,
        teasers=tuple(reading.teaser(f) for f in newest),
        older=older,
    )
    return _result(reading, printed(reading, page, newest))


def person(reading: Reading, name: str) -> JobResult:
    """A byline's page; none for a withheld byline."""
    row = reading.world.people.get(int(name))
    heading = heading_of(f"person:{name}", reading)
    if row is None or heading is None:
        return JobResult()
    newest, older = _newest_and_older(reading, f"person:{name}", heading)
    page = copy.Person(
        site=reading.site(row.language),
        path=heading.path,
        title=heading.title,
        feeds=reading.world.feed_links(heading.title, heading.path),
        alternates=_alternates(reading, reading.world.people.values(), row.translation_key),
        breadcrumbs=up(reading, row.language),
        name=heading.title,
        kind="pen_name" if row.kind == "pen_name" else "name",
        role=plain(row.role),
        bio_html=clean_html(row.bio, reading.resolver()),
        photo=reading.photo(row.photo_id, thumb=True, inline=True),
        contact=plain(row.contact),
        teasers=tuple(reading.teaser(f) for f in newest),
        older=older,
    )
    return _result(reading, printed(reading, page, newest))


def archive(reading: Reading, name: str) -> JobResult:
    """A numbered archive page, "LISTING:NUMBER" with the oldest articles on number 0; none where all fits one list."""
    listing, _, index = name.rpartition(":")
    heading = heading_of(listing, reading)
    if heading is None or reading.memory.count(listing) <= PAGE:
        return JobResult()
    number = int(index) + 1
    ranked, has_later = reading.ranked(listing, int(index) * PAGE, PAGE)
    if not ranked:
        return JobResult()
    page = copy.ArchivePage(
        site=reading.site(heading.language),
        path=archive_path(heading, number),
        title=heading.title,
        breadcrumbs=up(reading, heading.language, copy.Link(label=heading.title, path=heading.path)),
        heading=heading.title,
        parent=copy.Link(label=heading.title, path=heading.path),
        number=number,
        teasers=tuple(reading.teaser(f, with_photo=False) for f in reversed(ranked)),
        older=copy.Link(label=str(number - 1), path=archive_path(heading, number - 1)) if number > 1 else None,
        newer=copy.Link(label=str(number + 1), path=archive_path(heading, number + 1)) if has_later else None,
    )
    return _result(reading, printed(reading, page, ranked))


def month(reading: Reading, name: str) -> JobResult:
    """Everything of one month, "LANGUAGE:YYYY-MM"; none where nothing was published."""
    language, _, month_name = name.rpartition(":")
    if language not in reading.world.sites:
        return JobResult()
    year, number = (int(part) for part in month_name.split("-"))
    everything = reading.whole(f"month:{name}")
    if not everything:
        return JobResult()
    base = addresses.month_path(reading.world.paper.prefix(language), year, number)
    parts = [everything[i : i + MONTH_PART] for i in range(0, len(everything), MONTH_PART)]
    paths = [base if n == len(parts) - 1 else f"{base}part-{n + 1}/" for n in range(len(parts))]
    links = tuple(copy.Link(label=str(n), path=path) for n, path in enumerate(paths, 1)) if len(parts) > 1 else ()
    earlier, later = _neighbours(reading, language, name)
    products = [
        printed(
            reading,
            copy.Month(
                site=reading.site(language),
                path=path,
                title=f"{year:04d}-{number:02d}",
                breadcrumbs=up(reading, language),
                year=year,
                month=number,
                days=_days(reading, part),
                part=n,
                parts=links,
                earlier=earlier,
                later=later,
            ),
            part,
        )
        for n, (path, part) in enumerate(zip(paths, parts, strict=True), 1)
    ]
    return _result(reading, *products)


def _neighbours(reading: Reading, language: str, name: str) -> tuple[copy.Link | None, copy.Link | None]:
    reading.read(f"months:{language}")
    months = reading.memory.listings(f"month:{language}:")
    at = months.index(f"month:{name}") if f"month:{name}" in months else -1
    earlier = months[at - 1] if at > 0 else None
    later = months[at + 1] if 0 <= at < len(months) - 1 else None
    return _month_link(reading, language, earlier), _month_link(reading, language, later)


def _month_link(reading: Reading, language: str, listing: str | None) -> copy.Link | None:
    if listing is None:
        return None
    label = listing.rpartition(":")[2]
    year, number = (int(part) for part in label.split("-"))
    return copy.Link(label=label, path=addresses.month_path(reading.world.paper.prefix(language), year, number))


def _days(reading: Reading, part: Sequence[Facts]) -> tuple[copy.MonthDay, ...]:
    zone = reading.world.paper.zone
    newest_first = reversed(part)
    return tuple(
        copy.MonthDay(date=day, teasers=tuple(reading.teaser(f, with_photo=False) for f in facts))
        for day, facts in groupby(newest_first, key=lambda f: f.published.astimezone(zone).date())
    )


def years(reading: Reading, language: str) -> JobResult:
    """The archive's entrance."""
    if language not in reading.world.sites:
        return JobResult()
    site = reading.site(language)
    page = copy.Archive(
        site=site,
        path=site.archive_path,
        title="",
        alternates=everywhere(reading, lambda other: other.archive_path),
        **archive_fields(reading, language),
    )
    return _result(reading, printed(reading, page))


def archive_fields(reading: Reading, language: str) -> dict[str, Any]:
    """The ways into the archive: years and months, topics, sections, questions."""
    reading.read(f"months:{language}")
    months = [listing.rpartition(":")[2] for listing in reading.memory.listings(f"month:{language}:")]
    prefix = reading.world.paper.prefix(language)
    has_questions = any(language in row.heads for row in shown_questions(reading))
    by_year = groupby(sorted(months, reverse=True), key=lambda name: int(name[:4]))
    return {
        "breadcrumbs": up(reading, language),
        "years": tuple(
            copy.ArchiveYear(
                year=year,
                months=tuple(
                    (date(year, int(name[5:]), 1), addresses.month_path(prefix, year, int(name[5:]))) for name in names
                ),
            )
            for year, names in by_year
        ),
        "sections": reading.site(language).sections,
        "topics": tuple(
            copy.Link(label=t.title, path=t.path) for t in reading.world.topics.values() if t.language == language
        ),
        "questions_path": addresses.questions_path(prefix) if has_questions else "",
    }


def everywhere(reading: Reading, path_of: object) -> tuple[tuple[str, str], ...]:
    """What every language has, for each of them; nothing where there is one language."""
    sites = reading.world.sites
    found = tuple((code, path_of(sites[code])) for code in reading.world.paper.languages if code in sites)  # type: ignore[operator]
    return found if len(found) > 1 else ()


def corrections(reading: Reading, language: str) -> JobResult:
    """The corrections list, newest first."""
    if language not in reading.world.sites:
        return JobResult()
    corrected = reading.whole(f"corrected:{language}")
    reading.materials.load_articles([f.id for f in corrected])
    found = []
    for facts in corrected:
        row = reading.materials.article(facts.id)
        link = copy.Link(label=facts.headline, path=facts.path)
        for item in corrections_of(row, reading) if row else ():
            found.append(
                (item.date, facts.place, copy.Correction(date=item.date, text_html=item.text_html, article=link))
            )
    found += claim_corrections(language, reading)
    newest_first = [item for _date, _place, item in sorted(found, key=lambda f: f[:2], reverse=True)]
    site = reading.site(language)
    pages = [newest_first[i : i + CORRECTIONS_PAGE] for i in range(0, len(newest_first), CORRECTIONS_PAGE)] or [[]]
    paths = [site.corrections_path if n == 0 else f"{site.corrections_path}{n + 1}/" for n in range(len(pages))]
    policy = reading.world.static_with_role(language, "corrections_policy")
    feed_title = f"{word('Corrections', language=language)} · {site.name}"
    products = []
    for n, (path, items) in enumerate(zip(paths, pages, strict=True)):
        page = copy.Corrections(
            site=site,
            path=path,
            title="",
            feeds=reading.world.feed_links(feed_title, site.corrections_path) if n == 0 else (),
            alternates=everywhere(reading, lambda other: other.corrections_path) if n == 0 else (),
            breadcrumbs=up(reading, language),
            intro_html=f"<p>{_escaped(policy.description)}</p>" if policy and policy.description else "",
            corrections=tuple(items),
            number=n + 1,
            newer=copy.Link(label=str(n), path=paths[n - 1]) if n else None,
            older=copy.Link(label=str(n + 2), path=paths[n + 1]) if n + 1 < len(paths) else None,
        )
        products.append(printed(reading, page, corrected, modified=_day_of(items)))
    return _result(reading, *corrections_feeds(site, feed_title, newest_first[:CORRECTIONS_IN_A_FEED]), *products)


def _day_of(items: Sequence[copy.Correction]) -> datetime | None:
    """The newest day on a page of corrections: a claim may be withdrawn long after its story."""
    return max((_at_midnight(item.date) for item in items if item.claim), default=None)


def _at_midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=UTC)


def corrections_feeds(site: copy.Site, title: str, newest: Sequence[copy.Correction]) -> tuple[Sheet, ...]:
    """The three feeds of the corrections list."""
    base = site.corrections_path
    items = tuple(_feed_item(correction, site) for correction in newest)
    feed = copy.Feed(
        site=site,
        title=title,
        description=site.description or site.tagline,
        home_url=absolute(site.base_url, base),
        paths=(f"{base}rss.xml", f"{base}atom.xml", f"{base}feed.json"),
        updated=max((item.modified for item in items), default=None),
        items=items,
    )
    return (
        Sheet(path=feed.paths[0], media_type="application/rss+xml", body=feeds.rss(feed)),
        Sheet(path=feed.paths[1], media_type="application/atom+xml", body=feeds.atom(feed)),
        Sheet(path=feed.paths[2], media_type="application/feed+json", body=feeds.json_feed(feed)),
    )


def _feed_item(correction: copy.Correction, site: copy.Site) -> copy.FeedItem:
    article = correction.article or correction.articles[0]
    named = f"{site.fingerprint}/correction/{article.path}/{correction.date}/{correction.claim}/{correction.text_html}"
    return copy.FeedItem(
        id=uuid5(NAMESPACE_URL, named).urn,
        url=absolute(site.base_url, article.path),
        headline=article.label,
        standfirst="",
        html=correction_html(correction, site),
        authors=(),
        published=_at_midnight(correction.date),
        modified=_at_midnight(correction.date),
        tags=(),
    )


def _escaped(text: str) -> str:
    return plain(text).replace("&", "&amp;").replace("<", "&lt;")


def static(reading: Reading, name: str) -> JobResult:
    """A static page; one that stands where the paper's addresses are listed is printed with them."""
    row = reading.world.statics.get(int(name))
    if row is None or row.language not in reading.world.sites or row.path == reading.world.reach_path(row.language):
        return JobResult()
    page = copy.StaticPage(
        site=reading.site(row.language),
        path=row.path,
        title=plain(row.title),
        description=plain(row.description),
        alternates=_alternates(reading, reading.world.statics.values(), row.translation_key),
        breadcrumbs=up(reading, row.language),
        heading=plain(row.title),
        body=body_copy(row.body, reading),
        version=plain(row.version),
        version_date=row.version_date,
    )
    return _result(reading, printed(reading, page, modified=row.modified))


def not_found(reading: Reading, language: str) -> JobResult:
    """What stands where nothing stands. It lists no stories: it would change, and travel, with each of them."""
    if language not in reading.world.sites:
        return JobResult()
    page = copy.NotFound(
        site=reading.site(language),
        path=f"{reading.world.paper.prefix(language)}/404.html",
        title="404",
        is_indexable=False,
    )
    return _result(reading, printed(reading, page))
