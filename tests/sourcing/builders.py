"""Small sourcing: builders of sources, questions, claims and their chains."""

from datetime import date
from typing import Any

from django.db import connection
from wagtail.models import Locale
from wagtail.search import index

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
    index.insert_or_update_object(source)
    return source


def a_question(
    text: str = "How many were killed at Zelen?", *, slug: str = "killed-at-zelen", language: str = "en"
) -> Question:
    """A question in one language."""
    question = Question.objects.create()
    QuestionText.objects.create(question=question, locale=locale(language), text=text, slug=slug)
    index.insert_or_update_object(question)
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
    index.insert_or_update_object(claim)
    set_status(claim, status, day=day)
    if chain:
        verbs = (Verb.SAID, *(Verb.CITED for _source in chain[1:]))
        set_chain(claim, [NewLink(source=s, verb=v) for s, v in zip(chain, verbs, strict=True)], day=day)
    return claim


def clear_sourcing() -> None:
    """Take everything out of this room's tables. The guard of records stands aside for as long as that takes."""
    if Record.objects.exists():
        of_table = f" ON {Record._meta.db_table}" if connection.vendor == "postgresql" else ""
        with connection.cursor() as cursor:
            for event in ("update", "delete"):
                cursor.execute(f"DROP TRIGGER IF EXISTS stet_{Record._meta.db_table}_kept_{event}{of_table}")
        Record.objects.all().delete()
        install_triggers()
    for model in (Mention, ClaimLink, Attribution, Claim, Question, Source, Evidence):
        model.objects.all().delete()
