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
    EvidenceRow,
    LetterRow,
    PhotoRow,
    read_articles,
    read_documents,
    read_evidence_files,
    read_letters,
    read_photos,
)
from stet.press.world import World
from stet.sourcing import reading as sourcing
from stet.sourcing import values
from stet.sourcing.computing import AGREES
from stet.theme.setting import Theme

_KEPT = 20_000
"""Facts kept decoded: one takes about 2 KB."""
AT_ONCE = 900
"""Rows asked for in one query: below every database's limit of values."""
ROUNDS = 8
"""How far a claim is followed to those that agree with it, so that the queries of a batch are bounded."""


class Materials:
    """Read-only for jobs; what it caches follows `forget_articles` and `forget_photos`."""

    def __init__(
        self,
        *,
        world: World,
        memory: Memory,
        photo_store: PhotoStore,
        theme: Theme,
        documents: Path,
        evidence: Path,
        offline: Path,
    ) -> None:
        """The folders in which uploaded files, evidence and offline editions are kept."""
        self.world = world
        self.memory = memory
        self.photo_store = photo_store
        self.theme = theme
        self.documents_folder = documents
        self.evidence_folder = evidence
        self.offline_folder = offline
        self._facts: OrderedDict[int, Facts | None] = OrderedDict()
        self._photos: dict[int, PhotoRow | None] = {}
        self._documents: dict[int, DocumentRow | None] = {}
        self._articles: dict[int, ArticleRow] = {}
        self._letters: dict[int, LetterRow | None] = {}
        self._claims: dict[int, values.Claim | None] = {}
        self._evidence: dict[int, EvidenceRow | None] = {}
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

    def claim(self, claim: int) -> values.Claim | None:
        """A claim; None where there is no such claim."""
        if claim not in self._claims:
            self.load_claims([claim])
        return self._claims[claim]

    def load_claims(self, ids: Iterable[int], *, with_others: bool = True) -> None:
        """Read claims, and those they stand to: a dozen queries a round, few rounds. Without ids, no query."""
        wanted = {i for i in ids if i not in self._claims}
        for number in range(ROUNDS if with_others else 1):
            if not wanted:
                return
            found = self._read_claims(sorted(wanted))
            # From the claims asked for on to all that stand to them, from there on only to what agrees.
            related = (
                (relation, other)
                for claim in found
                for relation, other in (*claim.relations, *claim.related_from)
                if number == 0 or relation in AGREES
            )
            wanted = {other for _relation, other in related} - self._claims.keys()

    def _read_claims(self, ids: list[int]) -> list[values.Claim]:
        found: dict[int, values.Claim] = {}
        for start in range(0, len(ids), AT_ONCE):
            found |= sourcing.read_claims(ids[start : start + AT_ONCE])
        self._claims.update({i: found.get(i) for i in ids})
        return list(found.values())

    def load_claims_of(self, articles: Iterable[int]) -> None:
        """Read the claims that these articles mark."""
        facts = (self.facts(article) for article in articles)
        self.load_claims({claim for one in facts if one for claim in one.claims})

    def sources(self, ids: Iterable[int]) -> dict[int, values.Source]:
        """Sources by id, those that exist; two queries, none without ids."""
        wanted = sorted(set(ids))
        found: dict[int, values.Source] = {}
        for start in range(0, len(wanted), AT_ONCE):
            found |= sourcing.read_sources(wanted[start : start + AT_ONCE])
        return found

    def evidence_file(self, piece: int) -> EvidenceRow | None:
        """The copy for readers of a piece of evidence; None where there is none."""
        if piece not in self._evidence:
            self._evidence[piece] = read_evidence_files([piece]).get(piece)
        return self._evidence[piece]

    def forget_rows(self) -> None:
        """Drop articles' and claims' rows: they are large, and true for one batch."""
        self._articles.clear()
        self._letters.clear()
        self._claims.clear()
        self._evidence.clear()
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


EVIDENCE_ENDS = {
    "application/pdf": "pdf",
    "audio/mpeg": "mp3",
    "audio/ogg": "ogg",
    "image/avif": "avif",
    "image/gif": "gif",
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    "text/plain": "txt",
    "video/mp4": "mp4",
}
"""How the name of a printed copy ends, by its media type."""


def evidence_path(row: EvidenceRow) -> str:
    """Where a piece of evidence stands in the edition: its digest. What the file was called may tell who made it."""
    return f"/evidence/{row.sha256[:32]}.{EVIDENCE_ENDS.get(row.media_type, 'bin')}"
