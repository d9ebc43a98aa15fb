"""Shortcodes are found where they stand, and brackets that are text stay text."""

import pytest

from stet.intake.shortcodes import first_url, take_shortcodes

CODES = {
    "a gallery with numbers": ('[gallery ids="1,2"]', "gallery", {"ids": "1,2"}, (), ""),
    "attributes without quotation marks": (
        "[gallery columns=2 ids='3']",
        "gallery",
        {"columns": "2", "ids": "3"},
        (),
        "",
    ),
    "an address without a name": ("[audio https://example.org/a.mp3]", "audio", {}, ("https://example.org/a.mp3",), ""),
    "text between its tags": ("[embed]https://example.org/v[/embed]", "embed", {}, (), "https://example.org/v"),
    "an unknown one with attributes": ('[poll id="3"]', "poll", {"id": "3"}, (), ""),
    "an unknown one with a hyphen": ("[contact-form-7]", "contact-form-7", {}, (), ""),
    "an unknown one that closes itself": ("[ad /]", "ad", {}, (), ""),
    "capitals": ("[GALLERY]", "gallery", {}, (), ""),
}


@pytest.mark.parametrize("sentence", CODES)
def test_a_shortcode_is_read(sentence: str) -> None:
    text, name, attributes, values, content = CODES[sentence]
    html, codes = take_shortcodes(f"before {text} after")
    assert html == 'before <stet-code n="0"></stet-code> after'
    assert (codes[0].name, codes[0].attributes, codes[0].values, codes[0].content) == (
        name,
        attributes,
        values,
        content,
    )


TEXTS = {
    "an editor's sic": "He wrote “teh” [sic] twice.",
    "words of an editor": "“[The president] said so.”",
    "two words in a bracket": "their coracles [simple boat]. We too",
    "a number of a note": "as was said [12].",
    "inside pre": "<pre>[gallery]</pre>",
    "inside code": "<code>[gallery ids='1']</code>",
    "inside an attribute": '<a title="[gallery]">x</a>',
    "inside a comment": "<!-- [gallery] -->",
}


@pytest.mark.parametrize("sentence", TEXTS)
def test_a_bracket_that_is_text_stays(sentence: str) -> None:
    assert take_shortcodes(TEXTS[sentence]) == (TEXTS[sentence], [])


def test_a_doubled_bracket_shows_the_shortcode() -> None:
    assert take_shortcodes("Write [[gallery ids=1]].") == ("Write [gallery ids=1].", [])


def test_an_element_of_ours_in_an_archive_is_text() -> None:
    assert take_shortcodes('<stet-code n="7">x</STET-code>') == ('&lt;stet-code n="7">x&lt;/STET-code>', [])


def test_shortcodes_are_numbered_on_from_the_first() -> None:
    html, codes = take_shortcodes("[gallery] [audio]", first=3)
    assert html == '<stet-code n="3"></stet-code> <stet-code n="4"></stet-code>'
    assert [code.name for code in codes] == ["gallery", "audio"]


def test_the_address_of_a_shortcode_is_found_wherever_it_stands() -> None:
    for text in (
        '[video mp4="https://example.org/v.mp4"]',
        "[video https://example.org/v.mp4]",
        "[video]https://example.org/v.mp4[/video]",
    ):
        assert first_url(take_shortcodes(text)[1][0], "mp4") == "https://example.org/v.mp4"


def test_thousands_of_open_shortcodes_take_no_time() -> None:
    _html, codes = take_shortcodes("[caption]" * 3000 + "[a_b]" * 3000)
    assert len(codes) == 6000
