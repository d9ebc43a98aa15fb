"""A copy of a site in a ZIP: a whole edition, or a bundle of some of its pages.

A bundle holds the site's roots, the pointer of the edition it was taken from, and pages that vouch for themselves.
What is in it and neither a page nor in the part of a manifest that it brings is not proven, so the bundle is not called
good; where a reader's browser would run it, that is a problem.

A ZIP is not trusted before it is checked: names that leave the folder, names that stand twice and members that unpack
to more than they may are refused, and nothing is ever unpacked to the disk.
"""

import zipfile
import zlib
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from stet.edition.errors import EditionBrokenError
from stet.edition.manifest import Tree
from stet.edition.pointer import Pointer
from stet.edition.root import Root, SiteKey
from stet.edition.sheet import WELL_KNOWN
from stet.edition.verify.copies import MOST_PAGE_BYTES, Copy
from stet.edition.verify.page import GOOD_CODES, SENTENCES, Code, check_page
from stet.edition.verify.proof import Known, checked_pointer, checked_roots, tree_of
from stet.edition.verify.report import Kind, Progress, Report
from stet.edition.verify.seen import NOTHING, Seen
from stet.edition.verify.sheets import belongs_to_proof, check_whole, is_body_of
from stet.kit.clock import write_moment
from stet.kit.errors import BrokenError, StetError

MOST_MEMBERS = 1_000_000
MOST_BUNDLE_BYTES = 1 << 30
"""Of all that a bundle unpacks to."""
_ROOT_1 = f"{WELL_KNOWN[1:]}/root/1.json"
_WRITERS = ("lock", "journal", "superseded")
_PAGES = (".html", ".htm", ".xhtml")
_HARMLESS = (
    ".avif", ".webp", ".jpg", ".jpeg", ".png", ".gif", ".txt", ".md", ".json", ".mp3", ".ogg", ".opus", ".mp4", ".webm",
)  # fmt: skip
"""What a browser shows and never runs. Anything else nobody vouches for is a problem."""


def verify_archive(
    file: Path,
    *,
    root: SiteKey | str | None,
    now: datetime,
    highest_seq_seen: int | None = None,
    remembered: Seen = NOTHING,
    progress: Progress | None = None,
) -> Report:
    """Check a ZIP. Problems are reported, not raised."""
    report = Report(kind=Kind.ARCHIVE)
    known = Known(key=root, now=now, highest_seq_seen=highest_seq_seen, remembered=remembered)
    try:
        with zipfile.ZipFile(file) as archive:
            copy = ArchiveCopy(archive)
            if copy.is_whole:
                check_whole(copy, known, report, progress)
            else:
                report.kind = Kind.BUNDLE
                _check_bundle(copy, known, report, progress)
    except StetError as error:
        report.add_error(error)
    except (zipfile.BadZipFile, OSError, NotImplementedError, ValueError):
        report.add(f"{file.name} is damaged, or no ZIP that can be read; get it again.")
    return report


class ArchiveCopy:
    """The members of a ZIP, below the folder in which the proof stands."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        """Raises EditionBrokenError where members have names that no copy has."""
        self._archive = archive
        members = [info for info in archive.infolist() if not info.is_dir()]
        if len(members) > MOST_MEMBERS:
            raise EditionBrokenError("The ZIP holds more files than a site has; do not trust it.")
        start = _folder_of_proof([info.filename for info in members])
        self._members: dict[str, zipfile.ZipInfo] = {}
        self.outside: list[str] = []
        for info in members:
            if info.filename in self._members or _is_unsafe(info):
                raise EditionBrokenError(
                    f"The ZIP holds {info.filename[:200]!r} twice, or under a name that no page has; do not open it."
                )
            if info.filename.startswith(start):
                path = "/" + info.filename[len(start) :]
                if path in self._members:
                    raise EditionBrokenError(f"The ZIP holds {path[:200]!r} twice; do not open it.")
                self._members[path] = info
            elif info.filename not in _writers_files(start):
                self.outside.append(info.filename)

    @property
    def is_whole(self) -> bool:
        """Whether the ZIP brings the whole manifest of its edition, and so is meant to be the whole edition."""
        try:
            return self._names_all_parts()
        except StetError:
            return False

    def _names_all_parts(self) -> bool:
        file = self.read(f"{WELL_KNOWN}/edition.json", 1 << 20)
        if file is None:
            return False
        tree: Tree = tree_of(self, Pointer.from_bytes(file))
        return all(f"{WELL_KNOWN}/{name}" in self._members for name in tree.names())

    def read(self, path: str, most_bytes: int) -> bytes | None:
        """A member's bytes, one more than `most_bytes` at most; None where there is none."""
        info = self._members.get(path)
        if info is None:
            return None
        try:
            with self._archive.open(info) as member:
                return member.read(most_bytes + 1)
        except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError) as error:
            raise EditionBrokenError(f"{path} in the ZIP is damaged; get the ZIP again.") from error

    def paths(self) -> Iterator[str]:
        """The path of every member."""
        return iter((*self._members, *(f"/../{name}" for name in self.outside)))


def _folder_of_proof(names: Sequence[str]) -> str:
    """The folder in the ZIP that is the site: "" or "week/"."""
    found = sorted((name[: -len(_ROOT_1)] for name in names if name.endswith(_ROOT_1)), key=len)
    if not found or (found[0] and not found[0].endswith("/")):
        raise EditionBrokenError("The ZIP holds no root/1.json, so nothing says whose it is.")
    return found[0]


def _writers_files(start: str) -> tuple[str, ...]:
    """What stands beside `site` in an edition's folder and is its writer's."""
    return tuple(start[: -len("site/")] + name for name in _WRITERS) if start.endswith("site/") else ()


def _is_unsafe(info: zipfile.ZipInfo) -> bool:
    parts = info.filename.split("/")
    is_link = (info.external_attr >> 28) == 0o12
    return is_link or "\\" in info.filename or ".." in parts or "" in parts or ":" in parts[0]


def _check_bundle(copy: ArchiveCopy, known: Known, report: Report, progress: Progress | None) -> None:
    roots = checked_roots(copy, known, report)
    pointer = checked_pointer(copy, roots, known, report)
    tree = tree_of(copy, pointer)
    report.notes.append(
        f"This is a part of edition {pointer.seq} of {write_moment(pointer.published)}, made to be kept: every page in "
        "it is checked by itself. What is not in it, and what was corrected since, it cannot tell."
    )
    paths, left = [*copy.paths()], MOST_BUNDLE_BYTES
    for number, path in enumerate(paths, start=1):
        if not path.startswith(WELL_KNOWN + "/"):
            left -= _check_member(copy, path, roots, tree, known, report)
        elif not belongs_to_proof(path.removeprefix(WELL_KNOWN + "/")):
            report.add(f"{path} is no part of the edition's proof; remove it.")
        if left < 0:
            raise EditionBrokenError("The ZIP unpacks to far more than a bundle holds; do not open it.")
        if progress and (number % 64 == 0 or number == len(paths)):
            progress(number, len(paths))
    if report.files_unproven:
        report.doubts.append(
            f"{report.files_unproven} pictures and other files carry no signature of their own; they were not checked."
        )


def _check_member(copy: Copy, path: str, roots: Sequence[Root], tree: Tree, known: Known, report: Report) -> int:
    """Check one file of a bundle; the bytes that were unpacked for it."""
    body = copy.read(path, MOST_PAGE_BYTES)
    if body is None:
        report.add(f"{path!r} stands beside the site in the ZIP, and nobody vouches for it; do not open it.")
        return 0
    is_page = path.lower().endswith(_PAGES)
    if _is_in_manifest(path, body, tree):
        report.sheets_checked += 1
        report.pages_signed += is_page
    elif is_page:
        report.sheets_checked += 1
        _check_page(path, body, roots, known, report)
    else:
        _count_unproven(path, report)
    return len(body)


def _check_page(path: str, body: bytes, roots: Sequence[Root], known: Known, report: Report) -> None:
    code, claim = check_page(body, roots, now=known.now, path=path)
    if code in GOOD_CODES or code is Code.EXPIRED:  # An expired root was reported once, for all pages.
        report.pages_signed += 1
    else:
        report.add(f"{path}: {SENTENCES[code].format(path=claim.path if claim else '')}")


def _count_unproven(path: str, report: Report) -> None:
    if path.lower().endswith(_HARMLESS):
        report.files_unproven += 1
    else:
        report.add(f"{path!r} could be run by a browser, and nobody vouches for it; do not open it.")


def _is_in_manifest(path: str, body: bytes, tree: Tree) -> bool:
    """Whether the part of the manifest that the bundle brings, if it brings one, names this very file."""
    try:
        entry = tree.entry(path)
    except BrokenError:
        return False
    return entry is not None and is_body_of(entry, body)
