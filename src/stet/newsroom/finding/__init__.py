"""Finds what the desk looks for by words: Wagtail's search, with one question of our own for SQLite."""

from typing import Any

from django.db import connection
from wagtail.search.backends.database import SearchBackend as WagtailsBackend


def SearchBackend(params: dict[str, Any]) -> Any:  # noqa: N802 - Wagtail looks for this name
    """Wagtail's backend of the database at hand; for SQLite one that asks it less."""
    if connection.vendor != "sqlite":
        return WagtailsBackend(params)
    from stet.newsroom.finding.sqlite import SQLiteBackend

    return SQLiteBackend(params)
