"""Small plots as SVG, drawn here: bars over weeks or months. No style stands in them, so that the page's policy holds.

Bars stretch with the page; words stand beside them as text, in the size of all other words.
A bar that is not told is drawn low and pale; what is told stands in the bar's title and in the table beside the plot.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from stet.office.moments import number

WIDTH, HEIGHT = 640, 120
UNTOLD_HEIGHT = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One bar: what it stands for, how high it is (None: not told), and its words."""

    name: str
    value: int | None
    words: str


def bars(rows: Sequence[Bar], *, label: str, words: Callable[[int], str] = number) -> SafeString:
    """The plot; nothing where there are no rows. `words` says how high the highest bar is."""
    if not rows:
        return SafeString("")
    highest = max(row.value or 0 for row in rows)
    step = WIDTH / len(rows)
    drawn = []
    for place, row in enumerate(rows):
        height = UNTOLD_HEIGHT if row.value is None else HEIGHT * row.value / (highest or 1)
        drawn.append(
            (
                "none" if row.value is None else "told",
                f"{place * step + step * 0.12:.1f}",
                f"{HEIGHT - height:.1f}",
                f"{step * 0.76:.1f}",
                f"{height:.1f}",
                row.words,
            )
        )
    shapes = format_html_join(
        "", '<rect class="{}" x="{}" y="{}" width="{}" height="{}"><title>{}</title></rect>', drawn
    )
    line = format_html('<line x1="0" x2="{}" y1="{}" y2="{}"/>', WIDTH, HEIGHT, HEIGHT)
    ends = format_html_join("", "<bdi>{}</bdi>", ((row.name,) for row in (rows[0], rows[-1])[: len(rows)]))
    return format_html(
        '<figure class="plot" dir="ltr"><p>{}</p><svg role="img" aria-label="{}" viewBox="0 0 {} {}" '
        'preserveAspectRatio="none">{}{}</svg><p class="ends">{}</p></figure>',
        words(highest), label, WIDTH, HEIGHT, line, shapes, ends,
    )  # fmt: skip
