"""Which claims somebody may see: all, or those that readers have and one's own.

A claim is a sentence of a story, and before it is printed a sentence of somebody's draft. Who may change claims sees
them all. Who only makes them for their own stories sees those that stand in print, those that they made, and those
that are marked in a story of theirs.
"""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q

from stet.sourcing.models import Attribution, Claim, Question, Source


def sees_all(user: Any) -> bool:
    """Whether somebody may see every claim."""
    return bool(user is None or user.has_perm("sourcing.change_claim") or user.has_perm("sourcing.view_claim"))


def seen(model: type[Any], user: Any) -> Any:
    """The claims, sources or questions that somebody may see; None as `user` is the desk itself."""
    rows = model._default_manager.all()
    if sees_all(user):
        return rows
    claims = _claims(user)
    if model is Claim:
        return rows.filter(pk__in=claims.values("pk"))
    if model is Source:
        return rows.filter(pk__in=Attribution.objects.filter(claim__in=claims.values("pk")).values("source"))
    return rows.filter(pk__in=claims.exclude(question=None).values("question")) if model is Question else rows.none()


def only_seen(numbers: Iterable[int], user: Any) -> set[int]:
    """Of these claims those that somebody may see."""
    numbers = set(numbers)
    return numbers if sees_all(user) or not numbers else set(
        _claims(user).filter(pk__in=numbers).values_list("pk", flat=True)
    )  # fmt: skip


def _claims(user: Any) -> Any:
    in_print, own = Q(mentions__is_in_print=True), Q(records__editor=user) | Q(mentions__page__owner=user)
    return Claim.objects.filter(in_print | own)
