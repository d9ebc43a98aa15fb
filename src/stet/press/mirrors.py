"""What readers may know of the newsroom's mirrors: where they are, and how each was when it was last looked at.

Read from `mirrors.json` and the last checks, which another process writes. Of these, only what stands here is printed:
never where files are put, through what a mirror is checked, what went wrong there, or a mirror that is not listed.

The rules:
 * A moment is cut to its hour, so that a check which finds what the last one found prints nothing.
 * A mirror that lags by less than an hour is current: what was printed travels there now, and saying so would print
   anew.
 * Of a retired one nothing is said but that it is, and since when.
 * An address that is none a browser opens, or that holds a name or a password, is left out.
"""

import logging
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

import msgspec

from stet.mirrors.checks import Check, State, check_file, read_checks
from stet.mirrors.errors import RegisterBrokenError
from stet.mirrors.register import Mirror, Register, read_register, register_file

log = logging.getLogger("stet.press")

Kind = Literal["mirror", "onion", "ipfs"]
LAG = timedelta(hours=1)
"""How far a mirror may be behind before readers are told."""
IN_A_LETTER = 3
"""Mirrors that a letter names, beside the onion address."""
_NEVER_IN_A_URI = frozenset(' "<>\\^`{|}')
"""Printable characters that no URI holds (RFC 3986, appendix A)."""
_WEB, _IPFS = ("http", "https"), ("ipfs", "ipns")


class Listed(msgspec.Struct, frozen=True, kw_only=True):
    """A mirror as readers know it."""

    address: str
    """Without a slash at the end."""
    kind: Kind
    state: str
    """One of the values of `State`; "unknown" for a retired one."""
    checked: str | None
    """The hour of the last check, in UTC: "2026-11-26T05"."""
    added: str
    """Since when it is one: "2026-11-20"."""
    retired: str | None = None
    """Since when it is none any more."""


def listed(register: Register, checks: Mapping[str, Check]) -> tuple[Listed, ...]:
    """The mirrors that readers are told of, in the register's order."""
    return tuple(
        _listed(mirror, kind, checks.get(mirror.name, Check()))
        for mirror in register.mirrors
        if mirror.is_listed and (kind := kind_of(mirror)) is not None
    )


def kind_of(mirror: Mirror) -> Kind | None:
    """What opens a mirror's address; None where nothing does."""
    if not mirror.public.isprintable() or _NEVER_IN_A_URI & set(mirror.public):
        return None
    try:
        parts = urlsplit(mirror.public)
    except ValueError:
        return None
    if "@" in parts.netloc or not parts.netloc or parts.query or parts.fragment:
        return None
    if parts.scheme in _WEB and (parts.hostname or "").endswith(".onion"):
        return "onion"
    if parts.scheme in _IPFS or (parts.scheme in _WEB and mirror.kind == "car"):
        return "ipfs"
    return "mirror" if parts.scheme in _WEB else None


def _listed(mirror: Mirror, kind: Kind, check: Check) -> Listed:
    retired = _day(mirror.retired) if mirror.retired else None
    return Listed(
        address=mirror.public.rstrip("/"),
        kind=kind,
        state=State.UNKNOWN.value if retired else _told_state(check).value,
        checked=check.checked.astimezone(UTC).strftime("%Y-%m-%dT%H") if check.checked and not retired else None,
        added=_day(mirror.added),
        retired=retired,
    )


def _told_state(check: Check) -> State:
    """The state as readers are told it."""
    if check.state is State.BEHIND and check.checked and check.published and check.checked - check.published < LAG:
        return State.CURRENT
    return check.state


def _day(moment: datetime) -> str:
    return moment.astimezone(UTC).date().isoformat()


def in_a_letter(mirrors: Iterable[Listed], day: date) -> tuple[str, ...]:
    """The addresses that a letter of `day` names: the newest mirrors of that day, then its newest onion address.

    What comes later changes nothing in a letter that has gone out, and a state does neither: a letter is read for days.
    """
    written = day.isoformat()
    newest = [one for one in mirrors if one.added <= written and (one.retired is None or one.retired > written)][::-1]
    ordinary = [one.address for one in newest if one.kind == "mirror"]
    return (*ordinary[:IN_A_LETTER], *[one.address for one in newest if one.kind == "onion"][:1])


class MirrorWatch:
    """Reads the register and the checks again where they changed."""

    def __init__(self, newsroom: Path) -> None:
        self._newsroom = newsroom
        self._names: tuple[str, ...] = ()
        self._stamps: object = None
        self._listed: tuple[Listed, ...] = ()

    def read(self) -> tuple[Listed, ...]:
        """What readers may know now. A register that cannot be read is taken as it was known last."""
        stamps = self._look()
        if stamps != self._stamps:
            self._stamps = stamps  # Taken before reading: what changes meanwhile is read the next time.
            try:
                self._take(read_register(self._newsroom))
            except (OSError, RegisterBrokenError):
                log.warning("mirrors.json cannot be read; the press goes on with the mirrors that it knew last.")
        return self._listed

    def _take(self, register: Register) -> None:
        self._names = tuple(mirror.name for mirror in register.mirrors)
        self._listed = listed(register, read_checks(self._newsroom))

    def _look(self) -> tuple[object, ...]:
        files = (register_file(self._newsroom), *(check_file(self._newsroom, name) for name in self._names))
        return tuple(stamp(file) for file in files)


def stamp(file: Path) -> tuple[int, int, int] | None:
    """What changes with a file: when, which and how long it is; None where there is none."""
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_ino, found.st_size
