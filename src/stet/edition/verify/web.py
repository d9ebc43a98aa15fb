"""A copy of a site at an address: one page of it, a sample, or all.

A page is checked by its own signature and against the manifest of the edition that stands there. A sample is drawn anew
each time, so a mirror cannot know which sheets to keep honest; the front page is always in it. A mirror may answer a
check and a reader differently: a check says what it got, from where it asked.
"""

import random
import unicodedata
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from urllib.parse import quote, unquote

from stet.edition.errors import AddressUnreachableError, EditionBrokenError
from stet.edition.manifest import Entry, Tree
from stet.edition.pointer import Pointer
from stet.edition.root import Root, SiteKey
from stet.edition.sheet import WELL_KNOWN, file_path
from stet.edition.verify.copies import MOST_PAGE_BYTES, Copy
from stet.edition.verify.page import GOOD_CODES, check_page, report_page
from stet.edition.verify.proof import Known, check_minisig, checked_next, checked_pointer, checked_roots, tree_of
from stet.edition.verify.report import Kind, Progress, Report
from stet.edition.verify.seen import NOTHING, Seen
from stet.edition.verify.sheets import check_sheets, check_whole, is_body_of
from stet.edition.verify.visiting import SECONDS, Visitor, is_missing
from stet.kit.errors import StetError

SAMPLE = 20
_INDEX = "index.html"
_DEEPEST = 8


def verify_address(
    address: str,
    *,
    root: SiteKey | str | None,
    now: datetime,
    highest_seq_seen: int | None = None,
    remembered: Seen = NOTHING,
    sample: int | None = SAMPLE,
    proxy: str | None = None,
    seconds: float = SECONDS,
    progress: Progress | None = None,
) -> Report:
    """Check what stands at `address`: the page, or, of a site's own address, `sample` sheets (None: all).

    Problems are reported; AddressRefusedError is raised for what is no address.
    """
    visitor = Visitor(address, proxy=proxy, seconds=seconds)
    known = Known(key=root, now=now, highest_seq_seen=highest_seq_seen, remembered=remembered)
    try:
        report, seq = _check(visitor, visitor.asked_path, known, sample, progress)
        if not report.ok and seq is not None and seq != report.seq:
            # The mirror went on to another edition while it was read.
            report, _seq = _check(visitor, visitor.asked_path, known, sample, progress)
    finally:
        visitor.close()
    return report


def _check(
    visitor: Visitor, asked: str, known: Known, sample: int | None, progress: Progress | None
) -> tuple[Report, int | None]:
    """A report, and the edition that stood there when it was done, where something was wrong."""
    report = Report(kind=Kind.SITE)
    try:
        copy, path = _found(visitor, asked or "/")
        if path != "/":
            report.kind = Kind.ADDRESS
            _check_one(copy, path, known, report)
        elif sample is None:
            check_whole(copy, known, report, progress)
        else:
            _check_sample(copy, known, sample, report, progress)
        return report, None if report.ok else _seq_now(copy)
    except StetError as error:
        report.add_error(error)
        return report, None


class WebCopy:
    """Files at an address. What belongs to the proof is fetched once."""

    def __init__(self, visitor: Visitor, base: str) -> None:
        self._visitor = visitor
        self._base = base
        self._proof: dict[str, bytes | None] = {}

    def read(self, path: str, most_bytes: int) -> bytes | None:
        """What stands at the address of `path`; None where the host says there is nothing.

        Raises AddressUnreachableError where the host says neither.
        """
        if path.endswith((".br", ".gz")):
            return None
        if not path.startswith(WELL_KNOWN):
            return self._fetch(path.removesuffix(_INDEX) if path.endswith("/" + _INDEX) else path, most_bytes)
        if path not in self._proof:
            body = self._fetch(path, most_bytes, is_proof=True)
            # Some hosts answer with a page of their own where there is no file. No file of the proof begins so.
            self._proof[path] = None if body is not None and body.lstrip()[:1] == b"<" else body
        return self._proof[path]

    def read_anew(self, path: str, most_bytes: int) -> bytes | None:
        """The same, whatever was fetched before."""
        self._proof.pop(path, None)
        return self.read(path, most_bytes)

    def paths(self) -> None:
        """Nobody can list an address."""

    def _fetch(self, path: str, most_bytes: int, *, is_proof: bool = False) -> bytes | None:
        answer = self._visitor.get(self._base + quote(path, safe="/"), most_bytes)
        # Stores of objects answer 403 for what is not there, unless everybody may list them.
        if is_missing(answer) or (is_proof and answer.status == 403):
            return None
        if answer.status != 200:
            raise AddressUnreachableError(f"The host answers {answer.status} for {path}; try again later.")
        return answer.body


def _found(visitor: Visitor, asked: str) -> tuple[WebCopy, str]:
    """The site at an address, and the path in it that was asked for. A site may stand below a path, as on a gateway."""
    path = unicodedata.normalize("NFC", unquote(asked))
    folders = path.split("/")[:-1]
    for depth in range(1, min(len(folders), _DEEPEST) + 1):
        base = "/".join(folders[:depth])
        copy = WebCopy(visitor, quote(base, safe="/"))
        if copy.read(f"{WELL_KNOWN}/root/1.json", 1 << 20) is not None:
            return copy, path[len(base) :]
    raise EditionBrokenError("No signed site stands at this address: it has no root/1.json.")


def _seq_now(copy: WebCopy) -> int | None:
    try:
        file = copy.read_anew(f"{WELL_KNOWN}/edition.json", 1 << 20)
        return Pointer.from_bytes(file or b"").seq
    except StetError:
        return None


def _proven(copy: Copy, known: Known, report: Report) -> tuple[tuple[Root, ...], Pointer, list[Tree]]:
    roots = checked_roots(copy, known, report)
    pointer = checked_pointer(copy, roots, known, report)
    coming = checked_next(copy, roots, pointer)
    report.is_printing = coming is not None
    report.sheets_named = pointer.files
    check_minisig(copy, roots, pointer, report)
    return roots, pointer, [tree_of(copy, one) for one in (pointer, coming) if one is not None]


def _check_one(copy: Copy, path: str, known: Known, report: Report) -> None:
    roots, pointer, trees = _proven(copy, known, report)
    path = file_path(path)
    states = [tree.entry(path) for tree in trees]
    most_bytes = max((entry.size_bytes for entry in states if entry), default=MOST_PAGE_BYTES)
    body = copy.read(path, most_bytes)
    if body is None:
        report.add(f"{path} is not there." if not any(states) else f"{path} is missing.")
        return
    report.sheets_checked = 1
    is_current = any(entry and is_body_of(entry, body) for entry in states)
    if not path.endswith((".html", ".htm")):
        if not is_current:
            report.add(f"{path} is not the sheet that was signed: it was changed, cut off or swapped.")
        return
    code, claim = check_page(body, roots, now=known.now, path=path)
    if is_current and claim is None:
        report.pages_unsigned += 1
        return
    report_page(report, code, claim)
    if is_current and code in GOOD_CODES:
        report.notes[-1] = f"It is part of edition {pointer.seq}, as it stands there now."
    elif code in GOOD_CODES:
        report.add(
            f"The newsroom signed the page, but it is not part of edition {pointer.seq}: it was replaced, corrected or "
            "withdrawn, or it is newer than the edition that stands there."
        )


def _check_sample(copy: Copy, known: Known, size: int, report: Report, progress: Progress | None) -> None:
    roots, pointer, trees = _proven(copy, known, report)
    drawn: dict[str, tuple[Entry | None, ...]] = {}
    for entry in _drawn(trees[0], size):
        others = (tree.entry(entry.path) for tree in trees[1:])
        drawn[entry.path] = (entry, *others)
    check_sheets(copy, roots, drawn, report, progress)
    report.sheets_named = pointer.files
    if report.sheets_checked < pointer.files:
        report.notes.append(
            f"{report.sheets_checked} of {pointer.files} sheets were checked, drawn by lot; --all checks every one."
        )


def _drawn(tree: Tree, size: int) -> Iterator[Entry]:
    """The front page, and sheets by lot. Parts of the manifest that several stand under are asked for once."""
    tree = Tree(tree.root, tree.files, cache(tree.read))
    front = tree.entry("/" + _INDEX)
    if front is not None:
        yield front
    lots = random.SystemRandom().sample(range(tree.files), min(size, tree.files))
    yield from (tree.numbered(number) for number in lots)
