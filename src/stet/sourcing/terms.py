"""The words of sourcing that are stored: kinds of sources, verbs, statuses. Pure; never renamed without a migration."""

from enum import StrEnum


class SourceKind(StrEnum):
    """Who or what says something."""

    PERSON = "person"
    BODY = "body"
    OUTLET = "outlet"
    DOCUMENT = "document"
    DATASET = "dataset"
    OWN = "own_reporting"
    UNNAMED = "unnamed"


class SpeechAct(StrEnum):
    """What is done by saying it."""

    ASSERTS = "asserts"
    DENIES = "denies"
    PREDICTS = "predicts"
    DECLINES = "declines"
    SEES_NO_SIGNS = "sees_no_signs"


class Modality(StrEnum):
    """How the printed words hedge it."""

    FLAT = "flat"
    REPORTEDLY = "reportedly"
    PURPORTEDLY = "purportedly"


class Verb(StrEnum):
    """How one hands it on."""

    SAID = "said"
    TOLD = "told"
    CITED = "cited"
    PUBLISHED = "published"
    SIGNED = "signed"
    LEAKED = "leaked"
    CONFIRMED = "confirmed"
    DENIED = "denied"
    PREDICTED = "predicted"
    DECLINED = "declined"
    OTHER = "other"


class Addressee(StrEnum):
    """To whom it was said."""

    PUBLIC = "public"
    US = "us"
    OUTLET = "outlet"
    UNKNOWN = "unknown"


class ValueKind(StrEnum):
    """What sort of value a claim gives."""

    NONE = "none"
    NUMBER = "number"
    DATE = "date"
    YES_NO = "yes_no"
    TEXT = "text"


class Status(StrEnum):
    """What became of a claim; each is an event of its history, the last one is its status."""

    REPORTED = "reported"
    PURPORTED = "purported"
    CORROBORATED = "corroborated"
    CONFIRMED = "officially_confirmed"
    DISPUTED = "disputed"
    DENIED = "denied"
    CORRECTED = "corrected"
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"


GONE = frozenset({Status.CORRECTED, Status.WITHDRAWN, Status.SUPERSEDED})
"""A claim that no longer stands: it counts in no range and among no roots."""


class Relation(StrEnum):
    """How one claim stands to another: this one … that one."""

    REPEATS = "repeats"
    CORROBORATES = "corroborates"
    CONTRADICTS = "contradicts"
    NARROWS = "narrows"
    UPDATES = "updates"
    ANSWERS = "answers"


class Visibility(StrEnum):
    """Who may see evidence."""

    PUBLIC = "public"
    STAFF = "staff"
    SEALED = "sealed"


class Authenticity(StrEnum):
    """What is known of evidence being what it seems."""

    SEEN = "seen"
    PURPORTED = "purported"
    VERIFIED = "verified"


class Verdict(StrEnum):
    """The newsroom's own finding on a claim of others."""

    NONE = "none"
    ACCURATE = "accurate"
    PARTLY = "partly"
    MISLEADING = "misleading"
    FALSE = "false"
    UNPROVEN = "unproven"
