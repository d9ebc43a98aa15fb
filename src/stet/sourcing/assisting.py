"""The attribution assistant as the checks ask it, and where it comes from."""

from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Protocol, cast

ASSISTANT = "stet.sourcing.assistant"


class Assistant(Protocol):
    """What is asked of it: who says what, and which words hedge. Offsets are characters of the given plain text."""

    def suggest(self, text: str, *, language: str) -> Sequence[Any]:
        """Statements: each with `content`, `cue`, `links`, `source` and `speech_act`."""

    def hedges(self, text: str, *, language: str) -> Sequence[Any]:
        """Spans of the words that hedge."""

    def languages(self) -> Sequence[str]:
        """The languages it reads."""


class NoAssistant:
    """Where there is none: it reads no language."""

    def suggest(self, text: str, *, language: str) -> Sequence[Any]:  # noqa: ARG002 - the assistant's signature
        """Nothing."""
        return ()

    def hedges(self, text: str, *, language: str) -> Sequence[Any]:  # noqa: ARG002 - the assistant's signature
        """Nothing."""
        return ()

    def languages(self) -> Sequence[str]:
        """None."""
        return ()


def assistant() -> Assistant:
    """The assistant; loaded when it is first asked for, since its tables are long."""
    if find_spec(ASSISTANT) is None:
        return NoAssistant()
    return cast(Assistant, import_module(ASSISTANT))
