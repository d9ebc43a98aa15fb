"""Letters being begun and filled: what the desk's buttons do."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import uuid4

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from stet.letters.drafts import a_draft
from stet.letters.errors import LetterHeldError
from stet.letters.gathering import MOST, gathered
from stet.letters.models import LetterPage, ListPage
from stet.letters.preflight import Finding, blocking, preflight
from stet.letters.proofs import UNSET, weigh
from stet.letters.rows import candidates, given_subject, next_day, raw_blocks, stories_in


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathering:
    """What came of a gathering."""

    added: int
    present: int
    """Stories that stood in the letter already."""
    left: int
    """Further stories that were published and that the letter has no room for."""


def gather_into(letter: LetterPage, page: ListPage, *, now: datetime) -> Gathering:
    """Add what was published since the last letter, below what the letter has; nothing is saved here."""
    blocks = raw_blocks(letter.body)
    present = set(stories_in(blocks))
    fresh, carried = candidates(page, letter=letter if letter.pk else None, now=now)
    picked = gathered(fresh, carried=carried | present, most=max(MOST - len(present), 0))
    blocks += [_story(candidate.id) for candidate in picked]
    letter.body = json.dumps(blocks)
    waiting = {candidate.id for candidate in fresh} - carried - present
    return Gathering(added=len(picked), present=len(present), left=len(waiting) - len(picked))


def _story(article: int) -> dict[str, Any]:
    value = {"article": article, "headline": "", "teaser": "", "photo": None, "with_photo": True}
    return {"type": "story", "value": value, "id": str(uuid4())}


@transaction.atomic
def begin(page: ListPage, *, user: AbstractBaseUser, now: datetime) -> tuple[LetterPage, Gathering]:
    """A draft of the list's next letter, with its day and its stories."""
    day = next_day(page, now=now)
    letter = LetterPage(
        title=given_subject(page, day),
        slug=slug_of_day(page, day),
        due_date=day,
        locale=page.locale,
        owner=user,
        live=False,
        has_unpublished_changes=True,
    )
    gathering = gather_into(letter, page, now=now)
    page.add_child(instance=letter)
    letter.save_revision(user=user, log_action=True, clean=False)
    return letter, gathering


def slug_of_day(page: ListPage, day: date, *, letter: LetterPage | None = None) -> str:
    """The address of a letter of that day; `letter` may have it already."""
    others = LetterPage.objects.child_of(page).exclude(pk=letter.pk if letter else None)
    return free_slug(day.isoformat(), others.values_list("slug", flat=True))


def free_slug(wanted: str, taken: Iterable[str]) -> str:
    """The wanted slug, or with a number behind it.

    >>> free_slug("2026-11-27", ["2026-11-27", "2026-11-27-2"])
    '2026-11-27-3'
    """
    names, number, slug = set(taken), 2, wanted
    while slug in names:
        slug, number = f"{wanted}-{number}", number + 1
    return slug


def findings_of(letter: LetterPage, page: ListPage, *, now: datetime, sets_mail: bool) -> tuple[Finding, ...]:
    """What preflight says of the letter as it is in the editor's form; with `sets_mail`, of its mail too."""
    return preflight(a_draft(letter, page, mail=weigh(letter) if sets_mail else UNSET), now=now)


def look_over(letter: LetterPage, page: ListPage, *, now: datetime) -> None:
    """Raise LetterHeldError where preflight finds something broken, the letter's mail included."""
    found = blocking(findings_of(letter, page, now=now, sets_mail=True))
    if found:
        sentences = tuple(finding.sentence for finding in found)
        raise LetterHeldError(letter=letter.pk, subject=letter.title, sentences=sentences)
