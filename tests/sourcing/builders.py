"""Small sourcing: builders of sources, questions, claims and their chains."""

from datetime import date
from typing import Any

from django.db import connection
from wagtail.models import Locale

from stet.sourcing.history import NewLink, install_triggers, set_chain, set_status
from stet.sourcing.models import (
    Attribution,
    Claim,
    ClaimLink,
    ClaimText,
    Evidence,
    Mention,
    Question,
    QuestionText,
    Record,
    Source,
    SourceName,
)
from stet.sourcing.terms import SourceKind, Status, Verb

DAY = date(2026, 11, 20)


def locale(code: str) -> Locale:
    """The locale of a language."""
    return Locale.objects.get_or_create(language_code=code)[0]


def a_source(
    name: str = "Anna Lind", *, kind: SourceKind = SourceKind.PERSON, language: str = "en", **text: Any
) -> Source:
    """A source with a name in one language."""
    source = Source.objects.create(kind=kind)
    SourceName.objects.create(source=source, locale=locale(language), name=name, **text)
    return source


def a_question(
    text: str = "How many were killed at Zelen?", *, slug: str = "killed-at-zelen", language: str = "en"
) -> Question:
    """A question in one language."""
    question = Question.objects.create()
    QuestionText.objects.create(question=question, locale=locale(language), text=text, slug=slug)
    return question


def a_claim(
    sentence: str = "Around 600 were killed.",
    *,
    chain: tuple[Source, ...] = (),
    status: Status = Status.REPORTED,
    day: date = DAY,
    language: str = "en",
    unit: str = "",
    **fields: Any,
) -> Claim:
    """A claim in one language, with a chain where sources are given, and a first status."""
    claim = Claim.objects.create(**fields)
    ClaimText.objects.create(claim=claim, locale=locale(language), sentence=sentence, unit=unit)
    set_status(claim, status, day=day)
    if chain:
        verbs = (Verb.SAID, *(Verb.CITED for _source in chain[1:]))
        set_chain(claim, [NewLink(source=s, verb=v) for s, v in zip(chain, verbs, strict=True)], day=day)
    return claim


def clear_sourcing() -> None:
    """Take everything out of the room's tables, records too: a test that committed for real has to clean up."""
    with connection.cursor() as cursor:
        for event in ("update", "delete"):
            cursor.execute(f"DROP TRIGGER IF EXISTS stet_sourcing_record_kept_{event}")
    try:
        for model in (Mention, ClaimLink, Attribution, Record, Claim, Question, Evidence, Source):
            model.objects.all().delete()
    finally:
        install_triggers()
