"""Light Markdown becomes clean HTML, and HTML in it is shown, never obeyed."""

import pytest

from stet.intake.markdown import parts, plain_text, subhead, text_html

TEXTS = {
    "paragraphs": ("One.\n\nTwo.", "<p>One.</p><p>Two.</p>"),
    "a line break is a space": ("One,\ntwo.", "<p>One, two.</p>"),
    "bold and italic": ("**a** *b* ***c***", "<p><b>a</b> <i>b</i> <b><i>c</i></b></p>"),
    "italic inside bold": ("**a *b* c**", "<p><b>a <i>b</i> c</b></p>"),
    "a link": (
        "[a *b*](https://example.org/?x=1&y=2)",
        '<p><a href="https://example.org/?x=1&amp;y=2">a <i>b</i></a></p>',
    ),
    "a list": ("- one\n- two **b**", "<ul><li>one</li><li>two <b>b</b></li></ul>"),
    "a list with folded lines": ("- one\n  more\n- two", "<ul><li>one more</li><li>two</li></ul>"),
    "a numbered list": ("1. one\n2. two", "<ol><li>one</li><li>two</li></ol>"),
    "a list right below a paragraph": ("Then:\n- one", "<p>Then:</p><ul><li>one</li></ul>"),
    "HTML is text": ("<script>x</script> & y", "<p>&lt;script&gt;x&lt;/script&gt; &amp; y</p>"),
    "an address cannot leave its quotation marks": (
        '[a](https://example.org/"onclick=x)',
        '<p><a href="https://example.org/&quot;onclick=x">a</a></p>',
    ),
    "a star between numbers": ("2 * 3 * 4", "<p>2 * 3 * 4</p>"),
    "a star with a backslash": (r"\*a\*", "<p>*a*</p>"),
    "Persian": ("**سد** *ول*", "<p><b>سد</b> <i>ول</i></p>"),
    "nothing": ("", ""),
}


@pytest.mark.parametrize("sentence", TEXTS)
def test_text_becomes_html(sentence: str) -> None:
    text, html = TEXTS[sentence]
    assert text_html(text, str) == html


def test_subheads_stand_alone() -> None:
    found = list(parts("One.\n## Two\nThree.\n\n### Four\n"))
    assert found == ["One.", "## Two", "Three.", "### Four"]
    assert [subhead(part) for part in found] == [None, (2, "Two"), None, (3, "Four")]


def test_links_are_asked_for_their_target() -> None:
    assert text_html("[a](article:b)", lambda address: address.upper()) == '<p><a href="ARTICLE:B">a</a></p>'


def test_plain_text_has_no_marks() -> None:
    assert plain_text("**a** [b](https://example.org) *c*") == "a b c"
