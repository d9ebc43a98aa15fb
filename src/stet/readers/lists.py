"""The lists that readers can join, as the press printed them: `letters/lists.json` of the edition.

This is all that the private wing knows of the newsroom. A list that is not printed does not exist; one that is closed
takes no new readers and still sends.
"""

from pathlib import Path
from typing import Annotated, Literal
from uuid import UUID

import msgspec

from stet.readers.errors import ListsBrokenError, ListsMissingError

PLACE = Path("letters") / "lists.json"

Hour = Annotated[str, msgspec.Meta(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
WallClock = Annotated[str, msgspec.Meta(pattern=r"^\d{4}-\d\d-\d\dT([01]\d|2[0-3]):[0-5]\d$")]
"""A date and a time of day as a clock on the wall shows them, in whatever zone is meant."""
SheetPath = Annotated[str, msgspec.Meta(pattern=r"^/(?!/)(?!.*\.\.)[^\\\x00-\x1f]*$")]
ListKey = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9-]+\.[^\s\x00-\x1f]+$", max_length=140)]


class Paper(msgspec.Struct, frozen=True, kw_only=True):
    """The newsroom, as far as the private wing has to know it."""

    base_url: str
    frontdesk_url: str
    time_zone: str
    contact_email: str
    publisher: str


class Privacy(msgspec.Struct, frozen=True, kw_only=True):
    """The privacy policy that counts."""

    version: str
    path: SheetPath


class PaperLanguage(msgspec.Struct, frozen=True, kw_only=True):
    """One language of the paper."""

    name: str
    """The paper's name in it."""
    direction: Literal["ltr", "rtl"]
    shell: SheetPath
    """The page that answers are set into."""
    lists_path: SheetPath
    front_path: SheetPath
    privacy: Privacy | None


class ConsentText(msgspec.Struct, frozen=True, kw_only=True):
    """The sentence beside the form, and the version that is kept with a consent."""

    version: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
    text: str


class ListedLetter(msgspec.Struct, frozen=True, kw_only=True):
    """A letter that is due or scheduled."""

    id: UUID
    path: SheetPath
    due: WallClock


class ReaderList(msgspec.Struct, frozen=True, kw_only=True):
    """A list: what a reader joins."""

    key: ListKey
    language: str
    name: str
    promise: str
    cadence: str
    path: SheetPath
    is_open: bool
    from_name: str
    time_zone: str
    hour: Hour
    weekday: Annotated[int, msgspec.Meta(ge=0, le=6)] | None
    consent: ConsentText
    letters: tuple[ListedLetter, ...]
    """The newest ten, newest first."""


class Lists(msgspec.Struct, frozen=True, kw_only=True):
    """All of it."""

    version: Literal[1]
    paper: Paper
    languages: dict[str, PaperLanguage]
    lists: tuple[ReaderList, ...]

    def get(self, key: str) -> ReaderList | None:
        """The list with this key, open or closed."""
        return next((found for found in self.lists if found.key == key), None)

    def open_in(self, language: str) -> tuple[ReaderList, ...]:
        """The lists of a language that take new readers, in the paper's order."""
        return tuple(found for found in self.lists if found.language == language and found.is_open)


def read_lists(site_folder: Path) -> Lists:
    """What is printed in the edition under `site_folder`. Raises ListsMissingError or ListsBrokenError."""
    file = site_folder / PLACE
    try:
        data = file.read_bytes()
    except OSError as error:
        raise ListsMissingError(
            f"{file} cannot be read ({error.strerror}). Make a list at the desk and print the edition."
        ) from None
    return lists_of(data, where=str(file))


def lists_of(data: bytes, *, where: str) -> Lists:
    """What the bytes of `lists.json` say. Raises ListsBrokenError, which names `where`."""
    try:
        lists = msgspec.json.decode(data, type=Lists)
    except msgspec.MsgspecError as error:
        raise ListsBrokenError(f"{where} is not what the press prints ({error}). Print the edition anew.") from None
    keys = [found.key for found in lists.lists]
    strangers = {found.language for found in lists.lists} - lists.languages.keys()
    if len(set(keys)) < len(keys) or strangers:
        raise ListsBrokenError(f"{where} names a list twice or in a language it lacks. Print the edition anew.")
    return lists
