"""Whether a page arrives through a throttled connection: its weight in brotli against the paper's budget.

Compressing a page at the quality it is served with takes milliseconds, so quicker estimates go first and it is done
only where the page could be too heavy. What is printed is weighed again when its compressed copy is made, and
`stet doctor` names what is over.
"""

import zlib

import brotli
from msgspec.structs import replace

from stet.theme import copy, pictures
from stet.theme.setting import Theme

TEXT_SHARE = 0.38
"""Most that brotli 11 leaves of a page's text and style: measured 0.17 to 0.335 on 628 pages over 12,000 bytes in three
languages; smaller pages reach 0.37."""
PICTURE_SHARE = 0.76
"""What it leaves of a picture in base64, which cannot be compressed: six bits in eight, and a little."""
ZLIB_SHARE = 0.84
"""Brotli 11 against zlib 1, which is a hundred times faster: measured 0.71 to 0.82 on 320 pages in three languages."""
SIGNATURE_BYTES = 260
"""What a page's own signature adds: key, digest and site are incompressible."""

_BASE64 = b";base64,"


def set_within(budget_bytes: int, page: copy.Page, theme: Theme) -> tuple[bytes, bool]:
    """(the page set, whether it is within the budget).

    A page over the budget gets the smaller of its inlined pictures, a topic in the end none. Elsewhere a picture stays
    in the page: a phone would ask for its file, and a throttled connection hangs on that.
    """
    html = theme.set_page(page)
    if is_within(html, budget_bytes):
        return html, True
    lighter = pictures.lighter(page)
    if lighter is None:
        return html, False
    html = theme.set_page(lighter)
    fits = is_within(html, budget_bytes)
    if isinstance(page, copy.Topic) and not fits:
        html = theme.set_page(replace(page, photo=None))
    return html, fits


def is_within(html: bytes, budget_bytes: int) -> bool:
    """Whether a page's weight in brotli, at the quality it is served with, is within the budget, once it is signed."""
    budget_bytes -= SIGNATURE_BYTES
    pictures_bytes = _bytes_in_base64(html)
    if pictures_bytes * PICTURE_SHARE + (len(html) - pictures_bytes) * TEXT_SHARE <= budget_bytes:
        return True
    if len(zlib.compress(html, 1)) * ZLIB_SHARE <= budget_bytes:
        return True
    return weight(html) <= budget_bytes + SIGNATURE_BYTES


def weight(html: bytes) -> int:
    """What a page weighs in brotli, at the quality it is served with, once it is signed."""
    return len(brotli.compress(html, quality=11)) + SIGNATURE_BYTES


def _bytes_in_base64(html: bytes) -> int:
    """How many bytes of a page are pictures that stand in it."""
    total, at = 0, html.find(_BASE64)
    while at >= 0:
        end = html.find(b'"', at)
        total += (end if end >= 0 else len(html)) - at
        at = html.find(_BASE64, at + len(_BASE64))
    return total
