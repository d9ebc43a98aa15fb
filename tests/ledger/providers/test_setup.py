"""Which ways to pay a newsroom has follows from the keys that are there."""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from stet.kit.money import Money
from stet.ledger.errors import ProviderAwayError, ProviderRefusedError
from stet.ledger.practice.server import Practice
from stet.ledger.providers.setup import NAMES, providers_of, refused_countries
from tests.ledger.builders import a_contribution
from tests.ledger.providers.builders import an_order, kinds, the

FILES: dict[str, dict[str, Any]] = {
    "stripe": {"key": "rk_test_1", "webhook_secret": "whsec_1"},
    "paypal": {"client_id": "c", "secret": "s", "webhook_id": "w"},
    "btcpay": {"url": "https://pay.example.org", "store": "S", "token": "t", "webhook_secret": "s"},
    "bank": {"holder": "Far Shore Trust", "iban": "LV80BANK0000435195001"},
}


def a_newsroom(folder: Path, *, practice: str = "", **files: dict[str, Any]) -> Any:
    keys = folder / "keys"
    keys.mkdir()
    for name, values in files.items():
        (keys / f"{name}.json").write_text(json.dumps(values))
    settings = SimpleNamespace(ledger=SimpleNamespace(practice=practice))
    return SimpleNamespace(keys=keys, site=folder / "site", settings=settings)


def print_support(newsroom: Any, *countries: str) -> None:
    file = newsroom.site / "support/support.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    sheet = {"version": 1, "label": "F", "refused_countries": countries, "languages": {}, "campaigns": []}
    file.write_text(json.dumps(sheet))


def test_without_keys_there_are_none(tmp_path: Path) -> None:
    assert providers_of(a_newsroom(tmp_path)) == {}


def test_each_file_is_a_way_to_pay(tmp_path: Path) -> None:
    found = providers_of(a_newsroom(tmp_path, practice="http://127.0.0.1:8005", **FILES))
    assert tuple(found) == NAMES
    assert [provider.name for provider in found.values()] == list(NAMES)
    assert {name for name, one in found.items() if one.capabilities.recurring} == {"stripe", "paypal", "practice"}


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("text", ["", "[]", '{"CANARY": "CANARY"}', "CANARY", '{"key": 5}'])
def test_a_file_that_is_not_right_is_named_and_not_quoted(tmp_path: Path, name: str, text: str) -> None:
    newsroom = a_newsroom(tmp_path)
    (newsroom.keys / f"{name}.json").write_text(text)
    with pytest.raises(ProviderRefusedError) as refusal:
        providers_of(newsroom)
    assert f"keys/{name}.json" in str(refusal.value)
    assert "CANARY" not in str(refusal.value)


def test_countries_are_refused_as_they_are_printed_now(tmp_path: Path) -> None:
    with Practice() as practice:
        newsroom = a_newsroom(tmp_path, practice=practice.url)
        provider = providers_of(newsroom)["practice"]
        sessions = []
        for country in ("KZ", "KZ", "LV"):
            session = provider.start(an_order(refused_countries=("KZ",))).session_id
            practice.do("pay", session=session, country=country)
            sessions.append(session)
        # Without a printed list nobody can tell: nothing is collected and nothing let go.
        with pytest.raises(ProviderAwayError):
            provider.facts_of(sessions[0])
        print_support(newsroom, "KZ")
        assert refused_countries(newsroom.site) == ("KZ",)
        assert kinds(provider.facts_of(sessions[0])) == ["failed"]
        assert kinds(provider.facts_of(sessions[2])) == ["settled"]
        print_support(newsroom)
        assert kinds(provider.facts_of(sessions[1])) == ["settled"]


@pytest.mark.django_db(databases=["readers"])
def test_a_plan_whose_card_is_looked_at_begins_as_our_own_row_says(tmp_path: Path) -> None:
    with Practice() as practice:
        newsroom = a_newsroom(tmp_path, practice=practice.url)
        print_support(newsroom, "KZ")
        provider = providers_of(newsroom)["practice"]
        row = a_contribution(interval="annual", minor=6_000, currency="EUR")
        order = an_order(uid=row.uid, interval="annual", money=Money(6_000, "EUR"), refused_countries=("KZ",))
        session = provider.start(order).session_id
        practice.do("pay", session=session, country="LV")
        told = the("settled", provider.facts_of(session))
        assert told.plan is not None
        assert (told.plan.interval, told.plan.money, told.uid) == ("annual", Money(6_000, "EUR"), row.uid)
        assert practice.store.all("product")[0]["name"] == "F"
        # Of another provider, of a single gift, of nobody: no plan.
        for changes in ({"provider": "stripe"}, {"interval": "once"}, {}):
            other = a_contribution(**{"interval": "monthly", **changes}) if changes else None
            wish = an_order(interval="monthly", refused_countries=("KZ",), **({"uid": other.uid} if other else {}))
            session = provider.start(wish).session_id
            practice.do("pay", session=session, country="LV")
            assert provider.facts_of(session) == []
        assert len(practice.store.all("subscription")) == 1
