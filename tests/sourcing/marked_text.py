"""A text with marks as an editor's hands leave it: characters, each with the mark it carries and where it came from.

What is known here of each character is what the property tests hold the marks to.
"""

from dataclasses import dataclass, field, replace
from html import escape
from random import Random

from stet.sourcing.anchoring import Quote, fold, quote_of
from stet.sourcing.rich_text import opening_tag

WORDS = [
    "about",
    "600",
    "were",
    "killed",
    "at",
    "Zelen",
    "on",
    "Tuesday,",
    "the",
    "agency",
    "said;",
    "دربارهٔ",
    "۶۰۰",
    "نفر",
    "کشته",
    "شدند",
    "😀",
    "ещё",
    "никто",
    "не",
    "ответил",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A character of the text."""

    character: str
    number: int
    """Which letter that was typed this is, or is a copy of."""
    mark: str = ""
    is_bold: bool = False


@dataclass(slots=True, kw_only=True)
class MarkedText:
    """Paragraphs of letters, the marks that were made, and what they were made on."""

    random: Random
    paragraphs: list[list[Letter]] = field(default_factory=list)
    quotes: dict[str, tuple[int, Quote]] = field(default_factory=dict)
    marked: dict[str, frozenset[int]] = field(default_factory=dict)
    """Mark → the letters an editor put it on."""
    past: list[list[list[Letter]]] = field(default_factory=list)
    typed: int = 0

    def type(self, words: str, *, mark: str = "") -> list[Letter]:
        """New letters."""
        first, self.typed = self.typed, self.typed + len(words)
        return [Letter(character=one, number=first + n, mark=mark) for n, one in enumerate(words)]

    def some_words(self) -> str:
        """A few words."""
        return " ".join(self.random.choices(WORDS, k=self.random.randint(1, 5)))

    def begin(self) -> None:
        """Three paragraphs and some marks."""
        self.paragraphs = [self.type(" ".join(self.some_words() for _ in range(4))) for _ in range(3)]
        for number in range(self.random.randint(1, 5)):
            self.mark(f"mark{number:02d}", claim=number + 1)

    def mark(self, name: str, *, claim: int) -> None:
        """Put a mark on unmarked words, as the desk does: without white space at either end."""
        paragraph = self.random.choice(self.paragraphs)
        text = "".join(letter.character for letter in paragraph)
        if not text.strip():
            return
        start = self.random.randrange(len(text))
        end = min(len(text), start + self.random.randint(1, 12))
        while start < end and text[start] == " ":
            start += 1
        while end > start and text[end - 1] == " ":
            end -= 1
        if start == end or any(letter.mark for letter in paragraph[start:end]):
            return
        paragraph[start:end] = [replace(letter, mark=name) for letter in paragraph[start:end]]
        self.quotes[name] = claim, quote_of(text, start, end)
        self.marked[name] = frozenset(letter.number for letter in paragraph[start:end])

    # --- Edits ---

    def edit(self) -> str:
        """One edit at random; its name."""
        edits = (
            self.insert, self.delete, self.replace, self.split, self.join, self.move, self.format, self.paste,
            self.duplicate, self.undo,
        )  # fmt: skip
        chosen = self.random.choice(edits)
        if chosen is not self.undo:
            self.past.append([list(paragraph) for paragraph in self.paragraphs])
        chosen()
        return chosen.__name__

    def _place(self) -> tuple[int, int]:
        paragraph = self.random.randrange(len(self.paragraphs))
        return paragraph, self.random.randint(0, len(self.paragraphs[paragraph]))

    def _stretch(self) -> tuple[int, int, int]:
        paragraph, start = self._place()
        return paragraph, start, min(len(self.paragraphs[paragraph]), start + self.random.randint(1, 30))

    def insert(self) -> None:
        """Type; within a mark the new letters belong to it."""
        paragraph, at = self._place()
        letters = self.paragraphs[paragraph]
        around = {letters[at - 1].mark, letters[at].mark} if 0 < at < len(letters) else {""}
        letters[at:at] = self.type(self.some_words(), mark=around.pop() if len(around) == 1 else "")

    def delete(self) -> None:
        """Delete a stretch."""
        paragraph, start, end = self._stretch()
        del self.paragraphs[paragraph][start:end]

    def replace(self) -> None:
        """Type over a stretch; the new letters carry the mark of the first one, as in Draft.js."""
        paragraph, start, end = self._stretch()
        letters = self.paragraphs[paragraph]
        letters[start:end] = self.type(self.some_words(), mark=letters[start].mark if start < len(letters) else "")

    def split(self) -> None:
        """Press Enter."""
        paragraph, at = self._place()
        letters = self.paragraphs[paragraph]
        self.paragraphs[paragraph : paragraph + 1] = [letters[:at], letters[at:]]

    def join(self) -> None:
        """Delete the break between two paragraphs."""
        if len(self.paragraphs) > 1:
            at = self.random.randrange(len(self.paragraphs) - 1)
            self.paragraphs[at : at + 2] = [self.paragraphs[at] + self.paragraphs[at + 1]]

    def move(self) -> None:
        """Cut a stretch and paste it elsewhere."""
        paragraph, start, end = self._stretch()
        cut = self.paragraphs[paragraph][start:end]
        del self.paragraphs[paragraph][start:end]
        paragraph, at = self._place()
        self.paragraphs[paragraph][at:at] = cut

    def format(self) -> None:
        """Set a stretch in bold, or back."""
        paragraph, start, end = self._stretch()
        letters = self.paragraphs[paragraph]
        letters[start:end] = [replace(letter, is_bold=not letter.is_bold) for letter in letters[start:end]]

    def paste(self) -> None:
        """Paste plain words from elsewhere, even into a mark: they carry none."""
        paragraph, at = self._place()
        self.paragraphs[paragraph][at:at] = self.type(self.some_words())

    def duplicate(self) -> None:
        """Copy a stretch, or a whole paragraph, and paste it elsewhere."""
        paragraph, start, end = self._stretch()
        copied = list(self.paragraphs[paragraph][start:end])
        if self.random.random() < 0.3:
            self.paragraphs.insert(self.random.randrange(len(self.paragraphs) + 1), list(self.paragraphs[paragraph]))
            return
        paragraph, at = self._place()
        self.paragraphs[paragraph][at:at] = copied

    def undo(self) -> None:
        """Take the last edits back."""
        for _ in range(self.random.randint(1, 3)):
            if self.past:
                self.paragraphs = self.past.pop()

    # --- As it is stored ---

    def html(self) -> str:
        """The text as the desk stores it."""
        return "".join(f"<p>{self._line(paragraph)}</p>" for paragraph in self.paragraphs)

    def _line(self, letters: list[Letter]) -> str:
        parts, mark, is_bold = [], "", False
        for letter in letters:
            if letter.mark != mark or letter.is_bold != is_bold:
                parts.append("</b>" if is_bold else "")
                if letter.mark != mark:
                    parts.append("</a>" if mark else "")
                    parts.append(
                        opening_tag(self.quotes[letter.mark][0], letter.mark, self.quotes[letter.mark][1])
                        if letter.mark
                        else ""
                    )
                    mark = letter.mark
                parts.append("<b>" if letter.is_bold else "")
                is_bold = letter.is_bold
            parts.append(escape(letter.character))
        return "".join([*parts, "</b>" if is_bold else "", "</a>" if mark else ""])

    def folded(self) -> list[list[Letter]]:
        """The letters as they are read back: white space folded, paragraphs without words left out."""
        found = []
        for paragraph in self.paragraphs:
            kept: list[Letter] = []
            for letter in paragraph:
                if letter.character != " " or (kept and kept[-1].character != " "):
                    kept.append(letter)
            while kept and kept[-1].character == " ":
                kept.pop()
            if kept:
                found.append(kept)
        return found

    def is_there(self, name: str) -> bool:
        """Whether any word carries the mark."""
        return any(
            letter.mark == name and fold(letter.character) for paragraph in self.paragraphs for letter in paragraph
        )
