"""What a job works with: the world, the memory, the photos, the theme. One for each process that sets sheets."""

import re
from collections import OrderedDict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from stet.press import facts as facts_room
from stet.press.facts import Facts
from stet.press.memory import Memory
from stet.press.photos import PhotoStore
from stet.press.rows import (
    ArticleRow,
    DocumentRow,
    LetterRow,
    PhotoRow,
    read_articles,
    read_documents,
    read_letters,
    read_photos,
)
from stet.press.world import World
from stet.theme.setting import Theme

_KEPT = 20_000
"""Facts kept decoded: one takes about 2 KB."""


class Materials:
    """Read-only for jobs; what it caches follows `forget_articles` and `forget_photos`."""

    def __init__(self, *, world: World, memory: Memory, photo_store: PhotoStore, theme: Theme, documents: Path) -> None:
        """`documents` is the folder in which the newsroom keeps uploaded files."""
        self.world = world
        self.memory = memory
        self.photo_store = photo_store
        self.theme = theme
        self.documents_folder = documents
        self._facts: OrderedDict[int, Facts | None] = OrderedDict()
        self._photos: dict[int, PhotoRow | None] = {}
        self._documents: dict[int, DocumentRow | None] = {}
        self._articles: dict[int, ArticleRow] = {}
        self._letters: dict[int, LetterRow | None] = {}
        self.made: dict[object, Any] = {}
        """What jobs of one batch made for each other; `forget_rows` empties it."""

    def article(self, article: int) -> ArticleRow | None:
        """An article's row; None where it is not published."""
        if article not in self._articles:
            self.load_articles([article])
        return self._articles.get(article)

    def load_articles(self, ids: Iterable[int]) -> None:
        """Read articles and their photos, a handful of queries for all of them."""
        wanted = [i for i in ids if i not in self._articles]
        if not wanted:
            return
        rows = read_articles(wanted, self.world)
        self._articles.update({row.id: row for row in rows})
        self.load_photos({row.photo_id for row in rows if row.photo_id} | photos_in(row.body for row in rows))

    def letter(self, letter: int) -> LetterRow | None:
        """A letter's text; None where it is not published."""
        if letter not in self._letters:
            self.load_letters([letter])
        return self._letters[letter]

    def load_letters(self, ids: Iterable[int]) -> None:
        """Read letters, and the photos of the stories they pick: two queries for all of them."""
        wanted = {i for i in ids if i not in self._letters}
        if not wanted:
            return
        rows = read_letters(wanted)
        self._letters.update({i: rows.get(i) for i in wanted})
        stories = [block.get("value") or {} for row in rows.values() for block in row.body if block["type"] == "story"]
        picked = [self.facts(story["article"]) for story in stories if story.get("article")]
        self.load_photos({facts.photo for facts in picked if facts and facts.photo})
        self.load_photos({story["photo"] for story in stories if story.get("photo")})

    def forget_rows(self) -> None:
        """Drop articles' rows: they are large, and true for one batch."""
        self._articles.clear()
        self._letters.clear()
        self.made.clear()

    def facts(self, article: int) -> Facts | None:
        """An article's facts; None where it is not published."""
        if article in self._facts:
            self._facts.move_to_end(article)
            return self._facts[article]
        stored = self.memory.facts(article)
        found = facts_room.decode(stored) if stored is not None else None
        self._facts[article] = found
        if len(self._facts) > _KEPT:
            self._facts.popitem(last=False)
        return found

    def photo(self, photo: int | None) -> PhotoRow | None:
        """A photo's row; None where there is no such photo."""
        if photo is None:
            return None
        if photo not in self._photos:
            self.load_photos([photo])
        return self._photos[photo]

    def load_photos(self, ids: Iterable[int]) -> None:
        """Read photos in one query."""
        wanted = {i for i in ids if i not in self._photos}
        if wanted:
            found = read_photos(wanted)
            self._photos.update({i: found.get(i) for i in wanted})

    def document(self, document: int) -> DocumentRow | None:
        """A document's row; None where there is no such document."""
        if document not in self._documents:
            self._documents[document] = read_documents([document]).get(document)
        return self._documents[document]

    def forget_articles(self, ids: Iterable[int]) -> None:
        """Drop cached facts that are no longer true."""
        for article in ids:
            self._facts.pop(article, None)

    def forget_files(self, *, photos: Iterable[int] = (), documents: Iterable[int] = ()) -> None:
        """Drop cached rows that are no longer true."""
        for photo in photos:
            self._photos.pop(photo, None)
        for document in documents:
            self._documents.pop(document, None)


_PHOTO = re.compile(r'"photo": ?(\d+)')


def photos_in(bodies: Iterable[str]) -> set[int]:
    """The photos that stored bodies name."""
    return {int(number) for body in bodies for number in _PHOTO.findall(body)}


def document_path(row: DocumentRow) -> str:
    """Where a document stands in the edition: its name, kept apart by its digest."""
    return f"/documents/{row.file_hash[:16]}/{row.file_name}"
