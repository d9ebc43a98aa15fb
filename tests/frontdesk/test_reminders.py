"""Being reminded: a form, a button, a calendar file, a link that works when nothing is kept any more; and receipts."""

import re
from datetime import date, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pytest
from django.test import Client

from stet.frontdesk.calendar_file import calendar_file, folded
from stet.frontdesk.desk import Desk
from stet.frontdesk.limits import AT_ONCE
from stet.ledger import posting
from stet.ledger.models import Contact, Reminder
from stet.ledger.reminding import Filled
from stet.readers.models import Notice, Suppression
from tests.frontdesk.conftest import OWN, OWN_FORM
from tests.frontdesk.test_languages import ENGLISH, words_of
from tests.ledger.mail_builders import NOW, a_fact, a_gift, a_plan
from tests.readers.builders import an_address

pytestmark = pytest.mark.django_db(databases=["readers"])

STRANGE = {"HTTP_ORIGIN": "https://strange.example", "HTTP_SEC_FETCH_SITE": "cross-site"}


def a_form(**changes: str) -> dict[str, str]:
    return {"email": "ada@example.org", "when": "month", "date": "", "website": "", **changes}


def a_reminder(browser: Client, language: str = "en", **changes: str) -> Reminder:
    assert browser.post(f"/{language}/remind", a_form(**changes)).status_code == 200
    return Reminder.objects.latest("pk")


def path_of(the: Desk, reminder: Reminder) -> str:
    return f"/remind/{the.keys.links.token('remind', reminder.uid)}"


def everything() -> list[Any]:
    return [list(model.objects.order_by("pk").values()) for model in (Reminder, Contact, Notice, Suppression)]


def heading(answer: Any) -> str:
    found = re.search(r"<h1>(.*?)</h1>", answer.content.decode())
    assert found
    return found[1]


# --- The form ---


def test_a_form_from_any_page_makes_one_mail_to_confirm(browser: Client) -> None:
    answer = browser.post("/en/remind", a_form(), **STRANGE)
    assert (answer.status_code, heading(answer)) == (200, "Look into your mailbox")
    reminder = Reminder.objects.get()
    assert (reminder.on, reminder.confirmed, reminder.language) == (date(2026, 12, 25), False, "en")
    assert Notice.objects.get().kind == "remind_confirm"


def test_the_answer_is_the_same_for_every_address(the: Desk, browser: Client) -> None:
    lookup = the.keys.lookup.of(an_address("sue@example.org"))
    Suppression.objects.create(lookup=lookup, reason="erased", since=NOW.date())
    a_reminder(browser, email="kay@example.org")
    answers = [
        browser.post("/en/remind", a_form(email=text, **more)).content
        for text, more in (
            ("kay@example.org", {}),
            ("new@example.org", {}),
            ("sue@example.org", {}),
            ("bot@example.org", {"website": "filled"}),
        )
    ]
    assert len(set(answers)) == 1
    assert Reminder.objects.count() == 2


FAULTS = {
    "no address": ({"email": ""}, "Write your e-mail address."),
    "a broken address": ({"email": "ada@"}, "No mail can be sent to the part after the @."),
    "no time": ({"when": ""}, "Choose when."),
    "a strange time": ({"when": "soon"}, "Choose when."),
    "no day": ({"when": "date"}, "Choose a day to come, within a year."),
    "yesterday": ({"when": "date", "date": "2026-11-24"}, "Choose a day to come, within a year."),
    "in two years": ({"when": "date", "date": "2028-11-24"}, "Choose a day to come, within a year."),
}


@pytest.mark.parametrize("case", FAULTS)
def test_what_is_wrong_is_said_and_nothing_is_kept(browser: Client, case: str) -> None:
    changes, said = FAULTS[case]
    answer = browser.post("/en/remind", a_form(**changes))
    assert answer.status_code == 400
    assert said in answer.content.decode()
    assert not Reminder.objects.exists()


def test_a_day_can_be_typed_in_persian_digits(browser: Client) -> None:
    reminder = a_reminder(browser, "fa", when="date", date="۲۰۲۶-۱۲-۰۱")
    assert reminder.on == date(2026, 12, 1)


def test_what_a_gifts_form_was_filled_with_is_kept_for_the_link(browser: Client) -> None:
    reminder = a_reminder(browser, interval="monthly", currency="EUR", amount="500")
    assert (reminder.interval, reminder.minor, reminder.currency) == ("monthly", 500, "EUR")
    page = browser.get("/en/remind?interval=once&currency=EUR&amount=700").content.decode()
    assert '<input type="hidden" name="amount" value="700">' in page


def test_the_form_says_what_it_offers_and_a_language_that_is_not_printed_has_none(browser: Client) -> None:
    page = browser.get("/en/remind").content.decode()
    assert 'min="2026-11-26" max="2027-11-26"' in page
    assert f'href="{OWN}/en/remind.ics?when=quarter"' in page
    assert browser.get("/de/remind").status_code == 404
    assert browser.get("/de/remind.ics?when=week").status_code == 404


def test_many_forms_from_one_network_have_to_wait(browser: Client) -> None:
    for number in range(AT_ONCE * 2):
        answer = browser.post("/en/remind", a_form(email=f"r{number}@example.org"), REMOTE_ADDR="192.0.2.7")
    assert answer.status_code == 429
    assert Reminder.objects.count() == AT_ONCE


# --- The link ---


def test_following_a_link_changes_nothing_and_the_button_confirms(the: Desk, browser: Client) -> None:
    reminder = a_reminder(browser)
    path, before = path_of(the, reminder), everything()
    for _time in range(2):
        answer = browser.get(path)
        assert heading(answer) == "One more step"
        browser.get(f"{path}/forget")
    assert everything() == before
    answer = browser.post(path, **OWN_FORM)
    assert heading(answer) == "You will be reminded"
    assert "25 December 2026" in answer.content.decode()
    reminder.refresh_from_db()
    assert reminder.confirmed
    assert heading(browser.get(path)) == "You will be reminded"


def test_a_strange_page_can_neither_confirm_nor_forget(the: Desk, browser: Client) -> None:
    path = path_of(the, a_reminder(browser))
    before = everything()
    assert browser.post(path, **STRANGE).status_code == 403
    assert browser.post(f"{path}/forget", **STRANGE).status_code == 403
    assert everything() == before


def test_the_button_to_forget_deletes_address_and_reminder(the: Desk, browser: Client) -> None:
    path = path_of(the, a_reminder(browser))
    assert heading(browser.get(f"{path}/forget")) == "Delete your address?"
    assert heading(browser.post(f"{path}/forget", **OWN_FORM)) == "Your address is deleted"
    assert not Contact.objects.exists()
    assert not Reminder.objects.exists()
    assert Notice.objects.get().sealed is None
    for answer in (browser.get(path), browser.get(f"{path}/forget"), browser.post(path, **OWN_FORM)):
        assert (answer.status_code, heading(answer)) == (404, "Nothing is kept here any more")


def test_a_token_of_another_kind_opens_nothing(the: Desk, browser: Client) -> None:
    reminder = a_reminder(browser)
    for purpose in ("confirm", "manage", "portal", "receipt"):
        token = the.keys.links.token(purpose, reminder.uid)  # type: ignore[arg-type]
        assert browser.get(f"/remind/{token}").status_code == 404
        assert browser.get(f"/remind/{token}/give").status_code == 404


def test_the_reminders_link_leads_to_the_filled_form_when_nothing_is_kept(the: Desk, browser: Client) -> None:
    form = Filled(language="fa", interval="annual", minor=6000, currency="USD")
    answer = browser.get(f"/remind/{the.keys.links.with_words(form.written())}/give")
    url = urlsplit(answer["Location"])
    assert (answer.status_code, f"{url.scheme}://{url.netloc}{url.path}") == (303, f"{OWN}/fa/give")
    assert parse_qs(url.query) == {"interval": ["annual"], "currency": ["USD"], "amount": ["6000"]}
    empty = browser.get(f"/remind/{the.keys.links.with_words(Filled(language='ru').written())}/give")
    assert empty["Location"] == f"{OWN}/ru/give"
    assert browser.get(f"/remind/{'A' * 84}/give").status_code == 404


# --- A calendar file ---

WORDS = {"en": "Remember", "ru": "Не забыть", "fa": "یادم باشد"}
LINE = re.compile(r"[A-Z-]+(;[A-Z]+=[^:;,]+)*:.*")


def unfolded(file: bytes) -> list[str]:
    assert file.endswith(b"\r\n")
    lines = file[:-2].split(b"\r\n")
    assert all(len(line) <= 75 and b"\r" not in line and b"\n" not in line for line in lines)
    for line in lines:
        line.decode("utf-8")  # No character is cut in two.
    return file.decode("utf-8").replace("\r\n ", "").rstrip("\r\n").split("\r\n")


@pytest.mark.parametrize("language", WORDS)
def test_a_calendar_file_is_a_day_with_a_word_and_nothing_else(browser: Client, language: str) -> None:
    answer = browser.get(f"/{language}/remind.ics?when=week")
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer["Content-Disposition"] == 'attachment; filename="day.ics"'
    assert answer["Cache-Control"] == "no-store"
    lines = unfolded(answer.content)
    assert all(LINE.fullmatch(line) for line in lines)
    assert [line for line in lines if line.startswith(("BEGIN", "END"))] == [
        "BEGIN:VCALENDAR", "BEGIN:VEVENT", "BEGIN:VALARM", "END:VALARM", "END:VEVENT", "END:VCALENDAR",
    ]  # fmt: skip
    values = dict(line.split(":", 1) for line in lines)
    assert UUID(values.pop("UID")).version == 4
    assert values == {
        "BEGIN": "VALARM", "END": "VCALENDAR", "VERSION": "2.0", "PRODID": "-//Calendar//EN", "CALSCALE": "GREGORIAN",
        "DTSTAMP": "20261125T000000Z", "DTSTART;VALUE=DATE": "20261202", "DTEND;VALUE=DATE": "20261203",
        "SUMMARY": WORDS[language], "CLASS": "PRIVATE", "TRANSP": "TRANSPARENT", "ACTION": "DISPLAY",
        "DESCRIPTION": WORDS[language], "TRIGGER": "PT9H",
    }  # fmt: skip
    assert not re.search(rb"(?i)stet|shore|example|http|@|give|support|donat", answer.content)


def test_two_calendar_files_have_nothing_in_common_that_tells_who_took_them(browser: Client) -> None:
    first, second = (browser.get("/en/remind.ics?when=month").content for _time in range(2))
    assert len(set(first.split()) ^ set(second.split())) == 2


CALENDAR_DAYS = {"when=month": "20261225", "when=quarter": "20270225", "when=date&date=2026-12-31": "20261231"}


@pytest.mark.parametrize("query", CALENDAR_DAYS)
def test_a_calendar_file_is_for_the_day_that_was_asked_for(browser: Client, query: str) -> None:
    assert f"DTSTART;VALUE=DATE:{CALENDAR_DAYS[query]}" in unfolded(browser.get(f"/en/remind.ics?{query}").content)


@pytest.mark.parametrize("query", ["", "when=soon", "when=date", "when=date&date=2026-11-25"])
def test_without_a_day_to_come_there_is_no_calendar_file(browser: Client, query: str) -> None:
    assert browser.get(f"/en/remind.ics?{query}").status_code == 400


def test_long_words_are_folded_and_marks_escaped() -> None:
    word = "یادم باشد; همین, " * 9 + "\\ \n end"
    lines = unfolded(calendar_file(NOW.date(), word, uid=UUID(int=4), made=NOW.date()))
    said = next(line for line in lines if line.startswith("SUMMARY:"))
    assert said == "SUMMARY:" + "یادم باشد\\; همین\\, " * 9 + "\\\\ \\n end"
    assert folded("A" * 75) == b"A" * 75 + b"\r\n"
    assert folded("A" * 76) == b"A" * 75 + b"\r\n A\r\n"


# --- Receipts ---


def a_receipt(the: Desk, of: Any, language: str = "en") -> str:
    from tests.ledger.mail_builders import a_contact

    of.contact = a_contact(language=language)
    of.save()
    posting.after_facts([a_fact(of)], now=NOW)
    return f"/receipt/{the.keys.links.token('receipt', Notice.objects.get().uid)}"


def test_a_receipt_is_shown_behind_a_button(the: Desk, browser: Client) -> None:
    gift = a_gift()
    path = a_receipt(the, gift)
    before = browser.get(path).content.decode()
    assert "12.34" not in before
    assert browser.post(path, **STRANGE).status_code == 403
    page = browser.post(path, **OWN_FORM).content.decode()
    for said in ("€12.34", "November 2026", "Once", str(gift.uid)[:8].upper()):
        assert said in page
    assert "my-gift" not in page


def test_a_receipt_of_a_plan_leads_to_where_it_is_ended(the: Desk, browser: Client) -> None:
    page = browser.post(a_receipt(the, a_plan(), "fa"), **OWN_FORM).content.decode()
    token = the.keys.links.token("portal", Notice.objects.get().uid)
    assert f'href="{OWN}/my-gift/{token}"' in page
    assert "نوامبر ۲۰۲۶" in page


def test_after_a_month_a_receipt_is_shown_no_more(the: Desk, browser: Client) -> None:
    path = a_receipt(the, a_gift())
    the.clock.moment = NOW + timedelta(days=31)  # type: ignore[attr-defined]
    for answer in (browser.get(path), browser.post(path, **OWN_FORM), browser.get("/receipt/nothing")):
        assert (answer.status_code, heading(answer)) == (404, "This link is no longer good")


# --- All of it ---


def every_page(the: Desk, browser: Client, language: str) -> list[Any]:
    path = path_of(the, a_reminder(browser, language))
    pages = [
        browser.get(f"/{language}/remind"),
        browser.post(f"/{language}/remind", a_form()),
        browser.post(f"/{language}/remind", a_form(email="x@", when="date")),
        browser.get(path),
        browser.get(f"{path}/forget"),
        browser.post(path, **OWN_FORM),
        browser.post(f"{path}/forget", **OWN_FORM),
        browser.get(path, HTTP_ACCEPT_LANGUAGE=language),
    ]
    Notice.objects.all().delete()
    receipt = a_receipt(the, a_plan(language=language), language)
    return [
        *pages,
        browser.get(receipt),
        browser.post(receipt, **OWN_FORM),
        browser.get("/receipt/nothing", HTTP_ACCEPT_LANGUAGE=language),
    ]


@pytest.mark.parametrize("language", ["ru", "fa"])
def test_no_page_of_a_language_says_anything_in_english(the: Desk, browser: Client, language: str) -> None:
    for page in every_page(the, browser, language):
        assert not ENGLISH.search(words_of(page)), page.content.decode()
        assert not re.search(r"\b(remind|month|when|day|mail)\b", words_of(page), re.IGNORECASE)


def test_every_answer_is_sealed_sets_no_cookie_and_leaves_no_record(
    the: Desk, browser: Client, caplog: pytest.LogCaptureFixture
) -> None:
    pages = [*every_page(the, browser, "en"), browser.get("/en/remind.ics?when=week")]
    pages.append(browser.get(f"/remind/{the.keys.links.with_words(Filled(language='en').written())}/give"))
    for page in pages:
        assert page["Cache-Control"] == "no-store"
        assert page["Referrer-Policy"] == "no-referrer"
        assert page["Content-Security-Policy"].startswith("default-src 'none'")
        assert not page.cookies
    assert caplog.records == []
