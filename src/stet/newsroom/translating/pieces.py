"""A story as the pieces that a translator works through: headline, standfirst, each paragraph, each other block.

A piece has a key where the editor gave it one: Draftail names each paragraph, a stream each block, and both names stay
through edits and through copying for translation.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import lxml.html
from lxml.etree import ParserError

HEADLINE, STANDFIRST, PARAGRAPH = "headline", "standfirst", "paragraph"
NO_WORDS = frozenset({"id", "type", "level", "size", "url", "source_url", "site", "date", "photo", "document"})
"""Fields of blocks that hold no words to translate."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One piece of a story."""

    key: str
    """Its own name; empty where it has none."""
    kind: str
    """`HEADLINE`, `STANDFIRST`, `PARAGRAPH`, or the name of a block."""
    text: str
    """Its words, without marks."""


def pieces_of(title: str, standfirst: str, body: Any) -> tuple[Piece, ...]:
    """A story's pieces, in order. `body` is a stored stream: JSON, or what it holds."""
    blocks = json.loads(body or "[]") if isinstance(body, str) else body or []
    found = [Piece(key=HEADLINE, kind=HEADLINE, text=title)]
    if standfirst:
        found.append(Piece(key=STANDFIRST, kind=STANDFIRST, text=standfirst))
    for block in blocks:
        found.extend(_of_block(block))
    return tuple(found)


def _of_block(block: dict[str, Any]) -> Iterator[Piece]:
    kind, value, key = str(block.get("type")), block.get("value"), str(block.get("id") or "")
    if kind == "text":
        yield from (Piece(key=own, kind=PARAGRAPH, text=text) for own, text in _paragraphs(str(value or "")))
        return
    text = " · ".join(words for words in _words(value) if words)
    if text:
        yield Piece(key=key, kind=kind, text=text)


def _paragraphs(html: str) -> Iterator[tuple[str, str]]:
    """(the name, the words) of each paragraph and list of rich text."""
    try:
        elements = lxml.html.fragments_fromstring(html)
    except ParserError:
        return
    for element in elements:
        if isinstance(element, str):
            key, text = "", element
        else:
            names = element.xpath("descendant-or-self::*/@data-block-key")
            key, text = str(names[0]) if names else "", _said(element)
        if text := " ".join(text.split()):
            yield key, text


def _said(element: Any) -> str:
    """An element's words; items of a list stand apart."""
    items = element.xpath(".//li")
    return " · ".join(str(item.text_content()) for item in items) if items else str(element.text_content())


def _words(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield " ".join(text for _key, text in _paragraphs(value))
    elif isinstance(value, dict):
        for name, inner in value.items():
            if name not in NO_WORDS:
                yield from _words(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _words(inner)
