"""Claims as frozen values: what leaves this room. Pure.

`None`, "" and () mean "there is none". Texts are by language code; whoever prints asks for one language with `text`.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import msgspec

from stet.sourcing.terms import (
    GONE,
    Addressee,
    Authenticity,
    Modality,
    Relation,
    SourceKind,
    SpeechAct,
    Status,
    ValueKind,
    Verb,
    Verdict,
    Visibility,
)


class Value(msgspec.Struct, frozen=True, kw_only=True):
    """Frozen, compared by value, named field by field."""


class SourceText(Value, frozen=True, kw_only=True):
    """A source in one language."""

    name: str
    role: str = ""
    interest: str = ""
    slug: str = ""
    """Of its page; empty where it has none, and always for an unnamed source."""


class Source(Value, frozen=True, kw_only=True):
    """Who or what says something."""

    id: int
    uid: str
    kind: SourceKind
    texts: Mapping[str, SourceText]

    @property
    def is_unnamed(self) -> bool:
        """Whether readers know only a description."""
        return self.kind is SourceKind.UNNAMED

    def text(self, language: str) -> SourceText:
        """Its name in `language`, or else in the first language it has."""
        return self.texts.get(language) or next(iter(self.texts.values()), SourceText(name=""))


class Evidence(Value, frozen=True, kw_only=True):
    """What a claim rests on."""

    id: int
    uid: str
    title: str
    url: str
    captured: str
    """The day of capture, "2026-11-20"; empty where it is not known."""
    sha256: str
    file_name: str
    visibility: Visibility
    authenticity: Authenticity
    verified_by: str
    media_type: str = ""
    """By its bytes; empty where there is only an address."""
    is_printable: bool = False
    """Whether readers may get a copy: `stet.sourcing.keeping.printed_copy` opens it."""
    redaction: str = ""
    """What was blacked out in the copy for readers, and why."""

    @property
    def is_public(self) -> bool:
        """Whether readers may see it."""
        return self.visibility is Visibility.PUBLIC


class Link(Value, frozen=True, kw_only=True):
    """A link of a chain: position 1 speaks in the text, the last is the furthest root named."""

    position: int
    source: Source
    verb: Verb
    addressee: Addressee = Addressee.UNKNOWN
    said_on: date | None = None
    evidence: Evidence | None = None
    cue: str = ""
    roles: Mapping[str, str] = msgspec.field(default_factory=dict)
    """The source's role when it spoke, by language."""


class StatusEvent(Value, frozen=True, kw_only=True):
    """What became of a claim on a day."""

    status: Status
    day: date
    by: Source | None = None
    """Who confirmed or denied it, where a source did."""
    evidence: Evidence | None = None
    notes: Mapping[str, str] = msgspec.field(default_factory=dict)
    """What readers are told about it, by language."""
    reason: str = ""
    """For the newsroom; never printed."""


class ClaimText(Value, frozen=True, kw_only=True):
    """A claim in one language."""

    sentence: str
    unit: str = ""
    value_text: str = ""
    place: str = ""
    verdict_text: str = ""


class Claim(Value, frozen=True, kw_only=True):
    """Something that somebody says is so."""

    id: int
    uid: str
    question: int | None
    value_kind: ValueKind
    low: Decimal | None = None
    best: Decimal | None = None
    high: Decimal | None = None
    value_date: date | None = None
    value_yes: bool | None = None
    as_of: date | None = None
    made_on: date
    speech_act: SpeechAct
    modality: Modality
    verdict: Verdict
    texts: Mapping[str, ClaimText]
    chain: tuple[Link, ...]
    """In order of position."""
    events: tuple[StatusEvent, ...]
    """Oldest first."""
    relations: tuple[tuple[Relation, int], ...] = ()
    """(relation, other claim), from this claim's side."""
    is_printed: bool = False
    """Whether readers may see it where no published story has it."""
    related_from: tuple[tuple[Relation, int], ...] = ()
    """(relation, other claim): the other one stands so to this."""

    def text(self, language: str) -> ClaimText:
        """The claim in `language`, or else in the first language it has."""
        return self.texts.get(language) or next(iter(self.texts.values()), ClaimText(sentence=""))

    @property
    def status(self) -> Status:
        """Its status today: that of the last event."""
        return self.events[-1].status if self.events else Status.REPORTED

    @property
    def stands(self) -> bool:
        """Whether it was neither corrected nor withdrawn nor superseded."""
        return self.status not in GONE

    @property
    def root(self) -> Source | None:
        """The furthest source named."""
        return self.chain[-1].source if self.chain else None


class QuestionText(Value, frozen=True, kw_only=True):
    """A question in one language."""

    text: str
    slug: str
    intro: str = ""
    """Rich text as stored."""


class Question(Value, frozen=True, kw_only=True):
    """What rival claims answer."""

    id: int
    uid: str
    is_printed: bool
    texts: Mapping[str, QuestionText]
    claims: tuple[int, ...]
    """All claims that answer it, ascending by id."""
