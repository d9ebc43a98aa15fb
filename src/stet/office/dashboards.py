"""Where a provider shows one payment or plan on its own pages, for whoever has an account there.

Only addresses that are known; "" for all others. Checked in November 2026: Stripe's and PayPal's as shop software of
many makers links to them, BTCPay Server's as its own source routes it (`invoices/{invoiceId}`). Such a page may show
who paid: it is the provider's, and needs the provider's sign-in.
"""

from pathlib import Path

from stet.ledger.errors import ProviderRefusedError
from stet.ledger.providers.keys import BtcpayKeys, PayPalKeys, StripeKeys, read_keys

STRIPE = "https://dashboard.stripe.com"
PAYPAL, PAYPAL_SANDBOX = "https://www.paypal.com", "https://www.sandbox.paypal.com"
STRIPE_PLACES = {"ch_": "payments", "py_": "payments", "pi_": "payments", "sub_": "subscriptions"}
"""What is shown where, by how its number begins."""


def dashboard_url(provider: str, number: str, *, keys: Path, session_id: str = "", is_plan: bool = False) -> str:
    """The address of a payment or a plan. BTCPay knows an invoice, the session of the contribution."""
    try:
        if provider == "stripe":
            return _stripe(number, keys)
        if provider == "paypal":
            return _paypal(number, keys, is_plan=is_plan)
        if provider == "btcpay":
            found = read_keys(keys / "btcpay.json", BtcpayKeys)
            return f"{found.url}/invoices/{session_id}" if found and session_id.isalnum() else ""
    except ProviderRefusedError:
        return ""
    return ""


def _stripe(number: str, keys: Path) -> str:
    place = next((place for start, place in STRIPE_PLACES.items() if number.startswith(start)), "")
    if not place or not number.replace("_", "").isalnum():
        return ""
    found = read_keys(keys / "stripe.json", StripeKeys)
    is_trial = found is not None and "_test_" in found.key
    return f"{STRIPE}{'/test' if is_trial else ''}/{place}/{number}"


def _paypal(number: str, keys: Path, *, is_plan: bool) -> str:
    if not number.replace("-", "").isalnum():
        return ""
    found = read_keys(keys / "paypal.json", PayPalKeys)
    host = PAYPAL_SANDBOX if found is not None and found.is_sandbox else PAYPAL
    return f"{host}/billing/subscriptions/{number}" if is_plan else f"{host}/activity/payment/{number}"
