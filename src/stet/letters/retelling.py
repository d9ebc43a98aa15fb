"""What letters say of the stories they carry, where they say it in words of their own."""

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from django.contrib.contenttypes.models import ContentType
from wagtail.models import Page, ReferenceIndex

from stet.letters.drafts import block_anchor
from stet.letters.models import LetterPage
from stet.letters.rows import raw_blocks
from stet.newsroom.retelling import Retelling


class Letters:
    """The letters of all lists, as they were saved last."""

    def of_articles(self, articles: Collection[int]) -> Iterator[Retelling]:
        """Two queries: which letters carry them, and those letters."""
        carrying = ReferenceIndex.objects.filter(
            content_type=ContentType.objects.get_for_model(LetterPage),
            to_content_type=ContentType.objects.get_for_model(Page),
            to_object_id__in=[str(article) for article in articles],
        )
        letters = LetterPage.objects.filter(pk__in={int(pk) for pk in carrying.values_list("object_id", flat=True)})
        for number, subject, body in letters.order_by("-pk").values_list("pk", "title", "body"):
            yield from _lines(number, subject, raw_blocks(body), articles)

    def in_page(self, page: Any) -> Iterable[Retelling] | None:
        """A letter's own lines."""
        return _lines(page.pk, page.title, raw_blocks(page.body), None) if isinstance(page, LetterPage) else None


def _lines(
    number: int, subject: str, blocks: list[dict[str, Any]], articles: Collection[int] | None
) -> Iterator[Retelling]:
    for block in blocks:
        value = block["value"]
        if block["type"] != "story" or not isinstance(value.get("article"), int):
            continue
        if articles is not None and value["article"] not in articles:
            continue
        for words in (value.get("headline"), value.get("teaser")):
            if words and words.strip():
                yield Retelling(
                    page=number or 0, name=subject, article=value["article"], words=words, anchor=block_anchor(block)
                )
