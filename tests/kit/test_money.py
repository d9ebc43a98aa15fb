"""Amounts are exact: in every currency, from every script, and back."""

from decimal import Decimal

import pytest
from babel.numbers import get_currency_precision
from hypothesis import given
from hypothesis import strategies as st

from stet.kit.errors import RefusedError
from stet.kit.money import (
    EXPONENTS,
    FAULTS,
    SMALLEST,
    AmountRefusedError,
    Money,
    TooExactError,
    exponent,
    format_money,
    largest_charge,
    parse_amount,
    read_decimal,
    smallest_charge,
    step,
    write_decimal,
)

PERSIAN = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")


def fault_of(text: str, currency: str = "USD", language: str = "en") -> str:
    with pytest.raises(AmountRefusedError) as caught:
        parse_amount(text, currency, language)
    return caught.value.fault


def test_all_amounts_from_one_to_a_thousand_are_exact_as_readers_write_them() -> None:
    for minor in range(100, 100_000):
        text = f"{minor // 100}.{minor % 100:02}"
        money = Money(minor, "USD")
        assert parse_amount(text, "USD", "en") == money
        assert parse_amount(text.replace(".", ","), "EUR", "ru").minor == minor
        assert parse_amount(text.replace(".", "٫").translate(PERSIAN), "EUR", "fa").minor == minor
        assert write_decimal(money) == text
        assert read_decimal(text, "USD") == money


@pytest.mark.parametrize("currency", sorted(EXPONENTS))
def test_every_currency_is_exact_to_its_last_digit(currency: str) -> None:
    for minor in range(step(currency), 3_000 * step(currency), step(currency)):
        money = Money(minor, currency)
        text = write_decimal(money)
        assert Decimal(text).scaleb(exponent(currency)) == minor
        assert read_decimal(text, currency) == money
        assert parse_amount(text, currency, "en") == money


@pytest.mark.parametrize("currency", sorted(EXPONENTS))
def test_one_digit_more_than_the_currency_has_is_refused(currency: str) -> None:
    digits = exponent(currency)
    with pytest.raises(TooExactError):
        parse_amount("1٫" + "1" * (digits + 1), currency, "en")
    with pytest.raises(TooExactError):
        read_decimal("1." + "1" * (digits + 1), currency)
    with pytest.raises(TooExactError):
        parse_amount("5.000", "USD", "en")


WRITTEN = {
    "a whole number": ("5", "USD", "en", 500),
    "one digit behind the point": ("2.5", "USD", "en", 250),
    "a comma in Russian": ("2,50", "RUB", "ru", 250),
    "a point in Russian": ("2.50", "RUB", "ru", 250),
    "a comma in English, where it cannot be thousands": ("2,50", "USD", "en", 250),
    "Persian digits": ("۲۵", "EUR", "fa", 2_500),
    "Persian digits and mark": ("۲٫۵", "EUR", "fa", 250),
    "Persian thousands": ("۱٬۲۳۴٫۵۰", "EUR", "fa", 123_450),
    "Persian digits with a Latin comma": ("۲,۵۰", "EUR", "fa", 250),
    "the comma of Persian keyboards": ("۲،۵۰", "EUR", "fa", 250),
    "Arabic digits": ("٢٫٥٠", "EUR", "ar", 250),
    "digits of Hindi": ("२.५०", "INR", "hi", 250),
    "full width": ("１２．５０", "USD", "ja", 1_250),
    "a thin space": ("1\u2009234,50", "EUR", "fr", 123_450),
    "a narrow unbreakable space": ("1\u202f234,50", "EUR", "fr", 123_450),
    "an unbreakable space": ("1\u00a0234", "RUB", "ru", 123_400),
    "an apostrophe": ("1’234.50", "CHF", "de-CH", 123_450),
    "thousands in English": ("1,234", "USD", "en", 123_400),
    "thousands in German": ("1.234", "EUR", "de", 123_400),
    "both marks, English": ("1,234.56", "USD", "ru", 123_456),
    "both marks, German": ("1.234,56", "EUR", "en", 123_456),
    "millions": ("1,234,567", "USD", "de", 123_456_700),
    "the sign before": ("$5", "USD", "en", 500),
    "the sign behind": ("5 €", "EUR", "de", 500),
    "the code": ("5 usd", "USD", "en", 500),
    "the plain sign of another dollar": ("$5", "CAD", "en", 500),
    "marks of direction": ("\u200f۵\u200e", "EUR", "fa", 500),
    "leading zeros": ("007", "USD", "en", 700),
    "yen": ("1,500", "JPY", "en", 1_500),
    "krónur with an empty fraction": ("5.00", "ISK", "en", 500),
    "whole shillings": ("5000", "UGX", "en", 500_000),
    "dinars to the second digit": ("1.23", "KWD", "en", 1_230),
    "dinars with a last zero": ("1.230", "KWD", "en", 1_230),
}


@pytest.mark.parametrize("case", WRITTEN)
def test_an_amount_is_read_as_it_was_meant(case: str) -> None:
    text, currency, language, minor = WRITTEN[case]
    assert parse_amount(text, currency, language) == Money(minor, currency)


REFUSED = {
    "nothing": ("", "USD", "en", "empty"),
    "spaces": (" \u202f ", "USD", "en", "empty"),
    "only a sign": ("$", "USD", "en", "empty"),
    "a word": ("five", "USD", "en", "form"),
    "a minus": ("-5", "USD", "en", "form"),
    "an exponent": ("1e3", "USD", "en", "form"),
    "a fraction sign": ("½", "USD", "en", "form"),
    "infinity": ("Infinity", "USD", "en", "form"),
    "a mark at the end": ("5.", "USD", "en", "form"),
    "a mark at the beginning": (".50", "USD", "en", "form"),
    "two marks together": ("1,,000", "USD", "en", "form"),
    "the sign of another currency": ("€5", "USD", "en", "form"),
    "three digits behind a point that Russian does not know": ("1.234", "RUB", "ru", "unclear"),
    "thousands of dinars, or a fraction": ("1,234", "KWD", "en", "unclear"),
    "groups of two": ("12 34", "USD", "en", "unclear"),
    "groups of mixed marks": ("1,234 567.00", "USD", "en", "unclear"),
    "a group that begins with zero": ("0,123,456", "USD", "en", "unclear"),
    "two points": ("1.23.45", "USD", "en", "unclear"),
    "three digits behind a Russian comma": ("1,234", "RUB", "ru", "exact"),
    "three digits behind an English point": ("1.234", "USD", "en", "exact"),
    "half a yen": ("1.5", "JPY", "en", "exact"),
    "half a króna": ("5.50", "ISK", "en", "exact"),
    "half a shilling": ("5.50", "UGX", "en", "exact"),
    "the last digit of a dinar": ("1.234", "KWD", "en", "exact"),
    "zero": ("0.00", "USD", "en", "zero"),
    "more than fits": ("9" * 16, "USD", "en", "long"),
    "a currency that nobody charges": ("5", "XXX", "en", "currency"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_not_clearly_an_amount_is_refused(case: str) -> None:
    text, currency, language, fault = REFUSED[case]
    assert fault_of(text, currency, language) == fault


def test_a_refusal_can_be_mended_and_repeats_nothing_that_was_typed() -> None:
    with pytest.raises(RefusedError) as caught:
        parse_amount("canary-7391", "USD", "en")
    assert "7391" not in str(caught.value)
    assert all(sentence.endswith(".") for sentence in FAULTS.values())


@given(st.text(max_size=40))
def test_anything_at_all_is_an_amount_or_is_refused(text: str) -> None:
    for language in ("en", "ru", "fa", "tlh"):
        try:
            money = parse_amount(text, "EUR", language)
        except AmountRefusedError:
            continue
        assert money.minor > 0


@given(st.integers(min_value=1, max_value=10**13), st.sampled_from(["en", "ru", "fa", "ar", "de", "fr", "de-CH"]))
def test_what_is_shown_can_be_typed(minor: int, language: str) -> None:
    for currency in ("USD", "EUR", "JPY", "RUB"):
        shown = format_money(Money(minor, currency), language, is_full=minor % 2 == 0)
        assert parse_amount(shown, currency, language) == Money(minor, currency)


SHOWN = {
    "English": (Money(250, "USD"), "en", "US$2.50"),
    "English, large": (Money(123_456_789, "USD"), "en", "US$1,234,567.89"),
    "Russian": (Money(123_450, "EUR"), "ru", "1\u00a0234,50\u00a0€"),
    "Persian": (Money(250, "EUR"), "fa", "\u200e€\u00a0۲٫۵۰"),
    "yen have no fraction": (Money(500, "JPY"), "en", "JP¥500"),
    "dinars have three": (Money(1_230, "KWD"), "en", "KWD\u00a01.230"),
    "whole shillings have none": (Money(500_000, "UGX"), "en", "UGX\u00a05,000"),
    "what should be whole and is not": (Money(550, "ISK"), "en", "ISK\u00a05.50"),
    "CLDR would show no fraction of an afghani": (Money(250, "AFN"), "en", "AFN\u00a02.50"),
    "an unknown language": (Money(250, "USD"), "tlh", "US$2.50"),
}


@pytest.mark.parametrize("case", SHOWN)
def test_an_amount_is_shown_whole(case: str) -> None:
    money, language, shown = SHOWN[case]
    assert format_money(money, language) == shown


def test_a_whole_amount_shows_its_fraction_in_accounts_only() -> None:
    assert format_money(Money(500, "USD"), "en") == "US$5"
    assert format_money(Money(500, "USD"), "en", is_full=True) == "US$5.00"
    assert format_money(Money(550, "USD"), "en") == "US$5.50"
    assert format_money(Money(500_000, "UGX"), "en", is_full=True) == "UGX\u00a05,000"


def test_the_table_is_the_providers_and_not_cldrs() -> None:
    differing = {code for code, digits in EXPONENTS.items() if digits != get_currency_precision(code)}
    assert differing >= {"AFN", "ALL", "ISK", "LAK", "LBP", "MMK", "RSD", "SOS", "STD", "YER", "UGX"}
    assert exponent("HUF") == exponent("TWD") == 2
    assert step("HUF") == step("TWD") == 1
    assert step("ISK") == step("UGX") == 100


def test_smallest_and_largest_charges_are_charges() -> None:
    for currency, minor in SMALLEST.items():
        assert minor % step(currency) == 0
        assert minor < largest_charge(currency)
    assert smallest_charge("USD") == 50
    assert smallest_charge("XCD") is None
    assert largest_charge("USD") == 99_999_999
    assert largest_charge("ISK") == 99_999_900
