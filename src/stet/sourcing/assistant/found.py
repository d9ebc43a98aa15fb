"""What was found, in tokens, before it is counted in characters."""

from dataclasses import dataclass

from stet.sourcing.assistant.sentence import Tokens
from stet.sourcing.terms import Modality, SpeechAct, Verb


@dataclass(slots=True)
class FoundLink:
    """A link in tokens."""

    source: Tokens | None
    cue: Tokens
    verb: Verb


@dataclass(slots=True)
class Found:
    """A suggestion in tokens; the first link is who speaks in the text."""

    content: Tokens
    links: list[FoundLink]
    act: SpeechAct
    modality: Modality
    paper: bool = False
    """Whether what is tied to a source is a paper rather than words: a document signed by D."""
