"""A letter as mail: it asks nobody for anything, its marks stand, it is right in three languages and in the dark."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from msgspec.structs import replace

from stet.theme.copy import MANAGE_URL, UNSUBSCRIBE_URL, Appeal, LetterMail, Link, Story, Text
from stet.theme.errors import BadThemeError
from stet.theme.look import SETTINGS, contrast
from stet.theme.mail import folded, in_the_dark
from stet.theme.plain_text import as_text
from stet.theme.setting import Theme, load_theme
from tests.theme.builders import BASE, a_letter_body, a_letter_mail, a_site

LANGUAGES = ("en", "ru", "fa")
LARGEST_HTML_BYTES = 102_000
"""Gmail cuts what is longer."""
LONGEST_LINE_OCTETS = 998
LONGEST_TEXT_LINE = 72
URL = re.compile(r"(?:https?:)?//[^\s\"'<>()]+")
NAMESPACES = {"http://www.w3.org/1999/xhtml"}
HOSTILE = "<script>alert(1)</script>\"' onload=x &lt; </mj-text> {{ 7 * 7 }}"


@pytest.fixture(scope="module")
def theme() -> Theme:
    return load_theme()


class _Mail(HTMLParser):
    """Notes every attribute, every style sheet and the words of a mail."""

    def __init__(self, html: bytes) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.styles = ""
        self.words = ""
        self.comments: list[str] = []
        self._in_style = False
        self.feed(html.decode())
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {key: value or "" for key, value in attrs}))
        self._in_style = tag == "style"

    def handle_endtag(self, tag: str) -> None:
        self._in_style = False

    def handle_data(self, data: str) -> None:
        if self._in_style:
            self.styles += data
        else:
            self.words += data

    def handle_comment(self, data: str) -> None:
        self.comments.append(data)


def html_of(theme: Theme, letter: LetterMail) -> bytes:
    return theme.set_mail(letter).html


def text_of(theme: Theme, letter: LetterMail) -> str:
    return theme.set_mail(letter).text.decode()


# --- What it never does ---


@pytest.mark.parametrize("language", LANGUAGES)
def test_opening_a_mail_contacts_nobody(theme: Theme, language: str) -> None:
    mail = _Mail(html_of(theme, a_letter_mail(language)))

    fetched = [
        (tag, key, value)
        for tag, attributes in mail.elements
        for key, value in attributes.items()
        if not (tag == "a" and key == "href") and (URL.search(value) or "url(" in value) and value not in NAMESPACES
    ]
    assert fetched == []
    assert URL.findall(mail.styles) == []
    assert "url(" not in mail.styles
    assert "@import" not in mail.styles
    assert "@font-face" not in mail.styles
    assert [c for c in mail.comments if URL.search(c)] == []
    tags = {tag for tag, _ in mail.elements}
    assert tags & {"link", "script", "iframe", "object", "embed", "video", "audio", "form", "input", "base"} == set()
    sources = [attributes["src"] for tag, attributes in mail.elements if tag == "img"]
    assert all(source.startswith("cid:") for source in sources)
    assert not [a for _, a in mail.elements if "background" in a or "srcset" in a]


def test_a_font_that_mjml_would_load_by_its_name_is_not_loaded(theme: Theme, tmp_path: Path) -> None:
    (tmp_path / "theme.toml").write_text('[type]\ntext = "Roboto, Lato, Georgia, serif"\n')

    html = html_of(load_theme(tmp_path), a_letter_mail())

    assert b"Roboto" in html
    assert b"googleapis" not in html


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_link_leads_to_the_paper_or_is_a_readers_own(theme: Theme, language: str) -> None:
    letter = a_letter_mail(language)
    mail = _Mail(html_of(theme, letter))

    links = {attributes["href"] for tag, attributes in mail.elements if tag == "a"}
    known = {UNSUBSCRIBE_URL, MANAGE_URL, *(f"{url}/" for url in letter.other_urls)}
    assert known < links
    assert all(link.startswith(f"{BASE}/") for link in links - known)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_mail_says_where_else_the_paper_opens(theme: Theme, language: str) -> None:
    letter = a_letter_mail(language)
    html, text = html_of(theme, letter).decode(), text_of(theme, letter)

    assert f'<a href="{letter.reach_url}"' in html
    for url in letter.other_urls:
        assert f'<a href="{url}/"' in html
        assert f"\n{url}/\n" in text
    assert f"\n{letter.reach_url}\n" in text


def test_a_mail_of_a_paper_without_mirrors_names_the_page_alone(theme: Theme) -> None:
    text = text_of(theme, a_letter_mail(other_urls=()))

    assert f"If our site does not open:\n{BASE}/reach-us/\n" in text


# --- What it always has ---


@pytest.mark.parametrize("mark", [UNSUBSCRIBE_URL, MANAGE_URL])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_readers_own_links_stand_once_in_each_part(theme: Theme, language: str, mark: str) -> None:
    mail = theme.set_mail(a_letter_mail(language))

    assert mail.html.count(mark.encode()) == 1
    assert mail.text.count(mark.encode()) == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_line_is_longer_than_a_mail_may_have(theme: Theme, language: str) -> None:
    long_words = Text(html="<p>" + "долгое слово и ещё одно " * 200 + "</p>")
    mail = theme.set_mail(a_letter_mail(language, body=(*a_letter_body(language), long_words)))

    assert max(map(len, mail.html.split(b"\n"))) <= LONGEST_LINE_OCTETS
    assert max(map(len, mail.text.decode().split("\n"))) <= LONGEST_TEXT_LINE
    assert b"\r" not in mail.html + mail.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_letter_of_twenty_stories_is_not_cut(theme: Theme, language: str) -> None:
    stories = [block for block in a_letter_body(language) if isinstance(block, Story)]

    html = html_of(theme, a_letter_mail(language, body=tuple(stories * 3)[:20]))

    assert len(html) < LARGEST_HTML_BYTES


@pytest.mark.parametrize(("language", "direction", "start"), [("en", "ltr", "left"), ("fa", "rtl", "right")])
def test_a_mail_runs_the_way_of_its_script(theme: Theme, language: str, direction: str, start: str) -> None:
    mail = _Mail(html_of(theme, a_letter_mail(language)))

    elements = dict(reversed(mail.elements))
    assert (elements["html"]["lang"], elements["html"]["dir"]) == (language, direction)
    article = next(attributes for _, attributes in mail.elements if attributes.get("role") == "article")
    assert (article["lang"], article["dir"]) == (language, direction)
    aligned = {
        a["align"] for tag, a in mail.elements if tag == "td" and set(a.get("class", "").split()) & {"ink", "quiet"}
    }
    assert aligned == {start}
    assert f"direction:{'ltr' if direction == 'rtl' else 'rtl'}" not in html_of(theme, a_letter_mail(language)).decode()


def test_text_is_of_sixteen_pixels_at_least_and_what_stands_around_it_of_fourteen(theme: Theme) -> None:
    mail = _Mail(html_of(theme, a_letter_mail()))

    sizes = [
        float(size) for _, a in mail.elements for size in re.findall(r"font-size:\s*([\d.]+)px", a.get("style", ""))
    ]
    shown = [size for size in sizes if size > 1]  # 0 and 1 are MJML's own, for gaps and for what is hidden.
    assert min(shown) >= 14
    assert shown.count(16.0) > 10


def test_a_mail_in_the_dark_has_the_dark_look(theme: Theme) -> None:
    html = html_of(theme, a_letter_mail()).decode()

    assert '<meta name="color-scheme" content="light dark">' in html
    dark = html.partition("@media (prefers-color-scheme:dark)")[2]
    for setting in SETTINGS:
        if setting.table == "colours.dark" and setting.key in ("paper", "ink", "quiet", "panel", "accent"):
            assert setting.default in dark, setting.name
    assert "[data-ogsc]" in dark
    assert b"@media all" in in_the_dark(html.encode())


def test_a_button_can_be_read_by_day_and_in_the_dark() -> None:
    look = {setting.name: setting.default for setting in SETTINGS}

    assert contrast(look["colours.paper"], look["colours.ink"]) >= 7
    assert contrast(look["colours.dark.paper"], look["colours.dark.ink"]) >= 7


def test_a_photo_has_its_words_and_a_ground_for_whoever_loads_none(theme: Theme) -> None:
    mail = _Mail(html_of(theme, a_letter_mail()))

    photos = [attributes for tag, attributes in mail.elements if tag == "img"]
    assert [photo["src"] for photo in photos] == [f"cid:photo-{n}@stet.invalid" for n in (1, 2, 3, 4)]
    assert all(photo["alt"] for photo in photos)
    assert all("background: #f4f3f0" in photo["style"] and "color: #16161a" in photo["style"] for photo in photos)


WORDS_OF_A_PHOTO = {
    "a joiner that is not seen": "شخص می\u200cدود",
    "a mark above a letter": "خانهٔ ما",
    "a backslash and a quote": 'C:\\dam said "no"',
    "what stands for itself in HTML": "<b> & co",
    "other letters": "Плотина в тумане",
    "a family of three": "👩\u200d👩\u200d👧",
    "a line's end": "one\ntwo",
}


@pytest.mark.parametrize("words", WORDS_OF_A_PHOTO.values(), ids=WORDS_OF_A_PHOTO.keys())
def test_a_photos_words_arrive_as_they_were_written(theme: Theme, words: str) -> None:
    body = a_letter_body()
    at = next(number for number, block in enumerate(body) if isinstance(block, Story) and block.photo)
    story = replace(body[at], photo=replace(body[at].photo, alt=words))
    mail = _Mail(html_of(theme, a_letter_mail(body=(*body[:at], story, *body[at + 1 :]))))

    assert words in [attributes["alt"] for tag, attributes in mail.elements if tag == "img"]


def test_a_preheader_is_in_the_mail_and_not_seen(theme: Theme) -> None:
    html = html_of(theme, a_letter_mail(preheader="Only in the list of mails")).decode()

    assert re.search(r'<div style="display:\s*none;[^"]*">Only in the list of mails</div>', html)
    assert "display:none" not in html_of(theme, a_letter_mail(preheader="")).decode().replace("display: none", "")


def test_hostile_words_come_out_as_words(theme: Theme) -> None:
    story = Story(path="/a/", headline=HOSTILE, teaser=HOSTILE)
    appeal = Appeal(html="<p>x</p>", label=HOSTILE, target="https://example.com/?a=1&b=2")
    letter = a_letter_mail(subject=HOSTILE, preheader=HOSTILE, body=(story, appeal), site=a_site(name=HOSTILE))

    mail = theme.set_mail(letter)
    read = _Mail(mail.html)

    assert "script" not in {tag for tag, _ in read.elements}
    assert not [key for _, attributes in read.elements for key in attributes if key == "onload"]
    assert read.words.count("<script>alert(1)</script>") >= 5
    assert "https://example.com/?a=1&b=2" in {a.get("href") for _, a in read.elements}
    assert " ".join(HOSTILE.split()) in " ".join(mail.text.decode().split())


def test_a_mail_is_a_function_of_its_copy(theme: Theme) -> None:
    assert theme.set_mail(a_letter_mail("ru")) == load_theme().set_mail(a_letter_mail("ru"))


def test_a_newsrooms_own_mail_template_that_is_no_mjml_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mail.mjml").write_text("<mjml><mj-body><mj-text></mj-body></mjml>")

    with pytest.raises(BadThemeError, match=r"mail\.mjml makes no valid MJML"):
        load_theme(tmp_path).set_mail(a_letter_mail())


# --- The text ---


def test_the_text_has_the_same_order_as_the_html(theme: Theme) -> None:
    text = text_of(theme, a_letter_mail())

    headlines = [block.headline for block in a_letter_body() if isinstance(block, Story)]
    places = [" ".join(text.split()).index(headline) for headline in headlines]
    assert places == sorted(places)
    assert text.splitlines()[:4] == [
        "The Far Shore",
        "The Week · 20 November 2026",
        "Read on the web:",
        "https://example.org/letters/the-week/2026-11-20/",
    ]


def test_nothing_is_escaped_in_the_text(theme: Theme) -> None:
    odd = "Salt & <Water>"
    letter = a_letter_mail(list=Link(label=odd, path="/letters/a/"), site=a_site(name=odd, publisher=odd), subject=odd)

    text = text_of(theme, letter)

    assert text.count(odd) == 5
    assert "&amp;" not in text


def test_links_stand_on_lines_of_their_own(theme: Theme) -> None:
    lines = text_of(theme, a_letter_mail()).splitlines()

    assert [line for line in lines if "https://" in line and not re.fullmatch(r"https://\S+", line)] == []


def test_a_headline_is_underlined_to_its_length(theme: Theme) -> None:
    story = Story(path="/a/", headline="The dam & the <river>", teaser="It's gone.")

    text = text_of(theme, a_letter_mail(body=(story,)))

    assert "The dam & the <river>\n---------------------\nIt's gone.\nhttps://example.org/a/\n" in text


CASES = {
    "paragraphs stand apart": ("<p>One.</p><p>Two.</p>", "One.\n\nTwo."),
    "links follow their paragraph": (
        '<p>See <a href="/a/">a</a>, <a href="/b/">b</a>.</p>', f"See a, b.\n{BASE}/a/\n{BASE}/b/",
    ),
    "a link twice follows once": ('<p><a href="/a/">a</a> <a href="/a/">b</a></p>', f"a b\n{BASE}/a/"),
    "a link that is written out is not repeated": (
        '<p><a href="https://example.com/x">https://example.com/x</a></p>', "https://example.com/x",
    ),
    "a list is marked": ("<ul><li>One</li><li>Two</li></ul>", "- One\n- Two"),
    "a numbered list begins where it says": ('<ol start="3"><li>C</li><li>D</li></ol>', "3. C\n4. D"),
    "an address for mail is written out": ('<p><a href="mailto:a@example.org">Write</a></p>', "Write\na@example.org"),
    "two lists stand apart": ("<ul><li>A</li></ul><ul><li>B</li></ul>", "- A\n\n- B"),
    "a line break breaks the line": ("<p>One<br>two</p>", "One\ntwo"),
    "marks of HTML are read": ("<p>Salt &amp; <b>water</b> &lt; 3</p>", "Salt & water < 3"),
    "words outside a paragraph are kept": ("Bare", "Bare"),
    "nothing is nothing": ("", ""),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_html_as_text(case: str) -> None:
    html, expected = CASES[case]

    assert as_text(html, BASE) == expected


def test_a_letter_with_nothing_in_it_is_set(theme: Theme) -> None:
    bare = a_letter_mail(
        preheader="", intro_html="", body=(), sign_off_html="",
        site=replace(a_site(), publisher="", fingerprint="", privacy=None),
    )  # fmt: skip

    mail = theme.set_mail(bare)

    assert b"None" not in mail.html + mail.text
    assert b"\n\n\n" not in mail.text


def test_folding_changes_only_where_lines_end() -> None:
    html = '<p class="a b" title="' + "x " * 600 + '">' + "слово " * 400 + "</p><!--[if mso | IE]><br><![endif]-->"

    made = folded(html)

    assert "".join(made.split()) == "".join(html.split())
    assert "<!--[if mso | IE]>" in made
    assert 'title="' + "x " * 600 + '"' in made
