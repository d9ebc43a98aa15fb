"""Readers in numbers, for staff who see no reader.

The rules:
 * Counted is who gets letters: readers who are on one list at least and are not suppressed; and of them, by list.
 * A group of fewer than ten is not shown. Nor is the smallest of the others where the sum would give it away.
 * Of fewer than ten in all there are no groups: which list, language and provider they have would say who they are.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Count

from stet.readers.models import Reader, Subscription

LEAST = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """So many readers; None: too few to be told."""

    name: str
    readers: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """The numbers that may be shown."""

    readers: int | None
    """All of them; None: fewer than ten, and more than none."""
    lists: tuple[Group, ...]
    languages: tuple[Group, ...]
    lanes: tuple[Group, ...]
    weeks: tuple[Group, ...]
    """By the Monday on which a reader's first week began, oldest first."""


def counts() -> Counts:
    """Readers by list, language, lane and week."""
    readers = Reader.objects.with_letters()
    total = readers.count()
    if total < LEAST:
        return Counts(readers=None if total else 0, lists=(), languages=(), lanes=(), weeks=())
    return Counts(
        readers=total,
        lists=_lists(),
        languages=_by(readers.values_list("language").annotate(readers=Count("pk")).order_by("language")),
        lanes=_by(readers.values_list("lane").annotate(readers=Count("pk")).order_by("lane")),
        weeks=_by(readers.values_list("since").annotate(readers=Count("pk")).order_by("since")),
    )


def shown(groups: Mapping[str, int]) -> tuple[Group, ...]:
    """Groups that together make a known total, as they may be shown.

    >>> [(group.name, group.readers) for group in shown({"en": 40, "fa": 3, "ru": 25})]
    [('en', 40), ('fa', None), ('ru', None)]
    """
    hidden = {name for name, readers in groups.items() if readers < LEAST}
    told = sorted((readers, name) for name, readers in groups.items() if name not in hidden)
    gives_away = len(hidden) == 1 or 0 < sum(groups[name] for name in hidden) < LEAST
    if gives_away and told:
        hidden.add(told[0][1])
    return tuple(Group(name=name, readers=None if name in hidden else readers) for name, readers in groups.items())


def _by(rows: Iterable[tuple[object, int]]) -> tuple[Group, ...]:
    return shown({str(name): readers for name, readers in rows})


def _lists() -> tuple[Group, ...]:
    """Lists overlap, so their numbers have no known sum: only the small ones are hidden."""
    rows = Subscription.objects.sent_to().values_list("list_key").annotate(readers=Count("pk")).order_by("list_key")
    return tuple(Group(name=key, readers=readers if readers >= LEAST else None) for key, readers in rows)
