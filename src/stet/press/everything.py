"""Printing everything from the database, with nothing remembered; and comparing that with the edition on disk.

A full print builds a new memory beside the old one and takes its place when the edition is committed. Sheets whose
bytes stand already are not written again.
"""

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from stet.edition.folder import EditionFolder, Put
from stet.edition.keys import Signer
from stet.press import facts as facts_room
from stet.press.facts import facts_of
from stet.press.job import kind_of, rank_of
from stet.press.materials import Materials, photos_in
from stet.press.memory import Memory
from stet.press.photos import PhotoStore
from stet.press.planning import all_jobs, world_digests
from stet.press.pool import Forked, SettingPool
from stet.press.printing import FILES, Outcome, outbox_end
from stet.press.rows import live_article_ids, photo_digests, read_articles, read_photos
from stet.press.search_words import terms_of
from stet.press.setting import Done, Setter
from stet.press.world import World

READ_AT_ONCE = 900
NOTED_AT_ONCE = 2_000
"""Jobs noted in one transaction of the memory."""

PlacedRow = tuple[int, str, bytes, str, bytes, int]
"""An article on its way into the memory: id, path, facts, listings, what it can be found by, place."""
Progress = Callable[[str, int, int], None]
"""(what is being done, how much of it is done, how much there is)."""


@dataclass(slots=True)
class Differences:
    """How a full print differs from the edition on disk."""

    missing: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    surplus: list[str] = field(default_factory=list)
    sheets: int = 0

    @property
    def is_clean(self) -> bool:
        """Whether the edition is what a full print would make."""
        return not (self.missing or self.changed or self.surplus)


@dataclass(slots=True, kw_only=True)
class FullPrint:
    """One print of everything. `make_materials` opens materials on a memory."""

    edition: EditionFolder
    signer: Signer
    world: World
    memory_path: Path
    make_materials: Callable[[Memory], Materials]
    processes: int
    now: datetime
    progress: Progress = lambda _what, _done, _all: None
    _refused: list[str] = field(default_factory=list)

    def print(self) -> Outcome:
        """Make the next edition from the database alone."""
        start = outbox_end()
        fresh = self.memory_path.with_suffix(".new")
        _unlink(fresh)
        printed = self._manifest()
        memory = Memory(fresh, bulk=True)
        try:
            done = self._run(memory, fresh, printed, staging=self.edition.staging)
            outcome = self._commit(memory, done, printed)
            memory.set_state("place", str(start))
            materials = self.make_materials(memory)
            memory.set_state("theme", materials.theme.digest)
            materials.photo_store.keep_only(photo_digests())
            memory.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            memory.close()
        _unlink(self.memory_path)
        os.replace(fresh, self.memory_path)
        _unlink(fresh)
        return outcome

    def check(self) -> Differences:
        """Set everything and compare it with the manifest; nothing is written into the edition."""
        scratch = self.memory_path.with_suffix(".check")
        _unlink(scratch)
        printed = self._manifest()
        memory = Memory(scratch, bulk=True)
        found = Differences()
        seen = set()
        try:
            for one in self._run(memory, scratch, printed, staging=None):
                for made in one.sheets:
                    seen.add(made.path)
                    if made.path not in printed:
                        found.missing.append(made.path)
                    elif printed[made.path] != made.digest:
                        found.changed.append(made.path)
        finally:
            memory.close()
            _unlink(scratch)
        found.surplus = sorted(printed.keys() - seen)
        found.sheets = len(seen)
        return found

    def _manifest(self) -> dict[str, str]:
        return {entry.path: entry.digest for entry in self.edition.entries()}

    # --- Articles into the memory ---

    def _run(self, memory: Memory, path: Path, printed: dict[str, str], *, staging: Path | None) -> Iterator[Done]:
        """Place all articles, then run all jobs, then those of the files that were read."""
        self._place_articles(memory)
        memory.set_world(world_digests(self.world))
        memory.finish_articles()
        materials = self.make_materials(memory)
        names = in_order(all_jobs(materials))
        start = _Start(
            path=path, make_materials=self.make_materials, signer=self.signer, site_id=self.edition.site_id,
            now=self.now, printed=printed, staging=staging,
        )  # fmt: skip
        files: set[str] = set()
        notes = _Notes(memory)
        with SettingPool(start, self.processes) as pool:
            for number, one in enumerate(pool.run_all(names), 1):
                files.update(read.key for read in one.reads if read.key.startswith(FILES))
                yield self._noted(notes, one)
                if number % 500 == 0 or number == len(names):
                    self.progress("set", number, len(names))
        notes.write()
        memory.finish_jobs()
        setter = start.on(memory)
        for one in setter.run_all(sorted(files, key=rank_of)):
            yield self._noted(notes, one)
        notes.write()

    def _noted(self, notes: "_Notes", one: Done) -> Done:
        self._refused.extend(one.refused)
        notes.add(one)
        return one

    def _place_articles(self, memory: Memory) -> None:
        ids = live_article_ids()
        chunks = [ids[i : i + READ_AT_ONCE] for i in range(0, len(ids), READ_AT_ONCE)]
        paths: dict[str, int] = {}
        placed = 0
        for rows, photos in self._facts_of(chunks):
            if photos:
                self._render(photos, self.make_materials(memory).photo_store)
            placed += READ_AT_ONCE
            kept = [row for row in rows if paths.setdefault(row[1], row[0]) == row[0]]
            memory.put_articles((i, path, blob, listings, terms) for i, path, blob, listings, terms, _place in kept)
            memory.add_placements(
                sorted((name, at, i) for i, _path, _blob, listings, _terms, at in kept for name in listings.split(" "))
            )
            self.progress("read", min(placed, len(ids)), len(ids))

    def _facts_of(self, chunks: list[list[int]]) -> Iterator[tuple[list[PlacedRow], set[int]]]:
        if self.processes == 1 or len(chunks) == 1:
            yield from (_read_facts(chunk, self.world) for chunk in chunks)
            return
        with Forked(self.processes, begin=_keep_world, world=self.world) as forked:
            yield from forked.map(_read_facts_in_child, chunks)

    def _render(self, photos: set[int], store: PhotoStore) -> None:
        rows = list(read_photos(photos).values())
        missing = sum(not store.is_rendered(row) for row in rows)
        done = iter(range(1, missing + 1))
        store.render_all(rows, processes=self.processes, advance=lambda: self.progress("render", next(done), missing))

    # --- Into the edition ---

    def _commit(self, memory: Memory, done: Iterable[Done], printed: dict[str, str]) -> Outcome:
        outcome = Outcome(refused=self._refused)
        puts: list[Put] = []
        seen: set[str] = set()
        rank = {}
        for one in done:
            outcome.jobs += 1
            for made in one.sheets:
                if made.path not in seen and made.source is not None:
                    rank[made.path] = rank_of(one.name)
                    puts.append(Put(made.path, made.digest, made.size, made.media_type, made.source))
            seen.update(made.path for made in one.sheets)
        puts.sort(key=lambda put: rank[put.path])
        removes = sorted(printed.keys() - seen)
        if puts or removes or self.edition.pointer() is None:
            self.progress("commit", 0, len(puts))
            outcome.pointer = self.edition.commit(puts, removes, now=self.now, signer=self.signer)
        else:
            outcome.pointer = self.edition.pointer()
        memory.set_state("edition", outcome.pointer.root if outcome.pointer else "")
        outcome.written, outcome.removed = len(puts), len(removes)
        return outcome


class _Notes:
    """What ran, gathered for the memory: thousands of jobs are written together. The first to set a sheet owns it."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self._count = 0
        self._seen: set[str] = set()
        self._jobs: list[tuple[int, str, int | None]] = []
        self._reads: list[tuple[str, int, int, int]] = []
        self._sheets: list[tuple[str, int, str, int, str]] = []

    def add(self, one: Done) -> None:
        """Note a job, its sheets and what it read."""
        if not one.sheets and not one.reads:
            return
        self._count += 1
        job = self._count
        self._jobs.append((job, one.name, one.due))
        self._reads.extend((read.key, job, read.since, read.until) for read in one.reads)
        for made in one.sheets:
            if made.path not in self._seen:
                self._seen.add(made.path)
                self._sheets.append((made.path, job, made.digest, made.size, made.media_type))
        if len(self._jobs) >= NOTED_AT_ONCE:
            self.write()

    def write(self) -> None:
        """Write what was gathered."""
        self._memory.db.execute("BEGIN")
        self._memory.add_jobs(self._jobs, self._reads)
        self._memory.put_sheets(sorted(self._sheets))
        self._memory.db.execute("COMMIT")
        self._jobs, self._reads, self._sheets = [], [], []


@dataclass(frozen=True, slots=True, kw_only=True)
class _Start:
    """Opens a setter in a process of its own."""

    path: Path
    make_materials: Callable[[Memory], Materials]
    signer: Signer
    site_id: str
    now: datetime
    printed: dict[str, str]
    staging: Path | None

    def __call__(self) -> Setter:
        return self.on(Memory(self.path, readonly=True))

    def on(self, memory: Memory) -> Setter:
        """A setter that reads this memory."""
        return Setter(
            materials=self.make_materials(memory), signer=self.signer, site_id=self.site_id, now=self.now,
            printed=self.printed.get, staging=self.staging,
        )  # fmt: skip


def in_order(names: Iterable[str]) -> list[str]:
    """Jobs by rank; archive pages of all listings side by side, oldest first.

    So the pages that show the same stories are set near each other, and what is kept of a story is still there.
    """
    names = list(names)
    pages = Counter(name.rpartition(":")[0] for name in names if kind_of(name) == "archive")

    def key(name: str) -> tuple[int, float]:
        listing, _, index = name.rpartition(":")
        return rank_of(name), int(index) / pages[listing] if listing in pages else 0.0

    return sorted(names, key=key)


def _read_facts(ids: list[int], world: World) -> tuple[list[PlacedRow], set[int]]:
    """(articles as the memory keeps them, with their places; the photos they show)."""
    rows = read_articles(ids, world)
    found = []
    for row in rows:
        facts = facts_of(row, world)
        listings = " ".join(facts.listings(world))
        found.append((row.id, facts.path, facts_room.encode(facts), listings, terms_of(row), facts.place))
    photos = {row.photo_id for row in rows if row.photo_id} | photos_in(row.body for row in rows)
    return sorted(found), photos


_world: World | None = None


def _keep_world(world: World) -> None:
    global _world
    _world = world


def _read_facts_in_child(ids: list[int]) -> tuple[list[PlacedRow], set[int]]:
    assert _world is not None
    return _read_facts(ids, _world)


def _unlink(path: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        Path(f"{path}{suffix}").unlink(missing_ok=True)
