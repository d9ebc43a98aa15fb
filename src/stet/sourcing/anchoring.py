"""Quotes that hold a mark to its words. Pure.

A quote is the words that were marked, with up to 32 characters on either side (the TextQuoteSelector of the W3C's Web
Annotation model). It travels with the mark inside the text, so every revision carries its own.
"""

import msgspec

CONTEXT_CHARACTERS = 32


class Quote(msgspec.Struct, frozen=True, kw_only=True):
    """The words a mark was put on, and what stood around them."""

    exact: str
    prefix: str = ""
    suffix: str = ""


def quote_of(text: str, start: int, end: int) -> Quote:
    """The quote of `text` from `start` to `end`.

    >>> quote_of("Around 600 were killed.", 7, 10)
    Quote(exact='600', prefix='Around ', suffix=' were killed.')
    """
    return Quote(
        exact=text[start:end],
        prefix=text[max(0, start - CONTEXT_CHARACTERS) : start],
        suffix=text[end : end + CONTEXT_CHARACTERS],
    )
