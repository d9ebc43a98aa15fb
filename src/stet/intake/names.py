"""What source ids stand for while a record is being placed, and what of the record fits in.

The rules:
 * A reference to a record that is not placed yet is noted in `waiting`: the record is filled anew when it is there.
 * A reference to a record that will never be there is noted in `losses`.
 * Text longer than a field holds is cut at a word, and noted.

Nothing here touches disk, network, clock or database.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from stet.intake import records
from stet.intake.records import Loss


@dataclass(slots=True, kw_only=True)
class Names:
    """What source ids stand for, while one record is being placed."""

    pages: Mapping[str, int]
    """Source id → primary key of a page that is placed."""
    files: Mapping[str, int]
    """Source id → primary key of a photo or document."""
    people: Mapping[str, int]
    expected: frozenset[str]
    """Source ids of pages that this import will still place."""
    file_names: Mapping[str, str]
    words: Mapping[str, tuple[records.Words, ...]]
    language: str
    main_language: str
    waiting: set[str] = field(default_factory=set)
    losses: list[Loss] = field(default_factory=list)

    def page(self, source_id: str) -> int | None:
        """The page's key; None where it is not there, or not yet."""
        if (key := self.pages.get(source_id)) is None:
            if source_id in self.expected:
                self.waiting.add(source_id)
            else:
                self.lose("leads to something that was not taken", source_id)
        return key

    def file(self, source_id: str) -> int | None:
        """The photo's or document's key."""
        if (key := self.files.get(source_id)) is None:
            self.lose("a file that was not taken", self.file_names.get(source_id, ""))
        return key

    def lose(self, reason: str, detail: str = "") -> None:
        """Note a loss."""
        self.losses.append(Loss(reason=reason, detail=detail))

    def fit(self, text: str, length: int, what: str) -> str:
        """The text, cut at a word where the field holds less of it."""
        if len(text) <= length:
            return text
        self.lose(f"{what} cut to {length} characters", text[:80])
        return text[: length - 1].rsplit(" ", 1)[0].rstrip(" ,;:–—-")[: length - 1] + "…"

    def in_language(self, source_id: str) -> records.Words | None:
        """What is said of a photo in this language where it is not the photo's own, else None."""
        spoken = self.words.get(source_id, ())
        own = own_words(spoken, self.main_language)
        if own is None or own.language == self.language:
            return None
        return next((words for words in spoken if words.language == self.language), None)


def own_words(spoken: tuple[records.Words, ...], main_language: str) -> records.Words | None:
    """The words kept with the photo itself: in the paper's own language where there are such."""
    return next((words for words in spoken if words.language == main_language), spoken[0] if spoken else None)
