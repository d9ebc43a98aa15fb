"""How long a publish takes to reach a mirror, and how much travels: press, sync and mirror on one machine."""

import os
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from tools.benchmarks.figures import spread
from tools.benchmarks.processes import end, say, start
from tools.benchmarks.travelling import Recorded, by_kind
from tools.benchmarks.watching import POLL_SECONDS, WARM_UPS, Desk, Watch, paced

from stet.edition.manifest import Tree
from stet.edition.pointer import Pointer, matching_line
from stet.edition.root import SignedRoot, check_chain
from stet.edition.sheet import WELL_KNOWN, body_digest, file_path
from stet.mirrors.base import Headers, Keeping, Place
from stet.mirrors.errors import EditionMovedError
from stet.mirrors.sync import Sync
from stet.mirrors.throttle import Throttle

PATIENCE_SECONDS = 60.0
MOST_BYTES = 10_000_000


class Counter(Throttle):
    """Counts the bodies that travel, those of pointer, signatures and parts of the manifest among them."""

    def __init__(self) -> None:
        super().__init__(0)
        self.sent_bytes = 0
        self._counting = threading.Lock()

    def spend(self, size_bytes: int) -> None:
        """Count, and let it pass."""
        with self._counting:
            self.sent_bytes += size_bytes


@dataclass(slots=True)
class Follower:
    """Carries every edition to a mirror as soon as it stands, as the process `mirrors` does."""

    site: Path
    place: Place
    folder: Path
    counter: Counter = field(default_factory=Counter)
    seq: int = 0
    failure: BaseException | None = None
    _is_ending: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def sync(self) -> None:
        """Carry what stands now."""
        while not self._is_ending.is_set():
            try:
                done = Sync(site=self.site, place=self.place, folder=self.folder, throttle=self.counter).run()
            except EditionMovedError:
                time.sleep(POLL_SECONDS)
                continue
            self.seq = done.pointer.seq
            return

    def __enter__(self) -> "Follower":
        self._thread = threading.Thread(target=self._follow, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._is_ending.set()
        assert self._thread is not None
        self._thread.join()

    def _follow(self) -> None:
        pointer, seen = f"{self.site}{WELL_KNOWN}/edition.json", 0
        try:
            while not self._is_ending.is_set():
                stamp = os.stat(pointer).st_mtime_ns
                if stamp == seen:
                    time.sleep(10 * POLL_SECONDS)
                    continue
                self.sync()
                seen = stamp
        except BaseException as error:
            self.failure = error


def verified(place: Place, page: str, site: str) -> bytes:
    """A page of the mirror, proven from its roots down to its bytes with what the mirror alone holds."""

    def read(name: str) -> bytes:
        body = place.read(f"{WELL_KNOWN}/{name}", most_bytes=MOST_BYTES)
        assert body is not None, name
        return body

    roots = check_chain([read("root/1.json")], site=site)
    pointer = Pointer.from_bytes(read("edition.json"))
    assert matching_line(pointer, read("edition.json.sig"), roots[-1].edition_keys) is not None
    entry = Tree(pointer.root, pointer.files, read).entry(file_path(page))
    body = place.read(file_path(page), most_bytes=MOST_BYTES)
    assert entry is not None
    assert body is not None
    assert body_digest(body) == entry.digest
    return body


def begin(site: Path, place: Place) -> None:
    """Have a mirror that says it holds the edition that stands here, and holds no sheet of it."""
    proof = site / WELL_KNOWN[1:]
    for name in ("root/1.json", "edition.json.sig", "edition.json.minisig", "edition.json"):
        headers = Headers(media_type="application/json", keeping=Keeping.NEVER)
        place.put(f"{WELL_KNOWN}/{name}", (proof / name).read_bytes(), headers)


def measure_mirroring(
    folder: Path, place: Place, held: Path, count: int, *, only_differences: bool = False
) -> dict[str, object]:
    """Publish `count` times, half of them new stories, while press, worker and sync run; milliseconds and bytes.

    `only_differences`: the mirror begins without the archive's sheets, which no publish touches.
    """
    environment = {"STET_NEWSROOM": str(folder)}
    names = ("press", "worker")
    running = [start([sys.executable, "-m", "stet.project.processes", name], environment=environment) for name in names]
    site = folder / "edition" / "site"
    site_id = SignedRoot.from_bytes((site / ".well-known/stet/root/1.json").read_bytes()).root.site_id
    recorded = Recorded(place)
    follower = Follower(site, recorded, held)
    began = time.monotonic()
    try:
        if only_differences:
            begin(site, place)
        follower.sync()
        first = {"seconds": round(time.monotonic() - began, 1), "bytes": follower.counter.sent_bytes}
        say(f"the first sync took {first['seconds']} s")
        publishes: list[dict[str, float]] = []
        puts: list[list[tuple[str, int]]] = []
        with Desk(folder) as desk, follower:
            watch = Watch(folder, desk)
            for _ in range(WARM_UPS):
                watch.create()
                _arrived(follower, watch)
            for number in range(count):
                before = follower.counter.sent_bytes
                recorded.taken()
                timing = paced(watch, number)
                button = time.monotonic() - timing.settled / 1000
                _arrived(follower, watch)
                verified(place, "/", site_id)
                taken = 1000 * (time.monotonic() - button)
                puts.append(recorded.taken())
                publishes.append({
                    "after_button": taken,
                    "after_print": taken - timing.settled,
                    "bytes": follower.counter.sent_bytes - before,
                })  # fmt: skip
    finally:
        for process in running:
            end(process)
    return {
        "first_sync": first,
        "verifiable_after_button_ms": spread([one["after_button"] for one in publishes]),
        "verifiable_after_print_ms": spread([one["after_print"] for one in publishes]),
        "moved_bytes": spread([one["bytes"] for one in publishes], digits=0),
        "moved_files": spread([float(len(one)) for one in puts], digits=0),
        "heaviest_by_kind": by_kind(max(puts, key=lambda one: sum(size for _path, size in one))),
    }


def _arrived(follower: Follower, watch: Watch) -> None:
    """Wait until what stands here now stands at the mirror."""
    wanted = Pointer.from_bytes((watch.site / ".well-known/stet/edition.json").read_bytes()).seq
    deadline = time.monotonic() + PATIENCE_SECONDS
    while follower.seq < wanted:
        if follower.failure is not None:
            raise follower.failure
        assert time.monotonic() < deadline, "The mirror did not follow."
        time.sleep(POLL_SECONDS)
