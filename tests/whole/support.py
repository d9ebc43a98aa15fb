"""What a person does to give, step by step, on a newsroom that runs: on its pages, its provider's and its office's."""

import re
import urllib.parse
import urllib.request
from dataclasses import dataclass

from playwright.sync_api import Browser, BrowserContext, Page

from stet.project.settings import Newsroom
from tests.whole.conftest import until

PREFIXES = {"en": "", "ru": "/ru", "fa": "/fa"}
SUBMIT = "section.give form:visible button[type=submit]"
PAID, DECLINED, DEBIT = "card", "decline", "debit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Gift:
    """What somebody chooses on the support page. `other` is typed as it stands here."""

    language: str = "en"
    currency: str = "USD"
    interval: str = "once"
    minor: int | None = None
    other: str = ""
    method: str = "card"
    email: str = ""


def a_reader(browser: Browser, **options: object) -> BrowserContext:
    """A browser of one's own, with nothing in it."""
    context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})  # type: ignore[arg-type]
    context.set_default_timeout(30_000)
    return context


def support_url(newsroom: Newsroom, language: str = "en") -> str:
    return f"{newsroom.base_url}{PREFIXES[language]}/support/"


def fill_in(page: Page, newsroom: Newsroom, gift: Gift) -> None:
    """Fill in the printed form, by its labels as a person does."""
    page.goto(support_url(newsroom, gift.language))
    page.locator(f"label[for='{gift.currency}-']").click()
    page.locator(f"label[for='{gift.currency}-{gift.interval}']").click()
    form = page.locator("section.give form:visible")
    assert form.count() == 1, "One form is seen: that of the chosen currency and interval."
    if gift.other:
        form.locator(f"label[for='{gift.currency}{gift.interval}']").click()
        form.locator("[name=other]").fill(gift.other)
    else:
        chosen = form.locator(f"[name=amount][value='{gift.minor}']").get_attribute("id")
        form.locator(f"label[for='{chosen}']").click()
    if form.locator("[name=method][type=radio]").count():
        form.locator(f"[name=method][value={gift.method}]").check()
    if gift.email:
        form.locator("[name=email]").fill(gift.email)
        form.locator("[name=receipts]").check()


def go_to_pay(page: Page, newsroom: Newsroom, gift: Gift) -> str:
    """From the printed form to the provider's page; answers the provider's number of it."""
    fill_in(page, newsroom, gift)
    page.locator(SUBMIT).click()
    return session_of(page, newsroom)


def session_of(page: Page, newsroom: Newsroom) -> str:
    """The provider's number, once its page is there."""
    page.wait_for_url(f"{newsroom.settings.ledger.practice}/c/pay/**")
    return page.url.partition("/c/pay/")[2].partition("?")[0]


def pay(page: Page, newsroom: Newsroom, how: str = PAID) -> None:
    """Press a button of the provider's page; one that pays leads back to our thanks."""
    page.locator(f"button[name=how][value={how}]").click()
    page.wait_for_url("**?declined" if how == DECLINED else f"{newsroom.frontdesk_url}/*/thanks")


def give(page: Page, newsroom: Newsroom, gift: Gift) -> str:
    """The whole way; answers the provider's number."""
    number = go_to_pay(page, newsroom, gift)
    pay(page, newsroom)
    return number


# --- The provider's counter ---


def happens(newsroom: Newsroom, act: str, **form: str) -> None:
    """Make something happen at the provider, as the buttons of its counter do."""
    data = urllib.parse.urlencode(form).encode()
    with urllib.request.urlopen(f"{newsroom.settings.ledger.practice}/practice/{act}", data, timeout=30) as answer:
        assert answer.status == 200


# --- The office ---


def password(newsroom: Newsroom) -> str:
    return (newsroom.keys / "desk-password").read_text().strip()


def sign_in_at_office(page: Page, newsroom: Newsroom) -> None:
    page.goto(f"{newsroom.office_url}/")
    page.fill("[name=username]", "editor")
    page.fill("[name=password]", password(newsroom))
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("heading", name="Now").wait_for()


def look_up(page: Page, newsroom: Newsroom, number: str) -> str:
    """What the office tells of the contribution or plan with a number."""
    page.goto(f"{newsroom.office_url}/giving/find/")
    page.fill("[name=number]", number)
    page.get_by_role("button", name="Look for it").click()
    return words(page)


def is_booked(page: Page, newsroom: Newsroom, number: str, *said: str) -> None:
    """Wait until the office tells all of this of a number: deliveries are worked off within seconds."""

    def tells() -> bool:
        told = look_up(page, newsroom, number)
        return all(one in told for one in said)

    until(tells, f"the office says {', '.join(said)}")


def words(page: Page) -> str:
    """The page's text, with plain spaces, and without marks of direction."""
    return re.sub(r"[\u2066-\u2069\u200e\u200f]", "", re.sub(r"\s+", " ", page.locator("main").inner_text()))


# --- The mailbox ---


def mail_to(page: Page, newsroom: Newsroom, address: str, purpose: str) -> str:
    """The link for `purpose` in a mail to `address`, once there is one; the page shows the mail."""
    found: list[str] = []

    def look() -> bool:
        page.goto(f"{newsroom.office_url}/mailbox/")
        paths = [one.get_attribute("href") for one in page.locator(".mails a", has_text=address).all()]
        for path in paths:
            page.goto(f"{newsroom.office_url}{path}")
            link = page.locator(f"pre a[href*='/{purpose}/']")
            if link.count():
                found.append(link.first.get_attribute("href") or "")
                return True
        return False

    until(look, f"a mail with a link for {purpose} is in the mailbox")
    return found[-1]
