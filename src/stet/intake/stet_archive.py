"""Stet's own archive becomes records: the format is told in `docs/reference/stet-archive.md`.

The rules:
 * An archive is read whole before anything of it is placed; what is wrong in it stops the reading, with file and line.
 * Files of one thing in several languages make one record for each language, joined by a key.
 * A name that leads nowhere (a byline, a photo, a topic, a link) is refused: an archive of ours is complete.

It reads files and touches neither the database nor the clock.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, cast

from stet.intake import markdown, records
from stet.intake.errors import ArchiveError
from stet.intake.media_folder import is_photo_name
from stet.intake.stet_blocks import timeline_entry
from stet.intake.stet_documents import article_of, page_of
from stet.intake.stet_files import Fields, Piece, read_document, read_toml
from stet.intake.stet_names import Expected, Where


def read_archive(folder: Path) -> records.Archive:
    """Everything in the folder, checked.

    Raises ArchiveError where the folder is no archive, ArchiveFileError where something in it is wrong.
    """
    if not (folder / "paper.toml").is_file():
        raise ArchiveError(f"{folder} holds no Stet archive: there is no paper.toml in it. Name the archive's folder.")
    return _Reading(folder=folder).archive()


@dataclass(slots=True, kw_only=True)
class _Reading:
    """One reading of an archive: the folder, and the names met that must lead somewhere in the end."""

    folder: Path
    expected: Expected = field(default_factory=Expected)

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
        self.expected.check(archive)
        return archive

    # --- The paper ---

    def _paper(self) -> tuple[tuple[records.Front, ...], tuple[records.Section, ...]]:
        fronts: list[records.Front] = []
        sections: list[records.Section] = []
        for language, fields in self._languages(
            self.folder / "paper.toml", shared=("base_url", "time_zone", "colours")
        ):
            where = self._where(language, fields)
            sections += self._sections(fields, where)
            fronts.append(self._front(fields, where))
        return tuple(fronts), tuple(sections)

    def _front(self, fields: Fields, where: Where) -> records.Front:
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

    def _sections(self, fields: Fields, where: Where) -> Iterator[records.Section]:
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
        for slug, shared, fields, where in self._shared_files("people", languages, shared=("kind", "photo")):
            yield records.Person(
                source_id=f"person:{where.language}:{slug}",
                key=slug,
                language=where.language,
                slug=slug,
                kind=cast(Any, shared.one_of("kind", ("name", "pen_name", "withheld"), default="name")),
                photo=where.media(shared, "photo"),
                name=fields.string("name", required=True),
                role=fields.string("role"),
                bio=where.html(fields.string("bio")),
                contact=fields.string("contact"),
            )
            fields.close()

    def _topics(self, languages: tuple[str, ...]) -> Iterator[records.Topic]:
        for slug, shared, fields, where in self._shared_files("topics", languages, shared=("photo",)):
            yield records.Topic(
                source_id=f"topic:{where.language}:{slug}",
                key=slug,
                language=where.language,
                slug=slug,
                title=fields.string("title", required=True),
                summary=where.html(fields.string("summary")),
                photo=where.media(shared, "photo"),
                key_facts=tuple(where.line_html(fact) for fact in fields.strings("key_facts")),
                timeline=tuple(timeline_entry(entry, where) for entry in fields.tables("timeline")),
            )
            fields.close()

    def _shared_files(
        self, kind: str, languages: tuple[str, ...], *, shared: tuple[str, ...]
    ) -> Iterator[tuple[str, Fields, Fields, Where]]:
        """(slug, what the languages of a file share, the words of one, where they stand)."""
        for path in _own_files(self.folder / kind):
            for language, fields in self._languages(path, shared=shared, languages=languages):
                yield path.stem, read_toml(path, name=self._name(path)), fields, self._where(language, fields)

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

    def _documents(
        self, kind: str, languages: tuple[str, ...]
    ) -> Iterator[tuple[str, Fields, tuple[Piece, ...], Where]]:
        """(slug, fields, body, where they stand) of every document of a kind."""
        for language in languages:
            for path in sorted((self.folder / kind / language).glob("*.md")):
                fields, pieces = read_document(path, name=self._name(path))
                yield path.stem, fields, pieces, self._where(language, fields)

    def _articles(self, languages: tuple[str, ...]) -> Iterator[records.Article]:
        for slug, fields, pieces, where in self._documents("articles", languages):
            yield article_of(fields, pieces, where, slug=slug)

    def _pages(self, languages: tuple[str, ...]) -> Iterator[records.Page]:
        for slug, fields, pieces, where in self._documents("pages", languages):
            yield page_of(fields, pieces, where, slug=slug)

    # --- Where something stands ---

    def _where(self, language: str, fields: Fields) -> Where:
        return Where(expected=self.expected, language=language, file=fields.file)

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
