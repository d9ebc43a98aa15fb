"""Stripe: Checkout pages, plans as subscriptions, the customer portal.

What Stripe is told: an amount, an interval, a neutral name, our uid, where to lead back to. At its page it asks for an
e-mail address itself; none is taken from there.

One API version is spoken, the one that the installed `stripe` is made for; the webhook endpoint has to be registered
with the same.
"""

import logging
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import msgspec
import requests
import stripe
from stripe import StripeClient

from stet.kit.money import Money
from stet.ledger.errors import DeliveryRefusedError, ProviderAwayError, ProviderRefusedError
from stet.ledger.providers.base import Agreed, Capabilities, Delivery, FactTold, Order, Started
from stet.ledger.providers.keys import StripeKeys
from stet.ledger.providers.stripe_objects import OUR_KEY
from stet.ledger.providers.stripe_reading import MOST, Reader, end_plan, plain
from stet.ledger.providers.stripe_setups import PERIODS

API_VERSION = str(stripe.api_version)
TIMEOUT_SECONDS = 20
RETRIES = 2
OPEN_SECONDS = 31 * 60
"""How long a page stays open; Stripe's shortest is thirty minutes."""
OLDEST_DELIVERY_SECONDS = 300
EVENTS = (
    "charge.captured",
    "charge.dispute.closed",
    "charge.dispute.created",
    "charge.dispute.funds_reinstated",
    "charge.dispute.funds_withdrawn",
    "charge.failed",
    "charge.refunded",
    "charge.succeeded",
    "checkout.session.async_payment_failed",
    "checkout.session.async_payment_succeeded",
    "checkout.session.completed",
    "checkout.session.expired",
    "customer.subscription.deleted",
    "customer.subscription.updated",
    "invoice.paid",
    "invoice.payment_failed",
    "payment_intent.amount_capturable_updated",
    "payment_intent.canceled",
    "payment_intent.payment_failed",
    "refund.created",
    "refund.failed",
    "refund.updated",
    "setup_intent.succeeded",
)
"""What the webhook endpoint has to be told of; others are taken and left alone."""
_LOCALES = (
    "bg cs da de el en en-GB es es-419 et fi fil fr fr-CA hi-IN hr hu id it ja ko lt lv ms mt nb nl pl pt pt-BR ro ru "
    "sk sl sv th tr vi zh zh-HK zh-TW"
)
CHECKOUT_LOCALES = frozenset(_LOCALES.split())
"""Languages of Stripe's pages; in any other one the page takes the browser's."""
OWN_METHODS = {
    "sepa": "sepa_debit",
    **{name: name for name in ("paypal", "ideal", "bancontact", "eps", "p24", "blik", "twint", "link")},
}
"""Ways to pay that a newsroom may offer by themselves: their keys on the support page, and Stripe's names. Any other
key, "card" first of all, stands for everything that the page offers."""


class _Object(msgspec.Struct, frozen=True):
    id: str
    object: str


class _Data(msgspec.Struct, frozen=True):
    object: _Object


class _Event(msgspec.Struct, frozen=True):
    """As much of an event as is believed: fields that are not named here may be anything."""

    id: str
    type: str
    data: _Data


class StripeProvider:
    """Stripe, or the practice provider at another address."""

    def __init__(
        self,
        keys: StripeKeys,
        *,
        name: str = "stripe",
        base_url: str = "",
        refused_countries: Callable[[], Sequence[str] | None] = tuple,
        agreed: Callable[[UUID], Agreed | None] = lambda _uid: None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """`base_url`: where the API is, "" for Stripe's own. `refused_countries`: as listed now; None: not known.

        `agreed`: what our row of a plan says, for cards that are looked at before the plan begins.
        """
        logging.getLogger("stripe").setLevel(logging.WARNING)  # its lines of information name what was asked for
        stripe.enable_telemetry = False
        session = requests.Session()
        if base_url:
            session.trust_env = False  # the practice provider is on this machine, whatever proxy there is
        addresses: dict[str, Any] = {"base_addresses": {"api": base_url}} if base_url else {}
        self._client = StripeClient(
            keys.key,
            stripe_version=API_VERSION,
            max_network_retries=RETRIES,
            http_client=stripe.RequestsClient(timeout=TIMEOUT_SECONDS, session=session),
            **addresses,
        )
        self._name, self._secret, self._clock = name, keys.webhook_secret, clock
        self._reader = Reader(self._client, refused=refused_countries, agreed=agreed, clock=clock)

    @property
    def name(self) -> str:
        """As rows have it."""
        return self._name

    @property
    def capabilities(self) -> Capabilities:
        """All that there is."""
        return Capabilities(recurring=True, refunds=True, portal=True, refuses_countries=True, finds_countries=True)

    # --- Orders ---

    def start(self, order: Order) -> Started:
        """Open a page to pay on."""
        with translated():
            try:
                session = self._client.v1.checkout.sessions.create(
                    self._params(order), {"idempotency_key": str(order.uid)}
                )
            except stripe.IdempotencyError:
                # The same order, some time later: all but the page's end is the same. It is there; find it.
                return self._find(order)
            return Started(session_id=session.id, url=session.url or "")

    def _params(self, order: Order) -> Any:
        if is_looked_at_first(order):
            return self._setup_params(order)
        metadata = {OUR_KEY: str(order.uid)}
        price: dict[str, Any] = {
            "currency": order.money.currency.lower(),
            "unit_amount": order.money.minor,
            "product_data": {"name": order.label},
        }
        params = self._page_params(order) | {
            "mode": "payment" if order.interval == "once" else "subscription",
            "line_items": [{"quantity": 1, "price_data": price}],
            # What is chosen is what is charged: nothing is converted.
            "adaptive_pricing": {"enabled": False},
        }
        if order.interval == "once":
            params |= {"submit_type": "donate", "payment_intent_data": {"metadata": metadata}}
            if order.refused_countries:
                params["payment_method_options"] = {"card": {"capture_method": "manual"}}
        else:
            price["recurring"] = {"interval": PERIODS[order.interval]}
            params["subscription_data"] = {"metadata": metadata}
        return params

    def _setup_params(self, order: Order) -> Any:
        """A page where a card is left and nothing is paid; Stripe shows no amount there, so our own words do."""
        params = self._page_params(order) | {
            "mode": "setup",
            "currency": order.money.currency.lower(),
            # Whose the card is from then on; deleted again where the card is let go.
            "customer_creation": "always",
            "setup_intent_data": {"metadata": {OUR_KEY: str(order.uid)}},
        }
        if order.says:
            params["custom_text"] = {"submit": {"message": order.says}}
        return params

    def _page_params(self, order: Order) -> dict[str, Any]:
        params: dict[str, Any] = {
            "client_reference_id": str(order.uid),
            "metadata": {OUR_KEY: str(order.uid)},
            "success_url": order.back_url,
            "cancel_url": order.cancel_url,
            "expires_at": int(self._clock().timestamp()) + OPEN_SECONDS,
            "locale": locale_of(order.language),
        }
        if method := OWN_METHODS.get(order.method):
            params["allowed_payment_method_types"] = [method]
        return params

    def _find(self, order: Order) -> Started:
        since = int(self._clock().timestamp()) - 2 * 86_400
        is_setup = is_looked_at_first(order)
        wanted = (None if is_setup else order.money.minor, order.money.currency.lower())
        for one in self._client.v1.checkout.sessions.list(
            {"limit": MOST, "created": {"gte": since}}
        ).auto_paging_iter():
            session = plain(one)
            if session.get("client_reference_id") == str(order.uid):
                if (session.get("amount_total"), session.get("currency")) != wanted:
                    break
                return Started(session_id=session["id"], url=session.get("url") or "")
        raise ProviderRefusedError("This order was sent before with other values. Begin a new one.")

    def refund(self, payment_id: str, money: Money, *, key: UUID) -> None:
        """Give back a charge, or a part of it."""
        with translated():
            params: Any = {"charge": payment_id, "amount": money.minor}
            self._client.v1.refunds.create(params, {"idempotency_key": str(key)})

    def cancel(self, plan_id: str, *, key: UUID) -> None:  # noqa: ARG002 - ending twice is ending once
        """End a subscription now."""
        with translated():
            end_plan(self._client, plan_id)

    def portal_url(self, customer_id: str, *, back_url: str, language: str) -> str:
        """Stripe's customer portal, which has to be switched on in the account."""
        params: Any = {"customer": customer_id, "return_url": back_url, "locale": locale_of(language)}
        with translated():
            return self._client.v1.billing_portal.sessions.create(params).url

    # --- What is true ---

    def read_delivery(self, headers: Mapping[str, str], body: bytes) -> Delivery:
        """Prove a webhook by its signature, no older than five minutes."""
        header = next((value for name, value in headers.items() if name.lower() == "stripe-signature"), "")
        try:
            stripe.WebhookSignature.verify_header(body, header, self._secret, OLDEST_DELIVERY_SECONDS)
            moment = int(dict(part.partition("=")[::2] for part in header.split(","))["t"])
            event = msgspec.json.decode(body, type=_Event)
        except (stripe.SignatureVerificationError, UnicodeDecodeError, ValueError, KeyError, msgspec.MsgspecError):
            raise DeliveryRefusedError("This delivery is not signed with the webhook's secret.") from None
        if moment > time.time() + OLDEST_DELIVERY_SECONDS:
            raise DeliveryRefusedError("This delivery is dated in the future. Check this machine's clock.")
        thing = event.data.object
        return Delivery(event_id=event.id, reference=f"{thing.object}:{thing.id}" if event.type in EVENTS else "")

    def facts(self, reference: str) -> Sequence[FactTold]:
        """Everything that is true now of an object, by its kind and number."""
        kind, _, number = reference.partition(":")
        with translated():
            return _once(self._reader.facts(kind, number))

    def facts_of(self, session_id: str) -> Sequence[FactTold]:
        """Everything that is true now of a page to pay on."""
        return self.facts(f"checkout.session:{session_id}")

    def listing(self, since: date) -> Iterator[FactTold]:
        """Everything that happened since a day."""
        with translated():
            yield from self._reader.listing(since)

    def plans_of_country(self, country: str) -> Iterator[str]:
        """The numbers of running plans that are paid with cards of a country."""
        with translated():
            yield from self._reader.plans_of_country(country)


def is_looked_at_first(order: Order) -> bool:
    """Whether the card of a plan is looked at before the plan begins."""
    return order.interval != "once" and bool(order.refused_countries)


def locale_of(language: str) -> Any:
    """The language of a page of Stripe's.

    >>> locale_of("ru"), locale_of("en-GB"), locale_of("de-AT"), locale_of("fa")
    ('ru', 'en-GB', 'de', 'auto')
    """
    return next((one for one in (language, language.partition("-")[0]) if one in CHECKOUT_LOCALES), "auto")


def _once(facts: Sequence[FactTold]) -> list[FactTold]:
    return list({(fact.kind, fact.provider_id): fact for fact in facts}.values())


@contextmanager
def translated() -> Iterator[None]:
    """Stripe's errors as ours. Their messages may quote what was sent, so none is passed on."""
    try:
        yield
    except (stripe.APIConnectionError, stripe.RateLimitError):
        raise ProviderAwayError("Stripe could not be reached. Try again later.") from None
    except stripe.AuthenticationError:
        raise ProviderRefusedError("Stripe does not take this key. Check keys/stripe.json.") from None
    except stripe.PermissionError:
        raise ProviderRefusedError(
            "The key in keys/stripe.json may not do this. Give it the permission in Stripe's dashboard."
        ) from None
    except stripe.StripeError as error:
        if error.http_status is None or error.http_status >= 500 or error.http_status in (409, 424, 425, 429):
            raise ProviderAwayError("Stripe failed. Try again later.") from None
        code = error.code if isinstance(error.code, str) and error.code.replace("_", "").isalpha() else "no code"
        raise ProviderRefusedError(f"Stripe refused this ({code}).") from None
