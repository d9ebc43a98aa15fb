"""The manifest: every sheet of an edition by path, digest, size and media type, as a tree of small files.

The rules:
 * A line names one sheet: path, SHA-256 of its bytes, size in bytes, media type, parted by tabs, ended by a line feed.
 * A sheet's place is the SHA-256 of its path in UTF-8, in hexadecimal.
 * The tree's depth follows from the number of sheets alone: the least k for which they are at most 128 x 16^k.
 * A shard holds the lines of all sheets whose places share their first k digits, ordered by path (by code points).
 * A node holds the digests of its sixteen children, one a line. With k = 0 the root is the only shard.
 * A shard without lines, and a node without any, have the digests that these rules give them, and no file.
 * Shards and nodes are named by their tagged digests, so one that is there never changes.

So the root is a function of the set of lines, whatever the order in which they came. Nothing here touches the disk:
callers bring a `Read`, which answers with the bytes of a shard or node by name.
"""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache

import msgspec

from stet.edition.errors import EditionBrokenError
from stet.kit.digests import hex_digest, is_hex_digest

SHARD_TAG = "stet/1 shard"
NODE_TAG = "stet/1 node"
SHARD_LINES = 128
FAN_OUT = 16
DIGITS = "0123456789abcdef"

Read = Callable[[str], bytes]
"""Answers with the bytes that stand under a name such as "shards/4f/4f…"; raises when there are none."""


class Entry(msgspec.Struct, frozen=True, gc=False):
    """One line of the manifest."""

    path: str
    digest: str
    """SHA-256 of the sheet's bytes, in hexadecimal."""
    size_bytes: int
    media_type: str

    def to_line(self) -> bytes:
        """The line, with its line feed."""
        return f"{self.path}\t{self.digest}\t{self.size_bytes}\t{self.media_type}\n".encode()

    @classmethod
    def from_line(cls, line: bytes) -> "Entry":
        """What a line says; raises EditionBrokenError when it is not written as `to_line` writes it."""
        try:
            path, digest, size, media_type = line.decode("utf-8").removesuffix("\n").split("\t")
            entry = cls(path, digest, int(size), media_type)
        except ValueError as error:
            raise EditionBrokenError("A line of the manifest is not written as the format says.") from error
        if entry.to_line() != line or not is_hex_digest(digest) or entry.size_bytes < 0:
            raise EditionBrokenError("A line of the manifest is not written as the format says.")
        return entry


class Tree(msgspec.Struct, frozen=True):
    """A manifest that stands somewhere: its root, the number of its sheets, and how to read its parts."""

    root: str
    files: int
    read: Read

    @property
    def depth(self) -> int:
        """How many digits of a sheet's place choose its shard."""
        return depth(self.files)

    def entry(self, path: str) -> Entry | None:
        """The line of the sheet at `path`, as the manifest writes it; None when there is no such sheet."""
        start = path.encode() + b"\t"
        lines = self._lines(self.shard_digest(place(path)[: self.depth]))
        return next((Entry.from_line(line) for line in lines if line.startswith(start)), None)

    def entries(self) -> Iterator[Entry]:
        """All lines, shard by shard."""
        for prefix, digest in self.shards():
            yield from self.entries_of(prefix, digest)

    def entries_of(self, prefix: str, digest: str) -> Iterator[Entry]:
        """The lines of one shard; raises EditionBrokenError when one does not belong there, or stands out of order."""
        last = ""
        for line in self._lines(digest):
            entry = Entry.from_line(line)
            if not place(entry.path).startswith(prefix) or entry.path <= last:
                raise EditionBrokenError("A shard of the manifest holds a line that does not belong there.")
            last = entry.path
            yield entry

    def shards(self) -> Iterator[tuple[str, str]]:
        """The prefix and digest of every shard that holds lines, in the order of prefixes."""
        yield from self._shards_under("", self.root)

    def shard_digest(self, prefix: str) -> str:
        """The digest of the shard for places that begin with `prefix`."""
        digest = self.root
        for level, digit in enumerate(prefix):
            digest = self.children(digest, self.depth - level)[int(digit, 16)]
        return digest

    def children(self, digest: str, height: int) -> tuple[str, ...]:
        """The digests under a node that stands `height` levels above the shards."""
        if digest == empty_digest(height):
            return (empty_digest(height - 1),) * FAN_OUT
        body = read_checked(self.read, node_name(digest), NODE_TAG)
        if not _is_node(body):
            raise EditionBrokenError("A node of the manifest is not written as the format says.")
        return tuple(body.decode("ascii").splitlines())

    def names(self) -> Iterator[str]:
        """The name of every shard and node that stands as a file."""
        yield from self._names_under(self.root, self.depth)

    def _shards_under(self, prefix: str, digest: str) -> Iterator[tuple[str, str]]:
        height = self.depth - len(prefix)
        if digest == empty_digest(height):
            return
        if height == 0:
            yield prefix, digest
            return
        for digit, child in zip(DIGITS, self.children(digest, height), strict=True):
            yield from self._shards_under(prefix + digit, child)

    def _names_under(self, digest: str, height: int) -> Iterator[str]:
        if digest == empty_digest(height):
            return
        yield shard_name(digest) if height == 0 else node_name(digest)
        if height:
            for child in self.children(digest, height):
                yield from self._names_under(child, height - 1)

    def _lines(self, digest: str) -> list[bytes]:
        if digest == empty_digest(0):
            return []
        return read_checked(self.read, shard_name(digest), SHARD_TAG).splitlines(keepends=True)


class Change(msgspec.Struct, frozen=True):
    """What becomes of a tree: its new root and size, the shards and nodes to write, and those it no longer needs."""

    root: str
    files: int
    written: dict[str, bytes]
    superseded: frozenset[str]


def empty_tree() -> Tree:
    """The manifest of no sheets."""
    return Tree(empty_digest(0), 0, _read_nothing)


def depth(files: int) -> int:
    """How many digits of a place choose the shard in a manifest of this many sheets.

    >>> depth(128), depth(129), depth(225_000)
    (0, 1, 3)
    """
    digits = 0
    while files > SHARD_LINES * FAN_OUT**digits:
        digits += 1
    return digits


def place(path: str) -> str:
    """Where a sheet's line belongs: the SHA-256 of its path, in hexadecimal."""
    return hashlib.sha256(path.encode()).hexdigest()


def shard_name(digest: str) -> str:
    """Where a shard stands, under /.well-known/stet."""
    return f"shards/{digest[:2]}/{digest}"


def node_name(digest: str) -> str:
    """Where a node stands, under /.well-known/stet."""
    return f"nodes/{digest[:2]}/{digest}"


@cache
def empty_digest(height: int) -> str:
    """The digest of a shard without lines (height 0), or of a node that many levels above such shards."""
    return (
        hex_digest(SHARD_TAG, b"") if height == 0 else hex_digest(NODE_TAG, _node([empty_digest(height - 1)] * FAN_OUT))
    )


def read_checked(read: Read, name: str, tag: str) -> bytes:
    """The bytes under `name`; raises EditionBrokenError unless they have the digest that they are named by."""
    body = read(name)
    if hex_digest(tag, body) != name[-64:]:
        raise EditionBrokenError(f"{name} of the manifest is not what its name says; take this part from another copy.")
    return body


def apply(tree: Tree, changes: Mapping[str, Entry | None]) -> Change:
    """What `tree` becomes when each path in `changes` gets its new line, or none."""
    touched = _touched_shards(tree, changes)
    files = tree.files + sum(len(new) - len(old) for old, new in touched.values())
    if depth(files) != tree.depth:
        after = {prefix: new for prefix, (_old, new) in touched.items()}
        del touched
        return _rebuilt(tree, after, files)
    writer = _Writer(tree)
    root = writer.replace("", tree.root, {prefix: _shard(new) for prefix, (_old, new) in touched.items()})
    return Change(root, files, writer.written, frozenset(writer.superseded - writer.written.keys()))


def differences(old: Tree, new: Tree) -> Iterator[tuple[Entry | None, Entry | None]]:
    """Every line that differs, as (old, new), with None where there is none. Reads only what differs."""
    if old.depth == new.depth:
        yield from _differences_under(old, new, "", old.root, new.root)
    else:
        before = {entry.path: entry for entry in old.entries()}
        yield from _paired(before, {entry.path: entry for entry in new.entries()})


def part_differences(old: Tree, new: Tree) -> tuple[frozenset[str], frozenset[str]]:
    """The names of parts that only `old` has, and of those that only `new` has. Reads only what differs."""
    if old.depth != new.depth:
        before, after = frozenset(old.names()), frozenset(new.names())
        return before - after, after - before
    gone: set[str] = set()
    come: set[str] = set()
    pairs = [(old.root, new.root, old.depth)]
    while pairs:
        before_digest, after_digest, height = pairs.pop()
        if before_digest == after_digest:
            continue
        name = shard_name if height == 0 else node_name
        gone.update(() if before_digest == empty_digest(height) else (name(before_digest),))
        come.update(() if after_digest == empty_digest(height) else (name(after_digest),))
        if height:
            children = zip(old.children(before_digest, height), new.children(after_digest, height), strict=True)
            pairs.extend((one, other, height - 1) for one, other in children)
    return frozenset(gone - come), frozenset(come - gone)


def _touched_shards(
    tree: Tree, changes: Mapping[str, Entry | None]
) -> dict[str, tuple[dict[str, bytes], dict[str, bytes]]]:
    """The lines of each shard that `changes` touch, by path, before and after."""
    by_prefix: defaultdict[str, list[str]] = defaultdict(list)
    for path in changes:
        by_prefix[place(path)[: tree.depth]].append(path)
    touched = {}
    for prefix, paths in by_prefix.items():
        old = {_path_of(line): line for line in tree._lines(tree.shard_digest(prefix))}
        new = dict(old)
        for path in paths:
            entry = changes[path]
            if entry is None:
                new.pop(path, None)
            else:
                new[path] = entry.to_line()
        touched[prefix] = (old, new)
    return touched


def _rebuilt(tree: Tree, touched: dict[str, dict[str, bytes]], files: int) -> Change:
    """The tree at another depth: every line finds its shard anew. Empties `touched`, to hold each line once only."""
    digits = depth(files)
    shards: defaultdict[str, dict[str, bytes]] = defaultdict(dict)
    for path, line in _lines_after(tree, touched):
        shards[place(path)[:digits]][path] = line
    bodies = {}
    while shards:
        prefix, lines = shards.popitem()
        bodies[prefix] = _shard(lines)
    writer = _Writer(Tree(empty_digest(digits), files, _read_nothing))
    root = writer.replace("", empty_digest(digits), bodies)
    return Change(root, files, writer.written, frozenset(set(tree.names()) - writer.written.keys()))


def _lines_after(tree: Tree, touched: dict[str, dict[str, bytes]]) -> Iterator[tuple[str, bytes]]:
    for prefix, digest in tree.shards():
        if prefix not in touched:
            for line in tree._lines(digest):
                yield _path_of(line), line
    while touched:
        _prefix, lines = touched.popitem()
        yield from lines.items()


class _Writer:
    """Puts shards into a tree and collects what that writes and supersedes."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self.written: dict[str, bytes] = {}
        self.superseded: set[str] = set()

    def replace(self, prefix: str, digest: str, shards: Mapping[str, bytes]) -> str:
        """The digest of the node or shard at `prefix`, once `shards` stand under it."""
        if not shards:
            return digest
        height = self.tree.depth - len(prefix)
        if height == 0:
            body = shards[prefix]
            return self._put(height, digest, hex_digest(SHARD_TAG, body), body)
        by_child: defaultdict[str, dict[str, bytes]] = defaultdict(dict)
        for name, body in shards.items():
            by_child[name[len(prefix)]][name] = body
        children = [
            self.replace(prefix + digit, child, by_child.get(digit, {}))
            for digit, child in zip(DIGITS, self.tree.children(digest, height), strict=True)
        ]
        body = _node(children)
        return self._put(height, digest, hex_digest(NODE_TAG, body), body)

    def _put(self, height: int, old: str, new: str, body: bytes) -> str:
        if new == old:
            return new
        name = shard_name if height == 0 else node_name
        if new != empty_digest(height):
            self.written[name(new)] = body
        if old != empty_digest(height):
            self.superseded.add(name(old))
        return new


def _differences_under(
    old: Tree, new: Tree, prefix: str, old_digest: str, new_digest: str
) -> Iterator[tuple[Entry | None, Entry | None]]:
    if old_digest == new_digest:
        return
    height = old.depth - len(prefix)
    if height == 0:
        before = {entry.path: entry for entry in old.entries_of(prefix, old_digest)}
        yield from _paired(before, {entry.path: entry for entry in new.entries_of(prefix, new_digest)})
        return
    pairs = zip(DIGITS, old.children(old_digest, height), new.children(new_digest, height), strict=True)
    for digit, old_child, new_child in pairs:
        yield from _differences_under(old, new, prefix + digit, old_child, new_child)


def _paired(before: dict[str, Entry], after: dict[str, Entry]) -> Iterator[tuple[Entry | None, Entry | None]]:
    for path, entry in before.items():
        if after.get(path) != entry:
            yield entry, after.get(path)
    for path, entry in after.items():
        if path not in before:
            yield None, entry


def _shard(lines: Mapping[str, bytes]) -> bytes:
    return b"".join(lines[path] for path in sorted(lines))


def _node(children: Iterable[str]) -> bytes:
    return "".join(child + "\n" for child in children).encode("ascii")


def _is_node(body: bytes) -> bool:
    """Whether these are sixteen digests, one a line."""
    ends = b"\n" * FAN_OUT
    return len(body) == 65 * FAN_OUT and body[64::65] == ends and body.translate(None, DIGITS.encode()) == ends


def _path_of(line: bytes) -> str:
    return line.partition(b"\t")[0].decode("utf-8")


def _read_nothing(name: str) -> bytes:
    raise EditionBrokenError(f"{name} of the manifest is missing; take this part from another copy.")
