"""An address as a QR code that stands in the page: black on white by day and in the dark, for cameras and for paper.

The rules:
 * It is at most 1,536 bytes. Where an address is too long, less of the code may be spoilt (15 % of it, then 7 %); then
   the scheme and host are written in capitals, which take less room and mean the same. What is still too long has none.
 * Four white squares stand around it, as ISO/IEC 18004 asks.
"""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from urllib.parse import urlsplit

import segno
from markupsafe import Markup

MOST_BYTES = 1_536
BORDER = 4


@lru_cache(maxsize=64)
def qr_code(url: str, label: str = "") -> Markup:
    """An address's code as SVG, with what it is called for whoever doesn't see it; nothing where it is too long."""
    drawn = (_svg(code, label) for code in _codes(url))
    return next((svg for svg in drawn if len(svg.encode()) <= MOST_BYTES), Markup())


def _codes(url: str) -> Iterator[segno.QRCode]:
    for text in (url, _in_capitals(url)):
        for error in ("m", "l"):
            yield segno.make(text, error=error, micro=False, boost_error=False)


def _in_capitals(url: str) -> str:
    """The same address in capitals, as far as they mean the same (RFC 3986, 6.2.2.1)."""
    parts = urlsplit(url)
    return url.upper() if parts.path in ("", "/") and not parts.query else url


def _svg(code: segno.QRCode, label: str) -> Markup:
    side = len(code.matrix) + 2 * BORDER
    return Markup(
        '<svg class="qr" viewBox="-{3} -{3}.5 {0} {0}" role="img" aria-label="{1}">'
        '<path fill="#fff" d="M-9-9H99V99H-9"/><path stroke="#000" d="{2}"/></svg>'
    ).format(side, label, "".join(_lines(code.matrix)), BORDER)


def _lines(matrix: Iterable[bytearray]) -> Iterator[str]:
    """The dark squares row by row, each run of them as a line one square wide."""
    for y, row in enumerate(matrix):
        end = None
        for x, length in _runs(row):
            yield f"M{x} {y}h{length}" if end is None else f"m{x - end} 0h{length}"
            end = x + length


def _runs(row: bytearray) -> Iterator[tuple[int, int]]:
    """(where it begins, how long it is) for each run of dark squares."""
    x = 0
    while x < len(row):
        length = 0
        while x + length < len(row) and row[x + length]:
            length += 1
        if length:
            yield x, length
        x += max(length, 1)
