"""What the press remembers of a published article: where it stands and what it says in lists.

`digest` covers everything the database holds of the article, so that an article whose digest did not change has not
changed, whoever wrote to the row and however.
"""

import hashlib
import re
from datetime import datetime
from functools import lru_cache

import msgspec

from stet.newsroom import addresses
from stet.press.keys import place
from stet.press.richtext import plain
from stet.press.rows import ArticleRow
from stet.press.world import World

_WORD = re.compile(r"\w{4,}")


class Facts(msgspec.Struct, frozen=True, array_like=True, kw_only=True):
    """An article as it shows in lists. Ids, not names: people, sections and tags are read when a list is set."""

    id: int
    digest: str
    language: str
    path: str
    place: int
    published: datetime
    modified: datetime
    updated: datetime | None
    headline: str
    short_headline: str
    standfirst: str
    kind: str
    dateline: str
    section: int
    bylines: tuple[tuple[int, str], ...]
    tags: tuple[int, ...]
    topics: tuple[int, ...]
    photo: int | None
    alt: str
    translation_key: str
    live_revision: int | None
    is_corrected: bool
    claims: tuple[int, ...] = ()

    def listings(self, world: World) -> tuple[str, ...]:
        """Every listing the article stands in."""
        month = self.published.astimezone(world.paper.zone)
        names = [
            f"front:{self.language}",
            f"section:{self.section}",
            f"month:{self.language}:{month:%Y-%m}",
            f"translations:{self.translation_key}",
            *(f"tag:{self.language}:{tag}" for tag in self.tags),
            *(f"topic:{topic}" for topic in self.topics),
            *dict.fromkeys(f"person:{person}" for person, _role in self.bylines if is_named(person, world)),
        ]
        if self.is_corrected:
            names.append(f"corrected:{self.language}")
        names.extend(f"claim:{claim}" for claim in self.claims)
        return tuple(names)

    def words(self) -> frozenset[str]:
        """The words that tell what the article is about, for finding others like it."""
        return _words(self.headline + " " + self.standfirst)


@lru_cache(maxsize=8192)
def _words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text.lower()))


def is_named(person: int, world: World) -> bool:
    """Whether a person has a page: a withheld byline has none."""
    row = world.people.get(person)
    return row is not None and row.path is not None


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Facts)


def encode(facts: Facts) -> bytes:
    """Facts as bytes for the memory."""
    return _encoder.encode(facts)


def decode(stored: bytes) -> Facts:
    """Facts out of the memory."""
    return _decoder.decode(stored)


def facts_of(row: ArticleRow, world: World) -> Facts:
    """What the press remembers of an article."""
    prefix = world.paper.prefix(row.language)
    return Facts(
        id=row.id,
        digest=hashlib.blake2b(_encoder.encode(row), digest_size=12).hexdigest(),
        language=row.language,
        path=addresses.article_path(prefix, row.slug, published=row.published, zone=world.paper.zone),
        place=place(row.published),
        published=row.published,
        modified=max(row.modified, row.live.changed) if row.live else row.modified,
        updated=row.updated,
        headline=plain(row.headline),
        short_headline=plain(row.short_headline) or plain(row.headline),
        standfirst=plain(row.standfirst),
        kind=_kind(row),
        dateline=plain(row.dateline),
        section=row.section,
        bylines=row.bylines,
        tags=row.tags,
        topics=row.topics,
        photo=row.photo_id,
        alt=plain(row.lead_alt),
        translation_key=row.translation_key,
        live_revision=row.live_revision,
        is_corrected=bool(row.corrections),
        claims=row.claims(),
    )


def _kind(row: ArticleRow) -> str:
    """What lists call it: live while it is covered live, and no longer than that."""
    if row.live is None:
        return row.kind
    if row.live.ended is None:
        return "live"
    return "news" if row.kind == "live" else row.kind
