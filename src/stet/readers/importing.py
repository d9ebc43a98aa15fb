"""Taking readers over from another system, out of a CSV file.

The rules:
 * The newsroom says where these readers gave their consent; the sentence is kept with each.
 * Columns: email, and if you like list, language, time_zone. A list or language that a row lacks is the one given.
 * Whoever left a list, was erased, bounced or complained is not brought back.
 * Every row that is not taken is told by its number and a reason, never by its address.
 * The file is read as a stream, in batches of one transaction each: run again after an interruption, it takes nothing
   twice.
"""

import csv
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Literal, TextIO

from stet.readers.addresses import Address, checked_address
from stet.readers.errors import AddressRefusedError, ImportRefusedError
from stet.readers.joining import readers_transaction
from stet.readers.keys import ReaderKeys
from stet.readers.lanes import lane_of
from stet.readers.lists import Lists
from stet.readers.managing import is_time_zone
from stet.readers.models import Consent, Reader, Subscription, Suppression
from stet.readers.moments import minute_of, monday_of

BATCH = 500
MOST_SOURCE = 200

Reason = Literal[
    "malformed", "no_address", "bad_address", "no_list", "unknown_list", "bad_time_zone", "unknown_language", "twice",
    "suppressed", "left", "already",
]  # fmt: skip

REASONS: dict[Reason, str] = {
    "malformed": "the row cannot be read as CSV",
    "no_address": "there is no address in it",
    "bad_address": "the address is not written like one",
    "no_list": "it names no list, and --list was not given",
    "unknown_list": "the paper prints no list with this key",
    "bad_time_zone": "there is no such time zone",
    "unknown_language": "the paper does not appear in this language",
    "twice": "the same reader and list stand further up in the file",
    "suppressed": "nothing is sent to this address any more",
    "left": "this reader left the list, or letters came back",
    "already": "this reader is on the list already",
}
"""Why a row is not taken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where the rows come from, and what counts for those that do not say."""

    consent: str
    """Where and when these readers agreed, in the newsroom's words."""
    list_key: str | None = None


@dataclass(slots=True, kw_only=True)
class ImportReport:
    """What became of the rows."""

    rows: int = 0
    taken: int = 0
    left_out: list[tuple[int, Reason]] = field(default_factory=list)
    """The number of the row's last line in the file, and why."""

    def leave_out(self, row: int, reason: Reason) -> None:
        """Note a row that is not taken."""
        self.left_out.append((row, reason))

    def by_reason(self) -> dict[Reason, int]:
        """How many rows were left out for each reason, the most frequent first."""
        return dict(Counter(reason for _, reason in self.left_out).most_common())


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    number: int
    address: Address
    lookup: bytes
    list_key: str
    language: str
    time_zone: str


Progress = Callable[[int], None]
"""Told how many rows were looked at."""


def import_readers(
    file: TextIO,
    source: Source,
    *,
    lists: Lists,
    keys: ReaderKeys,
    now: datetime,
    is_dry: bool = False,
    progress: Progress = lambda _rows: None,
) -> ImportReport:
    """Take in the readers of a CSV file; with `is_dry`, only say what would be. Raises ImportRefusedError."""
    if not source.consent.strip() or len(source.consent) > MOST_SOURCE:
        raise ImportRefusedError(f"Say in 1 to {MOST_SOURCE} characters where these readers gave their consent.")
    if source.list_key is not None and lists.get(source.list_key) is None:
        raise ImportRefusedError(
            "The paper prints no list with the key that was given. `letters/lists.json` names them."
        )
    report = ImportReport()
    rows = _checked(file, source, lists, keys, report)
    while batch := list(islice(rows, BATCH)):
        with readers_transaction():
            _take(batch, source, keys=keys, now=now, is_dry=is_dry, report=report)
        progress(report.rows)
    progress(report.rows)
    report.left_out.sort()
    return report


# --- Reading ---


def _checked(file: TextIO, source: Source, lists: Lists, keys: ReaderKeys, report: ImportReport) -> Iterator[_Row]:
    """The rows that are what they should be, each reader and list once."""
    seen: set[bytes] = set()
    for number, values in _records(file, report):
        row = _row(number, values, source, lists, keys)
        if isinstance(row, str):
            report.leave_out(number, row)
            continue
        mark = row.lookup[:16] + row.list_key.encode()
        if mark in seen:
            report.leave_out(number, "twice")
            continue
        seen.add(mark)
        yield row


def _records(file: TextIO, report: ImportReport) -> Iterator[tuple[int, dict[str, str]]]:
    """Each record with the number of its last line."""
    reader = csv.reader(file)
    try:
        header = [name.strip().lower().lstrip("\ufeff") for name in next(reader, [])]
    except csv.Error:
        header = []
    if "email" not in header:
        raise ImportRefusedError("The file's first line has to name its columns; one of them has to be called email.")
    while True:
        try:
            values = next(reader)
        except StopIteration:
            return
        except csv.Error:
            report.rows += 1
            report.leave_out(reader.line_num, "malformed")
            continue
        if any(value.strip() for value in values):
            report.rows += 1
            yield reader.line_num, dict(zip(header, (value.strip(" \t") for value in values), strict=False))


def _row(number: int, values: dict[str, str], source: Source, lists: Lists, keys: ReaderKeys) -> _Row | Reason:
    typed = values.get("email", "")
    if not typed:
        return "no_address"
    try:
        address = checked_address(typed)
    except AddressRefusedError:
        return "bad_address"
    key = values.get("list") or source.list_key
    if not key:
        return "no_list"
    on = lists.get(key)
    if on is None:
        return "unknown_list"
    language, time_zone = values.get("language") or on.language, values.get("time_zone", "")
    if language not in lists.languages:
        return "unknown_language"
    if time_zone and not is_time_zone(time_zone):
        return "bad_time_zone"
    return _Row(
        number=number,
        address=address,
        lookup=keys.lookup.of(address),
        list_key=key,
        language=language,
        time_zone=time_zone,
    )


# --- Taking ---


def _take(
    batch: list[_Row], source: Source, *, keys: ReaderKeys, now: datetime, is_dry: bool, report: ImportReport
) -> None:
    wanted = _wanted(batch, report)
    report.taken += len(wanted)
    if is_dry or not wanted:
        return
    Reader.objects.bulk_create(_new_readers(wanted, keys, now), ignore_conflicts=True)
    by_lookup = {bytes(row.lookup): row for row in Reader.objects.filter(lookup__in={row.lookup for row in wanted})}
    minute, active = minute_of(now), Subscription.State.ACTIVE
    places = [(by_lookup[row.lookup], row.list_key) for row in wanted]
    Subscription.objects.bulk_create(
        [Subscription(reader=reader, list_key=key, state=active, since=minute) for reader, key in places],
        update_conflicts=True,
        unique_fields=["reader", "list_key"],
        update_fields=["state", "since"],
    )
    Consent.objects.bulk_create(
        Consent(
            reader=reader,
            list_key=key,
            act=Consent.Act.IMPORTED,
            wording="",
            minute=minute,
            source=source.consent.strip(),
        )
        for reader, key in places
    )


def _wanted(batch: Iterable[_Row], report: ImportReport) -> list[_Row]:
    """The rows of the batch that may be taken, by what is known of their addresses."""
    lookups = {row.lookup for row in batch}
    suppressed = set(map(bytes, Suppression.objects.filter(lookup__in=lookups).values_list("lookup", flat=True)))
    states = {
        (bytes(lookup), key): state
        for lookup, key, state in Subscription.objects.filter(reader__lookup__in=lookups).values_list(
            "reader__lookup", "list_key", "state"
        )
    }
    wanted = []
    for row in batch:
        state = states.get((row.lookup, row.list_key))
        if row.lookup in suppressed:
            report.leave_out(row.number, "suppressed")
        elif state == Subscription.State.ACTIVE:
            report.leave_out(row.number, "already")
        elif state in (Subscription.State.LEFT, Subscription.State.SUSPENDED):
            report.leave_out(row.number, "left")
        else:
            wanted.append(row)
    return wanted


def _new_readers(wanted: Iterable[_Row], keys: ReaderKeys, now: datetime) -> list[Reader]:
    rows = {row.lookup: row for row in wanted}
    known = set(map(bytes, Reader.objects.filter(lookup__in=rows.keys()).values_list("lookup", flat=True)))
    return [
        Reader(
            lookup=row.lookup,
            sealed=keys.sealer.seal(row.address),
            lane=lane_of(row.address.domain),
            language=row.language,
            time_zone=row.time_zone,
            since=monday_of(now),
        )
        for row in rows.values()
        if row.lookup not in known
    ]
