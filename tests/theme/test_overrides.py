"""A newsroom's own theme folder: what it may change, and how it is told that something is wrong."""

from pathlib import Path

import pytest

from stet.theme.errors import BadThemeError
from stet.theme.setting import load_theme
from tests.theme.builders import a_front, a_static_page, an_article


def test_a_newsroom_overrides_a_single_template(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(
        '{% extends "base.html" %}{% block main %}<h1>Ours: {{ page.heading }}</h1>{% endblock %}'
    )
    theme = load_theme(tmp_path)

    assert b"<h1>Ours: Privacy policy</h1>" in theme.set_page(a_static_page())
    assert b"Ours" not in theme.set_page(a_front())


def test_a_newsroom_sets_colours_type_and_name(tmp_path: Path) -> None:
    (tmp_path / "theme.toml").write_text(
        '[colours]\naccent = "#00507a"\n[type]\nheadline = \'"Bodoni 72", serif\'\n[masthead]\nname = "TFS"\n'
    )

    html = load_theme(tmp_path).set_page(a_front()).decode()

    assert "--accent:#00507a" in html
    assert 'font-family:"Bodoni 72",serif' in html
    assert '<h1 class="name"><a href="/">TFS</a></h1>' in html


def test_a_newsrooms_style_has_the_last_word(tmp_path: Path) -> None:
    (tmp_path / "style.css").write_text("h1 { color : red }")

    assert b"h1{color :red}</style>" in load_theme(tmp_path).set_page(an_article())


def test_an_empty_or_missing_folder_changes_nothing(tmp_path: Path) -> None:
    plain = load_theme().set_page(a_front())

    assert load_theme(tmp_path).set_page(a_front()) == plain
    assert load_theme(tmp_path / "none").set_page(a_front()) == plain


def test_the_digest_follows_every_file_of_the_folder(tmp_path: Path) -> None:
    seen = {load_theme(tmp_path).digest}
    for name, text in (("style.css", "h1{margin:0}"), ("theme.toml", ""), ("page.html", "x"), ("page.html", "y")):
        (tmp_path / name).write_text(text)
        seen.add(load_theme(tmp_path).digest)

    assert len(seen) == 5
    assert load_theme(tmp_path).digest in seen


BAD_FOLDERS = {
    "a template with a slip in its syntax": (
        "page.html",
        "line one\n{% if page.heading %}never closed",
        "The template page.html, line 2, can't be set: ",
    ),
    "a setting that does not exist": (
        "theme.toml",
        '[colours]\npaper = "#ffffff"\nacent = "#00507a"\n',
        "theme.toml, line 3: there is no setting colours.acent; did you mean colours.accent?",
    ),
    "a colour that is none": (
        "theme.toml",
        '[colours]\naccent = "red; } body { display: none"\n',
        'theme.toml, line 2: colours.accent should be a colour such as "#a1161f".',
    ),
    "a colour too faint to read": (
        "theme.toml",
        '[colours]\nquiet = "#cccccc"\n',
        "theme.toml, line 2: colours.quiet on colours.paper has a contrast of 1.6, too little to read; "
        "choose colours with at least 4.5.",
    ),
    "text that is not TOML": (
        "theme.toml",
        "[colours\n",
        "theme.toml is not valid TOML: ",
    ),
    "fonts that leave their place": (
        "theme.toml",
        "[type]\ntext = 'serif}</style>'\n",
        "theme.toml, line 2: type.text should be names of fonts, separated by commas.",
    ),
    "a style sheet that loads something": (
        "style.css",
        "h1{margin:0}\n@import 'https://example.com/x.css';",
        "style.css, line 2: a style sheet here can't load anything or close its element; "
        "take out the @import, the address or the tag.",
    ),
    "a style sheet with an address": (
        "style.css",
        "body{background:url(//example.com/x.png)}",
        "style.css, line 1: ",
    ),
}


@pytest.mark.parametrize("case", BAD_FOLDERS)
def test_a_bad_folder_is_refused_in_one_sentence_with_file_and_line(case: str, tmp_path: Path) -> None:
    name, text, sentence = BAD_FOLDERS[case]
    (tmp_path / name).write_text(text)

    with pytest.raises(BadThemeError) as caught:
        load_theme(tmp_path)

    assert str(caught.value).startswith(sentence)
    assert "\n" not in str(caught.value)


def test_text_in_another_encoding_is_refused(tmp_path: Path) -> None:
    (tmp_path / "theme.toml").write_bytes("[masthead]\nname = 'Б'".encode("cp1251"))

    with pytest.raises(BadThemeError, match=r"theme\.toml is not UTF-8 text"):
        load_theme(tmp_path)


def test_a_template_that_asks_for_what_copy_does_not_have_is_refused_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text("<h1>{{ page.heading }}</h1>\n<p>{{ page.author }}</p>\n")
    theme = load_theme(tmp_path)

    with pytest.raises(BadThemeError) as caught:
        theme.set_page(a_static_page())

    assert str(caught.value).startswith("The template page.html, line 2, can't be set: ")


def test_a_template_that_misuses_a_value_is_refused_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text("<h1>{{ page.heading }}</h1>\n<p>{{ page.body + 1 }}</p>\n")
    theme = load_theme(tmp_path)

    with pytest.raises(BadThemeError) as caught:
        theme.set_page(a_static_page())

    assert str(caught.value).startswith("The template page.html, line 2, can't be set: ")
