"""The kinds of places that can hold a mirror: one module each, loaded when it is asked for.

A module has `open_place(target, secrets) -> Place`, which raises MirrorRefusedError for a target it can't read, and
`SECRETS`, the names of what it may be given to be let in, each with a sentence about it. Where a place works in files
on this machine, its `open_place` takes a `folder` for them too; what is kept there may be lost.
"""

import inspect
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from types import ModuleType

from stet.mirrors.base import Place
from stet.mirrors.errors import MirrorRefusedError
from stet.mirrors.places.gzipped import GzippedPlace

KINDS: Mapping[str, str] = {
    "folder": "folder",
    "sftp": "sftp",
    "webdav": "webdav",
    "webdavs": "webdav",
    "s3": "s3",
    "git+ssh": "git",
    "git+https": "git",
    "git+file": "git",
    "car": "car",
    "gzip+folder": "folder",
    "gzip+sftp": "sftp",
    "gzip+webdav": "webdav",
    "gzip+webdavs": "webdav",
}
"""Scheme of a target → module in this package."""
GZIPPED = "gzip+"
"""In front of a scheme: pages stand there as .gz alone (`stet.mirrors.places.gzipped`)."""


def open_place(target: str, secrets: Mapping[str, str], *, folder: Path | None = None) -> Place:
    """The place that a target names. `folder` is the mirror's own on this machine (`register.files_of`)."""
    opened = module_of(target).open_place
    plain = target.removeprefix(GZIPPED)
    takes_folder = "folder" in inspect.signature(opened).parameters
    place: Place = opened(plain, secrets, folder=folder) if takes_folder else opened(plain, secrets)
    return place if plain == target else GzippedPlace(place)


def module_of(target: str) -> ModuleType:
    """The module for a target's kind."""
    kind, colon, _rest = target.partition(":")
    if not colon or kind not in KINDS:
        raise MirrorRefusedError(f"There is no such kind of mirror. Begin the address with one of: {', '.join(KINDS)}.")
    return import_module(f"stet.mirrors.places.{KINDS[kind]}")
