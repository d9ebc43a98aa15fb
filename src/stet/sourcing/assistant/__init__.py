"""Finds in a plain text who says something, what, and whom they cite in turn.

It suggests; an editor decides. Rules and tables of words, nothing learned, nothing fetched, the same answer every time,
and time that grows with the text as a straight line. A language is one table: `english`, `russian`.

    >>> text = "Around 600 were killed, according to Anna Velk, who cited intelligence from the agency."
    >>> [first] = suggest(text, language="en")
    >>> [text[link.source.start:link.source.end] for link in first.links]
    ['Anna Velk', 'the agency']
"""

from dataclasses import dataclass

from stet.sourcing.assistant.english import ENGLISH
from stet.sourcing.assistant.found import Found, FoundLink
from stet.sourcing.assistant.language import Language
from stet.sourcing.assistant.reading import read
from stet.sourcing.assistant.russian import RUSSIAN
from stet.sourcing.assistant.tokens import Paragraph, paragraphs
from stet.sourcing.terms import Modality, SpeechAct, Verb

__all__ = ["Link", "Modality", "Span", "SpeechAct", "Suggestion", "Verb", "hedges", "languages", "suggest"]


@dataclass(frozen=True, slots=True)
class Span:
    """Characters of a text: the first, and the one after the last."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Link:
    """One step of a chain: who, and in which words the text ties them to what is said."""

    source: Span | None
    cue: Span
    verb: Verb


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What is said, and who says so.

    Links are in the order 1, who speaks in the text, to n, the furthest root; `cue` and `source` are those of the
    first. Where a source stands in the middle of what is said, `content` goes over it: A, she said, B.
    """

    content: Span
    links: tuple[Link, ...]
    speech_act: SpeechAct
    modality: Modality
    cue: Span
    source: Span | None


LANGUAGES = {table.code: table for table in (ENGLISH, RUSSIAN)}


def languages() -> tuple[str, ...]:
    """The languages that have a table."""
    return tuple(LANGUAGES)


def suggest(text: str, *, language: str, attitudes: bool = False) -> tuple[Suggestion, ...]:
    """All that a text ascribes to somebody, in its order; nothing for a language without a table.

    `attitudes` adds what somebody believes, hopes or plans, and what they support or oppose.
    """
    table = LANGUAGES.get(primary(language))
    if table is None:
        return ()
    suggestions = []
    for paragraph in paragraphs(text, abbreviations=table.abbreviations):
        suggestions += [in_text(found, paragraph) for found in read(paragraph, table, attitudes=attitudes)]
    return tuple(suggestions)


def hedges(text: str, *, language: str) -> tuple[Span, ...]:
    """The words by which a text says that it is not sure: reportedly, allegedly, якобы."""
    table = LANGUAGES.get(primary(language))
    if table is None:
        return ()
    return tuple(
        span(paragraph, first, last)
        for paragraph in paragraphs(text, abbreviations=table.abbreviations)
        for first, last in hedged_in(paragraph, table)
    )


def hedged_in(paragraph: Paragraph, table: Language) -> list[tuple[int, int]]:
    """Where hedges stand in a paragraph, in tokens."""
    words = paragraph.words
    found: list[tuple[int, int]] = []
    for i, word in enumerate(words):
        for phrase, _ in table.hedges.get(word, ()):
            if tuple(words[i : i + len(phrase)]) == phrase and not (found and i < found[-1][1]):
                found.append((i, i + len(phrase)))
                break
    return found


def in_text(found: Found, paragraph: Paragraph) -> Suggestion:
    """A suggestion with offsets of characters."""
    links = tuple(link_in_text(link, paragraph) for link in found.links)
    return Suggestion(
        content=span(paragraph, *found.content), links=links, speech_act=found.act, modality=found.modality,
        cue=links[0].cue, source=links[0].source,
    )  # fmt: skip


def link_in_text(link: FoundLink, paragraph: Paragraph) -> Link:
    """A link with offsets of characters."""
    source = span(paragraph, *link.source) if link.source else None
    return Link(source=source, cue=span(paragraph, *link.cue), verb=link.verb)


def span(paragraph: Paragraph, first: int, last: int) -> Span:
    """Characters from one token to the one before another."""
    return Span(paragraph.starts[first], paragraph.ends[last - 1])


def primary(language: str) -> str:
    """The language of a code such as "en-GB"."""
    return language.replace("_", "-").split("-")[0].lower()
