"""Rows of the room: sources, questions, claims with their history, evidence, and the words of stories they stand on."""

from stet.sourcing.models.claims import Attribution, Claim, ClaimLink, ClaimText
from stet.sourcing.models.evidence import Evidence
from stet.sourcing.models.mentions import Mention
from stet.sourcing.models.questions import Question, QuestionText
from stet.sourcing.models.records import Record
from stet.sourcing.models.sources import Source, SourceName
from stet.sourcing.models.tasks import SourcingTask

__all__ = [
    "Attribution",
    "Claim",
    "ClaimLink",
    "ClaimText",
    "Evidence",
    "Mention",
    "Question",
    "QuestionText",
    "Record",
    "Source",
    "SourceName",
    "SourcingTask",
]
