"""Which ways to pay a newsroom has: those whose keys are in its `keys/`, and the practice provider where it is set.

Called once in a process; keys that are put there later are taken at its next start.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

from stet.ledger.errors import SupportBrokenError, SupportMissingError
from stet.ledger.practice.account import HOOK_SECRET, SECRET_KEY
from stet.ledger.printed import read_support
from stet.ledger.providers.bank import BankProvider
from stet.ledger.providers.base import Provider
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

    found: dict[str, Provider] = {}
    folder = newsroom.keys
    if stripe := read_keys(folder / "stripe.json", StripeKeys):
        found["stripe"] = StripeProvider(stripe, refused_countries=refused)
    if paypal := read_keys(folder / "paypal.json", PayPalKeys):
        found["paypal"] = PayPalProvider(paypal)
    if btcpay := read_keys(folder / "btcpay.json", BtcpayKeys):
        found["btcpay"] = BtcpayProvider(btcpay)
    if bank := read_keys(folder / "bank.json", BankKeys):
        found["bank"] = BankProvider(bank)
    if practice := newsroom.settings.ledger.practice:
        found["practice"] = StripeProvider(PRACTICE_KEYS, name="practice", base_url=practice, refused_countries=refused)
    return found


def refused_countries(site: Path) -> Sequence[str] | None:
    """The countries whose cards are refused, as they are printed now; None where that cannot be told."""
    try:
        return read_support(site).refused_countries
    except (SupportMissingError, SupportBrokenError):
        return None
