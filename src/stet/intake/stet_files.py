"""The files of a Stet archive, read with a place for every complaint: TOML, front matter, fenced blocks.

The rules:
 * Whatever is wrong is said with the file's name and line, as it stands in an editor.
 * A field that nobody asked for is refused: it is a slip of the pen, and would be lost in silence.

It reads one file at a time and knows nothing of what the fields mean.
"""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from stet.intake.errors import ArchiveFileError

_TOML_PLACE = re.compile(r"\s*\(at (?:line (?P<line>\d+), column \d+|end of document)\)")
_FENCE = re.compile(r":::\s*(?P<name>[a-z_]+)")


@dataclass(slots=True, kw_only=True)
class Fields:
    """A TOML table that remembers where it stands and which of its fields were asked for."""

    values: dict[str, Any]
    file: str
    text: str
    first_line: int = 1
    _asked: set[str] = field(default_factory=set)

    def refuse(self, name: str | None, sentence: str) -> ArchiveFileError:
        """An error at the line of the field, to be raised."""
        return ArchiveFileError(self.file, self.line(name), sentence)

    def line(self, name: str | None) -> int:
        """Where a field stands; the first line of the table where it is missing."""
        if name is not None:
            for number, line in enumerate(self.text.split("\n")):
                if re.match(rf"\s*(?:\[+[\w.\"-]*\b)?{re.escape(name)}\b\"?\s*[=\]]", line):
                    return self.first_line + number
        return self.first_line

    def get(self, name: str) -> Any:
        """The value as TOML has it, None where the field is missing."""
        self._asked.add(name)
        return self.values.get(name)

    def string(self, name: str, *, required: bool = False) -> str:
        """A text, without white space around it; empty where the field is missing."""
        value = self.get(name)
        if value is None or value == "":
            if required:
                raise self.refuse(name, f'“{name}” is missing. Write {name} = "…".')
            return ""
        if not isinstance(value, str):
            raise self.refuse(name, f"“{name}” must be a text in quotation marks.")
        return value.strip()

    def one_of(self, name: str, choices: tuple[str, ...], *, default: str) -> str:
        """One of a few words."""
        value = self.string(name) or default
        if value not in choices:
            raise self.refuse(name, f"“{name}” must be one of {', '.join(choices)}.")
        return value

    def strings(self, name: str) -> tuple[str, ...]:
        """A list of texts; empty where the field is missing."""
        value = self.get(name)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self.refuse(name, f"“{name}” must be a list of texts in quotation marks.")
        return tuple(item.strip() for item in value)

    def flag(self, name: str) -> bool:
        """True or false; false where the field is missing."""
        value = self.get(name)
        if not isinstance(value, bool | None):
            raise self.refuse(name, f"“{name}” must be true or false.")
        return bool(value)

    def moment(self, name: str) -> datetime | None:
        """An aware UTC moment."""
        value = self.get(name)
        if value is None:
            return None
        if not isinstance(value, datetime) or value.tzinfo is None:
            raise self.refuse(name, f"“{name}” must be a moment with its zone, such as 2026-11-19T06:30:00Z.")
        return value.astimezone(UTC)

    def day(self, name: str, *, required: bool = False) -> date | None:
        """A calendar day."""
        value = self.get(name)
        if value is None and not required:
            return None
        if isinstance(value, datetime) or not isinstance(value, date):
            raise self.refuse(name, f"“{name}” must be a day, such as 2026-10-02.")
        return value

    def table(self, name: str) -> "Fields | None":
        """A table below this one."""
        value = self.get(name)
        if value is None:
            return None
        if not isinstance(value, dict):
            raise self.refuse(name, f"“{name}” must be a table of fields.")
        return self._below(value)

    def tables(self, name: str) -> tuple["Fields", ...]:
        """An array of tables below this one."""
        value = self.get(name)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise self.refuse(name, f"“{name}” must be a list of tables.")
        return tuple(self._below(item) for item in value)

    def _below(self, values: dict[str, Any]) -> "Fields":
        return Fields(values=values, file=self.file, text=self.text, first_line=self.first_line)

    def close(self) -> None:
        """Refuse a field that was never asked for."""
        for name in self.values:
            if name not in self._asked:
                near = get_close_matches(name, self._asked, n=1)
                hint = f" Is it “{near[0]}”?" if near else " Take it out, or see the reference of the archive."
                raise self.refuse(name, f"the field “{name}” is not known here.{hint}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A piece of a body: plain text, or a fenced block with its fields."""

    kind: str
    """"text", or the name of the block."""
    text: str
    line: int
    fields: Fields | None = None


def read_toml(path: Path, *, name: str) -> Fields:
    """A whole TOML file; `name` is how the file is called in complaints."""
    text = read_text(path, name=name)
    return _parse(text, file=name, first_line=1)


def read_document(path: Path, *, name: str) -> tuple[Fields, tuple[Piece, ...]]:
    """A file of front matter between `+++` lines, and the body below it."""
    lines = read_text(path, name=name).split("\n")
    if lines[0].strip() != "+++":
        raise ArchiveFileError(name, 1, "the file must begin with a line of +++ and its fields below.")
    end = next((number for number, line in enumerate(lines[1:], start=1) if line.strip() == "+++"), None)
    if end is None:
        raise ArchiveFileError(name, 1, "the fields are not closed. End them with a line of +++.")
    front = _parse("\n".join(lines[1:end]), file=name, first_line=2)
    return front, tuple(_pieces(lines[end + 1 :], file=name, first_line=end + 2))


def read_text(path: Path, *, name: str) -> str:
    """A UTF-8 file with its lines ended by a line feed alone."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise ArchiveFileError(name, None, f"the file cannot be read ({error.strerror}).") from error
    try:
        return raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise ArchiveFileError(name, line, "this is not UTF-8. Save the file as UTF-8.") from error


def _parse(text: str, *, file: str, first_line: int) -> Fields:
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = _TOML_PLACE.search(str(error))
        within = int(place["line"]) if place and place["line"] else text.count("\n") + 1
        sentence = _TOML_PLACE.sub("", str(error))
        raise ArchiveFileError(file, first_line + within - 1, f"this is not TOML: {sentence}.") from error
    return Fields(values=values, file=file, text=text, first_line=first_line)


def _pieces(lines: list[str], *, file: str, first_line: int) -> Iterator[Piece]:
    start = 0
    number = 0
    while number < len(lines):
        if not lines[number].startswith(":::"):
            number += 1
            continue
        yield from _text_piece(lines, start, number, first_line=first_line)
        match = _FENCE.fullmatch(lines[number].strip())
        if match is None:
            raise ArchiveFileError(
                file, first_line + number, "a block begins with ::: and its name, such as ::: photo."
            )
        end = next((at for at in range(number + 1, len(lines)) if lines[at].strip() == ":::"), None)
        if end is None:
            sentence = f"the block “{match['name']}” is not closed. End it with a line of :::."
            raise ArchiveFileError(file, first_line + number, sentence)
        inner = "\n".join(lines[number + 1 : end])
        fields = _parse(inner, file=file, first_line=first_line + number + 1)
        yield Piece(kind=match["name"], text=inner, line=first_line + number, fields=fields)
        number = start = end + 1
    yield from _text_piece(lines, start, len(lines), first_line=first_line)


def _text_piece(lines: list[str], start: int, end: int, *, first_line: int) -> Iterator[Piece]:
    text = "\n".join(lines[start:end])
    if text.strip():
        yield Piece(kind="text", text=text, line=first_line + start)
