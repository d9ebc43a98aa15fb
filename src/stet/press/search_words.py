"""Which words an article can be found by: its text as a set of numbers, one for each stem.

The rules:
 * A word is folded (case, forms of letters that keyboards differ in, marks above and below, digits), then cut to its
   stem where the language has a stemmer: English (Porter), Russian (Snowball), Persian (plurals that are written on).
   Any other language is folded only.
 * A stem's number is the CRC-32 of its UTF-8. Two stems of a newsroom rarely share one: of 60,000 stems about one in
   70,000 looked for is taken for another.
 * `stet.theme.search_script` does the same in a browser; tests hold the two together.
 * Only what is printed is read: words of links and marks, never their addresses.
"""

import re
import sys
import unicodedata
from array import array
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import chain
from typing import Any
from zlib import crc32

import snowballstemmer

from stet.press.rows import ArticleRow
from stet.theme.folding import FOLDED, GONE

LONGEST_LISTED = 140
MOST_KEPT = 400_000
"""Written words whose stems are kept in each process; one takes about 200 bytes."""

_MARKS = "".join(chr(c) for c in range(0x300, 0x10000) if unicodedata.category(chr(c)).startswith("M"))
_WORD = re.compile(rf"(?:[^\W_]|[{re.escape(_MARKS)}])+")
_GONE = re.compile(f"[{GONE}]")
_DIGITS = {0x660 + n: str(n) for n in range(10)} | {0x6F0 + n: str(n) for n in range(10)}
_FOLD = {ord(FOLDED[i]): FOLDED[i + 1] for i in range(0, len(FOLDED), 2)} | _DIGITS
_TAG = re.compile(r"<[^>]*>")
_ENGLISH, _RUSSIAN = re.compile(r"[a-z]{3,}"), re.compile(r"[а-я]+")
_PERSIAN_PLURAL = re.compile(r"^(..+)?(?:هایی|های|ها)$")
_porter, _russian = snowballstemmer.stemmer("porter"), snowballstemmer.stemmer("russian")


def folded(text: str) -> str:
    """Text as it is compared.

    >>> folded("Ёлка; كتاب۱۲")
    'елка; کتاب12'
    """
    return _GONE.sub("", unicodedata.normalize("NFKC", text).lower()).translate(_FOLD)


@lru_cache(maxsize=100_000)
def stem(word: str, language: str) -> str:
    """A folded word's stem; empty for a Persian plural's ending that stands alone.

    >>> [stem(word, "ru") for word in ("войны", "войне", "войной")]
    ['войн', 'войн', 'войн']
    """
    if language == "en" and _ENGLISH.fullmatch(word):
        return str(_porter.stemWord(word))
    if language == "ru" and _RUSSIAN.fullmatch(word):
        return str(_russian.stemWord(word))
    return _PERSIAN_PLURAL.sub(r"\1", word) if language == "fa" else word


def stems(text: str, language: str) -> list[str]:
    """The stems of a text, in order. A single letter is no word; a digit is."""
    words = _WORD.findall(folded(text))
    return [cut for word in words if (len(word) > 1 or word.isnumeric()) and (cut := stem(word, language))]


def number(stem: str) -> int:
    """A stem as 32 bits."""
    return crc32(stem.encode())


class _Kept(dict[str, tuple[int, ...]]):
    """What each written word of a language comes to: a newsroom has few words and many of each."""

    def __init__(self, language: str) -> None:
        self._language = language

    def __missing__(self, written: str) -> tuple[int, ...]:
        if len(self) >= MOST_KEPT:
            self.clear()
        made = self[written] = tuple(number(one) for one in stems(written, self._language))
        return made


@lru_cache
def _kept(language: str) -> _Kept:
    return _Kept(language)


def numbers(text: str, language: str) -> set[int]:
    """The numbers of a text's stems."""
    return set(chain.from_iterable(map(_kept(language).__getitem__, set(text.split()))))


@lru_cache(maxsize=20_000)
def name_numbers(name: str, language: str) -> frozenset[int]:
    """The numbers of a name that stands on many articles: a byline, a tag."""
    return frozenset(numbers(name, language))


def terms_of(row: ArticleRow) -> bytes:
    """What an article can be found by, as the memory keeps it: the count of stems in headlines, these, the others."""
    title = numbers(f"{row.headline} {row.short_headline}", row.language)
    text = " ".join((row.standfirst, *_texts(row)))
    body = numbers(_TAG.sub(" ", text).replace("&nbsp;", " ").replace("&amp;", "&"), row.language) - title
    packed = array("I", (len(title), *title, *body))
    if sys.byteorder == "big":
        packed.byteswap()
    return packed.tobytes()


def unpacked(terms: bytes) -> tuple["array[int]", "array[int]"]:
    """(the stems of the headlines, the others)."""
    packed = array("I")
    packed.frombytes(terms)
    if sys.byteorder == "big":
        packed.byteswap()
    return packed[1 : 1 + packed[0]], packed[1 + packed[0] :]


_FIELDS = ("title", "text", "attribution", "caption", "source", "transcript", "when", "site", "author", "data")
_LISTS = ("photos", "entries", "known", "unknown", "table")


def _texts(row: ArticleRow) -> Iterator[str]:
    for block in row.blocks():
        yield from _words_in(block.get("value"))
    yield from (text for _day, text in (*row.corrections, *row.updates))
    for entry in row.live.entries if row.live else ():
        yield from (entry.headline, entry.text, entry.correction)


def _words_in(value: Any) -> Iterator[str]:
    """The printed words of a stored block's value; other fields are numbers, addresses and choices."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        if value.get("type") == "item":
            yield from _words_in(value.get("value"))
            return
        for name in _FIELDS:
            yield from _cells(value.get(name))
        for name in _LISTS:
            if isinstance(listed := value.get(name), dict | list):
                yield from _words_in(listed)
    elif isinstance(value, list):
        for item in value:
            yield from _words_in(item)


def _cells(value: Any) -> Iterable[str]:
    if isinstance(value, str):
        return (value,)
    if isinstance(value, list):  # A table's rows.
        return (str(cell) for row in value if isinstance(row, list) for cell in row if cell is not None)
    return ()
