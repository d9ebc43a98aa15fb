"""A copy of a site in a folder. Links are not followed."""

import os
import stat
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from stet.edition.disk import files_under
from stet.edition.root import SiteKey
from stet.edition.verify.proof import Known
from stet.edition.verify.report import Kind, Progress, Report
from stet.edition.verify.seen import NOTHING, Seen
from stet.edition.verify.sheets import check_whole


def verify_folder(
    site_folder: Path,
    *,
    root: SiteKey | str | None,
    now: datetime,
    highest_seq_seen: int | None = None,
    remembered: Seen = NOTHING,
    progress: Progress | None = None,
) -> Report:
    """Check the copy of a site in `site_folder` (the folder that holds `.well-known`).

    `root` is the public site key, the site's id, or its fingerprint. Problems are reported, not raised.
    """
    report = Report(kind=Kind.FOLDER)
    known = Known(key=root, now=now, highest_seq_seen=highest_seq_seen, remembered=remembered)
    try:
        check_whole(FolderCopy(site_folder), known, report, progress)
    except OSError as error:
        report.add(f"The copy in {site_folder} cannot be read: {error.strerror}.")
    return report


class FolderCopy:
    """Files below a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = os.fspath(folder)

    def read(self, path: str, most_bytes: int) -> bytes | None:
        """A file's bytes, one more than `most_bytes` at most; None when no plain file stands there."""
        try:
            descriptor = os.open(self._folder + path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        except (FileNotFoundError, NotADirectoryError):
            return None
        try:
            return _read_up_to(descriptor, most_bytes + 1) if stat.S_ISREG(os.fstat(descriptor).st_mode) else None
        finally:
            os.close(descriptor)

    def paths(self) -> Iterator[str]:
        """The path of everything that is no folder, links included."""
        start = len(self._folder)
        return (file[start:] for file in files_under(self._folder))


def _read_up_to(descriptor: int, size_bytes: int) -> bytes:
    parts = []
    while size_bytes > 0 and (part := os.read(descriptor, size_bytes)):
        parts.append(part)
        size_bytes -= len(part)
    return b"".join(parts)
