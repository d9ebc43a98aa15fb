"""Appeals for the small paper."""

from typing import Any

from stet.appeals.models import Appeal, AppealVariant
from stet.newsroom.models import SectionPage
from tests.press.builders import SmallPaper


def an_appeal(
    paper: SmallPaper,
    code: str = "spring",
    *,
    language: str = "en",
    words: tuple[str, ...] = ("Keep us going",),
    sections: tuple[SectionPage, ...] = (),
    tags: tuple[Any, ...] = (),
    **fields: Any,
) -> Appeal:
    """An appeal with a variant for each of `words`; live."""
    values = {"name": code.title(), "slot": "letter", "locale": paper.fronts[language].locale, **fields}
    appeal = Appeal(code=code, **values)
    appeal.variants = [AppealVariant(title=title, text=f"<p>{title}, please.</p>") for title in words]
    appeal.sections_in = list(sections)
    appeal.tags_in = list(tags)
    appeal.save()
    return appeal
