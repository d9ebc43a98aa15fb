"""The designation switch: tried first, resumable, idempotent, and its rows tell nothing of anybody."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from stet.ledger import designating
from stet.ledger.designating import Order, Report, designate, read_designations
from stet.ledger.models import Act, Contact, Contribution, Designation, Fact, Inbox, Plan, Reminder
from stet.ledger.status import plan_statuses
from stet.project.ledger_command import designated_words
from stet.readers.models import Notice, Reader
from tests.ledger.builders import NOW, House, a_contact

pytestmark = pytest.mark.django_db(databases=["readers"])

ORDER = Order(country="RU", languages=("ru",), notices={"ru": "Не переводите нам деньги."})


def monthly(house: House, country: str, language: str = "ru", **changes: object) -> Plan:
    contact = a_contact(f"giver{Contact.objects.count()}@example.org", language=language)
    row = house.gives(interval="monthly", language=language, contact=contact, **changes)
    house.work(house.shop.pay(row.session_id))
    plan = Contribution.objects.get(pk=row.pk).plan
    assert plan is not None
    house.shop.countries[plan.provider_id] = country
    return plan


def switch(house: House, *, is_dry: bool = False, order: Order = ORDER) -> Report:
    return designate(house.folder, order, {"practice": house.provider}, is_dry=is_dry, now=NOW)


def everything() -> dict[str, object]:
    models = (Act, Contact, Designation, Fact, Plan, Reminder, Notice)
    return {model.__name__: list(model.objects.order_by("pk").values_list("pk", flat=True)) for model in models}


def test_a_dry_run_counts_and_changes_nothing(house: House) -> None:
    monthly(house, "RU")
    monthly(house, "DE", "en")
    before, keys = everything(), set(house.shop.keys)
    report = switch(house, is_dry=True)
    assert (report.plans, report.ended, report.contacts) == (1, 0, 1)
    assert (everything(), house.shop.keys) == (before, keys)
    assert not (house.folder / designating.PLACE).exists()


def test_plans_of_the_country_end_and_others_go_on(house: House) -> None:
    theirs, others = monthly(house, "RU"), monthly(house, "DE", "en")
    abroad = monthly(house, "RU", "en")
    report = switch(house)
    assert (report.plans, report.ended, report.left, report.is_whole) == (2, 2, 0, True)
    assert plan_statuses([theirs, others, abroad]) == {
        theirs.pk: "ended", others.pk: "running", abroad.pk: "ended",
    }  # fmt: skip
    # Whoever pays with a card of the country gets no mail either, in whatever language.
    assert list(Contact.objects.values_list("pk", flat=True)) == [others.contact_id]


def test_contacts_reminders_and_mails_that_wait_are_deleted(house: House) -> None:
    reminded = a_contact("later@example.org", purpose="reminder", language="ru")
    Reminder.objects.create(contact=reminded, on=NOW.date(), language="ru", asked=NOW.date())
    a_contact("other@example.org", language="en")
    report = switch(house)
    assert (report.contacts, report.reminders) == (1, 1)
    assert not Reminder.objects.exists()
    assert Contact.objects.get().language == "en"


def test_a_mail_that_waits_for_a_contact_goes_with_it(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    contact = a_contact(language="ru")
    reader = Reader.objects.create(lookup=b"r" * 32, sealed=b"x", lane="other", language="ru", since=NOW.date())
    values = {"reader": reader, "asked": NOW, "next_try": NOW}
    Notice.objects.create(kind="manage", lookup=bytes(contact.lookup), **values)
    waiting = Notice.objects.create(kind="receipt", lookup=bytes(contact.lookup), **values)
    Notice.objects.create(kind="receipt", lookup=bytes(contact.lookup), state="sent", **values)
    Notice.objects.create(kind="receipt", lookup=b"o" * 32, **values)
    assert switch(house).notices == 1
    assert not Notice.objects.filter(pk=waiting.pk).exists()
    assert Notice.objects.count() == 3


def test_asking_stops_before_anything_else(house: House) -> None:
    monthly(house, "RU")
    house.provider.is_away = True
    report = switch(house)
    assert not report.is_whole
    [stopped] = read_designations(house.folder).designations
    assert (stopped.country, stopped.languages, stopped.asking, stopped.month) == ("RU", ("ru",), "closed", "2026-11")
    assert stopped.notices == {"ru": "Не переводите нам деньги."}
    assert json.loads((house.folder / designating.PLACE).read_text())["version"] == 1


def test_designations_of_several_countries_stand_side_by_side(house: House) -> None:
    switch(house)
    switch(house, order=Order(country="BY", languages=("ru",), asking="warning"))
    switch(house, order=Order(country="RU", languages=("ru", "en")))
    found = read_designations(house.folder).designations
    assert [(one.country, one.languages, one.asking) for one in found] == [
        ("BY", ("ru",), "warning"), ("RU", ("ru", "en"), "closed"),
    ]  # fmt: skip


def test_cut_off_it_goes_on_where_it_was(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    plans = [monthly(house, "RU") for _number in range(5)]
    cancel, called = house.provider.cancel, []

    def cut_off(plan_id: str, **key: object) -> None:
        called.append(plan_id)
        if len(called) == 3:
            raise KeyboardInterrupt
        cancel(plan_id, **key)  # type: ignore[arg-type]

    monkeypatch.setattr(house.provider, "cancel", cut_off)
    with pytest.raises(KeyboardInterrupt):
        switch(house)
    monkeypatch.undo()
    report = switch(house)
    assert (report.ended, report.already, report.is_whole) == (3, 2, True)
    assert set(plan_statuses(plans).values()) == {"ended"}
    assert len(house.shop.keys) == 5
    row = Designation.objects.get()
    assert row.ended is not None
    # The contacts that the first, cut off, run deleted it could not report; what is there is counted.
    assert row.report["ended"] == 3


def test_a_provider_that_is_away_leaves_its_plans_to_the_next_run(house: House) -> None:
    plan = monthly(house, "RU")
    house.provider.is_away = True
    assert switch(house).left == 1
    assert Designation.objects.get().ended is None
    house.provider.is_away = False
    assert switch(house).is_whole
    assert Designation.objects.get().ended is not None
    assert plan_statuses([plan]) == {plan.pk: "ended"}


def test_a_provider_that_cannot_tell_countries_is_not_waited_for_but_said(house: House) -> None:
    plan = monthly(house, "RU")
    house.provider.capabilities = replace(house.provider.capabilities, finds_countries=False)
    assert switch(house, is_dry=True).by_hand == 1
    report = switch(house)
    assert (report.plans, report.by_hand, report.left, report.is_whole) == (0, 1, 0, True)
    assert Designation.objects.get().ended is not None
    assert plan_statuses([plan]) == {plan.pk: "running"}
    assert "1 plans run at a provider that cannot tell" in designated_words(report, is_dry=False)


def test_done_twice_it_is_done_once(house: House) -> None:
    monthly(house, "RU")
    switch(house)
    keys, acts = set(house.shop.keys), Act.objects.count()
    report = switch(house)
    assert (report.ended, report.already) == (0, 1)
    assert (house.shop.keys, Act.objects.count()) == (keys, acts)


def test_a_plan_that_is_not_ours_to_know_is_ended_too_and_once(house: House) -> None:
    plan = monthly(house, "RU")
    Inbox.objects.all().delete()
    Fact.objects.all().delete()
    Contribution.objects.update(plan=None)
    Plan.objects.filter(pk=plan.pk).delete()
    assert switch(house).ended == 1
    switch(house)
    assert len(house.shop.keys) == 1


def test_no_row_tells_a_designation_from_a_plan_that_somebody_asked_to_end(house: House) -> None:
    monthly(house, "RU")
    switch(house)
    act = Act.objects.get()
    assert (act.reason, act.by) == ("other", "stet ledger")
    assert not act.contribution_id


def test_its_report_is_counts_only(house: House, tmp_path: Path) -> None:
    del tmp_path
    monthly(house, "RU")
    switch(house)
    assert all(isinstance(value, int) for value in Designation.objects.get().report.values())
