"""Contributions for tests, and a newsroom's folder around them."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from stet.kit.money import Money
from stet.ledger.models import Contact, Contribution, Fact
from stet.ledger.providers.base import Delivery, Order
from stet.ledger.taking import receive
from stet.ledger.working import Worker
from stet.project.settings import Newsroom, Settings
from stet.readers.addresses import Address
from stet.readers.lookup import Lookup
from stet.readers.sealing import Opener, Sealer
from tests.ledger.shop import NOVEMBER, Shop, ShopProvider

NOW = datetime(2026, 11, 25, 20, 17, 43, tzinfo=UTC)
KEY = X25519PrivateKey.from_private_bytes(b"\x07" * 32)
OPENER, SEALER = Opener(KEY), Sealer(KEY.public_key().public_bytes_raw())
LOOKUP = Lookup(b"\x05" * 32)


def a_contact(address: str = "giver@example.org", *, purpose: str = "receipts", language: str = "en", **changes: Any) -> Contact:
    values = {
        "sealed": SEALER.seal(Address.of(address)), "lookup": LOOKUP.of(Address.of(address)), "lane": "other",
        "purpose": purpose, "language": language, "until": date(2027, 11, 25), **changes,
    }  # fmt: skip
    return Contact.objects.create(**values)


def a_contribution(shop: Shop | None = None, **changes: Any) -> Contribution:
    """A contribution that somebody set out to give; with `shop`, the shop has the order."""
    values = {
        "provider": "practice", "interval": "once", "minor": 500, "currency": "USD", "language": "en",
        "month": NOVEMBER, **changes,
    }  # fmt: skip
    row = Contribution.objects.create(**values)
    if shop is not None:
        row.session_id = shop.start(order_of(row)).session_id
        row.save()
    return row


def order_of(row: Contribution) -> Order:
    return Order(
        uid=row.uid, money=Money(row.minor, row.currency), interval=row.interval, language=row.language,
        label="Haldane Press Fund", back_url="https://desk.example.org/en/thanks",
        cancel_url="https://example.org/support/",
    )  # fmt: skip


@dataclass
class House:
    """A shop, the ledger's side of it, and a worker."""

    folder: Path
    shop: Shop = field(default_factory=Shop)

    def __post_init__(self) -> None:
        self.provider = ShopProvider(self.shop)
        self.worker = Worker(Newsroom(folder=self.folder, settings=Settings()), {"practice": self.provider})

    def gives(self, **changes: Any) -> Contribution:
        return a_contribution(self.shop, **changes)

    def receive(self, *deliveries: Delivery, now: datetime = NOW) -> None:
        for delivery in deliveries:
            receive(self.provider, delivery, b'{"canary": 7391}', sealer=SEALER, now=now)

    def work(self, *deliveries: Delivery, now: datetime = NOW) -> None:
        """Take deliveries in, and work off what is due."""
        self.receive(*deliveries, now=now)
        while self.worker.step(now):
            pass

    def payment(self, contribution: Contribution, number: int = 1) -> Fact:
        return Fact.objects.get(kind="settled", provider_id=f"ch_{contribution.uid.hex}_{number}")
