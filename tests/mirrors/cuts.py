"""Cuts a mirror's writer off again and again, at random moments, and looks at what stands at the mirror then.

A process is killed, the disk there is full, a connection drops, the server answers errors, or it falls silent or
sends a byte now and then. After each cut the mirror is read back through its own server or from its folder, and has to
verify as the edition that stood there, as a later one, or between the two with next.json saying so. The next sync that
is not cut off has to end at the newest edition.

`tools/cut_mirrors.py` runs hundreds for each kind of place; the tests a handful.
"""

import gzip
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import brotli

from stet.edition.folder import Put
from stet.edition.sheet import file_path
from stet.edition.verify import Report, verify_folder
from stet.mirrors.base import INCOMING
from tests.edition.builders import Paper, a_paper, a_put
from tests.mirrors.relay import Break, Failing, HttpRelay, Relay
from tests.mirrors.stands import Stand, a_stand

ROOT = Path(__file__).parents[2]
DISK_BYTES = 8_000_000
IMPATIENT = {"connect_seconds": 2.0, "silence_seconds": 0.6, "slowest_bytes_per_second": 100_000}
MIRROR = "paper"
OVER_HTTP = frozenset({"webdav", "s3"})
HALF_OF_A_REQUEST_IS_KEPT = frozenset({"s3"})
"""By the double, as no real store does: between it and the network stands what passes whole requests only."""


@dataclass(kw_only=True)
class Figures:
    """What came of it."""

    kind: str
    cuts: int = 0
    by: dict[str, int] = field(default_factory=dict)
    ended: dict[str, int] = field(default_factory=dict)
    """How the syncs ended that were cut: by which error, or done in spite of it."""
    at_old: int = 0
    at_newest: int = 0
    between: int = 0
    does_not_verify: int = 0
    mends: int = 0
    not_mended: int = 0
    left_aside: int = 0
    """Mends after which a half file of an earlier writer still stood where nobody reads it."""
    crashed: int = 0
    problems: list[str] = field(default_factory=list)
    seconds: float = 0

    def complain(self, what: str) -> None:
        if len(self.problems) < 20:
            self.problems.append(what)


class Carrier:
    """A process that forks one for each sync, so that each begins at once."""

    def __init__(self, kind: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.mirrors.carrier", kind], cwd=ROOT, text=True,
            env={**os.environ, "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"},
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip

    def carry(self, order: dict[str, Any]) -> str:
        """How it ended."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        return str(json.loads(self._process.stdout.readline()))

    def close(self) -> None:
        self._process.communicate()


class Line:
    """What lies between the writer and the place's server, where there is one."""

    def __init__(self, stand: Stand) -> None:
        self.http = HttpRelay(stand.address) if stand.address and stand.kind in OVER_HTTP else None
        upstream = stand.address
        if self.http and stand.kind in HALF_OF_A_REQUEST_IS_KEPT:
            upstream = ("127.0.0.1", self.http.port)
        self.relay = Relay(upstream) if upstream else None

    def settle(self) -> None:
        """Mend it, and wait until the server is at nothing more."""
        for each in (self.relay, self.http):
            if each:
                each.settle()

    def close(self) -> None:
        for each in (self.relay, self.http):
            if each:
                each.close()


@dataclass(kw_only=True)
class Cutter:
    """One mirror of one kind, and what is done to it."""

    stand: Stand
    paper: Paper
    carrier: Carrier
    line: Line
    scratch: Path
    disk: Path
    may_fill: bool
    rng: random.Random
    figures: Figures
    number: int = 0
    seq: int = 0
    newest: int = 0
    usual_seconds: float = 0.3
    usual_bytes: int = 20_000
    usual_requests: int = 30

    def run(self, count: int) -> Figures:
        """So many cuts."""
        began = time.monotonic()
        with suppress(KeyboardInterrupt):  # who ends it hears what came of it so far
            self._cut_and_mend(count)
        self.figures.seconds = round(time.monotonic() - began, 1)
        return self.figures

    def _cut_and_mend(self, count: int) -> None:
        self.print()
        self.mend()
        while self.figures.cuts < count:
            if self.seq == self.newest or self.rng.random() < 0.4:
                self.print()
            how = self.rng.choice(self.ways())
            ended = getattr(self, how)()
            if ended is None:
                continue
            self.figures.cuts += 1
            self.figures.by[how] = self.figures.by.get(how, 0) + 1
            self.note(ended)
            if self.rng.random() < 0.5:
                self.mend()
        self.mend()

    def ways(self) -> list[str]:
        """The cuts that this kind of place can meet."""
        ways = ["kill"]
        ways += ["fill"] if self.may_fill or self.line.http else []
        ways += ["drop", "silence", "trickle"] if self.line.relay else []
        ways += ["errors"] if self.line.http else []
        return ways

    # --- Cuts: how the sync ended, None where it was over before ---

    def kill(self) -> str | None:
        ended = self.carry(kill_after=self.rng.uniform(0, 1.1 * self.usual_seconds))
        self.line.settle()
        return ended if ended == "killed" else self.is_over(ended)

    def fill(self) -> str | None:
        """Leave so much room that it ends in the middle."""
        if not self.may_fill:
            return self.errors(status=507, count=100_000, methods=frozenset({"PUT"}))
        ballast = self.disk / "ballast"
        room = self.rng.randrange(0, self.usual_bytes)
        free = os.statvfs(self.disk)
        ballast.write_bytes(bytes(max(0, free.f_bavail * free.f_frsize - room)))
        ended = self.carry()
        self.line.settle()
        self.look(ended)
        ballast.unlink()
        return ended if ended != "done" else self.is_over(ended)

    def drop(self) -> str | None:
        return self.breaking(Break(after_bytes=self.some_bytes(), is_lasting=self.rng.random() < 0.5))

    def silence(self) -> str | None:
        return self.breaking(Break(after_bytes=self.some_bytes(), is_silent=True), patience=IMPATIENT)

    def trickle(self) -> str | None:
        planned = Break(after_bytes=self.some_bytes(), trickle_seconds=0.1, is_lasting=False)
        return self.breaking(planned, patience=IMPATIENT)

    def errors(self, *, status: int = 0, count: int = 0, methods: frozenset[str] | None = None) -> str | None:
        """Answer some requests with an error, also where the server did what was asked."""
        assert self.line.http
        self.line.http.fail(
            Failing(
                first=self.rng.randrange(0, self.usual_requests), count=count or self.rng.choice((1, 1, 3, 100_000)),
                status=status or self.rng.choice((500, 502, 503)), methods=methods,
                is_done=not status and self.rng.random() < 0.5,
            )
        )  # fmt: skip
        ended = self.carry(port=self.line.http.port)
        failed = self.line.http.failed
        self.line.http.fail(None)
        self.line.settle()
        return ended if failed else self.is_over(ended)

    def breaking(self, planned: Break, *, patience: dict[str, float] | None = None) -> str | None:
        assert self.line.relay
        self.line.relay.plan(planned)
        ended = self.carry(patience=patience)
        was_cut = self.line.relay.mend()
        self.line.settle()
        # On a busy machine the impatient give up a server that was only slow: a cut as well.
        was_cut = was_cut or (patience is not None and ended.startswith("MirrorUnreachableError"))
        return ended if was_cut else self.is_over(ended)

    def some_bytes(self) -> int:
        return self.rng.randrange(0, self.usual_bytes)

    def is_over(self, ended: str) -> None:
        """It was not cut; then it has to be done, and is looked at all the same."""
        if ended != "done":
            self.figures.crashed += 1
            self.figures.complain(f"without a cut: {ended}")
        self.look(ended)

    # --- Carrying and looking ---

    def carry(
        self, *, port: int | None = None, kill_after: float | None = None, patience: dict[str, float] | None = None
    ) -> str:
        port = port or (self.line.relay.port if self.line.relay else None)
        order = {
            "site": os.fspath(self.paper.site), "target": self.stand.target(MIRROR, port=port),
            "kill_after": kill_after,
            "secrets": dict(self.stand.secrets), "folder": os.fspath(self.scratch / "state"),
            "patience": patience or ({"connect_seconds": 20, "silence_seconds": 60} if self.stand.address else None),
        }  # fmt: skip
        return self.carrier.carry(order)

    def note(self, ended: str) -> None:
        end = ended.partition(":")[0]
        self.figures.ended[end] = self.figures.ended.get(end, 0) + 1
        if ended.startswith("crashed"):
            self.figures.crashed += 1
            self.figures.complain(ended)
        report = self.look(ended)
        if report.is_printing:
            self.figures.between += 1
        elif report.seq == self.newest:
            self.figures.at_newest += 1
        else:
            self.figures.at_old += 1

    def look(self, ended: str) -> Report:
        """What stands at the mirror; it has to verify, and be no older than before."""
        report = self.report()
        if not report.ok and not self.stand.place(MIRROR).capabilities.is_atomic:
            time.sleep(0.2)  # A file may be missing for a moment.
            report = self.report()
        if not report.ok or report.seq is None or not self.seq <= report.seq <= self.newest:
            self.figures.does_not_verify += 1
            self.figures.complain(f"after {ended[:200]}: {report.seq} of {self.newest}: {report.problems[:3]}")
        self.seq = report.seq or self.seq
        return report

    def report(self) -> Report:
        served = self.stand.served(MIRROR, self.scratch / "served")
        return verify_folder(served, root=self.paper.key, now=self.paper.now)

    def mend(self) -> None:
        """Carry without a cut, sometimes after what was held here is lost."""
        if self.rng.random() < 0.05:
            shutil.rmtree(self.scratch / "state", ignore_errors=True)
            self.print()
        if self.line.relay:
            self.line.relay.passed = 0
        if self.line.http:
            self.line.http.fail(None)
        began = time.monotonic()
        ended = self.carry()
        self.usual_seconds = (self.usual_seconds + time.monotonic() - began) / 2
        self.line.settle()
        if self.line.relay:
            self.usual_bytes = max(2_000, (self.usual_bytes + self.line.relay.passed) // 2)
        if self.line.http:
            self.usual_requests = max(5, (self.usual_requests + self.line.http.asked) // 2)
        report = self.report()
        aside = self.stand.served(MIRROR, self.scratch / "served") / INCOMING[1:]
        self.figures.mends += 1
        self.figures.left_aside += aside.exists()
        if ended != "done" or not report.ok or report.is_printing or report.seq != self.newest:
            self.figures.not_mended += 1
            where = f"{report.seq} of {self.newest}, between two: {report.is_printing}"
            self.figures.complain(f"not mended: {ended[:1_000]}: {where}: {report.problems[:3]}")
        self.seq = report.seq or self.seq

    def print(self) -> None:
        """The next edition: sheets come, change and go, a file becomes a folder and back, copies follow."""
        self.number += 1
        puts, removes = an_edition(self.paper, self.number, self.rng)
        self.newest = self.paper.commit(*puts, removes=removes).seq
        for put in puts:
            if put.media_type.startswith("text/") and self.rng.random() < 0.5:
                body = self.paper.folder.file(put.path).read_bytes()
                for suffix, copy in ((".br", brotli.compress(body, quality=1)), (".gz", gzip.compress(body, 1))):
                    self.paper.folder.put_compressed(put.path, put.digest, suffix, copy)


def an_edition(paper: Paper, number: int, rng: random.Random) -> tuple[list[Put], tuple[str, ...]]:
    """What edition `number` puts and removes."""
    puts = [a_put(f"/story/{n}/", f"{n} of {number} " * rng.randrange(1, 300)) for n in rng.sample(range(60), 8)]
    puts.append(paper.a_page("/one/", f"The dam, {number}"))
    puts.append(a_put(f"/photo/{number % 9}.avif", rng.randbytes(rng.randrange(3_000, 9_000)).hex(), "image/avif"))
    puts.append(a_put("/shape" if number % 2 else "/shape/inside/", f"shape of {number}"))
    coming = {file_path(put.path) for put in puts}
    standing = [entry.path for entry in paper.folder.entries() if entry.path.startswith("/story/")]
    standing = sorted(set(standing) - coming)
    removes = rng.sample(standing, k=min(3, len(standing) // 8))
    shape = "/shape/inside/" if number % 2 else "/shape"
    return puts, (*removes, *([shape] if number > 1 else []))


def cut(kind: str, count: int, *, seed: int) -> Figures:
    """Cut off so many syncs to a place of a kind."""
    memory = Path("/dev/shm")
    with ExitStack() as stack:
        scratch = Path(
            stack.enter_context(tempfile.TemporaryDirectory(dir=memory if os.access(memory, os.W_OK) else None))
        )
        disk, is_small = stack.enter_context(a_small_disk(scratch / "disk"))
        stand = stack.enter_context(a_stand(kind, disk / "served"))
        carrier, line = Carrier(kind), Line(stand)
        stack.callback(line.close)
        stack.callback(carrier.close)
        cutter = Cutter(
            stand=stand, paper=a_paper(scratch / "paper"), carrier=carrier, line=line, scratch=scratch, disk=disk,
            may_fill=is_small and stand.lies_on_disk, rng=random.Random(seed), figures=Figures(kind=kind),
        )  # fmt: skip
        return cutter.run(count)


@contextmanager
def a_small_disk(folder: Path) -> Iterator[tuple[Path, bool]]:
    """A disk of its own that can be filled, for root; else a folder, and False."""
    folder.mkdir()
    mounted = (
        os.geteuid() == 0
        and not subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES}", "none", folder], check=False, capture_output=True
        ).returncode
    )
    try:
        yield folder, mounted
    finally:
        if mounted:
            subprocess.run(["umount", folder], check=True)
