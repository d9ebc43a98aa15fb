"""The practice provider's account: what every part of it does alike."""

from collections.abc import Callable
from typing import Any

import stripe

from stet.kit.money import EXPONENTS, largest_charge, smallest_charge, step
from stet.ledger.practice import shapes
from stet.ledger.practice.fault import Fault, missing
from stet.ledger.practice.store import Store

Thing = dict[str, Any]

API_VERSION = str(stripe.api_version)
"""The one version that is spoken here: the one that the installed library is made for."""
SECRET_KEY = "sk_test_practice_takes_no_money"  # noqa: S105 - known to everybody; opens nothing but a practice provider
HOOK_SECRET = "whsec_practice_takes_no_money"  # noqa: S105
NAMES = {"checkout.session": "checkout.session", "payment_method": "PaymentMethod", "setup_intent": "setupintent"}


class Account:
    """The account, within one transaction of its store."""

    def __init__(self, store: Store, *, descriptor: str = "PRACTICE", after: Callable[[], None] = lambda: None) -> None:
        """`descriptor`: what stands on statements. `after` is called when something waits to be delivered."""
        self.store, self.descriptor, self._after = store, descriptor, after
        self.request: Thing = {"id": None, "idempotency_key": None}

    def now(self) -> int:
        """The time here, in seconds."""
        return self.store.now()

    def ahead(self) -> int:
        """By how many seconds the time here was moved on."""
        return int(self.store.note("ahead", "0"))

    def new(self, kind: str, *, prefix: str = "", **values: Any) -> Thing:
        """Make and keep an object."""
        return self.store.put(shapes.shape(kind, created=self.now(), prefix=prefix, **values))

    def change(self, thing: Thing, **values: Any) -> Thing:
        """Change an object, and keep it."""
        thing.update(values)
        return self.store.put(thing)

    def the(self, kind: str, number: str, *, param: str = "id") -> Thing:
        """An object that has to be there."""
        thing = self.store.get(number)
        if thing is None or thing["object"] != kind or thing.get("deleted"):
            raise missing(NAMES.get(kind, kind), number, param=param)
        return thing

    def emit(self, name: str, thing: Thing) -> None:
        """Tell that something happened to whoever asked to be told."""
        hooks = [
            hook
            for hook in self.store.all("webhook_endpoint")
            if hook["status"] == "enabled" and {"*", name} & set(hook["enabled_events"])
        ]
        event = self.new(
            "event",
            type=name,
            api_version=API_VERSION,
            data={"object": thing},
            pending_webhooks=len(hooks),
            request=dict(self.request),
        )
        for hook in hooks:
            self.store.owe(event["id"], hook["id"], due=0.0)
        self._after()

    def check_amount(self, amount: int, currency: str, *, param: str) -> None:
        """Refuse what Stripe would not charge."""
        code = currency.upper()
        if code not in EXPONENTS:
            raise Fault(f"Invalid currency: {currency}.", param="currency")
        if amount < 1:
            raise Fault("This value must be greater than or equal to 1.", code="parameter_invalid_integer", param=param)
        if amount < (smallest_charge(code) or 1):
            raise Fault(
                f"Amount must be at least the smallest charge in {currency}.", code="amount_too_small", param=param
            )
        if amount > largest_charge(code):
            raise Fault("Amount must be no more than the largest charge.", code="amount_too_large", param=param)
        if amount % step(code):
            raise Fault("Amount must be whole units in this currency.", code="invalid_charge_amount", param=param)
