"""Quotes that hold a mark to its words, and what became of marks in an edited text. Pure.

A quote is the words that were marked, with up to 32 characters on either side (the TextQuoteSelector of the W3C's Web
Annotation model). It travels with the mark inside the text, so every revision carries its own.

The rules:
 * A mark is *kept* where the words under it are its quote, and *changed* where they are not. White space is folded, and
   a break between paragraphs counts as a space: nothing else is.
 * What stands around a mark, and how its words are set, does not matter.
 * A mark in several pieces that do not follow one another is changed.
 * Where the same mark stands twice with all of its words, the one that stands as its quote says keeps the name. The
   other is a copy and gets a name of its own, which follows from the first one and from nothing else.
 * A mark that was in the draft and is not any more is *gone*, until an editor has seen to it.
 * A quote without words agrees with nothing: so begins the mark of a translation.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum

import msgspec

CONTEXT_CHARACTERS = 32
_WHITE = re.compile(r"[ \t\n\f\r]+")
"""White space that HTML folds; a no-break space is none of it."""


class State(StrEnum):
    """What became of the words that were marked."""

    KEPT = "kept"
    CHANGED = "changed"
    GONE = "gone"


class Quote(msgspec.Struct, frozen=True, kw_only=True):
    """The words a mark was put on, and what stood around them."""

    exact: str
    prefix: str = ""
    suffix: str = ""


class Piece(msgspec.Struct, frozen=True, kw_only=True):
    """An element of the text that carries a mark, or a part of one."""

    mark: str
    claim: int
    quote: Quote
    start: int
    end: int
    element: int = 0
    """Which of the elements of its piece of rich text it is, from 0."""


class Passage(msgspec.Struct, frozen=True, kw_only=True):
    """A paragraph or an item of a list in plain text."""

    text: str
    pieces: tuple[Piece, ...] = ()
    is_next: bool = False
    """Whether nothing stands between it and the passage before it."""


class Span(msgspec.Struct, frozen=True, kw_only=True):
    """Where words stand."""

    passage: int
    start: int
    end: int


class Mark(msgspec.Struct, frozen=True, kw_only=True):
    """A claim on words of a story."""

    mark: str
    """Its name, unique in its story."""
    claim: int
    quote: Quote
    words: str
    """What stands under it now."""
    state: State
    spans: tuple[Span, ...]
    """Where its pieces stand, in order."""
    copy_of: str = ""
    """The name that the text gives it, where that is another one's."""


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """What is kept of a mark from one version of a story to the next."""

    mark: str
    claim: int
    quote: Quote
    state: State
    is_in_draft: bool
    is_in_print: bool


def fold(text: str) -> str:
    """Words with white space folded.

    >>> fold(" 600  were   killed ")
    '600 were killed'
    """
    return _WHITE.sub(" ", text).strip(" ")


def quote_of(text: str, start: int, end: int) -> Quote:
    """The quote of `text` from `start` to `end`.

    >>> quote_of("Around 600 were killed.", 7, 10)
    Quote(exact='600', prefix='Around ', suffix=' were killed.')
    """
    return Quote(
        exact=text[start:end],
        prefix=text[max(0, start - CONTEXT_CHARACTERS) : start],
        suffix=text[end : end + CONTEXT_CHARACTERS],
    )


# --- Marks of one text ---


def marks_of(passages: Sequence[Passage]) -> tuple[Mark, ...]:
    """The marks of a story's passages, in order, each with a name of its own."""
    runs: dict[str, list[_Run]] = {}
    for run in _runs(passages):
        runs.setdefault(run.mark, []).append(run)
    taken = set(runs)
    found: list[Mark] = []
    for own in runs.values():
        found += _named(own, passages, taken)
    return tuple(sorted(found, key=lambda mark: (mark.spans[0].passage, mark.spans[0].start)))


class _Run(msgspec.Struct, frozen=True, kw_only=True):
    """Pieces of one mark that follow one another."""

    mark: str
    claim: int
    quote: Quote
    spans: tuple[Span, ...]
    words: str

    @property
    def is_whole(self) -> bool:
        return bool(self.quote.exact) and fold(self.words) == fold(self.quote.exact)


def _runs(passages: Sequence[Passage]) -> Iterator[_Run]:
    waiting: _Run | None = None
    for number, passage in enumerate(passages):
        for piece in passage.pieces:
            span = Span(passage=number, start=piece.start, end=piece.end)
            run = _Run(
                mark=piece.mark, claim=piece.claim, quote=piece.quote, spans=(span,),
                words=passage.text[piece.start : piece.end],
            )  # fmt: skip
            if not run.words.strip():
                continue
            if waiting and (joined := _joined(waiting, run, passages)):
                waiting = joined
                continue
            if waiting:
                yield waiting
            waiting = run
    if waiting:
        yield waiting


def _joined(first: _Run, then: _Run, passages: Sequence[Passage]) -> _Run | None:
    """Two runs as one, where they are of one mark and the second begins where the first ends."""
    if (first.mark, first.claim, first.quote.exact) != (then.mark, then.claim, then.quote.exact):
        return None
    end, start = first.spans[-1], then.spans[0]
    if end.passage == start.passage:
        between = "" if end.end == start.start else None
    else:
        is_next = start.passage == end.passage + 1 and passages[start.passage].is_next
        left = passages[end.passage].text[end.end :] + passages[start.passage].text[: start.start]
        between = " " if is_next and not left.strip() else None
    if between is None:
        return None
    return msgspec.structs.replace(first, spans=first.spans + then.spans, words=first.words + between + then.words)


def _named(runs: list[_Run], passages: Sequence[Passage], taken: set[str]) -> Iterator[Mark]:
    """Marks out of all runs that the text gives one name: the first keeps it."""
    kinds: dict[tuple[int, str], list[_Run]] = {}
    for run in runs:
        kinds.setdefault((run.claim, fold(run.quote.exact)), []).append(run)
    is_free = True
    for kind in kinds.values():
        whole = [run for run in kind if run.is_whole]
        if not whole:
            yield _mark(kind, _name(kind[0].mark, is_free, taken))
        else:
            first = max(whole, key=lambda run: _likeness(run, passages))
            yield _mark([first], _name(first.mark, is_free, taken))
            for copy in (run for run in kind if run is not first):
                yield _mark([copy], _name(copy.mark, False, taken), quote=_quote_here(copy, passages))  # noqa: FBT003
        is_free = False


def _mark(runs: list[_Run], name: str, *, quote: Quote | None = None) -> Mark:
    first = runs[0]
    is_kept = len(runs) == 1 and first.is_whole
    return Mark(
        mark=name, claim=first.claim, quote=quote or first.quote, words=fold(" … ".join(run.words for run in runs)),
        state=State.KEPT if is_kept else State.CHANGED, spans=tuple(span for run in runs for span in run.spans),
        copy_of=first.mark if name != first.mark else "",
    )  # fmt: skip


def _name(name: str, is_free: bool, taken: set[str]) -> str:  # noqa: FBT001
    number = 2
    found = name
    while not is_free and found in taken:
        found = hashlib.sha256(f"{name} {number}".encode()).hexdigest()[:12]
        number += 1
    taken.add(found)
    return found


def _likeness(run: _Run, passages: Sequence[Passage]) -> int:
    """On how many sides it stands as its quote says."""
    here = _quote_here(run, passages)
    return (here.prefix == run.quote.prefix) + (here.suffix == run.quote.suffix)


def _quote_here(run: _Run, passages: Sequence[Passage]) -> Quote:
    """The same words with what stands around them here."""
    first, last = run.spans[0], run.spans[-1]
    before = quote_of(passages[first.passage].text, first.start, first.end).prefix
    after = quote_of(passages[last.passage].text, last.start, last.end).suffix
    return Quote(exact=run.quote.exact, prefix=before, suffix=after)


# --- A lost mark's words ---


def place_of(quote: Quote, passages: Sequence[Passage]) -> Span | None:
    """Where exactly this quote stands unmarked, with what stood before or after it; None where that is not one place.

    It is offered to an editor and never taken by itself.
    """
    found = [span for span in _places(quote, passages) if not _is_marked(span, passages)]
    return found[0] if len(found) == 1 else None


def _places(quote: Quote, passages: Sequence[Passage]) -> Iterator[Span]:
    for number, passage in enumerate(passages):
        start = passage.text.find(quote.exact) if quote.exact else -1
        while start >= 0:
            end = start + len(quote.exact)
            before, after = passage.text[:start], passage.text[end:]
            is_after = before.endswith(quote.prefix) if quote.prefix else not before
            is_before = after.startswith(quote.suffix) if quote.suffix else not after
            if is_after or is_before:
                yield Span(passage=number, start=start, end=end)
            start = passage.text.find(quote.exact, start + 1)


def _is_marked(span: Span, passages: Sequence[Passage]) -> bool:
    return any(piece.start < span.end and span.start < piece.end for piece in passages[span.passage].pieces)


# --- From one version to the next ---


def reconcile(known: Iterable[Known], *, draft: Sequence[Mark], in_print: Sequence[Mark]) -> tuple[Known, ...]:
    """What is to be kept now, by name. What is left out was taken off on purpose, and is printed nowhere any more."""
    before = {one.mark: one for one in known}
    drafted, printed = {mark.mark: mark for mark in draft}, {mark.mark: mark for mark in in_print}
    names = sorted({*before, *drafted, *printed})
    found = (_known(name, before.get(name), drafted.get(name), printed.get(name)) for name in names)
    return tuple(one for one in found if one is not None)


def _known(name: str, before: Known | None, draft: Mark | None, in_print: Mark | None) -> Known | None:
    here = draft or in_print
    if draft is not None:
        state = draft.state
    elif before is None or before.is_in_draft:
        state = State.GONE
    elif before.state is State.GONE or in_print is None:
        state = before.state
    else:
        state = in_print.state
    if here is None and state is not State.GONE:
        return None
    source = here or before
    if source is None:
        return None
    return Known(
        mark=name, claim=source.claim, quote=source.quote, state=state, is_in_draft=draft is not None,
        is_in_print=in_print is not None,
    )  # fmt: skip


def taken_off(known: Iterable[Known], names: Iterable[str]) -> tuple[Known, ...]:
    """The same after an editor took marks off on purpose, or has seen that they are gone: no loss to report."""
    done = set(names)
    return tuple(
        msgspec.structs.replace(one, state=State.KEPT) if one.mark in done and not one.is_in_draft else one
        for one in known
        if one.mark not in done or one.is_in_draft or one.is_in_print
    )
