"""A folder as IPFS names it: blocks, each named by its digest, up to one for the root whose name is the folder's.

The rules, so that the same files have the same name wherever it is worked out (`ipfs-car pack --hidden` agrees):
 * A file is cut into raw blocks of 1 MiB; where there are several, a node lists them.
 * A folder is a node that lists its entries by name. One of more than 1,000 entries is spread over nodes by the
   digests of the names, so that no block grows beyond what others take.
 * Names are CIDs of version 1 with SHA-256.

Formats: UnixFS and dag-pb of the IPLD project (specs.ipfs.tech/unixfs, ipld.io/specs/codecs/dag-pb), CAR version 1
(ipld.io/specs/transport/car/carv1).
"""

import base64
import hashlib
import os
from collections.abc import Callable, Iterable
from itertools import groupby
from pathlib import Path
from typing import BinaryIO, NamedTuple

from stet.mirrors.errors import MirrorRefusedError

RAW, DAG_PB = 0x55, 0x70
DIRECTORY, FILE, HAMT_SHARD = 1, 2, 5
MURMUR3 = 0x22
"""Of x64-64: the first half of MurmurHash3's 128 bits, the digest that shards are spread by."""
FANOUT = 256
CHUNK_BYTES = 1 << 20
MOST_CHUNKS = 1_024
MOST_ENTRIES = 1_000

OnBlock = Callable[[bytes, bytes], None]
"""(CID in bytes, the block)."""


class Link(NamedTuple):
    """What stands below a name: its CID, and the bytes of all its blocks together."""

    cid: bytes
    total_bytes: int


def encode_folder(folder: Path, on_block: OnBlock) -> Link:
    """Give every block of a folder, those that others list first; the last one is the folder's own."""
    links = {}
    with os.scandir(folder) as entries:
        for entry in sorted(entries, key=lambda entry: os.fsencode(entry.name)):
            path = Path(entry.path)
            is_folder = entry.is_dir(follow_symlinks=False)
            links[os.fsencode(entry.name)] = encode_folder(path, on_block) if is_folder else encode_file(path, on_block)
    if len(links) > MOST_ENTRIES:
        return _shard([(murmur3(name).to_bytes(8, "big"), name, link) for name, link in links.items()], 0, on_block)
    return _node(links.items(), unixfs(DIRECTORY), on_block)


def encode_file(file: Path, on_block: OnBlock) -> Link:
    """Give every block of a file."""
    chunks: list[Link] = []
    sizes: list[int] = []
    with file.open("rb") as stream:
        while (chunk := stream.read(CHUNK_BYTES)) or not chunks:
            chunks.append(_block(RAW, chunk, on_block))
            sizes.append(len(chunk))
            if len(chunk) < CHUNK_BYTES:
                break
    if len(chunks) > 1 and not sizes[-1]:  # the file ended with a block
        chunks.pop()
        sizes.pop()
    if len(chunks) > MOST_CHUNKS:
        raise MirrorRefusedError("A file of the edition is larger than 1 GiB; a CAR file is not made of it.")
    if len(chunks) == 1:
        return chunks[0]
    return _node(((b"", chunk) for chunk in chunks), unixfs(FILE, sizes=sizes), on_block)


def _shard(entries: list[tuple[bytes, bytes, Link]], depth: int, on_block: OnBlock) -> Link:
    """A folder spread by its names' digests, a byte of them at each depth."""
    links = []
    bits = 0
    entries.sort(key=lambda entry: entry[0][depth])
    for index, group in groupby(entries, key=lambda entry: entry[0][depth]):
        below = list(group)
        bits |= 1 << index
        prefix = b"%02X" % index
        if len(below) == 1:
            links.append((prefix + below[0][1], below[0][2]))
        else:
            links.append((prefix, _shard(below, depth + 1, on_block)))
    field = bits.to_bytes((bits.bit_length() + 7) // 8, "big")
    return _node(links, unixfs(HAMT_SHARD, field=field), on_block)


def _node(links: Iterable[tuple[bytes, Link]], about: bytes, on_block: OnBlock) -> Link:
    body = bytearray()
    total = 0
    for name, link in links:
        body += _bytes(2, _bytes(1, link.cid) + _bytes(2, name) + _number(3, link.total_bytes))
        total += link.total_bytes
    body += _bytes(1, about)
    own = _block(DAG_PB, bytes(body), on_block)
    return Link(own.cid, own.total_bytes + total)


def _block(codec: int, body: bytes, on_block: OnBlock) -> Link:
    cid = bytes((1, codec, 0x12, 32)) + hashlib.sha256(body).digest()
    on_block(cid, body)
    return Link(cid, len(body))


def unixfs(kind: int, *, field: bytes = b"", sizes: Iterable[int] = ()) -> bytes:
    """What a node says of itself."""
    said = _number(1, kind)
    if field:
        return said + _bytes(2, field) + _number(5, MURMUR3) + _number(6, FANOUT)
    sizes = list(sizes)
    if sizes:
        said += _number(3, sum(sizes)) + b"".join(_number(4, size) for size in sizes)
    return said


# --- Protocol Buffers, as far as they are needed ---


def varint(number: int) -> bytes:
    """A number in groups of seven bits, the lowest first.

    >>> varint(300).hex()
    'ac02'
    """
    groups = bytearray()
    while number > 0x7F:
        groups.append(number & 0x7F | 0x80)
        number >>= 7
    groups.append(number)
    return bytes(groups)


def _number(field: int, number: int) -> bytes:
    return varint(field << 3) + varint(number)


def _bytes(field: int, body: bytes) -> bytes:
    return varint(field << 3 | 2) + varint(len(body)) + body


# --- Names ---


def text_of(cid: bytes) -> str:
    """A CID as it is written: base 32 in small letters.

    >>> text_of(bytes((1, 0x55, 0x12, 32)) + hashlib.sha256(b"").digest())
    'bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku'
    """
    return "b" + base64.b32encode(cid).decode("ascii").rstrip("=").lower()


_MASK = (1 << 64) - 1
_C1, _C2 = 0x87C37B91114253D5, 0x4CF5AD432745937F


def murmur3(name: bytes) -> int:
    """MurmurHash3 (x64, 128 bits, seed 0), its first 64 bits. It spreads names; it protects nothing.

    >>> hex(murmur3(b"hello"))
    '0xcbd8a7b341bd9b02'
    """
    one = two = 0
    whole = len(name) & ~15
    for at in range(0, whole, 16):
        one ^= _mixed(int.from_bytes(name[at : at + 8], "little"), _C1, 31, _C2)
        one = ((_turned(one, 27) + two) * 5 + 0x52DCE729) & _MASK
        two ^= _mixed(int.from_bytes(name[at + 8 : at + 16], "little"), _C2, 33, _C1)
        two = ((_turned(two, 31) + one) * 5 + 0x38495AB5) & _MASK
    rest = name[whole:]
    two ^= _mixed(int.from_bytes(rest[8:], "little"), _C2, 33, _C1)
    one ^= _mixed(int.from_bytes(rest[:8], "little"), _C1, 31, _C2)
    one ^= len(name)
    two ^= len(name)
    one = (one + two) & _MASK
    two = (two + one) & _MASK
    return (_ended(one) + _ended(two)) & _MASK


def _mixed(word: int, first: int, turn: int, second: int) -> int:
    return _turned(word * first & _MASK, turn) * second & _MASK


def _turned(word: int, by: int) -> int:
    return (word << by | word >> (64 - by)) & _MASK


def _ended(word: int) -> int:
    word = (word ^ word >> 33) * 0xFF51AFD7ED558CCD & _MASK
    word = (word ^ word >> 33) * 0xC4CEB9FE1A85EC53 & _MASK
    return word ^ word >> 33


# --- CAR ---


def write_car(folder: Path, file: BinaryIO) -> bytes:
    """Write a folder as a CAR file and return its root's CID. `file` can be sought in; each block stands in it once."""
    file.write(_header(bytes((1, DAG_PB, 0x12, 32)) + bytes(32)))
    written: set[bytes] = set()

    def on_block(cid: bytes, body: bytes) -> None:
        if cid not in written:
            written.add(cid)
            file.write(varint(len(cid) + len(body)) + cid + body)

    root = encode_folder(folder, on_block).cid
    file.seek(0)
    file.write(_header(root))
    return root


def read_root(file: BinaryIO) -> bytes:
    """The root's CID in a CAR file that `write_car` wrote; b"" where it is none."""
    size = len(_header(bytes(36)))
    head = file.read(size)
    cid = head[_CID_AT : _CID_AT + 36]
    return cid if head == _header(cid) else b""


def _header(root: bytes) -> bytes:
    """{"roots": [root], "version": 1} in CBOR, with its length in front."""
    body = b"\xa2\x65roots\x81\xd8\x2a\x58\x25\x00" + root + b"\x67version\x01"
    return varint(len(body)) + body


_CID_AT = 1 + len(b"\xa2\x65roots\x81\xd8\x2a\x58\x25\x00")
