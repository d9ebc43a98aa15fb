"""The manifest: every sheet of an edition by path, digest, size and media type, as a tree of small files.

The rules:
 * A line names one sheet: path, SHA-256 of its bytes, size in bytes, media type, parted by tabs, ended by a line feed.
 * A sheet's place is a row of hexadecimal digits: the first four of the SHA-256 of its folder (its path up to the last
   "/", with it), then all of the SHA-256 of its path. So sheets of one folder, which are printed together, stand near
   each other, and a publish touches few parts.
 * Sheets whose places share their first k digits are one shard where they are at most 32, else a node; k = 0 is all.
 * A shard holds their lines, ordered by path (by code points).
 * A node holds what stands under each next digit, from 0 to f: 32 bytes of the digest of that shard or node and 4 bytes
   (big-endian) with the number of its sheets; 36 zero bytes where there is none.
 * Shards and nodes are named by their tagged digests, so one that is there never changes. What holds no sheet has no
   file, and is written as 64 zeros.

So the root is a function of the set of lines, whatever the order in which they came. Nothing here touches the disk:
callers bring a `Read`, which answers with the bytes of a shard or node by name.
"""

import hashlib
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence

import msgspec

from stet.edition.errors import EditionBrokenError
from stet.kit.digests import hex_digest, is_hex_digest

SHARD_TAG = "stet/1 shard"
NODE_TAG = "stet/1 node"
SHARD_LINES = 32
DIGITS = "0123456789abcdef"
FOLDER_DIGITS = 4
"""The first digits of a place: 65,536 folders are told apart by them, and no folder's sheets fill one shard beyond."""
CHILD_BYTES = 36
NODE_BYTES = len(DIGITS) * CHILD_BYTES
NOTHING = "0" * 64
"""Stands for the digest of what holds no sheet."""

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


class Part(msgspec.Struct, frozen=True, gc=False):
    """A shard or a node: its digest, and how many sheets stand in or under it."""

    digest: str
    files: int

    @property
    def is_shard(self) -> bool:
        """Whether it holds lines, not other parts."""
        return self.files <= SHARD_LINES

    @property
    def names(self) -> tuple[str, ...]:
        """The name it stands under; none where it holds no sheet."""
        if not self.files:
            return ()
        return (shard_name(self.digest) if self.is_shard else node_name(self.digest),)


EMPTY = Part(NOTHING, 0)


class Tree(msgspec.Struct, frozen=True):
    """A manifest that stands somewhere: its root, the number of its sheets, and how to read its parts."""

    root: str
    files: int
    read: Read

    @property
    def top(self) -> Part:
        """The part that holds all others."""
        return Part(self.root, self.files)

    def entry(self, path: str) -> Entry | None:
        """The line of the sheet at `path`, as the manifest writes it; None when there is no such sheet."""
        part, digits = self.top, iter(place(path))
        while not part.is_shard:
            part = self.children(part)[int(next(digits), 16)]
        start = path.encode() + b"\t"
        return next((Entry.from_line(line) for line in self.lines(part) if line.startswith(start)), None)

    def numbered(self, number: int) -> Entry:
        """The line with a number, from 0 on, in the order of prefixes and in a shard by path: to draw lots by."""
        prefix, part = "", self.top
        while not part.is_shard:
            for digit, child in zip(DIGITS, self.children(part), strict=True):
                if number < child.files:
                    prefix, part = prefix + digit, child
                    break
                number -= child.files
        return list(self._entries_of(prefix, part))[number]

    def entries(self) -> Iterator[Entry]:
        """All lines, shard by shard; raises EditionBrokenError when one does not belong where it stands."""
        yield from self.entries_under("", self.top)

    def entries_under(self, prefix: str, part: Part) -> Iterator[Entry]:
        """The lines of one part, which stands for places that begin with `prefix`."""
        if part.is_shard:
            yield from self._entries_of(prefix, part)
            return
        for digit, child in zip(DIGITS, self.children(part), strict=True):
            yield from self.entries_under(prefix + digit, child)

    def names(self) -> Iterator[str]:
        """The name of every shard and node that stands as a file."""
        yield from self.names_under(self.top)

    def names_under(self, part: Part) -> Iterator[str]:
        """The names of a part and of all that stand under it."""
        yield from part.names
        if not part.is_shard:
            for child in self.children(part):
                yield from self.names_under(child)

    def children(self, node: Part) -> tuple[Part, ...]:
        """What stands under a node, by the next digit."""
        body = read_checked(self.read, node_name(node.digest), NODE_TAG)
        children = _children(body)
        if sum(child.files for child in children) != node.files:
            raise EditionBrokenError("A node of the manifest does not hold as many sheets as it should.")
        return children

    def lines(self, shard: Part) -> list[bytes]:
        """The lines of a shard."""
        if not shard.files:
            return []
        lines = read_checked(self.read, shard_name(shard.digest), SHARD_TAG).splitlines(keepends=True)
        if len(lines) != shard.files:
            raise EditionBrokenError("A shard of the manifest does not hold as many sheets as it should.")
        return lines

    def _entries_of(self, prefix: str, shard: Part) -> Iterator[Entry]:
        last = ""
        for line in self.lines(shard):
            entry = Entry.from_line(line)
            if not place(entry.path).startswith(prefix) or entry.path <= last:
                raise EditionBrokenError("A shard of the manifest holds a line that does not belong there.")
            last = entry.path
            yield entry


class Change(msgspec.Struct, frozen=True):
    """What becomes of a tree: its new root and size, the shards and nodes to write, and those it no longer needs."""

    root: str
    files: int
    written: dict[str, bytes]
    superseded: frozenset[str]


def empty_tree() -> Tree:
    """The manifest of no sheets."""
    return Tree(EMPTY.digest, EMPTY.files, _read_nothing)


def place(path: str) -> str:
    """Where a sheet's line belongs, in hexadecimal digits.

    >>> [place(f"/news/{name}")[:6] for name in ("index.html", "rss.xml")]
    ['3da65d', '3da6d2']
    """
    folder = path[: path.rfind("/") + 1]
    return _sha256(folder)[:FOLDER_DIGITS] + _sha256(path)


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def shard_name(digest: str) -> str:
    """Where a shard stands, under /.well-known/stet."""
    return f"shards/{digest[:2]}/{digest}"


def node_name(digest: str) -> str:
    """Where a node stands, under /.well-known/stet."""
    return f"nodes/{digest[:2]}/{digest}"


def read_checked(read: Read, name: str, tag: str) -> bytes:
    """The bytes under `name`; raises EditionBrokenError unless they have the digest that they are named by."""
    body = read(name)
    if hex_digest(tag, body) != name[-64:]:
        raise EditionBrokenError(f"{name} of the manifest is not what its name says; take this part from another copy.")
    return body


def apply(tree: Tree, changes: Mapping[str, Entry | None]) -> Change:
    """What `tree` becomes when each path in `changes` gets its new line, or none."""
    writer = _Writer(tree, changes)
    top = writer.replace("", tree.top, 0, len(changes))
    come = {name: body for name, body in writer.written.items() if name not in writer.superseded}
    return Change(top.digest, top.files, come, frozenset(writer.superseded - writer.written.keys()))


def differences(old: Tree, new: Tree) -> Iterator[tuple[Entry | None, Entry | None]]:
    """Every line that differs, as (old, new), with None where there is none. Reads only what differs."""
    yield from _differences_under(old, new, "", old.top, new.top)


def part_differences(old: Tree, new: Tree) -> tuple[frozenset[str], frozenset[str]]:
    """The names of parts that only `old` has, and of those that only `new` has. Reads only what differs."""
    gone: set[str] = set()
    come: set[str] = set()
    pairs = [(old.top, new.top)]
    while pairs:
        before, after = pairs.pop()
        if before == after:
            continue
        if before.is_shard or after.is_shard:
            gone.update(old.names_under(before))
            come.update(new.names_under(after))
        else:
            gone.update(before.names)
            come.update(after.names)
            pairs.extend(zip(old.children(before), new.children(after), strict=True))
    return frozenset(gone - come), frozenset(come - gone)


class _Writer:
    """Puts lines into a tree and collects what that writes and supersedes."""

    def __init__(self, tree: Tree, changes: Mapping[str, Entry | None]) -> None:
        self.tree = tree
        self.changes = changes
        self.written: dict[str, bytes] = {}
        """Also what stood there before and comes out the same."""
        self.superseded: set[str] = set()
        """Of the tree as it was."""
        ordered = sorted((place(path), path) for path in changes)
        self.places = [digits for digits, _path in ordered]
        self.paths = [path for _digits, path in ordered]

    def replace(self, prefix: str, part: Part, start: int, end: int) -> Part:
        """The part at `prefix`, once the changes from `start` to before `end` were made under it."""
        if start == end:
            return part
        if part.is_shard:
            self.superseded.update(part.names)
            return self._of_lines(prefix, {_path_of(line): line for line in self.tree.lines(part)}, start, end)
        bounds = self._bounds(prefix, start, end)
        before = self.tree.children(part)
        after = [
            self.replace(prefix + digit, child, *bounds[number])
            for number, (digit, child) in enumerate(zip(DIGITS, before, strict=True))
        ]
        self.superseded.update(part.names)
        return self._joined(after)

    def _of_lines(self, prefix: str, lines: dict[str, bytes], start: int, end: int) -> Part:
        """The part at `prefix` that holds these lines, with the changes from `start` to before `end` made in them."""
        if end - start <= SHARD_LINES:
            lines = self._changed(lines, start, end)
            start = end
            if len(lines) <= SHARD_LINES:
                return self._put(SHARD_TAG, len(lines), b"".join(lines[path] for path in sorted(lines)))
        by_digit: defaultdict[str, dict[str, bytes]] = defaultdict(dict)
        for path, line in lines.items():
            by_digit[place(path)[len(prefix)]][path] = line
        bounds = self._bounds(prefix, start, end)
        return self._joined(
            [
                self._of_lines(prefix + digit, by_digit.get(digit, {}), *bounds[number])
                for number, digit in enumerate(DIGITS)
            ]
        )

    def _changed(self, lines: dict[str, bytes], start: int, end: int) -> dict[str, bytes]:
        after = dict(lines)
        for path in self.paths[start:end]:
            entry = self.changes[path]
            if entry is None:
                after.pop(path, None)
            else:
                after[path] = entry.to_line()
        return after

    def _bounds(self, prefix: str, start: int, end: int) -> list[tuple[int, int]]:
        """For each next digit, from where to where its changes go."""
        edges = [bisect_left(self.places, prefix + digit, start, end) for digit in DIGITS]
        return list(zip(edges, [*edges[1:], end], strict=True))

    def _joined(self, children: Sequence[Part]) -> Part:
        """The node over these children, or the shard of all their lines where they are few."""
        files = sum(child.files for child in children)
        if files > SHARD_LINES:
            return self._put(NODE_TAG, files, b"".join(_child(child) for child in children))
        lines = {_path_of(line): line for child in children for line in self._taken(child)}
        return self._put(SHARD_TAG, files, b"".join(lines[path] for path in sorted(lines)))

    def _taken(self, shard: Part) -> list[bytes]:
        """The lines of a shard that no longer stands for itself."""
        for name in shard.names:
            if (body := self.written.pop(name, None)) is not None:
                return body.splitlines(keepends=True)
        self.superseded.update(shard.names)
        return self.tree.lines(shard)

    def _put(self, tag: str, files: int, body: bytes) -> Part:
        part = Part(hex_digest(tag, body), files) if files else EMPTY
        self.written.update(dict.fromkeys(part.names, body))
        return part


def _differences_under(
    old: Tree, new: Tree, prefix: str, old_part: Part, new_part: Part
) -> Iterator[tuple[Entry | None, Entry | None]]:
    if old_part == new_part:
        return
    if old_part.is_shard or new_part.is_shard:
        before = {entry.path: entry for entry in old.entries_under(prefix, old_part)}
        yield from _paired(before, {entry.path: entry for entry in new.entries_under(prefix, new_part)})
        return
    for digit, was, will in zip(DIGITS, old.children(old_part), new.children(new_part), strict=True):
        yield from _differences_under(old, new, prefix + digit, was, will)


def _paired(before: dict[str, Entry], after: dict[str, Entry]) -> Iterator[tuple[Entry | None, Entry | None]]:
    for path, entry in before.items():
        if after.get(path) != entry:
            yield entry, after.get(path)
    for path, entry in after.items():
        if path not in before:
            yield None, entry


def _child(part: Part) -> bytes:
    return bytes.fromhex(part.digest) + part.files.to_bytes(4)


def _children(body: bytes) -> tuple[Part, ...]:
    """What a node says; raises EditionBrokenError when it is not written as the format says."""
    if len(body) != NODE_BYTES:
        raise EditionBrokenError("A node of the manifest is not written as the format says.")
    starts = range(0, NODE_BYTES, CHILD_BYTES)
    children = tuple(Part(body[at : at + 32].hex(), int.from_bytes(body[at + 32 : at + 36])) for at in starts)
    if any((child.digest == NOTHING) != (child.files == 0) for child in children):
        raise EditionBrokenError("A node of the manifest is not written as the format says.")
    return children


def _path_of(line: bytes) -> str:
    return line.partition(b"\t")[0].decode("utf-8")


def _read_nothing(name: str) -> bytes:
    raise EditionBrokenError(f"{name} of the manifest is missing; take this part from another copy.")
