"""Addresses of pages of questions and sources, made from their words.

The rules:
 * An address is the words in small letters with hyphens, in any script; it is never changed by itself afterwards.
 * It is unique in its language. The second one of the same words gets "-2".
 * What the press keeps for itself is nobody's address: "archive", "media", a language's code, a year.
"""

from collections.abc import Callable
from itertools import count

from django.db import IntegrityError, transaction
from django.utils.text import slugify

from stet.newsroom.addresses import is_reserved

LONGEST = 80
"""Characters of the words; the column has room for a number behind them."""
MOST_TRIES = 5
"""How often somebody else may take an address in the moment between looking and writing."""


def free_slug(words: str, *, fallback: str, is_taken: Callable[[str], bool], languages: tuple[str, ...]) -> str:
    """An address for `words` that nobody has; `fallback` stands in where they hold neither letter nor digit.

    >>> free_slug("How many?", fallback="question", is_taken={"how-many"}.__contains__, languages=("en",))
    'how-many-2'
    """
    stem = slugify(words, allow_unicode=True)[:LONGEST].strip("-_") or fallback
    numbered = (stem if number == 1 else f"{stem}-{number}" for number in count(1))
    return next(slug for slug in numbered if not is_reserved(slug, languages) and not is_taken(slug))


def save_with_slug(find: Callable[[], str], save: Callable[[str], None]) -> None:
    """Save under the address that `find` finds, and look for another where somebody took it meanwhile."""
    for tries in count(1):
        slug = find()
        try:
            with transaction.atomic():
                save(slug)
        except IntegrityError:
            if tries == MOST_TRIES or find() == slug:
                raise
        else:
            return
