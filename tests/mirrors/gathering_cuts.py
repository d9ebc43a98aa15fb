"""Ends a sync to a place that gathers, at random moments, and looks at what readers are shown after each.

    .venv/bin/python -m tests.mirrors.gathering_cuts git 500

prints JSON. `kill -9` hits the process at a step or while it pushes or writes; the host of a git mirror refuses pushes,
or its end is killed while it takes one.
"""

import json
import multiprocessing
import os
import random
import shutil
import signal
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from time import monotonic, sleep

from stet.edition.verify import verify_folder
from stet.kit.errors import StetError
from stet.mirrors.base import OnStep, no_step
from stet.mirrors.places import open_place
from stet.mirrors.sync import Sync
from tests.edition.builders import Paper, a_paper, a_put
from tests.mirrors.car_reader import unpacked
from tests.mirrors.git_hosts import a_repository, git, shown

HOOKS = {
    "": "exit 0\n",
    "refused": "exit 1\n",
    "host killed": "kill -9 $PPID\n",
    "host killed later": "sleep 0.0$(($$ % 5))\nkill -9 $PPID\n",
}


class GitMirror:
    """A mirror on a branch; what is shown is what the branch holds."""

    def __init__(self, folder: Path) -> None:
        self.repository = a_repository(folder / "host.git")
        self.target = f"git+file://{self.repository}#pages"

    def hinder(self, way: str) -> None:
        hook = self.repository / "hooks" / "pre-receive"
        hook.write_text(f"#!/bin/sh\n{HOOKS[way]}")
        hook.chmod(0o755)

    def shown(self, folder: Path) -> Path | None:
        return shown(self.repository, folder) if git(self.repository, "branch", "--list", "pages") else None


class CarMirror:
    """A mirror in one file; what is shown is what its blocks hold together."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "out" / "site.car"
        self.target = f"car:{self.file}"

    def hinder(self, way: str) -> None:
        """Nobody else is at work here."""

    def shown(self, folder: Path) -> Path | None:
        return unpacked(self.file, folder) if self.file.exists() else None


MIRRORS: dict[str, Callable[[Path], GitMirror | CarMirror]] = {"git": GitMirror, "car": CarMirror}


def cut(kind: str, folder: Path, number: int, *, seed: int = 1) -> dict[str, int]:
    """End `number` syncs; how each ended and what stood there then. Raises AssertionError where it was no edition."""
    rng = random.Random(seed)
    paper = a_paper(folder / "paper")
    mirror = MIRRORS[kind](folder)
    known, counts, before = [digest_of(paper.site)], Counter[str](), -1
    while counts["cuts"] < number:
        change(paper, rng)
        known.append(digest_of(paper.site))
        way = rng.choice(("step", "finish", *(list(HOOKS)[1:] if kind == "git" else ())))
        mirror.hinder(way if way in HOOKS else "")
        is_through = run_and_cut(paper.site, mirror.target, folder / "state", way, rng)
        counts["ran to its end" if is_through else way] += 1
        counts["cuts"] += not is_through
        stands = look(paper, mirror, folder / "shown", known)
        assert stands >= before, "An older edition came back."
        counts["the edition before" if stands < len(known) - 1 else "the new edition"] += 1
        before = stands
    mirror.hinder("")
    assert run_and_cut(paper.site, mirror.target, folder / "state", "", rng)
    assert look(paper, mirror, folder / "shown", known) == len(known) - 1
    return dict(counts)


def change(paper: Paper, rng: random.Random) -> None:
    """Print an edition: some stories are new, some altered, some withdrawn."""
    numbers = rng.sample(range(12), rng.randrange(1, 6))
    puts = [a_put(f"/story/{n}/", f"{n} {rng.random()}") for n in numbers]
    standing = [path for path in paper.texts() if path.startswith("/story/")]
    put = {f"/story/{n}/index.html" for n in numbers}
    removes = tuple(path for path in standing[:2] if path not in put)
    paper.commit(*puts, paper.a_page("/one/", str(rng.random())), removes=removes)


def look(paper: Paper, mirror: GitMirror | CarMirror, folder: Path, known: list[str]) -> int:
    """Which of the known editions is shown, whole; -1 where there is nothing yet."""
    shutil.rmtree(folder, ignore_errors=True)
    stands = mirror.shown(folder)
    if stands is None:
        return -1
    report = verify_folder(stands, root=paper.key, now=paper.now)
    assert report.problems == [], report.problems
    assert not (stands / ".well-known/stet/next.json").exists(), "Shown between two editions."
    return known.index(digest_of(stands))


def digest_of(site: Path) -> str:
    return (site / ".well-known/stet/edition.json").read_text()


def run_and_cut(site: Path, target: str, state: Path, way: str, rng: random.Random) -> bool:
    """Sync in a process of its own and end it; whether it came to its end."""
    steps = rng.randrange(1, 30) if way == "step" else 0
    process = multiprocessing.get_context("fork").Process(target=_sync, args=(site, target, state, steps))
    process.start()
    if way == "finish":
        _wait_for(state / "finishing", process)
        sleep(rng.random() * (0.08 if target.startswith("git") else 0.01))
        process.kill()
    process.join(60)
    assert not process.is_alive(), "A sync does not end."
    (state / "finishing").unlink(missing_ok=True)
    return process.exitcode == 0


def _wait_for(file: Path, process: "multiprocessing.context.ForkProcess") -> None:
    deadline = monotonic() + 30
    while not file.exists() and process.is_alive() and monotonic() < deadline:
        sleep(0.002)


def _sync(site: Path, target: str, state: Path, steps: int) -> None:
    place = open_place(target, {}, folder=state)
    try:
        Sync(site=site, place=place, folder=state, on_step=_dying(steps, state) if steps else _telling(state)).run()
        place.close()
    except StetError:
        os._exit(3)
    os._exit(0)


def _dying(steps: int, _state: Path) -> OnStep:
    left = [steps]

    def on_step(_step: str) -> None:
        left[0] -= 1
        if not left[0]:
            os.kill(os.getpid(), signal.SIGKILL)

    return on_step


def _telling(state: Path) -> OnStep:
    def on_step(step: str) -> None:
        if step == "finish":
            (state / "finishing").touch()
        no_step(step)

    return on_step


def main() -> None:
    """Cut as often as the command line says."""
    kind, number = sys.argv[1], int(sys.argv[2])
    began = monotonic()
    with tempfile.TemporaryDirectory() as folder:
        counts = cut(kind, Path(folder), number)
    print(json.dumps({"kind": kind, **counts, "seconds": round(monotonic() - began, 1)}, indent=2))


if __name__ == "__main__":
    main()
