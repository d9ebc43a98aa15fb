"""Taking a file in as evidence: what it is, its copies, and what its row says of them.

The rules:
 * The evidentiary copy is kept as it was captured, to the last byte, and only once.
 * The working copy of a picture is its pixels, without what the camera wrote beside them. Of other files it is what an
   editor uploads after looking it over.
 * What is printed is the working copy, and only of public evidence. A text without one is printed as it was captured.
   A document, sound or film without one is not printed: it may tell who made it.
 * Of sealed evidence nothing lies here but the seal: no name, no kind, no digest of what is inside, no address.
"""

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

from django.utils.translation import gettext as _

from stet.newsroom.errors import PhotoRefusedError
from stet.newsroom.stripping import strip_photo
from stet.sourcing.copies import ORIGINAL, WORKING, EvidenceFolder
from stet.sourcing.errors import EvidenceRefusedError
from stet.sourcing.models import Evidence
from stet.sourcing.sealing import seal
from stet.sourcing.sniffing import PHOTOS, TEXT, media_type_of
from stet.sourcing.terms import Visibility

LONGEST_NAME = 200
_BAD_IN_NAMES = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|\u200e\u200f\u202a-\u202e\u2066-\u2069]+')


def checked_type(body: bytes, *, folder: EvidenceFolder) -> str:
    """The media type of a file that may be evidence. Raises EvidenceRefusedError."""
    refuse_large(len(body), folder=folder)
    if not body:
        raise EvidenceRefusedError(_("This file is empty. Look at where it came from, and upload it again."))
    media_type = media_type_of(body)
    if media_type is None:
        raise EvidenceRefusedError(
            _("This is no document, picture, text, office file, sound, film or capture that Stet knows.")
        )
    return media_type


def refuse_large(size_bytes: int, *, folder: EvidenceFolder) -> None:
    """Refuse a file above the newsroom's limit."""
    if size_bytes > folder.largest_bytes:
        sentence = _(
            "This file is larger than %(megabytes)d MB. evidence.largest_upload_bytes in stet.toml is the limit."
        )
        raise EvidenceRefusedError(sentence % {"megabytes": folder.largest_bytes // 1_000_000})


def take_in(piece: Evidence, body: bytes, *, name: str, folder: EvidenceFolder) -> None:
    """Keep a file's copies and put into `piece` what they are; the row is not saved here."""
    media_type = checked_type(body, folder=folder)
    if piece.visibility == Visibility.SEALED:
        sealed = seal(body, name=plain_name(name), media_type=media_type, public_key=folder.public_key())
        piece.sha256, piece.size_bytes = folder.keep_sealed(piece.uid, sealed), len(sealed)
        piece.file_name = piece.media_type = piece.working_sha256 = ""
        return
    working = stripped(body, media_type=media_type)
    piece.file_name, piece.media_type, piece.size_bytes = plain_name(name), media_type, len(body)
    piece.sha256 = folder.keep_original(body)
    piece.working_sha256 = folder.keep_working(working) if working is not None else ""


def take_working(piece: Evidence, body: bytes, *, folder: EvidenceFolder) -> None:
    """Keep another working copy, such as one with names blacked out; the row is not saved here."""
    media_type = checked_type(body, folder=folder)
    working = stripped(body, media_type=media_type)
    piece.working_sha256 = folder.keep_working(body if working is None else working)


def stripped(body: bytes, *, media_type: str) -> bytes | None:
    """A picture's pixels in a new file; None for what is no picture. Raises EvidenceRefusedError for a damaged one."""
    if media_type not in PHOTOS:
        return None
    try:
        return strip_photo(io.BytesIO(body), name="evidence").body
    except PhotoRefusedError as error:
        raise EvidenceRefusedError(str(error)) from error


def plain_name(name: str) -> str:
    r"""A file's name without a path, and without characters that hide what it ends in.

    >>> plain_name("C:\\scans\\order\u202efdp.exe")
    'order fdp.exe'
    """
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return " ".join(_BAD_IN_NAMES.sub(" ", last).split())[-LONGEST_NAME:] or "evidence"


def needs_working_copy(media_type: str) -> bool:
    """Whether a file of this type is printed only as a working copy that somebody looked over."""
    return media_type not in PHOTOS and media_type != TEXT


def is_printable(piece: Evidence) -> bool:
    """Whether there is a copy for readers: public, and looked over where it has to be."""
    if piece.visibility != Visibility.PUBLIC or piece.size_bytes is None:
        return False
    return bool(piece.working_sha256) or not needs_working_copy(piece.media_type)


@contextmanager
def printed_copy(piece: Evidence, *, folder: EvidenceFolder) -> Iterator[BinaryIO]:
    """What readers get of public evidence. Raises EvidenceRefusedError for all other."""
    if not is_printable(piece):
        raise EvidenceRefusedError(_("This evidence has no copy for readers."))
    kind, digest = (WORKING, piece.working_sha256) if piece.working_sha256 else (ORIGINAL, piece.sha256)
    with folder.opened(kind, digest) as file:
        yield file


def drop_unused(*, original: str, working: str, folder: EvidenceFolder) -> None:
    """Remove copies of a piece that was deleted or given another working copy, where no other piece has the same."""
    rows = Evidence.objects.exclude(visibility=Visibility.SEALED)
    if original and not rows.filter(sha256=original, size_bytes__isnull=False).exists():
        folder.drop(ORIGINAL, original)
    if working and not rows.filter(working_sha256=working).exists():
        folder.drop(WORKING, working)
