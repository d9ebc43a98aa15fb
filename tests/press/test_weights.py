"""What the desk says of an article's weight before it is published."""

import brotli
import pytest
from django.test import RequestFactory

from stet.newsroom.models import ArticlePage
from stet.newsroom.models.articles import WEIGHT_MODE
from stet.newsroom.models.printed import DARK_MODE
from stet.press import preview
from tests.press.builders import House, SmallPaper, an_article, stored, text


def shown(article: ArticlePage) -> str:
    """The desk's preview of the weight."""
    answer = article.serve_preview(RequestFactory().get("/"), WEIGHT_MODE)
    return str(answer.render().content.decode())  # type: ignore[attr-defined]


@pytest.fixture
def house_of_the_desk(house: House, monkeypatch: pytest.MonkeyPatch) -> House:
    monkeypatch.setattr(preview, "_workplace", lambda: house.place)
    return house


def test_the_weight_is_that_of_the_printed_page(house_of_the_desk: House, paper: SmallPaper) -> None:
    article = an_article(paper.sections["en"][0], "flood")
    house_of_the_desk.print()
    printed = len(brotli.compress(house_of_the_desk.page("/2026/03/01/flood/").encode(), quality=11))
    (weight,) = preview.weights(article)
    assert abs(weight - printed) < 120
    assert "It arrives." in shown(article)


def test_a_page_that_is_too_heavy_is_told_so(house_of_the_desk: House, paper: SmallPaper) -> None:
    words = " ".join(f"{number * 7919 % 100_003:05x}{number * 104_729 % 99_991:05x}" for number in range(1_300))
    article = an_article(paper.sections["en"][0], "heavy", body=stored(text(f"<p>{words}</p>")))
    (weight, *_more) = preview.weights(article)
    assert weight > 8_600
    assert "Too heavy for a throttled line." in shown(article)


def test_the_desk_offers_it_beside_the_page_as_printed(paper: SmallPaper) -> None:
    article = an_article(paper.sections["en"][0], "flood")
    assert [mode for mode, _label in article.preview_modes] == ["", DARK_MODE, WEIGHT_MODE]
