"""Making claims, sources and questions, and finding those that are there: what the desk's forms and panels call."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import msgspec
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.models import Locale

from stet.sourcing.errors import ClaimRefusedError, SourceRefusedError
from stet.sourcing.history import NewLink, set_chain, set_status
from stet.sourcing.models import Claim, ClaimText, Question, Source, SourceName
from stet.sourcing.reading import read_claims
from stet.sourcing.terms import GONE, Modality, SourceKind, Status

IN_TEXT = frozenset({"unit", "value_text", "place", "verdict_text"})


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
    """Make a claim with its chain and first status. Raises ClaimRefusedError and ChainRefusedError."""
    worded = {name: value for name, value in values.items() if name in IN_TEXT}
    claim = Claim(question=question, **{name: value for name, value in values.items() if name not in IN_TEXT})
    text = ClaimText(locale=_locale(language), sentence=sentence.strip(), **worded)
    found: dict[str, str] = {}
    for part, excluded in ((claim, []), (text, ["claim"])):
        try:
            part.clean_fields(exclude=excluded)
            part.clean()
        except ValidationError as error:
            found |= {field: " ".join(messages) for field, messages in error.message_dict.items()}
    if found:
        raise ClaimRefusedError(found)
    with transaction.atomic():
        claim.save()
        text.claim = claim
        text.save()
        is_purported = claim.modality == Modality.PURPORTEDLY
        set_status(claim, Status.PURPORTED if is_purported else Status.REPORTED, day=day, editor=editor)
        set_chain(claim, links, day=day, editor=editor)
    return claim


def new_source(
    *, name: str, language: str, kind: SourceKind = SourceKind.PERSON, role: str = "", interest: str = ""
) -> Source:
    """Make a source with its name in one language. Raises SourceRefusedError."""
    text = SourceName(locale=_locale(language), name=name.strip(), role=role.strip(), interest=interest.strip())
    try:
        text.clean_fields(exclude=["source"])
    except ValidationError as error:
        raise SourceRefusedError(" ".join(error.messages)) from error
    with transaction.atomic():
        source: Source = Source.objects.create(kind=kind)
        text.source = source
        text.save()
    return source


def find_claims(words: str, *, language: str, limit: int = 20) -> list[FoundClaim]:
    """Claims whose sentences hold `words`, the newest first."""
    rows = Claim.objects.filter(texts__sentence__icontains=words.strip()).order_by("-pk").distinct()
    ids = list(rows.values_list("pk", flat=True)[:limit])
    told = read_claims(ids)
    return [
        FoundClaim(
            id=pk, sentence=told[pk].text(language).sentence,
            says=tuple(link.source.text(language).name for link in told[pk].chain), status=told[pk].status,
            stands=told[pk].status not in GONE,
        )
        for pk in ids
    ]  # fmt: skip


def find_sources(words: str, *, language: str, limit: int = 20) -> list[FoundSource]:
    """Named sources whose names hold `words`, the newest first."""
    rows = Source.objects.filter(names__name__icontains=words.strip()).exclude(kind=SourceKind.UNNAMED)
    found = []
    for row in rows.order_by("-pk").distinct()[:limit]:
        names = list(row.names.all())
        shown = ([name for name in names if name.locale.language_code == language] or names)[0]
        found.append(FoundSource(id=row.pk, name=shown.name, role=shown.role, kind=SourceKind(row.kind)))
    return found


def find_questions(words: str, *, language: str, limit: int = 20) -> list[FoundQuestion]:
    """Questions that hold `words`, the newest first."""
    rows = Question.objects.filter(texts__text__icontains=words.strip()).order_by("-pk").distinct()[:limit]
    return [FoundQuestion(id=row.pk, text=row.text_in(language)) for row in rows]


def _locale(language: str) -> Locale:
    locale = Locale.objects.filter(language_code=language).first()
    if locale is None:
        raise ClaimRefusedError({"language": _("The paper has no such language. Add it under Settings → Locales.")})
    return locale
