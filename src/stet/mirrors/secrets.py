"""What mirrors' places ask for to let us in: `keys/mirrors/NAME.json`, readable by its owner alone.

A secret is never part of a target, an argument, a log or a message.
"""

import os
from collections.abc import Mapping
from pathlib import Path

import msgspec

from stet.mirrors.errors import MirrorRefusedError
from stet.mirrors.places import module_of
from stet.mirrors.register import secrets_file

MOST_BYTES = 100_000


def asked_by(target: str) -> Mapping[str, str]:
    """What the place at a target may be given, each with a sentence about it."""
    asked: Mapping[str, str] = module_of(target).SECRETS if target else {}
    return asked


def read_secrets(folder: Path, name: str) -> Mapping[str, str]:
    """What was kept for a mirror; nothing where its place asks for nothing."""
    try:
        return _decoded(secrets_file(folder, name).read_bytes())
    except FileNotFoundError:
        return {}
    except PermissionError:
        raise MirrorRefusedError(f"keys/mirrors/{name}.json may not be read by this user. Mend its owner.") from None
    except msgspec.MsgspecError:
        raise MirrorRefusedError(
            f'keys/mirrors/{name}.json is damaged. It has to hold names and texts, such as {{"password": "…"}}.'
        ) from None


def read_given(file: Path, target: str) -> Mapping[str, str]:
    """What a person wrote into a file for a new mirror, checked against what its place asks for."""
    try:
        given = _decoded(file.read_bytes()[:MOST_BYTES])
    except OSError as error:
        raise MirrorRefusedError(f"The file with the secrets cannot be read: {error.strerror}.") from None
    except msgspec.MsgspecError:
        raise MirrorRefusedError(f"The file with the secrets has to be JSON, such as {_example(target)}.") from None
    asked = asked_by(target)
    if unknown := set(given) - set(asked):
        raise MirrorRefusedError(
            f"The file with the secrets holds {len(unknown)} that this kind of mirror does not ask for. "
            + (f"It asks for: {', '.join(asked)}." if asked else "It asks for nothing.")
        )
    return given


def write_secrets(folder: Path, name: str, given: Mapping[str, str]) -> None:
    """Keep what lets us in, for its owner alone; empty ones are left out."""
    kept = {key: value for key, value in given.items() if value}
    file = secrets_file(folder, name)
    if not kept:
        file.unlink(missing_ok=True)
        return
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    aside = file.with_suffix(".new")
    aside.unlink(missing_ok=True)
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(msgspec.json.format(msgspec.json.encode(kept), indent=2) + b"\n")
        stream.flush()
        os.fsync(stream.fileno())
    aside.replace(file)


def _decoded(stored: bytes) -> dict[str, str]:
    return msgspec.json.decode(stored, type=dict[str, str])


def _example(target: str) -> str:
    names = ", ".join(f'"{name}": "…"' for name in asked_by(target)) or '"name": "…"'
    return f"{{{names}}}"
