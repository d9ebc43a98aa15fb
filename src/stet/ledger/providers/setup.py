"""Which ways to pay are set up here."""

from pathlib import Path
from typing import Protocol

from stet.ledger.providers.base import Provider


class Newsroom(Protocol):
    """A newsroom, as far as providers ask."""

    @property
    def keys(self) -> Path:
        """Where secrets are."""


def providers_of(newsroom: Newsroom) -> dict[str, Provider]:
    """The ways to pay whose keys are there, by name."""
    del newsroom
    return {}
