"""Checking a copy from a command line: what is asked and answered by `stet verify` and `python -m stet.edition`.

Exit codes: 0 what was checked is the newsroom's · 1 something is wrong · 2 the command cannot be carried out as given ·
4 nothing is wrong, but it could not be checked: a host did not answer, or there was nothing to compare with.
"""

import argparse
import dataclasses
import json
import os
import sys
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, NoReturn

from stet.edition.errors import AddressRefusedError, EditionBrokenError
from stet.edition.root import FINGERPRINT_DIGITS, SignedRoot, SiteKey
from stet.edition.verify import seen as memory
from stet.edition.verify.archive import verify_archive
from stet.edition.verify.copies import MOST_PAGE_BYTES
from stet.edition.verify.folder import FolderCopy, verify_folder
from stet.edition.verify.page import check_page, report_page
from stet.edition.verify.proof import Known, checked_roots
from stet.edition.verify.reader_page import reader_page, site_of_page
from stet.edition.verify.report import Kind, Progress, Report, Verdict
from stet.edition.verify.web import SAMPLE, verify_address
from stet.kit.clock import SystemClock
from stet.kit.errors import StetError, UnreachableError

GOOD, WRONG, USAGE, UNSURE = 0, 1, 2, 4
EXIT_CODES = {Verdict.GOOD: GOOD, Verdict.WRONG: WRONG, Verdict.UNSURE: UNSURE}
_WEB = ("http://", "https://")
_PAGES = (".html", ".htm", ".xhtml", ".txt", ".mhtml")

WRITTEN = "{} checks saved pages and ZIPs of this site in any browser, without a network. Hand it on."
HEADINGS = {
    Verdict.GOOD: "This copy is what the newsroom signed",
    Verdict.WRONG: "Do not trust this copy.",
    Verdict.UNSURE: "This copy could not be checked to the end.",
}
WHAT = {
    Kind.FOLDER: "Checked: a folder, every sheet in it.",
    Kind.ARCHIVE: "Checked: a ZIP of a whole edition, every sheet in it.",
    Kind.BUNDLE: "Checked: a ZIP of a part of an edition, every page in it.",
    Kind.SITE: "Checked: a site at its address.",
    Kind.ADDRESS: "Checked: one page at its address.",
    Kind.PAGE: "Checked: one page that was saved.",
}


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What somebody wants to be checked, and what they know."""

    copy: str
    key: str | None = None
    """A file (site.pub, or a verify.html of the newsroom), a site's id, or a fingerprint."""
    at_least: int | None = None
    path: str | None = None
    """Where a saved page was found."""
    roots_of: Path | None = None
    """A copy of the site whose roots judge a saved page."""
    sample: int | None = SAMPLE
    proxy: str | None = None
    state: Path | None = None
    """The file that remembers; None: nothing is remembered."""


def check(asked: Asked, *, now: datetime, progress: Progress | None = None) -> Report:
    """Check what was asked for, and remember what was seen. Raises a RefusedError for what cannot be checked at all."""
    key, brought = _key(asked.key)
    known = memory.of(memory.load(asked.state), key) if asked.state else memory.Seen()
    if len(brought) > len(known.roots):
        newest = SignedRoot.from_bytes(brought[-1]).root
        known = memory.Seen(seq=known.seq_under([newest]), roots=brought)
    how: dict[str, Any] = {"root": key, "now": now, "highest_seq_seen": asked.at_least, "remembered": known}
    if asked.copy.lower().startswith(_WEB):
        report = verify_address(asked.copy, sample=asked.sample, proxy=asked.proxy, progress=progress, **how)
    else:
        report = _check_here(Path(asked.copy), asked, how, progress)
    if asked.state and report.site and key is not None:
        memory.note(asked.state, report.site, seq=_vouched_seq(report), roots=report.roots)
    return report


def _check_here(place: Path, asked: Asked, how: dict[str, Any], progress: Progress | None) -> Report:
    if place.is_dir():
        return verify_folder(_site_in(place), progress=progress, **how)
    try:
        with place.open("rb") as file:
            start = file.read(4)
            page = start + file.read(MOST_PAGE_BYTES) if start[:2] != b"PK" else b""
    except OSError as error:
        raise AddressRefusedError(
            f"{place} cannot be read: {error.strerror}. Give a folder, a ZIP, a saved page or an https:// address."
        ) from error
    if start[:2] == b"PK":
        return verify_archive(place, progress=progress, **how)
    return _check_saved(page, asked, Known(key=how["root"], now=how["now"], remembered=how["remembered"]))


def _check_saved(page: bytes, asked: Asked, known: Known) -> Report:
    report = Report(kind=Kind.PAGE)
    copy = FolderCopy(_site_in(asked.roots_of)) if asked.roots_of else None
    if copy is None and not known.remembered.roots:
        report.doubts.append(
            "A page names the key it was signed with, but does not bring it. Check a whole copy of the site once: that "
            "is remembered; or give one with --roots DIR; or give the newsroom's verify.html as --key."
        )
        return report
    try:
        roots = checked_roots(copy, known, report)
        report_page(report, *check_page(page, roots, now=known.now, path=asked.path))
    except StetError as error:
        report.add_error(error)
    return report


def _site_in(place: Path) -> Path:
    """The folder that holds .well-known: this, or, of an edition's folder, `site` in it."""
    return next((path for path in (place, place / "site") if (path / ".well-known").is_dir()), place)


def _key(given: str | None) -> tuple[SiteKey | str | None, tuple[bytes, ...]]:
    """The key, and the roots that came with it."""
    if given is None:
        return None, ()
    digits = "".join(given.replace("-", "").split()).lower()
    if len(digits) >= FINGERPRINT_DIGITS and set(digits) <= set("0123456789abcdef"):
        return digits, ()
    path = Path(given)
    if path.suffix in (".html", ".htm"):
        site, roots = site_of_page(path)
        return site, roots
    return SiteKey.load(path), ()


def _vouched_seq(report: Report) -> int | None:
    """The edition to remember: one is named in a report only after its signature was found good."""
    return report.seq if report.kind is not Kind.PAGE else None


# --- What is said ---


def said(report: Report) -> str:
    """What came of a check, in sentences."""
    heading = HEADINGS[report.verdict]
    lines = [f"{heading}{f': {_which(report)}' if report.verdict is Verdict.GOOD else ''}"]
    lines += [f"- {problem}" for problem in report.problems]
    more = report.problem_count - len(report.problems)
    lines += [f"… and {more:,} more."] if more else []
    lines += [f"- {doubt}" for doubt in report.doubts]
    lines += [WHAT[report.kind], *report.notes]
    if report.fingerprint:
        lines += [f"Fingerprint of the site: {report.fingerprint}", f"In words: {report.spoken}"]
    return "\n".join(lines)


def _which(report: Report) -> str:
    if report.seq is None or report.published is None or report.expires is None:
        changed = f"{report.page_time:%Y-%m-%d %H:%M} UTC" if report.page_time else "an unknown time"
        return f"{report.page_path}, as of {changed}."
    return (
        f"edition {report.seq}, {report.sheets_checked:,} sheets, published {report.published:%Y-%m-%d %H:%M} UTC, "
        f"signed until {report.expires:%Y-%m-%d %H:%M} UTC."
    )


def as_json(report: Report, asked: Asked) -> dict[str, Any]:
    """The same for machines."""
    fields = dataclasses.asdict(report) | {"kind": report.kind.value, "verdict": report.verdict.value, "ok": report.ok}
    del fields["roots"]
    return fields | {"at_least": asked.at_least}


# --- The command line, without anything that Python does not bring ---


def main(arguments: Sequence[str] | None = None, *, environment: Mapping[str, str] = os.environ) -> NoReturn:
    """Run `python -m stet.edition`; ends the process."""
    options = _parser().parse_args(arguments)
    state = None if options.no_state else options.state or memory.default_file(environment)
    asked = Asked(
        copy=options.copy,
        key=options.key,
        at_least=options.at_least,
        path=options.path,
        roots_of=options.roots,
        sample=None if options.all else options.sample,
        proxy=options.proxy,
        state=state,
    )
    try:
        if options.page:
            sys.exit(_write_page(options.page, asked))
        report = check(asked, now=SystemClock().now())
    except StetError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(UNSURE if isinstance(error, UnreachableError) else USAGE)
    text = json.dumps(as_json(report, asked), ensure_ascii=False, default=str) if options.json else said(report)
    sys.stdout.write(text + "\n")
    sys.exit(EXIT_CODES[report.verdict])


def _write_page(target: Path, asked: Asked) -> int:
    page = page_of_folder(Path(asked.copy), asked.key, now=SystemClock().now())
    write_page(target, page)
    sys.stdout.write(WRITTEN.format(target) + "\n")
    return GOOD


def page_of_folder(place: Path, key: str | None, *, now: datetime) -> bytes:
    """A verify.html with the roots of the copy of a site in a folder; raises EditionBrokenError for another site's."""
    copy, report = FolderCopy(_site_in(place)), Report()
    checked_roots(copy, Known(key=_key(key)[0], now=now), report)
    if report.problems:
        raise EditionBrokenError(report.problems[0])
    return reader_page(report.roots)


def write_page(target: Path, page: bytes) -> None:
    """Write verify.html; raises AddressRefusedError where it cannot be."""
    try:
        target.write_bytes(page)
    except OSError as error:
        raise AddressRefusedError(f"{target} cannot be written: {error.strerror}.") from error


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m stet.edition",
        description="Check that a copy of a site is what its newsroom signed: folder, ZIP, address, saved page.",
        epilog="Exit codes: 0 it is · 1 something is wrong · 2 the command is · 4 it could not be checked.",
    )
    add = parser.add_argument
    add("copy", metavar="COPY", help="a folder that holds .well-known, a ZIP, https://…, or a page that was saved")
    add("-k", "--key", metavar="KEY", help="site.pub, the newsroom's verify.html, its id or its fingerprint")
    add("--at-least", type=int, metavar="SEQ", help="the highest edition number that you have seen")
    add("--path", metavar="PATH", help="where a saved page was found, such as /news/a-story/")
    add("--roots", type=Path, metavar="DIR", help="a copy of the site by whose roots a saved page is judged")
    add("--sample", type=int, default=SAMPLE, metavar="N", help="how many sheets of a site at an address (%(default)s)")
    add("--all", action="store_true", help="every sheet of a site at an address")
    add("--proxy", metavar="URL", help="an HTTP proxy to go through, such as http://127.0.0.1:8118")
    add("--state", type=Path, metavar="FILE", help="the file that remembers the highest edition seen of each site")
    add("--no-state", action="store_true", help="remember nothing, and ask nothing that was remembered")
    add("--page", type=Path, metavar="FILE", help="check nothing: write a verify.html of the site in the folder COPY")
    add("--json", action="store_true", help="print one JSON object, for machines")
    return parser
