"""A translation beside its original, and what changed in the original since the translation followed it.

The rules:
 * A piece is the same piece where it has the same name; without one, where it has the same words; else where pieces of
   its kind stand in the same order.
 * A piece whose words changed shows them word by word; one that is new or was taken out says so.
 * What the translation has no like of stands beside an empty place, on either side.

Nothing here knows Django.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from stet.newsroom.translating.pieces import Piece

State = Literal["same", "changed", "new", "gone", "own"]
Mark = Literal["", "ins", "del"]
LEAST_ALIKE = 0.3
"""Of two pieces in the same place: below it they are two, one taken out and one new."""
_TOKEN, _WORD = re.compile(r"\s+|\w+|[^\w\s]"), re.compile(r"\w+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One piece of the original and what stands for it in the translation."""

    state: State
    """What became of the original's piece since; "own" where the translation alone has it."""
    kind: str
    words: tuple[tuple[Mark, str], ...] = ()
    """The original's words; where they changed, with those taken out and put in."""
    translation: str = ""
    is_missing: bool = False
    """Whether the original has the piece and the translation does not."""
    alone: int | None = None
    """Of the translation's own piece: which one, so that it is told once."""


def side_by_side(then: Sequence[Piece] | None, now: Sequence[Piece], translation: Sequence[Piece]) -> list[Row]:
    """All rows, in the order of the original as it is now. `then`: as it was; None where that is not kept."""
    beside: dict[int, Piece] = {}
    alone: dict[int, list[Piece]] = {}
    last = -1
    for at, other in _paired(now, translation, is_same_text=False):
        if at is not None:
            last = at
        if other is not None and at is not None:
            beside[at] = translation[other]
        elif other is not None:
            alone.setdefault(last, []).append(translation[other])
    before = now if then is None else then
    rows = list(_own(alone.get(-1, [])))
    for old, new in _paired(before, now, is_same_text=True):
        if new is None:
            assert old is not None
            rows.append(_gone(before[old], alone))
        else:
            rows.append(_row(before[old] if old is not None else None, now[new], beside.get(new)))
            rows.extend(_own(alone.get(new, [])))
    kept = {id(piece) for pieces in alone.values() for piece in pieces}
    return [row for row in rows if row.alone is None or row.alone in kept]


def _row(old: Piece | None, new: Piece, other: Piece | None) -> Row:
    translated = other.text if other else ""
    if old is None:
        return Row(state="new", kind=new.kind, words=(("ins", new.text),), translation=translated, is_missing=not other)
    is_same = old.text == new.text
    words: tuple[tuple[Mark, str], ...] = (("", new.text),) if is_same else tuple(changed_words(old.text, new.text))
    state: State = "same" if is_same else "changed"
    return Row(state=state, kind=new.kind, words=words, translation=translated, is_missing=not other)


def _gone(old: Piece, alone: dict[int, list[Piece]]) -> Row:
    """A piece that was taken out, with what the translation still has of it."""
    for pieces in alone.values():
        for piece in pieces:
            if old.key and piece.key == old.key:
                pieces.remove(piece)
                return Row(state="gone", kind=old.kind, words=(("del", old.text),), translation=piece.text)
    return Row(state="gone", kind=old.kind, words=(("del", old.text),))


def _own(pieces: Sequence[Piece]) -> Iterator[Row]:
    return (Row(state="own", kind=piece.kind, translation=piece.text, alone=id(piece)) for piece in pieces)


# --- Pairs ---


def _paired(
    left: Sequence[Piece], right: Sequence[Piece], *, is_same_text: bool
) -> Iterator[tuple[int | None, int | None]]:
    """Places in both, in order; None where one side has no like. `is_same_text`: whether both are in one language."""
    named = ({piece.key for piece in left} & {piece.key for piece in right}) - {""}

    def token(piece: Piece) -> tuple[str, ...]:
        if piece.key in named:
            return ("key", piece.key)
        return ("text", piece.kind, piece.text) if is_same_text else ("kind", piece.kind)

    matcher = SequenceMatcher(None, [token(p) for p in left], [token(p) for p in right], autojunk=False)
    for tag, start, end, first, last in matcher.get_opcodes():
        if tag == "equal":
            yield from zip(range(start, end), range(first, last), strict=True)
            continue
        both = min(end - start, last - first)
        for step in range(both):
            old, new = start + step, first + step
            if is_same_text and _are_alike(left[old], right[new]):
                yield old, new
            else:
                yield old, None
                yield None, new
        yield from ((at, None) for at in range(start + both, end))
        yield from ((None, at) for at in range(first + both, last))


def _are_alike(old: Piece, new: Piece) -> bool:
    if old.kind != new.kind:
        return False
    words = (_WORD.findall(old.text), _WORD.findall(new.text))
    return SequenceMatcher(None, *words, autojunk=False).ratio() >= LEAST_ALIKE


# --- Words ---


def changed_words(old: str, new: str) -> Iterator[tuple[Mark, str]]:
    """The words of both, those taken out and put in marked.

    >>> list(changed_words("Eleven came.", "Nine came."))
    [('del', 'Eleven'), ('ins', 'Nine'), ('', ' came.')]
    """
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    for tag, start, end, first, last in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            yield "", "".join(after[first:last])
            continue
        if end > start:
            yield "del", "".join(before[start:end])
        if last > first:
            yield "ins", "".join(after[first:last])
