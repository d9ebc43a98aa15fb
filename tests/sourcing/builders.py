"""Small sourcing: builders of sources, questions, claims and their chains."""

from datetime import date
from typing import Any

from wagtail.models import Locale
from wagtail.search import index

from stet.sourcing.history import NewLink, set_chain, set_status
from stet.sourcing.models import Claim, ClaimText, Question, QuestionText, Source, SourceName
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
