"""The sheets of one article: its page (or numbered parts) and its JSON twin; withdrawal notices and redirects."""

from collections.abc import Sequence
from datetime import UTC, datetime, time

import msgspec

from stet.edition.errors import SheetRefusedError
from stet.edition.sheet import Sheet, file_path
from stet.kit.reading import reading_minutes
from stet.press.appeals import asking, due_of_appeals, in_parts, page_of, set_with_appeals
from stet.press.body import body_copy, split, words_of
from stet.press.budget import is_within
from stet.press.claims import Marks, article_notes, notes_in, shortened
from stet.press.facts import Facts, facts_of
from stet.press.job import JobResult, Product, Reading, Unsigned
from stet.press.live import ENOUGH_SHOWN, live_copy, live_entries, live_feed, live_products, shorter
from stet.press.related import read_more
from stet.press.richtext import Resolve, clean_html, clean_line, plain
from stet.press.rows import EPOCH, ArticleRow, read_redirects, read_withdrawals
from stet.theme import copy
from stet.theme.claims_jsonld import claims_jsonld
from stet.theme.twin import article_twin

LEAST_NOTES = 3
"""Items of "Who says this" that stay on the heaviest page; a paragraph with a hundred marks can't be cut."""
MOST_MORE_PARTS = 6
"""How often a heavy article is cut anew before it is printed as it is; a single paragraph can't be cut."""


def article(reading: Reading, name: str) -> JobResult:
    """An article's sheets; none where it is not published."""
    number = int(name)
    facts = reading.materials.facts(number)
    row = reading.materials.article(number)
    if facts is None or row is None:
        return JobResult()
    whole, parts, pages, notes = _fitted(row, facts, reading)
    products: list[Product] = [
        Unsigned(path=part.path, html=html, revision=part.revision, time=part.modified)
        for part, html in zip(parts, pages, strict=True)
    ]
    twin = article_twin(
        whole, [block for part in parts for block in part.body], notes, live_entries(row, facts, reading)
    )
    products.insert(0, Sheet(path=whole.twin_path, media_type="application/json", body=twin))
    if notes:
        body = claims_jsonld(whole, notes)
        products.insert(0, Sheet(path=whole.claims_path, media_type="application/ld+json", body=body))
    products[:0] = live_products(row, facts, reading)
    due = due_of_appeals(page_of(row, reading.world), reading)
    return JobResult(products=tuple(products), reads=frozenset(reading.reads), due=due)


_Fitted = tuple[copy.Article, list[copy.Article], list[bytes], tuple[copy.ClaimNote, ...]]


def _fitted(row: ArticleRow, facts: Facts, reading: Reading) -> _Fitted:
    """The article in as many parts as it takes for each page to keep to the budget: (first, parts, pages, claims)."""
    budget = reading.world.paper.budget_bytes
    for more in range(MOST_MORE_PARTS + 1):
        whole, parts, notes = article_copies(row, facts, reading, more_parts=more)
        parts = [_with_entries_that_fit(budget, part, row, reading) for part in parts]
        pages = [set_with_appeals(budget, part, reading.theme) for part in parts]
        if (len(parts) == 1 and more) or all(fits for _html, fits in pages):
            break
    pages = [
        page if page[1] or not part.claims else _set_short(budget, part, reading)
        for part, page in zip(parts, pages, strict=True)
    ]
    return whole, parts, [html for html, _fits in pages], notes


def _with_entries_that_fit(budget: int, part: copy.Article, row: ArticleRow, reading: Reading) -> copy.Article:
    """A part with as many of its live entries as it has room for: those before stand on pages of their own.

    A few of them go before what is asked of readers.
    """
    of_pages = row.live.parts() if row.live else {}
    while part.live is not None:
        has_enough = len(part.live.entries) > ENOUGH_SHOWN
        weighed = part if has_enough else msgspec.structs.replace(part, asking=None)
        if is_within(reading.theme.set_page(weighed), budget):
            break
        fewer = shorter(part.live, part.path, of_pages)
        if fewer is None:
            break
        part = msgspec.structs.replace(part, live=fewer)
    return part


def _set_short(budget: int, part: copy.Article, reading: Reading) -> tuple[bytes, bool]:
    """A page that is too heavy with the list of who says this: the list shortened, then cut where the budget ends."""
    notes = shortened(part.claims)
    while True:
        html, fits = set_with_appeals(budget, msgspec.structs.replace(part, claims=notes), reading.theme)
        if fits or len(notes) <= LEAST_NOTES:
            return html, fits
        notes = notes[: max(LEAST_NOTES, len(notes) * 2 // 3)]


def article_copies(
    row: ArticleRow, facts: Facts, reading: Reading, *, more_parts: int = 0
) -> tuple[copy.Article, list[copy.Article], tuple[copy.ClaimNote, ...]]:
    """(the article as its first part, all parts, all claims); with `more_parts`, in more than its length asks for."""
    reading.materials.load_claims(facts.claims)
    marks = Marks(reading, facts.language)
    photo = _lead_photo(row, reading, marks.resolve, alt=facts.alt)
    blocks = body_copy(row.blocks(), reading, marks.resolve)
    notes = article_notes(marks, facts, reading)
    parts = split(blocks, characters=reading.world.paper.split_characters, more_parts=more_parts)
    paths = [facts.path, *(f"{facts.path}{number}/" for number in range(2, len(parts) + 1))]
    links = tuple(copy.Link(label=str(n), path=p) for n, p in enumerate(paths, 1)) if len(parts) > 1 else ()
    first = _first_part(row, facts, reading, photo=photo, body=parts[0], parts=links, word_count=words_of(blocks))
    first = msgspec.structs.replace(first, claims_path=f"{facts.path}claims.jsonld" if notes else "")
    others = [
        msgspec.structs.replace(first, photo=None, path=path, body=body, part=number, live=None)
        for number, (path, body) in enumerate(zip(paths[1:], parts[1:], strict=True), 2)
    ]
    listed = [msgspec.structs.replace(part, claims=notes_in(part, notes)) for part in (first, *others)]
    asked = asking(page_of(row, reading.world), reading)
    return first, in_parts(listed, asked), notes


def _first_part(
    row: ArticleRow,
    facts: Facts,
    reading: Reading,
    *,
    photo: copy.Photo | None,
    body: tuple[copy.Block, ...],
    parts: tuple[copy.Link, ...],
    word_count: int,
) -> copy.Article:
    """The first part, with the lead photo; the others differ from it in path, body and number."""
    world = reading.world
    section = reading.section_link(facts.section)
    translations = _translations(facts, reading)
    original = reading.facts(row.original) if row.original else None
    site = reading.site(facts.language)
    tags = tuple(
        copy.Link(label=world.tags[t].name, path=world.tag_path(world.tags[t], facts.language)) for t in facts.tags
    )
    live = live_copy(row, facts, reading)
    is_behind = bool(original and row.original_revision and original.live_revision != row.original_revision)
    return copy.Article(
        site=site,
        path=facts.path,
        title=facts.headline,
        description=plain(row.description) or facts.standfirst,
        feeds=(live_feed(facts),) if live else (),
        alternates=_alternates(facts, translations),
        breadcrumbs=(copy.Link(label=site.name, path=site.language.front_path), *([section] if section else [])),
        article_id=facts.id,
        headline=facts.headline,
        short_headline=facts.short_headline,
        standfirst=facts.standfirst,
        kind=facts.kind,
        section=section,
        bylines=reading.bylines(facts.bylines),
        dateline=facts.dateline,
        photo=photo,
        published=facts.published,
        updated=facts.updated,
        modified=facts.modified,
        revision=facts.digest,
        tags=tags,
        topics=tuple(copy.Link(label=world.topics[t].title, path=world.topics[t].path) for t in facts.topics),
        corrections=corrections(row, reading),
        updates=update_notes(row, reading),
        translations=translations,
        is_behind_original=is_behind,
        original=copy.Link(label=original.headline, path=original.path) if original else None,
        read_more=tuple(reading.teaser(f, with_photo=False) for f in read_more(facts, row.picks, reading)),
        source=plain(row.source),
        source_url=row.source_url,
        licence=plain(row.licence),
        twin_path=f"{facts.path}article.json",
        body=body,
        parts=parts,
        word_count=word_count,
        reading_minutes=reading_minutes(word_count, row.language),
        live=live,
    )


def _lead_photo(row: ArticleRow, reading: Reading, resolve: Resolve, *, alt: str) -> copy.Photo | None:
    photo = reading.photo_row(row.photo_id)
    if photo is None:
        return None
    caption = clean_line(row.lead_caption, resolve) or clean_line(photo.caption.replace("<", "&lt;"), resolve)
    return reading.materials.photo_store.copy(photo, alt=alt, caption_html=caption, thumb=True, inline=True)


def _translations(facts: Facts, reading: Reading) -> tuple[copy.Translation, ...]:
    """The same article in the paper's other languages, in the paper's order.

    The planner knows of these without a read.
    """
    others = [reading.materials.facts(i) for i in reading.memory.all_in(f"translations:{facts.translation_key}")]
    by_language = {other.language: other for other in others if other is not None and other.id != facts.id}
    return tuple(
        copy.Translation(
            language=reading.world.language(code), path=by_language[code].path, headline=by_language[code].headline
        )
        for code in reading.world.paper.languages
        if code in by_language and code != facts.language
    )


def _alternates(facts: Facts, translations: Sequence[copy.Translation]) -> tuple[tuple[str, str], ...]:
    if not translations:
        return ()
    return ((facts.language, facts.path), *((t.language.code, t.path) for t in translations))


def corrections(row: ArticleRow, reading: Reading) -> tuple[copy.Correction, ...]:
    """An article's corrections, newest first."""
    resolve = reading.resolver()
    return tuple(copy.Correction(date=day, text_html=clean_html(text, resolve)) for day, text in row.corrections)


def update_notes(row: ArticleRow, reading: Reading) -> tuple[copy.UpdateNote, ...]:
    """An article's update notes, newest first."""
    resolve = reading.resolver()
    return tuple(copy.UpdateNote(date=day, text_html=clean_html(text, resolve)) for day, text in row.updates)


def preview_copies(row: ArticleRow, reading: Reading) -> list[copy.Article]:
    """A draft's pages, as they would be printed."""
    return article_copies(row, facts_of(row, reading.world), reading)[1]


def withdrawal(reading: Reading, name: str) -> JobResult:
    """The notice at a withdrawn article's address; none where an article stands there again."""
    for row in read_withdrawals([int(name)], reading.world):
        reading.read(f"path:{row.path}")
        if reading.memory.article_at(row.path) is not None or not _is_printable(row.path):
            return JobResult(reads=frozenset(reading.reads))
        page = copy.Tombstone(
            site=reading.site(row.language),
            path=row.path,
            title=reading.site(row.language).name,
            is_indexable=False,
            withdrawn=row.withdrawn,
            reason=plain(row.reason),
        )
        moment = datetime.combine(row.withdrawn, time(), tzinfo=UTC)
        product = Unsigned(
            path=row.path, html=reading.theme.set_page(page), revision=f"withdrawn-{row.withdrawn}", time=moment
        )
        return JobResult(products=(product,), reads=frozenset(reading.reads))
    return JobResult()


def redirect(reading: Reading, name: str) -> JobResult:
    """An old address that leads on; none where something else stands there, or where no file can stand."""
    for row in read_redirects([int(name)]):
        path = (
            row.old_path if row.old_path.endswith("/") or "." in row.old_path.rpartition("/")[2] else f"{row.old_path}/"
        )
        reading.read(f"path:{path}")
        if "/letters/" in path:
            reading.read("letter-paths")
        target = row.link or (reading.resolver()("page", row.page_id) if row.page_id else None)
        language = reading.world.paper.languages[0]
        standing = (*reading.world.page_paths.values(), *(row.path for row in reading.world.people.values()))
        taken = reading.memory.article_at(path) is not None or path in standing
        if not target or taken or language not in reading.world.sites or not _is_printable(path) or target == path:
            return JobResult(reads=frozenset(reading.reads))
        page = copy.Redirect(
            site=reading.site(language), path=path, title=reading.site(language).name, is_indexable=False, target=target
        )
        product = Unsigned(path=path, html=reading.theme.set_page(page), revision="redirect", time=EPOCH)
        return JobResult(products=(product,), reads=frozenset(reading.reads))
    return JobResult()


def _is_printable(path: str) -> bool:
    try:
        file_path(path)
    except SheetRefusedError:
        return False
    return path.endswith(("/", ".html", ".htm"))
