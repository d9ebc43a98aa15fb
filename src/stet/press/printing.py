"""Prints: incrementally, everything, or only to compare.

The law: an incremental print leaves the same bytes as a full print of the same database at the same moment.

An incremental print takes keys from the outbox, plans, and carries out the queue in batches; each batch is an edition
of its own, so that a story published during a long reprint goes out with the next batch. The order of commitment is:
plan and queue (memory), edition (disk), what was printed (memory). A crash between any two is mended by the next run:
a job that runs twice makes the same bytes.
"""

import logging
import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from django.db.models import Count, Max, Min

from stet.edition.folder import EditionFolder, Put
from stet.edition.keys import Signer
from stet.edition.pointer import Pointer
from stet.newsroom.models import OutboxEntry
from stet.press.job import rank_of
from stet.press.keys import place
from stet.press.materials import Materials
from stet.press.memory import Memory
from stet.press.planning import Planner, Stale
from stet.press.pool import SettingPool
from stet.press.rows import jobs_of_files, read_photos, without_photo
from stet.press.setting import Done, Made, Setter
from stet.press.told import Told
from stet.press.waking import ASK_SECONDS
from stet.press.world import World

log = logging.getLogger("stet.press")

BATCH = 2_000
"""Jobs carried out in one edition at the most."""
POOL_FROM = 300
"""Jobs from which on a batch is set by several processes."""
LOOK_BACK = 500
"""Outbox entries read again: PostgreSQL hands out ids before it commits, so a lower one may appear after a higher."""
GONE, TOGETHER, FIRST, SOON, BULK = -2, -1, 0, 1, 2
"""Priorities, each an edition of its own: what leaves readers' eyes; what has to appear at one instant; a few stale
jobs before many, and of a few the ones that readers wait for."""
TOGETHER_KEY = "together:"
"""Begins the key that a bundle leaves: whatever changed with it stands in one edition."""
WITHDRAWAL = "withdrawal:"
"""Begins the key that a story leaves when it is killed."""
SOON_UP_TO = 1_000
OUTSIDE_THE_WORLD = (
    "page:", "photo:", "rendered:", "document:", "withdrawal:", "redirect:", "claim:", "source:", "evidence:",
    TOGETHER_KEY,
)  # fmt: skip
"""Keys of rows that are read by the batch. Of pages, only articles are."""
AWAITED = ("article:", "front:", "section:", "feeds:front:", "feeds:section:", "withdrawal:")
"""Jobs that go first: where a story is read, and where it is met."""
AFTER_ALL = ("search:", "segments:")
"""Jobs that never go first: a story is read before it is found. A segment of a year takes seconds."""
FILES = ("photo:", "document:", "evidence-file:")
"""Jobs of files, each printed for as long as a sheet reads the key of its name."""
RESIGN_EVERY = timedelta(hours=1)


@dataclass(slots=True, kw_only=True)
class Outcome:
    """What a print did."""

    jobs: int = 0
    written: int = 0
    removed: int = 0
    left: int = 0
    """Jobs that wait for the next edition."""
    pointer: Pointer | None = None
    refused: list[str] = field(default_factory=list)


class Press:
    """The press of one newsroom: memory, edition and everything to set sheets with."""

    def __init__(
        self,
        *,
        memory: Memory,
        edition: EditionFolder,
        materials: Materials,
        signer: Signer,
        read_world: Callable[[], World],
        processes: int,
        read_told: Callable[[], Told] = Told,
        start_worker: Callable[[], Setter] | None = None,
    ) -> None:
        """`read_world` reads the small tables as they are now, `read_told` what other processes say.

        `start_worker` makes a Setter in a worker process.
        """
        self.memory = memory
        self.edition = edition
        self.materials = materials
        self.signer = signer
        self.read_world = read_world
        self.read_told = read_told
        self.processes = processes
        self._start_worker = start_worker
        self._seen: set[int] = set()
        self._polled: tuple[int, int] = (-1, -1)
        self._edition_lock: AbstractContextManager[object] = nullcontext()
        self._fork_lock: AbstractContextManager[object] = nullcontext()
        self._site_id = edition.site_id

    def guard(self, edition_lock: AbstractContextManager[object], fork_lock: AbstractContextManager[object]) -> None:
        """Hold these while the edition changes and while processes are forked; another thread works beside this one."""
        self._edition_lock, self._fork_lock = edition_lock, fork_lock

    # --- Following the outbox ---

    def is_lost(self) -> bool:
        """Whether the memory can't be followed from: of another format, or the outbox was trimmed beyond its place."""
        place_remembered = self.memory.state("place")
        if place_remembered is None:
            return True
        oldest = OutboxEntry.objects.aggregate(oldest=Min("id"))["oldest"]
        return oldest is not None and oldest > int(place_remembered) + 1

    def mend(self) -> None:
        """After a start: agree with the edition on disk, whatever the last press left."""
        with self._edition_lock:  # Staging is emptied; the packer's thread may be at work there already.
            self.edition.recover()
        pointer = self.edition.pointer()
        if self.memory.state("edition") != (pointer.root if pointer else ""):
            self._adopt_manifest()
        theme = self.materials.theme.digest
        if self.memory.state("theme") != theme:
            self._enqueue(set(self.memory.job_names()), priority=BULK)
            self.memory.set_state("theme", theme)
        with self._transaction():  # Settings may have changed, which leaves no key.
            jobs = Planner(self.materials).plan(set(), self.materials.world)
            self._enqueue(jobs, priority=BULK)

    def _adopt_manifest(self) -> None:
        """Take the sheets' digests from the manifest; a sheet that no job owns is removed with the next edition."""
        with_job = self.memory.owners()
        entries = {entry.path: entry for entry in self.edition.entries()}
        with self._transaction():
            self.memory.drop_sheets(with_job.keys() - entries.keys())
            self.memory.put_sheets(
                (e.path, with_job.get(e.path, 0), e.digest, e.size_bytes, e.media_type) for e in entries.values()
            )
        pointer = self.edition.pointer()
        self.memory.set_state("edition", pointer.root if pointer else "")

    def follow(self, now: datetime) -> Outcome:
        """Print what changed since the last time, one edition's worth; `outcome.left` says how many jobs still wait."""
        self._plan(now)
        outcome = Outcome()
        priority = self.memory.best_priority()
        if priority is not None:
            names = self.memory.next_jobs(priority, None if priority == TOGETHER else BATCH)
            self._carry_out(names, now, outcome, can_wait=priority > TOGETHER)
        outcome.left = self.memory.queue_length() + len(self._aside())
        if not outcome.left:
            self._sweep(now, outcome)
        self._resign(now, outcome)
        return outcome

    def _sweep(self, now: datetime, outcome: Outcome) -> None:
        """Remove sheets that no job owns: left by a press that was killed before it could remember them."""
        ownerless = self.memory.paths_of(0)
        if ownerless:
            with self._transaction():
                with self._edition_lock:
                    outcome.pointer = self.edition.commit((), ownerless, now=now, signer=self.signer)
                self.memory.set_state("edition", outcome.pointer.root)
                self.memory.drop_sheets(ownerless)
            outcome.removed += len(ownerless)

    def _plan(self, now: datetime) -> None:
        """Take keys from the outbox and put the jobs they make stale into the queue.

        Photos are rendered before anything is set of them. A kill waits for none: those that came with one are put
        aside until the next plan, and those that are being rendered when one comes are taken again with it.
        """
        keys, newest = self._outbox() if self._has_news() else (set(), 0)
        keys |= self._aside()
        due = self.memory.due(place(now))
        world = self.materials.world
        is_told = self.read_told() != world.told
        if not keys and not due and not is_told:
            return
        aside = {key for key in keys if key.startswith("photo:")}
        if not any(key.startswith(WITHDRAWAL) for key in keys):
            if not self._render_photos(aside):
                self._polled = (-1, -1)
                return
            aside = set()
        keys -= aside
        if is_told or self._concerns_world(keys):
            world = self.read_world()
        self._forget_photos(keys)
        with self._transaction():
            stale = Planner(self.materials).look(keys, world) if keys or is_told else Stale()
            if any(key.startswith(TOGETHER_KEY) for key in keys):
                self._enqueue({job for job in stale.jobs if not job.startswith(AFTER_ALL)}, priority=TOGETHER)
            self._enqueue_by_need(stale.jobs | set(due))
            self._enqueue(stale.gone, priority=GONE)
            self.memory.set_state("aside", " ".join(sorted(aside)))
            if newest:
                self.memory.set_state("place", str(newest))

    def _aside(self) -> set[str]:
        """Keys of photos that waited for a kill."""
        return set((self.memory.state("aside") or "").split())

    def _has_news(self) -> bool:
        """Whether the outbox looks different from last time. Asked many times a second."""
        last = int(self.memory.state("place") or 0)
        polled = OutboxEntry.objects.filter(id__gt=last - LOOK_BACK).aggregate(count=Count("id"), newest=Max("id"))
        seen = (polled["count"], polled["newest"] or 0)
        has_news, self._polled = seen != self._polled, seen
        return has_news

    def _outbox(self) -> tuple[set[str], int]:
        """(keys not seen yet, the newest entry's id)."""
        last = int(self.memory.state("place") or 0)
        rows = list(OutboxEntry.objects.filter(id__gt=last - LOOK_BACK).order_by("id").values_list("id", "key"))
        fresh = [(number, key) for number, key in rows if number > last or (self._seen and number not in self._seen)]
        self._seen = {number for number, _key in rows[-2 * LOOK_BACK :]}
        return {key for _number, key in fresh}, max([last, *(number for number, _key in fresh)])

    def _concerns_world(self, keys: set[str]) -> bool:
        """Whether anything but articles, files and claims may have changed."""
        if any(not key.startswith(OUTSIDE_THE_WORLD) for key in keys):
            return True
        pages = {int(key[5:]) for key in keys if key.startswith("page:")}
        return bool(pages and not pages <= self._article_ids(pages))

    def _article_ids(self, pages: set[int]) -> set[int]:
        from stet.newsroom.models import ArticlePage

        return set(ArticlePage.objects.filter(pk__in=pages).values_list("pk", flat=True))

    def _render_photos(self, keys: Iterable[str]) -> bool:
        """Render what is missing of these photos; False where the press was called away from it."""
        numbers = [int(key[6:]) for key in keys]
        if not numbers:
            return True
        rows = read_photos(numbers).values()
        return self.materials.photo_store.render_all(rows, processes=self.processes, is_called=self.is_called)

    def _forget_photos(self, keys: set[str]) -> None:
        """Delete what was rendered of files that photos had and have no more."""
        for digest in without_photo(key[9:] for key in keys if key.startswith("rendered:")):
            self.materials.photo_store.forget(digest)

    def _enqueue_by_need(self, jobs: set[str]) -> None:
        """Put jobs into the queue: many last; of a few, those that readers wait for first, in an edition of their own.

        What is printed for the first time goes with them: they may link to it.
        """
        if len(jobs) > SOON_UP_TO:
            self._enqueue(jobs, priority=BULK)
            return
        first = {name for name in jobs if name.startswith(AWAITED)}
        rest = {name for name in jobs - first if not name.startswith(AFTER_ALL)}
        first |= rest - self.memory.known_jobs(rest)
        self._enqueue(first, priority=FIRST)
        self._enqueue(jobs - first, priority=SOON)

    def _enqueue(self, jobs: Iterable[str], *, priority: int) -> None:
        self.memory.enqueue((name, priority, rank_of(name)) for name in jobs)

    # --- One batch: one edition ---

    def _carry_out(self, names: Sequence[str], now: datetime, outcome: Outcome, *, can_wait: bool) -> None:
        """Set jobs and put them into the edition. Those that can wait end where a story is killed meanwhile."""
        done = list(until(self.is_called, self._set(names, now)) if can_wait else self._set(names, now))
        names = names[: len(done)]
        with self._transaction():
            puts, removes = self._settle(done, now, outcome)
            stands = {path for path in removes if self.edition.entry(path) is not None} if removes else set()
            if puts or stands:
                with self._edition_lock:
                    outcome.pointer = self.edition.commit(puts, sorted(stands), now=now, signer=self.signer)
                self.memory.set_state("edition", outcome.pointer.root)
            self.memory.dequeue(names)
        outcome.jobs += len(done)
        outcome.written += len(puts)
        outcome.removed += len(stands)

    def _set(self, names: Sequence[str], now: datetime) -> Iterable[Done]:
        if len(names) >= POOL_FROM and self._start_worker is not None and self.processes > 1:
            with self._fork_lock, SettingPool(self._start_worker, self.processes) as pool:
                yield from pool.run_all(names)
        else:
            yield from self._setter(now).run_all(names)

    def is_called(self) -> bool:
        """Whether a story was withdrawn since the last plan: that goes before whatever is under way."""
        news = OutboxEntry.objects.filter(id__gt=int(self.memory.state("place") or 0), key__startswith=WITHDRAWAL)
        return news.exists()

    def _setter(self, now: datetime) -> Setter:
        return Setter(
            materials=self.materials, signer=self.signer, site_id=self._site_id, now=now, printed=self._printed
        )

    def _printed(self, path: str) -> str | None:
        known = self.memory.sheet(path)
        return known[1] if known else None

    def _settle(self, done: list[Done], now: datetime, outcome: Outcome) -> tuple[list[Put], set[str]]:
        """Write what ran into the memory; answer what the edition has to put, in order, and what may have to go."""
        files: set[str] = set()
        for one in done:
            files |= self._remember_reads(one)
        # A photo's job that ran already did not know yet who reads it now: what it says last holds.
        done = [one for one in done if one.name not in files]
        done += self._setter(now).run_all(sorted(files, key=rank_of))
        done += self._setter(now).run_all(self._twins(done))
        produced: dict[str, tuple[Done, Made]] = {}
        before: set[str] = set()
        for one in sorted(done, key=lambda d: (rank_of(d.name), d.name)):
            outcome.refused.extend(one.refused)
            for made in one.sheets:
                produced.setdefault(made.path, (one, made))
            job = self.memory.job_id(one.name)
            before.update(sheet.path for sheet in self.memory.sheets_of(job))
        puts = []
        rows = []
        for path, (one, made) in produced.items():
            rows.append((path, self.memory.job_id(one.name), made.digest, made.size, made.media_type))
            if made.source is not None:
                puts.append(self._put(made))
        unchanged = {row[0] for row in rows} - {put.path for put in puts}
        self.memory.own_sheets((row[1], row[0]) for row in rows if row[0] in unchanged)
        self.memory.put_sheets(row for row in rows if row[0] not in unchanged)
        removes = before - produced.keys()
        self.memory.drop_sheets(removes)
        for one in done:
            if not one.sheets and not one.reads:
                self.memory.drop_job(self.memory.job_id(one.name))
        return puts, removes

    def _twins(self, done: list[Done]) -> list[str]:
        """Jobs of the same file as one whose sheets are about to go: what stands at a file's digest is theirs too."""
        files = [one for one in done if one.name.startswith(FILES)]
        made = {sheet.path for one in files for sheet in one.sheets}
        stood = {sheet.path for one in files for sheet in self.memory.sheets_of(self.memory.job_id(one.name))}
        ran = {one.name for one in files}
        return [name for name in jobs_of_files(stood - made) if name not in ran and self.memory.is_read(name)]

    def _put(self, made: Made) -> Put:
        source = made.source
        assert source is not None, "A sheet whose bytes stand already is not put."
        if isinstance(source, str) and not Path(source).is_relative_to(self.edition.staging):
            staged = self.edition.staging / f"file-{os.getpid()}-{made.digest[:24]}"
            staged.unlink(missing_ok=True)
            try:
                os.link(source, staged)
            except OSError:
                staged.write_bytes(Path(source).read_bytes())
            source = os.fspath(staged)
        return Put(made.path, made.digest, made.size, made.media_type, source)

    def _remember_reads(self, one: Done) -> set[str]:
        """Replace what a job read; answer the jobs of files that this may concern."""
        job = self.memory.job_id(one.name)
        before = set(self.memory.reads_of(job))
        after = {read.key for read in one.reads}
        self.memory.set_reads(job, one.reads)
        self.memory.set_due(job, one.due)
        return {key for key in before ^ after if key.startswith(FILES)}

    def _resign(self, now: datetime, outcome: Outcome) -> None:
        pointer = outcome.pointer or self.edition.pointer()
        if pointer is not None and now - pointer.published >= RESIGN_EVERY:
            with self._edition_lock:
                outcome.pointer = self.edition.resign(now=now, signer=self.signer)

    def _transaction(self) -> "_Transaction":
        return _Transaction(self.memory)


def until(is_called: Callable[[], bool], all_done: Iterable[Done]) -> Iterator[Done]:
    """What was done until the press is called to something else; it is asked now and then, and after one job."""
    asked = time.monotonic()
    for one in all_done:
        yield one
        if time.monotonic() - asked > ASK_SECONDS:
            if is_called():
                return
            asked = time.monotonic()


class _Transaction:
    """All or nothing in the memory. After a refusal the memory is as it was."""

    def __init__(self, memory: Memory) -> None:
        self._db = memory.db

    def __enter__(self) -> None:
        self._db.execute("BEGIN IMMEDIATE")

    def __exit__(self, error: object, *_rest: object) -> None:
        self._db.execute("ROLLBACK" if error else "COMMIT")


def outbox_end() -> int:
    """The newest entry of the outbox; a press that prints everything begins behind it."""
    return int(OutboxEntry.objects.aggregate(newest=Max("id"))["newest"] or 0)
