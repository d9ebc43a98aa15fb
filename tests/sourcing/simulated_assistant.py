"""An assistant that knows one pattern, "NAME said that WORDS.", in the shape that the desk asks for."""

import re
from types import SimpleNamespace
from typing import Any

from stet.sourcing.terms import Modality, SpeechAct, Verb

PATTERN = re.compile(r"(?P<source>[A-Z]\w+(?: [A-Z]\w+)*) (?P<cue>said|cited) that (?P<content>[^.]+)")


def languages() -> tuple[str, ...]:
    """Which it reads."""
    return ("en",)


def hedges(text: str, *, language: str) -> tuple[Any, ...]:
    """None."""
    return ()


def suggest(text: str, *, language: str) -> tuple[Any, ...]:
    """Who said that."""
    return tuple(_suggestion(match) for match in PATTERN.finditer(text))


def _suggestion(match: re.Match[str]) -> Any:
    source, cue, content = (_span(match, name) for name in ("source", "cue", "content"))
    link = SimpleNamespace(source=source, cue=cue, verb=Verb.SAID)
    return SimpleNamespace(
        content=content, links=(link,), speech_act=SpeechAct.ASSERTS, modality=Modality.FLAT, cue=cue, source=source
    )


def _span(match: re.Match[str], name: str) -> Any:
    return SimpleNamespace(start=match.start(name), end=match.end(name))
