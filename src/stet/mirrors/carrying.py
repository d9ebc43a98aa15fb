"""One mirror of a register: let in, carried to, looked at; and what came of it kept for everybody to read.

What the command, the process and `python -m stet.mirrors` do. A mirror is carried to by one process at a time.
"""

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import msgspec

from stet.edition.root import SiteKey
from stet.kit.errors import StetError
from stet.mirrors.base import OnStep, Place, no_step
from stet.mirrors.checking import Fault, Here, PlaceReader, look, read_here, unlooked
from stet.mirrors.checks import Check, State, read_check, write_check
from stet.mirrors.errors import EditionMovedError, MirrorBusyError, RegisterBrokenError
from stet.mirrors.http_reader import SECONDS, HttpReader
from stet.mirrors.places import open_place
from stet.mirrors.register import Mirror, files_of, read_register
from stet.mirrors.secrets import read_secrets
from stet.mirrors.sync import Outcome, Progress, Sync
from stet.mirrors.throttle import Throttle

BUSY_SECONDS = 60.0
"""How long a command waits for the process that carries at the moment."""
MOVED_ATTEMPTS = 10
MOVED_SECONDS = 0.2
"""Between attempts while the edition is being printed."""


class Home(msgspec.Struct, frozen=True, kw_only=True):
    """Where mirrors are carried from."""

    folder: Path
    """The newsroom's folder, or another one that holds a register."""
    site: Path
    """The edition's tree: the folder that holds .well-known."""

    def key(self) -> SiteKey | None:
        """The site's public key, where it lies beside the register: an edition of another site is never carried."""
        file = self.folder / "site.pub"
        return SiteKey.load(file) if file.exists() else None


def carry(
    home: Home,
    mirror: Mirror,
    *,
    now: Callable[[], datetime],
    progress: Progress = lambda _done, _all: None,
    on_step: OnStep = no_step,
    may_shrink: bool = False,
    is_anew: bool = False,
    busy_seconds: float = BUSY_SECONDS,
) -> Outcome:
    """Bring one mirror to the edition that stands here, and keep whether that went well."""
    files = files_of(home.folder, mirror.name)
    try:
        with locked(files, seconds=busy_seconds), opened(home.folder, mirror) as place:
            outcome = _settled(
                Sync(
                    site=home.site, place=place, folder=files, key=home.key(),
                    throttle=Throttle(mirror.kilobytes_per_second * 1000),
                    progress=progress, on_step=on_step, may_shrink=may_shrink, is_anew=is_anew,
                )
            )  # fmt: skip
    except (MirrorBusyError, EditionMovedError):
        raise
    except Exception as error:
        # Of what nobody foresaw only the kind is kept: its words may name a host.
        unforeseen = f"Carrying failed in a way that nobody foresaw ({type(error).__name__})."
        refusal = str(error) if isinstance(error, StetError) else unforeseen
        _keep(home, mirror, lambda check: msgspec.structs.replace(check, refusal=refusal))
        raise
    seen = outcome.pointer.seq if is_anew else None
    _keep(
        home, mirror,
        lambda check: msgspec.structs.replace(
            check, refusal="", last_success=now(), highest_seq=check.highest_seq if seen is None else seen
        ),
    )  # fmt: skip
    return outcome


def _settled(sync: Sync) -> Outcome:
    """Sync, and again at once where the edition was printed in the middle."""
    for _ in range(MOVED_ATTEMPTS - 1):
        try:
            return sync.run()
        except EditionMovedError:
            time.sleep(MOVED_SECONDS)
    return sync.run()


def look_at(home: Home, mirror: Mirror, *, now: Callable[[], datetime], seconds: float = SECONDS) -> Check:
    """Look at one mirror from its public address, or through its place where it has none, and keep what was found."""
    before = read_check(home.folder, mirror.name)

    def here() -> Here:
        return read_here(home.site, key=home.key())

    if is_onion(mirror.public) and not mirror.proxy:
        found = unlooked(before, now(), state=State.UNKNOWN, problem=Fault.NEEDS_PROXY)
    elif mirror.public:
        with HttpReader(mirror.public, proxy=mirror.proxy, seconds=seconds) as reader:
            found = look(reader, here, before=before, now=now())
    else:
        try:
            with opened(home.folder, mirror) as place:
                found = look(PlaceReader(place), here, before=before, now=now())
        except StetError as error:
            found = unlooked(before, now(), state=State.UNREACHABLE, problem=str(error))
    # A sync may have ended meanwhile: what it keeps is its own.
    return _keep(
        home, mirror,
        lambda check: msgspec.structs.replace(
            found, refusal=check.refusal, last_success=_later(found.last_success, check.last_success)
        ),
    )  # fmt: skip


def is_onion(public: str) -> bool:
    """Whether an address is reached through Tor only."""
    return public.partition("://")[2].partition("/")[0].partition(":")[0].endswith(".onion")


@contextmanager
def opened(folder: Path, mirror: Mirror) -> Iterator[Place]:
    """A mirror's place, with what lets us in."""
    place = open_place(mirror.target, read_secrets(folder, mirror.name), folder=files_of(folder, mirror.name))
    try:
        yield place
    finally:
        place.close()


@contextmanager
def locked(files: Path, *, seconds: float) -> Iterator[None]:
    """Be the only one who carries to a mirror; raises MirrorBusyError where another one does for too long."""
    files.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(files / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        deadline = time.monotonic() + seconds
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() >= deadline:
                    raise MirrorBusyError(
                        "Another process carries to this mirror at the moment, as `stet up` does. Try again when it is "
                        "done; `stet mirrors list` shows when."
                    ) from None
                time.sleep(0.1)
        yield
    finally:
        os.close(descriptor)


def _keep(home: Home, mirror: Mirror, change: Callable[[Check], Check]) -> Check:
    check = change(read_check(home.folder, mirror.name))
    if _is_there(home, mirror):
        write_check(home.folder, mirror.name, check)
    return check


def _is_there(home: Home, mirror: Mirror) -> bool:
    """Whether a mirror was not removed meanwhile. A register that cannot be read says nothing of it."""
    try:
        return any(known.name == mirror.name for known in read_register(home.folder).mirrors)
    except RegisterBrokenError:
        return True


def _later(one: datetime | None, other: datetime | None) -> datetime | None:
    return max((moment for moment in (one, other) if moment), default=None)
