"""How long a publish takes, seen from outside: the files that readers get, and the press's memory."""

import json
import os
import queue
import random
import sqlite3
import sys
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from subprocess import PIPE
from typing import Any

from tools.benchmarks.errors import BenchmarkError
from tools.benchmarks.figures import spread
from tools.benchmarks.processes import Memory, end, say, start
from tools.benchmarks.stories import SECTIONS

POLL_SECONDS = 0.001
PATIENCE_SECONDS = 60.0
FEEDS = ("/rss.xml", "/atom.xml", "/feed.json")
WARM_UPS = 2
RECENT = 8
"""Edits choose among so many of the newest stories: those that stand on the front, on section pages and in feeds."""


@dataclass(slots=True)
class Sheet:
    """A file that has to hold a word."""

    file: str
    word: bytes
    _stamp: tuple[int, int] = (0, 0)

    def is_there(self) -> bool:
        """Whether the file holds the word; it is read only when it was replaced."""
        try:
            found = os.stat(self.file)
            stamp = (found.st_mtime_ns, found.st_ino)
            if stamp == self._stamp:
                return False
            self._stamp = stamp
            return self.word in Path(self.file).read_bytes()
        except FileNotFoundError:
            return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """One publish, in milliseconds from pressing the button."""

    kind: str
    desk: float
    critical: float
    settled: float
    page: float


@dataclass(slots=True)
class Desk:
    """The desk's process, asked by lines."""

    folder: Path
    _answers: "queue.Queue[dict[str, Any] | None]" = field(default_factory=queue.Queue)
    _process: Any = None

    def __enter__(self) -> "Desk":
        command = [sys.executable, "-m", "tools.benchmarks.desk", str(self.folder), "publish"]
        self._process = start(command, stdin=PIPE, stdout=PIPE)
        threading.Thread(target=self._listen, daemon=True).start()
        self.wait()
        return self

    def __exit__(self, *_error: object) -> None:
        self._process.stdin.close()
        end(self._process)

    def ask(self, **order: object) -> None:
        """Ask for something; the answer comes later."""
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()

    def answer(self) -> dict[str, Any] | None:
        """The answer, if it is there."""
        try:
            answer = self._answers.get_nowait()
        except queue.Empty:
            return None
        if answer is None:
            raise BenchmarkError("The desk's process ended before it answered; its own words stand above.")
        return answer

    def wait(self) -> dict[str, Any]:
        """The answer, waited for."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            if (answer := self.answer()) is not None:
                return answer
            time.sleep(POLL_SECONDS)
        raise BenchmarkError(f"The desk did not answer within {PATIENCE_SECONDS:.0f} s.")

    def _listen(self) -> None:
        for line in self._process.stdout:
            self._answers.put(json.loads(line))
        self._answers.put(None)


class PressMemory:
    """What the press remembers, as far as it says that nothing is left to do."""

    def __init__(self, folder: Path) -> None:
        self._db = sqlite3.connect(f"file:{folder / 'data' / 'press.sqlite3'}?mode=ro", uri=True, timeout=5)

    def has_printed(self, outbox: int) -> bool:
        """Whether everything up to this entry of the outbox has been printed."""
        place = self._db.execute("SELECT value FROM state WHERE name = 'place'").fetchone()
        if place is None or int(place[0]) < outbox:
            return False
        return self._db.execute("SELECT 1 FROM queue LIMIT 1").fetchone() is None

    def unpacked(self) -> int:
        """How many sheets have no compressed copies yet."""
        return int(self._db.execute("SELECT count(*) FROM sheets WHERE packed = 0").fetchone()[0])


class Watch:
    """Publishes and looks when it can be read. `site` is the printed tree."""

    def __init__(self, folder: Path, desk: Desk) -> None:
        self.site = folder / "edition" / "site"
        self.desk = desk
        self.memory = PressMemory(folder)
        self._chance = random.Random()  # in a newsroom that was kept the words of before stand already
        self._number = 0

    def create(self) -> Timing:
        """A new story."""
        word, section = self._word(), self._chance.randrange(len(SECTIONS))
        path = time.strftime("/%Y/%m/%d/", time.gmtime()) + f"story-{word.lower()}/"
        sheets = self._sheets(word, path, f"/{SECTIONS[section].lower()}/")
        self.desk.ask(do="create", word=word, section=section)
        return self._timed("create", sheets)

    def edit(self, *, by_form: bool = False) -> Timing:
        """Another headline for one of the newest stories."""
        self.desk.ask(do="newest", count=RECENT)
        article, path, section = self._chance.choice(self.desk.wait()["articles"])
        word = self._word()
        sheets = self._sheets(word, path, section)
        self.desk.ask(do="post" if by_form else "edit", article=article, word=word)
        return self._timed("post" if by_form else "edit", sheets)

    def _word(self) -> str:
        self._number += 1
        return f"Zq{self._number:04d}{self._chance.randrange(10**6):06d}"

    def _sheets(self, word: str, article: str, section: str) -> list[Sheet]:
        paths = [f"{article}index.html", "/index.html", f"{section}index.html", *FEEDS]
        return [Sheet(str(self.site) + path, word.encode()) for path in paths]

    def _timed(self, kind: str, sheets: list[Sheet]) -> Timing:
        answer: dict[str, Any] | None = None
        there: dict[str, float] = {}
        settled = 0.0
        deadline = time.monotonic() + PATIENCE_SECONDS
        while len(there) < len(sheets) or not settled:
            now = time.monotonic()
            if now > deadline:
                raise BenchmarkError(_what_is_late(kind, (s.file for s in sheets if s.file not in there)))
            there.update({s.file: time.monotonic() for s in sheets if s.file not in there and s.is_there()})
            answer = answer or self.desk.answer()
            if answer and not settled and self.memory.has_printed(answer["outbox"]):
                settled = time.monotonic()
            time.sleep(POLL_SECONDS)
        assert answer is not None
        began = answer["began"]
        return Timing(
            kind=kind,
            desk=1000 * (answer["ended"] - began),
            critical=1000 * (max(there.values()) - began),
            settled=1000 * (settled - began),
            page=1000 * (there[sheets[0].file] - began),
        )


def _what_is_late(kind: str, files: Iterable[str]) -> str:
    late = ", ".join(files) or "the press's memory"
    return f"After one {kind}, this was not up to date within {PATIENCE_SECONDS:.0f} s: {late}."


def measure_publishing(folder: Path, count: int, *, forms: int) -> dict[str, object]:
    """Publish `count` times, half of them new stories, while press and worker run as `stet up` runs them."""
    environment = {"STET_NEWSROOM": str(folder)}
    running = [
        start([sys.executable, "-m", "stet.project.processes", name], environment=environment)
        for name in ("press", "worker")
    ]
    memory = Memory(running[0].pid)
    try:
        with Desk(folder) as desk:
            watch = Watch(folder, desk)
            for _ in range(WARM_UPS):
                watch.create()
            unpacked_before = watch.memory.unpacked()
            timings = [paced(watch, number) for number in range(count)]
            by_form = [watch.edit(by_form=True) for _ in range(forms)]
            unpacked_after = watch.memory.unpacked()
    finally:
        peaks = memory.stop()
        for process in running:
            end(process)
    found: dict[str, object] = {}
    for kind in ("create", "edit"):
        found[kind] = _spreads([t for t in timings if t.kind == kind])
    found["both"] = _spreads(timings)
    if by_form:
        found["desk_post_ms"] = spread([t.desk for t in by_form])
        found["desk_post_critical_ms"] = spread([t.critical for t in by_form])
    found["press_memory"] = peaks
    found["sheets_waiting_for_compression"] = {"before": unpacked_before, "after": unpacked_after}
    return found


def paced(watch: Watch, number: int) -> Timing:
    time.sleep(0.1 + (number * 37 % 100) / 500)
    timing = watch.create() if number % 2 == 0 else watch.edit()
    if number % 10 == 9:
        say(f"publish {number + 1}: {timing.critical:.0f} ms to the critical sheets, {timing.settled:.0f} ms to all")
    return timing


def _spreads(timings: list[Timing]) -> dict[str, object]:
    if not timings:
        return {}
    return {
        "critical_ms": spread([t.critical for t in timings]),
        "settled_ms": spread([t.settled for t in timings]),
        "page_ms": spread([t.page for t in timings]),
        "desk_ms": spread([t.desk for t in timings]),
    }
