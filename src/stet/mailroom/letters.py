"""Letters as the press printed them: taken from the current edition, whole, or not at all.

The promises:
 * Every file is taken only with the digest that the edition's manifest names, and that `letter.json` names.
 * A letter whose page is not in the current edition is not taken: what a reader is sent can be read there.
 * What is taken is a frozen value with all its bytes; nothing is read from the edition afterwards.
"""

import hashlib
from typing import Literal
from uuid import UUID

import msgspec

from stet.edition.errors import SheetRefusedError
from stet.edition.folder import EditionFolder
from stet.mailroom.errors import LetterBrokenError
from stet.readers.lists import Lists, SheetPath, WallClock, lists_of

LISTS_PATH = "/letters/lists.json"


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """A file of the letter: where it is printed, and the digest of its bytes."""

    path: SheetPath
    digest: str


class PhotoPart(msgspec.Struct, frozen=True, kw_only=True):
    """A photo that travels inside the mail."""

    cid: str
    path: SheetPath
    media_type: str
    digest: str


class LetterSheet(msgspec.Struct, frozen=True, kw_only=True):
    """What `letter.json` says."""

    version: Literal[1]
    id: UUID
    list: str
    language: str
    direction: Literal["ltr", "rtl"]
    subject: str
    preheader: str
    from_name: str
    due: WallClock
    is_local: bool
    time_zone: str
    page: SheetPath
    html: Part
    text: Part
    photos: tuple[PhotoPart, ...] = ()


class Photo(msgspec.Struct, frozen=True, kw_only=True):
    """A photo with its bytes."""

    cid: str
    media_type: str
    body: bytes


class Letter(msgspec.Struct, frozen=True, kw_only=True):
    """A letter with everything that is sent."""

    sheet: LetterSheet
    sheet_body: bytes
    """The bytes of `letter.json`."""
    html: bytes
    text: bytes
    photos: tuple[Photo, ...]


class Edition:
    """The current edition, as far as letters are in it."""

    def __init__(self, folder: EditionFolder) -> None:
        self._folder = folder

    def lists(self) -> Lists | None:
        """The lists as they are printed; None where none are. Raises LetterBrokenError or ListsBrokenError."""
        if self._folder.pointer() is None:
            return None
        body = self._body(LISTS_PATH)
        return None if body is None else lists_of(body, where=f"{self._folder.site}{LISTS_PATH}")

    def letter(self, path: str) -> Letter | None:
        """The letter whose `letter.json` is printed at `path`; None where it or its page is not in this edition.

        Raises LetterBrokenError where it is there but not as the edition promises.
        """
        sheet_body = self._body(path)
        if sheet_body is None:
            return None
        sheet = read_sheet(sheet_body, where=path)
        if self._body(f"{sheet.page}index.html") is None:
            return None
        return Letter(
            sheet=sheet,
            sheet_body=sheet_body,
            html=self._part(sheet.html.path, sheet.html.digest),
            text=self._part(sheet.text.path, sheet.text.digest),
            photos=tuple(
                Photo(cid=photo.cid, media_type=photo.media_type, body=self._part(photo.path, photo.digest))
                for photo in sheet.photos
            ),
        )

    def _part(self, path: str, digest: str) -> bytes:
        body = self._body(path)
        if body is None or hashlib.sha256(body).hexdigest() != digest:
            raise LetterBrokenError(f"{path} is not what its letter.json says. Print the edition anew.")
        return body

    def _body(self, path: str) -> bytes | None:
        """The bytes of a sheet, checked against the manifest; None where no manifest names it."""
        try:
            entry = self._folder.entry(path)
        except SheetRefusedError:
            return None
        if entry is None:
            return None
        try:
            body = self._folder.file(path).read_bytes()
        except OSError as error:
            raise LetterBrokenError(f"{path} cannot be read ({error.strerror}). Print the edition anew.") from None
        if hashlib.sha256(body).hexdigest() != entry.digest:
            # A commit may be under way: the next look finds the file and the manifest in step.
            raise LetterBrokenError(f"{path} is not what the edition's manifest says. Print the edition anew.")
        return body


def read_sheet(body: bytes, *, where: str) -> LetterSheet:
    """What the bytes of a `letter.json` say. Raises LetterBrokenError."""
    try:
        return msgspec.json.decode(body, type=LetterSheet)
    except msgspec.MsgspecError as error:
        raise LetterBrokenError(f"{where} is not what the press prints ({error}). Print the edition anew.") from None
