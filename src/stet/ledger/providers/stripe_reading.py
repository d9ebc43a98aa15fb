"""Asks Stripe what is true of something, and whose it is.

Three things are decided while asking, because nobody else is told in time:
 * A payment that is only reserved, because cards of some countries are refused, is collected or let go.
 * A card that was left for a plan begins it, or is let go (`stripe_setups`).
 * A plan whose page was opened before its country was listed is ended and its first payment given back, as soon as it
   is heard of. A payment older than three days is left alone: that is for the designation switch.
All carry keys, or look at what is there first, so that asking again does nothing twice.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, cast
from uuid import UUID

from stripe import StripeClient

from stet.ledger.errors import ProviderAwayError
from stet.ledger.models import Fact
from stet.ledger.providers import stripe_objects as told
from stet.ledger.providers.base import Agreed, FactTold, PlanTold, as_uid
from stet.ledger.providers.stripe_objects import NOBODY, Owner, Thing, number_of
from stet.ledger.providers.stripe_setups import NOT_KNOWN, Setups

FRESH = timedelta(days=3)
OPEN_DAYS = 40
"""How long before its payment an invoice or a page may have been made."""
MOST = 100
"""The longest page of a list that Stripe gives."""


class Reader:
    """Asks with one client. `refused`: the countries whose cards are not charged, as listed now; None: not known."""

    def __init__(
        self,
        client: StripeClient,
        *,
        refused: Callable[[], Sequence[str] | None],
        agreed: Callable[[UUID], Agreed | None],
        clock: Callable[[], datetime],
    ) -> None:
        self._client, self._refused, self._clock = client, refused, clock
        self._setups = Setups(client, refused=refused, agreed=agreed, clock=clock)

    # --- What a delivery is about ---

    def facts(self, kind: str, number: str) -> list[FactTold]:
        """Everything that is true of an object of ours; nothing for one that is not."""
        read = {
            "charge": self._of_charge,
            "checkout.session": self._of_session,
            "dispute": self._of_dispute,
            "invoice": self._of_invoice,
            "payment_intent": self._of_intent,
            "refund": self._of_refund,
            "setup_intent": self._of_setup,
            "subscription": self._of_subscription,
        }.get(kind)
        return [fact for fact in (read(number) if read else ()) if fact.uid is not None or fact.plan is not None]

    def _of_session(self, number: str) -> Iterator[FactTold]:
        session = self._get(self._client.v1.checkout.sessions.retrieve, number)
        uid = told.our_uid(session) or as_uid(session.get("client_reference_id"))
        if session.get("status") == "expired":
            yield told.expired(session, uid)
        if setup := number_of(session.get("setup_intent")):
            yield from self._of_setup(setup, customer=number_of(session.get("customer")))
        if intent := number_of(session.get("payment_intent")):
            yield from self._of_intent(intent)
        if subscription := number_of(session.get("subscription")):
            yield from self._of_subscription(subscription)
            if invoice := number_of(session.get("invoice")):
                yield from self._of_invoice(invoice)

    def _of_setup(self, number: str, *, customer: str = "") -> Iterator[FactTold]:
        """Of a card that was left for a plan; `customer`: whose it is, as its page says."""
        setup = self._get(self._client.v1.setup_intents.retrieve, number, expand=["payment_method"])
        became = self._setups.decide(setup, number_of(setup.get("customer")) or customer)
        if became and became.plan:
            yield from self._of_subscription(became.plan)
        elif became:
            yield told.let_go(setup, why=became.let_go)

    def _of_intent(self, number: str) -> Iterator[FactTold]:
        intent = self._get(self._client.v1.payment_intents.retrieve, number)
        uid = told.our_uid(intent)
        owner = Owner(uid=uid) if uid else self._owner_of_intent(number)
        if owner.is_ours:
            yield from self._of_intent_of(owner, intent)

    def _of_intent_of(self, owner: Owner, intent: Thing) -> Iterator[FactTold]:
        if intent.get("status") == "requires_capture":
            intent = self._collect_or_let_go(intent)
        charges = self._charges_of(intent["id"])
        why = self._why_released(intent, charges)
        for charge in charges:
            yield from self._of_charge_of(owner, charge, why=why)

    def _of_charge(self, number: str) -> Iterator[FactTold]:
        charge = self._charge(number)
        owner = self._owner_of(charge)
        if not owner.is_ours:
            return
        intent = number_of(charge.get("payment_intent"))
        if charge.get("status") == "succeeded" and not charge.get("captured") and intent:
            yield from self._of_intent(intent)
        else:
            yield from self._of_charge_of(owner, charge)

    def _of_charge_of(self, owner: Owner, charge: Thing, *, why: str = "") -> Iterator[FactTold]:
        if self._is_to_be_given_back(owner, charge):
            self._give_back(owner, charge)
            charge = self._charge(charge["id"])
        if fact := told.payment(charge, owner, why_released=why):
            yield fact
        if charge.get("captured") and charge.get("amount_refunded"):
            why_back = "country" if self._is_refused(charge) and owner.is_first else ""
            for refund in self._all(self._client.v1.refunds.list, charge=charge["id"]):
                if back := told.refunded(refund, owner, why=why_back):
                    yield back
        if charge.get("disputed"):
            for dispute in self._all(self._client.v1.disputes.list, charge=charge["id"]):
                yield from told.disputed(dispute, owner)

    def _of_refund(self, number: str) -> Iterator[FactTold]:
        refund = self._get(self._client.v1.refunds.retrieve, number)
        if charge := number_of(refund.get("charge")):
            yield from self._of_charge(charge)

    def _of_dispute(self, number: str) -> Iterator[FactTold]:
        dispute = self._get(self._client.v1.disputes.retrieve, number)
        if charge := number_of(dispute.get("charge")):
            yield from self._of_charge(charge)

    def _of_invoice(self, number: str) -> Iterator[FactTold]:
        invoice = self._get(self._client.v1.invoices.retrieve, number)
        subscription = subscription_of(invoice)
        plan = self._plan(subscription) if subscription else None
        if plan is None:
            return
        owner = told.owner_in(plan, invoice)
        for paid in self._all(self._client.v1.invoice_payments.list, invoice=number):
            intent_id = number_of((paid.get("payment") or {}).get("payment_intent"))
            charge_id = number_of((paid.get("payment") or {}).get("charge"))
            if intent_id:
                intent = self._get(self._client.v1.payment_intents.retrieve, intent_id)
                yield from self._of_intent_of(owner, intent)
            elif charge_id:
                yield from self._of_charge_of(owner, self._charge(charge_id))

    def _of_subscription(self, number: str) -> Iterator[FactTold]:
        subscription = self._get(self._client.v1.subscriptions.retrieve, number)
        plan = told.plan_told(subscription)
        if plan is None:
            return
        if invoice := number_of(subscription.get("latest_invoice")):
            yield from self._of_invoice(invoice)
            # What was just heard may have ended the plan.
            subscription = self._get(self._client.v1.subscriptions.retrieve, number)
        if end := told.ended(subscription, plan):
            yield end

    # --- Whose it is ---

    def _owner_of(self, charge: Thing) -> Owner:
        if uid := told.our_uid(charge):
            return Owner(uid=uid)
        intent = number_of(charge.get("payment_intent"))
        return self._owner_of_intent(intent) if intent else NOBODY

    def _owner_of_intent(self, number: str) -> Owner:
        wanted = {"type": "payment_intent", "payment_intent": number}
        for paid in self._all(self._client.v1.invoice_payments.list, payment=wanted, expand=["data.invoice"]):
            invoice = paid.get("invoice")
            if isinstance(invoice, dict) and (subscription := subscription_of(invoice)):
                return told.owner_in(self._plan(subscription), invoice)
        return NOBODY

    def _plan(self, number: str) -> PlanTold | None:
        return told.plan_told(self._get(self._client.v1.subscriptions.retrieve, number))

    # --- Countries ---

    def _is_refused(self, charge: Thing) -> bool:
        country = told.card_country(charge.get("payment_method_details"))
        return bool(country) and country in (self._refused() or ())

    def _collect_or_let_go(self, intent: Thing) -> Thing:
        number, service = intent["id"], self._client.v1.payment_intents
        if self._refused() is None:
            raise ProviderAwayError(NOT_KNOWN)
        charge = self._charge(number_of(intent.get("latest_charge")))
        if self._is_refused(charge):
            return plain(service.cancel(number, None, {"idempotency_key": f"{number}-let-go"}))
        return plain(service.capture(number, None, {"idempotency_key": f"{number}-collect"}))

    def _why_released(self, intent: Thing, charges: list[Thing]) -> str:
        """Why what was reserved is not collected; "" while it may be."""
        if intent.get("status") != "canceled":
            return ""
        if intent.get("cancellation_reason") == "automatic":
            return "expired"
        return "country" if any(self._is_refused(charge) for charge in charges) else "canceled"

    def _is_to_be_given_back(self, owner: Owner, charge: Thing) -> bool:
        return (
            owner.plan is not None
            and owner.is_first
            and bool(charge.get("captured"))
            and not charge.get("amount_refunded")
            and not charge.get("disputed")
            and self._clock() - datetime.fromtimestamp(charge["created"], UTC) < FRESH
            and self._is_refused(charge)
        )

    def _give_back(self, owner: Owner, charge: Thing) -> None:
        assert owner.plan is not None
        end_plan(self._client, owner.plan.provider_id)
        self._client.v1.refunds.create({"charge": charge["id"]}, {"idempotency_key": f"{charge['id']}-country"})

    # --- Everything since a day ---

    def listing(self, since: date) -> Iterator[FactTold]:
        """Everything that happened since a day, payments that are nobody's here among them."""
        start = int(datetime(since.year, since.month, since.day, tzinfo=UTC).timestamp())
        before = start - OPEN_DAYS * 86_400
        plans: dict[str, PlanTold] = {}
        for subscription in self._all(self._client.v1.subscriptions.list, status="all"):
            if plan := told.plan_told(subscription):
                plans[plan.provider_id] = plan
                end = told.ended(subscription, plan)
                if end and (subscription.get("ended_at") or 0) >= start:
                    yield end
        owners = self._owners(before, plans)
        for session in self._all(self._client.v1.checkout.sessions.list, status="expired", created={"gte": before}):
            uid = told.our_uid(session) or as_uid(session.get("client_reference_id"))
            if uid and (session.get("expires_at") or 0) >= start:
                yield told.expired(session, uid)
        begun = {plan.uid for plan in plans.values()}
        for session in self._all(self._client.v1.checkout.sessions.list, status="complete", created={"gte": before}):
            if session.get("mode") == "setup" and told.our_uid(session) not in begun:
                yield from self._of_session(session["id"])
        yield from self._failed_since(start, owners)
        yield from self._balance_since(start, owners)

    def _owners(self, since: int, plans: dict[str, PlanTold]) -> dict[str, Owner]:
        """Whose the intents of invoices are."""
        owners: dict[str, Owner] = {}
        pages = self._all(self._client.v1.invoice_payments.list, created={"gte": since}, expand=["data.invoice"])
        for paid in pages:
            invoice, intent = paid.get("invoice"), number_of((paid.get("payment") or {}).get("payment_intent"))
            if intent and isinstance(invoice, dict):
                owners[intent] = told.owner_in(plans.get(subscription_of(invoice)), invoice)
        return owners

    def _owner_among(self, owners: dict[str, Owner], charge: Thing) -> Owner:
        if uid := told.our_uid(charge):
            return Owner(uid=uid)
        intent = number_of(charge.get("payment_intent"))
        if intent and intent not in owners:
            owners[intent] = self._owner_of_intent(intent)
        return owners.get(intent, NOBODY)

    def _failed_since(self, start: int, owners: dict[str, Owner]) -> Iterator[FactTold]:
        reserved = set()
        for charge in self._all(self._client.v1.charges.list, created={"gte": start}):
            if charge.get("status") == "failed":
                owner = self._owner_among(owners, charge)
                fact = told.payment(charge, owner)
                if fact and owner.is_ours:
                    yield fact
            elif charge.get("status") == "succeeded" and not charge.get("captured") and told.our_uid(charge):
                reserved.add(number_of(charge.get("payment_intent")))
        for intent in sorted(filter(None, reserved)):
            for fact in self._of_intent(intent):
                if fact.kind == Fact.Kind.FAILED:
                    yield fact

    def _balance_since(self, start: int, owners: dict[str, Owner]) -> Iterator[FactTold]:
        lines = self._all(self._client.v1.balance_transactions.list, created={"gte": start}, expand=["data.source"])
        seen: set[str] = set()
        for line in lines:
            source = line.get("source")
            if not isinstance(source, dict) or source["id"] in seen:
                continue
            seen.add(source["id"])
            if source.get("object") == "charge":
                source["balance_transaction"] = line
                if fact := told.payment(source, self._owner_among(owners, source)):
                    yield fact
            elif source.get("object") == "refund":
                charge = self._charge(number_of(source.get("charge")))
                owner = self._owner_among(owners, charge)
                why = "country" if owner.is_first and self._is_refused(charge) else ""
                if back := told.refunded(source, owner, why=why):
                    yield back
            elif source.get("object") == "dispute":
                charge = self._charge(number_of(source.get("charge")))
                yield from told.disputed(source, self._owner_among(owners, charge))

    # --- Plans by country ---

    def plans_of_country(self, country: str) -> Iterator[str]:
        """The numbers of our plans that still collect from cards of a country."""
        deep = ["data.default_payment_method", "data.customer.invoice_settings.default_payment_method"]
        for subscription in self._all(self._client.v1.subscriptions.list, expand=deep):
            method = subscription.get("default_payment_method")
            if not isinstance(method, dict):
                customer = subscription.get("customer")
                settings = customer.get("invoice_settings") if isinstance(customer, dict) else None
                method = (settings or {}).get("default_payment_method")
            is_running = subscription.get("status") not in told.ENDED
            is_there = isinstance(method, dict) and told.card_country(method) == country.upper()
            if is_running and is_there and told.our_uid(subscription):
                yield subscription["id"]

    # --- Asking ---

    def _charge(self, number: str) -> Thing:
        return self._get(self._client.v1.charges.retrieve, number, expand=["balance_transaction"])

    def _charges_of(self, intent: str) -> list[Thing]:
        found = self._all(self._client.v1.charges.list, payment_intent=intent, expand=["data.balance_transaction"])
        return list(found)

    def _get(self, retrieve: Callable[..., Any], number: str, **params: Any) -> Thing:
        return plain(retrieve(number, params or None))

    def _all(self, ask: Callable[..., Any], **params: Any) -> Iterator[Thing]:
        for one in ask({"limit": MOST, **params}).auto_paging_iter():
            yield plain(one)


def plain(thing: Any) -> Thing:
    """An object of the library's as a dictionary."""
    return cast("Thing", thing.to_dict())


def subscription_of(invoice: Thing) -> str:
    """The subscription that an invoice is of; "" for none."""
    details = (invoice.get("parent") or {}).get("subscription_details") or {}
    return number_of(details.get("subscription"))


def end_plan(client: StripeClient, number: str) -> None:
    """End a subscription now; one that has ended already stays as it is."""
    subscription = plain(client.v1.subscriptions.retrieve(number))
    if subscription.get("status") not in told.ENDED:
        client.v1.subscriptions.cancel(number)
