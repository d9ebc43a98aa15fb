"""The two things that may be asked about one address: whether it is suppressed, and that it be erased.

An address that is typed here is made into its keyed digest at once. It is not stored, not logged and not shown again.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from django.conf import settings

from stet.readers.addresses import checked_address
from stet.readers.erasing import erase, wipe_traces
from stet.readers.keys import load_lookup
from stet.readers.models import Suppression


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased:
    """What an erasure came to."""

    was_there: bool
    left: str
    """What may be left of it outside of Stet, as a sentence."""


def is_suppressed(text: str) -> bool:
    """Whether nothing is sent to this address any more. Raises AddressRefusedError."""
    return Suppression.objects.filter(lookup=_digest(text)).exists()


def erase_address(text: str) -> Erased:
    """Erase whoever has this address, and write to it no more. Raises AddressRefusedError."""
    was_there = erase(_digest(text), now=datetime.now(UTC))
    return Erased(was_there=was_there, left=wipe_traces().sentence)


def _digest(text: str) -> bytes:
    lookup = load_lookup(settings.STET.lookup_key)
    return lookup.of(checked_address(text))
