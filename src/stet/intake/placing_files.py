"""Photos and documents of an archive become the newsroom's.

The rules:
 * A file that was not found, cannot be read, or is no picture is left out; what shows it is placed without it.
 * A photo without a credit or an alternative text gets words that say so, and the report names it.
 * A full or read-only disk is not the file's fault, and stops the run.
"""

from errno import EACCES, EISDIR, ENOENT, EPERM
from pathlib import Path
from typing import Any

from django.core.files import File as DjangoFile
from wagtail.documents import get_document_model
from wagtail.models import ReferenceIndex

from stet.intake import records
from stet.intake.names import Names, own_words
from stet.intake.placing_run import Run
from stet.intake.report import Outcome
from stet.newsroom.errors import PhotoRefusedError
from stet.newsroom.models import Photo


def place_file(run: Run, record: records.Media) -> None:
    """Place a photo or document."""
    kind = record.kind or run.kind("photo" if record.is_photo else "file")
    model = Photo if record.is_photo else get_document_model()
    is_due, row = run.judge(kind, record, record.file_name, model, keys=run.files)
    if not is_due:
        return
    if record.path is None:
        run.settle(kind, record, record.file_name, Outcome.LEFT_OUT)
        return
    names = run.names(run.main_language)
    is_new = row is None
    row = model() if is_new else row
    try:
        _fill(row, record, names)
        _save(row, record, names, is_new=is_new)
    except (PhotoRefusedError, OSError) as error:
        run.leave_out(kind, record, record.file_name, _why_not_read(error), record.file_name)
        return
    ReferenceIndex.create_or_update_for_object(row)
    run.files[record.source_id] = row.pk
    run.take(kind, record, record.file_name, row, names.losses)


def _fill(row: Any, record: records.Media, names: Names) -> None:
    row.title = names.fit(record.title or record.file_name, 255, "a title")
    if record.is_photo:
        own = own_words(record.words, names.main_language)
        row.description = names.fit(own.alt if own else "", 255, "an alternative text")
        row.caption = names.fit(own.caption if own else "", 2000, "a caption")
        row.credit = names.fit(record.credit, 255, "a credit")
        row.licence = names.fit(record.licence, 255, "a licence")


def _save(row: Any, record: records.Media, names: Names, *, is_new: bool) -> None:
    """Save the row, and with a new one its file."""
    if not is_new:
        row.save()
        return
    assert record.path is not None
    with Path(record.path).open("rb") as opened:
        row.file = DjangoFile(opened, name=record.file_name)
        if not record.is_photo:
            row.file_size = row.file.size
        row.save()
    if record.is_photo:
        _complete(row, names)


def _complete(photo: Photo, names: Names) -> None:
    """Put words where a photo has none; saving it has read what credit the file itself holds."""
    if photo.credit and photo.description:
        return
    if not photo.credit:
        photo.credit = "Credit not recorded"
        names.lose("a photo without a credit: “Credit not recorded” stands in its place", photo.title)
    if not photo.description:
        photo.description = photo.title[:255]
        names.lose("a photo without an alternative text: its title stands in its place", photo.title)
    photo.save(update_fields=["credit", "description"])


def _why_not_read(error: Exception) -> str:
    """Why a file of the archive was not taken. What is wrong with our own disk is raised again."""
    if isinstance(error, PhotoRefusedError):
        return str(error)
    if isinstance(error, OSError) and error.errno not in (None, ENOENT, EACCES, EPERM, EISDIR):
        raise error
    return "the file cannot be read" if getattr(error, "errno", None) else "the file is not a picture that can be read"
