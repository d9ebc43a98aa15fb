"""Stories with marks in their text, and the rows that follow from them."""

from html import escape
from typing import Any

from stet.newsroom.models import ArticlePage, SectionPage
from stet.sourcing.models import Claim, Mention
from stet.sourcing.stories import read_stories
from tests.press.builders import an_article, stored, text


def mark(words: str, claim: Claim | int, *, name: str = "k3f9x2", exact: str | None = None) -> str:
    """Words with a mark, as they are stored."""
    number = claim if isinstance(claim, int) else claim.pk
    return f'<a linktype="claim" id="{number}" mark="{name}" exact="{escape(exact or words)}">{words}</a>'


def a_marked_story(section: SectionPage, slug: str, *paragraphs: str, **fields: Any) -> ArticlePage:
    """An article with these paragraphs; its mentions are kept as if it had been published at the desk."""
    article = an_article(section, slug, body=stored(*(text(f"<p>{one}</p>") for one in paragraphs)), **fields)
    keep_mentions(article)
    return article


def keep_mentions(article: ArticlePage) -> None:
    """Write the rows that follow from an article's marks; those of claims that are not there can't be."""
    Mention.objects.filter(page=article).delete()
    for passage in read_stories([article.pk])[article.pk].passages:
        for one in passage.marks:
            if Claim.objects.filter(pk=one.claim).exists():
                Mention.objects.create(
                    page=article, mark=one.mark, claim_id=one.claim, exact=one.exact, is_in_print=article.live
                )
