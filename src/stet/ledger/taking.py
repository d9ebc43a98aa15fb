"""STAND-IN of the giving builder: the core builder's `stet.ledger.taking` takes its place."""

from datetime import datetime
from typing import Any

from stet.ledger.models import Inbox
from stet.ledger.providers.base import Delivery, Provider


def receive(provider: Provider, delivery: Delivery, body: bytes, *, sealer: Any, now: datetime) -> None:  # noqa: ARG001
    """Put a proved delivery into the inbox, once."""
    Inbox.objects.get_or_create(
        provider=provider.name,
        event_id=delivery.event_id,
        defaults={"reference": delivery.reference, "sealed": b"", "came": now.date(), "next_try": now},
    )
