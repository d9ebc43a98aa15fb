"""Whatever a text holds, the assistant answers, inside the text, and in time that grows with it as a straight line."""

import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stet.sourcing.assistant import Suggestion, hedges, suggest

PIECES = st.sampled_from(
    [
        "said",
        "says",
        "told",
        "that",
        "according to",
        "citing",
        "who",
        "which",
        "was",
        "by",
        "the",
        "a",
        "Reed",
        "Quist",
        "reportedly",
        "denied",
        "sees no signs",
        "and",
        "but",
        "“",
        "”",
        '"',
        "‘",
        "’",
        "«",
        "»",
        ",",
        ".",
        ";",
        ":",
        "—",
        "(",
        ")",
        "?",
        "!",
        "\n",
        "\n\n",
        " ",
        "  ",
        "\u200f",
        "\u202e",
        "\x00",
        "ё",
        "сказал",
        "сообщила",
        "по словам",
        "со ссылкой на",
        "что",
        "якобы",
        "как",
        "пишет",
        "İ",
        "ﬁ",
        "12",
        "1.2",
        "p.m.",
        "''",
        "``",
    ]
)
TEXTS = st.one_of(
    st.text(max_size=300), st.lists(PIECES, max_size=120).map(" ".join), st.lists(PIECES, max_size=120).map("".join)
)

MEGABYTE = 1_000_000
MUCH = 200_000
HOSTILE = {
    "ten megabytes of quotation marks": '"' * 10 * MEGABYTE,
    "a lot of quotations that nobody closes": "“a " * (MUCH // 3),
    "a lot of quotations that nobody opens": "a” " * (MUCH // 3),
    "much text without an end of a sentence": "the harbour and " * (MUCH // 16),
    "much text without a space": "a" * MUCH,
    "a lot of cues": "said " * (MUCH // 5),
    "a lot of citing": "said, citing, " * (MUCH // 14),
    "a lot of brackets": "( " * (MUCH // 2),
    "a lot of commas": "a, " * (MUCH // 3),
    "a lot of line ends": "\n \t\r" * (MUCH // 4),
    "a lot of controls and marks of direction": "\x00\u200f\u202e\u2066" * (MUCH // 4),
    "a lot of abbreviations": "a.b." * (MUCH // 4),
    "a lot of hyphens": "a-" * (MUCH // 2),
}  # fmt: skip

# What could make a reader look again at what it has seen.
REPEATED = {
    "a sentence without an end": "Reed said that the harbour, ",
    "nested cues": "Reed said Quist said that ",
    "open quotations": "“We left, ",
    "closing quotations": "we left,” ",
    "straight marks": 'a " b ',
    "sources without an end": "according to the head of the office of ",
    "appositions without an end": "Reed, the mayor of the city, ",
    "roots": "said, citing Reed, citing Quist, ",
    "spaces behind line ends": "\n      ",
    "Russian": "сообщил Рид, что, по словам мэра, ",
}


@pytest.mark.parametrize("language", ["en", "ru"])
@given(text=TEXTS)
@settings(max_examples=200, deadline=None)
def test_any_text_gives_spans_inside_it(language, text):
    for found in suggest(text, language=language, attitudes=True):
        assert_is_sound(found, text)
    for span in hedges(text, language=language):
        assert 0 <= span.start < span.end <= len(text)


@pytest.mark.parametrize("language", ["en", "ru"])
@given(text=TEXTS)
@settings(max_examples=100, deadline=None)
def test_the_same_text_gives_the_same_answer_in_the_order_of_the_text(language, text):
    found = suggest(text, language=language)
    assert found == suggest(text, language=language)
    assert [one.content.start for one in found] == sorted(one.content.start for one in found)


@given(text=TEXTS)
@settings(max_examples=100, deadline=None)
def test_statements_are_the_same_before_and_behind_other_paragraphs(text):
    sentence = "It is over, said Reed, who cited the office."
    before = suggest(sentence, language="en")
    behind = suggest(f"The road is shut.\n\n{sentence}\n\n{text}", language="en")
    start = len("The road is shut.\n\n")
    assert [(one.content.start, one.content.end) for one in before] == [
        (one.content.start - start, one.content.end - start) for one in behind[: len(before)]
    ]


@pytest.mark.parametrize("what", HOSTILE)
def test_hostile_text_is_answered(what):
    for found in suggest(HOSTILE[what], language="en", attitudes=True)[:1000]:
        assert_is_sound(found, HOSTILE[what])


@pytest.mark.parametrize("what", REPEATED)
def test_four_times_the_text_takes_four_times_the_work(what):
    once, four_times = (work(REPEATED[what] * (count // len(REPEATED[what]))) for count in (20_000, 80_000))
    assert four_times < 4.5 * once + 1000


def assert_is_sound(found: Suggestion, text: str) -> None:
    assert 0 <= found.content.start < found.content.end <= len(text)
    assert text[found.content.start : found.content.end].strip()
    assert found.links
    assert (found.cue, found.source) == (found.links[0].cue, found.links[0].source)
    for link in found.links:
        for span in (link.cue, *([link.source] if link.source else [])):
            assert 0 <= span.start < span.end <= len(text)


def work(text: str) -> int:
    """How many functions are called to read a text, built-in ones among them: a clock that no other process slows."""
    count = 0

    def note(frame, event, argument):
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        suggest(text, language="ru" if text[:1] > "z" else "en", attitudes=True)
    finally:
        sys.setprofile(before)
    return count
