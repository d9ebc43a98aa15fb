"""The search in a browser: three languages, with and without scripts, under the page's policy; what is asked for."""

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

import brotli
import pytest
import snowballstemmer
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect, sync_playwright

from stet.press.search_chunks import chunks
from stet.press.search_words import number, numbers, stems
from stet.project.reader_site import ReaderSite, page_policy
from stet.theme.search_script import MOST_BYTES, SEARCH_SCRIPT_HASHES, script_hash, search_script
from stet.theme.setting import Theme, load_theme
from tests.theme.builders import a_search

CHROMIUM = next((found for name in ("chromium", "chromium-browser") if (found := shutil.which(name))), None)
QUIET_FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
PAPER = "https://paper.example.org"
LANGUAGES = ["en", "ru", "fa"]
SAMPLE = Path(__file__).parents[2] / "src/stet/newsroom/sample/articles"

STORIES = {
    "en": [
        ("2019-05-02", "Flooding in the old town", "Boats in the square.", "the river"),
        ("2024-02-01", "Harvest ends early", "Farmers speak of floods.", "grain and barley"),
        ("2026-02-03", "A verdict in spring", "The court spoke.", "flooded cellars"),
        ("2026-11-03", "Flood of letters", "Readers write.", "the post"),
        ("2026-11-26", "What the river left", "After the flood.", "mud"),
    ],
    "ru": [
        ("2024-02-01", "Эхо войны", "Через тридцать лет.", "архив"),
        ("2026-02-03", "Ёлка на площади", "Её зажгли в полдень.", "говорили о войне"),
        ("2026-11-26", "Приговор", "Судья читал час.", "перед войной он был учителем"),
    ],
    "fa": [
        ("2026-02-03", "کتاب‌های ممنوع", "در سال ۱۴۰۴", "علی می‌گوید"),
        ("2026-11-26", "سیلاب در شهر", "باران بارید", "كتاب"),
    ],
}


def an_index(folder: Path, language: str, stories: list[tuple[str, str, str, str]]) -> None:
    """A printed index, as `stet.press.search` lays it out: (day, headline, standfirst, text), oldest first."""
    newest = stories[-1][0]
    spans: dict[str, list[tuple[str, str, str, str]]] = {}
    for story in stories:
        day = story[0]
        name = day if day == newest else day[:7] if day[:7] == newest[:7] else day[:4]
        spans.setdefault(name, []).append(story)
    base = folder / "search" / language
    for name, held in spans.items():
        (base / name / "t").mkdir(parents=True)
        words = [(numbers(title, language), numbers(f"{begin} {rest}", language)) for _day, title, begin, rest in held]
        for file, body in chunks(words):
            (base / name / f"{file}.bin").write_bytes(body)
        rows = [(f"/{d[:4]}/story-{n}/", title, d, "News", begin) for n, (d, title, begin, _) in enumerate(held)]
        for part in range(0, len(rows), 16):
            (base / name / "t" / f"{part // 16:x}.json").write_text(json.dumps(rows[part : part + 16]))
    counts = sorted(((name, len(held)) for name, held in spans.items()), key=lambda s: (s[0][:4], len(s[0])))
    (base / "segments.json").write_text(json.dumps({"v": 1, "segments": counts[::-1]}))


@pytest.fixture(scope="module")
def theme() -> Theme:
    return load_theme()


@pytest.fixture(scope="module")
def site(theme: Theme, tmp_path_factory: pytest.TempPathFactory) -> ReaderSite:
    """The three pages and their indexes, as the reader site serves them; French has many stories."""
    folder = tmp_path_factory.mktemp("site")
    for language in LANGUAGES:
        page = folder / language / "search"
        page.mkdir(parents=True)
        (page / "index.html").write_bytes(theme.set_page(a_search(language)))
        an_index(folder, language, STORIES[language])
    many = [("2025-03-01", f"Barley {n}", "Grain.", f"ships {n}") for n in range(90)] + [STORIES["en"][-1]]
    an_index(folder / "many", "en", many)
    (folder / "many" / "search" / "index.html").write_bytes(
        theme.set_page(a_search("en", index_path="/many/search/en/"))
    )
    return ReaderSite(folder)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET_FLAGS)
        yield started
        started.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    made = browser.new_context(viewport={"width": 390, "height": 740})
    made.set_default_timeout(20_000)
    yield made
    made.close()


def opened(context: BrowserContext, site: ReaderSite, path: str) -> tuple[Page, list[str]]:
    """The page at a path of the paper, and every path that is asked for."""
    asked: list[str] = []

    def answer(route: Route) -> None:
        address = urlsplit(route.request.url)
        asked.append(route.request.url.removeprefix(PAPER))
        found = site.answer("GET", unquote(address.path), {})
        route.fulfill(status=found.status, headers=dict(found.headers), body=found.body or b"")

    context.route("**/*", answer)
    page = context.new_page()
    page.goto(PAPER + path)
    return page, asked


def search(page: Page, words: str) -> list[str]:
    """The headlines found."""
    page.get_by_role("searchbox").fill(words)
    page.evaluate("document.querySelector('#said').textContent = ''")  # What the search before this one said.
    page.get_by_role("searchbox").press("Enter")
    page.wait_for_function("w => new URLSearchParams(location.hash.slice(1)).get('q') == w", arg=words)
    page.wait_for_function("d => !['', d].includes(document.querySelector('#said').textContent)",
                           arg=page.locator("form[data-index]").get_attribute("data-busy"))  # fmt: skip
    return page.locator("#found h2").all_text_contents()


# --- The script ---


@pytest.mark.parametrize("language", [*LANGUAGES, "de"])
def test_the_script_is_small_and_its_policy_knows_it(language: str) -> None:
    script = search_script(language)

    assert len(brotli.compress(script.encode())) <= MOST_BYTES
    assert script_hash(language) in SEARCH_SCRIPT_HASHES
    assert f"'{script_hash(language)}'" in page_policy(searches=True)
    assert not any(word in script for word in ("innerHTML", "eval", "cookie", "Storage", "http", "XMLHttp"))


def test_only_the_page_that_searches_may_fetch(site: ReaderSite) -> None:
    policies = {
        path: dict(site.answer("GET", path, {}).headers).get("content-security-policy", "")
        for path in ("/en/search/", "/search/en/segments.json")
    }

    assert "connect-src 'self';" in policies["/en/search/"]
    assert "connect-src" not in policies["/search/en/segments.json"] + page_policy()
    assert not any(one in page_policy() for one in SEARCH_SCRIPT_HASHES)


def vocabulary(language: str) -> list[str]:
    """Words of the sample newsroom, and stems with every ending that the stemmers know of."""
    letters, ends, begins = {
        "en": (
            "[a-z]{3,}",
            "s es ies sses ed eed ing ational tional enci anci izer abli alli entli eli ousli ization ation ator alism "
            "iveness fulness ousness aliti iviti biliti icate ative alize iciti ical ful ness al ance ence er ic able "
            "ible ant ement ment ent ion ou ism ate iti ous ive ize e ll y ly",
            "hop hopp fall fil siz conflat troubl agre rel condition digit form sensit tripl adjust depend adopt "
            "homolog activ effect prob rat ceas controll roll tr syzyg by say play",
        ),
        "ru": (
            "[а-я]+",
            "в вши вшись ив ивши ившись ыв ывши ывшись ее ие ые ое ими ыми ей ий ый ой ем им ым ом его ого ему ому "
            "их ых ую юю ая яя ою ею ующ ивший вшая ся сь ла на ете йте ли й л н ло но ет ют ны ть ешь нно ила ыла ена "
            "ейте уйте ите или ыли уй ил ыл ен ило ыло ено ят ует уют ит ыт ены ить ыть ишь ю а ев ов ье е иями "
            "ями ами еи "
            "ии и ией иям ям ием ам о у ах иях ях ы ь ию ью ия ья я ость остью ейш ейше нн",
            "войн государств работа реша сильн молод красив управля виде пишущ обществен "
            "радост гражданств мест прост я о",
        ),
    }[language]
    written = {
        word
        for file in (SAMPLE / language).glob("*.md")
        for word in re.findall(letters, file.read_text("utf-8").lower().replace("ё", "е"))
    }
    made = {begin + a + b for begin in begins.split(" ") for a in ends.split(" ") for b in ("", *ends.split(" ")[:12])}
    return sorted(written | made)


@pytest.mark.parametrize(("language", "algorithm"), [("en", "porter"), ("ru", "russian")])
def test_the_browsers_stemmer_cuts_as_the_presss_does(browser: Browser, language: str, algorithm: str) -> None:
    words = vocabulary(language)
    script = search_script(language)
    start = script.index("const stem=") + len("const stem=")
    page = browser.new_page()

    stemmer = script[start : script.index(";const stems=")]
    cut = page.evaluate(f"words => {{ const stem={stemmer}; return words.map(stem) }}", words)

    expected = snowballstemmer.stemmer(algorithm).stemWords(words)
    assert [(w, e, c) for w, e, c in zip(words, expected, cut, strict=True) if e != c] == []
    page.close()


@pytest.mark.parametrize(
    "text",
    [
        "Ёлка й Й café CAFÉ ﬁn ½ x 7 İstanbul", "كِتَابٌ عليّ مسئول آب ۀ ة ۱۲۳ ٤٥٦ می‌شود کتاب‌ها کتابها",
        "за\u0301мок co\u00adop",
        "हिन्दी भाषा", "日本語 한국어", "don’t O'Brien 3,5 a1 B-52", "emoji 😀 text",
    ],
)  # fmt: skip
def test_the_browser_folds_and_counts_as_the_press_does(browser: Browser, text: str) -> None:
    script = search_script("fa")
    start, end = script.index("FOLD={}"), script.index(";const get=")
    page = browser.new_page()

    said = page.evaluate(f"text => {{ const {script[start:end]}; return stems(text).map(s => [s, number(s)]) }}", text)

    assert said == [[stem, number(stem)] for stem in stems(text, "fa")]
    page.close()


# --- A reader ---


def test_what_is_found_in_headlines_comes_first_and_then_the_newest(context: BrowserContext, site: ReaderSite) -> None:
    page, _ = opened(context, site, "/en/search/")

    assert search(page, "floods") == ["Flood of letters", "What the river left", "A verdict in spring"]
    expect(page.locator("#said")).to_have_text("Stories shown: 3")
    page.get_by_role("button", name="Search older years").click()
    expect(page.locator("#found h2")).to_have_text(
        ["Flood of letters", "What the river left", "A verdict in spring", "Harvest ends early"]
    )
    expect(page.locator("#found a").nth(3)).to_be_focused()
    assert page.locator("#found mark").all_text_contents() == ["Flood", "flood", "floods"]
    assert page.locator("#found .meta").first.text_content() == "November 3, 2026 · News"
    page.get_by_role("button", name="Search older years").click()
    expect(page.locator("#found h2")).to_have_count(5)
    expect(page.locator("#more")).to_be_hidden()


def test_what_is_looked_for_never_leaves_the_device(context: BrowserContext, site: ReaderSite) -> None:
    page, asked = opened(context, site, "/en/search/")

    search(page, "flooded cellars")

    assert page.url == f"{PAPER}/en/search/#q=flooded+cellars"
    assert asked[0] == "/en/search/"
    assert all(
        re.fullmatch(r"/search/en/(segments\.json|[\d-]+/([0-9a-f.]+\.bin|t/[0-9a-f]+\.json))", a) for a in asked[1:]
    )


def test_a_search_of_two_words_asks_for_few_small_files(context: BrowserContext, site: ReaderSite) -> None:
    page, asked = opened(context, site, "/en/search/")

    assert search(page, "river left") == ["What the river left"]

    assert len([a for a in asked if a.endswith(".bin")]) <= 6
    assert len([a for a in asked if a.endswith(".json")]) == 2


@pytest.mark.parametrize("word", ["война", "войны", "войне", "войной", "ВОЙНУ"])
def test_russian_finds_every_case(context: BrowserContext, site: ReaderSite, word: str) -> None:
    page, _ = opened(context, site, "/ru/search/")

    assert search(page, word) == ["Приговор", "Ёлка на площади"]
    page.locator("#more").click()
    expect(page.locator("#found h2")).to_have_text(["Приговор", "Ёлка на площади", "Эхо войны"])


def test_russian_takes_e_and_yo_for_one(context: BrowserContext, site: ReaderSite) -> None:
    page, _ = opened(context, site, "/ru/search/")

    assert search(page, "елки") == search(page, "ёлкой") == ["Ёлка на площади"]
    assert page.locator("#found mark").all_text_contents() == ["Ёлка"]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("كتاب", ["کتاب‌های ممنوع", "سیلاب در شهر"]),
        ("کتاب ها", ["کتاب‌های ممنوع", "سیلاب در شهر"]),
        ("علي", ["کتاب‌های ممنوع"]),
        ("1404", ["کتاب‌های ممنوع"]),
        ("می‌گوید", ["کتاب‌های ممنوع"]),
    ],
)
def test_persian_finds_whatever_keyboard_wrote_it(
    context: BrowserContext, site: ReaderSite, words: str, found: list[str]
) -> None:
    page, _ = opened(context, site, "/fa/search/")

    assert search(page, words) == found
    assert page.locator("html").get_attribute("dir") == "rtl"


def test_many_are_shown_eight_at_a_time(context: BrowserContext, site: ReaderSite) -> None:
    page, _ = opened(context, site, "/many/search/")

    assert search(page, "ships 7") == ["Barley 7"]
    assert search(page, "ships") == []  # In every story's text, in no headline: the word is common.
    assert len(search(page, "barley")) == 8
    page.get_by_role("button", name="Show more").click()
    expect(page.locator("#found li")).to_have_count(16)
    assert page.locator("#found h2").first.text_content() == "Barley 89"


def test_an_address_with_a_search_in_it_searches(context: BrowserContext, site: ReaderSite) -> None:
    page, _ = opened(context, site, "/en/search/#q=verdict")

    expect(page.locator("#found h2")).to_have_text(["A verdict in spring"])
    expect(page.get_by_role("searchbox")).to_have_value("verdict")
    page.evaluate("location.hash = 'q=harvest'")
    expect(page.locator("#found h2")).to_have_text(["Harvest ends early"])
    page.go_back()
    expect(page.locator("#found h2")).to_have_text(["A verdict in spring"])


def test_nothing_found_is_said(context: BrowserContext, site: ReaderSite) -> None:
    page, _ = opened(context, site, "/en/search/")

    assert search(page, "okapi") == []
    expect(page.get_by_role("status")).to_have_text("Nothing was found.")


def test_what_a_headline_holds_is_never_run(context: BrowserContext, site: ReaderSite) -> None:
    page, _ = opened(context, site, "/en/search/#q=%3Cimg+src%3Dx+onerror%3Dalert(1)%3E+verdict")

    expect(page.get_by_role("status")).to_have_text("Nothing was found.")
    assert page.locator("main img").count() == 0


def test_a_file_that_does_not_come_can_be_asked_for_again(context: BrowserContext, site: ReaderSite) -> None:
    page, _ = opened(context, site, "/en/search/")
    context.route("**/segments.json", lambda route: route.abort())

    search(page, "verdict")
    expect(page.get_by_role("status")).to_have_text("The index can’t be reached now.")
    context.unroute("**/segments.json")
    page.get_by_role("button", name="Try again").click()

    expect(page.locator("#found h2")).to_have_text(["A verdict in spring"])


def test_without_a_script_the_page_leads_to_the_months(browser: Browser, site: ReaderSite) -> None:
    context = browser.new_context(java_script_enabled=False)
    page, _ = opened(context, site, "/en/search/")

    expect(page.locator("form[data-index]")).to_be_hidden()
    expect(page.locator("#without")).to_be_visible()
    assert page.locator(".year a").count() > 24
    context.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_is_accessible_with_what_it_found(context: BrowserContext, site: ReaderSite, language: str) -> None:
    page, _ = opened(context, site, f"/{language}/search/")
    search(page, {"en": "flood", "ru": "война", "fa": "کتاب"}[language])

    assert Axe().run(page).response["violations"] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
