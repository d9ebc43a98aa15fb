"""What the pages of money say, and what they never say."""

import re
from datetime import UTC, date, datetime

import pytest
from django.test import Client

from stet.ledger.models import Contact, Difference, Inbox
from stet.project.settings import Newsroom
from tests.ledger.builders import a_contact
from tests.office.giving_rows import (
    NOVEMBER,
    NOW,
    OCTOBER,
    a_delivery,
    a_difference,
    a_fact,
    a_gift,
    a_plan,
    a_whole_history,
    a_year_of_giving,
)

pytestmark = pytest.mark.django_db(databases=["default", "readers"])


def text_of(answer: object) -> str:
    """What a page says, without markup, in single spaces."""
    main = answer.content.decode().split("<main", 1)[1].partition(">")[2]  # type: ignore[attr-defined]
    body = re.sub(r"<[^>]+>", " ", main)
    return re.sub(r"\s+", " ", body)


@pytest.fixture(autouse=True)
def _in_november(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stet.office.views.giving.clock", lambda: NOW)


# --- Numbers ---


def test_with_nothing_given_each_page_says_so(finance: Client) -> None:
    assert "Nothing has come in yet." in text_of(finance.get("/giving/"))
    assert "Nobody gives regularly yet." in text_of(finance.get("/giving/plans/"))
    assert "Nothing has come in yet." in text_of(finance.get("/giving/appeals/"))
    assert "None: everything that came is worked off." in text_of(finance.get("/giving/deliveries/"))
    said = text_of(finance.get("/giving/comparisons/"))
    assert "None: the ledger and the providers agree." in said
    assert "None yet. The first is made" in said
    assert "No bank account is set up on this host" in text_of(finance.get("/giving/bank/"))


def test_a_month_is_shown_by_currency_and_how_often(finance: Client) -> None:
    for _ in range(12):
        a_gift(minor=550, month=OCTOBER)
        a_plan(minor=1000, month=OCTOBER)
    said = text_of(finance.get("/giving/?month=2026-10"))
    assert "October 2026 " in said
    assert "US$186.00 USD, from 24 people" in said
    assert "Once 12 US$66.00 Every month 12 US$120.00" in said


def test_a_month_of_few_is_said_to_be_of_few(finance: Client) -> None:
    a_gift(minor=9900, month=OCTOBER)
    page = finance.get("/giving/?month=2026-10")
    assert "few USD, from few people" in text_of(page)
    assert "<svg" not in page.content.decode().split("<main", 1)[1]  # a plot of what is not told is an empty frame
    assert "99" not in text_of(page)


def test_a_month_that_is_none_is_this_month(finance: Client) -> None:
    a_gift(month=OCTOBER)
    for asked in ("2031-01", "soon", "2026-13"):
        assert finance.get(f"/giving/?month={asked}").context["month"] == NOVEMBER


def test_months_lead_to_those_beside_them(finance: Client) -> None:
    a_gift(month=OCTOBER)
    a_gift(month=date(2026, 8, 1), currency="EUR")
    page = finance.get("/giving/?month=2026-09").content.decode()
    assert 'href="?month=2026-08" rel="prev"' in page
    assert 'href="?month=2026-10" rel="next"' in page


def test_a_plot_shows_each_month_and_hides_the_height_of_few(finance: Client) -> None:
    for _ in range(10):
        a_gift(month=OCTOBER)
    a_gift(month=date(2026, 8, 1))
    for _ in range(30):
        a_gift(month=date(2026, 6, 1))
    page = finance.get("/giving/").content.decode()
    assert "<title>August 2026: few</title>" in page
    assert "<title>September 2026: US$0.00</title>" in page
    assert "<title>October 2026: few</title>" in page  # it would give the other away


def test_what_waits_for_somebody_is_counted_on_the_first_page(finance: Client) -> None:
    a_delivery()
    a_difference()
    said = text_of(finance.get("/giving/"))
    assert "1 delivery could not be worked off 1 difference to a provider 0 orders of yours not carried out" in said


def test_plans_show_what_they_bring_and_how_many_end(finance: Client) -> None:
    plans = [a_plan(minor=500, month=OCTOBER) for _ in range(30)]
    for _ in range(12):
        a_plan(minor=6000, month=OCTOBER, interval="annual")
    for plan in plans[:10]:
        a_fact(plan, "ended", month=NOVEMBER)
    said = text_of(finance.get("/giving/plans/"))
    assert "USD US$100.00 20 US$720.00 US$60.00 12 0" in said
    assert re.search(r"November 2026 40 0 10 24%", said)


def test_appeals_are_shown_by_variant(finance: Client) -> None:
    for campaign, number in (("spring-a", 20), ("spring-b", 11), ("", 10)):
        for _ in range(number):
            a_gift(minor=300, campaign=campaign)
    said = text_of(finance.get("/giving/appeals/"))
    assert "No appeal 10 US$30.00 spring-a 20 US$60.00 spring-b 11 US$33.00" in said


# --- Finding ---


@pytest.mark.parametrize(
    "number", ["uid", "cs_test_71", "ch_71", "re_71", "dp_71", " ch_71 "], ids=lambda one: one.strip()
)
def test_a_contribution_is_found_by_every_number_that_somebody_may_have(finance: Client, number: str) -> None:
    row = a_whole_history()
    asked = str(row.uid) if number == "uid" else number
    answer = finance.post("/giving/find/", {"number": asked})
    assert answer.headers["Location"] == f"/giving/contributions/{row.uid}/"


def test_a_transfer_is_found_by_its_reference_as_people_write_it(finance: Client) -> None:
    row = a_gift(provider="bank", reference="RF18539007547034", session_id="RF18539007547034", settled=False)
    for written in ("RF18 5390 0754 7034", "rf18539007547034", "18 5390 0754 7034"):
        answer = finance.post("/giving/find/", {"number": written})
        assert answer.headers["Location"] == f"/giving/contributions/{row.uid}/"


def test_a_plan_is_found_by_its_numbers_and_those_of_renewals(finance: Client) -> None:
    plan = a_plan(customer_id="cus_9")
    a_fact(plan, number="ch_renewed")
    for number in (str(plan.uid), plan.provider_id, "cus_9", "ch_renewed"):
        assert finance.post("/giving/find/", {"number": number}).headers["Location"] == f"/giving/plans/{plan.uid}/"


def test_several_with_one_number_are_listed(finance: Client) -> None:
    a_plan(customer_id="cus_9")
    a_plan(customer_id="cus_9", minor=900)
    said = text_of(finance.post("/giving/find/", {"number": "cus_9"}))
    assert "2 with this number" in said
    assert "US$7.00" in said
    assert "US$9.00" in said


def test_what_is_not_there_is_said_without_repeating_it(finance: Client) -> None:
    a_gift(session_id="")
    for number in ("giver@example.org", "", "%", "0" * 400):
        said = text_of(finance.post("/giving/find/", {"number": number}))
        assert "Nothing has this number." in said
        assert "giver@example.org" not in said


def test_an_unknown_uid_is_no_page(finance: Client) -> None:
    for path in ("contributions", "plans"):
        assert finance.get(f"/giving/{path}/6b1f9c1e-3f77-4d0b-9f7d-0d5f5a2c9a11/").status_code == 404


# --- What happened ---


def test_a_contribution_is_shown_as_a_line_of_what_happened(finance: Client) -> None:
    row = a_whole_history()
    said = text_of(finance.get(f"/giving/contributions/{row.uid}/"))
    in_order = (
        "October 2026 A payment failed · US$25.00 Not enough money", "Came in · US$25.00", "Given back · US$5.00",
        "lada ordered to give it back · US$5.00 Whoever gave asked for it · carried out",
        "November 2026 Taken back by the bank · US$20.00", "Came in again: the dispute was won · US$20.00",
    )  # fmt: skip
    places = [said.index(words) for words in in_order]
    assert places == sorted(places)
    assert "Given back in part US$25.00 · Once · Stripe · October 2026" in said


def test_a_plan_shows_its_renewals_and_leads_to_what_began_it(finance: Client) -> None:
    plan = a_plan(month=OCTOBER)
    paid = a_fact(plan, month=NOVEMBER)
    a_fact(plan.contributions.get(), "refunded", of=paid.provider_id, minor=100, month=NOVEMBER)
    page = finance.get(f"/giving/plans/{plan.uid}/")
    assert f"/giving/contributions/{plan.contributions.get().uid}/" in page.content.decode()
    assert text_of(page).count("Came in") == 2 + 1  # the third is the state of the contribution
    assert "Given back · US$1.00" in text_of(page)


def test_a_plan_of_many_years_asks_the_database_as_often_as_a_young_one(
    finance: Client, django_assert_max_num_queries: object
) -> None:
    plan = a_plan(month=OCTOBER)
    for _ in range(60):
        a_fact(plan)
    with django_assert_max_num_queries(13, using="readers"):  # type: ignore[operator]
        finance.get(f"/giving/plans/{plan.uid}/")


@pytest.mark.parametrize(
    ("provider", "number", "expected"),
    [
        ("stripe", "ch_71x", "https://dashboard.stripe.com/payments/ch_71x"),
        ("paypal", "7AB1", "https://www.paypal.com/activity/payment/7AB1"),
        ("practice", "ch_71x", ""),
        ("stripe", "evil/../x", ""),
    ],
)
def test_a_payment_leads_to_the_provider_where_its_page_is_known(
    finance: Client, provider: str, number: str, expected: str
) -> None:
    row = a_gift(provider=provider, settled=False)
    a_fact(row, number=number)
    page = finance.get(f"/giving/contributions/{row.uid}/").content.decode()
    links = re.findall(r'href="(https:[^"]+)" rel="noreferrer noopener"', page)
    assert links == ([expected] if expected else [])


def test_keys_for_trials_lead_to_the_providers_pages_for_trials(finance: Client, newsroom: Newsroom) -> None:
    (newsroom.keys / "stripe.json").write_text('{"key": "rk_test_1", "webhook_secret": "whsec_1"}')
    (newsroom.keys / "btcpay.json").write_text(
        '{"url": "https://pay.example.org", "store": "s", "token": "t", "webhook_secret": "w"}'
    )
    plan = a_plan(provider="stripe", provider_id="sub_9")
    page = finance.get(f"/giving/plans/{plan.uid}/").content.decode()
    assert "https://dashboard.stripe.com/test/subscriptions/sub_9" in page
    row = a_gift(provider="btcpay", session_id="Inv7")
    page = finance.get(f"/giving/contributions/{row.uid}/").content.decode()
    assert 'href="https://pay.example.org/invoices/Inv7"' in page
    assert "rk_test_1" not in page


# --- Deliveries and differences ---


def test_an_open_delivery_says_its_age_tries_and_what_went_wrong(finance: Client) -> None:
    a_delivery(reference="checkout.session:cs_9", why_open="KeyError")
    a_delivery(done=True, reference="checkout.session:cs_done")
    page = text_of(finance.get("/giving/deliveries/"))
    assert re.search(r"checkout\.session:cs_9 Practice \(no money moves\) \d+ 3 Something else failed", page)
    assert "cs_done" not in page


def test_a_delivery_is_tried_again_at_once(finance: Client) -> None:
    row = a_delivery(next_try=datetime(2036, 1, 1, tzinfo=UTC))
    said = text_of(finance.post(f"/giving/deliveries/{row.pk}/retry/", follow=True))
    assert "It is tried again at once" in said
    row.refresh_from_db()
    assert row.next_try <= datetime.now(UTC)
    Inbox.objects.update(done=True)
    assert "It is done already." in text_of(finance.post(f"/giving/deliveries/{row.pk}/retry/", follow=True))


def test_a_difference_is_settled_once_with_a_word_and_a_name(finance: Client) -> None:
    row = a_difference()
    said = text_of(finance.get("/giving/comparisons/"))
    assert "Belongs to no contribution of ours Came in · ch_foreign_" in said
    assert "€42.00" in said
    path = f"/giving/differences/{row.pk}/settle/"
    assert "Choose what became of it." in text_of(finance.post(path, {"word": "whatever I like"}, follow=True))
    assert "Settled." in text_of(finance.post(path, {"word": "elsewhere"}, follow=True))
    row.refresh_from_db()
    assert (row.settled_as, row.settled_by) == ("elsewhere", "finance")
    again = text_of(finance.post(path, {"word": "trial"}, follow=True))
    assert "It was settled already." in again
    assert "It belongs to something else on the same account (finance)" in again
    row.refresh_from_db()
    assert row.settled_as == "elsewhere"


def test_what_was_mended_by_itself_needs_nobody(finance: Client) -> None:
    row = a_difference(kind="missing_here", mended=True)
    assert "Mended by itself" in text_of(finance.get("/giving/comparisons/"))
    finance.post(f"/giving/differences/{row.pk}/settle/", {"word": "trial"})
    assert Difference.objects.get().settled_by == ""


# --- What is never shown ---


def test_no_page_of_money_shows_an_address_or_an_hour_of_a_gift(finance: Client) -> None:
    contact = a_contact("canary-7391@example.org")
    row = a_gift(contact=contact, month=OCTOBER)
    plan = a_plan(contact=contact, month=OCTOBER)
    for path in every_path(row.uid, plan.uid):
        page = finance.get(path).content.decode()
        assert "canary" not in page, path
        assert str(contact.uid) not in page, path
        assert bytes(contact.sealed).hex()[:16] not in page, path
        assert not re.search(r"\d{4}-\d{2}-\d{2}|\d{1,2}:\d{2}", text_of(finance.get(path))), path
    assert Contact.objects.count() == 1


def every_path(contribution: object, plan: object) -> list[str]:
    return [
        "/giving/", "/giving/?month=2026-10", "/giving/plans/", "/giving/appeals/", "/giving/find/",
        "/giving/deliveries/", "/giving/comparisons/", "/giving/bank/", f"/giving/contributions/{contribution}/",
        f"/giving/plans/{plan}/",
    ]  # fmt: skip


def test_pages_of_money_run_nothing_and_are_kept_by_nobody(finance: Client) -> None:
    row, plan = a_gift(), a_plan()
    for path in every_path(row.uid, plan.uid):
        answer = finance.get(path)
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'none';"), path
        assert "no-store" in answer.headers["Cache-Control"], path
        body = answer.content.decode()
        assert "<script" not in body
        assert " style=" not in body


def test_the_pages_speak_persian_with_its_digits_and_russian(finance: Client) -> None:
    uid = a_year_of_giving()
    paths = ("/giving/", "/giving/plans/", "/giving/appeals/", f"/giving/contributions/{uid}/")
    for path in paths:
        persian = text_of(finance.get(path, headers={"accept-language": "fa"}))
        assert not re.search(r"(?<![\w.])[0-9]+(?![\w-])", re.sub(r"\S*_\S*|[0-9a-f-]{36}", "", persian)), path
        russian = text_of(finance.get(path, headers={"accept-language": "ru"}))
        for english in ("Every month", "people", "Came in", "Plans", "few"):
            assert english not in russian, (path, english)


def test_the_first_page_of_a_full_ledger_asks_the_database_a_few_times(
    finance: Client, django_assert_max_num_queries: object
) -> None:
    a_year_of_giving()
    with django_assert_max_num_queries(9, using="readers"):  # type: ignore[operator]
        finance.get("/giving/")
