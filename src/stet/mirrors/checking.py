"""Looks at a mirror from outside, as a reader meets it, and says how it is.

What is looked at, in this order:
 1. The roots there are the ones that stand here.
 2. edition.json is signed by an edition key of the newest root, has not expired, is no older than one that was seen
    there before, and is not one that nobody printed here.
 3. Some sheets, the front and others by lot, are what that edition's manifest says. The parts of the manifest that
    name them are read there and proven by their digests, up to the pointer. While a sync goes on (next.json), a sheet
    may also be as the coming edition has it.

The reader is the caller's (`stet.mirrors.http_reader`, or the place itself where there is no address), and so are clock
and dice. What is found is one of `Fault`: sentences without hosts, which the desk translates.
"""

import random
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Protocol

import brotli
import msgspec

from stet.edition.disk import read_if_there
from stet.edition.errors import EditionBrokenError
from stet.edition.folder import read_root_files
from stet.edition.manifest import Entry, Tree
from stet.edition.pointer import Pointer, matching_line
from stet.edition.root import Root, SignedRoot, SiteKey, check_chain, check_known
from stet.edition.sheet import WELL_KNOWN, body_digest, file_path
from stet.kit.errors import BrokenError, RefusedError, StetError
from stet.mirrors.base import Place
from stet.mirrors.checks import Check, State

SHEETS = 4
"""How many sheets a look compares: few connections, few bytes."""
MOST_PROOF_BYTES = 1_000_000
"""More than any pointer, signature or part of a manifest has."""
ATTEMPTS = 3
"""How often a look begins anew where the mirror moved on meanwhile."""
CLOCK_SLACK = timedelta(minutes=10)


class Fault(StrEnum):
    """What can be wrong with a mirror, as a person is told."""

    NOTHING_THERE = "No edition stands at the public address. Does it lead to where the files are put?"
    NO_EDITION_HERE = "There is no signed edition on this machine to compare the mirror with. Print one first."
    OTHER_SITE = "Another site's edition stands at the public address."
    NO_POINTER = "What stands at the public address is not an edition: its pointer cannot be read."
    NOT_SIGNED = "The edition at the public address is not signed by a key of this site. Warn readers of this address."
    OLD_KEY = "The edition at the public address is signed by a key that counts no more."
    ROLLED_BACK = "Rolled back: an older edition stands at the public address than was seen there before."
    UNKNOWN_EDITION = "An edition stands there that was not printed here, but is signed. Who else has the key?"
    UNKNOWN_ROOT = "The mirror names a root of this site that is not known here. Who else has the root keys?"
    OTHER_ROOT = "The roots at the public address are not this site's."
    EXPIRED = "Frozen: the edition at the public address has expired."
    OLDER = "An older edition stands at the public address."
    OLD_ROOT = "The newest root of the site is not there yet."
    PART_MISSING = "Parts of the manifest are missing at the public address."
    PART_ALTERED = "Parts of the manifest at the public address are not what was signed."
    SHEET_MISSING = "A sheet that was looked for is missing at the public address."
    SHEET_ALTERED = "A sheet at the public address is not what was signed: it was changed, cut off or swapped."
    NEEDS_PROXY = (
        "An onion address is looked at through Tor: give the mirror a proxy, such as socks5h://127.0.0.1:9050."
    )
    UNANSWERED = "The mirror did not answer."


class Reader(Protocol):
    """Something that answers with a mirror's files."""

    def read(self, path: str, *, most_bytes: int) -> bytes | None:
        """The file's bytes, `most_bytes` of them at most; None where there is none."""


class Here(msgspec.Struct, frozen=True, kw_only=True):
    """The edition on this machine, as far as a mirror is compared with it."""

    root_files: tuple[bytes, ...]
    roots: tuple[Root, ...]
    pointer: Pointer


def read_here(site: Path, *, key: SiteKey | None = None) -> Here:
    """What stands in `site`, checked down to its pointer, also while the next edition is being printed."""
    files = read_root_files(site)
    stored = read_if_there(f"{site}{WELL_KNOWN}/edition.json")
    if not files or stored is None:
        raise EditionBrokenError(Fault.NO_EDITION_HERE)
    roots = check_chain(files, site=key.site if key else SignedRoot.from_bytes(files[0]).root.site_id)
    if key:
        check_known(roots, key)
    pointer = Pointer.from_bytes(stored)
    signatures = read_if_there(f"{site}{WELL_KNOWN}/edition.json.sig") or b""
    if pointer.site != roots[0].site_id or matching_line(pointer, signatures, _keys(roots)) is None:
        raise EditionBrokenError(Fault.NO_EDITION_HERE)
    return Here(root_files=tuple(files), roots=roots, pointer=pointer)


def look(
    reader: Reader,
    here: Callable[[], Here],
    *,
    before: Check,
    now: datetime,
    sheets: int = SHEETS,
    dice: random.Random | None = None,
) -> Check:
    """How a mirror is now. `here` says what stands on this machine, anew each time; `before` is the last check."""
    eyes = _Eyes(reader, dice or random.SystemRandom(), sheets)
    try:
        found = eyes.look(here, before, now)
    except _FoundError as error:
        found = error.verdict
    except StetError as error:
        # Of an edition on this machine that is broken nothing follows for the mirror.
        found = Verdict(state=State.UNKNOWN, problem=str(error))
    return _kept(found, before, now)


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """What a look comes to."""

    state: State
    problem: str = ""
    pointer: Pointer | None = None
    """What stands there, where it is signed."""


def unlooked(before: Check, now: datetime, *, state: State, problem: str) -> Check:
    """A check of a mirror that could not be looked at."""
    return _kept(Verdict(state=state, problem=problem), before, now)


def _kept(found: Verdict, before: Check, now: datetime) -> Check:
    seq = found.pointer.seq if found.pointer else None
    return msgspec.structs.replace(
        before,
        state=found.state,
        checked=now,
        seq=seq,
        published=found.pointer.published if found.pointer else None,
        last_success=now if found.state is State.CURRENT else before.last_success,
        problem=found.problem,
        highest_seq=before.highest_seq if seq is None else max(seq, before.highest_seq or 0),
    )


class _FoundError(Exception):
    """A look that ends early, with its verdict."""

    def __init__(self, state: State, problem: str, pointer: Pointer | None = None) -> None:
        super().__init__(problem)
        self.verdict = Verdict(state=state, problem=problem, pointer=pointer)


class _Eyes:
    """One look at one mirror."""

    def __init__(self, reader: Reader, dice: random.Random, sheets: int) -> None:
        self._reader = reader
        self._dice = dice
        self._sheets = sheets

    def look(self, here: Callable[[], Here], before: Check, now: datetime) -> Verdict:
        """Look, and again where an edition arrived in the middle."""
        for attempt in range(ATTEMPTS):
            stored = self._proof("edition.json")
            announced = self._proof("next.json")
            try:
                return self._compare(stored, announced, here, before, now)
            except _FoundError:
                has_moved = (self._proof("edition.json"), self._proof("next.json")) != (stored, announced)
                if attempt == ATTEMPTS - 1 or not has_moved:
                    raise
        raise AssertionError("The last attempt returns or raises.")

    def _compare(
        self, stored: bytes | None, announced: bytes | None, here: Callable[[], Here], before: Check, now: datetime
    ) -> Verdict:
        if stored is None:
            raise _FoundError(State.BROKEN, Fault.NOTHING_THERE)
        there = _pointer(stored)
        if there is None:
            raise _FoundError(State.BROKEN, Fault.NO_POINTER)
        ours = here()  # after the mirror's: what stands there now stood here before
        if there.site != ours.pointer.site:
            raise _FoundError(State.BROKEN, Fault.OTHER_SITE)
        has_all_roots = self._look_at_roots(ours)
        self._look_at_signature(there, ours)
        if there.seq < (before.highest_seq or 0):
            raise _FoundError(State.BROKEN, Fault.ROLLED_BACK, there)
        if there.seq > ours.pointer.seq or (there.seq == ours.pointer.seq and there != ours.pointer):
            raise _FoundError(State.BROKEN, Fault.UNKNOWN_EDITION, there)
        self._look_at_sheets(there, self._coming(announced, ours))
        if there.expires + CLOCK_SLACK < now:
            return Verdict(state=State.BEHIND, problem=Fault.EXPIRED, pointer=there)
        if there != ours.pointer:
            return Verdict(state=State.BEHIND, problem=Fault.OLDER, pointer=there)
        if not has_all_roots:
            return Verdict(state=State.BEHIND, problem=Fault.OLD_ROOT, pointer=there)
        return Verdict(state=State.CURRENT, pointer=there)

    def _look_at_roots(self, ours: Here) -> bool:
        """Whether all of the site's roots are there; none may be that is not the site's."""
        count = len(ours.root_files)
        for number, file in enumerate(ours.root_files, 1):
            found = self._proof(f"root/{number}.json")
            if found != file:
                if found is None and number > 1:
                    return False
                raise _FoundError(State.BROKEN, Fault.OTHER_ROOT)
        later = self._proof(f"root/{count + 1}.json")
        if later is not None and _is_chain((*ours.root_files, later), ours):
            raise _FoundError(State.BROKEN, Fault.UNKNOWN_ROOT)
        return True

    def _look_at_signature(self, there: Pointer, ours: Here) -> None:
        signatures = self._proof("edition.json.sig") or b""
        if matching_line(there, signatures, ours.roots[-1].edition_keys) is not None:
            return
        is_old = matching_line(there, signatures, _keys(ours.roots)) is not None
        raise _FoundError(State.BROKEN, Fault.OLD_KEY if is_old else Fault.NOT_SIGNED)

    def _coming(self, announced: bytes | None, ours: Here) -> Pointer | None:
        """The edition that is on its way there; None where none is that this site signed."""
        coming = _pointer(announced) if announced else None
        if coming is None or coming.site != ours.pointer.site:
            return None
        keys = ours.roots[-1].edition_keys
        return coming if matching_line(coming, self._proof("next.json.sig") or b"", keys) else None

    # --- Sheets ---

    def _look_at_sheets(self, there: Pointer, coming: Pointer | None) -> None:
        try:
            later = self._tree(coming) if coming else None
            for entry in self._drawn(self._tree(there)):
                self._look_at_sheet((entry, *([later.entry(entry.path)] if later else ())), there)
        except (BrokenError, RefusedError) as error:  # a part is not what its name says, or names what no sheet may
            raise _FoundError(State.BROKEN, Fault.PART_ALTERED, there) from error

    def _look_at_sheet(self, states: tuple[Entry | None, ...], there: Pointer) -> None:
        lines = [state for state in states if state is not None]
        body = self._read(file_path(lines[0].path), most_bytes=max(line.size_bytes for line in lines) + 1)
        if body is None and None not in states:
            raise _FoundError(State.BROKEN, Fault.SHEET_MISSING, there)
        if body is not None and not any(_is_body_of(line, body) for line in lines):
            raise _FoundError(State.BROKEN, Fault.SHEET_ALTERED, there)

    def _drawn(self, tree: Tree) -> Iterator[Entry]:
        """The front, and sheets by lot."""
        lots = (tree.numbered(self._dice.randrange(tree.files)) for _ in range(self._sheets if tree.files else 0))
        drawn = (tree.entry("/index.html"), *lots)
        yield from list({entry.path: entry for entry in drawn if entry}.values())[: self._sheets]

    def _tree(self, pointer: Pointer) -> Tree:
        """An edition's manifest, read there; each part is proven by the digest that names it, and read once."""
        known: dict[str, bytes] = {}

        def read(name: str) -> bytes:
            if name not in known:
                body = self._proof(name)
                if body is None:
                    raise _FoundError(State.BROKEN, Fault.PART_MISSING, pointer)
                known[name] = body
            return known[name]

        return Tree(pointer.root, pointer.files, read)

    # --- Reading ---

    def _proof(self, name: str) -> bytes | None:
        return self._read(f"{WELL_KNOWN}/{name}", most_bytes=MOST_PROOF_BYTES)

    def _read(self, path: str, *, most_bytes: int) -> bytes | None:
        try:
            return self._reader.read(path, most_bytes=most_bytes)
        except (BrokenError, RefusedError) as error:
            raise _FoundError(State.BROKEN, str(error)) from error
        except (StetError, OSError) as error:
            problem = str(error) if isinstance(error, StetError) else Fault.UNANSWERED
            raise _FoundError(State.UNREACHABLE, problem) from error


class PlaceReader:
    """A mirror without an address of its own, read through its place."""

    def __init__(self, place: Place) -> None:
        self._place = place

    def read(self, path: str, *, most_bytes: int) -> bytes | None:
        """The file's bytes; unpacked where the place was given them packed."""
        stored = self._place.read(path, most_bytes=most_bytes)
        if stored is None or not self._place.capabilities.has_headers or path.startswith(WELL_KNOWN):
            return stored
        try:
            unpacker = brotli.Decompressor()
            body: bytes = unpacker.process(stored, output_buffer_limit=most_bytes)
        except brotli.error:
            return stored
        while len(body) < most_bytes and not unpacker.is_finished() and not unpacker.can_accept_more_data():
            body += unpacker.process(b"", output_buffer_limit=most_bytes)
        return body[:most_bytes] if body else stored


def _keys(roots: tuple[Root, ...]) -> list[bytes]:
    return [key for root in roots for key in root.edition_keys]


def _pointer(stored: bytes) -> Pointer | None:
    try:
        return Pointer.from_bytes(stored)
    except EditionBrokenError:
        return None


def _is_chain(files: tuple[bytes, ...], ours: Here) -> bool:
    try:
        check_chain(files, site=ours.pointer.site)
    except EditionBrokenError:
        return False
    return True


def _is_body_of(entry: Entry, body: bytes) -> bool:
    return len(body) == entry.size_bytes and body_digest(body) == entry.digest
