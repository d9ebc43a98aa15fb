"""Giving is printed: the support pages, the ways there, and what the private wing reads of them."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import brotli
import pytest
from django.conf import settings

from stet.appeals.models import Campaign, SupportPage
from stet.ledger.printed import Amounts, Method, read_support
from stet.press import preview
from stet.press.preview import preview_page
from stet.press.support_rows import currency_rows
from tests.press.appeal_builders import an_appeal
from tests.press.builders import NOON, House, SmallPaper, an_article
from tests.press.support_builders import (
    BANK,
    CARD,
    EUR,
    JPY,
    USD,
    a_support_page,
    currencies,
    methods,
    tell,
    warnings,
)

FRONTDESK = "https://join.example.org"


@pytest.fixture(autouse=True)
def _frontdesk() -> Iterator[None]:
    """A paper that can take something from readers."""
    before = settings.STET_PAPER
    settings.STET_PAPER = replace(before, frontdesk_url=FRONTDESK)
    yield
    settings.STET_PAPER = before


def hidden(page: str, name: str) -> list[str]:
    return re.findall(rf'name="{name}" value="([^"]*)"', page)


# --- The page ---


def test_a_support_page_is_a_form_for_each_currency_and_interval(house: House, paper: SmallPaper) -> None:
    a_support_page(paper.fronts["en"])
    house.print()

    page = house.page("/support/")
    assert page.count(f'<form method="post" action="{FRONTDESK}/en/give">') == 9
    assert hidden(page, "interval") == ["once", "monthly", "annual"] * 3
    assert hidden(page, "currency") == ["USD"] * 3 + ["EUR"] * 3 + ["JPY"] * 3
    assert [v for v in hidden(page, "amount") if v != "other"][:3] == ["1000", "2500", "5000"]
    assert "1250" in hidden(page, "amount"), "Twelve and a half euros are 1,250 cents."
    assert "1500" in hidden(page, "amount"), "Yen have no cents."
    assert house.check().ok
    assert house.verify() == []


def test_a_way_to_pay_is_offered_where_it_can_do_it(house: House, paper: SmallPaper) -> None:
    a_support_page(paper.fronts["en"], currencies=currencies(USD))
    house.print()

    assert hidden(house.page("/support/"), "method") == ["card", "bank", "card", "card"]


def test_what_no_way_to_pay_can_do_is_not_offered(house: House, paper: SmallPaper) -> None:
    a_support_page(paper.fronts["en"], currencies=currencies(USD))
    SupportPage.objects.update(
        methods=SupportPage(methods=methods(BANK)).methods
    )  # A script: the desk would have refused it.
    house.print()

    assert hidden(house.page("/support/"), "interval") == ["once"]
    assert read_support(house.site).languages["en"].intervals == ("once",)


def test_all_pages_lead_to_it_while_readers_can_give(house: House, paper: SmallPaper) -> None:
    an_article(paper.sections["en"][0], "flood")
    page = a_support_page(paper.fronts["en"])
    house.print()
    assert house.page("/").count('href="/support/"') == 2
    assert house.page("/2026/03/01/flood/").count('href="/support/"') == 2
    assert "/support/" not in house.page("/ru/")

    page.is_open = False
    page.save_revision().publish()
    house.print()

    assert "/support/" not in house.page("/")
    assert "Nothing can be given here at the moment." in house.page("/support/")
    assert "<form" not in house.page("/support/").partition("<main")[2].partition("</main>")[0]
    assert not read_support(house.site).languages["en"].is_open
    assert house.check().ok


def test_without_a_frontdesk_nothing_is_asked(house: House, paper: SmallPaper) -> None:
    settings.STET_PAPER = replace(settings.STET_PAPER, frontdesk_url="")
    a_support_page(paper.fronts["en"])
    house.print()

    assert "<form" not in house.page("/support/")
    assert "/support/" not in house.page("/")


def test_a_page_of_eight_currencies_is_within_the_budget(house: House, paper: SmallPaper) -> None:
    eight = [{**USD, "currency": code} for code in ("USD", "EUR", "GBP", "CHF", "CAD", "AUD", "NZD")]
    a_support_page(
        paper.fronts["ru"], currencies=currencies(*eight, JPY), letter="<p>Дорогие читатели, помогите.</p>" * 12,
        warnings=warnings("XV", "XW"),
    )  # fmt: skip
    house.print()

    page = house.page("/ru/support/")
    assert page.count("/ru/give") == 24
    assert len(brotli.compress(page.encode(), quality=11)) <= 9_000


def test_a_currency_that_a_script_spoiled_is_left_out(house: House, paper: SmallPaper) -> None:
    a_support_page(paper.fronts["en"], currencies=currencies({**USD, "once": "ten"}, EUR))
    house.print()

    assert set(hidden(house.page("/support/"), "currency")) == {"EUR"}


def test_what_is_no_block_is_passed_over() -> None:
    assert currency_rows([{"type": "currency", "value": "USD"}, {"type": "other"}]) == ()


def test_the_warning_stands_before_the_form(house: House, paper: SmallPaper) -> None:
    a_support_page(paper.fronts["en"], warnings=warnings("XV"))
    house.print()

    page = house.page("/support/")
    assert 0 < page.index("Danger in XV.") < page.index("<form")


def test_a_draft_is_not_printed_and_can_be_looked_at(
    house: House, paper: SmallPaper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preview, "_workplace", lambda: house.place)
    page = a_support_page(paper.fronts["en"], live=False, letter="<p>Not yet.</p>")
    house.print()

    assert not house.has("/support/")
    assert not house.has("/support/support.json")
    draft = SupportPage.objects.get(pk=page.pk)
    shown = preview_page(draft).decode()
    assert "Not yet." in shown
    assert shown.count("/en/give") == 9


# --- What the private wing tells ---


def test_the_ticker_follows_the_tally(house: House, paper: SmallPaper) -> None:
    a_support_page(paper.fronts["en"], has_ticker=True, goal=2_000)
    a_support_page(paper.fronts["ru"])
    house.print()
    assert "Readers who gave" not in house.page("/support/")

    tell(house.folder, "tally", {"version": 1, "month": "2026-02", "supporters": 1240, "by_currency": {"USD": 1}})
    outcome = house.print()

    assert "Readers who gave this month: about 1,240" in house.page("/support/")
    assert '<progress max="2000" value="1240"' in house.page("/support/")
    assert "1,240" not in house.page("/ru/support/").replace("\xa0", ",")
    assert outcome.written == 1
    assert house.check().ok

    tell(house.folder, "tally", {"version": 1, "month": "2026-03", "supporters": None, "by_currency": {}})
    house.print()
    assert "Readers who gave" not in house.page("/support/")


def test_a_tally_that_cannot_be_read_changes_nothing(house: House, paper: SmallPaper) -> None:
    a_support_page(paper.fronts["en"], has_ticker=True)
    tell(house.folder, "tally", {"supporters": 1240})
    house.print()

    (house.folder / "data" / "tally.json").write_text("{")
    house.print()

    assert "1,240" in house.page("/support/")


def test_a_language_that_was_stopped_shows_a_notice_and_nothing_leads_there(house: House, paper: SmallPaper) -> None:
    for front in paper.fronts.values():
        a_support_page(front)
    house.print()
    notice = {"ru": "Мы больше ничего не принимаем.\n\nСпасибо."}
    tell(
        house.folder,
        "designation",
        {
            "version": 1,
            "designations": [
                {"country": "XV", "languages": ["ru"], "asking": "closed", "month": "2026-03", "notices": notice}
            ],
        },
    )

    house.print()

    assert "<p>Мы больше ничего не принимаем.</p>\n<p>Спасибо.</p>" in house.page("/ru/support/")
    assert "/ru/give" not in house.page("/ru/support/")
    assert "/ru/support/" not in house.page("/ru/")
    assert "Giving us money is a crime in some countries." in house.page("/support/"), "The others are warned."
    told = read_support(house.site)
    assert (told.languages["ru"].is_open, told.languages["en"].is_open) == (False, True)
    assert told.refused_countries == ("XV",)
    assert house.check().ok
    assert house.verify() == []


def test_a_language_that_is_only_warned_keeps_its_form(house: House, paper: SmallPaper) -> None:
    a_support_page(paper.fronts["en"])
    stopped = {"country": "XV", "languages": ["en"], "asking": "warning", "notices": {"en": "It is a crime now."}}
    tell(house.folder, "designation", {"version": 1, "designations": [stopped]})
    house.print()

    page = house.page("/support/")
    assert 0 < page.index("It is a crime now.") < page.index("<form")
    assert read_support(house.site).languages["en"].is_open
    assert read_support(house.site).refused_countries == ("XV",)


def test_a_notice_without_words_of_its_own_has_the_themes(house: House, paper: SmallPaper) -> None:
    a_support_page(paper.fronts["en"])
    tell(house.folder, "designation", {"version": 1, "designations": [{"country": "NZ", "languages": ["en"]}]})
    house.print()

    assert "Giving us money has become a crime in New Zealand." in house.page("/support/")


# --- What the private wing reads ---


def test_the_ledger_reads_all_that_can_be_given(house: House, paper: SmallPaper) -> None:
    a_support_page(paper.fronts["en"], warnings=warnings("XW", "XV"))
    a_support_page(
        paper.fronts["ru"], currencies=currencies(JPY), methods=methods(CARD), has_annual=False,
        statement_label="ANOTHER NAME", warnings=warnings("XX", is_refused=False),
    )  # fmt: skip
    house.print()

    told = read_support(house.site)

    assert told.label == "FAR SHORE COOP"
    assert told.refused_countries == ("XV", "XW")
    english, russian = told.languages["en"], told.languages["ru"]
    assert (english.name, english.direction, english.path) == ("Paper en", "ltr", "/support/")
    assert (english.shell, english.front_path) == ("/letters/answer/index.html", "/")
    assert english.amounts[0] == Amounts(
        currency="USD", smallest=200, largest=1_000_000, once=(1000, 2500, 5000), monthly=(500, 1000, 2000),
        annual=(5000, 10000),
    )  # fmt: skip
    assert english.methods[1] == Method(
        key="bank", provider="bank", intervals=("once",), currencies=("USD", "EUR", "JPY")
    )
    assert (russian.intervals, russian.path) == (("once", "monthly"), "/ru/support/")
    assert russian.amounts[0].smallest == 300
    assert "FAR SHORE COOP" in house.page("/ru/support/"), "One name stands on all statements."


def test_a_way_to_pay_is_offered_in_the_currencies_that_its_provider_takes(house: House, paper: SmallPaper) -> None:
    a_support_page(paper.fronts["en"])
    house.print()
    assert house.page("/support/").count("Bank transfer") == 3
    tell(house.folder, "ways", {"version": 1, "currencies": {"bank": ["EUR"]}})
    house.print()

    page = house.page("/support/")
    forms = re.findall(r"<form[^>]*/give.*?</form>", page, re.DOTALL)
    with_bank = [re.findall(r'name="currency" value="(...)"', form) for form in forms if "Bank transfer" in form]
    assert with_bank == [["EUR"]]
    told = {one.key: one for one in read_support(house.site).languages["en"].methods}
    assert (told["bank"].currencies, told["card"].currencies) == (("EUR",), ("USD", "EUR", "JPY"))
    assert house.check().ok


def test_a_currency_that_no_way_to_pay_takes_is_not_offered(house: House, paper: SmallPaper) -> None:
    a_support_page(paper.fronts["en"])
    tell(house.folder, "ways", {"version": 1, "currencies": {"bank": ["EUR"], "practice": ["EUR", "USD"]}})
    house.print()

    assert set(hidden(house.page("/support/"), "currency")) == {"EUR", "USD"}
    told = read_support(house.site).languages["en"]
    assert [amounts.currency for amounts in told.amounts] == ["USD", "EUR"]
    tell(house.folder, "ways", {"version": 1, "currencies": {"bank": [], "practice": []}})
    house.print()
    assert "<form" not in house.page("/support/").partition("Remind")[0]
    assert read_support(house.site).languages["en"].methods == ()
    assert house.check().ok


def test_what_can_be_given_is_told_after_it_is_printed(house: House, paper: SmallPaper) -> None:
    page = a_support_page(paper.fronts["en"])
    house.print()
    page.currencies = currencies(EUR)
    page.save_revision().publish()
    house.now += timedelta(minutes=1)
    house.print()

    assert [amounts.currency for amounts in read_support(house.site).languages["en"].amounts] == ["EUR"]
    assert set(hidden(house.page("/support/"), "currency")) == {"EUR"}
    assert house.check().ok


def test_a_paper_without_a_support_page_tells_nothing(house: House, paper: SmallPaper) -> None:
    house.print()

    assert not house.has("/support/support.json")
    assert house.check().ok


# --- What gifts are counted under ---


def test_the_codes_of_appeals_are_known_for_a_year_after_their_last_day(house: House, paper: SmallPaper) -> None:
    a_support_page(paper.fronts["en"])
    appeal = an_appeal(paper, "spring", words=("One", "Two"))
    an_appeal(paper, "summer", language="ru")
    house.print()
    assert read_support(house.site).campaigns == ("spring-a", "spring-b", "summer-a")

    appeal.delete()
    Campaign.objects.filter(code="spring-a").update(last_day=house.now.date())
    Campaign.objects.filter(code="spring-b").update(last_day=house.now.date() - timedelta(days=10))
    house.print()
    assert read_support(house.site).campaigns == ("spring-a", "spring-b", "summer-a"), "A page may have been saved."
    assert house.check().ok

    for days, campaigns in (
        (356, ("spring-a", "spring-b", "summer-a")),
        (357, ("spring-a", "summer-a")),
        (366, ("spring-a", "summer-a")),
        (367, ("summer-a",)),
    ):
        house.now = NOON + timedelta(days=1 + days)
        house.print()
        assert read_support(house.site).campaigns == campaigns, days
        assert house.check().ok, days


def test_a_code_that_is_used_again_is_known_for_good(house: House, paper: SmallPaper) -> None:
    a_support_page(paper.fronts["en"])
    an_appeal(paper, "spring").delete()
    an_appeal(paper, "spring")
    Campaign.objects.update(last_day=house.now.date() - timedelta(days=1000))
    house.print()
    assert read_support(house.site).campaigns == ("spring-a",)


def test_an_appeal_without_amounts_leads_to_the_support_page_under_its_code(house: House, paper: SmallPaper) -> None:
    a_support_page(paper.fronts["en"])
    an_article(paper.sections["en"][0], "flood")
    an_appeal(paper, "spring", words=("One", "Two"), has_amounts=False)
    house.print()

    page = house.page("/2026/03/01/flood/")
    assert re.findall(r'href="(/support/#[^"]*)"', page) == ["/support/#from=spring-a", "/support/#from=spring-b"]
    assert '<form class="give"' not in page
