"""What can go wrong when letters leave, each in one of the three families of `stet.kit.errors`.

A server's reply can quote a reader's address. So no message here holds a reply's text: only its code and where it came.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from stet.kit.errors import BrokenError, RefusedError, UnreachableError

if TYPE_CHECKING:
    from stet.mailroom.reply import Reply


class MailAddressRefusedError(RefusedError):
    """An address cannot stand in an envelope or a header as it is."""


class MessageRefusedError(RefusedError):
    """A letter cannot be made into a message that every mail server takes."""


class DkimKeyRefusedError(RefusedError):
    """A key cannot sign mail: of another kind, too short, or not to be read."""


class ServerRefusedError(RefusedError):
    """The mail server cannot be used as it is set up: sign-in, encryption, or what it is able to do."""


class ReplyBrokenError(BrokenError):
    """What came from the mail server is not a reply of SMTP."""


class ServerUnreachableError(UnreachableError):
    """The mail server did not do its part; trying again later can help."""

    def __init__(self, message: str, reply: Reply | None = None) -> None:
        super().__init__(message)
        self.reply = reply
        """What the server said last, where it said something: 421 asks for a pause."""


class LetterBrokenError(BrokenError):
    """A printed letter, or the list of letters, is not what the edition says it is."""


class DispatchRefusedError(RefusedError):
    """What was asked of a dispatch does not go with where it stands."""


class JournalUnreachableError(UnreachableError):
    """The mailroom's journal could not be written: nothing is handed over without it."""
