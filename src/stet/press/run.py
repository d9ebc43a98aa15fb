"""The press of one newsroom: print, compare, follow. What the command and the press process call."""

import logging
import os
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Protocol

from django.db import close_old_connections

from stet.edition.folder import EditionFolder
from stet.edition.keys import PrivateKey
from stet.edition.root import fingerprint
from stet.kit.errors import StetError
from stet.newsroom.paper import current_paper
from stet.press.everything import Differences, FullPrint, Progress
from stet.press.materials import Materials
from stet.press.memory import Memory, is_damage, memory_explained
from stet.press.packing import Packer
from stet.press.photos import PhotoStore
from stet.press.printing import Outcome, Press
from stet.press.rows import read_world
from stet.press.setting import Setter
from stet.press.told import TellTale
from stet.press.waking import ASK_SECONDS, Waker
from stet.press.world import World
from stet.theme.setting import load_theme

log = logging.getLogger("stet.press")

LONGEST_PAUSE_SECONDS = 60.0
"""The longest pause after failures in a row."""


class PressSettings(Protocol):
    """What the press takes from the settings."""

    @property
    def processes(self) -> int:
        """How many processes set pages in a full print; 0 means one for each processor."""

    @property
    def budget_bytes(self) -> int:
        """The largest size of an HTML sheet in brotli."""

    @property
    def is_compressed(self) -> bool:
        """Whether .br and .gz files are printed beside the sheets."""

    @property
    def reconcile_at(self) -> str:
        """The quiet hour, "HH:MM" in the paper's time zone."""


class AllSettings(Protocol):
    """The settings of a newsroom, as far as the press asks."""

    @property
    def press(self) -> PressSettings:
        """What stands under [press]."""


class Newsroom(Protocol):
    """A newsroom's folder, as far as the press asks."""

    @property
    def folder(self) -> Path:
        """Where the newsroom stands."""

    @property
    def media(self) -> Path:
        """Where the desk keeps uploads."""

    @property
    def theme(self) -> Path:
        """The newsroom's own templates and styles."""

    @property
    def edition(self) -> Path:
        """Where the edition stands."""

    @property
    def edition_key(self) -> Path:
        """The file of the key that signs editions."""

    @property
    def settings(self) -> AllSettings:
        """What stet.toml says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintReport:
    """What a print did."""

    outcome: Outcome
    too_heavy: tuple[tuple[str, int], ...] = ()
    budget_bytes: int = 0

    @property
    def ok(self) -> bool:
        """A print that ends has done its work."""
        return True

    @property
    def sentence(self) -> str:
        """For a person."""
        pointer = self.outcome.pointer
        number = f"Edition {pointer.seq}, {pointer.files:,} sheets" if pointer else "No edition yet"
        lines = [f"{number}: {self.outcome.written:,} written, {self.outcome.removed:,} removed."]
        lines += [f"- {sentence}" for sentence in self.outcome.refused]
        if self.too_heavy:
            path, size = self.too_heavy[0]
            lines.append(
                f"{len(self.too_heavy):,} pages are heavier than {self.budget_bytes:,} B in brotli; the heaviest is "
                f"{path} by {size - self.budget_bytes:,} B. Shorten lists or texts there, or use fewer photos."
            )
        return "\n".join(lines)

    def as_json(self) -> dict[str, object]:
        """For a machine."""
        pointer = self.outcome.pointer
        return {
            "edition": pointer.seq if pointer else None,
            "sheets": pointer.files if pointer else 0,
            "jobs": self.outcome.jobs,
            "written": self.outcome.written,
            "removed": self.outcome.removed,
            "refused": self.outcome.refused,
            "budget_bytes": self.budget_bytes,
            "too_heavy": [{"path": path, "brotli_bytes": size} for path, size in self.too_heavy],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckReport:
    """How a full print differs from the edition."""

    differences: Differences

    @property
    def ok(self) -> bool:
        """Whether nothing differs."""
        return self.differences.is_clean

    @property
    def sentence(self) -> str:
        """For a person."""
        found = self.differences
        if found.is_clean:
            return f"The edition is what a full print would make: {found.sheets:,} sheets."
        lines = [
            f"The edition differs from a full print: {len(found.missing):,} sheets missing, "
            f"{len(found.changed):,} changed, {len(found.surplus):,} too many. `stet print --all` mends it."
        ]
        for what, paths in (("missing", found.missing), ("changed", found.changed), ("too many", found.surplus)):
            lines += [f"- {what}: {path}" for path in paths[:20]]
        return "\n".join(lines)

    def as_json(self) -> dict[str, object]:
        """For a machine."""
        found = self.differences
        return {
            "ok": self.ok, "sheets": found.sheets, "missing": found.missing, "changed": found.changed,
            "surplus": found.surplus,
        }  # fmt: skip


class Workplace:
    """Everything around one newsroom's press: where things lie, and how each is opened."""

    def __init__(self, newsroom: Newsroom) -> None:
        self.newsroom = newsroom
        self.memory_path = newsroom.folder / "data" / "press.sqlite3"
        self.edition = EditionFolder(newsroom.edition)
        self.theme = load_theme(newsroom.theme)
        self.fingerprint = fingerprint(self.edition.site_id)
        self.processes = newsroom.settings.press.processes or os.cpu_count() or 1
        self.tell_tale = TellTale(newsroom.folder)

    @cached_property
    def signer(self) -> PrivateKey:
        """The edition's key; opened where something is signed, so that a preview never needs it."""
        return PrivateKey.load(self.newsroom.edition_key)

    def world(self) -> World:
        """The small tables as they are now."""
        roots = tuple(self.edition.root_files())
        return read_world(current_paper(), fingerprint=self.fingerprint, roots=roots, told=self.tell_tale.read())

    def materials(self, memory: Memory, world: World) -> Materials:
        """What jobs work with."""
        return Materials(
            world=world,
            memory=memory,
            photo_store=PhotoStore(self.newsroom.folder / "renditions", self.newsroom.media),
            theme=self.theme,
            documents=self.newsroom.media,
            evidence=self.newsroom.folder / "evidence",
            offline=self.newsroom.folder / "data" / "offline",
        )

    def full_print(self, *, now: datetime, progress: Progress) -> FullPrint:
        """A print of everything."""
        world = self.world()
        self.theme.prepare(world.sites)
        self.memory_path.parent.mkdir(parents=True, exist_ok=True)
        return FullPrint(
            edition=self.edition,
            signer=self.signer,
            world=world,
            memory_path=self.memory_path,
            make_materials=lambda memory: self.materials(memory, world),
            processes=self.processes,
            now=now,
            progress=progress,
        )

    def press(self, memory: Memory) -> Press:
        """A press that follows the outbox with this memory."""
        materials = self.materials(memory, self.world())
        self.theme.prepare(materials.world.sites)
        return Press(
            memory=memory,
            edition=self.edition,
            materials=materials,
            signer=self.signer,
            read_world=self.world,
            read_told=self.tell_tale.read,
            processes=self.processes,
            start_worker=lambda: self._worker(materials.world),
        )

    def has_memory(self) -> bool:
        """Whether the press remembers anything. A file that is no memory is none."""
        if not self.memory_path.exists() or self.edition.pointer() is None:
            return False
        try:
            Memory(self.memory_path).close()
        except sqlite3.DatabaseError as error:
            if is_damage(error):
                return False
            raise
        return True

    def _worker(self, world: World) -> Setter:
        memory = Memory(self.memory_path, readonly=True)

        def printed(path: str) -> str | None:
            known = memory.sheet(path)
            return known[1] if known else None

        return Setter(
            materials=self.materials(memory, world), signer=self.signer, site_id=self.edition.site_id,
            now=datetime.now(UTC), printed=printed, staging=self.newsroom.edition / "staging",
        )  # fmt: skip


def print_all(
    newsroom: Newsroom, progress: Progress, *, is_anew: bool = False, packs: bool = False, now: datetime | None = None
) -> PrintReport:
    """Make the edition follow the database; with `is_anew`, from the database alone. With `packs`, compress as well.

    Raises FolderBusyError while another press is at work.
    """
    return print_at(Workplace(newsroom), progress, is_anew=is_anew, packs=packs, now=now or datetime.now(UTC))


@memory_explained()
def print_at(place: Workplace, progress: Progress, *, is_anew: bool, packs: bool, now: datetime) -> PrintReport:
    """The same, at a workplace that is open already."""
    settings = place.newsroom.settings.press
    with place.edition:
        if is_anew or not place.has_memory():
            outcome = place.full_print(now=now, progress=progress).print()
        else:
            outcome = _catch_up(place, now, progress)
        memory = Memory(place.memory_path)
        if packs and settings.is_compressed:
            waiting = memory.count_unpacked()
            Packer(place.memory_path, place.edition).pack_all(lambda done: progress("Compressing", done, waiting))
        heavy = tuple(memory.heavier_than(settings.budget_bytes))
        memory.close()
    return PrintReport(outcome=outcome, too_heavy=heavy, budget_bytes=settings.budget_bytes)


def _catch_up(place: Workplace, now: datetime, progress: Progress) -> Outcome:
    memory = Memory(place.memory_path)
    press = place.press(memory)
    if press.is_lost():
        memory.close()
        return place.full_print(now=now, progress=progress).print()
    press.mend()
    total = press.follow(now)
    while total.left:
        one = press.follow(now)
        total.jobs, total.written, total.removed = (
            total.jobs + one.jobs,
            total.written + one.written,
            total.removed + one.removed,
        )
        total.refused += one.refused
        total.left = one.left
        progress("set", total.jobs, total.jobs + total.left)
    total.pointer = place.edition.pointer()
    memory.close()
    return total


def check(newsroom: Newsroom, progress: Progress) -> CheckReport:
    """Compare the edition with what a full print would make. Changes nothing."""
    return check_at(Workplace(newsroom), progress, now=datetime.now(UTC))


def check_at(place: Workplace, progress: Progress, *, now: datetime) -> CheckReport:
    """The same, at a workplace that is open already."""
    return CheckReport(differences=place.full_print(now=now, progress=progress).check())


def follow(newsroom: Newsroom, stop: threading.Event) -> None:
    """Print whatever changes, until `stop`. Failures are said, and tried again after a pause that grows."""
    place = Workplace(newsroom)
    with place.edition:
        pause = 1.0
        while not stop.is_set():
            try:
                _follow(place, stop)
            except StetError as error:
                log.error("%s The press tries again in %d seconds.", error, pause)
            except sqlite3.DatabaseError as error:
                if is_damage(error):
                    place.memory_path.unlink(missing_ok=True)
                log.exception("The press's memory failed; it tries again in %d seconds.", pause)
            except Exception:
                log.exception("The press stumbled; it tries again in %d seconds.", pause)
            stop.wait(0 if stop.is_set() else pause)
            pause = min(pause * 2, LONGEST_PAUSE_SECONDS)


@memory_explained()
def _follow(place: Workplace, stop: threading.Event) -> None:
    if not place.has_memory():
        place.full_print(now=datetime.now(UTC), progress=lambda *_: None).print()
    memory = Memory(place.memory_path)
    press = place.press(memory)
    if press.is_lost():
        memory.close()
        place.memory_path.unlink()
        return
    packer = Packer(place.memory_path, place.edition)
    press.guard(packer.edition_lock, packer.fork_lock)
    packing = _packing_thread(place, packer)
    night = _Night(place.newsroom.settings.press.reconcile_at)
    try:
        press.mend()
        outcome = Outcome()
        waker = Waker()
        while not stop.wait(0 if outcome.left else waker.pause):
            if not (outcome.left or waker.is_time()):
                continue
            outcome = press.follow(datetime.now(UTC))
            for sentence in outcome.refused:
                log.warning("%s", sentence)
            if night.has_come(datetime.now(UTC)) and not reconciled(press.is_called):
                log.warning("The edition differed from the database; the press prints everything anew.")
                memory.set_state("edition", "unknown")
                place.full_print(now=datetime.now(UTC), progress=lambda *_: None).print()
                return
            close_old_connections()
    finally:
        packing.stop()
        memory.close()


class _PackingThread:
    """The packer's thread, ended with the press."""

    def __init__(self, run: Callable[[threading.Event], None]) -> None:
        self._end = threading.Event()
        self._thread = threading.Thread(target=run, args=(self._end,), name="packer", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the thread and wait for it."""
        self._end.set()
        self._thread.join()


def _packing_thread(place: Workplace, packer: Packer) -> _PackingThread:
    is_on = place.newsroom.settings.press.is_compressed
    return _PackingThread(packer.run if is_on else lambda _end: None)


class _Night:
    """Says once a day that the quiet hour has come. `at` is "HH:MM" in the paper's time zone."""

    def __init__(self, at: str) -> None:
        self._hour, self._minute = (int(part) for part in at.split(":"))
        self._next = self._after(datetime.now(UTC))

    def has_come(self, now: datetime) -> bool:
        """True once for each night."""
        if now < self._next:
            return False
        self._next = self._after(now)
        return True

    def _after(self, now: datetime) -> datetime:
        local = now.astimezone(current_paper().zone)
        tonight = local.replace(hour=self._hour, minute=self._minute, second=0, microsecond=0)
        return (tonight if tonight > local else tonight + timedelta(days=1)).astimezone(UTC)


def reconciled(is_called: Callable[[], bool]) -> bool:
    """Whether the edition is what a full print would make; asked in a process of its own, at low priority.

    The press waits meanwhile. Called to something that can't wait, it ends the comparison, until the next night.
    """
    command = [sys.executable, "-m", "stet.press.reconciling"]
    comparison = subprocess.Popen(command, preexec_fn=lambda: os.nice(10))  # noqa: S603 - Stet itself
    while True:
        with suppress(subprocess.TimeoutExpired):
            return comparison.wait(ASK_SECONDS) == 0
        if is_called():
            comparison.terminate()
            comparison.wait()
            return True
