"""A translation beside its original: which pieces belong together, and what changed since."""

import pytest

from stet.newsroom.translating.comparing import Row, side_by_side
from stet.newsroom.translating.pieces import HEADLINE, PARAGRAPH, Piece, pieces_of


def p(text: str, key: str = "", kind: str = PARAGRAPH) -> Piece:
    return Piece(key=key, kind=kind, text=text)


def told(rows: list[Row]) -> list[tuple[str, str, str]]:
    """(state, the original's words with marks, the translation) of each row; "?" for what is missing."""
    marks = {"": "{}", "ins": "+{}+", "del": "-{}-"}
    return [
        (row.state, "".join(marks[m].format(t) for m, t in row.words), "?" if row.is_missing else row.translation)
        for row in rows
    ]


THEN = (p("Dam cracks", HEADLINE, HEADLINE), p("It rained.", "a"), p("Eleven people came.", "b"), p("They left.", "c"))
SAME = (p("Плотина треснула", HEADLINE, HEADLINE), p("Шёл дождь.", "a"), p("Пришли одиннадцать.", "b"), p("Ушли.", "c"))

CASES: dict[str, tuple[tuple[Piece, ...] | None, tuple[Piece, ...], tuple[Piece, ...], list[tuple[str, str, str]]]] = {
    "nothing changed": (
        THEN[1:3], THEN[1:3], SAME[1:3],
        [("same", "It rained.", "Шёл дождь."), ("same", "Eleven people came.", "Пришли одиннадцать.")],
    ),
    "a word changed": (
        THEN[2:], (p("Nine people came.", "b"), THEN[3]), SAME[2:],
        [("changed", "-Eleven-+Nine+ people came.", "Пришли одиннадцать."), ("same", "They left.", "Ушли.")],
    ),
    "a paragraph was put in": (
        THEN[1:3], (THEN[1], p("Then it stopped.", "n"), THEN[2]), SAME[1:3],
        [("same", "It rained.", "Шёл дождь."), ("new", "+Then it stopped.+", "?"),
         ("same", "Eleven people came.", "Пришли одиннадцать.")],
    ),
    "a paragraph was taken out that the translation still has": (
        THEN[1:], (THEN[1], THEN[3]), SAME[1:],
        [("same", "It rained.", "Шёл дождь."), ("gone", "-Eleven people came.-", "Пришли одиннадцать."),
         ("same", "They left.", "Ушли.")],
    ),
    "the translation was written anew and has no names of the original's": (
        THEN[1:], THEN[1:], (p("Шёл дождь.", "x"), p("Пришли одиннадцать.", "y"), p("Ушли.", "z")),
        [("same", "It rained.", "Шёл дождь."), ("same", "Eleven people came.", "Пришли одиннадцать."),
         ("same", "They left.", "Ушли.")],
    ),
    "a paragraph was typed anew, with another name": (
        (p("Eleven people came to the square.", "b"),), (p("Nine people came to the square.", "k"),), (),
        [("changed", "-Eleven-+Nine+ people came to the square.", "?")],
    ),
    "another paragraph stands in its place": (
        (p("Eleven people came.", "b"),), (p("Nobody knows why", "k"),), (),
        [("gone", "-Eleven people came.-", ""), ("new", "+Nobody knows why+", "?")],
    ),
    "the translation has a note of its own": (
        THEN[1:2], THEN[1:2], (SAME[1], p("Прим. пер.", "t", "note")),
        [("same", "It rained.", "Шёл дождь."), ("own", "", "Прим. пер.")],
    ),
    "the earlier version is not kept": (None, THEN[1:2], SAME[1:2], [("same", "It rained.", "Шёл дождь.")]),
    "two paragraphs have the same words and no names": (
        (p("Yes."), p("Yes.")), (p("Yes."), p("Yes."), p("No.")), (p("Да."), p("Да.")),
        [("same", "Yes.", "Да."), ("same", "Yes.", "Да."), ("new", "+No.+", "?")],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_pieces_stand_side_by_side(case: str) -> None:
    then, now, translation, rows = CASES[case]
    assert told(side_by_side(then, now, translation)) == rows


def test_a_story_is_taken_apart_into_what_is_translated() -> None:
    body = [
        {"type": "text", "id": "t", "value": '<p data-block-key="a">One <b>two</b>.</p><ul>'
         '<li data-block-key="b">x</li><li data-block-key="c">y</li></ul><p></p>'},
        {"type": "subhead", "id": "s", "value": {"text": "Later", "level": "2"}},
        {"type": "photo", "id": "f", "value": {"photo": 3, "alt": "A dam", "caption": "<p>In May</p>", "size": "wide"}},
        {"type": "gallery", "id": "g", "value": {"title": "", "photos": [{"type": "item", "id": "1", "value": {
            "photo": 4, "alt": "", "caption": "<p>Water</p>"}}]}},
    ]  # fmt: skip
    assert [(one.key, one.kind, one.text) for one in pieces_of("Dam", "It cracked.", body)] == [
        (HEADLINE, HEADLINE, "Dam"), ("standfirst", "standfirst", "It cracked."), ("a", PARAGRAPH, "One two."),
        ("b", PARAGRAPH, "x · y"), ("s", "subhead", "Later"), ("f", "photo", "A dam · In May"),
        ("g", "gallery", "Water"),
    ]  # fmt: skip
    assert pieces_of("Dam", "", "") == (Piece(key=HEADLINE, kind=HEADLINE, text="Dam"),)
