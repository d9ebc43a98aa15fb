"""STAND-IN of the giving builder: the providers builder's module of this name takes its place."""

from typing import Any

from stet.ledger.providers.base import Provider


def providers_of(newsroom: Any) -> dict[str, Provider]:  # noqa: ARG001
    """The ways to pay that are set up here."""
    return {}
