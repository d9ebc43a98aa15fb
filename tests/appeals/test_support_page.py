"""An editor sets up the support page, by the desk's own forms."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from wagtail.models import Page
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from stet.appeals.models import SupportPage
from stet.appeals.models.support import check_label
from stet.appeals.support_sample import lay_support, support_files
from stet.newsroom.models import FrontPage
from tests.press.builders import SmallPaper, a_paper, clear_newsroom
from tests.press.support_builders import BANK, CARD, EUR, USD, a_support_page


def on(method: dict[str, Any]) -> dict[str, Any]:
    """A way to pay as a browser sends it: a box that is not ticked is not there."""
    return {name: "on" if value is True else value for name, value in method.items() if value is not False}


def form(**fields: Any) -> dict[str, Any]:
    """What the desk's form for a support page sends."""
    values = {
        "title": "Support us", "letter": rich_text("<p>Dear reader.</p>"), "pays_for": rich_text(""),
        "other_ways": rich_text(""), "has_once": "on", "has_monthly": "on", "has_annual": "on", "preselected": "once",
        "currencies": streamfield([("currency", USD), ("currency", EUR)]),
        "methods": streamfield([("method", on(CARD)), ("method", on(BANK))]), "warnings": streamfield([]),
        "statement_label": "FAR SHORE COOP", "goal": "", "is_open": "on", "search_description": "",
        "comments": inline_formset([]), "action-publish": "yes", **fields,
    }  # fmt: skip
    return nested_form_data({name: value for name, value in values.items() if value is not None})


def add(desk: Client, paper: SmallPaper, **fields: Any) -> str:
    """Send the form of a new page; answer what the desk says."""
    path = f"/pages/add/appeals/supportpage/{paper.fronts['en'].pk}/"
    return desk.post(path, form(**fields), follow=True).content.decode()


def test_an_editor_sets_up_a_page_and_changes_it(desk: Client, paper: SmallPaper, keys: None) -> None:
    add(desk, paper)

    page = SupportPage.objects.get(live=True)
    assert page.printed_path() == "/support/"
    assert page.intervals == ("once", "monthly", "annual")
    assert desk.get(f"/pages/{page.pk}/edit/").status_code == 200
    desk.post(f"/pages/{page.pk}/edit/", form(title="Give", has_annual=None))
    page.refresh_from_db()
    assert (page.title, page.intervals) == ("Give", ("once", "monthly"))


def test_a_new_form_has_sensible_amounts_in_it(desk: Client, paper: SmallPaper) -> None:
    shown = desk.get(f"/pages/add/appeals/supportpage/{paper.fronts['en'].pk}/").content.decode()

    for word in ("USD", "EUR", "GBP", "JPY", "1500 3000 6000 12000", "10 25 50 100"):
        assert word in shown


def test_a_language_has_one_support_page(desk: Client, paper: SmallPaper) -> None:
    assert SupportPage.can_create_at(paper.fronts["en"])
    a_support_page(paper.fronts["en"])

    assert not SupportPage.can_create_at(FrontPage.objects.get(pk=paper.fronts["en"].pk))
    assert SupportPage.can_create_at(FrontPage.objects.get(pk=paper.fronts["ru"].pk))


REFUSED = {
    "nothing that can be given": (
        {"has_once": None, "has_monthly": None, "has_annual": None},
        "Offer at least one of",
    ),
    "monthly chosen at first and not offered": (
        {"preselected": "monthly", "has_monthly": None},
        "This is not offered. Choose one that is.",
    ),
    "no way to pay monthly": (
        {"methods": streamfield([("method", on(BANK))])},
        "There is no way to pay for something that is offered.",
    ),
    "a bank transfer each month": (
        {"methods": streamfield([("method", on({**BANK, "has_monthly": True})), ("method", on(CARD))])},
        "This one cannot give regularly.",
    ),
    "the same currency twice": (
        {"currencies": streamfield([("currency", USD), ("currency", USD)])},
        "This currency is here already.",
    ),
    "the same way to pay twice": (
        {"methods": streamfield([("method", on(CARD)), ("method", on(CARD))])},
        "Another way to pay has this word already.",
    ),
    "an amount below the smallest": (
        {"currencies": streamfield([("currency", {**USD, "once": "1 10"})])},
        "An amount here is below the smallest or above the largest one.",
    ),
    "a smallest below the provider's": (
        {"currencies": streamfield([("currency", {**USD, "smallest": "0.10"})])},
        "Payment providers take no less than 0.50 here.",
    ),
    "a name that no statement shows": ({"statement_label": "Дальний берег"}, "Banks show 5 to 22 Latin letters"),
    "a country in words": (
        {"warnings": streamfield([("warning", {"country": "xv", "text": "Do not.", "is_refused": "on"})])},
        "Two capital letters.",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_the_desk_refuses(desk: Client, paper: SmallPaper, case: str) -> None:
    fields, sentence = REFUSED[case]

    assert sentence in add(desk, paper, **fields)
    assert not SupportPage.objects.exists()


@pytest.mark.parametrize(
    ("label", "is_fine"),
    [
        ("FAR SHORE COOP", True), ("Far Shore & Co.", True), ("FOUR", False), ("12345", False), ("a" * 23, False),
        ("FAR*SHORE", False), (" FAR SHORE", False), ("FAR SHORE\n", False),
    ],
)  # fmt: skip
def test_a_label_is_one_that_banks_show(label: str, is_fine: bool) -> None:
    try:
        check_label(label)
    except ValidationError:
        assert not is_fine
    else:
        assert is_fine


def test_no_other_page_takes_the_address(desk: Client, paper: SmallPaper) -> None:
    path = f"/pages/add/newsroom/staticpage/{paper.fronts['en'].pk}/"
    fields = {"title": "Support", "slug": "support", "role": "other", "body": streamfield([]), "version": "",
              "version_date": "", "search_description": "", "comments": inline_formset([])}  # fmt: skip

    said = desk.post(path, nested_form_data(fields), follow=True).content.decode()

    assert "This address is used by the paper itself." in said
    assert not Page.objects.filter(slug="support").exists()


# --- The sample ---


def test_the_sample_is_laid_once_in_each_language(db: None) -> None:
    clear_newsroom()
    a_paper(("en", "ru", "fa"))

    assert lay_support() == 3 == len(support_files())
    assert lay_support() == 0
    for page in SupportPage.objects.all():
        page.full_clean()
        for field in ("currencies", "methods", "warnings"):
            stream = getattr(page, field)
            assert stream.stream_block.clean(stream), "What the sample has, the desk would take."


def test_a_paper_in_one_language_gets_one_page(db: None) -> None:
    clear_newsroom()
    a_paper(("en",))

    assert lay_support() == 1
