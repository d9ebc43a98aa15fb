"""How a gift begins: our row first, then the provider.

The rules:
 * The row is committed before the provider hears of it; its uid is the provider's key. Whatever is cut off in between
   leaves a row that waits, or an order that the provider can name by our uid. A webhook or a comparison joins the two.
 * The same wish begun twice is one row, and at the provider one order.
 * No transaction is open while the provider is asked, so that a slow one holds up nobody.
 * An address is kept only where somebody wants receipts, apart from the row and with an end.
 * Time is kept as a month.

Whether a wish may be granted at all (which amounts, currencies, ways to pay) is the caller's to check.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Count, Max, Q

from stet.kit.money import Money
from stet.ledger.contacts import KEPT_DAYS, make_contact
from stet.ledger.errors import WishChangedError
from stet.ledger.models import Contact, Contribution, Fact, Interval
from stet.ledger.months import month_of
from stet.ledger.providers.base import Order, Provider, Started
from stet.readers.addresses import Address
from stet.readers.apps import DATABASE
from stet.readers.keys import ReaderKeys


@dataclass(frozen=True, slots=True, kw_only=True)
class Urls:
    """Where the provider's page leads back to."""

    back: str
    cancel: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What somebody wants to give, checked."""

    interval: str
    """"once", "monthly" or "annual"."""
    money: Money
    method: str
    campaign: str
    language: str
    address: Address | None
    """For receipts; None for most."""
    label: str
    urls: Urls
    refused_countries: tuple[str, ...] = ()
    says: str = ""
    """As in `Order`."""
    uid: UUID = field(default_factory=uuid4)
    """A wish that is sent again keeps it."""


def begin(wish: Wish, *, provider: Provider, keys: ReaderKeys, now: datetime) -> Started:
    """Note the gift, then place the order; answers where it is paid.

    Raises ProviderAwayError (the same wish may be begun again), ProviderRefusedError, or WishChangedError for a wish
    whose uid stands for another one.
    """
    _intend(wish, provider.name, keys, now)
    started = provider.start(_order_of(wish))
    reference = "" if provider.capabilities.has_page else started.session_id
    Contribution.objects.filter(uid=wish.uid).update(session_id=started.session_id, reference=reference)
    return started


def _intend(wish: Wish, provider: str, keys: ReaderKeys, now: datetime) -> None:
    """The row, and the address apart from it; nothing where the row is there."""
    told = {
        "provider": provider,
        "interval": wish.interval,
        "minor": wish.money.minor,
        "currency": wish.money.currency,
    }
    with transaction.atomic(using=DATABASE):
        known = Contribution.objects.filter(uid=wish.uid).values(*told).first()
        if known is None:
            contact = _contact_of(wish, keys, now) if wish.address else None
            Contribution.objects.create(
                uid=wish.uid,
                campaign=wish.campaign,
                language=wish.language,
                month=month_of(now),
                contact=contact,
                **told,
            )
        elif known != told:
            raise WishChangedError("This order was begun with other values. Begin a new one.")


def _contact_of(wish: Wish, keys: ReaderKeys, now: datetime) -> Contact:
    assert wish.address
    until = now.date() + timedelta(days=KEPT_DAYS[Interval(wish.interval)])
    return make_contact(wish.address, Contact.Purpose.RECEIPTS, keys=keys, language=wish.language, until=until)


def _order_of(wish: Wish) -> Order:
    return Order(
        uid=wish.uid,
        money=wish.money,
        interval=wish.interval,
        language=wish.language,
        label=wish.label,
        back_url=wish.urls.back,
        cancel_url=wish.urls.cancel,
        refused_countries=wish.refused_countries,
        method=wish.method,
        says=wish.says,
    )


# --- How first payments went lately, in numbers ---


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcomes:
    """How many first payments came in and how many were declined, since a place in the row of facts."""

    place: int
    """Where to go on counting."""
    settled: int = 0
    failed: int = 0


def outcomes_since(place: int | None) -> Outcomes:
    """What has been told since `place`; with None nothing is counted, and the answer says where to begin.

    Payments that a plan renews are no part of it: cards that ran out say nothing about who is at the form now.
    """
    facts = Fact.objects.all() if place is None else Fact.objects.filter(pk__gt=place)
    newest = facts.aggregate(newest=Max("pk"))["newest"] or place or 0
    if place is None:
        return Outcomes(place=newest)
    counted = facts.filter(pk__lte=newest, contribution__isnull=False).aggregate(
        settled=Count("pk", filter=Q(kind=Fact.Kind.SETTLED)), failed=Count("pk", filter=Q(kind=Fact.Kind.FAILED))
    )
    return Outcomes(place=newest, **counted)
