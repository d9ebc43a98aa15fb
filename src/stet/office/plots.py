"""Small plots as SVG, drawn here: bars over weeks. No style stands in them, so that the page's policy holds.

A bar that is not told is drawn low and pale; what is told stands in the bar's title and in the table beside the plot.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

WIDTH, HEIGHT, FOOT, HEAD = 640, 160, 22, 18
UNTOLD_HEIGHT = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One bar: what it stands for, how high it is (None: not told), and its words."""

    name: str
    value: int | None
    words: str


def bars(rows: Sequence[Bar], *, label: str) -> SafeString:
    """The plot; nothing where there are no rows."""
    if not rows:
        return SafeString("")
    highest = max((row.value or 0 for row in rows), default=0) or 1
    step = WIDTH / len(rows)
    room = HEIGHT - FOOT - HEAD
    drawn = []
    for place, row in enumerate(rows):
        height = UNTOLD_HEIGHT if row.value is None else max(1.0, room * row.value / highest)
        drawn.append(
            (
                "none" if row.value is None else "told",
                f"{place * step + step * 0.12:.1f}",
                f"{HEIGHT - FOOT - height:.1f}",
                f"{step * 0.76:.1f}",
                f"{height:.1f}",
                row.words,
            )
        )
    shapes = format_html_join(
        "", '<rect class="{}" x="{}" y="{}" width="{}" height="{}"><title>{}</title></rect>', drawn
    )
    ends = [(0, "start", rows[0].name)] + ([(WIDTH, "end", rows[-1].name)] if len(rows) > 1 else [])
    feet = ((x, HEIGHT - 6, anchor, name) for x, anchor, name in ends)
    names = format_html_join("", '<text x="{}" y="{}" text-anchor="{}">{}</text>', feet)
    top = format_html('<text x="0" y="12">{}</text>', f"{highest:,}")
    line = format_html('<line x1="0" x2="{}" y1="{}" y2="{}"/>', WIDTH, HEIGHT - FOOT, HEIGHT - FOOT)
    return format_html(
        '<svg class="plot" role="img" aria-label="{}" viewBox="0 0 {} {}" direction="ltr">{}{}{}{}</svg>',
        label, WIDTH, HEIGHT, line, shapes, names, top,
    )  # fmt: skip
