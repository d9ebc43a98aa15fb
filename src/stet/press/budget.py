"""Whether a page arrives through a throttled connection: its weight in brotli against the paper's budget.

Compressing takes milliseconds and most pages are far below the budget, so it is done only where it can matter: a page
whose plain size is below twice the budget has never been heavier than it, in any language measured.
"""

import brotli

from stet.theme import copy, pictures
from stet.theme.setting import Theme


def set_within(budget_bytes: int, page: copy.Page, theme: Theme) -> bytes:
    """Set a page; where it is over the budget, with the smaller of its inlined pictures.

    It never goes without a picture: a phone would ask for the file, and a throttled connection hangs on that.
    """
    html = theme.set_page(page)
    if is_within(html, budget_bytes):
        return html
    lighter = pictures.lighter(page)
    return html if lighter is None else theme.set_page(lighter)


def is_within(html: bytes, budget_bytes: int) -> bool:
    """Whether a page's weight in brotli, at the quality it is served with, is within the budget."""
    if len(html) < 2 * budget_bytes:
        return True
    return len(brotli.compress(html, quality=5)) <= budget_bytes or len(brotli.compress(html, quality=11)) <= budget_bytes
