"""What the desk shows of an appeal: each variant on a real page, and what different readers see there."""

import re

import pytest
from django.conf import settings
from django.test import Client

from stet.appeals.models import Appeal
from stet.newsroom.models import ArticlePage
from stet.press import preview
from stet.press.appeals_preview import preview_appeal
from tests.press.appeal_builders import an_appeal
from tests.press.builders import House, SmallPaper, an_article, stored, text


@pytest.fixture
def printed(house: House, paper: SmallPaper, monkeypatch: pytest.MonkeyPatch) -> House:
    """A paper with a story in each section, printed; the desk looks at it."""
    for number, section in enumerate(paper.sections["en"]):
        an_article(section, f"story-{number}", body=stored(text(f"<p>The text of {section.slug}.</p>")))
    house.print()
    monkeypatch.setattr(preview, "_workplace", lambda: house.place)
    return house


def titles(html: bytes) -> list[str]:
    """The titles of the appeals in a page."""
    asked = re.findall(r"<aside class=\"asks.*?</aside>", html.decode(), re.DOTALL)
    return [title for aside in asked for title in re.findall(r"<(?:h2|summary)>(.*?)</", aside)]


def test_each_variant_is_shown_on_a_real_page_without_a_script(printed: House, paper: SmallPaper) -> None:
    appeal = an_appeal(paper, "spring", words=("Help", "Keep us"), live=False)
    assert [mode for mode, _name in appeal.preview_modes] == ["a", "b", "new", "frequent", "quiet", "plain"]
    for mode, wanted in (("a", "Help"), ("b", "Keep us")):
        html = preview_appeal(appeal, mode)
        assert titles(html) == [wanted]
        assert b"The text of" in html
        assert b"<script>" not in html


def test_a_banner_stands_open_in_its_preview(printed: House, paper: SmallPaper) -> None:
    html = preview_appeal(an_appeal(paper, "top", slot="banner"), "a").decode()
    assert re.search(r"<details open>\s*<summary>Keep us going</summary>", html)


READERS: dict[str, tuple[dict[str, int], dict[str, bool]]] = {
    "who asks everybody": ({}, {"new": True, "frequent": True, "quiet": False, "plain": True}),
    "who waits for ten articles": ({"articles": 10}, {"new": False, "frequent": True, "quiet": False, "plain": True}),
}


@pytest.mark.parametrize("which", READERS)
def test_readers_see_what_the_rules_say(printed: House, paper: SmallPaper, which: str) -> None:
    fields, wanted = READERS[which]
    appeal = an_appeal(paper, "spring", **fields)
    assert {mode: bool(titles(preview_appeal(appeal, mode))) for mode in wanted} == wanted


def test_it_is_shown_on_the_newest_article_where_it_may_ask(printed: House, paper: SmallPaper) -> None:
    appeal = an_appeal(paper, "politics", sections=(paper.sections["en"][0],))
    assert b"The text of politics." in preview_appeal(appeal, "a")
    ArticlePage.objects.filter(slug="story-0").update(is_sensitive=True)
    printed.print()
    assert titles(preview_appeal(appeal, "a")) == []


def test_before_the_first_article_the_preview_says_so(
    house: House, paper: SmallPaper, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.print()
    monkeypatch.setattr(preview, "_workplace", lambda: house.place)
    assert "There is no published article" in preview_appeal(an_appeal(paper, "spring"), "a").decode()


def test_the_desk_serves_the_preview(
    printed: House, paper: SmallPaper, admin_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    appeal = an_appeal(paper, "spring")
    appeal.save_revision()
    answer = admin_client.get(f"/snippets/appeals/appeal/history/{appeal.pk}/")
    assert answer.status_code == 200
    assert settings.STET_PAPER
    shown = Appeal.objects.get().make_preview_request(preview_mode="a")
    assert b"Keep us going" in shown.content
