"""What providers tell: proved, kept once, answered; anything else is refused without a word about why."""

import json
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client

from stet.frontdesk.desk import Desk
from stet.frontdesk.hooks import MOST_DELIVERY_BYTES
from stet.ledger import taking
from stet.ledger.errors import ProviderAwayError
from stet.ledger.models import Inbox
from tests.frontdesk.paying import signature

pytestmark = pytest.mark.django_db(databases=["readers"])

BODY = json.dumps({"id": "evt_1", "about": "checkout.session:cs_1", "email": "canary@example.org"}).encode()


def deliver(browser: Client, body: bytes = BODY, *, provider: str = "practice", **headers: str) -> Any:
    headers = {"HTTP_TILL_SIGNATURE": signature(body), **headers}
    return browser.post(f"/hooks/{provider}", body, content_type="application/json", **headers)


def test_a_proved_delivery_is_one_row_however_often_it_comes(browser: Client) -> None:
    answers = [deliver(browser) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200] * 3
    row = Inbox.objects.get()
    assert (row.provider, row.event_id, row.reference, row.done) == (
        "practice",
        "evt_1",
        "checkout.session:cs_1",
        False,
    )
    assert b"canary" not in bytes(row.sealed)
    assert not answers[0].cookies


REFUSED = {
    "another signature": ("practice", {"HTTP_TILL_SIGNATURE": "0" * 64}, 400),
    "no signature": ("practice", {"HTTP_TILL_SIGNATURE": ""}, 400),
    "a provider that is not set up": ("stripe", {}, 404),
    "more than any delivery has": ("practice", {"CONTENT_LENGTH": str(MOST_DELIVERY_BYTES + 1)}, 413),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_not_proved_is_not_kept(browser: Client, case: str) -> None:
    provider, headers, status = REFUSED[case]
    answer = deliver(browser, provider=provider, **headers)
    assert answer.status_code == status
    assert not Inbox.objects.exists()


def test_a_delivery_may_be_longer_than_any_form(browser: Client) -> None:
    body = json.dumps({"id": "evt_1", "about": "x", "lines": "a" * 500_000}).encode()
    assert deliver(browser, body).status_code == 200


def test_a_hook_is_not_a_page(browser: Client) -> None:
    assert browser.get("/hooks/practice").status_code == 405


@pytest.mark.parametrize("error", [OperationalError("locked"), ProviderAwayError("away")])
def test_what_could_not_be_kept_is_answered_so_that_it_is_sent_again(
    browser: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, error: Exception
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(taking, "receive", fail)
        assert deliver(browser).status_code == 503
    assert deliver(browser).status_code == 200
    assert "canary" not in caplog.text
    assert "evt_1" not in caplog.text


def test_a_provider_that_cannot_be_asked_for_its_proof_is_told_to_come_again(
    the: Desk, browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        raise ProviderAwayError("away")

    monkeypatch.setattr(the.providers["practice"], "read_delivery", away)
    assert deliver(browser).status_code == 503
