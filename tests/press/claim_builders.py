"""Claims in a small paper: marks in texts, and stories with them."""

from typing import Any

from stet.newsroom.models import ArticlePage, SectionPage
from stet.sourcing.models import Claim
from tests.press.builders import an_article, stored, text


def mark(claim: Claim | int, words: str = "600 people", *, name: str = "k3f9x2") -> str:
    """Words of a text that a claim is marked on, as they are stored."""
    number = claim if isinstance(claim, int) else claim.pk
    return f'<a linktype="claim" id="{number}" mark="{name}" exact="{words}" prefix="" suffix="">{words}</a>'


def paragraph(*claims: Claim | int) -> tuple[str, str]:
    """A paragraph in which these claims are marked."""
    return text(
        "<p>We wrote that " + ", ".join(mark(claim, f"words {n}") for n, claim in enumerate(claims, 1)) + ".</p>"
    )


def a_story(section: SectionPage, slug: str, *claims: Claim | int, **fields: Any) -> ArticlePage:
    """A published story in which these claims are marked."""
    return an_article(section, slug, body=stored(paragraph(*claims)), **fields)
