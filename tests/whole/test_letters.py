"""A letter, from the form on a printed page to the reader's mailbox and out of the list again, in a browser.

The newsroom is the sample with its lists, and a mail server of its own in which mails arrive.
"""

import re
import urllib.error
import urllib.parse
import urllib.request
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from stet.project.settings import Newsroom
from tests.whole.conftest import until

SUBJECT = "The lanterns, and what else happened"
LIST_PATH = "/letters/the-week/"
READER = "ada@example.org"


def text_at(url: str) -> str:
    """What a reader gets; nothing where there is no page."""
    try:
        with urllib.request.urlopen(url, timeout=30) as answer:
            return str(answer.read().decode())
    except urllib.error.HTTPError:
        return ""


def password(newsroom: Newsroom) -> str:
    """The editor's, at the desk and at the office."""
    return (newsroom.keys / "desk-password").read_text().strip()


def test_a_letter_from_sign_up_to_leaving(up: Newsroom, browser: Browser) -> None:
    until(lambda: f'action="{up.frontdesk_url}' in text_at(up.base_url + LIST_PATH), "the list's page has its form")
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(30_000)
    reader, office, desk = context.new_page(), context.new_page(), context.new_page()
    sign_in_at_office(office, up)
    join(reader, up)
    confirm(reader, newest_link(office, up, "confirm"))
    sign_in_at_desk(desk, up)
    write_and_schedule(desk, up)
    # While the letter waits for its minute
    these_pages_of_the_office_are_fit_for_use(office, up, browser, paths=WITHOUT_THE_LETTER)
    account_balances(office, up)
    mail = read_it(office, up)
    leave(reader, mail)
    leaving_again_by_one_click_is_well(mail)
    these_pages_of_the_office_are_fit_for_use(office, up, browser, paths=[*WITH_THE_LETTER, *of_the_letter(office, up)])
    context.close()


def join(page: Page, newsroom: Newsroom) -> None:
    """Sign up on the list's printed page."""
    page.goto(newsroom.base_url + LIST_PATH)
    page.fill("main [name=email]", READER)
    page.locator("main form").get_by_role("button", name="Sign up").click()
    page.get_by_role("heading", name="Look into your mailbox").wait_for()


def confirm(page: Page, link: str) -> None:
    """Open the link; only its button confirms."""
    page.goto(link)
    page.get_by_role("button", name="Yes, send it to me").click()
    page.get_by_role("heading", name="You are signed up: The Week").wait_for()


def sign_in_at_office(page: Page, newsroom: Newsroom) -> None:
    page.goto(f"{newsroom.office_url}/")
    page.fill("[name=username]", "editor")
    page.fill("[name=password]", password(newsroom))
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("heading", name="Now").wait_for()


def newest_link(page: Page, newsroom: Newsroom, purpose: str) -> str:
    """The link for `purpose` in the newest mail of the mailbox, once there is one."""
    links: list[str] = []

    def look() -> bool:
        page.goto(f"{newsroom.office_url}/mailbox/")
        mails = page.locator(".mails a", has_text=READER)
        if mails.count():
            mails.first.click()
            found = page.locator(f"pre a[href*='/{purpose}/']")
            links.extend([found.first.get_attribute("href") or ""] if found.count() else [])
        return bool(links)

    until(look, f"a mail with a link to {purpose} is in the mailbox")
    return links[-1]


def sign_in_at_desk(page: Page, newsroom: Newsroom) -> None:
    page.goto(f"{newsroom.desk_url}/login/")
    page.fill("input[name=username]", "editor")
    page.fill("input[name=password]", password(newsroom))
    page.click("button[type=submit]")
    page.wait_for_url(f"{newsroom.desk_url}/")


def write_and_schedule(page: Page, newsroom: Newsroom) -> None:
    """Gather a letter, change it, set its moment to the next minute, and publish it."""
    page.goto(f"{newsroom.desk_url}/letters/")
    week = page.locator(".stet-list").filter(has=page.get_by_role("link", name="The Week", exact=True))
    week.get_by_role("button", name="Write a letter").click()
    page.wait_for_url("**/edit/**")
    assert "gathered below" in page.locator(".messages").inner_text()
    page.fill("[name=title]", SUBJECT)
    page.fill("[name=preheader]", "Hand-picked, for one reader")
    page.locator("[name=is_local]").uncheck(force=True)
    soon = datetime.now(ZoneInfo(newsroom.settings.site.time_zone)) + timedelta(seconds=80)
    page.fill("[name=due_date]", f"{soon:%Y-%m-%d}")
    page.fill("[name=due_time]", f"{soon:%H:%M}")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="More actions").click()
    page.get_by_role("button", name="Publish", exact=True).click()
    page.locator(".messages").get_by_text("published").first.wait_for()


def account_balances(page: Page, newsroom: Newsroom) -> None:
    """Watch the dispatch until it is finished, and look at its account."""

    def is_finished() -> bool:
        page.goto(f"{newsroom.office_url}/letters/")
        return page.locator("tr", has_text=SUBJECT).filter(has_text="Finished").count() > 0

    until(is_finished, "the letter went out", within_seconds=300)  # it waits for its minute first
    page.get_by_role("link", name=SUBJECT).click()
    said = re.sub(r"\s+", " ", page.locator("main").inner_text())
    assert "Planned 1 Candidates 1" in said
    assert "Accepted by the mail server 1" in said
    assert "Both sides balance." in said


def read_it(page: Page, newsroom: Newsroom) -> str:
    """The letter in the mailbox as a reader sees it; answers the raw mail."""
    page.goto(f"{newsroom.office_url}/mailbox/")
    page.locator(".mails a", has_text=READER).filter(has_text=SUBJECT).first.click()
    page.frame_locator("iframe").get_by_text("The Week").first.wait_for()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.reload()
    page.wait_for_load_state("networkidle")
    foreign = [url for url in asked if not url.startswith((newsroom.office_url, "data:"))]
    assert foreign == [], "Opening a letter asks nobody for anything."
    raw = page.request.get(f"{page.url}raw/").body().decode()
    assert re.search(rf"(?m)^To: .*{re.escape(READER)}", raw)
    return raw


def unsubscribe_link(mail: str) -> str:
    """The https link of List-Unsubscribe."""
    unfolded = re.sub(r"\r?\n[ \t]+", " ", mail)
    found = re.search(r"(?im)^List-Unsubscribe: .*?<(https?://[^>]+)>", unfolded)
    assert found
    assert re.search(r"(?im)^List-Unsubscribe-Post: List-Unsubscribe=One-Click", unfolded)
    return found[1]


def leave(page: Page, mail: str) -> None:
    """By the link and its button; the link alone does nothing."""
    page.goto(unsubscribe_link(mail))
    page.locator("main").get_by_role("button").first.click()
    page.wait_for_load_state()
    assert page.locator("main form [value='One-Click']").count() == 0


def leaving_again_by_one_click_is_well(mail: str) -> None:
    """As a mail program does it (RFC 8058): a POST without cookie, answered without a redirect."""
    body = urllib.parse.urlencode({"List-Unsubscribe": "One-Click"}).encode()
    request = urllib.request.Request(unsubscribe_link(mail), data=body, method="POST")
    with urllib.request.build_opener(NoRedirect).open(request, timeout=30) as answer:
        assert answer.status == 200
        assert "Set-Cookie" not in answer.headers


class NoRedirect(urllib.request.HTTPRedirectHandler):
    """Follows nothing: a redirect is an error here."""

    def redirect_request(self, *_: object) -> None:
        return None


LOOKS: dict[str, dict[str, Any]] = {
    "light, on a desktop": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "light"},
    "dark, on a phone, from right to left": {
        "viewport": {"width": 320, "height": 640}, "color_scheme": "dark", "locale": "fa",
    },
}  # fmt: skip


WITH_THE_LETTER = ["/", "/letters/", "/mailbox/"]
WITHOUT_THE_LETTER = ["/readers/", "/returns/", "/mail-check/", "/nowhere/", "/sign-in/"]
"""Pages of the office that tell of a letter which went out, and the others."""


def of_the_letter(signed_in: Page, newsroom: Newsroom) -> list[str]:
    """The letter's own page, and its mail's."""
    paths = []
    for listing, link in (("/letters/", "tbody a"), ("/mailbox/", ".mails a")):
        signed_in.goto(newsroom.office_url + listing)
        paths.append(signed_in.locator(link).first.get_attribute("href") or "")
    return paths


def these_pages_of_the_office_are_fit_for_use(
    signed_in: Page, newsroom: Newsroom, browser: Browser, *, paths: list[str]
) -> None:
    """Axe finds nothing, and nothing is wider than the smallest phone, on each kind of page, however it looks."""
    axe, found = Axe(), set()
    for look, options in LOOKS.items():
        context = browser.new_context(**options, storage_state=signed_in.context.storage_state())
        page = context.new_page()
        for path in paths:
            if path == "/sign-in/":
                context.clear_cookies()
            page.goto(newsroom.office_url + path, wait_until="load")
            for violation in axe.run(page).response["violations"]:
                found.add((look, path, violation["id"], violation["nodes"][0]["html"][:120]))
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                found.add((look, path, "too wide", ""))
            if path == "/sign-in/":
                context.add_cookies(signed_in.context.cookies())  # type: ignore[arg-type]
        context.close()
    assert found == set()


def test_nothing_of_the_mails_stays_in_the_desks_database(up: Newsroom) -> None:
    for file in Path(up.folder / "data").glob("newsroom.sqlite3*"):
        assert READER.encode() not in file.read_bytes(), file.name
