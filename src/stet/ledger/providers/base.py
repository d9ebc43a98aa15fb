"""The contract of every way to pay.

The rules:
 * A provider's page is somewhere else: readers are led there by a full redirect, and nothing of the provider's is on
   ours. It is told the amount, the interval, our uid, and where to lead back to. Nothing else.
 * Each order carries a key (`Order.uid`, `Act.uid`): sent again with the same key, it is the same order.
 * A delivery is proved, and then only points at something: `facts` asks the provider what is true. The body of a
   delivery is never believed further than that.
 * `facts` and `listing` answer with everything known of what they are asked about, in no order, and again each time;
   whoever takes them in keeps each once.
 * Unpaid is not settled: a payment that is still on its way makes no fact.
 * Errors: ProviderAwayError (try again), ProviderRefusedError (do not), DeliveryRefusedError (not the provider's).
   No message holds a key, an amount or anything about a person.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol
from uuid import UUID

from stet.kit.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """What a provider can do."""

    recurring: bool
    refunds: bool
    portal: bool
    """Whether it has a page where somebody who gives regularly changes the card or ends the plan."""
    has_page: bool = True
    """Whether it is paid on a page of the provider's; False for a bank transfer."""
    refuses_countries: bool = False
    """Whether cards of listed countries can be refused before money is taken, single gifts and plans. Where not, nobody
    here learns the country before: with PayPal it is the payer's own word, with coins and transfers there is none. Then
    the warning before the form is all there is."""
    currencies: tuple[str, ...] = ()
    """The only currencies that it takes; empty for all that are printed."""
    finds_countries: bool = False
    """Whether `plans_of_country` can tell; elsewhere it raises ProviderRefusedError, and plans are ended by hand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What somebody wants to give."""

    uid: UUID
    money: Money
    interval: str
    """"once", "monthly" or "annual"."""
    language: str
    label: str
    """What stands on the provider's page and receipt: the newsroom's neutral legal name."""
    back_url: str
    """Where somebody who paid is led."""
    cancel_url: str
    """Where somebody who changed their mind is led."""
    refused_countries: tuple[str, ...] = ()
    """ISO 3166 codes; a card issued there is not charged."""
    method: str = ""
    """The key of the way to pay on the support page, such as "card" or "sepa"; "" for all that the provider offers."""
    says: str = ""
    """What is agreed to, in the reader's words, for a page that collects nothing yet and shows no amount."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreed:
    """What somebody agreed to give regularly, as our own row has it."""

    money: Money
    interval: str
    label: str
    """As in `Order`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Started:
    """The provider has the order."""

    session_id: str
    url: str
    """Where the reader is led; "" for a way to pay without a page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A webhook that is proved."""

    event_id: str
    reference: str
    """What it is about, for `facts`; "" for what is of no concern here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanTold:
    """A recurring agreement, as the provider tells it."""

    provider_id: str
    customer_id: str
    interval: str
    money: Money
    uid: UUID | None
    """Our uid of the contribution that began it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FactTold:
    """Something that happened, as the provider tells it."""

    kind: str
    """A `ledger.models.Fact.Kind`."""
    provider_id: str
    month: date
    money: Money | None
    uid: UUID | None
    """Our uid, as the provider has it; None where it has none (then `plan` says whose it is)."""
    plan: PlanTold | None = None
    is_first: bool = False
    """Of a plan's payment: whether it is the one that the order began with."""
    of: str = ""
    why: str = ""


def as_uid(text: Any) -> UUID | None:
    """The uid that is written there; None for anything else."""
    try:
        return UUID(text) if isinstance(text, str) else None
    except ValueError:
        return None


class Provider(Protocol):
    """A way to pay."""

    @property
    def name(self) -> str:
        """As rows have it: "stripe", "paypal", "btcpay", "bank", "practice"."""

    @property
    def capabilities(self) -> Capabilities:
        """What it can do."""

    def start(self, order: Order) -> Started:
        """Place an order, once for each uid."""

    def read_delivery(self, headers: Mapping[str, str], body: bytes) -> Delivery:
        """Prove a webhook. Raises DeliveryRefusedError."""

    def facts(self, reference: str) -> Sequence[FactTold]:
        """Everything that is true now of what a delivery was about."""

    def facts_of(self, session_id: str) -> Sequence[FactTold]:
        """Everything that is true now of an order, by the number `start` gave."""

    def listing(self, since: date) -> Iterator[FactTold]:
        """Everything that happened since a day, for reconciling."""

    def refund(self, payment_id: str, money: Money, *, key: UUID) -> None:
        """Give back a payment, or a part of it."""

    def cancel(self, plan_id: str, *, key: UUID) -> None:
        """End a plan now."""

    def portal_url(self, customer_id: str, *, back_url: str, language: str) -> str:
        """A page of the provider's for one who gives regularly; good for a short time."""

    def plans_of_country(self, country: str) -> Iterator[str]:
        """The numbers of running plans that are paid with cards of a country, asked live and stored nowhere."""
