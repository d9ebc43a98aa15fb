"""An edition on disk, and the one writer that may change it.

    <edition>/site/       the tree that mirrors copy and servers serve; the proof stands in site/.well-known/stet/
    <edition>/staging/    files on their way into the tree
    <edition>/lock        held by the writer
    <edition>/journal     what the commit under way does; gone when it is done
    <edition>/superseded  parts of old manifests, kept for a while for readers who are still walking through them

The rules of a commit:
 1. Everything new is written outside the tree: sheets, parts of the manifest (which no pointer names yet), the journal.
 2. next.json, signed, says what is coming. From here on each sheet is as edition.json says or as next.json says.
 3. Sheets are renamed into place in the order given, so that a sheet is there before what links to it. A compressed
    copy of the old sheet goes just before. Then withdrawn sheets are removed.
 4. The pointer: signatures for the old and the new one, then edition.json, then its .minisig.
 5. Old parts of the manifest are removed once no pointer has named them for 16 editions. What is remembered of them is
    written before 6, or a part that came back into use would be removed all the same.
 6. next.json goes, and the journal.

An interruption before 2 leaves the edition as it was; one after it is finished by the next writer, from the journal,
without a key. So an edition is always n, n + 1, or n on its way to n + 1.
"""

import fcntl
import os
import shutil
import weakref
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from enum import Enum
from pathlib import Path
from typing import Self

import msgspec

from stet.edition import manifest, minisig, superseded
from stet.edition.disk import (
    Disk,
    OnStep,
    drop_all,
    files_under,
    make_folder,
    read_if_there,
    size_of,
    translated,
    unlink,
)
from stet.edition.errors import (
    EditionBrokenError,
    FolderBusyError,
    FolderRefusedError,
    KeyRefusedError,
    SheetRefusedError,
)
from stet.edition.journal import Journal, Move
from stet.edition.keys import Signer
from stet.edition.manifest import Change, Entry, Tree
from stet.edition.pointer import LIFETIME, Pointer, matching_line, signature_line
from stet.edition.root import Root, SignedRoot, check_chain
from stet.edition.sheet import COMPRESSED_SUFFIXES, WELL_KNOWN, Sheet, body_digest, checked_media_type, file_path
from stet.kit.clock import write_moment
from stet.kit.digests import is_hex_digest


class Put(msgspec.Struct, frozen=True, gc=False):
    """A sheet to put into the edition. `source` is its bytes, or a file in the staging folder, which is moved."""

    path: str
    digest: str
    size_bytes: int
    media_type: str
    source: bytes | str | Path

    @classmethod
    def of(cls, sheet: Sheet) -> "Put":
        """A sheet whose bytes are at hand."""
        return cls(sheet.path, body_digest(sheet.body), len(sheet.body), sheet.media_type, sheet.body)


class Recovery(Enum):
    """What the last writer left."""

    NOTHING = "nothing"
    """Its last commit was done, or had not begun to change the tree."""
    FINISHED = "finished"
    """Its last commit was under way and has now been finished."""
    LOST = "lost"
    """Its last commit was under way and cannot be finished; put every sheet again."""


class EditionFolder:
    """An edition on disk. Reading needs no lock; the first change makes this the writer, until `close`."""

    def __init__(self, path: Path, *, on_step: OnStep | None = None) -> None:
        self.path = Path(path)
        self.site = self.path / "site"
        self._staging = self.path / "staging"
        self._staging_prefix = os.fspath(self._staging) + "/"
        self._proof = self.site / WELL_KNOWN[1:]
        self._disk = Disk(self._staging, on_step)
        self._lock: weakref.finalize[[int], EditionFolder] | None = None
        self._least_seq = 0
        self.recovery = Recovery.NOTHING

    def __enter__(self) -> Self:
        self.become_writer()
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def become_writer(self) -> None:
        """Take the lock and finish what the last writer left; raises FolderBusyError while there is another writer."""
        if self._lock is not None:
            return
        with translated(self.path):
            for folder in (self.site, self._staging):
                folder.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(self.path / "lock", os.O_RDWR | os.O_CREAT, 0o644)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                os.close(descriptor)
                raise FolderBusyError(
                    f"Another process is writing the edition in {self.path}; wait for it to end, then try again."
                ) from error
        _held.add(descriptor)
        self._lock = weakref.finalize(self, _let_go, descriptor)
        self.recover()

    def close(self) -> None:
        """Give up the lock. The folder can still be read, and become the writer again."""
        if self._lock is not None:
            self._lock()
            self._lock = None

    # --- Reading ---

    @property
    def staging(self) -> Path:
        """Where the writer prepares files on the same disk; it is emptied whenever a writer begins."""
        self.become_writer()
        return self._staging

    def pointer(self) -> Pointer | None:
        """What edition.json says; None before the first edition."""
        return self._read_pointer("edition.json")

    def next_pointer(self) -> Pointer | None:
        """What next.json says; None unless a commit is under way or was interrupted."""
        return self._read_pointer("next.json")

    def roots(self) -> tuple[Root, ...]:
        """The site's roots, each vouched for by the one before; raises FolderRefusedError when there is none yet."""
        files = self.root_files()
        if not files:
            raise FolderRefusedError(f"The edition in {self.path} has no root yet; make the site's keys first.")
        return check_chain(files, site=SignedRoot.from_bytes(files[0]).root.site_id)

    def root_files(self) -> list[bytes]:
        """The bytes of root/1.json, root/2.json and so on, as far as they go."""
        return read_root_files(self.site)

    @property
    def site_id(self) -> str:
        """The site's id."""
        return self.roots()[0].site_id

    def tree(self) -> Tree:
        """The manifest of the current edition; of no sheets before the first."""
        return self._tree_of(self.pointer())

    def entries(self) -> Iterator[Entry]:
        """Every line of the manifest, in no order that matters."""
        return self.tree().entries()

    def entry(self, path: str) -> Entry | None:
        """The manifest's line for a sheet; None when there is no such sheet."""
        return self.tree().entry(file_path(path))

    def file(self, path: str) -> Path:
        """Where the file of a sheet stands."""
        return self.site / file_path(path)[1:]

    def walk_strays(self) -> Iterator[str]:
        """The paths of files in the tree that no manifest names, compressed copies of what it names left aside."""
        named = {entry.path for entry in self.entries()}
        start = len(os.fspath(self.site))
        for file in files_under(os.fspath(self.site)):
            path = file[start:]
            is_copy = path.endswith(COMPRESSED_SUFFIXES) and path[:-3] in named
            if path not in named and not is_copy and not path.startswith(WELL_KNOWN + "/"):
                yield path

    # --- Writing ---

    def put_root(self, signed: SignedRoot) -> None:
        """Add the next root, or the same again; raises EditionBrokenError when the last one does not vouch for it.

        An edition key that the new root no longer names loses its word at once. So name the new key beside the old
        one first, commit with the new key, and leave the old one out of the root after that.
        """
        self.become_writer()
        files, version = self.root_files(), signed.root.version
        if files[version - 1 : version] == [signed.to_bytes()]:
            return
        if version != len(files) + 1:
            raise EditionBrokenError(f"The edition stands at root {len(files)}, so root {version} cannot follow.")
        chain = [*files, signed.to_bytes()]
        check_chain(chain, site=SignedRoot.from_bytes(chain[0]).root.site_id)
        with translated(self.path):
            self._disk.write(os.fspath(self._proof / "root" / f"{version}.json"), signed.to_bytes(), "root")
            self._disk.settle()

    def commit(
        self, puts: Sequence[Put], removes: Collection[str] = (), *, now: datetime, signer: Signer, durable: bool = True
    ) -> Pointer:
        """Make the next edition: put sheets in the order given, remove others, sign.

        Raises SheetRefusedError, KeyRefusedError or FolderUnreachableError before anything changed; after an
        UnreachableError in the middle, the next commit first finishes this one.
        """
        self.become_writer()
        self._disk.durable = durable
        with translated(self.path):
            self._finish_interrupted()
            last, roots = self.pointer(), self.roots()
            _refuse_stranger(signer, roots[-1])
            changes = self._changes(puts, removes)
            change = manifest.apply(self._tree_of(last), changes)
            pointer = self._pointer_after(last, change, site=roots[0].site_id, now=now)
            journal = self._write_ahead(puts, changes, change, pointer, signer)
            self._carry_out(journal)
            self._collect(pointer, change.superseded, change.written)
            self._drop_next()
        return pointer

    def resign(self, *, now: datetime, signer: Signer, durable: bool = True) -> Pointer:
        """Make the next edition of the same sheets, so that readers see that the site is alive."""
        return self.commit((), (), now=now, signer=signer, durable=durable)

    def put_compressed(self, path: str, digest: str, suffix: str, body: bytes) -> bool:
        """Put a compressed copy (suffix ".br" or ".gz") beside a sheet; False when the sheet has another digest now."""
        self.become_writer()
        if suffix not in COMPRESSED_SUFFIXES:
            raise SheetRefusedError(f"{suffix} is no suffix of compressed copies; use .br or .gz.")
        entry = self.entry(path)
        if entry is None or entry.digest != digest:
            return False
        with translated(self.path):
            self._disk.write(os.fspath(self.site) + entry.path + suffix, body, "compressed", is_settled=True)
        return True

    def recover(self) -> Recovery:
        """Finish or drop what an interrupted writer left, and empty the staging folder."""
        self.become_writer()
        with translated(self.path):
            self.recovery = self._finish_interrupted()
            for child in os.scandir(self._staging):
                shutil.rmtree(child) if child.is_dir(follow_symlinks=False) else os.unlink(child)
        return self.recovery

    # --- A commit, step by step ---

    def _changes(self, puts: Sequence[Put], removes: Collection[str]) -> dict[str, Entry | None]:
        """The new line of each path; raises SheetRefusedError for what cannot stand there."""
        changes: dict[str, Entry | None] = {_removable(path): None for path in removes}
        for put in puts:
            path = file_path(put.path)
            if path in changes:
                raise SheetRefusedError(f"{path} is put or removed twice in one commit; name it once.")
            _refuse_other_size(put)
            changes[path] = Entry(path, _checked_digest(put), put.size_bytes, checked_media_type(put.media_type))
        self._refuse_collisions(changes)
        return changes

    def _refuse_collisions(self, changes: dict[str, Entry | None]) -> None:
        """A name is a file or a folder: refuse a sheet where the other stays."""
        site = os.fspath(self.site)
        stands: dict[str, bool] = {"/": True}
        for path, entry in changes.items():
            if entry is None:
                continue
            parent = os.path.dirname(path)
            while parent not in stands:
                stands[parent] = os.path.isdir(site + parent)
                if _stays(changes, parent, site):
                    raise SheetRefusedError(
                        f"{path} cannot be printed while the sheet {parent} stands; remove that one."
                    )
                parent = os.path.dirname(parent)
            is_folder = stands[os.path.dirname(path)] and os.path.isdir(site + path)
            if is_folder and not self._is_cleared(path, changes):
                raise SheetRefusedError(f"{path} cannot be printed while sheets stand below it; remove those.")

    def _is_cleared(self, path: str, changes: dict[str, Entry | None]) -> bool:
        site = os.fspath(self.site)
        below = (file[len(site) :] for file in files_under(site + path))
        return all(name in changes or name.endswith(COMPRESSED_SUFFIXES) for name in below)

    def _pointer_after(self, last: Pointer | None, change: Change, *, site: str, now: datetime) -> Pointer:
        now = now.replace(microsecond=0)
        return Pointer(
            site=site,
            seq=max(last.seq if last else 0, self._least_seq) + 1,
            published=now,
            expires=now + LIFETIME,
            files=change.files,
            root=change.root,
            prev=last.digest if last else None,
        )

    def _write_ahead(
        self,
        puts: Sequence[Put],
        changes: dict[str, Entry | None],
        change: Change,
        pointer: Pointer,
        signer: Signer,
    ) -> Journal:
        """Write all that is new where no reader looks yet; take it back when that fails."""
        written: list[str] = []
        try:
            removes = tuple(path for path, entry in changes.items() if entry is None)
            paths = (path for path, entry in changes.items() if entry is not None)
            moves = tuple(Move(self._staged(put, written), path) for put, path in zip(puts, paths, strict=True))
            self._write_parts(change, written)
            journal = Journal(pointer.digest, moves, removes)
            self._disk.write(os.fspath(self.path / "journal"), journal.to_bytes(), "journal")
            self._write_next(pointer, signer)
        except Exception:
            if self.next_pointer() is None:
                drop_all([*written, os.fspath(self.path / "journal")])
            raise
        return journal

    def _staged(self, put: Put, written: list[str]) -> str:
        """Where the sheet's bytes are now, relative to the staging folder."""
        if isinstance(put.source, bytes):
            self._disk.on_step("stage")
            # A name of its own kind: until the journal is done, nothing else may take the name of a file it moved.
            staged = self._disk.write_aside(put.source, "sheet")
            written.append(staged)
        else:
            staged = os.fspath(put.source)
        self._disk.touched(staged)
        folder, name = staged[: len(self._staging_prefix)], staged[len(self._staging_prefix) :]
        if folder != self._staging_prefix or ".." in name or not name.isprintable():
            raise SheetRefusedError(f"The file for {put.path} is not in the staging folder; prepare it there.")
        return name

    def _write_parts(self, change: Change, written: list[str]) -> None:
        for name, body in change.written.items():
            target = os.fspath(self._proof / name)
            if size_of(target) != len(body):
                self._disk.write(target, body, "part")
                written.append(target)

    def _write_next(self, pointer: Pointer, signer: Signer) -> None:
        file = pointer.to_bytes()
        comment = f"seq:{pointer.seq} expires:{write_moment(pointer.expires)}"
        self._write_proof("next.json.minisig", minisig.sign(file, trusted_comment=comment, signer=signer))
        self._write_proof("next.json.sig", signature_line(pointer, signer))
        self._disk.settle()
        self._write_proof("next.json", file)
        self._disk.settle()

    def _carry_out(self, journal: Journal) -> None:
        """Do what the journal says, or what is left of it. Doing it again changes nothing."""
        site, staging = os.fspath(self.site), os.fspath(self._staging)
        seen: set[str] = set()
        for move in journal.moves:
            self._place(f"{staging}/{move.staged}", site + move.path, seen)
        for path in journal.removes:
            self._remove(site + path)
        self._disk.settle()
        self._install_pointer()

    def _place(self, staged: str, target: str, seen: set[str]) -> None:
        """Rename a staged file to its place; `seen` are the folders that this commit knows to be there."""
        try:
            self._make_room(target, seen)
            self._disk.move(staged, target, "put")
        except (FileNotFoundError, NotADirectoryError, FileExistsError, IsADirectoryError):
            if size_of(staged) is not None:
                self._make_way(target)
                self._disk.move(staged, target, "put")

    def _make_room(self, target: str, seen: set[str]) -> None:
        """Make the folder, or remove the compressed copies of what is about to be replaced in it."""
        folder = os.path.dirname(target)
        if folder not in seen:
            seen.add(folder)
            if make_folder(folder):
                return
        for suffix in COMPRESSED_SUFFIXES:
            unlink(target + suffix)

    def _make_way(self, target: str) -> None:
        """Remove the file that stands where a folder is needed, or the folder where a file is."""
        if os.path.isdir(target):
            shutil.rmtree(target)
        for parent in Path(target).parents:
            if parent.is_file():
                self._remove(os.fspath(parent))
            if parent == self.site:
                return

    def _remove(self, target: str) -> None:
        self._disk.remove(target, "remove")
        for suffix in COMPRESSED_SUFFIXES:
            unlink(target + suffix)
        parent = os.path.dirname(target)
        while parent != os.fspath(self.site):
            try:
                os.rmdir(parent)
            except OSError:
                return
            parent = os.path.dirname(parent)

    def _install_pointer(self) -> None:
        old, new = self.pointer(), self.next_pointer()
        if new is None:
            raise EditionBrokenError(f"next.json went missing from the edition in {self.path}; print everything again.")
        if old != new:
            self._write_proof("edition.json.sig", self._proof_file("next.json.sig") + self._line_of(old))
            self._disk.settle()
            self._write_proof("edition.json", new.to_bytes())
        self._write_proof("edition.json.minisig", self._proof_file("next.json.minisig"))
        self._disk.settle()

    def _line_of(self, old: Pointer | None) -> bytes:
        """The line that vouches for the old pointer, to stand beside the new one's."""
        if old is None:
            return b""
        return matching_line(old, self._proof_file("edition.json.sig"), self.roots()[-1].edition_keys) or b""

    def _drop_next(self) -> None:
        for name in ("next.json", "next.json.sig", "next.json.minisig"):
            self._disk.remove(os.fspath(self._proof / name), "done")
        self._disk.remove(os.fspath(self.path / "journal"), "done")

    def _collect(self, pointer: Pointer, replaced: Iterable[str], in_use: Collection[str]) -> None:
        """Remember the parts that this edition no longer needs, and remove those that were not needed for long."""
        memory = superseded.load(self.path / "superseded")
        kept, due = superseded.turn(memory, seq=pointer.seq, replaced=replaced, in_use=in_use)
        drop_all(os.fspath(self._proof / name) for name in due)
        if kept != memory:
            self._disk.write(os.fspath(self.path / "superseded"), superseded.to_bytes(kept), "superseded")

    # --- After an interruption ---

    def _finish_interrupted(self) -> Recovery:
        pointer = self.next_pointer()
        if pointer is None:
            unlink(os.fspath(self.path / "journal"))
            return Recovery.NOTHING
        journal = self._journal_of(pointer)
        if journal is None:
            self._least_seq = pointer.seq
            self._drop_next()
            return Recovery.LOST
        self._carry_out(journal)
        self._collect_all(pointer)
        self._drop_next()
        return Recovery.FINISHED

    def _journal_of(self, pointer: Pointer) -> Journal | None:
        """The journal of the commit that `pointer` announced; None when not all of it can still be done."""
        try:
            journal = Journal.load(self.path / "journal")
        except EditionBrokenError:
            return None
        has_signatures = all(self._proof_file(f"next.json.{kind}") for kind in ("sig", "minisig"))
        if journal is None or journal.pointer_digest != pointer.digest or not has_signatures:
            return None
        tree = self._tree_of(pointer)
        return journal if all(self._is_at_hand(move, tree) for move in journal.moves) else None

    def _is_at_hand(self, move: Move, tree: Tree) -> bool:
        """Whether a sheet is still staged, or in its place already, with the bytes that it should have."""
        body = read_if_there(self._staging / move.staged)
        if body is None:
            body = read_if_there(os.fspath(self.site) + move.path)
        entry = tree.entry(move.path)
        return entry is not None and body is not None and body_digest(body) == entry.digest

    def _collect_all(self, pointer: Pointer) -> None:
        """Find every part of old manifests anew: the interrupted commit may not have written down which it replaced."""
        in_use = set(self._tree_of(pointer).names())
        proof = os.fspath(self._proof)
        folders = (f"{proof}/shards", f"{proof}/nodes")
        on_disk = {file[len(proof) + 1 :] for folder in folders for file in files_under(folder)}
        known = superseded.load(self.path / "superseded")
        self._collect(pointer, on_disk - in_use - known.keys(), in_use)

    # --- Files of the proof ---

    def _write_proof(self, name: str, body: bytes) -> None:
        self._disk.write(os.fspath(self._proof / name), body, name, is_settled=True)

    def _proof_file(self, name: str) -> bytes:
        return read_if_there(self._proof / name) or b""

    def _read_pointer(self, name: str) -> Pointer | None:
        file = read_if_there(self._proof / name)
        return None if file is None else Pointer.from_bytes(file)

    def _tree_of(self, pointer: Pointer | None) -> Tree:
        return manifest.empty_tree() if pointer is None else tree_in(self.site, pointer)


def tree_in(site: Path, pointer: Pointer) -> Tree:
    """The manifest that `pointer` names, read from a copy of the site."""
    proof = os.fspath(site) + WELL_KNOWN

    def read(name: str) -> bytes:
        body = read_if_there(f"{proof}/{name}")
        if body is None:
            raise EditionBrokenError(f"{name} of the manifest is missing; take this part from another copy.")
        return body

    return Tree(pointer.root, pointer.files, read)


def read_root_files(site: Path) -> list[bytes]:
    """The bytes of root/1.json, root/2.json and so on in a copy of the site, as far as they go."""
    files: list[bytes] = []
    while (file := read_if_there(f"{site}{WELL_KNOWN}/root/{len(files) + 1}.json")) is not None:
        files.append(file)
    return files


def _removable(path: str) -> str:
    """A path to remove: any but those of the edition's own proof, so that strays with odd names can go."""
    path = path + "index.html" if path.endswith("/") else path
    if not path.startswith("/") or ".." in path.split("/") or "\0" in path or path.startswith(WELL_KNOWN):
        raise SheetRefusedError(f"{path!r} is not the path of a sheet, so it cannot be removed.")
    return path


def _stays(changes: dict[str, Entry | None], path: str, site: str) -> bool:
    """Whether a sheet stands at `path` after these changes."""
    return changes[path] is not None if path in changes else os.path.isfile(site + path)


def _checked_digest(put: Put) -> str:
    if not is_hex_digest(put.digest):
        raise SheetRefusedError(f"The digest given for {put.path} is not 64 hexadecimal digits.")
    return put.digest


def _refuse_other_size(put: Put) -> None:
    size = len(put.source) if isinstance(put.source, bytes) else size_of(put.source)
    if size != put.size_bytes:
        found = "is not there" if size is None else f"has {size} bytes"
        raise SheetRefusedError(
            f"The file for {put.path} should have {put.size_bytes} bytes but {found}; print it again."
        )


def _refuse_stranger(signer: Signer, root: Root) -> None:
    if signer.public_key not in root.edition_keys:
        raise KeyRefusedError(f"Root {root.version} of the site does not name key {signer.key_id} as an edition key.")


_held: set[int] = set()


def _let_go(descriptor: int) -> None:
    if descriptor in _held:
        _held.discard(descriptor)
        os.close(descriptor)


def _let_go_in_child() -> None:
    """A forked child must not hold the lock of a parent that ended."""
    for descriptor in tuple(_held):
        _let_go(descriptor)


os.register_at_fork(after_in_child=_let_go_in_child)
