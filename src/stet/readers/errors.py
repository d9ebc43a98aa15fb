"""What can go wrong with readers, in the three families of `stet.kit.errors`. No message holds an address."""

from typing import Literal

from stet.kit.errors import BrokenError, RefusedError, UnreachableError

AddressFault = Literal["empty", "long", "control", "quoted", "not_latin", "form", "domain", "mixed"]
"""What is wrong with what was typed for an address."""

FAULTS: dict[AddressFault, str] = {
    "empty": "Write an e-mail address.",
    "long": "This is too long to be an e-mail address. Write one address of at most 254 characters.",
    "control": "This holds a line break or another character that cannot be seen. Write the address on one line.",
    "quoted": "An address with quotation marks before the @ cannot be used here. Write one without them.",
    "not_latin": "The part before the @ has to be written in Latin letters and digits. Check the keyboard's language.",
    "form": "This is not written like an e-mail address. It has one @, such as name@example.org.",
    "domain": "No mail can be sent to the part after the @. Check it: it has a period, such as example.org.",
    "mixed": "The part after the @ mixes letters of several alphabets that look alike. Type it anew in one alphabet.",
}
"""Each fault in a sentence for whoever typed it."""


class AddressRefusedError(RefusedError):
    """What was typed is not an address that mail can be sent to; `fault` says why, in a word."""

    def __init__(self, fault: AddressFault) -> None:
        super().__init__(FAULTS[fault])
        self.fault = fault


class ReaderKeyRefusedError(RefusedError):
    """A key of the readers is missing or is not what it must be."""


class SealBrokenError(BrokenError):
    """A sealed address was not made for this key or this reader, or was changed."""


class ListsMissingError(UnreachableError):
    """The edition names no lists: none was printed yet, or the folder cannot be read."""


class ListsBrokenError(BrokenError):
    """The printed lists are not what they must be."""


class ReaderGoneError(RefusedError):
    """A link leads to a reader who is not there any more."""


class ImportRefusedError(RefusedError):
    """A file of readers cannot be taken in as it is."""
