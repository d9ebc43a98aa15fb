"""Which ways to pay a newsroom has: those whose keys are in its `keys/`, and the practice provider where it is set.

Called once in a process; keys that are put there later are taken at its next start.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID

from stet.kit.money import Money
from stet.ledger.errors import ProviderAwayError, SupportBrokenError, SupportMissingError
from stet.ledger.models import Contribution
from stet.ledger.practice.account import HOOK_SECRET, SECRET_KEY
from stet.ledger.printed import read_support
from stet.ledger.providers.bank import BankProvider
from stet.ledger.providers.base import Agreed, Provider
from stet.ledger.providers.btcpay import BtcpayProvider
from stet.ledger.providers.keys import BankKeys, BtcpayKeys, PayPalKeys, StripeKeys, read_keys
from stet.ledger.providers.paypal import PayPalProvider
from stet.ledger.providers.stripe import StripeProvider

NAMES = ("stripe", "paypal", "btcpay", "bank", "practice")
"""All that there are, in the order in which they are listed."""
PRACTICE_KEYS = StripeKeys(key=SECRET_KEY, webhook_secret=HOOK_SECRET)


class HasKeys(Protocol):
    """As much of a newsroom as is needed."""

    @property
    def keys(self) -> Path:
        """The folder of secrets."""

    @property
    def site(self) -> Path:
        """The printed edition."""

    @property
    def settings(self) -> Any:
        """`ledger.practice` among them."""


def providers_of(newsroom: HasKeys) -> dict[str, Provider]:
    """The ways to pay that are set up, by their names. Raises ProviderRefusedError for a file that is not right."""

    def refused() -> Sequence[str] | None:
        return refused_countries(newsroom.site)

    def agreed_in(name: str) -> Callable[[UUID], Agreed | None]:
        return lambda uid: agreed(newsroom.site, name, uid)

    found: dict[str, Provider] = {}
    folder = newsroom.keys
    if stripe := read_keys(folder / "stripe.json", StripeKeys):
        found["stripe"] = StripeProvider(stripe, refused_countries=refused, agreed=agreed_in("stripe"))
    if paypal := read_keys(folder / "paypal.json", PayPalKeys):
        found["paypal"] = PayPalProvider(paypal)
    if btcpay := read_keys(folder / "btcpay.json", BtcpayKeys):
        found["btcpay"] = BtcpayProvider(btcpay)
    if bank := read_keys(folder / "bank.json", BankKeys):
        found["bank"] = BankProvider(bank)
    if practice := newsroom.settings.ledger.practice:
        found["practice"] = StripeProvider(
            PRACTICE_KEYS,
            name="practice",
            base_url=practice,
            refused_countries=refused,
            agreed=agreed_in("practice"),
        )
    return found


def refused_countries(site: Path) -> Sequence[str] | None:
    """The countries whose cards are refused, as they are printed now; None where that cannot be told."""
    try:
        return read_support(site).refused_countries
    except (SupportMissingError, SupportBrokenError):
        return None


def agreed(site: Path, provider: str, uid: UUID) -> Agreed | None:
    """What our row of a plan says; None where there is no such row, or it is of a single gift.

    Raises ProviderAwayError where the name that stands on statements cannot be told.
    """
    rows = Contribution.objects.filter(uid=uid, provider=provider).exclude(interval="once")
    row = rows.values_list("minor", "currency", "interval").first()
    if row is None:
        return None
    try:
        label = read_support(site).label
    except (SupportMissingError, SupportBrokenError):
        raise ProviderAwayError("No support page is printed, so the name on statements is not known.") from None
    minor, currency, interval = row
    return Agreed(money=Money(minor, currency), interval=interval, label=label)
