"""Support pages for the small paper, and what the private wing tells the press."""

import json
from pathlib import Path
from typing import Any

from stet.appeals.models import SupportPage
from stet.newsroom.models import FrontPage
from tests.press.builders import NOON, stored

USD = {
    "currency": "USD", "smallest": "2", "largest": "10000", "once": "10 25 50", "monthly": "5 10 20",
    "annual": "50 100",
}  # fmt: skip
EUR = {**USD, "currency": "EUR", "once": "12.50 30"}
JPY = {
    "currency": "JPY", "smallest": "300", "largest": "1000000", "once": "1500 3000", "monthly": "500 1000",
    "annual": "6000",
}  # fmt: skip
CARD = {
    "provider": "practice", "key": "card", "name": "Card", "note": "", "has_once": True, "has_monthly": True,
    "has_annual": True,
}  # fmt: skip
BANK = {**CARD, "provider": "bank", "key": "bank", "name": "Bank transfer", "has_monthly": False, "has_annual": False}


def currencies(*values: dict[str, str]) -> str:
    """Currencies as the database stores them."""
    return stored(*(("currency", value) for value in values))


def methods(*values: dict[str, Any]) -> str:
    """Ways to pay as the database stores them."""
    return stored(*(("method", value) for value in values))


def warnings(*countries: str, is_refused: bool = True) -> str:
    """Warnings as the database stores them."""
    values = ({"country": code, "text": f"Danger in {code}.", "is_refused": is_refused} for code in countries)
    return stored(*(("warning", value) for value in values))


def a_support_page(front: FrontPage, **fields: Any) -> SupportPage:
    """A support page on which everything is offered; live."""
    fields = {
        "title": "Support us", "letter": "<p>Dear reader.</p>", "statement_label": "FAR SHORE COOP",
        "currencies": currencies(USD, EUR, JPY), "methods": methods(CARD, BANK), **fields,
    }  # fmt: skip
    page = SupportPage(slug="give", locale=front.locale, **fields)
    page.first_published_at = page.last_published_at = NOON
    FrontPage.objects.get(pk=front.pk).add_child(instance=page)
    return page


def tell(folder: Path, name: str, value: object) -> None:
    """What the ledger would write into the newsroom's data, in place of what is there."""
    (folder / "data").mkdir(exist_ok=True)
    fresh = folder / "data" / f"{name}.new"
    fresh.write_text(json.dumps(value))
    fresh.replace(folder / "data" / f"{name}.json")
