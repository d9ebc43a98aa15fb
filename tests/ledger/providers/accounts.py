"""Accounts that the same suite is run against: the practice provider's, and Stripe's test mode where a key is given."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from stripe import StripeClient

from stet.ledger.practice.account import SECRET_KEY
from stet.ledger.practice.server import Practice
from stet.ledger.providers.keys import StripeKeys
from stet.ledger.providers.stripe import API_VERSION, StripeProvider
from tests.ledger.providers.builders import five_monthly
from tests.ledger.providers.stripe_mode import VARIABLE


class Account:
    """A test account: a provider of ours, and a client that does what a page would."""

    def __init__(self, key: str, *, base_url: str = "") -> None:
        addresses: Any = {"base_addresses": {"api": base_url}} if base_url else {}
        self.client = StripeClient(key, stripe_version=API_VERSION, **addresses)
        keys = StripeKeys(key=key, webhook_secret="whsec_none")
        self.provider = StripeProvider(keys, base_url=base_url, refused_countries=lambda: ("BR",), agreed=five_monthly)
        self.patience_seconds = 0.0 if base_url else 30.0

    def pay(self, uid: object, *, token: str = "pm_card_visa", **more: Any) -> Any:
        """What Checkout does when somebody pays once."""
        form: Any = {
            "amount": 500,
            "currency": "usd",
            "payment_method": token,
            "confirm": True,
            "allowed_payment_method_types": ["card"],
            "metadata": {"stet": str(uid)},
            **more,
        }
        return self.client.v1.payment_intents.create(form)

    def subscribe(self, uid: object, *, token: str = "pm_card_visa") -> Any:
        """What Checkout does when somebody gives monthly."""
        customer = self.client.v1.customers.create(
            {"payment_method": token, "invoice_settings": {"default_payment_method": token}}
        )
        product = self.client.v1.products.create({"name": "Far Shore Trust"})
        price: Any = {"currency": "usd", "unit_amount": 500, "recurring": {"interval": "month"}, "product": product.id}
        form: Any = {"customer": customer.id, "items": [{"price_data": price}], "metadata": {"stet": str(uid)}}
        return self.client.v1.subscriptions.create(form)

    def leave_a_card(self, uid: object, *, token: str) -> Any:
        """What Checkout does when somebody leaves a card for a plan."""
        form: Any = {
            "customer": self.client.v1.customers.create().id,
            "payment_method": token,
            "confirm": True,
            "allowed_payment_method_types": ["card"],
            "metadata": {"stet": str(uid)},
        }
        return self.client.v1.setup_intents.create(form)

    def until(self, holds: Any) -> Any:
        """What holds, as soon as it does; Stripe books some things a moment later."""
        deadline = time.monotonic() + self.patience_seconds
        while not (found := holds()) and time.monotonic() < deadline:
            time.sleep(1)
        return found


def names() -> list[str]:
    """The accounts that there are."""
    return ["practice", *(["stripe"] if os.environ.get(VARIABLE) else [])]


@contextmanager
def account(name: str) -> Iterator[Account]:
    """An account, by its name."""
    if name == "practice":
        with Practice() as practice:
            yield Account(SECRET_KEY, base_url=practice.url)
        return
    is_for_tests = os.environ[VARIABLE].startswith(("sk_test_", "rk_test_"))
    if not is_for_tests:
        pytest.fail(f"{VARIABLE} is no key of the test mode. Nothing was asked of anybody.", pytrace=False)
    yield Account(os.environ[VARIABLE])
