"""The index of the search: which words find a story, in which files, and what a change touches."""

import json
import random
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path
from zlib import crc32

import brotli
import pytest

from stet.newsroom.models import ArticlePage
from stet.newsroom.withdrawing import withdraw
from stet.press import search_chunks
from stet.press.search_words import folded, number, stems
from tests.press.builders import NOON, House, SmallPaper, an_article, by, stored, text

LIMIT = 9_000


def looked_up(house: House, word: str, *, language: str = "en") -> dict[str, bool]:
    """The headlines that a word finds, read from the printed files as a browser would, and if it stands there."""
    found = {}
    stem = number(stems(word, language)[0])
    for name, count in json.loads(house.page(f"/search/{language}/segments.json"))["segments"]:
        bits = search_chunks.bits_for(count)
        low = stem & ((1 << (32 - bits)) - 1)
        part, more = 0, True
        while more:
            file = search_chunks.file_name(stem >> (32 - bits), part)
            body = (house.site / f"search/{language}/{name}/{file}.bin").read_bytes()
            part, more = part + 1, bool(body[0])
            for story, in_headline in (search_chunks.found(body, low) or (False, {}))[1].items():
                titles = json.loads(house.page(f"/search/{language}/{name}/t/{story // 16:x}.json"))
                found[titles[story % 16][1]] = in_headline
    return found


def segments(house: House, language: str = "en") -> list[list[object]]:
    return json.loads(house.page(f"/search/{language}/segments.json"))["segments"]  # type: ignore[no-any-return]


def files(house: House) -> dict[str, bytes]:
    """Every file of the index."""
    folder = house.site / "search"
    return {str(f.relative_to(folder)): f.read_bytes() for f in folder.rglob("*") if f.suffix in (".bin", ".json")}


# --- Words ---


@pytest.mark.parametrize(
    ("language", "forms"),
    [
        ("ru", "война войны войне войну войной"),
        ("ru", "ёлка елка ёлки Ёлкой"),
        ("en", "flood floods flooded FLOODING"),
        ("fa", "علي علی عليّ"),
        ("fa", "كتاب کتاب کتاب‌ها کتابها"),
        ("fa", "۱۴۰۵ ١٤٠٥ 1405"),
        ("fa", "مسئول مسيول"),
        ("fr", "École école"),
    ],
)
def test_forms_of_one_word_have_one_stem(language: str, forms: str) -> None:
    assert len({stems(form, language)[0] for form in forms.split(" ")}) == 1


def test_words_that_differ_stay_apart() -> None:
    assert len({stems(word, "ru")[0] for word in ("война", "воин", "вой", "мир")}) == 4
    assert stems("мойка", "uk") == ["мойка"]  # й is a letter, not и with a mark.


def test_a_half_space_parts_words_as_a_space_does() -> None:
    assert stems("می‌شود", "fa") == stems("می شود", "fa")


def test_marks_that_nobody_types_are_no_part_of_a_word() -> None:
    assert folded("за\u0301мок hy\u00adphen كَتَبَ") == "замок hyphen کتب"


# --- Files ---


def a_year(count: int) -> list[tuple[list[int], list[int]]]:
    """Stories of some 400 stems out of 60,000, few of them often and most of them seldom."""
    chance = random.Random(count)
    words = [crc32(f"word {n}".encode()) for n in range(60_000)]
    weights = [1 / (n + 8) for n in range(len(words))]
    drawn = (list(dict.fromkeys(chance.choices(words, weights, k=600))) for _ in range(count))
    return [(stems[:8], stems[8:]) for stems in drawn]


@pytest.mark.parametrize("count", [1, 14, 400, 1_000])
def test_every_file_of_the_index_fits_through_a_narrow_line(count: int) -> None:
    bodies = [body for _name, body in search_chunks.chunks(a_year(count))]

    assert max(map(len, bodies)) <= LIMIT
    assert sorted(map(len, bodies))[len(bodies) // 2] <= 4_096


def test_a_file_that_would_be_too_large_goes_on_in_another() -> None:
    stems = [n << 8 for n in range(4_000)]

    made = dict(search_chunks.chunks([([], stems)]))

    assert list(made) == ["0", "0.1", "0.2"]
    assert [body[0] for body in made.values()] == [1, 1, 0]
    for stem in (stems[0], stems[1_700], stems[-1]):
        assert [search_chunks.found(body, stem) for body in made.values()].count((False, {0: False})) == 1


def test_a_common_stem_lists_only_those_that_have_it_in_a_headline() -> None:
    articles: list[tuple[list[int], list[int]]] = [([7], []) if n == 40 else ([], [7, 9] if n < 17 else [7])
                                                   for n in range(64)]  # fmt: skip
    first = dict(search_chunks.chunks(articles))["0"]

    assert search_chunks.found(first, 7) == (True, {40: True})
    assert search_chunks.found(first, 9) == (True, {})
    fewer = dict(search_chunks.chunks([([], [9]) for _ in range(16)] + [([], []) for _ in range(48)]))["0"]
    assert search_chunks.found(fewer, 9) == (False, dict.fromkeys(range(16), False))


def test_steps_of_any_size_are_read_as_they_were_written() -> None:
    articles: list[tuple[Iterable[int], Iterable[int]]] = [
        ([5] if n in (0, 300, 301) else [], [5] if n == 299 else []) for n in range(303)
    ]
    made = dict(search_chunks.chunks(articles))["0"]

    assert search_chunks.found(made, 5) == (False, {0: True, 299: False, 300: True, 301: True})


# --- What is printed ---


def test_a_story_is_found_by_its_words_its_byline_and_its_tag(house: House, paper: SmallPaper) -> None:
    article = an_article(
        paper.sections["en"][0], "the-dam", title="The dam broke", standfirst="Engineers had warned.",
        body=stored(text('<p>It rose <a linktype="page" id="3">overnight</a>.</p>'), ("subhead", {"text": "Relief"})),
    )  # fmt: skip
    article.tags.add("harbours")
    article.save()
    by(article, paper.people["en"])
    house.print()

    assert looked_up(house, "dams") == {"The dam broke": True}
    for word in ("warned", "overnight", "relief", "Ann", "harbour"):
        assert looked_up(house, word) == {"The dam broke": False}
    for word in ("linktype", "page", "subhead"):
        assert looked_up(house, word) == {}


def test_segments_end_with_the_newest_story_and_not_with_the_clock(house: House, paper: SmallPaper) -> None:
    section = paper.sections["en"][0]
    an_article(section, "of-the-day", published=NOON)
    an_article(section, "of-the-month", published=NOON.replace(month=2, day=3))
    an_article(section, "of-february", published=NOON.replace(month=2, day=9))
    an_article(section, "of-january", published=NOON.replace(month=1, day=9))
    an_article(section, "of-long-ago", published=NOON.replace(year=2019))
    house.print()
    assert segments(house) == [["2026-03-01", 1], ["2026", 3], ["2019", 1]]

    ArticlePage.objects.get(slug="of-the-day").delete()
    house.print()
    assert segments(house) == [["2026-02-09", 1], ["2026-02", 1], ["2026", 1], ["2019", 1]]
    assert not any("2026-03-01" in name for name in files(house))
    assert house.check().ok


def test_a_story_touches_its_days_segment_alone(house: House, paper: SmallPaper) -> None:
    section = paper.sections["en"][0]
    for n in range(40):
        an_article(section, f"story-{n}", published=NOON - timedelta(days=n * 3))
    house.print()
    before = files(house)

    an_article(section, "a-second-one", published=NOON + timedelta(minutes=5))
    house.print()

    changed = {name.split("/")[1] for name, body in files(house).items() if before.get(name) != body}
    assert changed == {"2026-03-01", "segments.json"}
    assert house.check().ok


def test_a_corrected_story_of_long_ago_touches_only_the_files_of_its_words(house: House, paper: SmallPaper) -> None:
    section = paper.sections["en"][0]
    for n in range(40):
        an_article(section, f"story-{n}", published=NOON.replace(year=2020) - timedelta(hours=n))
    an_article(section, "the-newest")
    house.print()
    before = files(house)

    page = ArticlePage.objects.get(slug="story-7")
    page.body = stored(text("<p>The text of story 7, ultramarine.</p>"))
    page.save_revision().publish()
    house.print()

    changed = [name for name, body in files(house).items() if before[name] != body]
    assert len(changed) == 1
    assert looked_up(house, "ultramarine") == {"Story 7": False}
    assert house.check().ok


@pytest.mark.parametrize("has_notice", [True, False], ids=["with a notice", "without"])
def test_a_withdrawn_story_is_in_no_file_of_the_next_edition(house: House, paper: SmallPaper, has_notice: bool) -> None:
    section = paper.sections["en"][0]
    for n in range(5):
        an_article(section, f"story-{n}", published=NOON.replace(year=2021) - timedelta(days=n))
    an_article(section, "the-newest")
    page = an_article(section, "secret", title="Zebra", published=NOON.replace(year=2021), body=stored(text("Okapi")))
    house.print()
    assert looked_up(house, "okapi") == {"Zebra": False}

    if has_notice:
        withdraw(page, reason="It was wrong.")
    page.unpublish()
    house.print()

    assert looked_up(house, "zebra") == looked_up(house, "okapi") == {}
    assert not [name for name, body in files(house).items() if b"Zebra" in body]
    assert house.check().ok


def test_a_person_renamed_is_found_by_the_new_name(house: House, paper: SmallPaper) -> None:
    by(an_article(paper.sections["en"][0], "story"), paper.people["en"])
    house.print()

    paper.people["en"].name = "Brunhilde"
    paper.people["en"].save()
    house.print()

    assert (looked_up(house, "Ann"), looked_up(house, "Brunhilde")) == ({}, {"Story": False})


def test_a_day_is_the_papers_own(house: House, paper: SmallPaper) -> None:
    an_article(paper.sections["en"][0], "late", published=NOON.replace(hour=23, minute=30))
    house.print()

    path = json.loads(house.page("/search/en/" + str(segments(house)[0][0]) + "/t/0.json"))[0][0]
    assert path == f"/{date.fromisoformat(str(segments(house)[0][0])):%Y/%m/%d}/late/"


def test_titles_stand_sixteen_to_a_file_and_fit(house: House, paper: SmallPaper) -> None:
    long = " ".join(["Наводнение"] * 60)
    for n in range(17):
        an_article(
            paper.sections["ru"][0], f"story-{n}", standfirst=long, title=f"{n} {long[:150]}",
            published=NOON - timedelta(minutes=n),
        )  # fmt: skip
    house.print()

    titles = [name for name in files(house) if "/t/" in name]
    assert sorted(titles) == ["ru/2026-03-01/t/0.json", "ru/2026-03-01/t/1.json"]
    assert max(len(brotli.compress(files(house)[name])) for name in titles) <= LIMIT
    assert len(files(house)["ru/2026-03-01/t/1.json"]) < 1_000


def test_a_language_without_stories_has_a_page_and_no_segment(house: House) -> None:
    house.print()

    assert segments(house, "ru") == []
    assert house.has("/ru/search/")
    assert 'href="/ru/search/"' in house.page("/ru/")


def test_the_page_that_searches_is_within_the_budget(house: House, tmp_path: Path) -> None:
    house.print()

    for path in ("/search/", "/ru/search/"):
        assert len(brotli.compress(house.page(path).encode())) <= LIMIT
