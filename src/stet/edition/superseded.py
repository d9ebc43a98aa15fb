"""Which parts of old manifests may go, and when: a reader may still be walking through the edition before this one.

The file holds one line for each part: the seq of the edition that no longer needed it, a space, the part's name.
It can be lost: the next recovery finds the parts again.
"""

from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

from stet.edition.disk import read_if_there

KEPT_EDITIONS = 16


def turn(
    memory: Mapping[str, int], *, seq: int, replaced: Iterable[str], in_use: Collection[str]
) -> tuple[dict[str, int], list[str]]:
    """What to remember after edition `seq`, and the names that may go now. What is in use again is forgotten."""
    after = {name: since for name, since in memory.items() if name not in in_use}
    after |= dict.fromkeys(replaced, seq)
    due = [name for name, since in after.items() if since <= seq - KEPT_EDITIONS]
    for name in due:
        del after[name]
    return after, due


def load(path: Path) -> dict[str, int]:
    """What was remembered; nothing when the file is missing or damaged."""
    text = (read_if_there(path) or b"").decode("ascii", "replace")
    lines = (line.partition(" ") for line in text.splitlines())
    return {name: int(since) for since, _space, name in lines if since.isdecimal() and is_part_name(name)}


def to_bytes(memory: Mapping[str, int]) -> bytes:
    """The file."""
    return "".join(f"{since} {name}\n" for name, since in memory.items()).encode("ascii")


def is_part_name(name: str) -> bool:
    """Whether a name under /.well-known/stet is that of a shard or node."""
    kind, _slash, rest = name.partition("/")
    group, _slash, digest = rest.partition("/")
    is_digest = len(digest) == 64 and set(digest) <= set("0123456789abcdef")
    return kind in ("shards", "nodes") and is_digest and digest.startswith(group) and len(group) == 2
