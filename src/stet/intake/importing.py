"""The two imports: an archive is read, placed, and accounted for.

The loss report is in English, like the `stet` command that prints it. Django speaks the newsroom's first language
outside a request, and a refused photo would be told in that; so both imports run in English.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from errno import EDQUOT, ENOSPC, EROFS
from pathlib import Path

from django.db import OperationalError
from django.utils.translation import override

from stet.intake.errors import DiskError
from stet.intake.placing import Progress, place
from stet.intake.report import LossReport
from stet.intake.stet_archive import read_archive
from stet.intake.wordpress import read_wordpress
from stet.newsroom.paper import current_paper


@override("en")
def import_stet_archive(path: Path, *, progress: Progress | None = None, now: datetime | None = None) -> LossReport:
    """Take Stet's own archive, such as the sample newsroom, and say what became of everything in it.

    Raises ArchiveError where the archive is wrong: then nothing was taken.
    """
    archive = read_archive(path)
    report = LossReport(path.name or str(path))
    with _disk_errors_told():
        place(archive, report, now=now or datetime.now(UTC), progress=progress)
    return report.check()


@override("en")
def import_wordpress(
    path: Path,
    *,
    media: Path | None = None,
    language: str = "",
    progress: Progress | None = None,
    now: datetime | None = None,
) -> LossReport:
    """Take a WordPress export, and say what became of everything in it.

    `media` is the folder of the old site's uploads; `language` the language of the paper to place everything in,
    the export's own where it is empty. Raises ArchiveError where the file is no export: then nothing was taken.
    """
    moment = now or datetime.now(UTC)
    report = LossReport(path.name)
    archive = read_wordpress(
        path, media=media, language=language, languages=current_paper().languages, now=moment, report=report
    )
    with _disk_errors_told():
        place(archive, report, now=moment, progress=progress)
    return report.check()


@contextmanager
def _disk_errors_told() -> Iterator[None]:
    """Say a full or read-only disk in a sentence; what was placed stays, and the next run goes on from there."""
    try:
        yield
    except OSError as error:
        if error.errno not in (ENOSPC, EDQUOT, EROFS):
            raise
        raise DiskError(_DISK_SENTENCE.format(what=error.strerror)) from error
    except OperationalError as error:
        if not any(word in str(error) for word in ("full", "readonly", "read-only", "No space")):
            raise
        raise DiskError(_DISK_SENTENCE.format(what=error)) from error


_DISK_SENTENCE = (
    "The newsroom's folder cannot be written to ({what}). What was taken so far stays; "
    "make room on the disk and run the same import again, it goes on from there."
)
