"""The attribution assistant as the checks ask it, and where it comes from."""

from collections.abc import Sequence
from typing import Any, Protocol


class Assistant(Protocol):
    """What is asked of it: who says what, and which words hedge. Offsets are characters of the given plain text."""

    def suggest(self, text: str, *, language: str) -> Sequence[Any]:
        """Statements: each with `content`, `cue`, `links`, `source` and `speech_act`."""

    def hedges(self, text: str, *, language: str) -> Sequence[Any]:
        """Spans of the words that hedge."""

    def languages(self) -> Sequence[str]:
        """The languages it reads."""


def assistant() -> Assistant:
    """The assistant; loaded when it is first asked for, since its tables are long."""
    from stet.sourcing import assistant as reader

    return reader
