"""An edition held still while it is carried: what changed, as hard links that a later print does not touch.

The edition replaces files by rename and never writes into one, so a link keeps the bytes that were linked. A press may
print while a slow mirror is served; what is on its way stays what its manifest says, and can be finished after a crash.

    <folder>/pointer       edition.json of what is held; written last
    <folder>/sig, minisig  its signatures
    <folder>/files/ab/abc… sheets and compressed copies, by digest and suffix
    <folder>/sent          the paths that were put already, a line each
"""

import hashlib
import os
import shutil
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from threading import Lock

import msgspec

from stet.edition import minisig
from stet.edition.disk import read_if_there
from stet.edition.errors import EditionBrokenError
from stet.edition.folder import read_root_files
from stet.edition.manifest import Entry
from stet.edition.pointer import Pointer, matching_line
from stet.edition.root import Root, SignedRoot, SiteKey, check_chain, check_known
from stet.edition.sheet import COMPRESSED_SUFFIXES, WELL_KNOWN
from stet.mirrors.errors import EditionMovedError, MirrorUnreachableError


class Edition(msgspec.Struct, frozen=True, kw_only=True):
    """A signed edition on this machine, as far as it was checked: roots, pointer, signatures."""

    site: Path
    """The folder that holds .well-known."""
    root_files: tuple[bytes, ...]
    roots: tuple[Root, ...]
    pointer: Pointer
    signature: bytes
    """The line that vouches for the pointer."""
    minisig: bytes


def read_edition(site: Path, *, key: SiteKey | None = None) -> Edition:
    """The edition that stands in `site`, checked down to its pointer.

    Raises EditionBrokenError where it is not signed as it must be or holds nothing, EditionMovedError while it is
    being printed.
    """
    files = read_root_files(site)
    stored = _proof(site, "edition.json")
    if not files or not stored:
        raise EditionBrokenError("There is no edition to carry: print one first.")
    roots = check_chain(files, site=key.site if key else SignedRoot.from_bytes(files[0]).root.site_id)
    if key:
        check_known(roots, key)
    signatures, small = _proof(site, "edition.json.sig"), _proof(site, "edition.json.minisig")
    if _proof(site, "next.json") or _proof(site, "edition.json") != stored:
        raise EditionMovedError("The edition is being printed at this moment. Try again.")
    pointer = Pointer.from_bytes(stored)
    line = matching_line(pointer, signatures, roots[-1].edition_keys)
    if line is None or pointer.site != roots[0].site_id:
        raise EditionBrokenError("edition.json is not signed by an edition key of this site; nothing is carried.")
    if pointer.files == 0:
        raise EditionBrokenError("This edition is empty; an empty one is never carried.")
    if not any(minisig.is_valid(small, stored, public_key=edition_key) for edition_key in roots[-1].edition_keys):
        raise EditionBrokenError("edition.json.minisig does not vouch for edition.json; nothing is carried.")
    return Edition(
        site=site, root_files=tuple(files), roots=roots, pointer=pointer, signature=line, minisig=small
    )  # fmt: skip


def _proof(site: Path, name: str) -> bytes:
    return read_if_there(f"{site}{WELL_KNOWN}/{name}") or b""


class Outgoing:
    """What is held of one edition, in `folder`. It survives this process; `drop` lets it go."""

    def __init__(self, folder: Path) -> None:
        self._folder = Path(folder)
        self._lock = Lock()

    def held(self) -> Pointer | None:
        """The pointer of the edition that is held whole; None where there is none."""
        stored = self._read("pointer")
        try:
            return Pointer.from_bytes(stored) if stored else None
        except EditionBrokenError:
            return None

    def hold(self, edition: Edition, entries: Iterable[Entry]) -> None:
        """Hold these sheets of an edition, with their compressed copies where there are any.

        Raises EditionMovedError where one is no longer what the manifest says: the edition was printed meanwhile.
        """
        self.drop()
        try:
            (self._folder / "files").mkdir(parents=True)
            for entry in entries:
                self._hold_sheet(edition.site, entry)
            for name, body in (("sig", edition.signature), ("minisig", edition.minisig)):
                self._write(name, body)
            self._write("pointer", edition.pointer.to_bytes())
        except OSError as error:
            self.drop()
            raise MirrorUnreachableError(f"There is no room to hold an edition still: {error.strerror}.") from error

    def sheet(self, entry: Entry) -> bytes:
        """A held sheet's bytes; raises EditionBrokenError where they are not what the manifest says."""
        body = read_if_there(self._file(entry.digest, "")) or b""
        if hashlib.sha256(body).hexdigest() != entry.digest:
            raise EditionBrokenError("A sheet that was held to be carried is damaged. Print the edition again.")
        return body

    def copy(self, entry: Entry, suffix: str) -> bytes | None:
        """A held compressed copy; None where the press had not made it yet."""
        return read_if_there(self._file(entry.digest, suffix))

    @property
    def signature(self) -> bytes:
        """The line that vouches for what is held."""
        return self._read("sig")

    @property
    def minisig(self) -> bytes:
        """The second signature of what is held."""
        return self._read("minisig")

    def sent(self) -> frozenset[str]:
        """The paths that were put already."""
        return frozenset(self._read("sent").decode("utf-8", "replace").splitlines())

    def note_sent(self, path: str) -> None:
        """Remember that a path was put. Lost, it is put once more."""
        with self._lock, suppress(OSError), (self._folder / "sent").open("a", encoding="utf-8") as file:
            file.write(path + "\n")

    def drop(self) -> None:
        """Let everything go."""
        with suppress(FileNotFoundError):
            (self._folder / "pointer").unlink()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _hold_sheet(self, site: Path, entry: Entry) -> None:
        # Copies first: when the sheet linked after them is the manifest's, they were made of it.
        for suffix in COMPRESSED_SUFFIXES:
            with suppress(FileNotFoundError):
                self._link(f"{site}{entry.path}{suffix}", self._file(entry.digest, suffix))
        held = self._file(entry.digest, "")
        with suppress(FileNotFoundError):
            self._link(f"{site}{entry.path}", held)
        if not held.exists() or _digest(held) != entry.digest:
            raise EditionMovedError("The edition was printed while its sheets were taken. Try again.")

    def _link(self, source: str, target: Path) -> None:
        target.parent.mkdir(exist_ok=True)
        try:
            os.link(source, target)
        except FileExistsError:
            return
        except FileNotFoundError:
            raise
        except OSError:  # another disk, or one without hard links
            shutil.copyfile(source, target)

    def _file(self, digest: str, suffix: str) -> Path:
        return self._folder / "files" / digest[:2] / f"{digest}{suffix}"

    def _read(self, name: str) -> bytes:
        return read_if_there(self._folder / name) or b""

    def _write(self, name: str, body: bytes) -> None:
        aside = self._folder / f"{name}.new"
        with aside.open("wb") as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
        os.replace(aside, self._folder / name)


def _digest(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
