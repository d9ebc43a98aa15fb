"""Rival numbers as a small picture: a line from the lowest to the highest, a dot at the number, one row for each claim.

The rules:
 * It is drawn when the page is printed, in the page, and asks nobody for anything. Its colours are the page's, so it
   follows the reader into the dark.
 * Rows are numbered as in the table beside it, which says the same in words; the picture's title and description say
   what it shows to whoever doesn't see it. A pointer over a row is told its day and its source.
 * A claim that no longer stands is not drawn, as it is in no range. Of several units, the one that most claims have.
 * The smallest number stands where a line of the language begins.
"""

from collections import Counter
from decimal import Decimal

from markupsafe import Markup

from stet.theme import formats
from stet.theme.claims import chain_text, figure, range_words, value_words
from stet.theme.copy import ClaimNote, ClaimRange, ClaimValue, Question
from stet.theme.words import load_words

WIDTH, ROW, LEFT, RIGHT = 640, 30, 56, 20
FOOT = 34
"""Below the rows: the line of the scale and its two numbers."""


def plot(page: Question, *, language: str) -> Markup:
    """The picture for the claims of a question's page; nothing where fewer than two have a number of one unit."""
    rows = _rows(page)
    if len(rows) < 2:
        return Markup()
    values = [number for _number, value in rows for number in _known(value)]
    low, high = min(values), max(values)
    is_rtl = page.site.language.direction == "rtl"
    scale = _Scale(low, high, is_rtl=is_rtl)
    height = len(rows) * ROW + FOOT
    told = {n: _told(note, language) for n, note in enumerate(page.claims, page.first)}
    parts = [_row(index, number, value, scale, language, told[number]) for index, (number, value) in enumerate(rows)]
    spanned = ClaimRange(unit=rows[0][1].unit, low=low, high=high, claims=len(rows))
    _ = load_words(language).gettext
    title = _("Claims compared")
    text = _("Each row is a claim, numbered as in the table below. They span %(range)s.")
    described = text % {"range": range_words(spanned, language=language)}
    return Markup(
        '<svg class="plot" viewBox="0 0 {} {}" role="img" aria-labelledby="plot-t plot-d"><title id="plot-t">{}</title>'
        '<desc id="plot-d">{}</desc>{}{}</svg>'
    ).format(WIDTH, height, title, described, Markup().join(parts), _axis(len(rows) * ROW, low, high, scale, language))


def _rows(page: Question) -> list[tuple[int, ClaimValue]]:
    """(the claim's number, its value) for each claim that is drawn."""
    numbered = [(n, note) for n, note in enumerate(page.claims, page.first) if note.stands and _has_number(note)]
    if not numbered:
        return []
    values = [(n, note.value) for n, note in numbered if note.value is not None]
    unit = Counter(value.unit for _n, value in values).most_common(1)[0][0]
    return [(n, value) for n, value in values if value.unit == unit]


def _has_number(note: ClaimNote) -> bool:
    return note.value is not None and bool(_known(note.value))


def _known(value: ClaimValue) -> list[Decimal]:
    return [number for number in (value.low, value.best, value.high) if number is not None]


class _Scale:
    """From a number to its place."""

    def __init__(self, low: Decimal, high: Decimal, *, is_rtl: bool) -> None:
        self._low, self._span = low, (high - low) or Decimal(1)
        self.is_rtl = is_rtl

    def at(self, number: Decimal) -> str:
        """The place of a number, from the side on which lines begin."""
        share = float((number - self._low) / self._span)
        return self.mirrored(LEFT + share * (WIDTH - LEFT - RIGHT))

    def mirrored(self, place: float) -> str:
        """A place counted from the side on which lines begin."""
        return f"{WIDTH - place if self.is_rtl else place:.1f}".removesuffix(".0")


def _told(note: ClaimNote, language: str) -> str:
    """What a pointer over a row is told: the day, who says so, the number."""
    day = formats.short_day(note.as_of, language=language) if note.as_of else ""
    who = chain_text(note.chain[:1], language=language)
    return " · ".join(filter(None, (day, who, value_words(note.value, language=language))))


def _row(index: int, number: int, value: ClaimValue, scale: _Scale, language: str, told: str) -> Markup:
    middle = index * ROW + ROW // 2
    known = _known(value)
    label = Markup('<text x="{}" y="{}" text-anchor="start">{}</text>').format(
        scale.mirrored(4), middle + 6, figure(Decimal(number), language=language)
    )
    line = Markup('<path d="M{} {}H{}"/>').format(scale.at(min(known)), middle, scale.at(max(known)))
    dot = (
        Markup('<circle cx="{}" cy="{}" r="5"/>').format(scale.at(value.best), middle) if value.best is not None else ""
    )
    return Markup("<g><title>{}</title>{}</g>").format(told, label + line + dot)


def _axis(top: int, low: Decimal, high: Decimal, scale: _Scale, language: str) -> Markup:
    ends = Markup('<path class="axis" d="M{} {}H{}"/>').format(scale.at(low), top + 3, scale.at(high))
    first = Markup('<text x="{}" y="{}" text-anchor="start">{}</text>').format(
        scale.at(low), top + 27, figure(low, language=language)
    )
    last = Markup('<text x="{}" y="{}" text-anchor="end">{}</text>').format(
        scale.at(high), top + 27, figure(high, language=language)
    )
    return ends + (first + last if high != low else first)
