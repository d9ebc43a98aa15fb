"""What an archive holds, in the newsroom's words and in nobody's format.

The rules:
 * Every record has a `source_id`, the same at each reading of the archive: a second import knows the first by it.
 * Records of the same thing in several languages share a `key`.
 * HTML in records is clean and small: p, ul, ol, li, b, i, s, sup, sub, a, br, code.
 * A link to another record is `record:` and its source id.
 * `losses` says what had to be changed or dropped on the way; an empty tuple means that nothing was lost.

Nothing here touches disk, network, clock or Django.
"""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

import msgspec

Day = date
"""A calendar day; a field called `date` hides the type of that name."""

RECORD_LINK = "record:"
"""Begins the address of a link that leads to another record."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """One thing that is not in the newsroom as it was in the archive."""

    reason: str
    """The same words for every loss of this kind, so that they can be counted."""
    detail: str = ""
    """What it was here."""


# --- Blocks of a body ---


class BlockRecord(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind"):
    """What all blocks have in common."""


class Text(BlockRecord, frozen=True, tag="text"):
    """Paragraphs and lists."""

    html: str


class Subhead(BlockRecord, frozen=True, tag="subhead"):
    """A heading inside the text, of level 2 or 3."""

    text: str
    level: Literal[2, 3] = 2


class Photo(BlockRecord, frozen=True, tag="photo"):
    """A photo of the archive; `media` is its source id."""

    media: str
    caption: str = ""
    size: Literal["column", "wide"] = "column"


class GalleryPhoto(msgspec.Struct, frozen=True, kw_only=True):
    """One photo of a gallery."""

    media: str
    caption: str = ""


class Gallery(BlockRecord, frozen=True, tag="gallery"):
    """Several photos, in order."""

    photos: tuple[GalleryPhoto, ...]
    title: str = ""


class PullQuote(BlockRecord, frozen=True, tag="pull_quote"):
    """Words lifted out of the text."""

    text: str
    attribution: str = ""


class Quotation(BlockRecord, frozen=True, tag="quotation"):
    """A longer passage of somebody else."""

    html: str
    attribution: str = ""
    source_url: str = ""


class Table(BlockRecord, frozen=True, tag="table"):
    """A table of plain text; every row is as long as the longest."""

    rows: tuple[tuple[str, ...], ...]
    head: tuple[str, ...] = ()
    caption: str = ""
    first_column_is_head: bool = False
    source: str = ""


class FactBox(BlockRecord, frozen=True, tag="fact_box"):
    """A box beside the story."""

    title: str
    html: str


class TimelineEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One moment of a timeline; `article` is a source id."""

    when: str
    title: str
    date: Day | None = None
    html: str = ""
    article: str | None = None


class Timeline(BlockRecord, frozen=True, tag="timeline"):
    """Moments in order."""

    entries: tuple[TimelineEntry, ...]
    title: str = ""


class Embed(BlockRecord, frozen=True, tag="embed"):
    """Something on another site, as a still card."""

    url: str
    site: str = ""
    title: str = ""
    author: str = ""
    text: str = ""


class File(BlockRecord, frozen=True, tag="file"):
    """A sound or a document of the archive; `media` is its source id."""

    media: str
    title: str
    use: Literal["audio", "document"]


class Note(BlockRecord, frozen=True, tag="note"):
    """A note to readers."""

    html: str


class Known(BlockRecord, frozen=True, tag="known"):
    """What is known and what isn't; each a piece of HTML."""

    title: str = ""
    known: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


Block = (
    Text | Subhead | Photo | Gallery | PullQuote | Quotation | Table | FactBox | Timeline | Embed | File | Note | Known
)  # fmt: skip


# --- Records ---


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What all records have in common."""

    source_id: str
    losses: tuple[Loss, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What is said about a photo in one language."""

    language: str
    alt: str
    caption: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Media(Record):
    """A file that comes with the archive."""

    file_name: str
    path: str | None
    """Where the file lies; None where it was not found."""
    title: str = ""
    credit: str = ""
    licence: str = ""
    words: tuple[Words, ...] = ()
    is_photo: bool = True
    kind: str = ""
    """What the report calls it; empty for what it calls every file of this sort."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person(Record):
    """An author, in one language."""

    key: str
    language: str
    slug: str
    name: str
    kind: Literal["name", "pen_name", "withheld"] = "name"
    role: str = ""
    bio: str = ""
    contact: str = ""
    photo: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Section(Record):
    """A section, in one language."""

    key: str
    language: str
    slug: str
    title: str
    intro: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag(Record):
    """A tag that articles of the archive have; it comes with them."""

    name: str
    kind: str = ""
    """What the report calls it, where that is not a tag."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic(Record):
    """A running story, in one language."""

    key: str
    language: str
    slug: str
    title: str
    summary: str = ""
    photo: str | None = None
    key_facts: tuple[str, ...] = ()
    timeline: tuple[TimelineEntry, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What was wrong and what is right, on its day."""

    date: date
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Article(Record):
    """An article, in one language. People, sections, topics, photos and picks are source ids."""

    key: str
    language: str
    slug: str
    headline: str
    short_headline: str = ""
    standfirst: str = ""
    kind: str = "news"
    section: str | None = None
    bylines: tuple[str, ...] = ()
    dateline: str = ""
    published: datetime | None = None
    """None where it never was."""
    updated: datetime | None = None
    modified: datetime | None = None
    """The last change of any sort that the archive knows of."""
    photo: str | None = None
    photo_caption: str = ""
    topics: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    original: str | None = None
    """On a translation: the source id of the article it was made from."""
    status: Literal["live", "draft", "scheduled"] = "live"
    go_live: datetime | None = None
    picks: tuple[str, ...] = ()
    source: str = ""
    source_url: str = ""
    licence: str = ""
    corrections: tuple[Correction, ...] = ()
    body: tuple[Block, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Record):
    """A static page, in one language."""

    key: str
    language: str
    slug: str
    title: str
    role: str = ""
    """What the page is for, such as "about" or "privacy"; empty where the archive does not say."""
    parent: str | None = None
    published: datetime | None = None
    status: Literal["live", "draft", "scheduled"] = "live"
    go_live: datetime | None = None
    version: str = ""
    version_date: date | None = None
    is_in_menus: bool = True
    """Whether it stands in the footer."""
    body: tuple[Block, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Redirect(Record):
    """An old address that should lead to a record."""

    old_path: str
    target: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Front(Record):
    """A language's front: the paper's name there, and the stories placed by hand."""

    language: str
    name: str = ""
    tagline: str = ""
    description: str = ""
    publisher: str = ""
    notice: str = ""
    lead: str | None = None
    seconds: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Archive:
    """Everything one archive holds."""

    source: str
    """Names the archive, such as "wordpress:example.org"; source ids are unique within it."""
    name: str = ""
    """What the paper is called, for a newsroom that has no front yet."""
    fronts: tuple[Front, ...] = ()
    media: tuple[Media, ...] = ()
    people: tuple[Person, ...] = ()
    sections: tuple[Section, ...] = ()
    topics: tuple[Topic, ...] = ()
    tags: tuple[Tag, ...] = ()
    articles: tuple[Article, ...] = ()
    pages: tuple[Page, ...] = ()
    redirects: tuple[Redirect, ...] = ()
    kinds: tuple[tuple[str, str], ...] = ()
    """(our word, the archive's word) for kinds of records, where the report should use the archive's."""


def record_digest(record: Record) -> str:
    """Digest of what a record says, without where its file lies: equal as long as the source is unchanged."""
    fields = msgspec.to_builtins(record)
    fields.pop("path", None)
    return hashlib.sha256(b"stet.intake.record\n" + msgspec.json.encode(fields, order="sorted")).hexdigest()
