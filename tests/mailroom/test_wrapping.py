"""Long lines are broken where a line end means nothing."""

from html.parser import HTMLParser
from typing import Any

import mrml
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stet.mailroom.errors import MessageRefusedError
from stet.mailroom.wrapping import LONGEST_LINE_BYTES, wrapped_html, wrapped_text


class Seen(HTMLParser):
    """What a browser makes of HTML: tags with attributes, and text with blanks folded, except where they count."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[Any] = []
        self._kept = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._kept += tag == "pre"
        self.found.append((tag, attrs))

    def handle_endtag(self, tag: str) -> None:
        self._kept -= tag == "pre"
        self.found.append(f"/{tag}")

    def handle_data(self, data: str) -> None:
        if self.found and isinstance(self.found[-1], list):
            data = self.found.pop()[0] + data
        self.found.append([data])

    def handle_comment(self, data: str) -> None:
        self.found.append(("comment", data.replace("\r\n", "") if data.startswith("[if") else data))


def seen(html: bytes) -> list[Any]:
    parser = Seen()
    parser.feed(html.decode())
    parser.close()
    kept, result = 0, []
    for one in parser.found:
        if isinstance(one, tuple) and one[0] == "pre":
            kept += 1
        if one == "/pre":
            kept -= 1
        if isinstance(one, list):
            text = one[0].replace("\r\n", "\n")
            one = (
                text
                if kept
                else text.replace("\n", "")
                if result[-1:] == [("style", [])]
                else " ".join(f"|{text}|".split())
            )
        result.append(one)
    return result


CASES = {
    "tags without a blank between them": b"<td><b>x</b></td>" * 500,
    "attributes": b'<td style="color:red" width="1" class="a b">x</td>' * 300,
    "words": "слово ".encode() * 2000,
    "a style sheet": b"<style>" + b'a{color:red;font-family:"Segoe UI"}' * 200 + b"</style>",
    "a void tag": b"<img src=x/><br/>" * 500,
    "a conditional comment": (b"<!--[if mso]>" + b"<table><tr><td>x</td></tr></table>" * 50 + b"<![endif]-->") * 4,
    "a comment": (b"<!-- a b -->" + b"x ") * 300,
    "lines before and after": b"short\n" + b"<i>x</i>" * 400 + b"\nshort\n",
}


@pytest.mark.parametrize("case", CASES)
def test_long_html_is_wrapped_and_looks_the_same(case: str) -> None:
    wrapped = wrapped_html(CASES[case])
    assert max(map(len, wrapped.split(b"\r\n"))) <= LONGEST_LINE_BYTES
    assert seen(wrapped.removesuffix(b"\r\n")) == seen(CASES[case].removesuffix(b"\n"))


def test_what_is_short_stays_as_it_is() -> None:
    html = b"<p>one\r\n  <b>two</b>\r\n</p>\r\n"
    assert wrapped_html(html) == html
    assert wrapped_text(b"one\ntwo\rthree") == b"one\r\ntwo\r\nthree\r\n"


@pytest.mark.parametrize(
    "html", [b"<pre>" + b"x " * 600 + b"</pre>", b'<a title="' + b"x " * 600 + b'">', b"<!--" + b"x " * 600 + b"-->"]
)
def test_where_a_line_end_would_be_seen_the_letter_is_refused(html: bytes) -> None:
    with pytest.raises(MessageRefusedError, match="line 2 of its HTML"):
        wrapped_html(b"<p>\n" + html)


FRAGMENTS = st.sampled_from(
    [b"<b>", b"</b>", b'<td style="a: b" x="y">', b"</td>", b"<br>", b"<img alt='a b'/>", b"word ", b"x" * 90,
     "слово ".encode(),     b"\n", b"<!-- c -->", b"a < b ", b"&nbsp;"]
)  # fmt: skip


@settings(deadline=None)
@given(st.lists(FRAGMENTS, min_size=20, max_size=300).map(b"".join))
def test_wrapping_never_changes_what_is_seen(html: bytes) -> None:
    try:
        wrapped = wrapped_html(html)
    except MessageRefusedError:
        return
    assert max(map(len, wrapped.split(b"\r\n"))) <= LONGEST_LINE_BYTES
    assert seen(wrapped.removesuffix(b"\r\n")) == seen(html.removesuffix(b"\n"))


MJML = """<mjml><mj-head><mj-attributes><mj-all font-family="Georgia, 'Times New Roman', serif"/></mj-attributes>
<mj-style>@media (prefers-color-scheme: dark) { .card { background: #111 !important } }</mj-style></mj-head><mj-body>
<mj-section css-class="card"><mj-column><mj-text>Слово и дело, и ещё <a href="https://stet.invalid/manage">ссылка</a></mj-text>
<mj-image src="cid:photo-1@stet.invalid" alt="Река, вечер"/><mj-button href="https://example.org/a">Читать</mj-button>
</mj-column></mj-section></mj-body></mjml>"""


def test_what_mjml_becomes_is_wrapped_and_looks_the_same() -> None:
    section = MJML[MJML.index("<mj-section") : MJML.index("</mj-body>")]
    html = mrml.to_html(MJML.replace(section, section * 5)).content.replace("\n", " ").encode()
    wrapped = wrapped_html(html)
    assert max(map(len, html.split(b"\r\n"))) > 10 * LONGEST_LINE_BYTES
    assert max(map(len, wrapped.split(b"\r\n"))) <= LONGEST_LINE_BYTES
    assert _without_blanks(seen(wrapped)) == _without_blanks(seen(html))


def _without_blanks(found: list[Any]) -> list[Any]:
    """Comments and style sheets are compared without blanks, which mean nothing there."""
    return ["".join(str(one).replace("\\r\\n", "").split()) for one in found if one != "| |"]
