"""What the attribution assistant offers for a draft: who says what, ready for an editor's press.

Nothing is marked and nothing is made here. An offer is known by a digest of its words and its story, so that one that
was put aside stays aside in that draft; the digest is kept by the editor's browser and by nobody else.
"""

import hashlib
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec
from django.utils.translation import gettext as _

from stet.sourcing.anchoring import Span, fold
from stet.sourcing.assisting import assistant
from stet.sourcing.editor.texts import Draft, Place, Posted, draft_of
from stet.sourcing.errors import AssistantMissingError
from stet.sourcing.recording import find_sources
from stet.sourcing.terms import SourceKind

LONGEST_SENTENCE = 400
BREAK = "\n\n"
"""What stands between two passages in the text that the assistant reads."""


class OfferedLink(msgspec.Struct, frozen=True, kw_only=True):
    """A link of an offered chain."""

    name: str
    source: int | None
    """A source of exactly that name, if there is one."""
    verb: str
    cue: str
    kind: str = SourceKind.PERSON


class Offer(msgspec.Struct, frozen=True, kw_only=True):
    """Words that somebody says, and who."""

    key: str
    place: Place
    words: str
    sentence: str
    speech_act: str
    modality: str
    links: tuple[OfferedLink, ...]


def offers_for(posted: Posted) -> tuple[Offer, ...]:
    """Offers in the order of the text, without words that are marked already. Raises AssistantMissingError."""
    reader = assistant()
    if posted.language not in reader.languages():
        raise AssistantMissingError(_("The assistant does not read this language yet. Mark the words by hand."))
    draft = draft_of(posted)
    starts, text = [], ""
    for passage in draft.passages:
        starts.append(len(text))
        text += passage.text + BREAK
    found = _offers(reader.suggest(text, language=posted.language), text, starts, draft, posted)
    return tuple(sorted(found, key=lambda offer: (offer.place.text, offer.place.line, offer.place.start)))


def _offers(suggestions: Iterable[Any], text: str, starts: list[int], draft: Draft, posted: Posted) -> Iterator[Offer]:
    aside = set(posted.dismissed)
    for suggestion in suggestions:
        span = _span(suggestion.content, starts, draft)
        if span is None or _is_marked(span, draft):
            continue
        words = draft.passages[span.passage].text[span.start : span.end]
        key = hashlib.sha256(f"{posted.page} {fold(words)}".encode()).hexdigest()[:16]
        if key in aside:
            continue
        yield Offer(
            key=key, place=draft.place(span), words=words, sentence=fold(words)[:LONGEST_SENTENCE],
            speech_act=str(suggestion.speech_act), modality=str(suggestion.modality),
            links=tuple(_links(suggestion, text, posted.language)),
        )  # fmt: skip


def _span(content: Any, starts: list[int], draft: Draft) -> Span | None:
    """The words within their passage, without white space and quotation marks around them; None where they span two."""
    for number, begin in enumerate(starts):
        passage = draft.passages[number].text
        start, end = content.start - begin, content.end - begin
        if 0 <= start < end <= len(passage):
            while start < end and passage[start] in AROUND:
                start += 1
            while end > start and passage[end - 1] in AROUND:
                end -= 1
            return Span(passage=number, start=start, end=end) if start < end else None
    return None


AROUND = " \t\n\u00a0,;:\"“”„«»'‘’"


def _is_marked(span: Span, draft: Draft) -> bool:
    pieces = draft.passages[span.passage].pieces
    return any(piece.start < span.end and span.start < piece.end for piece in pieces)


def _links(suggestion: Any, text: str, language: str) -> Iterator[OfferedLink]:
    for link in suggestion.links:
        name = fold(text[link.source.start : link.source.end]) if link.source is not None else ""
        cue = fold(text[link.cue.start : link.cue.end])[:100]
        yield OfferedLink(name=name[:200], source=_known(name, language), verb=str(link.verb), cue=cue)


def _known(name: str, language: str) -> int | None:
    """The one source of exactly that name."""
    same = (
        [one for one in find_sources(name, language=language) if one.name.casefold() == name.casefold()] if name else []
    )
    return same[0].id if len(same) == 1 else None
