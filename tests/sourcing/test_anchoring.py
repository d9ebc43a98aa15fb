"""A mark stays on its words or says that it does not, whatever is done to the text."""

from random import Random

import pytest

from stet.sourcing import anchoring
from stet.sourcing.anchoring import Known, Mark, Quote, Span, State, fold, place_of, quote_of, reconcile, taken_off
from stet.sourcing.marking import marks_in, own_names, passages_of
from stet.sourcing.rich_text import opening_tag
from tests.sourcing.marked_text import MarkedText

EDITS = 10_000
EDITS_OF_A_TEXT = 40


def mark(words: str, *, claim: int = 7, name: str = "k3f9x2", exact: str | None = None, **around: str) -> str:
    """A marked passage as it is stored."""
    return f"{opening_tag(claim, name, Quote(exact=words if exact is None else exact, **around))}{words}</a>"


def body(*texts: str) -> list[dict[str, str]]:
    """A body of running text."""
    return [{"type": "text", "value": text, "id": str(number)} for number, text in enumerate(texts)]


def told(*texts: str) -> list[tuple[str, str, str]]:
    """Name, words and state of each mark."""
    return [(one.mark, one.words, one.state.value) for one in marks_in(body(*texts))]


SAYS, SPACED, ABOUT = "می\u200cگوید", "about\n  600", "about 600"
BEFORE = f"<p>Around {mark('600')} were killed.</p>"
KEPT = [("k3f9x2", "600", "kept")]
CASES = {
    "a mark nothing happened to is kept": (BEFORE, KEPT),
    "words before and after do not matter": (f"<p>No fewer than {mark('600')}, it is said, died.</p>", KEPT),
    "bold on it does not matter": (f"<p>Around {mark('<b>6</b>00', exact='600')} were killed.</p>", KEPT),
    "a mark inside bold is kept": (f"<p><b>Around {mark('600')} were</b> killed.</p>", KEPT),
    "other words under it change it": (f"<p>Around {mark('60', exact='600')} were.</p>", [("k3f9x2", "60", "changed")]),
    "a letter's case changes it": (f"<p>{mark('Six', exact='six')} died.</p>", [("k3f9x2", "Six", "changed")]),
    "a half-space changes it": (f"<p>{mark(SAYS, exact='میگوید')}</p>", [("k3f9x2", SAYS, "changed")]),
    "folded white space does not": (f"<p>{mark(SPACED, exact=ABOUT)} died.</p>", [("k3f9x2", ABOUT, "kept")]),
    "a break between two words does not": (
        f"<p>It was {mark('about', exact='about 600')}</p><p>{mark('600', exact='about 600')} died.</p>",
        [("k3f9x2", "about 600", "kept")],
    ),
    "a break inside a word changes it": (
        f"<p>It was {mark('60', exact='600')}</p><p>{mark('0', exact='600')} died.</p>",
        [("k3f9x2", "60 0", "changed")],
    ),
    "words pasted into it change it": (
        f"<p>{mark('about', exact='about 600')} a thousand, not {mark('600', exact='about 600')}</p>",
        [("k3f9x2", "about … 600", "changed")],
    ),
    "a quote without words agrees with nothing": (f"<p>{mark('600', exact='')}</p>", [("k3f9x2", "600", "changed")]),
    "a mark without words is none": (f"<p>Around {mark('', exact='600')} were killed.</p>", []),
    "a mark of no claim is none": ('<p><a linktype="claim" id="x" mark="k3f9x2" exact="600">600</a></p>', []),
    "a mark without a name is none": ('<p><a linktype="claim" id="7" mark="" exact="600">600</a></p>', []),
    "a link is none": ('<p><a linktype="page" id="7">600</a> <a href="https://example.org/">x</a></p>', []),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_what_became_of_a_mark(case: str) -> None:
    text, expected = CASES[case]
    assert told(text) == expected


def test_marks_stand_in_order_over_all_rich_text_of_a_body() -> None:
    photo = {"photo": 1, "alt": "", "caption": f"<p>{mark('two', name='second1')}</p>", "size": "wide"}
    items = [{"type": "item", "value": {**photo, "caption": f"<p>{mark('four', name='fourth1')}</p>"}, "id": "x"}]
    stored = [
        {"type": "text", "value": f"<p>{mark('one', name='first01')}</p>", "id": "1"},
        {"type": "photo", "value": photo, "id": "2"},
        {"type": "fact_box", "value": {"title": "A box", "text": f"<ul><li>{mark('three', name='third01')}</li></ul>"}},
        {"type": "gallery", "value": {"title": "", "photos": items}, "id": "4"},
        {"type": "gone_block", "value": f"<p>{mark('five', name='fifth01')}</p>", "id": "5"},
    ]
    assert [one.words for one in marks_in(stored)] == ["one", "two", "three", "four"]


def test_a_copy_gets_a_name_of_its_own_and_the_one_that_stands_as_quoted_keeps_it() -> None:
    quote = {"prefix": "Around ", "suffix": " were killed."}
    copied = f"<p>Of the {mark('600', **quote)} we know little.</p>"
    original = f"<p>Around {mark('600', **quote)} were killed.</p>"
    stored = own_names(body(copied, original))
    assert stored is not None
    first, second = marks_in(stored)
    assert (second.mark, second.quote.prefix, first.mark == "k3f9x2") == ("k3f9x2", "Around ", False)
    assert first.quote == Quote(exact="600", prefix="Of the ", suffix=" we know little.")
    assert {first.state, second.state} == {State.KEPT}
    assert own_names(stored) is None


def test_two_claims_under_one_name_are_told_apart() -> None:
    stored = own_names(body(f"<p>{mark('600', claim=7)} and {mark('700', claim=8)}</p>"))
    assert stored is not None
    assert [(one.claim, one.words, one.state.value) for one in marks_in(stored)] == [
        (7, "600", "kept"),
        (8, "700", "kept"),
    ]
    assert len({one.mark for one in marks_in(stored)}) == 2


# --- Lost words ---

SAID = Quote(exact="600", prefix="Around ", suffix=" were killed.")
PLACES = {
    "the same words after the same words": ("<p>Around 600 people died.</p>", Span(passage=0, start=7, end=10)),
    "the same words before the same words": ("<p>So 600 were killed.</p>", Span(passage=0, start=3, end=6)),
    "the same words elsewhere": ("<p>There were 600 mines.</p>", None),
    "two such places": ("<p>Around 600 died. Around 600 fled.</p>", None),
    "a place that is marked": (f"<p>Around {mark('600', name='other01')} died.</p>", None),
    "no such words": ("<p>Around sixty people died.</p>", None),
}


@pytest.mark.parametrize("case", PLACES)
def test_a_lost_mark_is_offered_only_the_place_where_exactly_its_quote_stands(case: str) -> None:
    text, expected = PLACES[case]
    assert place_of(SAID, passages_of(body(text))) == expected


# --- From version to version ---


def known(name: str = "k3f9x2", *, state: State = State.KEPT, draft: bool = True, in_print: bool = False) -> Known:
    """What was kept of a mark."""
    return Known(mark=name, claim=7, quote=SAID, state=state, is_in_draft=draft, is_in_print=in_print)


def here(state: State = State.KEPT) -> tuple[Mark, ...]:
    """The mark as it stands in a text."""
    span = Span(passage=0, start=7, end=10)
    return (Mark(mark="k3f9x2", claim=7, quote=SAID, words="600", state=state, spans=(span,)),)


VERSIONS = {
    "a new mark is kept": ((), here(), (), [known()]),
    "a lost mark is reported": ((known(),), (), (), [known(state=State.GONE, draft=False)]),
    "a lost mark stays reported": (
        (known(state=State.GONE, draft=False),), (), (), [known(state=State.GONE, draft=False)],
    ),
    "a mark that is printed and not drafted is reported": (
        (), (), here(), [known(state=State.GONE, draft=False, in_print=True)],
    ),
    "an old version brings it back": ((known(state=State.GONE, draft=False),), here(), (), [known()]),
    "a changed mark is said to be changed": (
        (known(),), here(State.CHANGED), here(), [known(state=State.CHANGED, in_print=True)],
    ),
    "one taken off on purpose stays as long as it is printed": (
        (known(draft=False, in_print=True),), (), here(), [known(draft=False, in_print=True)],
    ),
    "and goes with the print": ((known(draft=False, in_print=True),), (), (), []),
}  # fmt: skip


@pytest.mark.parametrize("case", VERSIONS)
def test_what_is_kept_from_version_to_version(case: str) -> None:
    before, draft, in_print, expected = VERSIONS[case]
    assert list(reconcile(before, draft=draft, in_print=in_print)) == expected


def test_a_mark_taken_off_on_purpose_is_no_loss() -> None:
    gone = known(state=State.GONE, draft=False)
    printed = known("other01", state=State.GONE, draft=False, in_print=True)
    drafted = known("third01", state=State.CHANGED)
    assert taken_off([gone, printed, drafted], ["k3f9x2", "other01", "third01"]) == (
        known("other01", draft=False, in_print=True), drafted,
    )  # fmt: skip


# --- The property ---


def test_of_ten_thousand_edits_none_moves_a_mark_to_other_words_and_each_lost_one_is_reported() -> None:
    done = 0
    for seed in range(EDITS // EDITS_OF_A_TEXT):
        text = MarkedText(random=Random(seed))
        text.begin()
        rows = reconcile((), draft=marks_in(body(text.html())), in_print=())
        assert {row.mark for row in rows} == set(text.marked)
        for _ in range(EDITS_OF_A_TEXT):
            name = text.edit()
            stored = body(text.html())
            stored = own_names(stored) or stored
            rows = holds(text, stored, rows, f"seed {seed}, edit {done}: {name}")
            done += 1
    assert done == EDITS


def holds(text: MarkedText, stored: list[dict[str, str]], rows: tuple[Known, ...], which: str) -> tuple[Known, ...]:
    """The law after one edit; what is kept then."""
    passages, marks, letters = passages_of(stored), marks_in(stored), text.folded()
    assert ["".join(letter.character for letter in line) for line in letters] == [one.text for one in passages], which
    assert len({mark.mark for mark in marks}) == len(marks), which
    names = {quote[0]: name for name, quote in text.quotes.items()}
    for mark in marks:
        under = [letter for span in mark.spans for letter in letters[span.passage][span.start : span.end]]
        name = names[mark.claim]
        # The words under a mark carry it in the text: none was put there by anything but an editor's hand.
        assert {letter.mark for letter in under} == {name}, which
        if mark.state is State.KEPT:
            said = " ".join(passages[s.passage].text[s.start : s.end].strip() for s in mark.spans)
            assert fold(said) == mark.words == fold(text.quotes[name][1].exact), which
            assert mark.quote.exact == text.quotes[name][1].exact, which
    after = reconcile(rows, draft=marks, in_print=())
    told = {row.mark: row for row in after}
    assert {row.mark for row in rows} <= set(told), f"{which}: a lost mark was not reported"
    for name in text.marked:
        is_reported_lost = told[name].state is State.GONE
        assert is_reported_lost != text.is_there(name), which
        place = place_of(told[name].quote, passages) if is_reported_lost else None
        if place is not None:
            assert passages[place.passage].text[place.start : place.end] == told[name].quote.exact, which
    return after


def test_a_quote_takes_no_more_than_32_characters_on_either_side() -> None:
    quote = quote_of("a" * 40 + "600" + "b" * 40, 40, 43)
    assert (quote.exact, len(quote.prefix), len(quote.suffix)) == ("600", 32, 32)
    assert anchoring.CONTEXT_CHARACTERS == 32
