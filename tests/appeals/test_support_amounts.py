"""Amounts as editors type them, and what is refused in a currency."""

from typing import Any

import pytest

from stet.appeals.currencies import MINIMA, SUGGESTIONS, minor_of, minors_of, written
from stet.appeals.support_blocks import CurrencyBlock, faults_of, first_currencies
from stet.kit.money import exponent

AMOUNTS = {
    "whole dollars": ("2", "USD", 200),
    "dollars and cents": ("2.50", "USD", 250),
    "one digit behind the point": ("2.5", "USD", 250),
    "yen, which have no cents": ("300", "JPY", 300),
    "a fraction of a yen": ("300.5", "JPY", None),
    "a tenth of a cent": ("2.505", "USD", None),
    "a comma, which parts amounts here": ("2,50", "USD", None),
    "nothing": ("0", "USD", None),
    "less than nothing": ("-2", "USD", None),
    "a word": ("two", "USD", None),
    "a number of another notation": ("1e3", "USD", None),
    "other digits, which a machine may read otherwise": ("۲", "USD", None),
    "more than there is": ("9999999999999", "USD", None),
}


@pytest.mark.parametrize("case", AMOUNTS)
def test_an_amount_is_read_to_the_cent(case: str) -> None:
    text, currency, minor = AMOUNTS[case]

    assert minor_of(text, currency) == minor


def test_a_line_of_amounts_is_parted_as_people_part_them() -> None:
    assert minors_of(" 5, 10;25  50.5 ", "EUR") == (500, 1000, 2500, 5050)
    assert minors_of("", "EUR") == ()
    assert minors_of("5 ten", "EUR") is None


@pytest.mark.parametrize("currency", MINIMA)
def test_what_is_written_is_read_as_the_same(currency: str) -> None:
    for minor in (MINIMA[currency], MINIMA[currency] + 1, 10 ** exponent(currency) * 7):
        assert minor_of(written(minor, currency), currency) == minor


def test_a_new_page_offers_what_it_may() -> None:
    first = {values["currency"]: values for _kind, values in first_currencies()}

    assert list(first) == ["USD", "EUR", "GBP", "JPY"]
    assert (first["USD"]["smallest"], minor_of(first["USD"]["smallest"], "USD")) == ("2", 200)
    assert exponent("JPY") == 0
    for suggestion in SUGGESTIONS:
        assert faults_of(first[suggestion.currency]) == {}
        assert CurrencyBlock().clean(CurrencyBlock().to_python(first[suggestion.currency]))


def a_currency(**changes: str) -> dict[str, Any]:
    return {
        "currency": "USD", "smallest": "2", "largest": "1000", "once": "10 25", "monthly": "5", "annual": "", **changes
    }  # fmt: skip


FAULTS = {
    "a smallest amount that providers do not take": (a_currency(smallest="0.49"), {"smallest"}),
    "the least that they take": (a_currency(smallest="0.50"), set()),
    "a largest below the smallest": (a_currency(largest="1"), {"largest"}),
    "an amount below the smallest": (a_currency(monthly="1 5"), {"monthly"}),
    "an amount above the largest": (a_currency(once="10 1001"), {"once"}),
    "the same amount twice": (a_currency(once="10 10.00"), {"once"}),
    "seven amounts": (a_currency(once="10 20 30 40 50 60 70"), {"once"}),
    "words": (a_currency(annual="many"), {"annual"}),
    "cents of a yen": (a_currency(currency="JPY", smallest="300.50", largest="1000"), {"smallest"}),
    "no suggestion, only the other amount": (a_currency(once="", monthly="", annual=""), set()),
}


@pytest.mark.parametrize("case", FAULTS)
def test_the_desk_refuses_amounts_that_nobody_could_give(case: str) -> None:
    value, fields = FAULTS[case]

    assert set(faults_of(value)) == fields
