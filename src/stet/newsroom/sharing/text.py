"""What of a draft is shown to somebody outside."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedText:
    """A draft's text in one piece, as clean HTML that loads nothing."""

    language: str
    direction: str
    headline: str
    standfirst: str
    dateline: str
    bylines: tuple[str, ...]
    pieces: tuple[str, ...]
    at: datetime
