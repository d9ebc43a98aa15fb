"""Copies of evidence on disk, below the newsroom's `evidence/` folder and nowhere else.

    evidence/original/3f/3f5a…         the evidentiary copy, by its SHA-256; may be read, not written
    evidence/working/9c/9c01…          what people look at and what is printed, by its SHA-256
    evidence/sealed/<uid>.sealed       evidence that only the holder of a key can read

The rules:
 * A copy is whole or it is not there: written aside, on the disk before it has its name, renamed.
 * The evidentiary copy is never written again. The same bytes twice are one file.
 * A copy is compared with its digest before a byte of it is handed out.
 * The folder is no media: neither readers nor the desk's addresses of media lead here.
"""

import errno
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
from django.conf import settings
from django.utils.translation import gettext as _

from stet.edition.disk import Disk
from stet.sourcing.digesting import PIECE_BYTES, is_sha256, sha256_of
from stet.sourcing.errors import EvidenceBrokenError, EvidenceUnreachableError
from stet.sourcing.sealing import load_public_key

ORIGINAL, WORKING, SEALED = "original", "working", "sealed"
READ_ONLY = 0o400


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceFolder:
    """Where evidence lies, what seals it, and how large a file may be."""

    folder: Path
    sealing_key: Path
    """The public half; the private one is not on the desk."""
    largest_bytes: int = 50_000_000

    def public_key(self) -> X25519PublicKey:
        """What seals. Raises EvidenceKeyRefusedError."""
        return load_public_key(self.sealing_key)

    @property
    def can_seal(self) -> bool:
        """Whether there is a key to seal with."""
        return self.sealing_key.exists()

    # --- In ---

    def keep_original(self, body: bytes) -> str:
        """Keep an evidentiary copy; its SHA-256."""
        return self._keep(ORIGINAL, body)

    def keep_working(self, body: bytes) -> str:
        """Keep a working copy; its SHA-256."""
        return self._keep(WORKING, body)

    def keep_sealed(self, uid: UUID, sealed: bytes) -> str:
        """Keep a sealed file; the SHA-256 of the file as it lies."""
        self._write(self.sealed_file(uid), sealed)
        return sha256_of(sealed)

    def _keep(self, kind: str, body: bytes) -> str:
        digest = sha256_of(body)
        file = self._file(kind, digest)
        if not _holds(file, digest):
            self._write(file, body)
        return digest

    def _write(self, file: Path, body: bytes) -> None:
        temporary = self.folder / "temporary"
        with _explained():
            for folder in (self.folder, temporary, file.parent.parent, file.parent):
                folder.mkdir(mode=0o700, exist_ok=True)
            disk = Disk(temporary)
            aside = disk.write_aside(body, "part", is_settled=True)
            os.chmod(aside, READ_ONLY)
            disk.move(aside, os.fspath(file), "evidence")
            disk.settle()

    # --- Out ---

    @contextmanager
    def opened(self, kind: str, digest: str) -> Iterator[BinaryIO]:
        """A copy to read from its beginning, once it was found to be what it was. Raises EvidenceBrokenError."""
        with self.open(kind, digest) as file:
            yield file

    def open(self, kind: str, digest: str) -> BinaryIO:
        """The same, for whoever closes it later."""
        return _proved(self._file(kind, digest), digest)

    def open_sealed(self, uid: UUID, digest: str) -> BinaryIO:
        """A sealed file, as it lies."""
        return _proved(self.sealed_file(uid), digest)

    def drop(self, kind: str, digest: str) -> None:
        """Remove a copy that nothing needs any more."""
        self._file(kind, digest).unlink(missing_ok=True)

    def sealed_file(self, uid: UUID) -> Path:
        """Where a piece of sealed evidence lies."""
        return self.folder / SEALED / f"{uid}.sealed"

    def files(self) -> Iterator[tuple[str, str, Path]]:
        """Every copy that lies here: its kind, its digest or uid, and the file."""
        for kind in (ORIGINAL, WORKING):
            for file in sorted(self.folder.glob(f"{kind}/*/*")):
                yield kind, file.name, file
        for file in sorted(self.folder.glob(f"{SEALED}/*.sealed")):
            yield SEALED, file.stem, file

    def _file(self, kind: str, digest: str) -> Path:
        if not is_sha256(digest):
            raise EvidenceBrokenError(_("A copy of evidence has no digest. Restore the newsroom from a backup."))
        return self.folder / kind / digest[:2] / digest


def current_folder() -> EvidenceFolder:
    """The folder of the newsroom that this process serves."""
    folder: EvidenceFolder = settings.STET_EVIDENCE  # type: ignore[misc]  # made at start from stet.toml
    return folder


def _proved(path: Path, digest: str) -> BinaryIO:
    try:
        file = path.open("rb")
    except FileNotFoundError:
        raise EvidenceBrokenError(_("A copy of this evidence is gone. Restore it from a backup.")) from None
    except OSError as error:
        raise EvidenceUnreachableError(_("A copy of this evidence cannot be read. Look at the disk.")) from error
    if _digest_of(file) != digest:
        file.close()
        raise EvidenceBrokenError(
            _("This copy is not what was taken in: somebody or something altered it. Restore it from a backup.")
        )
    file.seek(0)
    return file


def _digest_of(file: BinaryIO) -> str:
    found = hashlib.sha256()
    while piece := file.read(PIECE_BYTES):
        found.update(piece)
    return found.hexdigest()


def _holds(path: Path, digest: str) -> bool:
    """Whether the very bytes lie there already; an altered file is written anew."""
    try:
        with path.open("rb") as file:
            return _digest_of(file) == digest
    except OSError:
        return False


@contextmanager
def _explained() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise EvidenceUnreachableError(
                _("The disk is full; nothing was kept. Make room and save again.")
            ) from error
        raise EvidenceUnreachableError(
            _("The evidence could not be kept. Look at the disk and at who may write to it, then save again.")
        ) from error
