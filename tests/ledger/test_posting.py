"""Mails that givers are owed: receipts only where wished, three at most about a failing plan, a link that ends."""

from datetime import date, timedelta
from itertools import permutations

import pytest

from stet.kit.money import Money
from stet.ledger import posting
from stet.ledger.contacts import KEPT_DAYS
from stet.ledger.models import Contact, Fact
from stet.readers.models import Notice
from tests.ledger.mail_builders import NOVEMBER, NOW, a_contact, a_fact, a_gift, a_plan, suppress

pytestmark = pytest.mark.django_db(databases=["readers"])

OCTOBER, DECEMBER, AUGUST = date(2026, 10, 1), date(2026, 12, 1), date(2026, 8, 1)


def told(*facts: Fact, now=NOW) -> None:
    posting.after_facts(facts, now=now)


def mails(kind: str) -> list[Notice]:
    return list(Notice.objects.filter(kind=kind).order_by("pk"))


def sent(kind: str) -> None:
    Notice.objects.filter(kind=kind).update(state="sent", sealed=None, lookup=None)


# --- Receipts ---


def test_a_payment_is_receipted_only_where_an_address_was_given() -> None:
    told(a_fact(a_gift()))
    assert mails("receipt") == []
    told(a_fact(a_gift(a_contact())))
    assert len(mails("receipt")) == 1


def test_a_payment_has_one_receipt_however_often_it_is_told() -> None:
    fact = a_fact(a_gift(a_contact()))
    told(fact)
    told(fact, fact)
    assert len(mails("receipt")) == 1


def test_each_payment_of_a_plan_has_a_receipt_of_its_own() -> None:
    plan = a_plan(a_contact())
    told(a_fact(plan), a_fact(plan, month=DECEMBER), now=NOW + timedelta(days=30))
    assert len(mails("receipt")) == 2


def test_a_receipt_goes_to_no_reader_and_tells_no_hour() -> None:
    contact = a_contact(language="fa")
    told(a_fact(a_gift(contact)))
    (mail,) = mails("receipt")
    assert mail.reader is None
    assert (bytes(mail.sealed or b""), bytes(mail.lookup or b"")) == (bytes(contact.sealed), bytes(contact.lookup))
    assert (mail.language, mail.lane) == ("fa", "other")
    assert mail.asked.isoformat() == mail.next_try.isoformat() == "2026-11-25T00:00:00+00:00"


def test_what_is_told_late_makes_no_mail() -> None:
    plan = a_plan(a_contact())
    told(a_fact(plan, month=AUGUST), a_fact(plan, "failed", AUGUST))
    assert not Notice.objects.exists()
    told(a_fact(plan, month=OCTOBER))
    assert len(mails("receipt")) == 1


NO_MAIL = ("refunded", "disputed", "reinstated", "ended", "failed")


@pytest.mark.parametrize("kind", NO_MAIL)
def test_of_a_single_gift_nothing_but_a_payment_makes_a_mail(kind: str) -> None:
    told(a_fact(a_gift(a_contact()), kind))
    assert not Notice.objects.exists()


def test_a_suppressed_address_is_owed_nothing() -> None:
    contact = a_contact()
    plan = a_plan(contact)
    suppress()
    told(a_fact(plan), a_fact(plan, "failed", DECEMBER))
    posting.owe_portal(plan, now=NOW)
    assert not Notice.objects.exists()


def test_an_address_is_kept_for_the_next_payment_and_not_long_after_the_last() -> None:
    contact = a_contact(days=10)
    plan = a_plan(contact)
    told(a_fact(plan))
    contact.refresh_from_db()
    assert contact.until == NOW.date() + timedelta(days=KEPT_DAYS["monthly"])
    told(a_fact(plan, "ended"))
    contact.refresh_from_db()
    assert contact.until == NOW.date() + timedelta(days=60)


def test_the_contact_of_the_gift_that_began_a_plan_is_told_of_the_plan() -> None:
    plan = a_plan()
    a_gift(a_contact(), plan=plan, interval="monthly")
    told(a_fact(plan))
    assert len(mails("receipt")) == 1


# --- A plan that fails ---


def test_a_failing_plan_makes_three_mails_at_most_and_again_three_after_a_payment() -> None:
    plan = a_plan(a_contact())
    for _number in range(6):
        told(a_fact(plan, "failed"))
        sent("payment_failed")
    assert len(mails("payment_failed")) == 3
    told(a_fact(plan))
    later = NOW + timedelta(days=30)
    for _number in range(6):
        told(a_fact(plan, "failed", DECEMBER), now=later)
        sent("payment_failed")
    assert len(mails("payment_failed")) == 6


def test_while_one_waits_to_be_sent_there_is_no_second_one() -> None:
    plan = a_plan(a_contact())
    told(a_fact(plan, "failed"), a_fact(plan, "failed"))
    told(a_fact(plan, "failed"))
    assert len(mails("payment_failed")) == 1


@pytest.mark.parametrize("order", sorted(set(permutations(("failed", "failed", "settled")))))
def test_a_failure_that_was_mended_in_its_month_makes_no_mail_once_that_is_known(order: tuple[str, ...]) -> None:
    plan = a_plan(a_contact())
    facts = [a_fact(plan, kind) for kind in order]
    told(*facts)
    assert mails("payment_failed") == []


def test_a_plan_that_ended_or_has_no_address_makes_no_mail() -> None:
    plan = a_plan(a_contact())
    told(a_fact(plan, "ended"), a_fact(plan, "failed"))
    told(a_fact(a_plan(), "failed"))
    assert mails("payment_failed") == []


def test_who_is_at_the_page_still_is_not_mailed_that_a_card_was_declined() -> None:
    plan = a_plan(a_contact())
    fact = a_fact(a_gift(plan=plan, interval="monthly"), "failed")
    fact.plan = plan
    fact.save()
    told(fact)
    assert mails("payment_failed") == []


# --- Links ---


def test_the_link_to_a_plan_is_mailed_once_a_day_and_a_new_one_ends_the_old() -> None:
    plan = a_plan(a_contact())
    posting.owe_portal(plan, now=NOW)
    posting.owe_portal(plan, now=NOW)
    (first,) = mails("portal")
    sent("portal")
    posting.owe_portal(plan, now=NOW)
    assert mails("portal") == [first]
    tomorrow = NOW + timedelta(days=1)
    posting.owe_portal(plan, now=tomorrow)
    (second,) = mails("portal")
    assert posting.plan_of_portal(first.uid, now=tomorrow) is None
    assert posting.plan_of_portal(second.uid, now=tomorrow) == plan


GOOD_DAYS = {"portal": 3, "payment_failed": 30, "receipt": 30}


@pytest.mark.parametrize("kind", GOOD_DAYS)
def test_a_link_is_good_for_its_days_and_no_longer(kind: str) -> None:
    plan = a_plan(a_contact())
    told(a_fact(plan), a_fact(plan, "failed", DECEMBER))
    posting.owe_portal(plan, now=NOW)
    (mail,) = mails(kind)
    assert posting.plan_of_portal(mail.uid, now=NOW + timedelta(days=GOOD_DAYS[kind])) == plan
    assert posting.plan_of_portal(mail.uid, now=NOW + timedelta(days=GOOD_DAYS[kind] + 1)) is None


def test_a_plan_without_an_address_has_no_link() -> None:
    posting.owe_portal(a_plan(), now=NOW)
    assert not Notice.objects.exists()


def test_a_receipts_link_shows_the_payment_and_no_other_mails_link_does() -> None:
    contact = a_contact(language="ru")
    gift, plan = a_gift(contact), a_plan(contact)
    told(a_fact(gift))
    (mail,) = mails("receipt")
    receipt = posting.receipt_behind(mail.uid, now=NOW)
    assert receipt is not None
    assert (receipt.money, receipt.month, receipt.interval) == (Money(1234, "EUR"), NOVEMBER, "once")
    assert (receipt.language, receipt.number, receipt.has_plan) == ("ru", str(gift.uid)[:8].upper(), False)
    posting.owe_portal(plan, now=NOW)
    assert posting.receipt_behind(mails("portal")[0].uid, now=NOW) is None
    assert posting.plan_of_portal(mail.uid, now=NOW) is None


def test_without_its_contact_a_receipts_link_still_shows_the_payment() -> None:
    told(a_fact(a_plan(a_contact())))
    Contact.objects.all().delete()
    receipt = posting.receipt_behind(mails("receipt")[0].uid, now=NOW)
    assert receipt is not None
    assert (receipt.interval, receipt.has_plan) == ("monthly", True)
