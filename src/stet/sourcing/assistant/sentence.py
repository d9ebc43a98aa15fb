"""A sentence with the cues in it.

A span is a pair of tokens here: the first, and the one after the last.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from stet.sourcing.assistant.language import Cue, Language
from stet.sourcing.assistant.tokens import Paragraph

Tokens = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Hit:
    """A cue at its place: `first` with the auxiliaries and adverbs before it, `verb` without them."""

    first: int
    verb: int
    last: int
    """The token after the cue."""
    cue: Cue


@dataclass(slots=True)
class Sentence:
    """One sentence with the cues in it."""

    paragraph: Paragraph
    language: Language
    first: int
    last: int
    hits: Mapping[int, tuple[Hit, ...]] = field(default_factory=dict)
    """By the first token of the cue, adverbs among them."""

    @property
    def words(self) -> list[str]:
        """The words of the paragraph, in small letters."""
        return self.paragraph.words

    @property
    def kinds(self) -> list[str]:
        """The kinds of the paragraph's tokens."""
        return self.paragraph.kinds

    def word(self, i: int) -> str:
        """A word of this sentence; nothing beyond its end."""
        return self.paragraph.words[i] if i < self.last else ""

    def kind(self, i: int) -> str:
        """The kind of a token of this sentence; a full stop beyond it."""
        return self.paragraph.kinds[i] if self.first <= i < self.last else "."

    def speech_at(self, i: int) -> Tokens | None:
        """The quotation that holds a token, if it holds somebody's words rather than a name."""
        number = self.paragraph.quote[i]
        if number < 0 or self.paragraph.is_name(number):
            return None
        first, last = self.paragraph.quotes[number]
        return first, last + 1

    def ends_with(self) -> int:
        """The token after the last one that is neither a full stop nor what closes a bracket."""
        kinds, last = self.paragraph.kinds, self.last
        while last > self.first and kinds[last - 1] in ".;:" and self.paragraph.quote[last - 1] < 0:
            last -= 1
        return last
