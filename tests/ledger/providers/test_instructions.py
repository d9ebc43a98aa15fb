"""The page for technicians names what the code asks for."""

from pathlib import Path

import pytest

from stet.ledger.providers import paypal, stripe
from stet.ledger.providers.keys import KINDS, CsvForm

PAGE = (Path(__file__).parents[3] / "docs/how-to/take-contributions.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", [*stripe.EVENTS, *paypal.EVENTS, stripe.API_VERSION])
def test_every_event_is_on_the_page(name: str) -> None:
    assert name in PAGE.split() or f"`{name}`" in PAGE


@pytest.mark.parametrize("kind", KINDS)
def test_every_key_is_on_the_page(kind: str) -> None:
    wanted = {*KINDS[kind].__struct_fields__, *(CsvForm.__struct_fields__ if kind == "bank" else ())}
    for name in wanted - {"is_sandbox", "bank"}:
        assert f'"{name}"' in PAGE or f"`{name}`" in PAGE, name
