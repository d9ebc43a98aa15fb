"""Paste as the programs of a newsroom put it on the clipboard, through Draftail's own paste in a browser.

What stands in `clipboard/` has the markup of each program and invented words. What is compared is what would be stored.
"""

import json
import re
from pathlib import Path

from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter

from stet.newsroom.blocks import TEXT_FEATURES
from tests.newsroom.writing.conftest import Desk

CLIPBOARD = Path(__file__).parent / "clipboard"

# What is written with _ here is a no-break space.
STORED = {
    "chrome": '<p>Night on the quay</p><p>Nobody <b>slept</b>, the <a href="https://example.com/2026/quay/?page=2#night">'
    "paper</a> wrote.</p><p>A quay. Photo: Ilse Marr</p><p>“It rained,”<br/>said the guard.</p><p>quay · more</p>",
    "firefox": "<p>گزارش اسکله</p><p>کشتی <i>دیر</i> رسید و مسافران می‌گویند <b>هیچ‌کس</b> خبر نداد.</p>"
    '<p><a href="https://example.org/fa/eskele/?id=7">بیشتر بخوانید</a></p><p>«ما ماندیم.»</p>'
    "<ul><li>طناب<ul><li>بلند</li></ul></li><li>چراغ</li></ul>",
    "google-docs": "<p>What the lanterns cost</p><p>The city paid <b>411 crowns</b><i> and no more</i>, as "
    '<a href="https://example.org/ledger?year=2026">its ledger</a> says.</p>'
    "<ul><li>oil<ul><li><s>wicks</s></li></ul></li><li>glass</li></ul><ol><li><b>first</b></li></ol>",
    "hostile": "<p>Before words more file &lt;b&gt;after&lt;/b&gt;</p>",
    "libreoffice": "<p>Паром <b>опоздал</b> на <i>два часа</i>, сказал капитан. "
    '<a href="https://example.org/parom">Расписание</a></p><ol><li>канат</li><li>фонарь</li></ol>'
    "<p>День | Рейсов</p><p>вторник | 3</p>",
    "mail": '<p>Dear desk,</p><p>the list is <a href="https://example.org/list?year=2026">here</a>. It has <b>two</b> '
    "pages.</p><p>Mira</p><p>On 3 March Tomas wrote:</p><p>Where is it?</p>",
    "pdf": "<p>The level of the reservoir stood at 311 metres above the sea, one metre below the crest.</p>",
    "telegram": '<p>🔥 <b>Harsk without light</b></p><p>Power went at <i>21:40</i>, write <a href="https://example.net/harsk">'
    'the neighbours</a>.</p><p><a href="https://example.net/more">https://example.net/more</a></p>',
    "verse": "<p>The lamp went out.</p><p>The quay was dark,</p><p>and nobody sang.</p>",
    "word": "<p>The quay</p><p>The ferry to Sereny was <b>two hours late</b>, said Jonas Reth, "
    "<i>the harbour master</i>. "
    'See <a href="https://example.org/timetable?day=3">the timetable</a>.</p><ul><li>Two boats<ul><li>one of them '
    "old</li></ul></li><li>One crew</li></ul><ol><li>First, the rope</li></ol><p>It left at ten.</p>",
    "word-online": "<p>The crew <b>stayed aboard</b><i> overnite</i></p><ul><li>ropes</li>"
    '<li><a href="https://example.org/lamps">lamps</a></li></ul>',
    "word-russian": "<p>В_порту Ломенны стоят 25_000_тонн зерна_— так говорит А._Рет.</p><p>* * *</p>"
    "<p>Подчеркнутое и <s>зачёркнутое</s>, м<sup>2</sup> и H<sub>2</sub>O.</p>",
}

EMPTY = """() => {
  const input = document.querySelector("[name=body-0-value]");
  const {EditorState, ContentState} = window.DraftJS;
  const state = input.draftailEditor.getEditorState();
  const empty = EditorState.push(state, ContentState.createFromText(""), "remove-range");
  input.draftailEditor.onChange(EditorState.moveFocusToEnd(empty));
}"""


def as_stored(value: str) -> str:
    """What is kept of a field's value, without the names of its paragraphs."""
    return plain(ContentstateConverter(TEXT_FEATURES).to_database_format(value))


def plain(html: str) -> str:
    """Stored text, as this table writes it."""
    return re.sub(r' data-block-key="\w+"', "", html).replace("\u00a0", "_")


def words_of(sample: Path) -> tuple[str, str]:
    """HTML and plain text, as a program offers both."""
    words = sample.read_text()
    return (words, "words") if sample.suffix == ".html" else ("", words)


FRAGMENT = {
    "blocks": [
        {"key": "a", "text": "our page", "type": "unstyled", "entityRanges": [{"offset": 0, "length": 8, "key": 0}]}
    ],
    "entityMap": {"0": {"type": "LINK", "mutability": "MUTABLE", "data": {"id": 1, "url": "/"}}},
}
"""What the desk's own editors put on the clipboard."""


def test_pastes_come_in_clean_keep_the_words_around_them_and_are_undone_and_saved_as_one(desk: Desk) -> None:
    desk.open()
    page, asked = desk.page, []
    page.on("request", lambda request: asked.append(request.url))

    # Among words: they stay, and Ctrl + Z takes the paste back whole.
    desk.text.first.click()
    page.keyboard.press("Control+End")
    before = as_stored(desk.value())
    desk.paste(*words_of(CLIPBOARD / "google-docs.html"))
    assert "411 crowns" in desk.value()
    page.keyboard.press("Control+z")
    assert as_stored(desk.value()) == before

    # What was copied at the desk keeps its marks and links.
    attribute = json.dumps(FRAGMENT).replace('"', "&quot;")
    desk.paste(f'<div data-draftjs-conductor-fragment="{attribute}">our page</div>')
    assert '<a linktype="page" id="1">our page</a>' in as_stored(desk.value())

    # What other programs copy, each into an empty text.
    got = {}
    for sample in sorted(CLIPBOARD.iterdir()):
        desk.text.first.click()
        page.evaluate(EMPTY)
        desk.settle()
        desk.paste(*words_of(sample))
        got[sample.stem] = as_stored(desk.value())
    assert got == STORED
    assert not [url for url in asked if not url.startswith(desk.url)]
    assert page.evaluate("window.stetPwned") is None

    # What stands in the form is what is saved.
    page.evaluate(EMPTY)
    page.keyboard.type("It rained.")
    desk.paste("<p style='color:red'>And <b>then</b></p><p>it stopped.</p>")
    desk.save()
    assert plain(desk.body()) == "<p>It rained.And <b>then</b></p><p>it stopped.</p>"


def test_a_form_that_nobody_cleaned_stores_only_what_the_field_may_hold() -> None:
    value = {
        "blocks": [
            {"key": "a", "text": "red words here", "type": "header-two", "depth": 0, "data": {"style": "color:red"},
             "inlineStyleRanges": [{"offset": 0, "length": 3, "style": "RED"}],
             "entityRanges": [{"offset": 4, "length": 5, "key": 0}, {"offset": 10, "length": 4, "key": 1}]},
            {"key": "b", "text": "<script>alert(1)</script>", "type": "unstyled", "depth": 0, "inlineStyleRanges": [],
             "entityRanges": [{"offset": 0, "length": 8, "key": 2}]},
        ],
        "entityMap": {
            "0": {"type": "LINK", "mutability": "MUTABLE", "data": {"url": "javascript:alert(1)"}},
            "1": {"type": "LINK", "mutability": "MUTABLE",
                  "data": {"url": "https://example.org/?utm_id=1", "onclick": "x()"}},
            "2": {"type": "IMAGE", "mutability": "IMMUTABLE", "data": {"src": "https://example.org/pixel.gif"}},
        },
    }  # fmt: skip
    stored = as_stored(json.dumps(value))
    assert "script>" not in stored.replace("&lt;script&gt;", "").replace("&lt;/script&gt;", "")
    assert not re.search(r"style|onclick|javascript|pixel|utm_|<h2", stored)
