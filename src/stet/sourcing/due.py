"""Which printed stories stand on a claim that does not hold any more, for the desk's home."""

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from stet.newsroom.home.due import LOOKED_BACK
from stet.sourcing.terms import GONE, Status

NO_LONGER = {str(status) for status in GONE | {Status.DENIED, Status.DISPUTED}}
LOOKED_AT = 200
"""Newest changes of status."""


class ClaimsDue:
    """Stories in print with a claim that does not hold any more, and no correction since that day."""

    def corrections_due(self, articles: Any, *, most: int) -> Iterator[tuple[Any, str]]:
        """Three queries at most."""
        from stet.sourcing.models import Mention

        fallen = _fallen()
        if not fallen:
            return
        marked = Mention.objects.filter(claim_id__in=fallen, is_in_print=True).values_list("page_id", "claim_id")
        days: dict[int, date] = {}
        for page, claim in marked:
            days[page] = max(fallen[claim], days.get(page, date.min))
        stories = articles.filter(pk__in=days).annotate(corrected=Max("corrections__date")) if days else ()
        due = (story for story in stories if story.corrected is None or story.corrected < days[story.pk])
        newest = sorted(due, key=lambda story: days[story.pk], reverse=True)
        yield from ((story, _("a claim in it does not hold any more")) for story in newest[:most])


def _fallen() -> dict[int, date]:
    """Claims whose newest status says so, with its day."""
    from stet.sourcing.models import Record

    since = timezone.localdate() - LOOKED_BACK
    records = Record.objects.filter(kind=Record.Kind.STATUS, day__gte=since).order_by("-day", "-number")
    newest: dict[int, tuple[date, str]] = {}
    for claim, day, body in records.values_list("claim_id", "day", "body")[:LOOKED_AT]:
        newest.setdefault(claim, (day, str(json.loads(body).get("status"))))
    return {claim: day for claim, (day, status) in newest.items() if status in NO_LONGER}
