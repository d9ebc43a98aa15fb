"""Plans that begin with a card that is left, and nothing paid: what becomes of such a card.

Where cards of some countries are refused, a plan's page collects no money (Checkout cannot reserve a plan's first
payment). Whoever asks about it afterwards, the worker first of all, looks at the card's country and does one of two:

 * begins the plan, with what our own row says was agreed to: the subscription collects its first payment at once;
 * lets the card go: it is detached, its customer is deleted with the address that was typed at Stripe, and nothing was
   ever charged.

Each step can be cut off and asked again, by two at a time. What was decided is read off Stripe's own objects: a
subscription of that customer with our uid, or a customer that is gone. Keys make a repeated step one step for as long
as Stripe keeps them; a detached card can never be used again, which makes a half-done letting go stay one.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal
from uuid import UUID

import stripe
from stripe import StripeClient

from stet.ledger.errors import ProviderAwayError
from stet.ledger.providers import stripe_objects as told
from stet.ledger.providers.base import Agreed
from stet.ledger.providers.stripe_objects import OUR_KEY, Thing, number_of

PERIODS: dict[str, Literal["month", "year"]] = {"monthly": "month", "annual": "year"}
LATEST = timedelta(days=7)
"""A card that was left longer ago begins nothing any more: nobody expects to be charged by then."""
NOT_KNOWN = "It cannot be told which cards are refused: no support page is printed. Print it."


@dataclass(frozen=True, slots=True, kw_only=True)
class Became:
    """What became of a card that was left."""

    plan: str = ""
    """The subscription that began with it."""
    let_go: str = ""
    """Why it was let go: "country", "expired" or "canceled"."""


class Setups:
    """Decides with one client. `agreed`: what our row of this uid says; None for no row."""

    def __init__(
        self,
        client: StripeClient,
        *,
        refused: Callable[[], Sequence[str] | None],
        agreed: Callable[[UUID], Agreed | None],
        clock: Callable[[], datetime],
    ) -> None:
        self._client, self._refused, self._agreed, self._clock = client, refused, agreed, clock

    def decide(self, intent: Thing, customer: str) -> Became | None:
        """Begin the plan or let the card go, once; None while nothing is left yet, or for what is not ours.

        `intent`: a setup, with its payment method expanded; `customer`: whose the card is.
        """
        uid, method = told.our_uid(intent), intent.get("payment_method")
        if uid is None or intent.get("status") != "succeeded" or not isinstance(method, dict):
            return None
        if not customer:
            raise ProviderAwayError("Stripe does not say yet whose card this is.")
        if self._client.v1.customers.retrieve(customer).to_dict().get("deleted"):
            return Became(let_go=self._why(intent, method))
        if plan := self._plan_of(customer, uid):
            return Became(plan=plan)
        if self._refused() is None:
            raise ProviderAwayError(NOT_KNOWN)
        agreed = self._agreed(uid)
        if agreed is None:
            return None
        if why := self._why_not(intent, method):
            return self._let_go(customer, method, why)
        if not self._is_attached(method, customer):
            # Somebody let it go a moment ago and was cut off, or detached it at Stripe.
            return self._let_go(customer, method, self._why(intent, method))
        return Became(plan=self._begin(uid, agreed, customer, method["id"]))

    # --- What is so ---

    def _plan_of(self, customer: str, uid: UUID) -> str:
        found = self._client.v1.subscriptions.list({"customer": customer, "status": "all", "limit": 100})
        for one in found.auto_paging_iter():
            if told.our_uid(one.to_dict()) == uid:
                return one.id
        return ""

    def _why_not(self, intent: Thing, method: Thing) -> str:
        if told.card_country(method) in (self._refused() or ()):
            return "country"
        left = datetime.fromtimestamp(intent["created"], UTC)
        return "expired" if self._clock() - left > LATEST else ""

    def _why(self, intent: Thing, method: Thing) -> str:
        return self._why_not(intent, method) or "canceled"

    def _is_attached(self, method: Thing, customer: str) -> bool:
        if number_of(method.get("customer")) == customer:
            return True
        try:
            self._client.v1.payment_methods.attach(method["id"], {"customer": customer})
        except stripe.InvalidRequestError:
            return False
        return True

    # --- What is done ---

    def _begin(self, uid: UUID, agreed: Agreed, customer: str, method: str) -> str:
        # A price inside a subscription names a product that is there already.
        product = self._client.v1.products.create({"name": agreed.label}, {"idempotency_key": f"{uid}-product"})
        params: Any = {
            "customer": customer,
            "default_payment_method": method,
            "items": [
                {
                    "quantity": 1,
                    "price_data": {
                        "currency": agreed.money.currency.lower(),
                        "unit_amount": agreed.money.minor,
                        "product": product.id,
                        "recurring": {"interval": PERIODS[agreed.interval]},
                    },
                }
            ],
            "metadata": {OUR_KEY: str(uid)},
            # Nobody is at the page any more; the bank asked its questions when the card was left.
            "off_session": True,
            "payment_behavior": "allow_incomplete",
        }
        return self._client.v1.subscriptions.create(params, {"idempotency_key": f"{uid}-plan"}).id

    def _let_go(self, customer: str, method: Thing, why: str) -> Became:
        if number_of(method.get("customer")):
            try:
                self._client.v1.payment_methods.detach(method["id"])
            except stripe.InvalidRequestError:
                if number_of(self._client.v1.payment_methods.retrieve(method["id"]).to_dict().get("customer")):
                    raise
        try:
            self._client.v1.customers.delete(customer)
        except stripe.InvalidRequestError:
            if not self._client.v1.customers.retrieve(customer).to_dict().get("deleted"):
                raise
        return Became(let_go=why)
