"""Making claims, sources and questions, and finding those that are there: what the desk's forms and panels call.

The rules:
 * A claim, its sentence, its first status and its chain come into being together or not at all.
 * Its first status is "reported", or "purported" where the printed words say so.
 * What is found is a frozen value, in the language that was asked for.
 * An unnamed source is never found: each claim gets a description of its own, so that no two of them tell that they
   come from the same one.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any
from unicodedata import category

import msgspec
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _
from wagtail.models import Locale
from wagtail.search import index
from wagtail.search.backends import get_search_backend

from stet.sourcing.errors import ClaimRefusedError, SourceRefusedError
from stet.sourcing.history import NewLink, set_chain, set_status
from stet.sourcing.models import Claim, ClaimText, Question, QuestionText, Source, SourceName
from stet.sourcing.reading import read_claims
from stet.sourcing.seeing import seen
from stet.sourcing.terms import GONE, Modality, SourceKind, Status
from stet.sourcing.values import Claim as ClaimValue

IN_TEXT = frozenset({"unit", "value_text", "place", "verdict_text"})
"""What a claim says in words: it belongs to a language."""
MOST_FOUND = 100


class FoundSource(msgspec.Struct, frozen=True, kw_only=True):
    """A source that fits what was asked for."""

    id: int
    name: str
    role: str
    kind: SourceKind


class FoundClaim(msgspec.Struct, frozen=True, kw_only=True):
    """A claim that fits what was asked for."""

    id: int
    sentence: str
    says: tuple[str, ...]
    """Names of its chain, who speaks first."""
    status: Status
    stands: bool


class FoundQuestion(msgspec.Struct, frozen=True, kw_only=True):
    """A question that fits what was asked for."""

    id: int
    text: str


def new_claim(
    *,
    sentence: str,
    language: str,
    links: Sequence[NewLink],
    day: date,
    question: Question | None = None,
    editor: Any = None,
    **values: Any,
) -> Claim:
    """Make a claim with its chain and first status.

    `values` are fields of `Claim` (value_kind, low, best, high, value_date, value_yes, as_of, speech_act, modality) and
    of `ClaimText` (unit, value_text, place). Raises ClaimRefusedError, which says by field what is wrong, and
    ChainRefusedError.
    """
    worded = {name: value for name, value in values.items() if name in IN_TEXT}
    typed = {name: value for name, value in values.items() if name not in IN_TEXT}
    claim = Claim(question=question, **typed)
    text = ClaimText(locale=locale_of(language), sentence=sentence.strip(), **worded)
    _refuse_unclean({"claim": claim, "text": text})
    with transaction.atomic():
        claim.save()
        text.claim = claim
        text.save()
        begin(claim, links, day=day, editor=editor)
    index.insert_or_update_object(claim)
    return claim


def begin(claim: Claim, links: Sequence[NewLink], *, day: date, editor: Any) -> None:
    """Give a new claim its first status and its chain. Call it in the claim's own transaction."""
    is_purported = claim.modality == Modality.PURPORTEDLY
    set_status(claim, Status.PURPORTED if is_purported else Status.REPORTED, day=day, editor=editor)
    set_chain(claim, links, day=day, editor=editor)


def new_source(
    *, name: str, language: str, kind: SourceKind = SourceKind.PERSON, role: str = "", interest: str = ""
) -> Source:
    """Make a source with its name in one language. Raises SourceRefusedError."""
    is_unnamed = kind == SourceKind.UNNAMED
    if is_unnamed and (role or interest):
        raise SourceRefusedError(_("Of an unnamed source only the description is kept. Leave everything else empty."))
    text = SourceName(locale=locale_of(language), name=name.strip(), role=role.strip(), interest=interest.strip())
    try:
        text.clean_fields(exclude=["source"])
    except ValidationError as error:
        raise SourceRefusedError(" ".join(error.messages)) from error
    with transaction.atomic():
        source: Source = Source.objects.create(kind=kind)
        text.source = source
        text.save()
    index.insert_or_update_object(source)
    return source


def new_question(*, text: str, language: str) -> Question:
    """Make a question in one language. Raises ClaimRefusedError."""
    worded = QuestionText(locale=locale_of(language), text=text.strip())
    try:
        worded.clean_fields(exclude=["question"])
    except ValidationError as error:
        raise ClaimRefusedError(_by_field(error)) from error
    with transaction.atomic():
        question: Question = Question.objects.create()
        worded.question = question
        worded.save()
    index.insert_or_update_object(question)
    return question


def find_claims(words: str, *, language: str, limit: int = 20, user: Any = None) -> list[FoundClaim]:
    """Claims whose sentences hold `words`, the best first; without words the newest; for `user` those they may see."""
    ids = _found(Claim, words, limit, user=user)
    told = read_claims(ids)
    return [_found_claim(told[pk], language) for pk in ids if pk in told]


def _found_claim(claim: ClaimValue, language: str) -> FoundClaim:
    return FoundClaim(
        id=claim.id,
        sentence=claim.text(language).sentence,
        says=tuple(link.source.text(language).name for link in claim.chain),
        status=claim.status,
        stands=claim.status not in GONE,
    )


def find_sources(words: str, *, language: str, limit: int = 20, user: Any = None) -> list[FoundSource]:
    """Named sources whose names hold `words`; without words the newest."""
    ids = _found(Source, words, limit, user=user, without={"kind": SourceKind.UNNAMED})
    rows = Source.objects.prefetch_related("names__locale").in_bulk(ids)
    return [_found_source(rows[pk], language) for pk in ids if pk in rows]


def _found_source(source: Source, language: str) -> FoundSource:
    names = list(source.names.all())
    own = [name for name in names if name.locale.language_code == language]
    shown = (own or names or [SourceName(name="")])[0]
    return FoundSource(id=source.pk, name=shown.name, role=shown.role, kind=SourceKind(source.kind))


def find_questions(words: str, *, language: str, limit: int = 20, user: Any = None) -> list[FoundQuestion]:
    """Questions that hold `words`; without words the newest."""
    ids = _found(Question, words, limit, user=user)
    rows = Question.objects.prefetch_related("texts__locale").in_bulk(ids)
    return [FoundQuestion(id=pk, text=rows[pk].text_in(language)) for pk in ids if pk in rows]


def _found(
    model: type[models.Model], words: str, limit: int, *, user: Any, without: dict[str, Any] | None = None
) -> list[int]:
    limit = max(0, min(limit, MOST_FOUND))
    rows: Any = seen(model, user).exclude(**(without or {}))
    if not plain_words(words):
        return list(rows.order_by("-pk").values_list("pk", flat=True)[:limit])
    return matching(rows, words, most=limit)


def matching(rows: Any, words: str, *, most: int) -> list[int]:
    """Ids of indexed rows that hold the beginnings of `words`, the best first.

    Texts are rows of their own, and Wagtail's lists and choosers look for beginnings of words only where a model's own
    columns are searched by them.
    """
    sought = plain_words(words)
    return [row.pk for row in get_search_backend().autocomplete(sought, rows)[:most]] if sought else []


def plain_words(words: str) -> str:
    """The words that are looked for, as letters and digits: a quotation mark, say, ends a query of SQLite's index."""
    kept = (c if c.isalnum() or category(c).startswith("M") else " " for c in words[:200])
    return " ".join("".join(kept).split())


def locale_of(language: str) -> Locale:
    """The locale of a language of the paper. Raises ClaimRefusedError where it has none."""
    locale = Locale.objects.filter(language_code=language).first()
    if locale is None:
        raise ClaimRefusedError({"language": _("The paper has no such language. Add it under Settings → Locales.")})
    return locale


def _refuse_unclean(parts: dict[str, Any]) -> None:
    found: dict[str, str] = {}
    for name, part in parts.items():
        try:
            part.clean_fields(exclude=["claim"] if name == "text" else [])
            part.clean()
        except ValidationError as error:
            found.update(_by_field(error))
    if found:
        raise ClaimRefusedError(found)


def _by_field(error: ValidationError) -> dict[str, str]:
    return {field: " ".join(messages) for field, messages in error.message_dict.items()}
