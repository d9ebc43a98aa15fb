"""Orders, and short ways to say what facts are."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID, uuid4

from stet.kit.money import Money
from stet.ledger.practice.account import HOOK_SECRET, SECRET_KEY
from stet.ledger.providers.base import FactTold, Order
from stet.ledger.providers.keys import StripeKeys

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


def kinds(facts: Iterable[FactTold]) -> list[str]:
    """The kinds of facts, sorted."""
    return sorted(str(fact.kind) for fact in facts)


def the(kind: str, facts: Iterable[FactTold]) -> FactTold:
    """The one fact of this kind."""
    (found,) = [fact for fact in facts if fact.kind == kind]
    return found


def uids(facts: Iterable[FactTold]) -> set[UUID | None]:
    return {fact.uid for fact in facts}
