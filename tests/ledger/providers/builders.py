"""Orders, and short ways to say what facts are."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID, uuid4

from stet.kit.money import Money
from stet.ledger.practice.account import HOOK_SECRET, SECRET_KEY
from stet.ledger.practice.server import Practice
from stet.ledger.providers.base import Agreed, FactTold, Order
from stet.ledger.providers.keys import StripeKeys
from stet.ledger.providers.stripe import StripeProvider

KEYS = StripeKeys(key=SECRET_KEY, webhook_secret=HOOK_SECRET)


def an_order(**values: Any) -> Order:
    defaults: dict[str, Any] = {
        "uid": uuid4(),
        "money": Money(500, "USD"),
        "interval": "once",
        "language": "en",
        "label": "Far Shore Trust",
        "back_url": "https://frontdesk.example.org/en/thanks",
        "cancel_url": "https://paper.example.org/support/",
    }
    return Order(**{**defaults, **values})


def five_monthly(_uid: UUID) -> Agreed:
    """What a row of ours says where a test has none."""
    return Agreed(money=Money(500, "USD"), interval="monthly", label="Far Shore Trust")


def a_provider(practice: Practice, **changes: Any) -> StripeProvider:
    """Stripe's class in front of a practice provider; it refuses cards of one country."""
    values: dict[str, Any] = {"refused_countries": lambda: ("BY",), "agreed": five_monthly, **changes}
    return StripeProvider(KEYS, name="practice", base_url=practice.url, **values)


def kinds(facts: Iterable[FactTold]) -> list[str]:
    """The kinds of facts, sorted."""
    return sorted(str(fact.kind) for fact in facts)


def the(kind: str, facts: Iterable[FactTold]) -> FactTold:
    """The one fact of this kind."""
    (found,) = [fact for fact in facts if fact.kind == kind]
    return found


def uids(facts: Iterable[FactTold]) -> set[UUID | None]:
    return {fact.uid for fact in facts}
