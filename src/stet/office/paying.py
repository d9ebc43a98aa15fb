"""The ways to pay, as the office uses them: to give back, to end a plan, to read a bank's statement."""

from django.conf import settings

from stet.ledger.errors import ProviderMissingError
from stet.ledger.providers.base import Provider
from stet.ledger.providers.setup import providers_of

_MADE: dict[str, dict[str, Provider]] = {}
"""By the newsroom's folder: made once in a process."""


def providers() -> dict[str, Provider]:
    """Those whose keys this process can read. Raises ProviderRefusedError for keys that are not right."""
    folder = str(settings.STET.folder)
    if folder not in _MADE:
        _MADE[folder] = providers_of(settings.STET)
    return _MADE[folder]


def provider(name: str) -> Provider:
    """One of them. Raises ProviderMissingError where this process has no keys of it."""
    found = providers().get(name)
    if found is None:
        raise ProviderMissingError(f"No keys of {name} are on this host.")
    return found
