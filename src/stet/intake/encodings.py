"""Which encoding a file is really in, whatever it says of itself.

The rules:
 * A byte order mark decides. After it, what decodes as UTF-8 is UTF-8: text in other encodings practically never does.
 * Then what the file declares, where that decodes.
 * Then a guess among the single-byte encodings that old sites were kept in: Windows-1251, KOI8-R, Windows-1252.
 * Whatever differs from the declaration is said.

It reads the file once, in chunks, and holds none of it.
"""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_CHUNK_BYTES = 1 << 16
_SAMPLE_BYTES = 1 << 20
_DECLARATION = re.compile(rb"<\?xml[^>]*?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"<\x00", "utf-16-le"),
    (b"\x00<", "utf-16-be"),
)
_CYRILLIC = ("cp1251", "koi8-r")
_NAMES = {"cp1251": "Windows-1251", "koi8-r": "KOI8-R", "cp1252": "Windows-1252"}
_WESTERN = "cp1252"
"""Windows-1252 holds all letters of Latin-1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Encoding:
    """How to decode a file, and what there is to say about it."""

    codec: str
    errors: str = "strict"
    note: str = ""


def find_encoding(path: Path) -> Encoding:
    """The encoding of an XML file."""
    with path.open("rb") as opened:
        head = opened.read(_CHUNK_BYTES)
    for mark, codec in _MARKS:
        if head.startswith(mark):
            return Encoding(codec=codec, errors="replace")
    declared = _declared(head)
    damage = _utf8_damage(path)
    if damage is None:
        is_told = declared in ("utf-8", "ascii") or head.isascii()
        note = "" if is_told else f"The file says that it is in {declared} and is in UTF-8: it was read as UTF-8."
        return Encoding(codec="utf-8", note=note)
    if declared != "utf-8" and _decodes(path, declared):
        return Encoding(codec=declared)
    if damage.is_slight:
        note = f"{damage.bad} places in the file that are not UTF-8 were read as “\N{REPLACEMENT CHARACTER}”."
        return Encoding(codec="utf-8", errors="replace", note=note)
    guess = _guess(damage.sample)
    note = f"The file says that it is in {declared.upper()} and is not: it was read as {_NAMES[guess]}."
    return Encoding(codec=guess, errors="replace", note=note)


def decoded(path: Path, encoding: Encoding) -> Iterator[str]:
    """The file's text, in chunks."""
    decoder = codecs.getincrementaldecoder(encoding.codec)(encoding.errors)
    for chunk in _chunks(path):
        yield decoder.decode(chunk)
    yield decoder.decode(b"", final=True)


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as opened:
        while chunk := opened.read(_CHUNK_BYTES):
            yield chunk


def _declared(head: bytes) -> str:
    match = _DECLARATION.match(head.lstrip()[:400])
    try:
        return codecs.lookup(match[1].decode("ascii")).name if match else "utf-8"
    except LookupError:
        return "utf-8"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Damage:
    """How much of a file is not UTF-8."""

    bad: int
    good: int
    sample: bytes

    @property
    def is_slight(self) -> bool:
        """Whether it is UTF-8 all the same, with a few broken places."""
        return self.good > 10 * self.bad or (self.bad == 1 and self.good > 0)


def _utf8_damage(path: Path) -> _Damage | None:
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    bad = good = 0
    sample = bytearray()
    for chunk in _chunks(path):
        text = decoder.decode(chunk)
        bad_here = text.count("\N{REPLACEMENT CHARACTER}") - chunk.count(b"\xef\xbf\xbd")
        bad += max(0, bad_here)
        good += sum(map(len, re.findall(r"[^\x00-\x7f\ufffd]+", text)))
        if len(sample) < _SAMPLE_BYTES:
            sample += b"".join(re.findall(rb"[\x80-\xff]+ ?", chunk))
    bad += len(decoder.decode(b"", final=True))
    return _Damage(bad=bad, good=good, sample=bytes(sample)) if bad else None


def _decodes(path: Path, codec: str) -> bool:
    try:
        for _text in decoded(path, Encoding(codec=codec)):
            pass
    except UnicodeError:
        return False
    return True


def _guess(sample: bytes) -> str:
    """Cyrillic stands in runs of high bytes and mostly in lower case; Western letters stand alone."""
    runs = re.findall(rb"[\x80-\xff]+", sample)
    if not runs or sum(map(len, runs)) / len(runs) < 2:
        return _WESTERN
    return max(_CYRILLIC, key=lambda codec: _lower_cyrillic(sample.decode(codec, "replace")))


def _lower_cyrillic(text: str) -> int:
    return sum("а" <= letter <= "я" or letter == "ё" for letter in text)
