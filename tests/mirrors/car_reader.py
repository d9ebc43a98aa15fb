"""Unpacks a CAR file, as another program would: it checks each block's digest and follows names from the root."""

import hashlib
from pathlib import Path


def unpacked(car: Path, folder: Path) -> Path:
    """The files that a CAR file holds, in `folder`."""
    blocks, root = read_blocks(car)
    _unpack(root, blocks, folder)
    return folder


def read_blocks(car: Path) -> tuple[dict[bytes, bytes], bytes]:
    """Every block by its CID, and the root's CID."""
    data = car.read_bytes()
    size, at = _varint(data, 0)
    header = data[at : at + size]
    assert header.startswith(b"\xa2\x65roots\x81\xd8\x2a\x58\x25\x00")
    assert header.endswith(b"\x67version\x01")
    root, at = header[-45:-9], at + size
    blocks = {}
    while at < len(data):
        size, at = _varint(data, at)
        cid, body = data[at : at + 36], data[at + 36 : at + size]
        assert cid[4:] == hashlib.sha256(body).digest(), "A block is not what its name says."
        assert len(body) <= 2_000_000, "Others take no block as large as this."
        assert cid not in blocks, "A block stands in the file twice."
        blocks[cid] = body
        at += size
    return blocks, root


def _unpack(cid: bytes, blocks: dict[bytes, bytes], target: Path) -> None:
    if cid[1] == 0x55:
        target.write_bytes(blocks[cid])
        return
    links, about = _node(blocks[cid])
    kind = dict(_fields(about))[1]
    if kind == 2:
        target.write_bytes(b"".join(blocks[link] for _name, link in links))
        return
    target.mkdir(parents=True, exist_ok=True)
    for name, link in links:
        if kind == 5 and len(name) == 2:
            _unpack(link, blocks, target)  # a shard below
        else:
            _unpack(link, blocks, target / (name[2:] if kind == 5 else name).decode())


def _node(block: bytes) -> tuple[list[tuple[bytes, bytes]], bytes]:
    links, about = [], b""
    for field, value in _fields(block):
        if field == 2:
            link = dict(_fields(value))
            links.append((link[2], link[1]))
        else:
            about = value
    return links, about


def _fields(data: bytes) -> list:  # type: ignore[type-arg]
    found, at = [], 0
    while at < len(data):
        key, at = _varint(data, at)
        value: int | bytes
        number, at = _varint(data, at)
        value = number
        if key & 7 == 2:
            value, at = data[at : at + number], at + number
        found.append((key >> 3, value))
    return found


def _varint(data: bytes, at: int) -> tuple[int, int]:
    number = shift = 0
    while True:
        byte = data[at]
        at += 1
        number |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return number, at
