"""The names in a Stet archive: which record a link, a byline or a photo's name means, and whether that is there.

The rules:
 * A name means what it names in the language of the file that it stands in; photos and files have no language.
 * A name that leads nowhere is refused, with the file and line where it stands, once everything is read.

Nothing here touches disk, network, clock or Django.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from stet.intake import markdown, records
from stet.intake.errors import ArchiveFileError
from stet.intake.stet_files import Fields

_LINKED = {"article": "article", "topic": "topic", "page": "page", "section": "section"}
"""What a link in a text may lead to: the word before the colon → the beginning of the source id."""


@dataclass(slots=True, kw_only=True)
class Expected:
    """The names met so far that must lead somewhere in the end."""

    _names: list[tuple[str, str, int | None]] = field(default_factory=list)

    def add(self, source_id: str, file: str, line: int | None) -> None:
        """Note a name, and where it stands."""
        self._names.append((source_id, file, line))

    def check(self, archive: records.Archive) -> None:
        """Raise ArchiveFileError for the first name that leads nowhere."""
        groups: tuple[Iterable[records.Record], ...] = (
            archive.media, archive.people, archive.sections, archive.topics, archive.articles, archive.pages
        )  # fmt: skip
        known = {record.source_id for group in groups for record in group}
        for source_id, file, line in self._names:
            if source_id not in known:
                kind, *rest = source_id.split(":")
                what = "file" if kind == "media" else kind
                where = "" if kind == "media" else f" in the language {rest[0]}"
                raise ArchiveFileError(file, line, f"the {what} “{rest[-1]}” is not in the archive{where}.")


@dataclass(slots=True, kw_only=True)
class Where:
    """The language and file that something is read in; it turns names into source ids."""

    expected: Expected
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
        self.expected.add(source_id, self.file, line)
        return source_id
