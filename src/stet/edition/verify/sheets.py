"""The sheets of a copy against the lines of its manifest."""

import hashlib
import re
from collections.abc import Mapping, Sequence

from stet.edition.errors import EditionBrokenError, PageBrokenError
from stet.edition.manifest import Entry, differences
from stet.edition.page_signature import read_signature, verify_page
from stet.edition.pointer import Pointer
from stet.edition.root import Root
from stet.edition.sheet import COMPRESSED_SUFFIXES, WELL_KNOWN, file_path, is_html
from stet.edition.superseded import is_part_name
from stet.edition.verify.copies import Copy
from stet.edition.verify.packing import HAS_BROTLI, unpacked
from stet.edition.verify.proof import Known, check_minisig, checked_next, checked_pointer, checked_roots, tree_of
from stet.edition.verify.report import Progress, Report
from stet.kit.errors import StetError, UnreachableError

Lines = Mapping[str, tuple[Entry | None, ...]]
"""Every path, and how its sheet may stand: as its line says, or, where None is among the states, not at all."""

_INCOMING = re.compile(r"incoming/\w{1,16}", re.ASCII)
"""What a killed writer left aside at a mirror; without an ending no server gives it a type that is shown."""
_PROOF_FILES = frozenset(
    f"{pointer}{suffix}" for pointer in ("edition.json", "next.json") for suffix in ("", ".sig", ".minisig")
)
NO_BROTLI = "Compressed copies in .br were not looked at: Python's brotli is not installed here."


def check_whole(copy: Copy, known: Known, report: Report, progress: Progress | None = None) -> None:
    """Check everything of a copy: proof, every sheet, and that nothing else stands there. Problems are reported."""
    try:
        roots = checked_roots(copy, known, report)
        pointer = checked_pointer(copy, roots, known, report)
        coming = checked_next(copy, roots, pointer)
        report.is_printing = coming is not None
        check_minisig(copy, roots, pointer, report)
        expected = expected_sheets(copy, pointer, coming)
    except StetError as error:
        report.add_error(error)
        return
    check_sheets(copy, roots, expected, report, progress)
    check_strays(copy, expected, report)


def expected_sheets(copy: Copy, pointer: Pointer, coming: Pointer | None) -> Lines:
    """The lines of the manifest, and while an edition is being printed, those of the next."""
    tree = tree_of(copy, pointer)
    expected: dict[str, tuple[Entry | None, ...]] = {}
    for entry in tree.entries():
        if file_path(entry.path) != entry.path:
            raise EditionBrokenError("The manifest names a file that no sheet may have; do not trust this copy.")
        expected[entry.path] = (entry,)
    if coming is not None:
        for old, new in differences(tree, tree_of(copy, coming)):
            expected[_path_of(old, new)] = (old, new)
    return expected


def _path_of(old: Entry | None, new: Entry | None) -> str:
    entry = new or old
    return file_path(entry.path) if entry else ""


def check_sheets(
    copy: Copy, roots: Sequence[Root], expected: Lines, report: Report, progress: Progress | None = None
) -> None:
    """Check these sheets, one after the other."""
    report.sheets_named = max(report.sheets_named, len(expected))
    checker = SheetChecker(copy, roots, report)
    for number, (path, states) in enumerate(expected.items(), start=1):
        checker.check(path, states)
        if progress and (number % 512 == 0 or number == len(expected)):
            progress(number, len(expected))


class SheetChecker:
    """Checks one sheet after the other against the lines that it may match."""

    def __init__(self, copy: Copy, roots: Sequence[Root], report: Report) -> None:
        self._copy = copy
        self._site = roots[0].site_id
        self._keys = roots[-1].edition_keys
        self._report = report

    def check(self, path: str, states: Sequence[Entry | None]) -> None:
        """Check the sheet at `path`."""
        self._report.sheets_checked += 1
        try:
            body = self._copy.read(path, max(entry.size_bytes for entry in states if entry))
        except OSError as error:
            self._report.add(f"{path} cannot be read: {error.strerror or 'the copy is damaged there'}.")
            return
        except UnreachableError as error:
            self._report.sheets_checked -= 1
            self._report.add_error(error)
            return
        if body is None:
            if None not in states:
                self._report.add(f"{path} is missing.")
            return
        entry = next((entry for entry in states if entry and is_body_of(entry, body)), None)
        if entry is None:
            self._report.add(f"{path} is not the sheet that was signed: it was changed, cut off or swapped.")
            return
        if is_html(entry.media_type):
            self._check_page(path, body)
        self._check_copies(path, body)

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
            copy = self._copy.read(path + suffix, 2 * len(body) + 1024)
            if copy is None:
                continue
            if suffix == ".br" and not HAS_BROTLI:
                if NO_BROTLI not in self._report.notes:
                    self._report.notes.append(NO_BROTLI)
            elif unpacked(suffix, copy, len(body)) != body:
                self._report.add(f"{path}{suffix} does not unpack to the sheet beside it; remove it.")


def check_strays(copy: Copy, expected: Lines, report: Report) -> None:
    """Report what stands in the copy and is no part of it."""
    for path in copy.paths() or ():
        if path.startswith(WELL_KNOWN + "/"):
            if not belongs_to_proof(path.removeprefix(WELL_KNOWN + "/")):
                report.add(f"{path} is no part of the edition's proof; remove it.")
        elif path not in expected and not (path.endswith(COMPRESSED_SUFFIXES) and path[:-3] in expected):
            report.add(f"{path!r} stands in the copy, but no manifest names it; remove it.")


def belongs_to_proof(name: str) -> bool:
    """Whether a file under /.well-known/stet is one that the format knows."""
    is_root = name.startswith("root/") and name.endswith(".json") and name[5:-5].isdecimal()
    return name in _PROOF_FILES or is_root or is_part_name(name) or _INCOMING.fullmatch(name) is not None


def is_body_of(entry: Entry, body: bytes) -> bool:
    """Whether these are the bytes that a line names."""
    return len(body) == entry.size_bytes and hashlib.sha256(body).hexdigest() == entry.digest
