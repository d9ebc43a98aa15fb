"""Whether a copy of a site is what the newsroom signed.

What is checked, in this order, each only if what it rests on holds:
 1. The roots follow from the site's id, reach the root that the checker knows, and have not expired.
 2. edition.json is signed by an edition key of the newest root, is this site's, has not expired, and is no older than
    the newest edition that the checker has seen.
 3. Every shard and node of the manifest is what its name says.
 4. Every sheet is there, with its digest and size; while next.json stands, as one of the two editions has it.
 5. Every page that carries a signature carries a good one, for its own address.
 6. Compressed copies unpack to their sheets, and nothing else stands in the folder.

A copy is read, never written, and links are not followed. The clock is the caller's.
"""

import hashlib
import os
import stat
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import brotli

from stet.edition import minisig
from stet.edition.disk import files_under, read_if_there
from stet.edition.errors import EditionBrokenError, PageBrokenError
from stet.edition.folder import read_root_files, tree_in
from stet.edition.manifest import Entry, differences
from stet.edition.page_signature import read_signature, verify_page
from stet.edition.pointer import Pointer, follows, matching_line
from stet.edition.root import Root, SiteKey, check_chain, check_known, fingerprint
from stet.edition.sheet import COMPRESSED_SUFFIXES, WELL_KNOWN, file_path, is_html
from stet.edition.superseded import is_part_name
from stet.kit.clock import write_moment
from stet.kit.errors import StetError

__all__ = ["Report", "verify_folder", "verify_page"]

CLOCK_SLACK = timedelta(minutes=10)
MOST_SENTENCES = 200

_PROOF_FILES = frozenset(
    f"{pointer}{suffix}" for pointer in ("edition.json", "next.json") for suffix in ("", ".sig", ".minisig")
)

Progress = Callable[[int, int], None]
"""Called with the number of sheets checked and the number of all."""


@dataclass(slots=True)
class Report:
    """What a check found."""

    site: str | None = None
    fingerprint: str | None = None
    seq: int | None = None
    published: datetime | None = None
    expires: datetime | None = None
    is_printing: bool = False
    """A next edition is announced: sheets of two editions stand side by side."""
    sheets_checked: int = 0
    pages_signed: int = 0
    """Pages whose own signature holds."""
    pages_unsigned: int = 0
    problem_count: int = 0
    problems: list[str] = field(default_factory=list)
    """A sentence for each problem; the first 200."""

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return self.problem_count == 0

    def add(self, problem: str) -> None:
        """Count a problem, and keep its sentence while there is room."""
        self.problem_count += 1
        if len(self.problems) < MOST_SENTENCES:
            self.problems.append(problem)


def verify_folder(
    site_folder: Path,
    *,
    root: SiteKey | str,
    now: datetime,
    highest_seq_seen: int | None = None,
    progress: Progress | None = None,
) -> Report:
    """Check the copy of a site in `site_folder` (the folder that holds `.well-known`).

    `root` is the public site key, the site's id, or its fingerprint. Problems are reported, not raised.
    """
    report = Report()
    try:
        roots = _checked_roots(site_folder, root, now, report)
        pointer = _checked_pointer(site_folder, roots, now, highest_seq_seen, report)
        coming = _checked_next(site_folder, roots, pointer)
        report.is_printing = coming is not None
        _check_minisig(site_folder, roots, pointer, report)
        expected = _expected_sheets(site_folder, pointer, coming)
    except StetError as error:
        report.add(str(error))
        return report
    except OSError as error:
        report.add(f"The copy in {site_folder} cannot be read: {error.strerror}.")
        return report
    checker = _SheetChecker(site_folder, roots, report)
    for number, (path, states) in enumerate(expected.items(), start=1):
        checker.check(path, states)
        if progress and (number % 512 == 0 or number == len(expected)):
            progress(number, len(expected))
    _check_strays(site_folder, expected, report)
    return report


def _checked_roots(site_folder: Path, key: SiteKey | str, now: datetime, report: Report) -> tuple[Root, ...]:
    roots = check_chain(read_root_files(site_folder), site=key.site if isinstance(key, SiteKey) else key)
    if isinstance(key, SiteKey):
        check_known(roots, key)
    report.site, report.fingerprint = roots[0].site_id, fingerprint(roots[0].site_id)
    if roots[-1].expires <= now:
        report.add(
            f"The site's root {roots[-1].version} expired on {write_moment(roots[-1].expires)}; "
            "the newsroom must sign a new one."
        )
    return roots


def _checked_pointer(
    site_folder: Path, roots: Sequence[Root], now: datetime, highest_seq_seen: int | None, report: Report
) -> Pointer:
    pointer = _signed_pointer(site_folder, roots, "edition.json")
    if pointer is None:
        raise EditionBrokenError("The copy holds no edition.json, so nothing says what belongs in it.")
    report.seq, report.published, report.expires = pointer.seq, pointer.published, pointer.expires
    if pointer.expires <= now:
        report.add(f"This copy is from {write_moment(pointer.published)} and expired; look for a newer one.")
    if pointer.published > now + CLOCK_SLACK:
        report.add("This copy says that it was published in the future; check this machine's clock.")
    if highest_seq_seen is not None and pointer.seq < highest_seq_seen:
        report.add(f"This copy is edition {pointer.seq}, but {highest_seq_seen} was seen before: it was rolled back.")
    return pointer


def _signed_pointer(site_folder: Path, roots: Sequence[Root], name: str) -> Pointer | None:
    file = read_if_there(f"{site_folder}{WELL_KNOWN}/{name}")
    if file is None:
        return None
    pointer = Pointer.from_bytes(file)
    signatures = read_if_there(f"{site_folder}{WELL_KNOWN}/{name}.sig") or b""
    if pointer.site != roots[0].site_id:
        raise EditionBrokenError(f"{name} belongs to another site.")
    if matching_line(pointer, signatures, roots[-1].edition_keys) is None:
        raise EditionBrokenError(f"{name} is not signed by an edition key of this site; do not trust this copy.")
    return pointer


def _checked_next(site_folder: Path, roots: Sequence[Root], pointer: Pointer) -> Pointer | None:
    """The edition that is being printed; None when none is, or it has become the current one."""
    coming = _signed_pointer(site_folder, roots, "next.json")
    if coming is not None and coming != pointer and not follows(pointer, coming):
        raise EditionBrokenError("next.json does not follow from edition.json; do not trust this copy.")
    return coming


def _check_minisig(site_folder: Path, roots: Sequence[Root], pointer: Pointer, report: Report) -> None:
    """Between the last steps of a commit the .minisig is still the old one's; next.json stands until then."""
    file = read_if_there(f"{site_folder}{WELL_KNOWN}/edition.json.minisig")
    if file is None or report.is_printing:
        return
    if not any(minisig.is_valid(file, pointer.to_bytes(), public_key=key) for key in roots[-1].edition_keys):
        report.add("edition.json.minisig does not vouch for edition.json; take both from another copy.")


def _expected_sheets(
    site_folder: Path, pointer: Pointer, coming: Pointer | None
) -> dict[str, tuple[Entry | None, ...]]:
    """Every path, and how its sheet may stand: as its line says, or, where None is among the states, not at all."""
    tree = tree_in(site_folder, pointer)
    expected: dict[str, tuple[Entry | None, ...]] = {}
    for entry in tree.entries():
        if file_path(entry.path) != entry.path:
            raise EditionBrokenError("The manifest names a file that no sheet may have; do not trust this copy.")
        expected[entry.path] = (entry,)
    if len(expected) != pointer.files:
        raise EditionBrokenError(f"The manifest names {len(expected)} sheets, but edition.json {pointer.files}.")
    if coming is not None:
        for old, new in differences(tree, tree_in(site_folder, coming)):
            expected[_path_of(old, new)] = (old, new)
    return expected


def _path_of(old: Entry | None, new: Entry | None) -> str:
    entry = new or old
    return file_path(entry.path) if entry else ""


class _SheetChecker:
    """Checks one sheet after the other against the lines that it may match."""

    def __init__(self, site_folder: Path, roots: Sequence[Root], report: Report) -> None:
        self._folder = os.fspath(site_folder)
        self._site = roots[0].site_id
        self._keys = roots[-1].edition_keys
        self._report = report

    def check(self, path: str, states: Sequence[Entry | None]) -> None:
        """Check the sheet at `path`."""
        self._report.sheets_checked += 1
        try:
            body = self._read(path, max(entry.size_bytes for entry in states if entry))
        except OSError as error:
            self._report.add(f"{path} cannot be read: {error.strerror}.")
            return
        if body is None:
            if None not in states:
                self._report.add(f"{path} is missing.")
            return
        entry = next((entry for entry in states if entry and _is_body_of(entry, body)), None)
        if entry is None:
            self._report.add(f"{path} is not the sheet that was signed: it was changed, cut off or swapped.")
            return
        if is_html(entry.media_type):
            self._check_page(path, body)
        self._check_copies(path, body)

    def _read(self, path: str, size_bytes: int) -> bytes | None:
        """The file's bytes, one more than expected at most; None when no plain file stands there."""
        try:
            descriptor = os.open(self._folder + path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        except (FileNotFoundError, NotADirectoryError):
            return None
        try:
            return _read_up_to(descriptor, size_bytes + 1) if stat.S_ISREG(os.fstat(descriptor).st_mode) else None
        finally:
            os.close(descriptor)

    def _check_page(self, path: str, body: bytes) -> None:
        try:
            if read_signature(body) is None:
                self._report.pages_unsigned += 1
                return
            verify_page(body, site=self._site, edition_keys=self._keys, path=path)
            self._report.pages_signed += 1
        except PageBrokenError as error:
            self._report.add(f"{path}: {error}")

    def _check_copies(self, path: str, body: bytes) -> None:
        for suffix in COMPRESSED_SUFFIXES:
            copy = self._read(path + suffix, 2 * len(body) + 1024)
            if copy is not None and _unpacked(suffix, copy, len(body)) != body:
                self._report.add(f"{path}{suffix} does not unpack to the sheet beside it; remove it.")


def _check_strays(site_folder: Path, expected: dict[str, tuple[Entry | None, ...]], report: Report) -> None:
    for path in _paths_in(site_folder):
        if path.startswith(WELL_KNOWN + "/"):
            if not _belongs_to_proof(path.removeprefix(WELL_KNOWN + "/")):
                report.add(f"{path} is no part of the edition's proof; remove it.")
        elif path not in expected and not (path.endswith(COMPRESSED_SUFFIXES) and path[:-3] in expected):
            report.add(f"{path!r} stands in the copy, but no manifest names it; remove it.")


def _paths_in(site_folder: Path) -> Iterator[str]:
    start = len(os.fspath(site_folder))
    return (file[start:] for file in files_under(os.fspath(site_folder)))


def _belongs_to_proof(name: str) -> bool:
    is_root = name.startswith("root/") and name.endswith(".json") and name[5:-5].isdecimal()
    # What a writer left aside when it was killed is named by nothing and goes with the next sync.
    return name in _PROOF_FILES or is_root or is_part_name(name) or name.startswith("incoming/")


def _read_up_to(descriptor: int, size_bytes: int) -> bytes:
    parts = []
    while size_bytes > 0 and (part := os.read(descriptor, size_bytes)):
        parts.append(part)
        size_bytes -= len(part)
    return b"".join(parts)


def _is_body_of(entry: Entry, body: bytes) -> bool:
    return len(body) == entry.size_bytes and hashlib.sha256(body).hexdigest() == entry.digest


def _unpacked(suffix: str, copy: bytes, size_bytes: int) -> bytes | None:
    """What a compressed copy unpacks to, unless that is longer than expected; None when it is damaged."""
    try:
        if suffix == ".gz":
            unpacker = zlib.decompressobj(wbits=31)
            body = unpacker.decompress(copy, size_bytes + 1)
            return body if unpacker.eof and not unpacker.unused_data else None
        unbrotli = brotli.Decompressor()
        body = b"".join(_brotli_parts(unbrotli, copy, size_bytes))
        return body if unbrotli.is_finished() else None
    except (zlib.error, brotli.error):
        return None


def _brotli_parts(unpacker: Any, copy: bytes, size_bytes: int) -> Iterator[bytes]:
    """What a brotli copy unpacks to, part by part, to a little more than `size_bytes`."""
    part: bytes = unpacker.process(copy, output_buffer_limit=size_bytes + 1)
    while part and size_bytes >= 0:
        yield part
        size_bytes -= len(part)
        part = b"" if unpacker.is_finished() else unpacker.process(b"", output_buffer_limit=size_bytes + 2)
