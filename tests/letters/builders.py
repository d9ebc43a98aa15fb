"""Lists and letters in the small paper of `tests.press.builders`."""

from datetime import date
from typing import Any
from uuid import uuid4

from django.utils.text import slugify

from stet.letters.models import LetterPage, ListPage
from tests.press.builders import SmallPaper

FRIDAY = date(2026, 11, 27)


def a_list(paper: SmallPaper, name: str, *, language: str = "en", **fields: Any) -> ListPage:
    """A list; live."""
    front = paper.fronts[language]
    values = {"slug": slugify(name), "promise": "The news of the week, every Friday.", "locale": front.locale, **fields}
    return front.add_child(instance=ListPage(title=name, **values))


def a_letter(parent: ListPage, subject: str = "A flood", *, live: bool = True, **fields: Any) -> LetterPage:
    """A letter; live."""
    values = {
        "slug": slugify(subject), "due_date": FRIDAY, "locale": parent.locale, "preheader": "And what came after.",
        **fields,
    }  # fmt: skip
    return parent.add_child(instance=LetterPage(title=subject, live=live, **values))


def block(kind: str, value: Any) -> dict[str, Any]:
    """A block of a letter's body, as stored."""
    return {"type": kind, "value": value, "id": str(uuid4())}


def story(article: Any, **fields: Any) -> dict[str, Any]:
    """A picked story, as stored."""
    number = article if isinstance(article, int) else article.pk
    value = {"article": number, "headline": "", "teaser": "", "photo": None, "with_photo": True, **fields}
    return block("story", value)
