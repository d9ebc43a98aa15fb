"""Photos that look the same, found among any number of them: one query, by the bands of their looks."""

from collections.abc import Iterable
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from stet.newsroom.photos import looks

if TYPE_CHECKING:
    from stet.newsroom.models import Photo

MOST_CANDIDATES = 2_000
"""Rows compared at the most. Of 100,000 looks that are no relatives, about 100 share a band."""


def like(photo: "Photo") -> list[int]:
    """Other photos that look like this one, the nearest first, of equally near ones the oldest."""
    return [number for number, _bits in near(photo.look, besides=photo.pk)]


def near(look: int | None, *, besides: int | None = None) -> list[tuple[int, int]]:
    """(photo, bits that differ) of all within `looks.NEAR`, the nearest first."""
    if look is None:
        return []
    rows = candidates(look).exclude(pk=besides) if besides else candidates(look)
    found = (
        (number, looks.distance(look, other))
        for number, other in rows.order_by("pk").values_list("pk", "look")[:MOST_CANDIDATES]
    )
    return sorted(((n, bits) for n, bits in found if bits <= looks.NEAR), key=lambda pair: (pair[1], pair[0]))


def candidates(look: int) -> "QuerySet[Photo]":
    """The photos with a band that differs from this look's in one bit or none."""
    from stet.newsroom.models import Photo

    asked: Iterable[Q] = (
        Q(**{f"look_{number}__in": list(looks.around(band))}) for number, band in enumerate(looks.bands(look), 1)
    )
    found: QuerySet[Photo] = Photo.objects.filter(reduce(or_, asked))
    return found
