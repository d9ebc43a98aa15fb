"""Makes a mirror follow an edition. What stands at the mirror is asked there; nothing of it has to be remembered here.

The order, for an edition m where edition n stands:
 1. What changed is held still on this machine (`stet.mirrors.outgoing`): m can be carried whole, whatever is printed.
 2. Roots and the new parts of the manifest, which are named by their digests.
 3. next.json, signed: from here on each sheet is as n says or as m says.
 4. Sheets: what others show first, then pages, those that link to others last. Then the sheets that m no longer has.
 5. The signatures of both pointers, edition.json only if it is still n's, its .minisig.
 6. Parts of the manifest that no pointer of the last 16 editions named go; next.json goes last.
 7. Compressed copies that were not made yet.

An interruption leaves the mirror as n, as m, or between them with next.json saying so: it verifies. The next sync
finishes m from what was held, then goes on to what is current. If that was lost, every sheet of which it can't be sure
is put again.

Sheets that are gone from the edition go at once, without a grace period: what was withdrawn must not stand any longer
than it takes to say so. From an empty or unverified edition nothing is carried, and more than half of a mirror is
removed only when asked for.
"""

import gzip
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import groupby, islice
from pathlib import Path
from typing import TypeVar

import brotli
import msgspec

from stet.edition import superseded
from stet.edition.disk import read_if_there
from stet.edition.errors import EditionBrokenError
from stet.edition.manifest import Entry, Tree, differences, empty_tree, part_differences
from stet.edition.pointer import Pointer, matching_line
from stet.edition.root import SiteKey
from stet.edition.sheet import COMPRESSED_SUFFIXES, WELL_KNOWN, body_digest, is_compressible, is_html
from stet.mirrors.base import COPY, Headers, Keeping, OnStep, Place, no_step
from stet.mirrors.errors import (
    EditionMovedError,
    MirrorBrokenError,
    OtherSiteError,
    PointerMovedError,
    ShrinkingError,
)
from stet.mirrors.outgoing import Edition, Outgoing, read_edition
from stet.mirrors.throttle import Throttle

POINTER = Headers(media_type="application/json", keeping=Keeping.NEVER)
SIGNATURE = Headers(media_type="text/plain", keeping=Keeping.NEVER)
PART = Headers(media_type="text/plain", keeping=Keeping.FOREVER)
PACKED_PART = Headers(media_type="text/plain", keeping=Keeping.FOREVER, encoding="br")

MOST_PROOF_BYTES = 1_000_000
"""More than any pointer, signature or part of a manifest has: a hostile mirror answers without end."""
FEW_SHEETS = 20
"""Removing so many is never taken for a mistake."""
QUICK_QUALITY, BEST_QUALITY = 5, 11
"""Brotli's, for a file that must travel compressed before the press made its copy: of many sheets, and of few."""
FEW_TO_PACK = 200
"""Packing so many as well as the press does takes a processor a second or two."""

SUFFIXES = {"br": ".br", "gzip": ".gz"}
"""Of the press's copy in each form."""
AT_ONCE = 1_000
"""Files that wait for a connection at a time."""

T = TypeVar("T")
Progress = Callable[[int, int], None]
"""(files put, files to put)."""


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """What stands at the mirror."""

    stored: bytes | None
    """edition.json as it was read; the next one replaces exactly this."""
    pointer: Pointer | None = None
    signature: bytes = b""
    """The line that vouches for `pointer`."""
    coming: Pointer | None = None
    """What a sync that was cut off was carrying."""
    coming_signature: bytes = b""
    unproven: Pointer | None = None
    """What stands there, though nobody vouches for it; only when all is carried anew, to clear it away."""


class Changes(msgspec.Struct, frozen=True, kw_only=True):
    """What becomes of the mirror's sheets."""

    puts: tuple[Entry, ...]
    """In the order to put them."""
    removes: tuple[str, ...]
    come: frozenset[str]
    """Paths where nothing can stand yet."""


@dataclass(slots=True, kw_only=True)
class Outcome:
    """What a sync did."""

    pointer: Pointer
    put: int = 0
    removed: int = 0
    sent_bytes: int = 0
    """Of bodies, without what the transport adds."""
    told: str = ""
    """What the place says to the operator, such as where it now is."""


@dataclass(slots=True, kw_only=True)
class Sync:
    """One mirror, and in `folder` what is held for it on this machine; that may be lost."""

    site: Path
    """The edition's tree on this machine: the folder that holds .well-known."""
    place: Place
    folder: Path
    key: SiteKey | None = None
    throttle: Throttle = field(default_factory=lambda: Throttle(0))
    progress: Progress = lambda _done, _all: None
    on_step: OnStep = no_step
    may_shrink: bool = False
    is_anew: bool = False
    """Trust nothing of what the place says of itself: put every sheet, clear away what its manifest names besides."""
    _quality: int = QUICK_QUALITY
    _unwritten: dict[str, str] = field(default_factory=dict)
    """What is to be remembered of a place that gathers, once it has shown what it gathered."""

    def run(self) -> Outcome:
        """Bring the mirror to the edition that stands here now."""
        edition = read_edition(self.site, key=self.key)
        there = self._there(edition)
        outgoing = Outgoing(self.folder / "outgoing")
        outcome = Outcome(pointer=edition.pointer)
        if there.coming is not None and outgoing.held() == there.coming:
            self._carry(there.coming, there, self._changes(there, there.coming), edition, outgoing, outcome)
            there = self._there(edition)
        if there.pointer != edition.pointer or there.coming is not None:
            changes = self._changes(there, edition.pointer)
            self._refuse_shrinking(changes, there)
            outgoing.hold(edition, changes.puts)
            self._carry(edition.pointer, there, changes, edition, outgoing, outcome)
        outgoing.drop()
        self._send_awaited(edition.pointer, outcome)
        self.on_step("finish")
        outcome.told = self.place.finish() or ""
        while self._unwritten:
            self._keep(*self._unwritten.popitem())
        return outcome

    # --- What stands there ---

    def _there(self, edition: Edition) -> Standing:
        stored = self._proof("edition.json")
        if stored is None:
            return Standing(stored=None)
        if self.is_anew:
            return Standing(stored=stored, unproven=_pointer_in(stored))
        pointer, signature = self._vouched_for("edition.json", stored, edition)
        if pointer.seq > edition.pointer.seq:
            raise PointerMovedError("A newer edition stands at this mirror. Carry it from where it was printed.")
        there = Standing(stored=stored, pointer=pointer, signature=signature)
        announced = self._proof("next.json")
        if announced is None:
            return there
        coming, line = self._vouched_for("next.json", announced, edition)
        return msgspec.structs.replace(there, coming=coming, coming_signature=line)

    def _vouched_for(self, name: str, stored: bytes, edition: Edition) -> tuple[Pointer, bytes]:
        """A pointer at the mirror and the line that vouches for it; by an older key too, if it was ever this site's."""
        pointer = Pointer.from_bytes(stored)
        if pointer.site != edition.pointer.site:
            raise OtherSiteError("Another site's edition stands at this mirror. Choose another place, or empty it.")
        keys = [key for root in edition.roots for key in root.edition_keys]
        line = matching_line(pointer, self._proof(f"{name}.sig") or b"", keys)
        if line is None:
            raise MirrorBrokenError("This mirror holds what this site never signed. Carry all anew, with --anew.")
        return pointer, line

    def _proof(self, name: str) -> bytes | None:
        return self.place.read(f"{WELL_KNOWN}/{name}", most_bytes=MOST_PROOF_BYTES)

    def _tree(self, pointer: Pointer | None) -> Tree:
        """The manifest of an edition: its parts from this machine while they are here, else from the mirror."""
        if pointer is None:
            return empty_tree()

        def read(name: str) -> bytes:
            body = read_if_there(f"{self.site}{WELL_KNOWN}/{name}") or self._proof(name)
            if body is None:
                raise MirrorBrokenError("Parts of this mirror's manifest are missing. Carry all anew, with --anew.")
            return body

        return Tree(pointer.root, pointer.files, read)

    def _changes(self, there: Standing, target: Pointer) -> Changes:
        old, new = self._tree(there.pointer), self._tree(target)
        puts: dict[str, Entry] = {}
        removes: set[str] = set()
        come: set[str] = set()
        for before, after in differences(old, new):
            if after is not None:
                puts[after.path] = after
                come.update(() if before else (after.path,))
            elif before is not None:
                removes.add(before.path)
        for path in self._unsure(there, old):
            come.discard(path)
            entry = puts.get(path) or new.entry(path)
            if entry is None:
                removes.add(path)
            else:
                puts[path] = entry
        removes.update(path for path in self._unproven(there) if new.entry(path) is None)
        return Changes(puts=in_order(puts.values()), removes=tuple(sorted(removes)), come=frozenset(come))

    def _unsure(self, there: Standing, old: Tree) -> set[str]:
        """The sheets that a sync that was cut off may have left as either of two editions has them."""
        if there.coming is None or there.coming == there.pointer:
            return set()
        pairs = differences(old, self._tree(there.coming))
        return {entry.path for pair in pairs for entry in pair if entry is not None}

    def _unproven(self, there: Standing) -> set[str]:
        """The sheets that a manifest at the mirror names which nobody vouches for, as far as it can be read."""
        paths: set[str] = set()
        with suppress(EditionBrokenError, MirrorBrokenError):
            paths.update(entry.path for entry in self._tree(there.unproven).entries())
        return paths

    def _refuse_shrinking(self, changes: Changes, there: Standing) -> None:
        standing = there.pointer.files if there.pointer else 0
        if not self.may_shrink and not self.is_anew and len(changes.removes) > max(FEW_SHEETS, standing // 2):
            raise ShrinkingError(
                f"{len(changes.removes):,} of the {standing:,} sheets at this mirror would be removed. "
                "If that is meant, carry it with --shrink."
            )

    # --- Carrying ---

    def _carry(
        self, target: Pointer, there: Standing, changes: Changes, edition: Edition, outgoing: Outgoing, outcome: Outcome
    ) -> None:
        self._quality = BEST_QUALITY if len(changes.puts) <= FEW_TO_PACK else QUICK_QUALITY
        gone, come = part_differences(self._tree(there.pointer), self._tree(target))
        self._put_roots(edition)
        deque(self._all((f"{WELL_KNOWN}/{name}" for name in sorted(come)), self._put_part), maxlen=0)
        if there.coming != target:
            # Signed for what it replaces too: whoever reads between the two files meets no gap.
            self._put_proof("next.json.sig", outgoing.signature + there.coming_signature, SIGNATURE)
            self._put_proof("next.json", target.to_bytes(), POINTER)
        self._put_sheets(changes, outgoing, outcome)
        deque(self._all(changes.removes, self._remove), maxlen=0)
        self._point(target, there, outgoing)
        outcome.put += len(changes.puts)
        outcome.removed += len(changes.removes)
        self._await_copies(changes, outgoing)
        if there.coming is not None:  # What was cut off may not have remembered which parts it put or replaced.
            gone |= part_differences(self._tree(there.coming), self._tree(target))[0]
            come = frozenset(self._tree(target).names())
        self._collect(target, gone, come)
        self._drop_next()

    def _put_roots(self, edition: Edition) -> None:
        for number, file in enumerate(edition.root_files, 1):
            if self._proof(f"root/{number}.json") != file:
                self._put_proof(f"root/{number}.json", file, POINTER)

    def _put_part(self, path: str) -> int:
        body = read_if_there(f"{self.site}{path}")
        if body is None:  # Gone here; a sync that was cut off has put it already, or nobody can.
            if self.place.read(path, most_bytes=MOST_PROOF_BYTES) is None:
                raise EditionMovedError("The edition was printed while its manifest was taken. Try again.")
            return 0
        headers = PART
        if self.place.capabilities.has_headers:
            packed = brotli.compress(body, quality=self._quality)
            body, headers = (packed, PACKED_PART) if len(packed) < len(body) else (body, PART)
        self._before("part", body)
        self.place.put_new(path, body, headers)
        return len(body)

    def _put_sheets(self, changes: Changes, outgoing: Outgoing, outcome: Outcome) -> None:
        sent = outgoing.sent()
        done = len(changes.puts) - sum(entry.path not in sent for entry in changes.puts)

        def put(entry: Entry) -> int:
            size = self._put_sheet(entry, outgoing, is_new=entry.path in changes.come)
            outgoing.note_sent(entry.path)
            return size

        for _rank_of_group, group in groupby((e for e in changes.puts if e.path not in sent), key=_rank):
            for size in self._all(group, put):
                outcome.sent_bytes += size
                done += 1
                self.progress(done, len(changes.puts))

    def _put_sheet(self, entry: Entry, outgoing: Outgoing, *, is_new: bool) -> int:
        body = outgoing.sheet(entry)
        headers = Headers(media_type=entry.media_type, keeping=Keeping.PAGE)
        if packs := self.place.capabilities.packs:
            if is_compressible(entry.media_type):
                body = outgoing.copy(entry, SUFFIXES[packs]) or self._packed(body)
                headers = msgspec.structs.replace(headers, encoding=packs)
            self._before("sheet", body)
            self.place.put(entry.path, body, headers)
            return len(body)
        if not is_new and is_compressible(entry.media_type):
            for suffix in COMPRESSED_SUFFIXES:
                self.place.delete(entry.path + suffix)
        self._before("sheet", body)
        self.place.put(entry.path, body, headers)
        return len(body) + sum(
            self._put_copy(entry.path + suffix, copy)
            for suffix in COMPRESSED_SUFFIXES
            if (copy := outgoing.copy(entry, suffix)) is not None
        )

    def _packed(self, body: bytes) -> bytes:
        """A sheet of which the press has no copy yet, in the form in which it stands at the place."""
        if self.place.capabilities.packs == "gzip":
            return gzip.compress(body, 9, mtime=0)
        packed: bytes = brotli.compress(body, quality=self._quality)
        return packed

    def _put_copy(self, path: str, body: bytes) -> int:
        self._before("copy", body)
        self.place.put(path, body, COPY)
        return len(body)

    def _remove(self, path: str) -> int:
        self.on_step("remove")
        if not self.place.capabilities.packs:
            for suffix in COMPRESSED_SUFFIXES:
                self.place.delete(path + suffix)
        self.place.delete(path)
        return 1

    def _point(self, target: Pointer, there: Standing, outgoing: Outgoing) -> None:
        if there.pointer != target:
            self._put_proof("edition.json.sig", outgoing.signature + there.signature, SIGNATURE)
            self._before("edition.json", target.to_bytes())
            self.place.swap(f"{WELL_KNOWN}/edition.json", target.to_bytes(), POINTER, before=there.stored)
        self._put_proof("edition.json.minisig", outgoing.minisig, SIGNATURE)

    def _drop_next(self) -> None:
        for name in ("next.json", "next.json.sig"):
            self.on_step("done")
            self.place.delete(f"{WELL_KNOWN}/{name}")

    def _put_proof(self, name: str, body: bytes, headers: Headers) -> None:
        self._before(name, body)
        self.place.put(f"{WELL_KNOWN}/{name}", body, headers)

    def _before(self, step: str, body: bytes) -> None:
        self.on_step(step)
        self.throttle.spend(len(body))

    def _all(self, items: Iterable[T], act: Callable[[T], int]) -> Iterator[int]:
        """Act on each item, on as many at once as are good for the place."""
        with ThreadPoolExecutor(self.place.capabilities.connections) as threads:
            waiting = iter(items)
            while batch := list(islice(waiting, AT_ONCE)):
                yield from threads.map(act, batch)

    # --- Afterwards ---

    def _await_copies(self, changes: Changes, outgoing: Outgoing) -> None:
        """Note the compressed copies that the press had not made when the sheets were held."""
        if self.place.capabilities.packs:
            return
        awaited = self._awaited()
        for path in changes.removes:
            awaited.pop(path, None)
        for entry in changes.puts:
            awaited.pop(entry.path, None)
            if is_compressible(entry.media_type) and outgoing.copy(entry, COMPRESSED_SUFFIXES[0]) is None:
                awaited[entry.path] = entry.digest
        self._write("awaited", "".join(f"{digest} {path}\n" for path, digest in awaited.items()))

    def _awaited(self) -> dict[str, str]:
        stored = (read_if_there(self.folder / "awaited") or b"").decode("utf-8", "replace")
        lines = self._unwritten.get("awaited", stored).splitlines()
        return {path: digest for digest, _space, path in (line.partition(" ") for line in lines)}

    def _send_awaited(self, pointer: Pointer, outcome: Outcome) -> None:
        """Send the copies that have been made since."""
        awaited = self._awaited()
        ready = [path for path in awaited if (self.site / (path[1:] + COMPRESSED_SUFFIXES[-1])).exists()]
        tree = self._tree(pointer)
        for path in ready:
            entry = tree.entry(path)
            copies = [(path + end, read_if_there(f"{self.site}{path}{end}")) for end in COMPRESSED_SUFFIXES]
            body = read_if_there(f"{self.site}{path}") or b""  # after its copies: they were made of it or of none
            if entry is not None and entry.digest == awaited[path] == body_digest(body):
                outcome.sent_bytes += sum(self._put_copy(name, copy) for name, copy in copies if copy is not None)
            del awaited[path]
        if ready:
            self._write("awaited", "".join(f"{digest} {path}\n" for path, digest in awaited.items()))

    def _collect(self, target: Pointer, gone: frozenset[str], come: frozenset[str]) -> None:
        """Remove parts of old manifests once no reader can still be walking through them."""
        memory = superseded.load(self.folder / "superseded")
        kept, due = superseded.turn(memory, seq=target.seq, replaced=gone, in_use=come)

        def drop(name: str) -> int:
            self.on_step("collect")
            self.place.delete(f"{WELL_KNOWN}/{name}")
            return 1

        deque(self._all(due, drop), maxlen=0)
        self._write("superseded", superseded.to_bytes(kept).decode("ascii"))

    def _write(self, name: str, text: str) -> None:
        if self.place.capabilities.gathers:
            self._unwritten[name] = text
        else:
            self._keep(name, text)

    def _keep(self, name: str, text: str) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        aside = self.folder / f"{name}.new"
        aside.write_text(text, encoding="utf-8")
        aside.replace(self.folder / name)


def _pointer_in(stored: bytes) -> Pointer | None:
    try:
        return Pointer.from_bytes(stored)
    except EditionBrokenError:
        return None


def awaits_copies(folder: Path) -> bool:
    """Whether compressed copies are still to be carried: the press had not made them when the last sync ended."""
    return bool(read_if_there(folder / "awaited"))


def in_order(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """Sheets in the order to put them: pictures and files, then pages from the deepest up, then lists for machines."""
    return tuple(sorted(entries, key=lambda entry: (_rank(entry), -entry.path.count("/"), entry.path)))


def _rank(entry: Entry) -> int:
    if is_html(entry.media_type):
        return 1
    return 2 if entry.media_type.partition(";")[0].rpartition("/")[2] in ("json", "xml", "atom+xml", "rss+xml") else 0
