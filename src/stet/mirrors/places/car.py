"""A mirror in one file for IPFS: the whole edition as a CAR, to be handed to a node or to a service that pins.

The rules:
 * What is put stands in a folder on this machine; `finish` writes the file from it, whole or not at all. A process that
   is killed before leaves the file of the edition before, and the next sync writes the new one.
 * The same edition gives the same root CID, whatever was carried before and whoever works it out: what earlier
   editions left behind for readers in the middle of a manifest is not taken along. The CID stands in site.car.cid too.
 * Compressed copies are left out: gateways do not send them.
"""

import os
import shutil
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from stet.edition.disk import read_if_there
from stet.edition.manifest import Tree
from stet.edition.pointer import Pointer
from stet.edition.sheet import COMPRESSED_SUFFIXES, WELL_KNOWN
from stet.edition.superseded import is_part_name
from stet.mirrors.base import Capabilities, Headers
from stet.mirrors.errors import MirrorRefusedError, MirrorUnreachableError
from stet.mirrors.places.folder import FolderPlace
from stet.mirrors.places.unixfs import read_root, text_of, write_car

SECRETS: Mapping[str, str] = {}


def open_place(target: str, secrets: Mapping[str, str], *, folder: Path | None = None) -> "CarPlace":  # noqa: ARG001
    """The place at "car:/srv/site.car"; the files that it is made of are kept in `folder`."""
    path = Path(target.partition(":")[2])
    if not path.is_absolute() or path.suffix != ".car":
        raise MirrorRefusedError("Name the file from the root on, with .car at its end: car:/srv/site.car.")
    return CarPlace(path, folder=folder)


class CarPlace:
    """One file; what it is made of lies in `folder`."""

    capabilities = Capabilities(is_conditional=False, is_atomic=True, has_headers=False, connections=2)

    def __init__(self, file: Path, *, folder: Path | None) -> None:
        self._temporary = None if folder else tempfile.TemporaryDirectory(prefix="stet-mirror-")
        kept = folder or Path(self._temporary.name if self._temporary else "")
        self._file = file
        self._tree = kept / "car"
        self._note = kept / "car.cid"
        """The root of the file that was made of the tree as it is; not there while the tree is ahead of it."""
        self._files = FolderPlace(self._tree)

    def read(self, path: str, *, most_bytes: int) -> bytes | None:
        """The file's bytes, `most_bytes` of them at most; None where there is none."""
        return self._files.read(path, most_bytes=most_bytes)

    def put(self, path: str, body: bytes, headers: Headers) -> None:
        """Put a file, whatever stood there."""
        if not path.endswith(COMPRESSED_SUFFIXES):
            self._note.unlink(missing_ok=True)
            self._files.put(path, body, headers)

    def put_new(self, path: str, body: bytes, headers: Headers) -> None:
        """Put a file that never changes; one that stands already is left."""
        self._note.unlink(missing_ok=True)
        self._files.put_new(path, body, headers)

    def swap(self, path: str, body: bytes, headers: Headers, *, before: bytes | None) -> None:
        """Replace a file that is still `before`."""
        self._note.unlink(missing_ok=True)
        self._files.swap(path, body, headers, before=before)

    def delete(self, path: str) -> None:
        """Remove a file."""
        if not path.endswith(COMPRESSED_SUFFIXES):
            self._note.unlink(missing_ok=True)
            self._files.delete(path)

    def finish(self) -> str:
        """Write the file, unless it is what the files here make already."""
        try:
            noted = (read_if_there(self._note) or b"").decode("ascii", "replace")
            root = noted if noted and noted == self._standing() else self._write()
        except OSError as error:
            raise MirrorUnreachableError(f"The CAR file could not be written: {error.strerror}.") from error
        return f"The edition's address on IPFS is ipfs://{root}"

    def close(self) -> None:
        """Let go of the files, where no folder was given for them."""
        if self._temporary is not None:
            self._temporary.cleanup()

    def _standing(self) -> str:
        try:
            with self._file.open("rb") as file:
                return text_of(read_root(file))
        except OSError:
            return ""

    def _write(self) -> str:
        self._files.finish()
        for left in self._tree.rglob(".stet-*"):  # of a process that was killed while it put a file
            left.unlink()
        shutil.rmtree(self._tree / WELL_KNOWN[1:] / "incoming", ignore_errors=True)  # where such files may stand too
        self._leave_earlier_editions_behind()
        self._file.parent.mkdir(parents=True, exist_ok=True)
        for left in self._file.parent.glob(f".{self._file.name}-*"):
            left.unlink()
        descriptor, aside = tempfile.mkstemp(dir=self._file.parent, prefix=f".{self._file.name}-")
        try:
            with os.fdopen(descriptor, "wb") as file:
                root = text_of(write_car(self._tree, file))
                file.flush()
                os.fsync(file.fileno())
                os.fchmod(file.fileno(), 0o644)
            os.replace(aside, self._file)
        except BaseException:
            with suppress(OSError):
                os.unlink(aside)
            raise
        for note in (self._file.with_name(f"{self._file.name}.cid"), self._note):
            note.write_text(root, encoding="ascii")
        return root

    def _leave_earlier_editions_behind(self) -> None:
        """Remove parts of older manifests, and the line that vouches for the pointer before."""
        proof = self._tree / WELL_KNOWN[1:]
        pointer = Pointer.from_bytes((proof / "edition.json").read_bytes())
        names = set(Tree(pointer.root, pointer.files, lambda name: (proof / name).read_bytes()).names())
        for file in list(proof.rglob("*")):
            name = file.relative_to(proof).as_posix()
            if is_part_name(name) and name not in names:
                self._files.delete(f"{WELL_KNOWN}/{name}")
        signatures = proof / "edition.json.sig"
        own, _end, _before = signatures.read_bytes().partition(b"\n")
        aside = signatures.with_name(".stet-sig")
        aside.write_bytes(own + b"\n")
        aside.replace(signatures)
