"""Comparing the ledger with a provider, so that every difference is listed and none is left silently.

The rules:
 * What the provider tells and we lack is added, and listed as mended.
 * What belongs to no contribution of ours, what has another amount, and what we have and the provider does not list are
   listed, and left for somebody in the office to settle.
 * Orders that nothing is known of yet are asked for one by one. One without a page number was cut off before anybody
   was led to the provider, so nobody can have paid it; if it was paid all the same, the listing tells.
 * Facts are compared by whole months, because a month is all that is known of when: nothing is missing there that may
   lie before `since`.
 * A way to pay that has no page tells through statements that somebody brings. There is nobody to ask what it lists.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import islice

from django.db.models import Exists, Max, OuterRef

from stet.ledger.errors import ProviderRefusedError
from stet.ledger.models import Contribution, Difference, Fact, ReconcileRun
from stet.ledger.months import first_of, month_of
from stet.ledger.providers.base import FactTold, Provider
from stet.ledger.taking import Taken, note, take, write_down
from stet.readers.joining import readers_transaction

AT_ONCE = 200
"""How many facts are taken in with one transaction."""

Key = tuple[str, str]
"""A fact by kind and number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One difference."""

    kind: str
    fact_kind: str
    provider_id: str
    is_mended: bool
    is_settled: bool
    """Whether somebody in the office said what became of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a comparison came to."""

    provider: str
    since: date
    compared: int
    """Facts that the provider told."""
    asked: int
    """Orders that were asked for one by one."""
    refused: int
    """Of these, the ones that the provider does not know."""
    differences: tuple[Found, ...]

    @property
    def open(self) -> int:
        """Differences that somebody has to settle."""
        return sum(1 for one in self.differences if not one.is_mended and not one.is_settled)


def reconcile(
    provider: Provider, since: date, *, now: datetime, progress: Callable[[int], None] = lambda _: None
) -> Report:
    """Compare everything since a day. Raises what the provider raises; what was found until then is kept."""
    run = ReconcileRun.objects.create(provider=provider.name, began=now, since=since)
    # What is taken in while the provider tells is not asked of it.
    newest = Fact.objects.aggregate(newest=Max("pk"))["newest"] or 0
    listed: set[Key] = set()
    compared = 0
    for portion in _portions(provider.listing(since)):
        _take(portion, provider, run, now)
        listed.update((told.kind, told.provider_id) for told in portion)
        compared += len(portion)
        progress(compared)
    asked, refused = _ask_for_open_orders(provider, since, run, listed, now)
    if provider.capabilities.has_page:
        _list_missing_there(provider, since, run, listed, newest)
    _mend_what_agrees(provider, run, listed)
    ReconcileRun.objects.filter(pk=run.pk).update(ended=datetime.now(UTC), compared=compared)
    return Report(
        provider=provider.name,
        since=since,
        compared=compared,
        asked=asked,
        refused=refused,
        differences=tuple(_found(row) for row in run.differences.order_by("pk")),
    )


def _portions(facts: Iterable[FactTold]) -> Iterator[list[FactTold]]:
    facts = iter(facts)
    while portion := list(islice(facts, AT_ONCE)):
        yield portion


def _take(facts: list[FactTold], provider: Provider, run: ReconcileRun, now: datetime) -> Taken:
    with readers_transaction():
        taken = take(facts, provider=provider.name, now=now, run=run)
        new = {(row.kind, row.provider_id) for row in taken.new}
        for told in facts:
            if (told.kind, told.provider_id) in new:
                note(Difference.Kind.MISSING_HERE, told, provider=provider.name, run=run, is_mended=True)
    return taken


def _ask_for_open_orders(
    provider: Provider, since: date, run: ReconcileRun, listed: set[Key], now: datetime
) -> tuple[int, int]:
    asked = refused = 0
    for session_id in _open_orders(provider.name, since):
        asked += 1
        try:
            facts = list(provider.facts_of(session_id))
        except ProviderRefusedError:
            refused += 1
            continue
        _take(facts, provider, run, now)
        listed.update((told.kind, told.provider_id) for told in facts)
    return asked, refused


def _open_orders(provider: str, since: date) -> list[str]:
    """The pages of contributions of which nothing final is known."""
    final = Fact.objects.filter(contribution=OuterRef("pk"), kind__in=[Fact.Kind.SETTLED, Fact.Kind.ENDED])
    waiting = Contribution.objects.filter(~Exists(final), provider=provider, month__gte=month_of(since))
    return list(waiting.exclude(session_id="").order_by("pk").values_list("session_id", flat=True))


def _list_missing_there(provider: Provider, since: date, run: ReconcileRun, listed: set[Key], newest: int) -> None:
    ours = Fact.objects.filter(provider=provider.name, month__gte=first_of(since), pk__lte=newest)
    for fact in [one for one in ours.order_by("pk") if (one.kind, one.provider_id) not in listed]:
        write_down(
            Difference(
                run=run, provider=provider.name, kind=Difference.Kind.MISSING_THERE, fact_kind=fact.kind,
                provider_id=fact.provider_id, minor=fact.minor, currency=fact.currency, month=fact.month,
            )
        )  # fmt: skip


def _mend_what_agrees(provider: Provider, run: ReconcileRun, listed: set[Key]) -> None:
    """What differed once and was listed now without a difference is none any more."""
    earlier = Difference.objects.filter(
        provider=provider.name, mended=False, kind__in=[Difference.Kind.MISSING_THERE, Difference.Kind.AMOUNT]
    ).exclude(run=run)
    agreed = [row.pk for row in earlier if (row.fact_kind, row.provider_id) in listed]
    Difference.objects.filter(pk__in=agreed).update(mended=True)


def _found(row: Difference) -> Found:
    return Found(
        kind=row.kind,
        fact_kind=row.fact_kind,
        provider_id=row.provider_id,
        is_mended=row.mended,
        is_settled=bool(row.settled_by),
    )
