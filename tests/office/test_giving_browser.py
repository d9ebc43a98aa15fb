"""The pages of money in a browser: every rule of axe, on a phone, in the dark, from right to left.

With a folder in STET_PICTURES each page is photographed there.
"""

import os
import re
import shutil
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import Page, Route, sync_playwright

from stet.ledger.models import Plan
from stet.office import paying
from stet.project.settings import Newsroom
from tests.ledger.builders import House
from tests.office.giving_rows import NOW, a_delivery, a_difference, a_year_of_giving
from tests.office.test_giving_bank import a_statement

pytestmark = pytest.mark.django_db(databases=["default", "readers"])

CHROMIUM = next((found for name in ("chromium", "chromium-browser") if (found := shutil.which(name))), None)
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
HOST = "http://office.example.org"
LOOKS = {
    "desktop": {"language": "en", "width": 1280, "scheme": "light"},
    "phone-dark-fa": {"language": "fa", "width": 360, "scheme": "dark"},
    "phone-ru": {"language": "ru", "width": 360, "scheme": "light", "has_rules": False},
    "desktop-dark-fa": {"language": "fa", "width": 1280, "scheme": "dark", "has_rules": False},
}


@pytest.fixture
def pages(
    finance: Client, newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> dict[tuple[str, str], tuple[str, bytes]]:
    """Every page in every language, by its address: a browser's own loop and the database do not go together."""
    monkeypatch.setattr("stet.office.views.giving.clock", lambda: NOW)
    house = House(newsroom.folder)
    (newsroom.keys / "bank.json").write_text('{"holder": "Far Shore Trust", "iban": "DE02120300000000202051"}')
    uid = a_year_of_giving()
    plan = Plan.objects.filter(provider="practice").exclude(facts__kind="ended").order_by("pk")[5]
    for n in range(3):
        a_delivery(why_open=("ProviderAwayError", "ProviderRefusedError", "KeyError")[n])
    for changes in ({}, {"kind": "missing_there"}, {"kind": "missing_here", "mended": True}):
        a_difference(**changes)
    a_difference(settled_by="lada", settled_as="elsewhere")
    row = house.gives(minor=2500)
    house.work(house.shop.pay(row.session_id))
    paying._MADE.clear()
    paying.providers()["practice"] = house.provider  # beside the bank
    refund = f"/giving/payments/{row.facts.get().pk}/refund/"
    looked_at = {
        "month": "/giving/", "plans": "/giving/plans/", "appeals": "/giving/appeals/", "find": "/giving/find/",
        "deliveries": "/giving/deliveries/", "comparisons": "/giving/comparisons/", "bank": "/giving/bank/",
        "contribution": f"/giving/contributions/{uid}/", "plan": f"/giving/plans/{plan.uid}/", "refund": refund,
        "end": f"/giving/plans/{plan.uid}/end/",
    }  # fmt: skip
    found = {}
    for language in ("en", "ru", "fa"):
        spoken = {"accept-language": language}
        for name, path in looked_at.items():
            found[name, language] = (path, finance.get(path, headers=spoken).content)
        sent = {"how": "part", "amount": "5", "reason": "asked", "left": "2500"}
        found["refund-sure", language] = (refund, finance.post(refund, sent, headers=spoken).content)
        entries = a_statement(("B1", "12.00", "for you"), ("B2", "-80.00", "rent"))
        report = finance.post("/giving/bank/", {"statement": entries}, headers=spoken)
        found["bank-report", language] = ("/giving/bank/", report.content)
        fault = finance.post("/giving/find/", {"number": "nothing"}, headers=spoken)
        found["find-nothing", language] = ("/giving/find/", fault.content)
        found["refused", language] = ("/readers/", finance.get("/readers/", headers=spoken).content)
    assert len({content for _path, content in found.values()}) == len(found)
    style = re.search(r'href="(/style-[0-9a-f]+\.css)"', found["month", "en"][1].decode())
    assert style
    found["style", ""] = (style[1], finance.get(style[1]).content)
    return found


def test_every_page_of_money_passes_axe_and_fits_a_phone(pages: dict[tuple[str, str], tuple[str, bytes]]) -> None:
    assert CHROMIUM, "These tests need Chromium. Run: sudo apt-get install -y chromium"
    wrong: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        for look, values in LOOKS.items():
            context = browser.new_context(
                viewport={"width": values["width"], "height": 800},
                color_scheme=values["scheme"],  # type: ignore[arg-type]
            )
            page = context.new_page()
            for (name, language), (path, content) in pages.items():
                if language == values["language"]:
                    open_page(page, path, content, pages["style", ""])
                    wrong += [
                        f"{look} {name}: {fault}"
                        for fault in faults(page, has_rules=bool(values.get("has_rules", True)))
                    ]
                    photograph(page, f"{name}-{look}")
            context.close()
        browser.close()
    assert not wrong, "\n".join(wrong)


def open_page(page: Page, path: str, content: bytes, style: tuple[str, bytes]) -> None:
    """Show a page that was made before; nothing is loaded but the style sheet."""

    def answer(route: Route) -> None:
        asked = route.request.url.removeprefix(HOST)
        if asked == path:
            route.fulfill(body=content, content_type="text/html; charset=utf-8")
        elif asked == style[0]:
            route.fulfill(body=style[1], content_type="text/css; charset=utf-8")
        else:
            route.abort()

    page.unroute_all()
    page.route("**/*", answer)
    page.goto(f"{HOST}{path}")


def faults(page: Page, *, has_rules: bool) -> list[str]:
    """What axe finds, and whether a page is wider than its window."""
    violations = Axe().run(page).response["violations"] if has_rules else []
    found = [f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in violations]
    if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
        found.append("wider than its window")
    return found


def photograph(page: Page, name: str) -> None:
    if folder := os.environ.get("STET_PICTURES"):
        page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)
