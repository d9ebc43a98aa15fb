"""Pages of questions and sources, their data for machines, and the printed copies of evidence.

The rules:
 * A question's page shows all claims that readers may see, by the day they speak of; nothing picks a winner.
 * As in archives, older claims stand on pages numbered from the oldest, so a new claim changes the newest page only.
 * A page that would show no claim is not printed, and nothing lists it.
 * An unnamed source has no page, whatever its row says.
"""

from collections.abc import Callable, Sequence

from msgspec.structs import replace

from stet.edition.sheet import Sheet
from stet.newsroom import addresses
from stet.press.claims import by_day, latest, note, page_of_source, shown_claims, shown_questions
from stet.press.job import JobResult, Product, Reading, SheetFile
from stet.press.listings import everywhere, printed, up
from stet.press.materials import EVIDENCE_ENDS, evidence_path
from stet.press.richtext import clean_html, plain
from stet.press.rows import question_claims, source_claims, sources_of_claims
from stet.press.world import QuestionRow
from stet.sourcing import values
from stet.sourcing.computing import independent_roots, ranges
from stet.theme import copy, sitemaps
from stet.theme.addresses import absolute
from stet.theme.claims_jsonld import CONTEXT_PATH, context_jsonld
from stet.theme.question_data import question_csv, question_json
from stet.theme.words import word

PAGE = 20
"""Claims on a page."""
QUESTIONS_PAGE = 60
"""Questions on a page of their index."""


# --- Questions ---


def question(reading: Reading, name: str) -> JobResult:
    """A question's pages in all its languages, with all claims as CSV and JSON; none where no claim is shown."""
    number = int(name)
    reading.read(f"question:{number}")
    row = reading.question(number)
    if row is None:
        return JobResult(reads=frozenset(reading.reads))
    claims = sorted(reading.shown(question_claims(number)), key=by_day)
    products: list[Product] = []
    for language in row.heads if claims else ():
        products += _in_language(row, language, claims, reading)
    return JobResult(products=tuple(products), reads=frozenset(reading.reads))


def _in_language(row: QuestionRow, language: str, claims: Sequence[values.Claim], reading: Reading) -> list[Product]:
    head = row.heads[language]
    notes = [note(claim, language, reading, with_articles=True) for claim in claims]
    words = word("What is claimed", language=language)
    index = copy.Link(label=words, path=addresses.questions_path(reading.world.paper.prefix(language)))
    alternates = tuple((code, row.heads[code].path) for code in reading.world.paper.languages if code in row.heads)
    whole = copy.Question(
        site=reading.site(language),
        path=head.path,
        title=head.text,
        alternates=alternates if len(alternates) > 1 else (),
        breadcrumbs=up(reading, language, index),
        heading=head.text,
        intro_html=clean_html(head.intro, reading.resolver()),
        claims=tuple(notes),
        count=len(notes),
        ranges=tuple(
            copy.ClaimRange(unit=plain(found.unit), low=found.low, high=found.high, claims=found.claims)
            for found in ranges(claims, language)
        ),
        roots=independent_roots(claims),
        data_paths=(f"{head.path}question.csv", f"{head.path}question.json"),
    )
    data: list[Product] = [
        Sheet(path=whole.data_paths[0], media_type="text/csv", body=question_csv(whole)),
        Sheet(path=whole.data_paths[1], media_type="application/json", body=question_json(whole, row.uid)),
    ]
    pages = _question_pages(whole)
    return [*data, *(printed(reading, page, modified=latest(page.claims)) for page in pages)]


def _question_pages(whole: copy.Question) -> list[copy.Question]:
    """A question's own page with the newest claims, and the numbered ones with all that are older."""
    return [
        replace(
            whole, path=path, parent=parent, number=number, claims=whole.claims[start:end], first=start + 1,
            older=older, newer=newer, alternates=whole.alternates if not number else (),
            intro_html=whole.intro_html if not number else "",
        )
        for number, path, parent, start, end, older, newer in _pages(whole.path, whole.heading, whole.count)
    ]  # fmt: skip


_OnePage = tuple[int, str, copy.Link | None, int, int, copy.Link | None, copy.Link | None]


def _pages(path: str, heading: str, count: int) -> list[_OnePage]:
    """(number, path, parent, from, to, older, newer) of each page; the last one has number 0 and is the thing's own."""
    full = max(0, (count - 1) // PAGE)  # Numbered pages are whole ones, so that page 1 never changes.
    own = copy.Link(label=heading, path=path)
    at = [copy.Link(label=str(n), path=f"{path}archive/{n}/") for n in range(1, full + 1)] + [own]
    return [
        (
            0 if n == full else n + 1,
            link.path,
            None if n == full else own,
            n * PAGE,
            min(count, (n + 1) * PAGE),
            at[n - 1] if n else None,
            at[n + 1] if n < full else None,
        )
        for n, link in enumerate(at)
    ]


def questions(reading: Reading, language: str) -> JobResult:
    """All questions of a language; none where there are none."""
    if language not in reading.world.sites:
        return JobResult()
    heads = [row.heads[language] for row in shown_questions(reading) if language in row.heads]
    if not heads:
        return JobResult(reads=frozenset(reading.reads))
    path = addresses.questions_path(reading.world.paper.prefix(language))
    parts = [heads[i : i + QUESTIONS_PAGE] for i in range(0, len(heads), QUESTIONS_PAGE)]
    paths = [path if n == 0 else f"{path}archive/{n + 1}/" for n in range(len(parts))]
    products = [
        printed(
            reading,
            copy.Questions(
                site=reading.site(language),
                path=paths[n],
                title="",
                alternates=everywhere(reading, _index_path(reading)) if n == 0 and _is_everywhere(reading) else (),
                breadcrumbs=up(reading, language),
                questions=tuple(copy.Link(label=head.text, path=head.path) for head in part),
                number=n + 1,
                newer=copy.Link(label=str(n), path=paths[n - 1]) if n else None,
                older=copy.Link(label=str(n + 2), path=paths[n + 1]) if n + 1 < len(paths) else None,
            ),
        )
        for n, part in enumerate(parts)
    ]
    return JobResult(products=tuple(products), reads=frozenset(reading.reads))


def _index_path(reading: Reading) -> Callable[[copy.Site], str]:
    return lambda site: addresses.questions_path(reading.world.paper.prefix(site.language.code))


def _is_everywhere(reading: Reading) -> bool:
    """Whether every language has an index of questions."""
    having = {language for row in shown_questions(reading) for language in row.heads}
    return having == set(reading.world.sites)


# --- Sources ---


def source(reading: Reading, name: str) -> JobResult:
    """A source's pages in all its languages; none for an unnamed one, and none where it has said nothing here."""
    number = int(name)
    row = reading.source(number)
    if row is None or row.is_unnamed:
        return JobResult(reads=frozenset(reading.reads))
    claims = sorted(reading.shown(source_claims(number)), key=by_day)
    products: list[Product] = []
    languages = [code for code in reading.world.paper.languages if code in reading.world.sites]
    paths = {code: path for code in languages if (path := page_of_source(row, code, reading))}
    for language, path in paths.items() if claims else ():
        text = row.text(language)
        notes = tuple(note(claim, language, reading, with_articles=True) for claim in claims)
        whole = copy.SourcePage(
            site=reading.site(language),
            path=path,
            title=plain(text.name),
            alternates=tuple(paths.items()) if len(paths) > 1 else (),
            breadcrumbs=up(reading, language),
            name=plain(text.name),
            kind=str(row.kind),
            role=plain(text.role),
            interest=plain(text.interest),
            claims=notes,
            count=len(notes),
        )
        products += [printed(reading, page, modified=latest(page.claims)) for page in _source_pages(whole)]
    return JobResult(products=tuple(products), reads=frozenset(reading.reads))


def _source_pages(whole: copy.SourcePage) -> list[copy.SourcePage]:
    return [
        replace(
            whole, path=path, parent=parent, number=number, claims=whole.claims[start:end][::-1], older=older,
            newer=newer, alternates=whole.alternates if not number else (),
        )
        for number, path, parent, start, end, older, newer in _pages(whole.path, whole.name, whole.count)
    ]  # fmt: skip


# --- For machines ---


def sitemap_claims(reading: Reading, _name: str) -> JobResult:
    """Pages of questions and sources."""
    world = reading.world
    asked = shown_questions(reading)
    indexes = {language for row in asked for language in row.heads}
    paths = [addresses.questions_path(world.paper.prefix(code)) for code in world.paper.languages if code in indexes]
    shown = shown_claims(reading)
    sources = reading.materials.sources(sources_of_claims(shown)) if shown else {}
    paths += [
        path
        for _number, row in sorted(sources.items())
        for code in world.paper.languages
        if code in world.sites and (path := page_of_source(row, code, reading))
    ]
    entries = [copy.SitemapEntry(url=absolute(world.paper.base_url, path)) for path in paths]
    entries += [entry for row in asked for entry in _entries(row, world.paper.base_url)]
    sheet = Sheet(path="/sitemaps/claims.xml", media_type="application/xml", body=sitemaps.sitemap(entries))
    return JobResult(products=(sheet,), reads=frozenset(reading.reads))


def _entries(row: QuestionRow, base_url: str) -> list[copy.SitemapEntry]:
    """A question in each of its languages, with the others."""
    addresses_by_language = tuple((code, absolute(base_url, head.path)) for code, head in row.heads.items())
    alternates = addresses_by_language if len(addresses_by_language) > 1 else ()
    return [copy.SitemapEntry(url=url, alternates=alternates) for _code, url in addresses_by_language]


def claims_context(reading: Reading, _name: str) -> JobResult:
    """What the words in every `claims.jsonld` mean; nothing else has to be fetched to read one."""
    sheet = Sheet(path=CONTEXT_PATH, media_type="application/ld+json", body=context_jsonld())
    return JobResult(products=(sheet,), reads=frozenset(reading.reads))


def evidence_file(reading: Reading, name: str) -> JobResult:
    """The copy for readers of a piece of public evidence, for as long as a sheet leads to it."""
    row = reading.materials.evidence_file(int(name))
    if row is None or not reading.memory.is_read(f"evidence-file:{name}"):
        return JobResult()
    file = reading.materials.evidence_folder / row.kind / row.sha256[:2] / row.sha256
    if not file.is_file():
        return JobResult()
    media_type = row.media_type if row.media_type in EVIDENCE_ENDS else "application/octet-stream"
    return JobResult(products=(SheetFile(path=evidence_path(row), media_type=media_type, file=file),))
