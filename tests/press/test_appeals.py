"""Appeals in print: where they stand, when they come and go, and that a change reprints what it touches."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import brotli
import pytest
from django.contrib.auth import get_user_model
from taggit.models import Tag

from stet.appeals.models import Appeal, Silence, current_silence, set_silence
from stet.newsroom.models import ArticlePage, SectionPage, TopicPage
from tests.press.appeal_builders import an_appeal
from tests.press.builders import NOON, House, SmallPaper, an_article, stored, text
from tests.press.letter_builders import a_letter, a_list

TODAY = (NOON + timedelta(days=1)).date()
STORY = "/2026/03/01/story/"
SECOND = "/2026/03/01/second/"


@pytest.fixture
def story(paper: SmallPaper) -> ArticlePage:
    """A story in the first section."""
    an_article(paper.sections["en"][1], "second")
    return an_article(paper.sections["en"][0], "story")


def asks(page: str) -> list[str]:
    """The codes of the appeals in a sheet, in order."""
    return re.findall(r'data-ask="(\S+)', page)


def printed_after(house: House, change: Callable[[], Any]) -> set[str]:
    """The paths of the HTML sheets that a change prints anew."""
    house.print()
    before = {path: path.read_bytes() for path in house.site.rglob("index.html")}
    change()
    house.print()
    after = {path: path.read_bytes() for path in house.site.rglob("index.html")}
    report = house.check()
    assert report.ok, report.sentence
    changed = {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}
    return {"/" + str(path.relative_to(house.site).parent).removeprefix(".").lstrip("/") for path in changed}


def test_a_letter_stands_at_the_end_of_articles_and_a_banner_on_the_front_too(
    house: House, paper: SmallPaper, story: ArticlePage
) -> None:
    an_appeal(paper, "end")
    an_appeal(paper, "top", slot="banner")
    house.print()
    article, front = house.page(STORY), house.page("/")
    assert asks(article) == ["top", "end"]
    assert asks(front) == ["top"]
    assert asks(house.page("/ru/")) == []
    assert article.count("<script>") == front.count("<script>") == 1
    assert article.index('data-asks="1"') < article.index("<main") < article.index('data-asks="0"')
    assert 'data-count="1"' in article
    assert "data-count" not in front


def test_without_an_appeal_no_page_has_a_script(house: House, paper: SmallPaper, story: ArticlePage) -> None:
    an_appeal(paper, "draft", live=False)
    house.print()
    assert "<script>" not in house.page(STORY)
    assert ".asks" not in house.page(STORY)


SENSITIVE: dict[str, Callable[[ArticlePage], Any]] = {
    "the article": lambda story: ArticlePage.objects.filter(pk=story.pk).update(is_sensitive=True),
    "its section": lambda story: SectionPage.objects.filter(pk=story.get_parent().pk).update(is_sensitive=True),
    "its topic": lambda story: (_file(story), TopicPage.objects.filter(slug="dam").update(is_sensitive=True)),
    "its tag": lambda story: _tag(story),
}


def _file(story: ArticlePage) -> None:
    story.topics.add(TopicPage.objects.get(slug="dam", locale=story.locale))
    story.save()


def _tag(story: ArticlePage) -> None:
    story.tags.add("grief")
    story.save()
    silence = current_silence()
    silence.save()
    silence.tags.add(Tag.objects.get(name="grief"))


@pytest.mark.parametrize("what", SENSITIVE)
def test_a_sensitive_page_never_asks(house: House, paper: SmallPaper, story: ArticlePage, what: str) -> None:
    an_appeal(paper, "end")
    house.print()
    assert asks(house.page(STORY)) == ["end"]
    SENSITIVE[what](story)
    house.print()
    assert "<script>" not in house.page(STORY)
    assert "localStorage" not in house.page(STORY)
    assert asks(house.page(SECOND)) == ["end"]
    assert house.check().ok


def test_silence_takes_every_appeal_out_with_the_next_print(
    house: House, paper: SmallPaper, story: ArticlePage
) -> None:
    user = get_user_model().objects.create(username="lida")
    an_appeal(paper, "end")
    an_appeal(paper, "top", slot="banner", language="ru")
    an_article(paper.sections["ru"][0], "ru-story")
    house.print()
    assert asks(house.page("/ru/")) == ["top"]
    set_silence(True, user=user)
    house.print()
    assert not [path for path in house.site.rglob("index.html") if "data-ask" in path.read_text()]
    assert house.check().ok
    set_silence(False, user=user)
    house.print()
    assert asks(house.page(STORY)) == ["end"]


def test_a_language_can_be_silent_alone(house: House, paper: SmallPaper, story: ArticlePage) -> None:
    for language in ("en", "ru"):
        an_appeal(paper, "top", slot="banner", language=language)
    house.print()
    silence = Silence.objects.create(pk=1)
    silence.locales.add(paper.fronts["ru"].locale)
    house.print()
    assert (asks(house.page("/")), asks(house.page("/ru/"))) == (["top"], [])
    assert house.check().ok


def test_a_change_prints_the_articles_of_its_scope_and_no_other(
    house: House, paper: SmallPaper, story: ArticlePage
) -> None:
    politics = paper.sections["en"][0]
    appeal = an_appeal(paper, "politics", sections=(politics,))
    changed = printed_after(house, lambda: _reword(appeal))
    assert changed == {STORY.rstrip("/")}


def _reword(appeal: Appeal) -> None:
    variant = appeal.variants.first()
    variant.title = "Other words"
    variant.save()


def test_an_appeal_that_moves_to_another_section_leaves_the_first(
    house: House, paper: SmallPaper, story: ArticlePage
) -> None:
    appeal = an_appeal(paper, "one", sections=(paper.sections["en"][0],))
    house.print()
    appeal.sections_in.set([paper.sections["en"][1]])
    appeal.save()
    house.print()
    assert (asks(house.page(STORY)), asks(house.page(SECOND))) == ([], ["one"])
    assert house.check().ok


def test_an_appeal_for_a_tag_stands_where_the_tag_does(house: House, paper: SmallPaper, story: ArticlePage) -> None:
    story.tags.add("courts")
    story.save()
    an_appeal(paper, "courts", tags=(Tag.objects.get(name="courts"),))
    house.print()
    assert (asks(house.page(STORY)), asks(house.page(SECOND)), asks(house.page("/"))) == (["courts"], [], [])


def test_a_draft_that_is_saved_changes_nothing(house: House, paper: SmallPaper, story: ArticlePage) -> None:
    appeal = an_appeal(paper, "end")

    def save_a_draft() -> None:
        appeal.priority = 9
        appeal.save_revision()

    assert printed_after(house, save_a_draft) == set()


def test_an_appeal_comes_and_goes_by_the_papers_clock_alone(
    house: House, paper: SmallPaper, story: ArticlePage
) -> None:
    an_appeal(paper, "week", first_day=TODAY + timedelta(days=2), last_day=TODAY + timedelta(days=3))
    standing = []
    for _day in range(6):
        house.print()
        assert house.check().ok
        standing.append(asks(house.page(STORY)))
        house.now += timedelta(days=1)
    assert standing == [[], [], ["week"], ["week"], [], []]


def test_a_link_in_an_appeal_follows_the_page_it_leads_to(house: House, paper: SmallPaper, story: ArticlePage) -> None:
    appeal = an_appeal(paper, "end")
    variant = appeal.variants.first()
    variant.text = f'<p>Read <a linktype="page" id="{paper.about.pk}">about us</a>.</p>'
    variant.save()
    house.print()
    assert 'href="/about/"' in house.page(STORY)
    paper.about.slug = "who-we-are"
    paper.about.save_revision().publish()
    house.print()
    assert 'href="/who-we-are/"' in house.page(STORY).partition("data-asks")[2]
    assert house.check().ok


def test_a_long_article_has_the_banner_on_its_first_part_and_the_letter_on_its_last(
    house: House, paper: SmallPaper
) -> None:
    long = stored(*(text(f"<p>{'word ' * 200}</p>") for _ in range(24)))
    an_article(paper.sections["en"][0], "long", body=long)
    an_appeal(paper, "end")
    an_appeal(paper, "top", slot="banner")
    house.print()
    parts = [house.page(f"/2026/03/01/long/{n}") for n in ("", "2/", "3/")]
    assert [asks(part) for part in parts] == [["top"], [], ["end"]]
    assert ["data-count" in part for part in parts] == [True, False, False]
    assert ["<script>" in part for part in parts] == [True, False, True]


def test_an_article_whose_first_part_asks_for_nothing_is_still_counted(house: House, paper: SmallPaper) -> None:
    long = stored(*(text(f"<p>{'word ' * 200}</p>") for _ in range(24)))
    an_article(paper.sections["en"][0], "long", body=long)
    an_appeal(paper, "end", articles=3)
    house.print()
    first = house.page("/2026/03/01/long/")
    assert 'data-count="1"' in first
    assert "<script>" in first


def test_a_page_over_its_budget_loses_appeals_and_not_its_text(house: House, paper: SmallPaper) -> None:
    words = " ".join(f"{n * 7919 % 99991:x}q{n}" for n in range(1300))
    an_article(paper.sections["en"][0], "heavy", body=stored(text(f"<p>{words}</p>")))
    an_article(paper.sections["en"][0], "light")
    for number in range(3):
        long = " ".join(f"{n * 104729 % 99991:x}z" for n in range(number * 500, number * 500 + 250))
        an_appeal(paper, f"a{number}", words=(long[:110],)).variants.update(text=f"<p>{long}</p>")
    house.print()
    heavy = house.page("/2026/03/01/heavy/")
    assert asks(house.page("/2026/03/01/light/")) == ["a0", "a1", "a2"]
    assert len(asks(heavy)) < 3
    assert len(brotli.compress(heavy.encode(), quality=11)) <= 9_000
    assert words[-40:] in heavy
    assert house.check().ok


def test_silence_takes_the_appeals_out_of_letters_too(house: House, paper: SmallPaper, story: ArticlePage) -> None:
    asked = ("appeal", {"text": "<p>Help us print.</p>", "link_label": "", "link_url": ""})
    a_letter(a_list(paper.fronts["en"]), body=stored(asked, text("<p>The news.</p>")))
    house.print()
    assert "Help us print." in house.page("/letters/the-week/first/mail.html")
    set_silence(True, user=None)
    house.print()
    for sheet in ("", "mail.html", "mail.txt"):
        letter = house.page(f"/letters/the-week/first/{sheet}")
        assert "Help us print." not in letter
        assert "The news." in letter
    assert house.check().ok
