"""Reads labelled files, makes plain text of their tokens, and turns suggestions back into labels of tokens.

Two layouts, told apart by the first character:
 * a token and its label on each line, a tab or a space between, an empty line after each row, two after each article;
 * a JSON object on each line with `tokens`, `labels` and, if known, `id`, the article; its rows stand together.

Labels are BIO over source, cue and content, in one layer: where somebody is quoted on what somebody else said, the
outer one counts. The conventions are those of PolNeAR as flattened for CofeNet, and the shipped set follows them: a
content holds its quotation marks and its "that"; a source holds its apposition and the comma that closes it before the
cue; a cue holds a colon right behind it; what is cited is a content.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from stet.sourcing.assistant import Span, Suggestion, Verb

NO_SPACE_BEFORE = frozenset(
    {",", ".", ";", ":", "?", "!", ")", "]", "”", "»", "%", "…", "'s", "n't", "'re", "'ve", "'ll", "'d", "'m"}
)
NO_SPACE_AFTER = frozenset({"(", "[", "“", "«", "$", "£", "#", "„"})
JOINS = frozenset({"and", "but", "и", "а", "но"})
BRACKETS = {"-LRB-": "(", "-RRB-": ")", "-LSB-": "[", "-RSB-": "]", "-LCB-": "{", "-RCB-": "}"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A sentence, or a few, as tokens with labels."""

    tokens: tuple[str, ...]
    labels: tuple[str, ...]
    article: str


def rows(path: Path) -> list[Row]:
    """All rows of a file."""
    text = path.read_text(encoding="utf-8")
    read = rows_of_json if text.lstrip().startswith("{") else rows_of_lines
    return list(read(text))


def rows_of_json(text: str) -> Iterator[Row]:
    """Rows of the layout with one JSON object on each line."""
    for number, line in enumerate(text.splitlines()):
        if line.strip():
            row = json.loads(line)
            yield Row(tokens=tuple(row["tokens"]), labels=tuple(row["labels"]), article=str(row.get("id", number)))


def rows_of_lines(text: str) -> Iterator[Row]:
    """Rows of the layout with one token on each line."""
    for number, article in enumerate(text.strip("\n").split("\n\n\n")):
        for block in article.strip("\n").split("\n\n"):
            pairs = [line.rsplit(None, 1) for line in block.splitlines()]
            yield Row(
                tokens=tuple(pair[0] for pair in pairs), labels=tuple(pair[1] for pair in pairs), article=str(number)
            )


def articles(listed: list[Row]) -> list[list[Row]]:
    """Rows that follow each other in one article."""
    return [list(group) for _, group in groupby(listed, key=lambda row: row.article)]


def plain(row: Row) -> tuple[str, list[Span]]:
    """A row as it would be printed, and where each of its tokens stands in that text."""
    text, spans, is_open, glue = "", [], False, True
    for i, raw in enumerate(row.tokens):
        token, before, after = BRACKETS.get(raw, raw), True, True
        if raw in ("``", "''", '"'):
            left = sum(token in ("''", '"') for token in row.tokens[i:])
            opens = raw == "``" or (
                not is_open and (left % 2 == 0 or not i or row.tokens[i - 1] not in {",", ".", "?", "!"})
            )
            before, after = opens, not opens
            token, is_open = '"', opens
        elif raw == "`":
            token, after = "‘", False
        elif raw == "'":
            token, before = "’", False
        elif token in NO_SPACE_BEFORE:
            before = False
        elif token in NO_SPACE_AFTER:
            after = False
        if before and not glue:
            text += " "
        spans.append(Span(len(text), len(text) + len(token)))
        text += token
        glue = not after
    return text, spans


def labels_of(suggestions: list[Suggestion], spans: list[Span], tokens: tuple[str, ...]) -> list[str]:
    """One label for each token; what lies inside what somebody else says is left out."""
    count = len(tokens)
    content = [0] * count
    marks: list[tuple[str, range]] = []
    for number, suggestion in enumerate(sorted(suggestions, key=lambda one: one.content.start - one.content.end), 1):
        if any(is_inside(suggestion, other) for other in suggestions):
            continue
        where = covered(suggestion.content, spans)
        for i in where:
            content[i] = number
        for position, link in enumerate(suggestion.links):
            if position and suggestion.source and suggestion.source.start <= link.cue.start < suggestion.source.end:
                continue
            if link.source:
                name = "content" if position and link.verb is Verb.CITED else "source"
                marks.append((name, with_comma(covered(link.source, spans), covered(link.cue, spans), tokens)))
            marks.append(("cue", with_colon(covered(link.cue, spans), tokens)))
    return painted(content, marks, tokens)


def is_inside(one: Suggestion, other: Suggestion) -> bool:
    """Whether one suggestion is the same claim as another's content, one link further."""
    inner = one.links[-1].cue
    return (
        one is not other
        and one.cue == other.cue
        and len(one.links) > len(other.links)
        and (other.content.start <= inner.start and inner.end <= other.content.end)
    )


def covered(span: Span, spans: list[Span]) -> range:
    """The tokens that a span touches."""
    inside = [i for i, token in enumerate(spans) if token.start < span.end and span.start < token.end]
    return range(inside[0], inside[-1] + 1) if inside else range(0)


def with_comma(source: range, cue: range, tokens: tuple[str, ...]) -> range:
    """A source with the comma that closes its apposition before the cue."""
    end = source.stop
    if (
        len(source)
        and end < len(tokens)
        and tokens[end] == ","
        and cue.start == end + 1
        and any(tokens[i] == "," for i in source)
    ):
        return range(source.start, end + 1)
    return source


def with_colon(cue: range, tokens: tuple[str, ...]) -> range:
    """A cue with the colon right behind it."""
    return range(cue.start, cue.stop + 1) if len(cue) and tokens[cue.stop : cue.stop + 1] == (":",) else cue


def painted(content: list[int], marks: list[tuple[str, range]], tokens: tuple[str, ...]) -> list[str]:
    """Labels in one layer: cues and sources over contents, pieces without commas at a cut."""
    kinds: list[tuple[str, int]] = [("content", number) if number else ("O", 0) for number in content]
    for number, (name, where) in enumerate(marks, 1):
        for i in where:
            kinds[i] = (name, number)
    labels = []
    for i, kind in enumerate(kinds):
        if kind[0] == "O":
            labels.append("O")
        else:
            labels.append(("I-" if i and kinds[i - 1] == kind else "B-") + kind[0])
    for i, label in enumerate(labels):
        after = labels[i + 1] if i + 1 < len(labels) else "O"
        joins = tokens[i] in JOINS and i and labels[i - 1] == "O" and tokens[i - 1] == ","
        if (
            (joins or tokens[i] in {",", "—", "--", "-", ":"})
            and label[2:] == "content"
            and (label[0] == "B" or not after.startswith("I-"))
        ):
            labels[i] = "O"
            if after == "I-content":
                labels[i + 1] = "B-content"
    return labels
