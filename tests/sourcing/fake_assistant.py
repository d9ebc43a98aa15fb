"""An assistant of a few plain patterns, with the interface of the real one."""

import re
from dataclasses import dataclass

from stet.sourcing.terms import SpeechAct

_SAID = {
    "en": re.compile(r"(?P<content>[^.?!]+?), (?P<cue>according to|said|would not say) (?P<source>[^.,;]+)"),
    "ru": re.compile(r"(?P<content>[^.?!]+?), (?P<cue>по словам|сказал) (?P<source>[^.,;]+)"),
}
_HEDGES = {
    "en": re.compile(r"\b(reportedly|purportedly|allegedly)\b", re.IGNORECASE),
    "ru": re.compile(r"\b(якобы|предположительно)\b", re.IGNORECASE),
}


@dataclass(frozen=True)
class Span:
    start: int
    end: int


@dataclass(frozen=True)
class Link:
    source: Span | None
    cue: Span


@dataclass(frozen=True)
class Suggestion:
    content: Span
    cue: Span
    source: Span | None
    links: tuple[Link, ...]
    speech_act: SpeechAct


class FakeAssistant:
    """Reads “…, said X” and three hedges, in English and Russian."""

    def languages(self) -> tuple[str, ...]:
        return tuple(_SAID)

    def suggest(self, text: str, *, language: str) -> tuple[Suggestion, ...]:
        found = []
        for match in _SAID[language].finditer(text):
            content, cue, source = (Span(*match.span(name)) for name in ("content", "cue", "source"))
            act = SpeechAct.DECLINES if match["cue"] == "would not say" else SpeechAct.ASSERTS
            found.append(Suggestion(content, cue, source, (Link(source, cue),), act))
        return tuple(found)

    def hedges(self, text: str, *, language: str) -> tuple[Span, ...]:
        return tuple(Span(*match.span()) for match in _HEDGES[language].finditer(text))
