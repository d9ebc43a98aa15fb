"""Quotes, dashes and spaces as a language prints them, as edits to a paragraph that somebody has to agree to.

The rules:
 * Quotes open and close as their language writes them, inner ones too. One that may do either stays as it is.
 * Russian, Ukrainian and Belarusian: a dash between words is long, and no line begins with it; a short word, an
   initial, a number and its unit stay with what follows them.
 * Three dots are one sign; a row of blanks is one blank.
 * Addresses of the web and of mail, and whatever the caller names as frozen, keep every character.
 * A zero-width non-joiner is a letter's shape in Persian: it is never touched.
 * Mended text has nothing left to mend: mend(mend(x)) == mend(x).

A language that is not named here gets the rules that hold everywhere: dots and blanks.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from stet.kit.languages import primary

NBSP = "\u00a0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """Characters from `start` to `end` of a paragraph, and what stands there instead."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """The quotation marks of a language (CLDR 45, delimiters)."""

    outer: tuple[str, str]
    inner: tuple[str, str]


_RUSSIAN = Marks(outer=("«", "»"), inner=("„", "“"))
_ENGLISH = Marks(outer=("“", "”"), inner=("‘", "’"))
_GERMAN = Marks(outer=("„", "“"), inner=("‚", "‘"))
QUOTES = {
    "ru": _RUSSIAN, "uk": _RUSSIAN, "be": _RUSSIAN, "en": _ENGLISH, "tr": _ENGLISH, "de": _GERMAN,
    "fa": Marks(outer=("«", "»"), inner=("‹", "›")), "es": Marks(outer=("«", "»"), inner=("“", "”")),
}  # fmt: skip
CYRILLIC = frozenset({"ru", "uk", "be"})
"""Languages that keep short words with the next one, and whose dash is long."""

_ADDRESS = re.compile(
    r"(?:https?://|www\.)[^\s\"'«»“”„‟‘’‚‹›<>]+|(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.IGNORECASE
)
_DOTS = re.compile(r"(?<!\.)\.{3}(?!\.)")
_BLANKS = re.compile(r"(?<=\S) {2,}(?=\S)")
_SHORT = (
    "а|без|в|во|для|до|за|и|из|изо|или|к|как|ко|на|над|не|ни|но|о|об|обо|от|ото|по|под|при|про|с|со|у|что|я"
    "|в|від|до|є|з|зі|і|й|на|не|ні|та|у|це|як|аб|ад|да|ды|з|і|ў|ці"
)
_AFTER_SHORT = re.compile(rf"(?<![\w-])(?:{_SHORT})( +)(?=[^\s–—-])", re.IGNORECASE)
_BEFORE_PARTICLE = re.compile(r"(?<=\w)( +)(?=(?:б|бы|ж|же|ли|ль)(?![\w-]))", re.IGNORECASE)
_INITIAL = re.compile(r"(?<!\w)[^\W\d_]\.( +)(?=[^\W\d_])")
_ABBREVIATED = re.compile(r"(?<!\w)т\.( +)(?=[дпке]\.)")
_SIGN = re.compile(r"[№§]( +)(?=\d)")
_GROUP = re.compile(r"(?<!\d )(?<![\w.,])\d{1,3}(?: \d{3})+(?![\d\w])")
_CYRILLIC_UNITS = (
    "руб|коп|тыс|млн|млрд|трлн|кг|мг|км|см|мм|га|кв|куб|кВт|МВт|ГВт|кВ|чел|лет|год|года|году|годов|век|века|гг|вв|мин|сек|час|часа|часов"
    "|м|г|т|л|в|ч|с|грн|гривен|рублей|рубля|рубль|долларов|евро"
)
_LATIN_UNITS = "kg|mg|km|cm|mm|kW|MW|GW|kV|ha|m|g|million|billion|trillion|per cent|percent|pm|am|p\\.m|a\\.m"
_SIGNS = "[%‰₽₴€$£°]"
_LONG_DASH = re.compile(rf"(?<=[^\s{NBSP}])[ {NBSP}]+(?:-{{1,3}}|[–—])[ {NBSP}]+(?=\S)")
_SPEECH = re.compile(rf"^(?:-{{1,3}}|–)[ {NBSP}]+(?=\S)")
_SPACED_DASH = re.compile(r"(?<=\S) +-{1,2} +(?=\S)")
_APOSTROPHE = re.compile(r"(?<=[^\W\d_])'(?=[^\W_])|(?<=[^\W_])'(?=[^\W\d_])|'(?=(?:\d0s|em|tis|twas|til|n')(?!\w))")


def _units(words: str) -> re.Pattern[str]:
    return re.compile(rf"(?<=\d)( +)(?={_SIGNS}|(?:{words})(?!\w))")


_UNITS = {"cyrillic": _units(_CYRILLIC_UNITS), "latin": _units(_LATIN_UNITS)}


def mend(text: str, language: str, *, frozen: Iterable[tuple[int, int]] = ()) -> str:
    r"""A paragraph with every edit made.

    >>> mend('Он сказал: "Фильм "Дамба" - не о воде".', "ru").replace(NBSP, "_")
    'Он сказал: «Фильм „Дамба“_— не_о_воде».'
    >>> mend('"It\'s a "dam", not a wall..."', "en")
    '“It’s a ‘dam’, not a wall…”'
    """
    for edit in reversed(edits(text, language, frozen=frozen)):
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text


def edits(text: str, language: str, *, frozen: Iterable[tuple[int, int]] = ()) -> tuple[Edit, ...]:
    """What there is to mend in a paragraph, in order. No edit touches a range of `frozen` (start and end of each)."""
    code = primary(language)
    kept = bytearray(len(text))
    for start, end in (*frozen, *(found.span() for found in _ADDRESS.finditer(text))):
        _keep(kept, start, end)
    taken: list[Edit] = []
    for edit in (*_quotes(text, code, bytes(kept)), *_rest(text, code)):
        if not any(kept[edit.start : edit.end]):
            _keep(kept, edit.start, edit.end)
            taken.append(edit)
    return tuple(sorted((e for e in taken if text[e.start : e.end] != e.text), key=lambda edit: edit.start))


def _keep(kept: bytearray, start: int, end: int) -> None:
    start, end = min(max(start, 0), len(kept)), min(max(end, 0), len(kept))
    kept[start:end] = b"\1" * (end - start)


def _rest(text: str, code: str) -> Iterator[Edit]:
    """Dashes before spaces before dots: what comes first keeps its place."""
    if code in CYRILLIC:
        yield from _each(_LONG_DASH, text, f"{NBSP}— ")
        yield from _each(_SPEECH, text, f"—{NBSP}")
        for rule in (_AFTER_SHORT, _BEFORE_PARTICLE, _INITIAL, _ABBREVIATED, _SIGN, _UNITS["cyrillic"]):
            yield from _each(rule, text, NBSP, group=1)
        yield from _groups(text)
    else:
        yield from _each(_SPACED_DASH, text, " – ")
        if code == "en":
            yield from _each(_APOSTROPHE, text, "’")
            yield from _single_quotes(text)
            yield from _each(_INITIAL, text, NBSP, group=1)
            yield from _each(_UNITS["latin"], text, NBSP, group=1)
    yield from _each(_DOTS, text, "…")
    yield from _each(_BLANKS, text, " ")


def _each(rule: re.Pattern[str], text: str, instead: str, *, group: int = 0) -> Iterator[Edit]:
    for found in rule.finditer(text):
        yield Edit(start=found.start(group), end=found.end(group), text=instead)


def _groups(text: str) -> Iterator[Edit]:
    """The blanks inside 1 250 000."""
    for found in _GROUP.finditer(text):
        for place in range(found.start(), found.end()):
            if text[place] == " ":
                yield Edit(start=place, end=place + 1, text=NBSP)


# --- Quotes ---

_STRAIGHT = '"'
_ANY = frozenset('"«»“”„‟')
_BEFORE_OPENING = frozenset("([{<—–-/")


def _quotes(text: str, code: str, kept: bytes) -> Iterator[Edit]:
    marks = QUOTES.get(code)
    if marks is None:
        return
    depth, opened_at = 0, -2
    for place, sign in enumerate(text):
        if sign not in _ANY or kept[place]:
            continue
        is_after = opened_at == place - 1 or (place > 0 and text[place - 1] == marks.inner[0])
        way = _way(text, place, depth, marks, is_after_opening=is_after)
        if way == "opens":
            depth, opened_at = depth + 1, place
            yield Edit(start=place, end=place + 1, text=(marks.outer if depth == 1 else marks.inner)[0])
        elif way == "closes" and depth:
            yield Edit(start=place, end=place + 1, text=(marks.outer if depth == 1 else marks.inner)[1])
            depth -= 1


def _way(text: str, place: int, depth: int, marks: Marks, *, is_after_opening: bool) -> str:
    """Whether the sign there "opens" or "closes"; "" where nobody can tell."""
    before, after = text[place - 1 : place] if place else "", text[place + 1 : place + 2]
    is_begun = not before or before.isspace() or before in _BEFORE_OPENING or is_after_opening
    may_open, may_close = bool(after) and not after.isspace(), bool(before) and not before.isspace()
    sign = text[place]
    if sign in _openers(marks):
        return "opens" if may_open else ""
    if sign in _closers(marks):
        return "closes" if not is_begun else ""
    if is_begun and may_open:
        return "opens"
    if not may_close or (is_begun and not may_open):
        return ""
    if sign == _STRAIGHT and before.isdigit() and not depth:
        return ""  # inches
    return "opens" if after.isalnum() and not depth else "closes"


def _openers(marks: Marks) -> set[str]:
    return ({"«", "„", "‟", marks.outer[0], marks.inner[0]} - {marks.outer[1], marks.inner[1]}) & _ANY


def _closers(marks: Marks) -> set[str]:
    """“ closes in Russian and opens in English: where it is no opener of the language, its place decides."""
    return ({"»", marks.outer[1], marks.inner[1]} - {marks.outer[0], marks.inner[0]} - {"“", "”"}) | (
        {"”"} if "“" in _openers(marks) else set()
    )


def _single_quotes(text: str) -> Iterator[Edit]:
    """What is left of straight single quotes in English; feet and minutes stay."""
    for place, sign in enumerate(text):
        if sign != "'":
            continue
        before, after = text[place - 1 : place] if place else "", text[place + 1 : place + 2]
        if (not before or before.isspace() or before in '([{“"—–') and after.isalnum():
            yield Edit(start=place, end=place + 1, text="‘")
        elif before and not before.isspace() and not before.isdigit():
            yield Edit(start=place, end=place + 1, text="’")
