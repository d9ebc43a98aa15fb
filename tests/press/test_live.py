"""Live coverage in print: where entries stand, what links to them, what other programs read, what a page weighs."""

import json
import re
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import brotli
import lxml.etree
import pytest
from django.utils import timezone

from stet.newsroom.live import posting
from stet.newsroom.models import ArticlePage, LiveCoverage, LiveEntry
from tests.press.builders import NOON, House, SmallPaper, a_paper, an_article, clear_newsroom, stored, text
from tests.press.live_builders import a_coverage, an_entry

BASE = "/2026/03/01/the-vote/"
RUSSIAN = (
    "В 14:30 избирательная комиссия объявила, что участки в трёх приморских районах закроются позже: "
    "списки избирателей привезли туда только к полудню. Наблюдатели насчитали одиннадцать "
    "протоколов без подписи председателя. "
)
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def paper(db: None) -> SmallPaper:
    clear_newsroom()
    return a_paper()


@pytest.fixture
def house(paper: SmallPaper, tmp_path: Path) -> House:
    return House(tmp_path / "paper")


def a_story(paper: SmallPaper, slug: str = "the-vote", language: str = "en", **fields: Any) -> LiveCoverage:
    return a_coverage(an_article(paper.sections[language][0], slug, title="The vote, hour by hour", **fields))


def graph(html: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    assert found is not None
    node: dict[str, Any] = json.loads(found[1])["@graph"][0]
    return node


def sheets(house: House) -> dict[str, str]:
    """Every page of the coverage, by its path."""
    found = [f"{BASE}live/{n}/" for n in range(1, 20) if house.has(f"{BASE}live/{n}/")]
    return {path: house.page(path) for path in (BASE, f"{BASE}live/new/", *found)}


def anchors_that_lead_nowhere(house: House) -> list[str]:
    """Links to an entry, in any page or feed of the coverage, to which nothing answers."""
    feed = house.page(f"{BASE}live/atom.xml")
    everything = [*sheets(house).values(), feed, house.page(f"{BASE}article.json")]
    links = {link for page in everything for link in re.findall(rf"{BASE}live/\d+/#e\d+", page)}
    wrong = []
    for link in sorted(links):
        path, _, anchor = link.partition("#")
        if not house.has(path) or f'id="{anchor}"' not in house.page(path):
            wrong.append(link)
    return wrong


def test_the_newest_entry_stands_first_and_key_points_above_all(paper: SmallPaper, house: House) -> None:
    coverage = a_story(paper)
    an_entry(coverage, "Polls open", is_pinned=True)
    an_entry(coverage, "A queue in the rain", at=NOON + timedelta(hours=1))
    house.print()
    page = house.page(BASE)
    main = page[page.index("<article>") :]
    order = [
        main.index(words) for words in ("Key points", "Newest entries", "A queue in the rain", "More about: Polls")
    ]
    assert order == sorted(order)
    assert f'<ul><li><a href="{BASE}live/1/#e1">Polls open</a></li></ul>' in page
    assert '<li id="e2"><a class="meta" href="/2026/03/01/the-vote/live/1/#e2">' in page
    assert anchors_that_lead_nowhere(house) == []
    assert 'class="kicker state"><b>Live</b>' in page
    assert "<span>Live</span>" in house.page("/")


def test_an_entry_keeps_its_address_while_others_come_and_go(paper: SmallPaper, house: House) -> None:
    coverage = a_story(paper)
    entries = [an_entry(coverage, f"Entry {n}", text=f"<p>{'word ' * 300}</p>") for n in range(1, 10)]
    house.print()
    assert [LiveEntry.objects.get(pk=entry.pk).part for entry in entries] == [1, 1, 1, 2, 2, 2, 3, 3, 3]
    before = (house.site / f"{BASE[1:]}live/2/index.html").read_bytes()
    posting.take_away(entries[1], user=None, now=NOON + timedelta(hours=2))
    an_entry(coverage, "Another", text=f"<p>{'word ' * 300}</p>", at=NOON + timedelta(hours=3))
    house.print()
    assert (house.site / f"{BASE[1:]}live/2/index.html").read_bytes() == before
    assert 'id="e10"' in house.page(f"{BASE}live/4/")
    assert 'id="e2"' not in "".join(sheets(house).values())
    assert anchors_that_lead_nowhere(house) == []


def test_a_page_whose_entries_are_all_gone_goes_too_and_nothing_leads_there(paper: SmallPaper, house: House) -> None:
    coverage = a_story(paper)
    entries = [an_entry(coverage, f"Entry {n}", text=f"<p>{'word ' * 300}</p>") for n in range(1, 8)]
    house.print()
    for entry in entries[3:6]:
        posting.take_away(entry, user=None, now=NOON + timedelta(hours=2))
    house.print()
    assert not house.has(f"{BASE}live/2/")
    assert f'href="{BASE}live/2/' not in "".join(sheets(house).values())
    assert f'rel="prev" href="{BASE}live/1/">Earlier entries' in house.page(f"{BASE}live/3/")
    assert anchors_that_lead_nowhere(house) == []
    assert house.verify() == []


def test_a_new_entry_rewrites_a_fixed_number_of_sheets(paper: SmallPaper, house: House) -> None:
    coverage = a_story(paper)
    for n in range(1, 40):
        an_entry(coverage, f"Entry {n}", text=f"<p>{'word ' * 120}</p>", at=NOON + timedelta(minutes=n))
    house.print()
    folder = house.site / BASE[1:]
    before = {path: path.read_bytes() for path in folder.rglob("*.*")}
    an_entry(coverage, "One more", at=NOON + timedelta(hours=1))
    house.print()
    changed = {str(path.relative_to(folder)) for path, body in before.items() if path.read_bytes() != body}
    assert {name for name in changed if not name.endswith((".br", ".gz"))} == {
        "index.html", "article.json", "live/new/index.html", "live/atom.xml",
        f"live/{LiveCoverage.objects.get().last_part}/index.html",
    }  # fmt: skip


@pytest.mark.parametrize("words", [RUSSIAN, "Полиция подтвердила: мост закрыт. "], ids=["long", "short"])
def test_no_page_of_coverage_is_over_the_budget(paper: SmallPaper, house: House, words: str) -> None:
    body = stored(text(f"<p>{RUSSIAN * 4}</p>"))
    coverage = a_story(paper, language="ru", body=body, standfirst=RUSSIAN)
    numbers = count()
    for n in range(60):
        varied = "".join(f"{word} {next(numbers) % 97} " for word in words.split())
        an_entry(coverage, f"Запись {n}: {words[:60]}", text=f"<p>{varied}</p>", is_pinned=n % 20 == 0)
    house.print()
    weights = {
        str(path.relative_to(house.site)): len(brotli.compress(path.read_bytes(), quality=11))
        for path in (house.site / "ru/2026/03/01/the-vote").rglob("index.html")
    }
    assert len(weights) > 3
    assert max(weights.values()) <= 9_000
    assert weights["ru/2026/03/01/the-vote/live/new/index.html"] <= 3_500


def test_when_the_coverage_ends_readers_pages_ask_no_more(paper: SmallPaper, house: House) -> None:
    coverage = a_story(paper)
    an_entry(coverage, "Polls open")
    house.print()
    assert 'data-news="live/new/"' in house.page(BASE)
    assert "fetch(" in house.page(BASE)
    posting.end(coverage, user=None, now=NOON + timedelta(hours=9))
    house.print()
    for page in sheets(house).values():
        assert "data-news" not in page
        assert "fetch(" not in page
    assert "The live coverage ended: <time" in house.page(BASE)
    assert "<span>Live</span>" not in house.page("/")


def test_search_engines_get_a_live_blog_with_its_updates(paper: SmallPaper, house: House) -> None:
    coverage = a_story(paper)
    an_entry(coverage, "Polls open", text="<p>At <b>eight</b>.</p>")
    house.print()
    told = graph(house.page(BASE))
    assert (told["@type"], told["coverageStartTime"]) == ("LiveBlogPosting", "2026-03-01T12:00:00Z")
    assert "coverageEndTime" not in told
    (update,) = told["liveBlogUpdate"]
    assert (update["@type"], update["headline"], update["articleBody"]) == ("BlogPosting", "Polls open", "At eight.")
    assert update["url"].endswith(f"{BASE}live/1/#e1")
    posting.end(coverage, user=None, now=NOON + timedelta(hours=9))
    house.print()
    assert graph(house.page(BASE))["coverageEndTime"] == "2026-03-01T21:00:00Z"
    assert graph(house.page(f"{BASE}live/1/"))["isPartOf"]["url"].endswith(BASE)


def test_feeds_have_the_entries_and_say_that_the_story_is_new(paper: SmallPaper, house: House) -> None:
    coverage = a_story(paper)
    an_entry(coverage, "Polls open")
    later = an_entry(coverage, "Polls close", at=NOON + timedelta(hours=8))
    house.print()
    feed = lxml.etree.fromstring(house.page(f"{BASE}live/atom.xml").encode())
    titles = [entry.findtext(f"{ATOM}title") for entry in feed.iter(f"{ATOM}entry")]
    assert titles == ["Polls close", "Polls open"]
    ids = [entry.findtext(f"{ATOM}id") for entry in feed.iter(f"{ATOM}entry")]
    of_front = lxml.etree.fromstring(house.page("/atom.xml").encode())
    assert of_front.findtext(f"{ATOM}entry/{ATOM}updated") == "2026-03-01T20:00:00Z"
    assert "More about: Polls close" in house.page("/rss.xml")
    assert f'title="The vote, hour by hour" href="{BASE}live/atom.xml"' in house.page(BASE)
    later.headline = "Polls close late"
    posting.change(later, user=None, now=NOON + timedelta(hours=9))
    house.print()
    feed = lxml.etree.fromstring(house.page(f"{BASE}live/atom.xml").encode())
    assert [entry.findtext(f"{ATOM}id") for entry in feed.iter(f"{ATOM}entry")] == ids
    assert feed.findtext(f"{ATOM}updated") == "2026-03-01T21:00:00Z"


def test_a_correction_stands_below_its_entry_with_its_day(paper: SmallPaper, house: House) -> None:
    entry = an_entry(a_story(paper), "Eleven stations closed")
    entry.correction = "There were nine, not eleven."
    posting.change(entry, user=None, now=timezone.now())
    house.print()
    for path, page in sheets(house).items():
        assert re.search(r"<b>Correction, <time datetime=.*?</b> There were nine, not eleven\.", page), path
    twin = json.loads(house.page(f"{BASE}article.json"))
    assert twin["live"]["entries"][0]["correction"] == "There were nine, not eleven."


def test_what_waits_and_what_is_held_back_is_nowhere(paper: SmallPaper, house: House) -> None:
    coverage = a_story(paper)
    posting.keep_waiting(LiveEntry(coverage=coverage, headline="Not yet confirmed"), user=None)
    an_entry(coverage, "Polls open")
    house.print()
    assert not any("Not yet confirmed" in page for page in sheets(house).values())
    ArticlePage.objects.filter(pk=coverage.pk).update(embargoed_until=timezone.now() + timedelta(hours=1))
    house.print()
    assert not (house.site / f"{BASE[1:]}live").exists()
    ArticlePage.objects.filter(pk=coverage.pk).update(embargoed_until=None)
    house.print()
    assert house.has(f"{BASE}live/1/")
    ArticlePage.objects.get(pk=coverage.pk).unpublish()
    house.print()
    assert not list((house.site / BASE[1:]).rglob("*.html"))
    assert house.check().ok


def test_a_subhead_takes_no_entrys_anchor(paper: SmallPaper, house: House) -> None:
    body = stored(("subhead", {"text": "E1", "level": "2"}), text("<p>Words.</p>"))
    an_entry(a_story(paper, body=body), "Polls open")
    house.print()
    assert house.page(BASE).count('id="e1"') == 1
