"""A reminder: asked for once a week, confirmed by a button, sent once, and then nothing of it is left."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext

from stet.ledger import contacts, reminding
from stet.ledger.models import Contact, Reminder
from stet.ledger.reminding import Filled, day_of, filled
from stet.ledger.working import owe_reminders
from stet.readers import erasing
from stet.readers.models import Notice, Suppression
from tests.frontdesk.paying import printed_support, put_support
from tests.ledger.mail_builders import ADA, NOW, a_contact, a_fact, a_plan, suppress
from tests.readers.builders import an_address, reader_keys
from tests.readers.test_erasing import empty, folder, hits, needles_of  # noqa: F401 - two of them are fixtures

rows = pytest.mark.django_db(databases=["readers"])
TODAY = NOW.date()
IN_A_MONTH = date(2026, 12, 25)
FORM = Filled(language="en", interval="monthly", minor=500, currency="EUR")


def ask(text: str = ADA, on: date = IN_A_MONTH, form: Filled = FORM, now=NOW) -> None:
    reminding.ask(an_address(text), on, form, keys=reader_keys(), now=now)


def a_reminder(text: str = ADA, on: date = IN_A_MONTH, now=NOW, *, is_confirmed: bool = True) -> Reminder:
    ask(text, on, now=now)
    found = Reminder.objects.latest("pk")
    if is_confirmed:
        reminding.confirm(found.uid, now=now)
    found.refresh_from_db()
    return found


def mails(kind: str) -> int:
    return Notice.objects.filter(kind=kind).count()


# --- When ---

DAYS = {
    "in a week": ("week", "", date(2026, 12, 2)),
    "in a month": ("month", "", date(2026, 12, 25)),
    "in three months": ("quarter", "", date(2027, 2, 25)),
    "on a day": ("date", "2026-11-26", date(2026, 11, 26)),
    "on the last day that is allowed": ("date", "2027-11-26", date(2027, 11, 26)),
    "too far away": ("date", "2027-11-27", None),
    "today is no reminder": ("date", "2026-11-25", None),
    "a day that has gone": ("date", "2025-12-01", None),
    "no such day": ("date", "2026-02-30", None),
    "a week's number": ("date", "2026-W50-1", None),
    "no day": ("date", "", None),
    "no such word": ("soon", "", None),
}


@pytest.mark.parametrize("case", DAYS)
def test_a_word_or_a_date_means_a_day_to_come(case: str) -> None:
    when, chosen, expected = DAYS[case]
    assert day_of(when, chosen, today=TODAY) == expected


def test_a_month_after_its_last_day_is_the_next_ones_last() -> None:
    assert day_of("month", "", today=date(2027, 1, 31)) == date(2027, 2, 28)
    assert day_of("quarter", "", today=date(2026, 12, 31)) == date(2027, 3, 31)


# --- Asking ---


@rows
def test_an_address_is_asked_to_confirm_and_nothing_is_sent_before() -> None:
    ask()
    (mail,) = Notice.objects.all()
    assert (mail.kind, mail.reader, mail.about) == ("remind_confirm", None, Reminder.objects.get().uid)
    assert mail.asked.isoformat() == "2026-11-25T00:00:00+00:00"
    assert reminding.due(now=NOW + timedelta(days=60)) == 0


@rows
def test_an_address_is_asked_once_within_a_week_whatever_becomes_of_it() -> None:
    ask("Ada@example.org")
    for day in range(7):
        ask(on=IN_A_MONTH + timedelta(days=day), now=NOW + timedelta(days=day))
    assert (mails("remind_confirm"), Reminder.objects.count(), Contact.objects.count()) == (1, 1, 1)
    reminding.forget(Reminder.objects.get().uid, now=NOW)
    ask(now=NOW + timedelta(days=6))
    assert (mails("remind_confirm"), Reminder.objects.count(), Contact.objects.count()) == (1, 0, 0)
    ask(now=NOW + timedelta(days=7))
    assert (mails("remind_confirm"), Reminder.objects.count()) == (2, 1)


@rows
def test_a_suppressed_address_is_not_asked() -> None:
    suppress()
    ask()
    assert (mails("remind_confirm"), Reminder.objects.count(), Contact.objects.count()) == (0, 0, 0)


@rows
def test_known_unknown_and_suppressed_addresses_cost_the_same_statements() -> None:
    suppress("sue@example.org")
    ask("kay@example.org")
    counted = {}
    for text in ("kay@example.org", "new@example.org", "sue@example.org"):
        with CaptureQueriesContext(connections["readers"]) as queries:
            ask(text)
        counted[text] = [query["sql"].split()[0] for query in queries if "SAVEPOINT" not in query["sql"]]
    assert counted["kay@example.org"] == counted["new@example.org"] == counted["sue@example.org"]


@rows
def test_what_the_form_was_filled_with_is_kept_only_where_it_makes_sense() -> None:
    assert filled("en", interval="monthly", currency="EUR", minor=500) == FORM
    assert filled("en", interval="daily", currency="eur", minor=500) == Filled(language="en")
    assert filled("en", interval="once", currency="EUR", minor=0) == Filled(language="en", interval="once")


def test_a_form_travels_in_a_link_and_comes_back() -> None:
    for form in (FORM, Filled(language="fa"), Filled(language="pt-br", interval="annual")):
        token = reader_keys().links.with_words(form.written())
        words = reader_keys().links.words(token)
        assert words is not None
        assert Filled.read(words) == form
        assert len(token) == 84
    assert Filled.read("en monthly EUR") is None
    assert Filled.read("en monthly many EUR") is None
    assert reader_keys().links.words("A" * 84) is None
    assert reader_keys().links.words("é" * 84) is None


# --- Confirming, forgetting ---


@rows
def test_once_confirmed_it_is_owed_on_its_day_and_not_before_and_once() -> None:
    reminder = a_reminder()
    assert reminder.confirmed
    assert reminding.due(now=NOW + timedelta(days=29)) == 0
    assert reminding.due(now=NOW + timedelta(days=30)) == 1
    assert reminding.due(now=NOW + timedelta(days=31)) == 0
    mail = Notice.objects.get(kind="remind")
    assert (mail.about, bytes(mail.sealed or b"")) == (reminder.uid, bytes(reminder.contact.sealed))


@rows
def test_in_a_language_that_is_silent_reminders_wait() -> None:
    a_reminder()
    assert reminding.due(now=NOW + timedelta(days=30), silent=("en",)) == 0
    assert reminding.due(now=NOW + timedelta(days=32), silent=("fa",)) == 1


@rows
@pytest.mark.parametrize(("is_open", "owed"), [(True, 1), (False, 0), (None, 0)])
def test_reminders_wait_while_nothing_is_asked_for_in_print(tmp_path: Path, *, is_open: bool | None, owed: int) -> None:
    a_reminder()
    if is_open is not None:
        languages = printed_support()["languages"]
        put_support(tmp_path, languages={**languages, "en": {**languages["en"], "is_open": is_open}})
    assert owe_reminders(tmp_path, now=NOW + timedelta(days=30)) == owed


@rows
def test_many_that_are_due_on_one_day_go_by_portions_the_oldest_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reminding, "MOST_AT_ONCE", 2)
    for number in range(5):
        a_reminder(f"r{number}@example.org", on=IN_A_MONTH - timedelta(days=number))
    later = NOW + timedelta(days=30)
    assert [reminding.due(now=later) for _hour in range(4)] == [2, 2, 1, 0]
    first = Notice.objects.filter(kind="remind").order_by("pk").values_list("about", flat=True)[0]
    assert Reminder.objects.get(uid=first).on == IN_A_MONTH - timedelta(days=4)


@rows
def test_an_address_has_one_reminder_the_one_that_was_confirmed_last() -> None:
    first = a_reminder()
    second = a_reminder(on=IN_A_MONTH + timedelta(days=40), now=NOW + timedelta(days=8))
    assert list(Reminder.objects.all()) == [second]
    assert not Contact.objects.filter(pk=first.contact_id).exists()


@rows
def test_another_one_that_is_only_asked_for_changes_nothing() -> None:
    first = a_reminder()
    a_reminder(now=NOW + timedelta(days=8), is_confirmed=False)
    assert list(Reminder.objects.filter(confirmed=True)) == [first]


@rows
def test_what_was_deleted_cannot_be_confirmed() -> None:
    reminder = a_reminder(is_confirmed=False)
    assert reminding.forget(reminder.uid, now=NOW)
    assert not reminding.forget(reminder.uid, now=NOW)
    assert reminding.confirm(reminder.uid, now=NOW) is None
    assert reminding.promise_of(reminder.uid) is None
    mail = Notice.objects.get()
    assert (mail.sealed, mail.state) == (None, "failed")


# --- Purging ---


@rows
def test_what_nobody_confirmed_is_deleted_after_a_week_and_what_was_confirmed_stays() -> None:
    a_reminder(is_confirmed=False)
    a_reminder("bo@example.org")
    contacts.purge(now=NOW + timedelta(days=6))
    assert Reminder.objects.count() == 2
    contacts.purge(now=NOW + timedelta(days=7))
    assert [one.confirmed for one in Reminder.objects.all()] == [True]
    assert (Contact.objects.count(), Notice.objects.count()) == (1, 0)


@rows
def test_addresses_go_on_their_day_and_facts_stay() -> None:
    plan = a_plan(a_contact(days=3))
    fact = a_fact(plan)
    contacts.owe(plan.contact, Notice.Kind.RECEIPT, fact.uid, now=NOW)  # type: ignore[arg-type]
    assert contacts.purge(now=NOW + timedelta(days=2)).contacts == 0
    assert contacts.purge(now=NOW + timedelta(days=3)).contacts == 1
    plan.refresh_from_db()
    assert (plan.contact, Notice.objects.count(), plan.facts.count()) == (None, 0, 1)


@rows
def test_an_address_that_was_erased_or_complained_is_no_contact_any_more() -> None:
    a_plan(a_contact())
    a_reminder()
    erasing.erase(reader_keys().lookup.of(an_address()), now=NOW)
    contacts.purge(now=NOW)
    assert (Contact.objects.count(), Reminder.objects.count(), Notice.objects.count()) == (0, 0, 0)
    assert Suppression.objects.count() == 1


@rows
def test_rows_of_old_mails_go_after_a_month() -> None:
    contact = a_contact(days=400)
    contacts.owe(contact, Notice.Kind.RECEIPT, a_fact(a_plan(contact)).uid, now=NOW)
    contacts.purge(now=NOW + timedelta(days=29))
    assert mails("receipt") == 1
    contacts.purge(now=NOW + timedelta(days=30))
    assert mails("receipt") == 0


CANARIES = [f"canary.{number:03}.nightingale@bird-{number % 7}.example.org" for number in range(50)]


def test_no_file_of_the_database_holds_the_address_and_after_the_purge_none_holds_it_sealed(
    folder: Path,  # noqa: F811
) -> None:
    for text in CANARIES:
        a_reminder(text)
    assert hits(folder, *(needle for text in CANARIES for needle in needles_of(text))) == []
    sealed = [bytes(one.sealed) for one in Contact.objects.all()]
    uids = [one.uid.hex.encode() for one in Reminder.objects.all()]
    assert len(hits(folder, *sealed)) >= len(sealed)
    for reminder in Reminder.objects.all():
        reminding.forget(reminder.uid, now=NOW)
    purged = contacts.purge(now=NOW + timedelta(days=7))
    assert purged.traces.are_gone, purged.traces.sentence
    assert hits(folder, *sealed, *uids) == []
    assert not Notice.objects.exists()
