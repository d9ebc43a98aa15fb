"""A regular gift is changed or ended by whoever has the mailbox, and nobody learns who gives."""

import re
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from stet.frontdesk.desk import Desk
from stet.ledger import posting
from stet.ledger.models import Act, Contact, Fact, Plan
from stet.readers.models import FormDay, Notice
from tests.frontdesk.conftest import OWN, OWN_FORM, PAPER
from tests.frontdesk.paying import Till, away
from tests.readers.builders import an_address

pytestmark = [pytest.mark.django_db(databases=["readers"]), pytest.mark.usefixtures("support")]


def text_of(answer: Any) -> str:
    return re.sub(r"<style>.*?</style>", "", answer.content.decode(), flags=re.DOTALL)


def till_of(the: Desk) -> Till:
    till = the.providers["practice"]
    assert isinstance(till, Till)
    return till


def a_plan(the: Desk, address: str = "ada@example.org", **changes: Any) -> Plan:
    typed = an_address(address)
    contact = Contact.objects.create(
        sealed=the.keys.sealer.seal(typed), lookup=the.keys.lookup.of(typed), lane="other", purpose="receipts",
        language="en", until=date(2027, 3, 1),
    )  # fmt: skip
    values: dict[str, Any] = {
        "provider": "practice", "provider_id": "sub_1", "customer_id": "cus_1", "interval": "monthly", "minor": 500,
        "currency": "USD", "language": "en", "month": date(2026, 11, 1), "contact": contact, **changes,
    }  # fmt: skip
    return Plan.objects.create(**values)


def link_of(the: Desk, plan: Plan) -> str:
    posting.owe_portal(plan, now=the.clock.now())
    mail = Notice.objects.get(kind="portal", about=plan.uid)
    return f"/my-gift/{the.keys.links.token('portal', mail.uid)}"


def no_portal(till: Till) -> None:
    object.__setattr__(till.capabilities, "portal", False)


def test_asking_is_answered_the_same_whoever_gives(the: Desk, browser: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    owed: list[str] = []
    monkeypatch.setattr("stet.ledger.posting.owe_portal", lambda plan, *, now: owed.append(plan.provider_id))
    a_plan(the)
    assert browser.get("/en/my-gift").status_code == 200
    answers = [browser.post("/en/my-gift", {"email": f"{who}@example.org"}) for who in ("ada", "bob")]
    assert answers[0].content == answers[1].content
    assert owed == ["sub_1"]
    assert FormDay.objects.get().forms == 2
    trapped = browser.post("/en/my-gift", {"email": "ada@example.org", "website": "https://spam.example"})
    assert trapped.content == answers[0].content
    assert owed == ["sub_1"]


def test_an_address_that_is_none_is_said_at_its_field(browser: Client) -> None:
    answer = browser.post("/en/my-gift", {"email": "ada"})
    assert answer.status_code == 400
    assert 'id="email-fault"' in text_of(answer)


def test_nobody_can_have_mails_sent_without_end(the: Desk, browser: Client) -> None:
    answers = [browser.post("/en/my-gift", {"email": "ada@example.org"}) for _ in range(601)]
    assert answers[-1].status_code == 429


def test_following_the_link_changes_nothing_and_the_button_leads_to_the_providers_page(
    the: Desk, browser: Client
) -> None:
    path = link_of(the, a_plan(the))
    answer = browser.get(path)
    page = text_of(answer)
    assert "You give US$5 every month." in page
    assert (
        "form-action 'self' https://letters.example.org https://pay.example.org;" in answer["Content-Security-Policy"]
    )
    assert browser.post(path, HTTP_ORIGIN="https://strange.example").status_code == 403
    answer = browser.post(path, **OWN_FORM)
    assert (answer.status_code, answer["Location"]) == (303, "https://pay.example.org/portal/cus_1")
    assert answer["Referrer-Policy"] == "no-referrer"
    assert not Act.objects.exists()


def test_where_the_provider_has_no_page_the_gift_is_ended_here(the: Desk, browser: Client) -> None:
    no_portal(till_of(the))
    path = link_of(the, a_plan(the))
    assert "End my regular gift" in text_of(browser.get(path))
    assert till_of(the).cancelled == []
    till_of(the).fails.append(away())
    assert browser.post(path, **OWN_FORM).status_code == 503
    answer = browser.post(path, **OWN_FORM)
    assert "Your regular gift has ended" in text_of(answer)
    assert f'href="{PAPER}/"' in text_of(answer)
    assert till_of(the).cancelled == [("sub_1", Act.objects.get().uid)]
    assert "Your regular gift has ended" in text_of(browser.get(path))
    assert len(browser.post(path, **OWN_FORM).content)
    assert len(till_of(the).cancelled) == 1


def test_a_plan_without_a_number_of_its_payer_is_ended_here_too(the: Desk, browser: Client) -> None:
    path = link_of(the, a_plan(the, customer_id=""))
    assert "End my regular gift" in text_of(browser.get(path))


def test_a_plan_that_has_ended_says_so(the: Desk, browser: Client) -> None:
    no_portal(till_of(the))
    plan = a_plan(the)
    Fact.objects.create(provider="practice", kind="ended", provider_id="sub_1", plan=plan, month=plan.month)
    assert "Your regular gift has ended" in text_of(browser.get(link_of(the, plan)))


@pytest.mark.parametrize("case", ["words", "a plan that is not there", "another purpose", "a provider that is gone"])
def test_a_link_that_leads_nowhere_says_how_to_get_a_new_one(the: Desk, browser: Client, case: str) -> None:
    token = {
        "words": "nothing",
        "a plan that is not there": the.keys.links.token("portal", uuid4()),
        "another purpose": the.keys.links.token("manage", a_plan(the).uid),
        "a provider that is gone": the.keys.links.token("portal", a_plan(the, provider="btcpay", provider_id="x").uid),
    }[case]
    for answer in (browser.get(f"/my-gift/{token}"), browser.post(f"/my-gift/{token}", **OWN_FORM)):
        assert answer.status_code == 404
        assert f'href="{OWN}/en/my-gift"' in text_of(answer)


def test_the_page_speaks_the_language_of_the_gift(the: Desk, browser: Client) -> None:
    page = text_of(browser.get(link_of(the, a_plan(the, language="fa"))))
    assert "۵" in page
    assert 'lang="fa"' in page
