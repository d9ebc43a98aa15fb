"""Carries a copy of an edition to mirrors from a machine that holds nothing else of a newsroom.

    python -m stet.mirrors sync --site SITE_FOLDER --register FOLDER [NAME…]
    python -m stet.mirrors check --site SITE_FOLDER --register FOLDER [NAME…]
    python -m stet.mirrors follow --site SITE_FOLDER --register FOLDER

FOLDER holds mirrors.json, keys/mirrors/ and, best, site.pub: with it, no other site's edition is carried. What is held
and found is kept below FOLDER/data/mirrors. Exit codes are those of `stet`.
"""

import argparse
import logging
import os
import signal
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

from stet.kit.errors import RefusedError, StetError, UnreachableError
from stet.mirrors.carrying import Home, carry, look_at
from stet.mirrors.checks import State
from stet.mirrors.following import follow, now
from stet.mirrors.register import Mirror, read_register
from stet.mirrors.registering import chosen

DONE, FINDINGS, REFUSED, BROKEN, UNREACHABLE = range(5)
AT_ONCE = 16


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line says; its exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m stet.mirrors", description=__doc__.partition("\n")[0] if __doc__ else ""
    )
    parser.add_argument(
        "action", choices=("sync", "check", "follow"), help="carry once, look once, or do both for ever"
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help="some of the mirrors; all where none is named")
    parser.add_argument("--site", type=Path, required=True, help="a copy of the edition: the folder with .well-known")
    parser.add_argument("--register", type=Path, required=True, help="the folder with mirrors.json and keys/mirrors")
    given = parser.parse_args(arguments)
    home = Home(folder=given.register.resolve(), site=given.site.resolve())
    try:
        if given.action == "follow":
            return _follow(home)
        mirrors = chosen(read_register(home.folder), given.names)
        act = _carried if given.action == "sync" else _looked_at
        return _each(mirrors, lambda mirror: act(home, mirror))
    except StetError as error:
        return _failed(error)


def _each(mirrors: Sequence[Mirror], act: Callable[[Mirror], tuple[int, str]]) -> int:
    """Act on all at once; the gravest exit code."""
    worst = DONE
    with ThreadPoolExecutor(AT_ONCE) as threads:
        for mirror, (code, sentence) in zip(mirrors, threads.map(act, mirrors), strict=True):
            print(f"{mirror.name}: {sentence}")  # noqa: T201 - a command's output
            worst = max(worst, code)
    return worst


def _carried(home: Home, mirror: Mirror) -> tuple[int, str]:
    if not mirror.target:
        return DONE, "nothing is put there."
    try:
        outcome = carry(home, mirror, now=now)
    except StetError as error:
        return code_of(error), str(error)
    done = f"edition {outcome.pointer.seq}; {outcome.put:,} sheets put, {outcome.removed:,} removed. {outcome.told}"
    return DONE, done.rstrip()


def _looked_at(home: Home, mirror: Mirror) -> tuple[int, str]:
    found = look_at(home, mirror, now=now)
    return (DONE if found.state is State.CURRENT else FINDINGS), f"{found.state.value}. {found.problem}".rstrip()


def _follow(home: Home) -> int:
    logging.basicConfig(format="%(levelname)s %(message)s", level=logging.CRITICAL)  # others' records name hosts
    logging.getLogger("stet").setLevel(logging.WARNING)
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    has_ended = follow(home, stop)
    return leave(has_ended)


def leave(has_ended: bool) -> int:  # noqa: FBT001 - the one thing it is told
    """End the process for good where a mirror still hangs: Python would wait for its connection."""
    if not has_ended:
        os._exit(DONE)
    return DONE


def code_of(error: StetError) -> int:
    """The exit code that an error stands for."""
    if isinstance(error, RefusedError):
        return REFUSED
    return UNREACHABLE if isinstance(error, UnreachableError) else BROKEN


def _failed(error: StetError) -> int:
    print(error, file=sys.stderr)  # noqa: T201 - a command's output
    return code_of(error)


if __name__ == "__main__":
    sys.exit(main())
