"""A claim's history as the desk tells it: who did what on which day, newest first."""

from datetime import date
from typing import Any

import msgspec
from django.db.models import QuerySet

from stet.kit import canonical
from stet.sourcing import words
from stet.sourcing.models import Claim, Evidence, Record, Source

MOST = 500


class Link(msgspec.Struct, frozen=True, kw_only=True):
    """A link of a chain as it was given."""

    name: str
    verb: Any


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One record."""

    number: int
    day: date
    editor: str
    """Who wrote it; empty where the account is gone."""
    status_word: Any = ""
    """Empty for a chain."""
    by: str = ""
    evidence: str = ""
    notes: tuple[tuple[str, str], ...] = ()
    reason: str = ""
    links: tuple[Link, ...] = ()


def entries(claim: Claim, *, language: str) -> list[Entry]:
    """The records of a claim, newest first; four queries."""
    records = list(Record.objects.filter(claim=claim).select_related("editor").order_by("-number")[:MOST])
    bodies = [canonical.read(record.body.encode()) for record in records]
    sources = _names(bodies, language)
    pieces = _titles(bodies)
    return [_entry(record, body, sources, pieces) for record, body in zip(records, bodies, strict=True)]


def _entry(record: Record, body: Any, sources: dict[str, str], pieces: dict[str, str]) -> Entry:
    editor = record.editor.get_username() if record.editor else ""
    if record.kind == Record.Kind.CHAIN:
        verbs = dict(words.VERBS)
        links = tuple(Link(name=sources.get(one["source"], "—"), verb=verbs[one["verb"]]) for one in body)
        return Entry(number=record.number, day=record.day, editor=editor, links=links)
    return Entry(
        number=record.number, day=record.day, editor=editor, status_word=dict(words.STATUSES)[body["status"]],
        by=sources.get(body["by"], ""), evidence=pieces.get(body["evidence"], ""),
        notes=tuple(body["notes"].items()), reason=body["reason"],
    )  # fmt: skip


def _names(bodies: list[Any], language: str) -> dict[str, str]:
    uids = {one["source"] for body in bodies if isinstance(body, list) for one in body}
    uids |= {body["by"] for body in bodies if isinstance(body, dict) and body["by"]}
    rows: QuerySet[Any] = Source.objects.filter(uid__in=uids).prefetch_related("names__locale")
    return {str(row.uid): row.name_in(language) for row in rows}


def _titles(bodies: list[Any]) -> dict[str, str]:
    uids = {body["evidence"] for body in bodies if isinstance(body, dict) and body["evidence"]}
    return {str(uid): title for uid, title in Evidence.objects.filter(uid__in=uids).values_list("uid", "title")}
