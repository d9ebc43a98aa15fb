"""Stet's own archive becomes records: the format is told in `docs/reference/stet-archive.md`.

The rules:
 * An archive is read whole before anything of it is placed; what is wrong in it stops the reading, with file and line.
 * Files of one thing in several languages make one record for each language, joined by a key.
 * A name that leads nowhere (a byline, a photo, a topic, a link) is refused: an archive of ours is complete.

It reads files and touches neither the database nor the clock.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, cast

from stet.intake import markdown, records
from stet.intake.errors import ArchiveError, ArchiveFileError
from stet.intake.media_folder import is_photo_name
from stet.intake.stet_files import Fields, Piece, read_document, read_toml

ARTICLE_KINDS = ("news", "feature", "analysis", "opinion", "interview", "explainer", "live")
STATUSES = ("live", "draft", "scheduled")
PAGE_ROLES = {
    "about": "about",
    "contact": "contact",
    "privacy": "privacy",
    "reach-us": "reach",
    "principles": "principles",
    "corrections-policy": "corrections_policy",
}
"""What a page of this slug is for; any other page is an ordinary one."""

_LINKED = {"article": "article", "topic": "topic", "page": "page", "section": "section"}
"""What a link in a text may lead to: the word before the colon → the beginning of the source id."""


def read_archive(folder: Path) -> records.Archive:
    """Everything in the folder, checked.

    Raises ArchiveError where the folder is no archive, ArchiveFileError where something in it is wrong.
    """
    if not (folder / "paper.toml").is_file():
        raise ArchiveError(f"{folder} holds no Stet archive: there is no paper.toml in it. Name the archive's folder.")
    return _Reading(folder=folder).archive()


@dataclass(slots=True, kw_only=True)
class _Where:
    """The language and file that something is read in; it turns names into source ids."""

    reading: "_Reading"
    language: str
    file: str

    def link(self, address: str) -> str:
        """The address of a link as HTML gets it."""
        kind, colon, slug = address.partition(":")
        if kind in _LINKED and colon:
            return records.RECORD_LINK + self.expect(f"{_LINKED[kind]}:{self.language}:{slug}")
        if address.startswith(("https://", "http://", "mailto:")):
            return address
        if address.startswith("/"):
            return records.RECORD_LINK + self.expect(f"page:{self.language}:{address.strip('/').split('/')[-1]}")
        raise ArchiveFileError(
            self.file, None, f"the link to “{address}” leads nowhere. Write https://… or article:slug."
        )

    def refer(self, fields: Fields, name: str, kind: str, slug: str) -> str:
        """The source id of something named in a field; whether it is there gets checked in the end."""
        return self.expect(f"{kind}:{self.language}:{slug}", fields.line(name))

    def media(self, fields: Fields, name: str, *, required: bool = False) -> str | None:
        """The source id of a file named in a field."""
        file_name = fields.string(name, required=required)
        return self.expect(f"media:{file_name}", fields.line(name)) if file_name else None

    def html(self, text: str) -> str:
        """Paragraphs and lists."""
        return markdown.text_html(text, self.link)

    def line_html(self, text: str) -> str:
        """A single line."""
        return markdown.line_html(" ".join(text.split()), self.link)

    def expect(self, source_id: str, line: int | None = None) -> str:
        """Note that this must be in the archive."""
        self.reading.expected.append((source_id, self.file, line))
        return source_id


@dataclass(slots=True, kw_only=True)
class _Reading:
    """One reading of an archive: the folder, and the names met that must lead somewhere in the end."""

    folder: Path
    expected: list[tuple[str, str, int | None]] = field(default_factory=list)

    def archive(self) -> records.Archive:
        """Read everything, then check that every name leads somewhere."""
        fronts, sections = self._paper()
        languages = tuple(front.language for front in fronts)
        archive = records.Archive(
            source="stet",
            fronts=fronts,
            sections=sections,
            media=tuple(self._media(languages)),
            people=tuple(self._people(languages)),
            topics=tuple(self._topics(languages)),
            articles=_with_originals(tuple(self._articles(languages))),
            pages=tuple(self._pages(languages)),
        )
        self._check(archive)
        return archive

    def _check(self, archive: records.Archive) -> None:
        groups: tuple[Iterable[records.Record], ...] = (
            archive.media, archive.people, archive.sections, archive.topics, archive.articles, archive.pages
        )  # fmt: skip
        known = {record.source_id for group in groups for record in group}
        for source_id, file, line in self.expected:
            if source_id not in known:
                kind, *rest = source_id.split(":")
                what = "file" if kind == "media" else kind
                where = "" if kind == "media" else f" in the language {rest[0]}"
                raise ArchiveFileError(file, line, f"the {what} “{rest[-1]}” is not in the archive{where}.")

    # --- The paper ---

    def _paper(self) -> tuple[tuple[records.Front, ...], tuple[records.Section, ...]]:
        fronts: list[records.Front] = []
        sections: list[records.Section] = []
        for language, fields in self._languages(
            self.folder / "paper.toml", shared=("base_url", "time_zone", "colours")
        ):
            where = _Where(reading=self, language=language, file=fields.file)
            sections += self._sections(fields, where)
            fronts.append(self._front(fields, where))
        return tuple(fronts), tuple(sections)

    def _front(self, fields: Fields, where: _Where) -> records.Front:
        placed = fields.table("front")
        lead = placed.string("lead") if placed else ""
        seconds = placed.strings("seconds") if placed else ()
        front = records.Front(
            source_id=f"front:{where.language}",
            language=where.language,
            name=fields.string("name", required=True),
            tagline=fields.string("tagline"),
            description=fields.string("description"),
            publisher=fields.string("publisher"),
            notice=where.line_html(fields.string("notice")),
            lead=where.refer(fields, "lead", "article", lead) if lead else None,
            seconds=tuple(where.refer(fields, "seconds", "article", slug) for slug in seconds),
            topics=tuple(where.refer(fields, "front_topics", "topic", slug) for slug in fields.strings("front_topics")),
        )
        for elsewhere in ("contact_email", "licence"):
            fields.get(elsewhere)
        fields.close()
        return front

    def _sections(self, fields: Fields, where: _Where) -> Iterator[records.Section]:
        for place, section in enumerate(fields.tables("sections")):
            slug = section.string("slug", required=True)
            yield records.Section(
                source_id=f"section:{where.language}:{slug}",
                key=section.string("key") or f"section-{place + 1}",
                language=where.language,
                slug=slug,
                title=section.string("title", required=True),
                intro=where.html(section.string("intro")),
            )
            section.close()

    # --- Files that several languages share ---

    def _media(self, languages: tuple[str, ...]) -> Iterator[records.Media]:
        path = self.folder / "photos" / "photos.toml"
        if not path.is_file():
            return
        photos = read_toml(path, name="photos/photos.toml")
        for name in photos.values:
            fields = photos.table(name)
            is_photo = is_photo_name(name)
            if fields is None or not (path.parent / name).is_file():
                raise photos.refuse(name, f"the file photos/{name} is not there.")
            yield records.Media(
                source_id=f"media:{name}",
                file_name=name,
                path=str(path.parent / name),
                title=Path(name).stem.replace("-", " ").capitalize(),
                credit=fields.string("credit", required=is_photo),
                licence=fields.string("licence"),
                words=tuple(self._words(fields, languages, name)) if is_photo else (),
                is_photo=is_photo,
            )
            fields.close()

    def _words(self, fields: Fields, languages: tuple[str, ...], name: str) -> Iterator[records.Words]:
        """The words of every language that the archive is in; those of any other wait for its paper."""
        spoken = tuple(language for language, words in fields.values.items() if isinstance(words, dict))
        if not any(language in languages for language in spoken):
            raise fields.refuse(name, f"the photo {name} has no alternative text in any language of the paper.")
        for language in spoken:
            words = fields.table(language)
            assert words is not None
            alt, caption = words.string("alt", required=True), words.string("caption")
            words.close()
            if language in languages:
                yield records.Words(language=language, alt=alt, caption=markdown.plain_text(caption))

    def _people(self, languages: tuple[str, ...]) -> Iterator[records.Person]:
        for path in _own_files(self.folder / "people"):
            for language, fields in self._languages(path, shared=("kind", "photo"), languages=languages):
                where = _Where(reading=self, language=language, file=fields.file)
                shared = read_toml(path, name=self._name(path))
                yield records.Person(
                    source_id=f"person:{language}:{path.stem}",
                    key=path.stem,
                    language=language,
                    slug=path.stem,
                    kind=cast(Any, shared.one_of("kind", ("name", "pen_name", "withheld"), default="name")),
                    photo=where.media(shared, "photo"),
                    name=fields.string("name", required=True),
                    role=fields.string("role"),
                    bio=where.html(fields.string("bio")),
                    contact=fields.string("contact"),
                )
                fields.close()

    def _topics(self, languages: tuple[str, ...]) -> Iterator[records.Topic]:
        for path in _own_files(self.folder / "topics"):
            for language, fields in self._languages(path, shared=("photo",), languages=languages):
                where = _Where(reading=self, language=language, file=fields.file)
                shared = read_toml(path, name=self._name(path))
                yield records.Topic(
                    source_id=f"topic:{language}:{path.stem}",
                    key=path.stem,
                    language=language,
                    slug=path.stem,
                    title=fields.string("title", required=True),
                    summary=where.html(fields.string("summary")),
                    photo=where.media(shared, "photo"),
                    key_facts=tuple(where.line_html(fact) for fact in fields.strings("key_facts")),
                    timeline=tuple(_timeline_entry(entry, where) for entry in fields.tables("timeline")),
                )
                fields.close()

    def _languages(
        self, path: Path, *, shared: tuple[str, ...], languages: tuple[str, ...] | None = None
    ) -> Iterator[tuple[str, Fields]]:
        """The words of each language: tables of the file itself, and the files beside it, `name.<language>.toml`."""
        own = read_toml(path, name=self._name(path))
        for name in shared:
            own.get(name)
        found: dict[str, Fields] = {}
        for name, value in own.values.items():
            if name not in shared and isinstance(value, dict) and (languages is None or name in languages):
                table = own.table(name)
                assert table is not None
                found[name] = table
        for beside in sorted(path.parent.glob(f"{path.stem}.*.toml")):
            language = beside.name.split(".")[-2]
            if languages is None or language in languages:
                found[language] = read_toml(beside, name=self._name(beside))
        own.close()
        yield from sorted(found.items(), key=lambda item: _rank(item[0], languages or tuple(found)))

    # --- Documents ---

    def _articles(self, languages: tuple[str, ...]) -> Iterator[records.Article]:
        for language, path in self._documents("articles", languages):
            fields, pieces = read_document(path, name=self._name(path))
            where = _Where(reading=self, language=language, file=fields.file)
            yield _article(fields, pieces, where, slug=path.stem)

    def _pages(self, languages: tuple[str, ...]) -> Iterator[records.Page]:
        for language, path in self._documents("pages", languages):
            fields, pieces = read_document(path, name=self._name(path))
            where = _Where(reading=self, language=language, file=fields.file)
            yield _page(fields, pieces, where, slug=path.stem)

    def _documents(self, kind: str, languages: tuple[str, ...]) -> Iterator[tuple[str, Path]]:
        for language in languages:
            for path in sorted((self.folder / kind / language).glob("*.md")):
                yield language, path

    def _name(self, path: Path) -> str:
        return path.relative_to(self.folder).as_posix()


def _rank(language: str, order: tuple[str, ...]) -> int:
    return order.index(language) if language in order else len(order)


def _own_files(folder: Path) -> list[Path]:
    """Files that are no other file's words in a language."""
    return [path for path in sorted(folder.glob("*.toml")) if "." not in path.stem]


def _with_originals(articles: tuple[records.Article, ...]) -> tuple[records.Article, ...]:
    """Translations get the source id of what they were made from instead of its language."""
    by_key = {(article.key, article.language): article.source_id for article in articles}
    return tuple(
        replace(article, original=by_key.get((article.key, article.original)) if article.original else None)
        for article in articles
    )


def _article(fields: Fields, pieces: tuple[Piece, ...], where: _Where, *, slug: str) -> records.Article:
    status = fields.one_of("status", STATUSES, default="live")
    published, go_live = fields.moment("published"), fields.moment("go_live")
    if status == "live" and published is None:
        raise fields.refuse("published", "a live article says when it was published: published = 2026-11-19T06:30:00Z.")
    if status == "scheduled" and go_live is None:
        raise fields.refuse("go_live", "a scheduled article says when: go_live = 2027-01-15T06:00:00Z.")
    original = fields.string("original")
    article = records.Article(
        source_id=f"article:{where.language}:{slug}",
        key=fields.string("key") or f"{where.language}:{slug}",
        language=where.language,
        slug=slug,
        headline=fields.string("headline", required=True),
        short_headline=fields.string("short_headline"),
        standfirst=fields.string("standfirst"),
        kind=fields.one_of("kind", ARTICLE_KINDS, default="news"),
        section=where.refer(fields, "section", "section", fields.string("section", required=True)),
        bylines=tuple(where.refer(fields, "bylines", "person", name) for name in fields.strings("bylines")),
        dateline=fields.string("dateline"),
        published=published,
        updated=fields.moment("updated"),
        photo=where.media(fields, "photo"),
        photo_caption=where.line_html(fields.string("photo_caption")),
        topics=tuple(where.refer(fields, "topics", "topic", name) for name in fields.strings("topics")),
        tags=fields.strings("tags"),
        original=original if original != where.language else None,
        status=cast(Any, status),
        go_live=go_live,
        picks=tuple(where.refer(fields, "picks", "article", name) for name in fields.strings("picks")),
        source=fields.string("source"),
        source_url=fields.string("source_url"),
        licence=fields.string("licence"),
        corrections=tuple(_correction(entry, where) for entry in fields.tables("corrections")),
        body=tuple(_body(pieces, where)),
    )
    fields.close()
    return article


def _correction(fields: Fields, where: _Where) -> records.Correction:
    day = fields.day("date", required=True)
    assert day is not None
    text = where.html(fields.string("text", required=True))
    fields.close()
    return records.Correction(date=day, text=text)


def _page(fields: Fields, pieces: tuple[Piece, ...], where: _Where, *, slug: str) -> records.Page:
    role = PAGE_ROLES.get(slug, "")
    page = records.Page(
        source_id=f"page:{where.language}:{slug}",
        key=fields.string("key") or slug,
        language=where.language,
        slug=slug,
        title=fields.string("title", required=True),
        role=role,
        status=cast(Any, fields.one_of("status", ("live", "draft"), default="live")),
        published=fields.moment("published"),
        version=fields.string("version", required=role == "privacy"),
        version_date=fields.day("version_date", required=role == "privacy"),
        body=tuple(_body(pieces, where)),
    )
    fields.close()
    return page


# --- Bodies ---


def _body(pieces: tuple[Piece, ...], where: _Where) -> Iterator[records.Block]:
    for piece in pieces:
        if piece.fields is None:
            yield from _text_blocks(piece.text, where)
        elif reader := _READERS.get(piece.kind):
            block = reader(piece.fields, where)
            piece.fields.close()
            yield block
        else:
            names = ", ".join(_READERS)
            raise ArchiveFileError(where.file, piece.line, f"there is no block “{piece.kind}”. The blocks are {names}.")


def _text_blocks(text: str, where: _Where) -> Iterator[records.Block]:
    """Subheads stand alone; everything between two of them is one text."""
    html: list[str] = []
    for part in markdown.parts(text):
        head = markdown.subhead(part)
        if head is None:
            html.append(where.html(part))
            continue
        if html:
            yield records.Text(html="".join(html))
            html = []
        yield records.Subhead(text=head[1], level=3 if head[0] == 3 else 2)
    if html:
        yield records.Text(html="".join(html))


def _photo(fields: Fields, where: _Where) -> records.Photo:
    return records.Photo(
        media=cast(str, where.media(fields, "photo", required=True)),
        caption=where.line_html(fields.string("caption")),
        size=cast(Any, fields.one_of("size", ("column", "wide"), default="column")),
    )


def _gallery(fields: Fields, where: _Where) -> records.Gallery:
    names = fields.strings("photos")
    if not names:
        raise fields.refuse("photos", 'a gallery names its photos: photos = ["one.webp", "two.webp"].')
    photos = tuple(records.GalleryPhoto(media=where.expect(f"media:{name}", fields.line("photos"))) for name in names)
    return records.Gallery(title=fields.string("title"), photos=photos)


def _pull_quote(fields: Fields, _where: _Where) -> records.PullQuote:
    text = markdown.plain_text(fields.string("text", required=True))
    return records.PullQuote(text=text, attribution=fields.string("attribution"))


def _quotation(fields: Fields, where: _Where) -> records.Quotation:
    return records.Quotation(
        html=where.html(fields.string("text", required=True)),
        attribution=fields.string("attribution"),
        source_url=fields.string("source_url"),
    )


def _table(fields: Fields, _where: _Where) -> records.Table:
    head = fields.strings("head")
    rows = fields.get("rows")
    if not isinstance(rows, list) or not rows or not all(isinstance(row, list) for row in rows):
        raise fields.refuse("rows", 'a table has rows: rows = [["one", "two"], ["three", "four"]].')
    width = max(len(head), *(len(row) for row in rows))
    if any(len(row) != width for row in rows) or (head and len(head) != width):
        raise fields.refuse("rows", f"every row of the table must have {width} cells.")
    return records.Table(
        caption=fields.string("caption"),
        head=head,
        rows=tuple(tuple(str(cell) for cell in row) for row in rows),
        first_column_is_head=fields.flag("first_column_is_head"),
        source=fields.string("source"),
    )


def _fact_box(fields: Fields, where: _Where) -> records.FactBox:
    return records.FactBox(
        title=fields.string("title", required=True), html=where.html(fields.string("text", required=True))
    )


def _timeline(fields: Fields, where: _Where) -> records.Timeline:
    entries = tuple(_timeline_entry(entry, where) for entry in fields.tables("entries"))
    if not entries:
        raise fields.refuse("entries", "a timeline has moments: [[entries]] with when, title and text.")
    return records.Timeline(title=fields.string("title"), entries=entries)


def _timeline_entry(fields: Fields, where: _Where) -> records.TimelineEntry:
    slug = fields.string("article")
    entry = records.TimelineEntry(
        when=fields.string("when", required=True),
        date=fields.day("date"),
        title=markdown.plain_text(fields.string("title", required=True)),
        html=where.line_html(fields.string("text")),
        article=where.refer(fields, "article", "article", slug) if slug else None,
    )
    fields.close()
    return entry


def _embed(fields: Fields, _where: _Where) -> records.Embed:
    url = fields.string("url", required=True)
    if not url.startswith(("https://", "http://")):
        raise fields.refuse("url", "the address of a card begins with https://.")
    return records.Embed(
        url=url,
        site=fields.string("site"),
        title=fields.string("title"),
        author=fields.string("author"),
        text=fields.string("text"),
    )


def _note(fields: Fields, where: _Where) -> records.Note:
    return records.Note(html=where.html(fields.string("text", required=True)))


def _audio(fields: Fields, where: _Where) -> records.File:
    return records.File(
        media=cast(str, where.media(fields, "file", required=True)),
        title=fields.string("title", required=True),
        use="audio",
    )


def _document(fields: Fields, where: _Where) -> records.File:
    return records.File(
        media=cast(str, where.media(fields, "file", required=True)), title=fields.string("title"), use="document"
    )


_READERS: dict[str, Callable[[Fields, _Where], records.Block]] = {
    "photo": _photo,
    "gallery": _gallery,
    "pull_quote": _pull_quote,
    "quotation": _quotation,
    "table": _table,
    "fact_box": _fact_box,
    "timeline": _timeline,
    "embed": _embed,
    "note": _note,
    "audio": _audio,
    "document": _document,
}
"""The blocks an archive may hold, by name."""
