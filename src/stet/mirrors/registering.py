"""Adding mirrors to a register, retiring and removing them, and trying a place before it is relied on.

Nothing here knows a kind: what a place is asked for and can do, it says itself. A mirror without a target, as an onion
service, is put to by nobody; only its public address is known.
"""

import re
import secrets
import shutil
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

import msgspec

from stet.mirrors.base import Capabilities, Headers, Keeping, Place
from stet.mirrors.checks import Check, State
from stet.mirrors.errors import MirrorMissingError, MirrorRefusedError, MirrorUnreachableError
from stet.mirrors.places import module_of
from stet.mirrors.register import Mirror, Register, files_of, read_register, secrets_file, write_register
from stet.mirrors.secrets import read_secrets, write_secrets

NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?", re.ASCII)
PROXIES = ("http", "https", "socks5", "socks5h")
ONION = "onion"
"""What a target of nothing is called where a word is needed."""
LONG = timedelta(hours=1)
"""Behind for so long, a mirror needs somebody."""
PROBE = Headers(media_type="text/plain", keeping=Keeping.NEVER)


def new_mirror(
    register: Register,
    target: str,
    *,
    public: str,
    now: datetime,
    name: str = "",
    kilobytes_per_second: int = 0,
    proxy: str = "",
    is_listed: bool = True,
) -> Mirror:
    """A mirror that may join the register; raises MirrorRefusedError with what is to be mended."""
    target = "" if target.strip() == ONION else target.strip()
    public = _checked_public(public.strip())
    if _parsed(target).password is not None:
        raise MirrorRefusedError(
            "The target holds a password. Leave it out there: it is asked for, or read from --secret-file."
        )
    if target:
        module_of(target)
    elif not public:
        raise MirrorRefusedError("A mirror that nothing is put to needs the address where readers find it.")
    if any(other.public == public != "" for other in register.live()):
        raise MirrorRefusedError("A mirror with this public address is in the list already. Retire that one first.")
    if kilobytes_per_second < 0:
        raise MirrorRefusedError("A cap on kilobytes a second is 1 or more; 0 means none.")
    name = name.strip() or free_name(register, target)
    if not NAME.fullmatch(name):
        raise MirrorRefusedError(
            "A mirror's name has up to 40 lower-case letters, digits and hyphens, such as north-2."
        )
    if any(other.name == name for other in register.mirrors):
        raise MirrorRefusedError("There is a mirror of that name already. Choose another name.")
    return Mirror(
        name=name, target=target, public=public, added=now, kilobytes_per_second=kilobytes_per_second,
        proxy=_checked_proxy(proxy.strip()), is_listed=is_listed,
    )  # fmt: skip


def free_name(register: Register, target: str) -> str:
    """A name that says the kind and nothing of the host: logs name mirrors by it."""
    kind = re.sub(r"[^a-z0-9]+", "-", target.partition(":")[0] or ONION).strip("-")
    taken = {mirror.name for mirror in register.mirrors}
    return next(name for n in range(1, len(taken) + 2) if (name := f"{kind}-{n}") not in taken)


def add(folder: Path, mirror: Mirror, given: Mapping[str, str], *, retires: str = "", now: datetime) -> None:
    """Write a mirror into the register, with what lets us in; another one can retire in the same step."""
    register = read_register(folder)
    if any(other.name == mirror.name for other in register.mirrors):
        raise MirrorRefusedError("There is a mirror of that name already. Choose another name.")
    write_secrets(folder, mirror.name, given)
    standing = tuple(_retired(other, now) if other.name == retires else other for other in register.mirrors)
    write_register(folder, Register(mirrors=(*standing, mirror)))
    if retires:
        secrets_file(folder, retires).unlink(missing_ok=True)


def retire(folder: Path, name: str, *, now: datetime) -> Mirror:
    """Carry nothing to a mirror any more; it stays in the list as retired, and what lets us in is forgotten."""
    mirror = find(read_register(folder), name)
    if mirror.retired is None:
        mirror = _retired(mirror, now)
        _replace(folder, mirror)
    secrets_file(folder, name).unlink(missing_ok=True)
    return mirror


def remove(folder: Path, name: str) -> None:
    """Forget a mirror, what lets us in, and what is held for it. What stands there is left as it is."""
    find(read_register(folder), name)
    kept = tuple(mirror for mirror in read_register(folder).mirrors if mirror.name != name)
    write_register(folder, Register(mirrors=kept))
    secrets_file(folder, name).unlink(missing_ok=True)
    shutil.rmtree(files_of(folder, name), ignore_errors=True)


def successor(folder: Path, old: Mirror, given: Mapping[str, str], *, target: str) -> Mapping[str, str]:
    """What lets us in at the mirror that takes another's place: the same, where the kind is and nothing was given."""
    is_same_kind = target.partition(":")[0] == old.target.partition(":")[0]
    return given or (read_secrets(folder, old.name) if is_same_kind else {})


def find(register: Register, name: str) -> Mirror:
    """The mirror of a name; raises MirrorMissingError."""
    for mirror in register.mirrors:
        if mirror.name == name:
            return mirror
    known = ", ".join(mirror.name for mirror in register.mirrors)
    raise MirrorMissingError(
        f"There is no mirror of that name. There are: {known}." if known else "There is no mirror yet. Add one first."
    )


def chosen(register: Register, names: Iterable[str]) -> tuple[Mirror, ...]:
    """The live mirrors of these names, in the register's order; all of them where none is named."""
    wanted = set(names)
    for name in wanted:
        if find(register, name).retired is not None:
            raise MirrorRefusedError(f"The mirror {name} is retired: nothing is carried there any more.")
    return tuple(mirror for mirror in register.live() if not wanted or mirror.name in wanted)


def needs_somebody(found: Check, moment: datetime) -> bool:
    """Whether a live mirror is as it should not stay."""
    is_late = found.last_success is None or moment - found.last_success > LONG
    return found.state in (State.BROKEN, State.UNREACHABLE) or (found.state is State.BEHIND and is_late)


def probe(place: Place) -> Capabilities:
    """Put a small file, read it back and delete it; raises where the place does not do its part."""
    path, body = f"/stet-probe-{secrets.token_hex(8)}.txt", secrets.token_hex(32).encode()
    try:
        place.put(path, body, PROBE)
        found = place.read(path, most_bytes=len(body) + 1)
        if found != body:
            raise MirrorUnreachableError("What was put there did not read back as it was put. Is the target right?")
    finally:
        with suppress(Exception):  # what went wrong first is said
            place.delete(path)
    if place.read(path, most_bytes=len(body) + 1) is not None:
        raise MirrorUnreachableError(
            "The place does not delete files. Stet has to be able to remove what is withdrawn."
        )
    place.finish()
    return place.capabilities


def told(capabilities: Capabilities) -> str:
    """What a place can do, in a sentence."""
    can = [
        "replaces a file only if nobody else did" if capabilities.is_conditional else "",
        "never shows half a file" if capabilities.is_atomic else "",
        "tells browsers types and cache rules" if capabilities.has_headers else "",
    ]
    lacks = [
        "" if capabilities.is_conditional else "two machines must not carry there at once",
        "" if capabilities.is_atomic else "readers may meet half a file for a moment",
        "" if capabilities.has_headers else "types and cache rules are its web server's to tell",
        "its web server has to answer with the .gz where nothing else stands" if capabilities.packs == "gzip" else "",
    ]
    does, minds = "; ".join(filter(None, can)), "; ".join(filter(None, lacks))
    return " ".join([*([f"It {does}."] if does else []), *([f"Mind: {minds}."] if minds else [])])


def _retired(mirror: Mirror, now: datetime) -> Mirror:
    return msgspec.structs.replace(mirror, retired=now)


def _replace(folder: Path, mirror: Mirror) -> None:
    mirrors = tuple(mirror if other.name == mirror.name else other for other in read_register(folder).mirrors)
    write_register(folder, Register(mirrors=mirrors))


def _checked_public(public: str) -> str:
    parts = _parsed(public)
    if public and (
        parts.scheme not in ("http", "https")
        or not parts.hostname
        or parts.query
        or parts.fragment
        or parts.username is not None
        or not public.isprintable()
        or " " in public
    ):
        raise MirrorRefusedError("The public address is one that readers type, such as https://mirror.example.org.")
    return public.rstrip("/")


def _checked_proxy(proxy: str) -> str:
    parts = _parsed(proxy)
    if proxy and (parts.scheme not in PROXIES or not parts.hostname or parts.username is not None):
        raise MirrorRefusedError("A proxy is written like socks5h://127.0.0.1:9050, without a name or password.")
    return proxy


def _parsed(address: str) -> SplitResult:
    try:
        parts = urlsplit(address)
        parts.port  # noqa: B018 - reading it tells whether it is one
    except ValueError:
        raise MirrorRefusedError("An address given is not written as one.") from None
    return parts
