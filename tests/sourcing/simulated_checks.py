"""Checks that find one thing in every story, in the shape that the panel shows."""

from types import SimpleNamespace
from typing import Any


def findings_of(page: Any) -> tuple[Any, ...]:
    """One finding."""
    return (SimpleNamespace(sentence=f"Something about “{page.title}”.", severity="broken"),)
