"""The worker loses nothing, repeats nothing, and does what the hours bring."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from stet.ledger import ways, working
from stet.ledger.counting import open_things
from stet.ledger.keeping import forget
from stet.ledger.models import Contact, Difference, Fact, Inbox, ReconcileRun
from stet.ledger.providers.bank import BankProvider
from stet.ledger.providers.base import Delivery
from stet.ledger.providers.keys import BankKeys
from stet.ledger.tally import PLACE
from stet.ledger.working import Hours, Worker, last_hour, replay
from stet.press.told import TellTale
from stet.project.settings import Ledger, Newsroom, Settings, Site
from tests.ledger.builders import NOW, House, a_contact

pytestmark = pytest.mark.django_db(databases=["readers"])


def test_a_delivery_is_worked_off_once(house: House) -> None:
    house.receive(house.shop.pay(house.gives().session_id))
    assert house.worker.step(NOW)
    assert not house.worker.step(NOW)
    assert len(house.provider.calls) == 1


def test_what_fails_stays_open_and_is_tried_again_after_growing_pauses(house: House) -> None:
    house.provider.is_away = True
    house.work(house.shop.pay(house.gives().session_id))
    row = Inbox.objects.get()
    assert (row.done, row.tries, row.why_open) == (False, 1, "ProviderAwayError")
    pauses = [row.next_try - NOW]
    for _number in range(12):
        house.work(now=row.next_try)
        before, row = row, Inbox.objects.get()
        pauses.append(row.next_try - before.next_try)
    assert pauses == sorted(pauses)
    assert pauses[0] == timedelta(seconds=30)
    assert pauses[-1] == timedelta(hours=6)
    house.provider.is_away = False
    house.work(now=row.next_try)
    assert Inbox.objects.get().done
    assert Fact.objects.count() == 1


def test_a_row_that_always_fails_holds_up_no_other(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    facts = house.provider.facts

    def stumble(reference: str) -> object:
        if reference == "poison":
            raise KeyError("canary@example.org")
        return facts(reference)

    monkeypatch.setattr(house.provider, "facts", stumble)
    house.work(Delivery(event_id="evt_poison", reference="poison"), house.shop.pay(house.gives().session_id))
    assert Inbox.objects.get(event_id="evt_poison").why_open == "KeyError"
    assert Fact.objects.count() == 1


def test_logs_name_a_class_of_error_and_nothing_it_said(
    house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def stumble(reference: str) -> object:
        raise ValueError(f"canary@example.org gave 5.00 at {reference}")

    monkeypatch.setattr(house.provider, "facts", stumble)
    house.work(house.shop.pay(house.gives().session_id))
    assert "ValueError" in caplog.text
    assert not any(word in caplog.text for word in ("canary", "5.00", "cs_"))


def test_facts_and_done_are_one_step(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def cut_off(*_facts: object, **_named: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("stet.ledger.posting.after_facts", cut_off)
    house.work(house.shop.pay(house.gives().session_id))
    assert Fact.objects.count() == 0
    assert not Inbox.objects.get().done


def test_a_delivery_that_a_dead_worker_had_is_taken_up_again(house: House) -> None:
    house.receive(house.shop.pay(house.gives().session_id))
    Inbox.objects.update(next_try=NOW + working.LEASE)
    assert not house.worker.step(NOW)
    assert house.worker.step(NOW + working.LEASE)
    assert Inbox.objects.get().done


def test_deliveries_of_a_provider_that_is_not_set_up_wait(house: House) -> None:
    house.receive(house.shop.pay(house.gives().session_id))
    Inbox.objects.update(provider="paypal", came=NOW.date() - timedelta(days=3))
    house.work()
    counted = open_things(now=NOW)
    assert (counted.deliveries, counted.long_open, counted.is_anything) == (1, 1, True)


def test_when_a_delivery_is_done_no_exact_time_is_left(house: House) -> None:
    house.work(house.shop.pay(house.gives().session_id))
    assert Inbox.objects.get().next_try == datetime(2026, 11, 25, tzinfo=UTC)


# --- Replay ---


def test_a_replay_counts_nothing_twice(house: House) -> None:
    row = house.gives(interval="monthly")
    house.work(house.shop.pay(row.session_id), house.shop.pay(row.session_id))
    assert replay(house.worker, is_all=True, now=NOW) == (2, 0)
    assert replay(house.worker, event_id="evt_1", now=NOW) == (1, 0)
    assert replay(house.worker, now=NOW) == (0, 0)
    assert Fact.objects.count() == 2


def test_a_replay_says_what_still_does_not_work(house: House) -> None:
    house.provider.is_away = True
    house.work(house.shop.pay(house.gives().session_id))
    assert replay(house.worker, now=NOW) == (0, 1)
    house.provider.is_away = False
    assert replay(house.worker, now=NOW) == (1, 0)


# --- The hours ---


def test_bodies_go_after_thirty_days_and_contacts_on_their_day(house: House) -> None:
    contact = a_contact(until=NOW.date() + timedelta(days=31))
    row = house.gives(contact=contact)
    house.work(house.shop.pay(row.session_id))
    working.hourly(house.worker, now=NOW + timedelta(days=30))
    assert Inbox.objects.get().sealed
    assert Contact.objects.exists()
    working.hourly(house.worker, now=NOW + timedelta(days=31))
    delivery = Inbox.objects.get()
    assert (bytes(delivery.sealed), f"{delivery.came}", f"{delivery.next_try:%d %H:%M}") == (
        b"",
        "2026-11-01",
        "01 00:00",
    )
    assert not Contact.objects.exists()
    row.refresh_from_db()
    assert row.contact is None
    assert Fact.objects.count() == 1


def test_the_tally_is_written_every_hour(house: House) -> None:
    hours = Hours(house.worker)
    ReconcileRun.objects.create(provider="practice", began=NOW, since=NOW.date())
    hours.look(NOW)
    assert (house.folder / PLACE).exists()
    (house.folder / PLACE).unlink()
    hours.look(NOW + timedelta(minutes=59))
    assert not (house.folder / PLACE).exists()
    hours.look(NOW + timedelta(minutes=60))
    assert (house.folder / PLACE).exists()


def test_the_press_is_told_which_currencies_each_way_to_pay_takes(house: House) -> None:
    bank = BankProvider(BankKeys(holder="Far Shore Trust", iban="LV80BANK0000435195001", currencies=("USD", "EUR")))
    worker = Worker(house.worker.newsroom, {**house.worker.providers, "bank": bank})
    working.hourly(worker, now=NOW)
    assert json.loads((house.folder / ways.PLACE).read_text()) == {"version": 1, "currencies": {"bank": ["EUR", "USD"]}}
    assert TellTale(house.folder).read().ways.currencies == {"bank": ("EUR", "USD")}
    before = (house.folder / ways.PLACE).stat().st_mtime_ns
    working.hourly(worker, now=NOW)
    assert (house.folder / ways.PLACE).stat().st_mtime_ns == before
    working.hourly(house.worker, now=NOW)
    assert json.loads((house.folder / ways.PLACE).read_text())["currencies"] == {}


def test_each_provider_is_compared_once_a_night(house: House) -> None:
    hours = Hours(house.worker)
    assert hours.due_tonight(NOW) == [house.provider]
    working.nightly(hours.due_tonight(NOW), NOW)
    assert hours.due_tonight(NOW) == []
    assert hours.due_tonight(NOW + timedelta(hours=8)) == []
    assert hours.due_tonight(NOW + timedelta(hours=9)) == [house.provider]


def test_a_provider_that_is_away_keeps_no_other_from_being_compared(house: House) -> None:
    away = House(house.folder).provider
    away.is_away = True
    row = house.gives()
    house.shop.pay(row.session_id)
    working.nightly([away, house.provider], NOW)
    assert Difference.objects.get().kind == "missing_here"


def test_the_hour_is_the_papers(tmp_path: Path) -> None:
    settings = Settings(site=Site(time_zone="Asia/Tokyo"), ledger=Ledger(reconcile_at="04:30"))
    newsroom = Newsroom(folder=tmp_path, settings=settings)
    assert last_hour(newsroom, datetime(2026, 11, 25, 19, 29, tzinfo=UTC)) == datetime(2026, 11, 24, 19, 30, tzinfo=UTC)
    assert last_hour(newsroom, datetime(2026, 11, 25, 19, 30, tzinfo=UTC)) == datetime(2026, 11, 25, 19, 30, tzinfo=UTC)


def test_an_hourly_task_that_fails_stops_no_other_and_no_delivery(
    house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def stumble(**_named: object) -> None:
        raise ValueError("canary@example.org")

    monkeypatch.setattr("stet.ledger.keeping.let_go", stumble)
    working.hourly(house.worker, now=NOW)
    assert (house.folder / PLACE).exists()
    assert "let_go: ValueError" in caplog.text
    assert "canary" not in caplog.text


def test_whoever_is_erased_is_no_contact_any_more(house: House) -> None:
    gone, stays = a_contact("gone@example.org"), a_contact("stays@example.org")
    row = house.gives(interval="monthly", contact=gone)
    house.work(house.shop.pay(row.session_id))
    assert forget([bytes(gone.lookup)]) == 1
    assert list(Contact.objects.values_list("pk", flat=True)) == [stays.pk]
    assert Fact.objects.count() == 1
