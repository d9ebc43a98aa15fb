"""Whether a page arrives through a throttled connection: its weight in brotli against the paper's budget.

Compressing takes milliseconds and most pages are far below the budget, so it is done only where it can matter.
"""

import brotli
from msgspec.structs import replace

from stet.theme import copy, pictures
from stet.theme.setting import Theme

TEXT_SHARE = 0.45
"""Markup and words in brotli, of their plain size: measured 0.27 to 0.42 in English, Russian and Persian pages."""
SIGNATURE_BYTES = 260
"""What a page's own signature adds: key, digest and site are incompressible."""
EMBEDDED_SHARE = 0.77
"""Embedded pictures: base64 back to bytes is 0.75, and they compress no further."""


def set_within(budget_bytes: int, page: copy.Page, theme: Theme) -> bytes:
    """Set a page; where it is over the budget, with the smaller of its inlined pictures, a topic in the end without.

    Elsewhere a picture stays in the page: a phone would ask for its file, and a throttled connection hangs on that.
    """
    html = theme.set_page(page)
    if is_within(html, budget_bytes):
        return html
    lighter = pictures.lighter(page)
    if lighter is not None:
        html = theme.set_page(lighter)
    if isinstance(page, copy.Topic) and not is_within(html, budget_bytes):
        html = theme.set_page(replace(page, photo=None))
    return html


def is_within(html: bytes, budget_bytes: int) -> bool:
    """Whether a page's weight in brotli, at the quality it is served with, is within the budget, once it is signed."""
    budget_bytes -= SIGNATURE_BYTES
    if _at_most(html) <= budget_bytes:
        return True
    return (
        len(brotli.compress(html, quality=5)) <= budget_bytes or len(brotli.compress(html, quality=11)) <= budget_bytes
    )


def _at_most(html: bytes) -> int:
    """What the page weighs at the most, by its plain size."""
    embedded = sum(piece.find(b'"') for piece in html.split(b";base64,")[1:])
    return int(embedded * EMBEDDED_SHARE + (len(html) - embedded) * TEXT_SHARE)
