"""What leaves the ledger: the books, and the tally. Neither says who gave."""

import csv
import io
import json
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stet.kit.money import Money
from stet.ledger import tally
from stet.ledger.exporting import export_facts, export_plans
from stet.ledger.models import Fact
from tests.ledger.builders import NOW, OPENER, House, a_contact
from tests.ledger.shop import NOVEMBER

pytestmark = pytest.mark.django_db(databases=["readers"])


def exported(write, **options: object) -> list[dict[str, str]]:
    file = io.StringIO()
    count = write(file, **options)
    lines = list(csv.DictReader(io.StringIO(file.getvalue())))
    assert len(lines) == count
    return lines


# --- The books ---


def test_facts_leave_as_decimals_and_months(house: House) -> None:
    row = house.gives(minor=250, currency="EUR", campaign="spring-b", contact=a_contact())
    house.work(house.shop.pay(row.session_id))
    house.work(house.shop.give_back(f"ch_{row.uid.hex}_1", Money(50, "EUR")))
    paid, back = exported(export_facts)
    assert (paid["month"], paid["kind"], paid["amount"], paid["currency"]) == ("2026-11", "settled", "2.50", "EUR")
    assert (paid["campaign"], paid["contribution"], paid["plan"]) == ("spring-b", str(row.uid), "")
    assert (back["kind"], back["amount"], back["of"]) == ("refunded", "0.50", paid["provider_id"])


def test_no_address_is_in_an_export_that_was_not_asked_for_it(house: House) -> None:
    row = house.gives(interval="monthly", contact=a_contact("canary7391@example.org"))
    house.work(house.shop.pay(row.session_id))
    for write in (export_facts, export_plans):
        assert "canary" not in json.dumps(exported(write))
    [plan] = exported(export_plans, opener=OPENER)
    assert plan["address"] == "canary7391@example.org"
    assert (plan["status"], plan["amount"], plan["customer_id"]) == ("running", "5.00", f"cus_{row.uid.hex}")


def test_facts_of_some_months_are_exported(house: House) -> None:
    for month in (10, 11, 12):
        house.shop.month = date(2026, month, 1)
        house.work(house.shop.pay(house.gives().session_id))
    assert [one["month"] for one in exported(export_facts, since=date(2026, 11, 5))] == ["2026-11", "2026-12"]
    assert [one["month"] for one in exported(export_facts, until=date(2026, 11, 1))] == ["2026-10", "2026-11"]


# --- The tally ---


def give(house: House, count: int, minor: int = 1_000, **changes: object) -> None:
    for _number in range(count):
        house.work(house.shop.pay(house.gives(minor=minor, **changes).session_id))


def test_fewer_than_ten_people_are_not_told(house: House) -> None:
    give(house, 9)
    told = tally.write(house.folder, NOW)
    assert (told.supporters, told.by_currency) == (None, {})
    give(house, 1, currency="EUR")
    told = tally.write(house.folder, NOW)
    assert (told.supporters, told.by_currency) == (10, {})


def test_a_tally_is_rounded_down(house: House) -> None:
    give(house, 14, minor=1_234)
    give(house, 12, minor=999, currency="EUR")
    told = tally.write(house.folder, NOW)
    assert told.supporters == 20
    assert told.by_currency == {"EUR": 11_000, "USD": 17_000}
    file = json.loads((house.folder / tally.PLACE).read_text())
    assert (file["version"], file["month"], file["supporters"]) == (1, "2026-11", 20)


def test_who_gives_twice_by_one_plan_is_one_person(house: House) -> None:
    row = house.gives(interval="monthly")
    house.work(*(house.shop.pay(row.session_id) for _number in range(12)))
    assert tally.write(house.folder, NOW).supporters is None


def test_a_tally_tells_of_its_month_and_of_what_is_still_here(house: House) -> None:
    house.shop.month = date(2026, 10, 1)
    give(house, 10)
    assert tally.count(NOW).supporters is None
    house.shop.month = NOVEMBER
    give(house, 11)
    payment = Fact.objects.filter(month=NOVEMBER).order_by("pk")[0]
    house.work(house.shop.give_back(payment.provider_id, Money(1_000, "USD")))
    told = tally.count(NOW)
    assert (told.supporters, told.by_currency) == (10, {"USD": 10_000})


def test_within_a_day_no_number_falls(house: House) -> None:
    give(house, 10)
    tally.write(house.folder, NOW)
    payment = Fact.objects.order_by("pk")[0]
    house.work(house.shop.dispute(payment.provider_id))
    assert tally.write(house.folder, NOW + timedelta(hours=3)).supporters == 10
    tomorrow = tally.write(house.folder, NOW + timedelta(days=1))
    assert (tomorrow.supporters, tomorrow.by_currency) == (None, {})


def test_a_tally_that_does_not_change_leaves_the_file_alone(house: House) -> None:
    give(house, 10)
    tally.write(house.folder, NOW)
    before = (house.folder / tally.PLACE).stat()
    tally.write(house.folder, NOW)
    after = (house.folder / tally.PLACE).stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)
    (house.folder / tally.PLACE).write_text("{")
    assert tally.write(house.folder, NOW).supporters == 10


@given(st.integers(min_value=0, max_value=10**12))
def test_rounding_never_adds_and_takes_less_than_a_tenth(number: int) -> None:
    down = tally.rounded(number)
    assert 0 <= number - down < max(10, number // 10 + 1)
    assert down % 10 == 0


def test_a_new_month_begins_anew(house: House) -> None:
    give(house, 10)
    tally.write(house.folder, NOW)
    december = datetime(2026, 12, 1, tzinfo=UTC)
    assert tally.write(house.folder, december).month == "2026-12"
    assert tally.read(house.folder).supporters is None
