"""The words in which it is said who says something, and how.

Values are stored and printed: a member is added, never renamed. Nothing here knows Django.
"""

from enum import StrEnum


class SpeechAct(StrEnum):
    """What a source does with what it is quoted on."""

    ASSERTS = "asserts"
    DENIES = "denies"
    PREDICTS = "predicts"
    DECLINES = "declines"
    SEES_NO_SIGNS = "sees_no_signs"


class Modality(StrEnum):
    """How sure the text itself is that the source does so, or that the source exists at all."""

    FLAT = "flat"
    REPORTEDLY = "reportedly"
    PURPORTEDLY = "purportedly"


class Verb(StrEnum):
    """By what a source is tied to its words."""

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
