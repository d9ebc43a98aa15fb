"""Adding to a claim's history, and proving that nobody altered it.

The rules:
 * A claim's records are numbered from 1 and only ever added, in the transaction of whoever adds.
 * A record's digest covers the claim's uid, its number, kind, day, body and the digest before it; not who wrote it.
 * The last chain record is the chain; rows of `Attribution` follow from it. Setting a chain anew adds a record.
 * The last status record is the status.

Bodies, in canonical JSON:
   status  {"by": source uid or null, "evidence": uid or null, "notes": {language: text}, "reason": text,
            "status": word}
   chain   [{"addressee": word, "cue": text, "evidence": uid or null, "roles": {language: text}, "said_on": day or null,
             "source": uid, "verb": word}, …] in order
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any

import msgspec
from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.utils.translation import gettext as _

from stet.kit import canonical, digests
from stet.sourcing.computing import is_circular
from stet.sourcing.errors import ChainRefusedError, HistoryBrokenError, StatusRefusedError
from stet.sourcing.models import Attribution, Claim, Evidence, Record, Source
from stet.sourcing.models.claims import MOST_LINKS
from stet.sourcing.terms import Addressee, Status, Verb

TAG = "stet claim record 1"


class NewLink(msgspec.Struct, frozen=True, kw_only=True):
    """A link as an editor gives it."""

    source: Source
    verb: Verb = Verb.SAID
    addressee: Addressee = Addressee.UNKNOWN
    said_on: date | None = None
    evidence: Evidence | None = None
    cue: str = ""
    roles: Mapping[str, str] = msgspec.field(default_factory=dict)


def set_chain(claim: Claim, links: Sequence[NewLink], *, day: date, editor: Any = None) -> Record:
    """Give a claim its chain of attribution, from who speaks in the text to the furthest root.

    Raises ChainRefusedError where it is empty, too long, or comes back to a source.
    """
    check_chain(links)
    body = [_told(link) for link in links]
    with _at_a_time(claim):
        record = _add(claim, Record.Kind.CHAIN, body, day=day, editor=editor)
        Attribution.objects.filter(claim=claim).delete()
        Attribution.objects.bulk_create(
            Attribution(
                claim=claim, position=position, source=link.source, verb=link.verb, addressee=link.addressee,
                said_on=link.said_on, evidence=link.evidence, cue=link.cue, roles=dict(link.roles),
            )
            for position, link in enumerate(links, 1)
        )  # fmt: skip
    return record


def check_chain(links: Sequence[NewLink]) -> None:
    """Refuse a chain that can't be. Raises ChainRefusedError."""
    if not links:
        raise ChainRefusedError(_("Say who makes this claim: a chain has at least one source."))
    if len(links) > MOST_LINKS:
        sentence = _("A chain has at most %(most)d sources. Leave out those that only handed it on.")
        raise ChainRefusedError(sentence % {"most": MOST_LINKS})
    if is_circular(str(link.source.uid) for link in links):
        raise ChainRefusedError(_("This chain comes back to a source that it named before. Take the second one out."))
    if any(link.source.is_unnamed and any(link.roles.values()) for link in links):
        raise ChainRefusedError(_("Of an unnamed source only the description is kept. Leave its role empty."))


def chain_body(links: Sequence[NewLink]) -> str:
    """How a record tells these links: two chains are the same where this is."""
    return canonical.write([_told(link) for link in links]).decode()


def last_chain(claim: Claim) -> Record | None:
    """The record that a claim's chain follows from."""
    return Record.objects.filter(claim=claim, kind=Record.Kind.CHAIN).order_by("-number").first()


def set_status(
    claim: Claim,
    status: Status,
    *,
    day: date,
    editor: Any = None,
    reason: str = "",
    notes: Mapping[str, str] | None = None,
    by: Source | None = None,
    evidence: Evidence | None = None,
) -> Record:
    """Add a status to a claim's history. Raises StatusRefusedError where its day is before the last one's."""
    body = {
        "by": str(by.uid) if by else None,
        "evidence": str(evidence.uid) if evidence else None,
        "notes": dict(notes or {}),
        "reason": reason,
        "status": str(status),
    }
    with _at_a_time(claim):
        last = Record.objects.filter(claim=claim, kind=Record.Kind.STATUS).order_by("-number").first()
        if last is not None and day < last.day:
            sentence = _("The status of %(day)s came after that day. Give that day or a later one.")
            raise StatusRefusedError(sentence % {"day": last.day.isoformat()})
        return _add(claim, Record.Kind.STATUS, body, day=day, editor=editor)


def verify(claims: Iterable[Claim] | None = None) -> None:
    """Prove that histories follow from their digests and chains from their records. Raises HistoryBrokenError."""
    for claim in claims if claims is not None else Claim.objects.iterator():
        _verify(claim)


def _verify(claim: Claim) -> None:
    previous, chain = "", None
    for number, record in enumerate(Record.objects.filter(claim=claim).order_by("number"), 1):
        expected = _digest(claim, number, record.kind, record.day, record.body, previous)
        if (record.number, record.previous, record.digest) != (number, previous, expected):
            sentence = _("The history of claim %(claim)d was altered at record %(number)d. Restore it from a backup.")
            raise HistoryBrokenError(sentence % {"claim": claim.pk, "number": number})
        previous = record.digest
        chain = record.body if record.kind == Record.Kind.CHAIN else chain
    rows = Attribution.objects.filter(claim=claim).select_related("source", "evidence").order_by("position")
    standing = canonical.write([_told(row) for row in rows]).decode()
    if standing != (chain or "[]"):
        sentence = _("The chain of claim %(claim)d is not the one in its history. Restore it from a backup.")
        raise HistoryBrokenError(sentence % {"claim": claim.pk})


def _told(link: NewLink | Attribution) -> dict[str, Any]:
    return {
        "addressee": str(link.addressee),
        "cue": link.cue,
        "evidence": str(link.evidence.uid) if link.evidence else None,
        "roles": dict(link.roles),
        "said_on": link.said_on.isoformat() if link.said_on else None,
        "source": str(link.source.uid),
        "verb": str(link.verb),
    }


def _add(claim: Claim, kind: Record.Kind, body: object, *, day: date, editor: Any) -> Record:
    text = canonical.write(body).decode()
    last = Record.objects.filter(claim=claim).order_by("-number").first()
    number, previous = (last.number + 1, last.digest) if last else (1, "")
    return Record.objects.create(
        claim=claim, number=number, kind=kind, day=day, body=text, editor=editor, previous=previous,
        digest=_digest(claim, number, kind, day, text, previous),
    )  # fmt: skip


@contextmanager
def _at_a_time(claim: Claim) -> Iterator[None]:
    """Let two editors add to a claim one after the other: the second continues from the first one's record."""
    with transaction.atomic():
        Claim.objects.select_for_update().get(pk=claim.pk)
        yield


def _digest(claim: Claim, number: int, kind: str, day: date, body: str, previous: str) -> str:
    signed = canonical.write([str(claim.uid), number, str(kind), day.isoformat(), body, previous])
    return digests.hex_digest(TAG, signed)


# --- Triggers ---


def install_triggers(*, using: str = DEFAULT_DB_ALIAS, **_signal: object) -> None:
    """Have the database refuse to alter or drop records, whoever asks. Safe to repeat."""
    connection = connections[using]
    table = Record._meta.db_table
    if table not in connection.introspection.table_names():
        return
    statements = _sqlite_statements if connection.vendor == "sqlite" else _postgresql_statements
    with connection.cursor() as cursor:
        for statement in statements(table):
            cursor.execute(statement)


_KEPT = "claim_id, number, kind, day, body, previous, digest"


def _sqlite_statements(table: str) -> Iterator[str]:
    for event in (f"UPDATE OF {_KEPT}", "DELETE"):
        name = f"stet_{table}_kept_{event.split()[0].lower()}"
        yield f"DROP TRIGGER IF EXISTS {name}"
        refuse = "SELECT RAISE(ABORT, 'records of a claim are only added')"
        yield f"CREATE TRIGGER {name} BEFORE {event} ON {table} BEGIN {refuse}; END"


def _postgresql_statements(table: str) -> Iterator[str]:
    name = f"stet_{table}_kept"
    yield (
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'records of a claim are only added'; END $$"
    )
    for event in (f"UPDATE OF {_KEPT}", "DELETE"):
        trigger = f"{name}_{event.split()[0].lower()}"
        yield f"DROP TRIGGER IF EXISTS {trigger} ON {table}"
        yield f"CREATE TRIGGER {trigger} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()"
