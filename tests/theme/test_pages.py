"""What is true of every page that the theme sets."""

import re
from html.parser import HTMLParser
from itertools import pairwise

import brotli
import lxml.html
import pytest
from msgspec.structs import asdict, replace

from stet.theme.copy import Byline, Link, Page, Subhead, Table, Text
from stet.theme.setting import Theme, load_theme
from tests.theme.asking import an_asking
from tests.theme.builders import (
    FULL,
    MINIMAL,
    a_front,
    a_list_page,
    a_photo,
    a_redirect,
    a_sign_up,
    a_site,
    a_support_page,
    a_teaser,
    a_timeline,
    a_topic,
    an_answer_shell,
    an_article,
    full,
    minimal,
)

WITH_SCRIPTS = ("support", "article_with_claims", "article_covered_live", "search")
HOSTILE = "<script>alert(1)</script>\"' onload=x \u202e&lt;"
LANGUAGES = ("en", "ru", "fa")

# What HTML closes by itself; everything else has to be closed by the template.
_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


@pytest.fixture(scope="module")
def theme() -> Theme:
    return load_theme()


class _Outline(HTMLParser):
    """Notes the elements of a page, and whatever was opened and not closed."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.wrong: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in _VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(f"</{tag}> at {self.getpos()}")


def outline(html: str) -> _Outline:
    parser = _Outline()
    parser.feed(html)
    parser.close()
    return parser


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", FULL)
def test_every_template_sets_full_copy(theme: Theme, name: str, language: str) -> None:
    found = outline(theme.set_page(full(name, language)).decode())

    assert (found.wrong, found.open) == ([], [])
    assert [tag for tag, _ in found.elements].count("h1") == 1
    assert found.elements[0] == ("html", {"lang": language, "dir": "rtl" if language == "fa" else "ltr"})


@pytest.mark.parametrize("name", MINIMAL)
def test_every_template_sets_minimal_copy(theme: Theme, name: str) -> None:
    html = theme.set_page(minimal(name)).decode()
    found = outline(html)

    assert (found.wrong, found.open) == ([], [])
    assert "None" not in re.sub(r"<style>.*?</style>|<script.*?</script>", "", html, flags=re.S)


@pytest.mark.parametrize("name", FULL)
def test_headings_go_down_one_level_at_a_time(theme: Theme, name: str) -> None:
    html = theme.set_page(full(name)).decode()
    levels = [int(level) for level in re.findall(r"<h([1-6])", html)]

    assert levels[0] == 1
    assert all(following <= level + 1 for level, following in pairwise(levels))


@pytest.mark.parametrize("name", FULL)
def test_hostile_text_comes_out_escaped(theme: Theme, name: str) -> None:
    page = poisoned(full(name))

    html = re.sub(r"<script type=.*?</script>", "", theme.set_page(page).decode())

    assert "<script>alert" not in html
    assert "\"' onload" not in html
    assert outline(html).wrong == []


def poisoned(page: Page) -> Page:
    """The page with hostile words in every plain text of its own and of its first teasers."""
    plain = {
        key: HOSTILE
        for key, value in asdict(page).items()
        if isinstance(value, str)
        and not key.endswith(("_html", "path", "_url"))
        and key not in {"kind", "html", "revision", "target"}
    }
    hostile_site = a_site(name=HOSTILE, tagline=HOSTILE, publisher=HOSTILE, licence=HOSTILE, fingerprint=HOSTILE)
    if hasattr(page, "teasers"):
        plain["teasers"] = (
            a_teaser(headline=HOSTILE, short_headline=HOSTILE, standfirst=HOSTILE, bylines=(Byline(name=HOSTILE),)),
        )
    return replace(page, **plain, site=hostile_site)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", FULL)
def test_a_page_asks_nobody_else_for_anything(theme: Theme, name: str, language: str) -> None:
    elements = outline(theme.set_page(full(name, language)).decode()).elements

    loaded = [
        address
        for tag, attributes in elements
        for key in ("src", "srcset", "poster", "data")
        if tag != "a" and (address := attributes.get(key))
    ]
    loaded += [
        a["href"] or "" for tag, a in elements if tag == "link" and a["rel"] in {"icon", "stylesheet", "preload"}
    ]
    assert [address for address in loaded if "//" in address.replace("image/avif;base64", "")] == []


@pytest.mark.parametrize("name", FULL)
def test_a_page_runs_no_script_but_those_of_appeals_claims_coverage_and_the_search(theme: Theme, name: str) -> None:
    elements = outline(theme.set_page(full(name)).decode()).elements

    scripts = {attributes.get("type") for tag, attributes in elements if tag == "script"}
    handlers = [key for _, attributes in elements for key in attributes if key.startswith("on")]
    assert scripts <= {"application/ld+json", *([None] if name in WITH_SCRIPTS else [])}
    assert handlers == []


def test_a_page_is_a_function_of_its_copy(theme: Theme) -> None:
    assert theme.set_page(a_front()) == load_theme().set_page(a_front())


def test_an_article_says_where_its_other_forms_are(theme: Theme) -> None:
    html = theme.set_page(an_article("ru")).decode()

    assert '<link rel="canonical" href="https://example.org/ru/section-1/story-0/">' in html
    assert '<link rel="alternate" hreflang="fa" href="https://example.org/fa/section-1/story-0/">' in html
    assert '<link rel="alternate" hreflang="x-default" href="https://example.org/section-1/story-0/">' in html
    assert '<link rel="alternate" type="application/json" href="/ru/section-1/story-0/article.json">' in html
    assert '<meta property="og:image" content="https://example.org/media/dam-1280.jpg">' in html
    assert '<meta property="og:locale" content="ru_RU">' in html


def test_a_dateline_opens_the_first_paragraph(theme: Theme) -> None:
    html = theme.set_page(an_article()).decode()

    assert "<p><b class=place>Tolv</b> — The former director" in html


def test_a_dateline_stands_alone_where_no_paragraph_comes_first(theme: Theme) -> None:
    html = theme.set_page(an_article(body=(Text(html="<ul><li>One</li></ul>"),))).decode()

    assert '<b class="place">Tolv</b>' in html


def test_a_later_part_repeats_neither_photo_nor_standfirst(theme: Theme) -> None:
    html = theme.set_page(an_article(part=2)).decode()

    assert 'class="lead"' not in html
    assert 'class="standfirst"' not in html


def test_a_withheld_byline_is_printed_without_by_and_without_a_link(theme: Theme) -> None:
    html = theme.set_page(an_article(bylines=(Byline(name="Byline withheld", kind="withheld"),))).decode()

    assert '<p class="by">Byline withheld</p>' in html


def test_a_byline_links_to_its_people(theme: Theme) -> None:
    html = theme.set_page(an_article()).decode()

    assert '<p class="by">By <a href="/people/p0/">Lida Orsova</a> and <a href="/people/p1/">Tomas Venn</a></p>' in html


PARTS = tuple(Link(label=f"Part {n}", path=f"/story/{n}/") for n in (1, 2, 3))


def test_a_part_leads_to_those_beside_it(theme: Theme) -> None:
    html = theme.set_page(an_article(part=2, parts=PARTS)).decode()

    assert '<b aria-current="page">2</b>' in html
    assert '<a rel="prev" href="/story/1/">Previous part</a><a rel="next" href="/story/3/">Next part</a>' in html


def test_a_phone_gets_the_inlined_picture_and_a_wide_screen_the_files(theme: Theme) -> None:
    html = theme.set_page(an_article(body=())).decode()

    sources = re.findall(r"<source ([^>]*)>", html)
    assert ['media="(min-width:48em)"' in source for source in sources] == [True, True, False]
    assert 'srcset="data:image/avif;base64,BBBB"' in sources[2]


def test_a_photo_without_rendered_files_shows_its_inlined_picture(theme: Theme) -> None:
    html = theme.set_page(an_article(photo=a_photo(files=()), body=())).decode()

    assert '<img src="data:image/avif;base64,BBBB"' in html
    assert "og:image" not in html


def test_persian_pages_show_persian_digits_and_keep_them_from_machines(theme: Theme) -> None:
    html = theme.set_page(an_article("fa")).decode()

    assert '<time datetime="2026-11-19T06:30:00Z">۱۹ نوامبر ۲۰۲۶' in html


def test_a_translation_behind_its_original_says_so(theme: Theme) -> None:
    behind = theme.set_page(an_article(is_behind_original=True)).decode()
    up_to_date = theme.set_page(an_article()).decode()

    assert "has changed since it was translated" in behind
    assert "has changed since it was translated" not in up_to_date


def test_a_page_that_is_not_to_be_found_has_no_canonical_address(theme: Theme) -> None:
    html = theme.set_page(full("not_found")).decode()

    assert '<meta name="robots" content="noindex">' in html
    assert "canonical" not in html


def test_an_old_address_leads_on_without_a_script(theme: Theme) -> None:
    html = theme.set_page(a_redirect(target="/new/")).decode()

    assert '<meta http-equiv="refresh" content="0; url=/new/">' in html
    assert '<link rel="canonical" href="https://example.org/new/">' in html


def test_an_unknown_language_is_set_in_english_words(theme: Theme) -> None:
    site = a_site()
    odd = replace(site, language=replace(site.language, code="tlh"))

    html = theme.set_page(an_article(site=odd)).decode()

    assert "Skip to the text" in html


def test_a_subhead_of_the_third_level_that_comes_first_is_set_on_the_second(theme: Theme) -> None:
    low = Subhead(text="Low", level=3, anchor="a")
    html = theme.set_page(an_article(body=(low, replace(low, anchor="b")), read_more=())).decode()

    assert re.findall(r"<(h\d) id", html) == ["h2", "h3"]


def test_a_timeline_without_a_title_has_no_headings(theme: Theme) -> None:
    html = theme.set_page(an_article(body=(replace(a_timeline(), title=""),), read_more=())).decode()

    assert "<h3" not in html
    assert '<p class="what">' in html


TITLES = {
    "archive": "Archive",
    "search": "Search",
    "corrections": "Corrections",
    "month": "November 2026",
    "not_found": "There is nothing at this address",
    "tombstone": "This article was withdrawn",
}


@pytest.mark.parametrize("name", TITLES)
def test_a_page_without_a_title_of_its_own_is_named_by_the_theme(theme: Theme, name: str) -> None:
    html = theme.set_page(FULL[name](title="")).decode()

    assert f"<title>{TITLES[name]} — The Far Shore</title>" in html
    assert f"<h1>{TITLES[name]}</h1>" in html


def test_a_topics_timeline_has_a_heading_even_without_a_title(theme: Theme) -> None:
    html = theme.set_page(a_topic(timeline=replace(a_timeline(), title=""))).decode()

    assert '<section class="timeline"><h2>Timeline</h2>' in html


# --- The form that joins a list ---


def test_a_page_has_one_form_at_the_most_but_where_readers_give_search_or_keep(theme: Theme) -> None:
    forms = {name: theme.set_page(full(name)).decode().count("<form") for name in FULL}

    assert {name for name, count in forms.items() if count != 1} == {
        "redirect", "support", "search", "offline", "live_news",
    }  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_form_is_plain_and_hides_its_trap(theme: Theme, language: str) -> None:
    elements = outline(theme.set_page(full("front", language)).decode()).elements

    (form,) = [attributes for tag, attributes in elements if tag == "form"]
    assert (form["method"], form["action"]) == ("post", f"https://join.example.org/{language}/join")
    fields = {a["name"]: a for tag, a in elements if tag == "input" and a["name"]}
    assert list(fields) == ["list", "wording", "website", "email"]
    assert (fields["email"]["type"], fields["email"]["autocomplete"], "required" in fields["email"]) == (
        "email",
        "email",
        True,
    )
    assert fields["website"]["tabindex"] == "-1"
    label = next(a for tag, a in elements if tag == "label")
    assert (label["class"], label["aria-hidden"]) == ("skip", "true")


def test_hostile_words_in_a_form_come_out_escaped(theme: Theme) -> None:
    form = a_sign_up(name=HOSTILE, promise=HOSTILE, list_key=HOSTILE)

    html = theme.set_page(a_front(site=a_site(sign_up=form))).decode()

    assert "<script>alert" not in html
    assert "\"' onload" not in html


def test_without_an_open_list_a_page_has_no_form_and_no_style_for_one(theme: Theme) -> None:
    html = theme.set_page(an_article(site=a_site(sign_up=None))).decode()

    assert "<form" not in html
    assert ".join{" not in html


def test_the_page_around_answers_has_three_marks_and_no_signature_to_tell_of(theme: Theme) -> None:
    html = theme.set_page(an_answer_shell()).decode()

    assert [html.count(f"<!--stet:{mark}-->") for mark in ("base", "title", "answer")] == [1, 1, 1]
    assert "This page is signed" not in html
    assert "<form" not in html


WHEN = {
    ("en", "weekly"): "Every Friday at 08:00",
    ("ru", "weekly"): "По пятницам в 08:00",
    ("fa", "weekly"): "جمعه‌ها ساعت ۰۸:۰۰",
    ("en", "daily"): "Every day at 08:00",
    ("en", "irregular"): "Whenever there is something to say",
}


@pytest.mark.parametrize(("language", "cadence"), WHEN)
def test_a_list_says_when_its_letters_come(theme: Theme, language: str, cadence: str) -> None:
    html = theme.set_page(a_list_page(language, cadence=cadence)).decode()

    assert f'<p class="meta">{WHEN[language, cadence]}</p>' in html


def test_a_page_of_a_lists_archive_has_its_letters_alone(theme: Theme) -> None:
    html = theme.set_page(a_list_page(number=2)).decode()

    assert "Preview" not in html
    assert "<form" not in html
    assert "Older letters" in html


# --- The onion address ---

ONION = "http://vww6ybal4bd7szmgncyruucpgfkqahzddi37ktceo3ah7ngmcopnpyyd.onion"


@pytest.mark.parametrize("name", ["article", "front", "topic"])
def test_a_page_says_where_it_stands_at_the_onion_address(theme: Theme, name: str) -> None:
    page = full(name)
    at_onion = replace(page, site=replace(page.site, onion_url=ONION))
    html = theme.set_page(at_onion).decode()

    assert f'<meta http-equiv="onion-location" content="{ONION}{page.path}">' in html
    assert "onion" not in theme.set_page(page).decode()


def test_where_a_page_stands_at_the_onion_address_costs_little(theme: Theme) -> None:
    page = full("article")
    form = a_sign_up(onion_url=f"{ONION}:81/en/join")
    sizes = [
        len(brotli.compress(theme.set_page(replace(page, site=site)), quality=11))
        for site in (
            page.site,
            replace(page.site, onion_url=ONION),
            replace(page.site, onion_url=ONION, sign_up=form),
        )
    ]

    assert sizes[1] - sizes[0] <= 90
    assert sizes[2] - sizes[0] <= 120


OVER_TOR = {"en": "In the Tor Browser", "ru": "В браузере Tor", "fa": "در مرورگر Tor"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_form_has_a_button_that_sends_it_to_the_onion_address(theme: Theme, language: str) -> None:
    url = f"{ONION}:81/{language}/"
    asking = an_asking(language)
    assert asking.giving
    pages = {
        "join": a_list_page(language, sign_up=a_sign_up(language, onion_url=f"{url}join")),
        "give": an_article(asking=replace(asking, giving=replace(asking.giving, onion_url=f"{url}give"))),
        "support": replace(
            a_support_page(language), give_onion_url=f"{url}give", remind_onion_url=f"{url}remind"
        ),
    }  # fmt: skip
    trees = {name: lxml.html.fromstring(theme.set_page(page).decode()) for name, page in pages.items()}

    sent = {
        name: [(form.get("action").rpartition("/")[2], button.get("formaction"), button.get("formmethod"))
               for form in tree.iter("form") for button in form.iter("button") if button.get("formaction")]
        for name, tree in trees.items()
    }  # fmt: skip
    assert set(sent["join"]) == {("join", f"{url}join", None)}
    assert set(sent["give"]) == {("give", f"{url}give", "get")}
    assert set(sent["support"]) == {("give", f"{url}give", None), ("remind", f"{url}remind", None)}
    # Pressing Enter takes a form's first button: the one that every browser can follow.
    firsts = [form.find(".//button[@type='submit']") for tree in trees.values() for form in tree.iter("form")]
    assert not [first for first in firsts if first is not None and first.get("formaction")]
    assert OVER_TOR[language] in trees["join"].text_content()
    assert "onion" not in theme.set_page(a_list_page(language)).decode()


def test_a_table_whose_first_column_has_no_name_has_no_empty_heading(theme: Theme) -> None:
    table = Table(caption="Prices", head=("", "2025"), rows=(("Bread", "6"),), first_column_is_head=True)
    page = theme.set_page(an_article(body=(table,))).decode()

    assert "<thead><tr><td></td><th" in page
