"""The support page and the notice in its place, as the theme sets them."""

import re

import pytest
from msgspec.structs import replace

from stet.theme.copy import CountryWarning, GiveMethod, Ticker
from stet.theme.formats import currency_name, money, territory
from stet.theme.setting import Theme, load_theme
from tests.theme.builders import a_site, a_support_notice, a_support_page, some_currencies

LANGUAGES = ("en", "ru", "fa")
FIELDS = [
    "interval",
    "currency",
    "campaign",
    "website",
    *["amount"] * 5,
    "other",
    "method",
    "method",
    "email",
    "receipts",
]
HOSTILE = "<script>alert(1)</script>\"' onload=x"


@pytest.fixture(scope="module")
def theme() -> Theme:
    return load_theme()


def main_of(html: str) -> str:
    return html.partition("<main")[2].partition("</main>")[0]


def forms(html: str) -> list[str]:
    return re.findall(r'<form method="post" action="[^"]*/give">.*?</form>', html, re.S)


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_form_has_the_fields_that_the_frontdesk_takes(theme: Theme, language: str) -> None:
    found = forms(theme.set_page(a_support_page(language)).decode())

    assert len(found) == 9
    assert re.findall(r' name="(\w+)"', found[0]) == FIELDS


def test_every_choice_has_a_name_of_its_own(theme: Theme) -> None:
    html = theme.set_page(a_support_page()).decode()

    marks = re.findall(r' id="([^"]+)"', html)
    assert len(marks) == len(set(marks))
    assert set(re.findall(r' for="([^"]+)"', html)) <= set(marks)


def test_no_amount_is_chosen_and_no_box_is_ticked(theme: Theme) -> None:
    html = theme.set_page(a_support_page()).decode()

    checked = re.findall(r"<input [^>]*checked[^>]*>", html)
    assert all('name="method"' in one or 'id="' in one for one in checked)
    assert not [one for one in checked if "amount" in one or "checkbox" in one]


@pytest.mark.parametrize("interval", ["once", "monthly", "annual"])
def test_the_interval_that_the_editors_chose_is_open(theme: Theme, interval: str) -> None:
    html = theme.set_page(a_support_page(preselected=interval)).decode()  # type: ignore[arg-type]

    assert re.findall(r'id="(\w+)-(\w+)" checked', html) == [(code, interval) for code in ("USD", "EUR", "JPY")]


def test_an_interval_that_a_page_lacks_is_not_open(theme: Theme) -> None:
    only_once = tuple(replace(one, forms=one.forms[:1]) for one in some_currencies())

    html = theme.set_page(a_support_page(preselected="monthly", currencies=only_once)).decode()

    assert 'id="USD-once" checked' in html


def test_one_way_to_pay_is_said_and_not_asked(theme: Theme) -> None:
    html = theme.set_page(a_support_page()).decode()
    monthly = forms(html)[1]

    assert '<input type="hidden" name="method" value="card">' in monthly
    assert "How you pay: <b>Card</b>" in monthly


def test_a_currency_without_fractions_asks_for_whole_numbers(theme: Theme) -> None:
    found = forms(theme.set_page(a_support_page()).decode())

    assert 'inputmode="decimal"' in found[0]
    assert 'inputmode="numeric"' in found[6]
    assert "Amount in JPY, at least JP¥300" in found[6]


def test_a_closed_page_has_no_form_and_no_reminder(theme: Theme) -> None:
    html = main_of(theme.set_page(a_support_page(currencies=())).decode())

    assert "Nothing can be given here at the moment." in html
    assert "<form" not in html
    assert 'id="later"' not in html


def test_the_way_back_on_this_device_waits_for_a_script(theme: Theme) -> None:
    html = theme.set_page(a_support_page()).decode()

    assert "<p data-stet-remind>" in html
    assert "@media (scripting:none){[data-stet-remind]{display:none}}" in html
    assert html.count("<script>1</script>") == 1
    assert re.findall(r'<button type="button" data-later="1">(.*?)</button>', html) == ["Ask me again in 4 weeks"]


def test_all_that_leaves_a_trace_on_the_device_leaves_that_of_the_same_weeks(theme: Theme) -> None:
    html = theme.set_page(a_support_page(quiet_weeks=6)).decode()

    assert re.findall(r'<section class="(\w+)"[^>]* data-weeks="(\d+)"', html) == [("give", "6"), ("later", "6")]
    assert "Ask me again in 6 weeks" in html


def test_a_ticker_without_a_goal_has_no_bar(theme: Theme) -> None:
    html = theme.set_page(a_support_page("fa", ticker=Ticker(supporters=1240, goal=None))).decode()

    assert "۱٬۲۴۰" in html or "۱,۲۴۰" in html
    assert "<progress" not in html


def test_a_ticker_beyond_its_goal_fills_the_bar(theme: Theme) -> None:
    html = theme.set_page(a_support_page(ticker=Ticker(supporters=5000, goal=3000))).decode()

    assert '<progress max="3000" value="3000"' in html


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_warning_without_words_has_the_themes(theme: Theme, language: str) -> None:
    html = theme.set_page(a_support_page(language, warnings=(CountryWarning(country="NZ", text=""),))).decode()

    assert territory("NZ", language=language) in html
    assert 0 < html.index(territory("NZ", language=language)) < html.index("<form")


def test_a_notice_asks_for_nothing(theme: Theme) -> None:
    html = main_of(theme.set_page(a_support_notice(country="XV", paragraphs=())).decode())

    assert "<form" not in html
    assert "Please do not give us money" in html
    assert "where many of our readers live" in html


def test_hostile_words_come_out_escaped(theme: Theme) -> None:
    method = GiveMethod(key="card", name=HOSTILE, note=HOSTILE)
    currencies = tuple(
        replace(one, forms=tuple(replace(form, methods=(method,)) for form in one.forms)) for one in some_currencies()
    )
    page = a_support_page(
        heading=HOSTILE, label=HOSTILE, currencies=currencies, warnings=(CountryWarning(country="XV", text=HOSTILE),)
    )

    assert "<script>alert" not in theme.set_page(page).decode()
    assert "<script>alert" not in theme.set_page(a_support_notice(paragraphs=(HOSTILE,))).decode()


def test_nothing_leads_to_giving_where_nothing_is_asked(theme: Theme) -> None:
    html = theme.set_page(a_support_notice(site=a_site(support_path=None))).decode()

    assert "Support us" not in html


def test_money_is_written_as_the_language_writes_it() -> None:
    assert money(1000, currency="USD", language="en") == "US$10"
    assert money(250, currency="EUR", language="ru") == "2,50\xa0€"
    assert "۱٬۵۰۰" in money(1500, currency="JPY", language="fa")
    assert currency_name("USD", language="ru") == "доллар США"
    assert territory("XV", language="en") == ""
