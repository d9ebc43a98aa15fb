"""A newsroom that runs: an editor writes in a browser, a reader sees it; Ctrl-C ends everything."""

import urllib.error
import urllib.request

from playwright.sync_api import Browser, Page
from tools.walk_desk import PEOPLE, walk

from tests.whole.conftest import SOURCE, Running, SampleNewsroom, stet, until

HEADLINE = "Lomenna counts its lanterns"
SECTION = "Culture"


def text_at(url: str) -> str:
    """What a reader gets; nothing where there is no page."""
    try:
        with urllib.request.urlopen(url, timeout=30) as answer:
            return str(answer.read().decode())
    except urllib.error.HTTPError:
        return ""


def test_an_editor_publishes_a_story_and_a_reader_sees_it(
    running: Running, sample: SampleNewsroom, browser: Browser
) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.set_default_timeout(30_000)
    sign_in(page, sample)
    write(page, sample)
    edit = page.url
    publish(page)
    until(lambda: HEADLINE in text_at(f"{sample.reader}/culture/"), "the story stands in its section")
    reader = context.new_page()
    reader.goto(f"{sample.reader}/culture/")
    reader.get_by_role("link", name=HEADLINE).first.click()
    assert reader.locator("h1").inner_text() == HEADLINE
    assert "Four hundred and eleven" in reader.locator("main").inner_text()
    assert HEADLINE in text_at(f"{sample.reader}/rss.xml")
    unpublish(page, edit)
    until(lambda: HEADLINE not in text_at(f"{sample.reader}/culture/"), "the story is gone from its section")
    assert "The lanterns were counted twice." in text_at(reader.url)
    context.close()


def test_a_storys_first_day_goes_as_the_walk_in_the_docs(
    running: Running, sample: SampleNewsroom, browser: Browser
) -> None:
    paper, passwords = str(running.newsroom.folder), {}
    for name, role in PEOPLE.items():
        said = stet("user", "create", name, "--role", role, "-n", paper).stdout
        passwords[name] = said.split("password ", 1)[1].split()[0]
    pictures: list[str] = []
    address = walk(
        browser, desk=sample.desk, reader=sample.reader, passwords=passwords,
        picture=lambda _page, name: pictures.append(name),
    )  # fmt: skip
    told = (SOURCE.parent / "docs" / "how-to" / "first-story.md").read_text()
    assert [name for name in pictures if f"first-story/{name}.png" not in told] == []
    assert len(pictures) == told.count("first-story/")
    assert text_at(f"{sample.reader}/corrections/")
    assert address.startswith(f"{sample.reader}/20")


def sign_in(page: Page, sample: SampleNewsroom) -> None:
    """Sign in at the desk."""
    page.goto(f"{sample.desk}/login/")
    page.fill("input[name=username]", "editor")
    page.fill("input[name=password]", sample.password)
    page.click("button[type=submit]")
    page.wait_for_url(f"{sample.desk}/")


def write(page: Page, sample: SampleNewsroom) -> None:
    """Find the section and write a story of two sentences."""
    page.goto(f"{sample.desk}/pages/search/?q={SECTION}&content_type=newsroom.sectionpage")
    edit = page.locator("main a[href*='/edit/']", has_text=SECTION).first.get_attribute("href")
    assert edit
    section = edit.rstrip("/").rsplit("/", 2)[-2]
    page.goto(f"{sample.desk}/pages/add/newsroom/articlepage/{section}/")
    page.fill("[name=title]", HEADLINE)
    page.fill("[name=standfirst]", "The harbour lit them for one night.")
    page.get_by_role("button", name="Insert a block").first.click()
    page.get_by_role("option", name="Text: paragraphs and lists").click()
    words = page.locator(".public-DraftEditor-content[contenteditable=true]").last
    words.click()
    words.press_sequentially("Four hundred and eleven lanterns burned on the quay.")
    page.wait_for_function("() => document.querySelector('[name=body-0-value]').value.includes('the quay.')")
    page.get_by_role("button", name="Save draft").click()
    page.wait_for_url("**/edit/**")


def publish(page: Page) -> None:
    """Press publish and wait until the desk says so."""
    page.get_by_role("button", name="More actions").click()
    page.get_by_role("button", name="Publish", exact=True).click()
    page.locator(".messages").get_by_text("published").first.wait_for()


def unpublish(page: Page, edit: str) -> None:
    """Withdraw the story with a word to readers."""
    number = edit.split("/edit/")[0].rsplit("/", 1)[-1]
    desk = "/".join(page.url.split("/")[:3])
    page.goto(f"{desk}/pages/{number}/unpublish/")
    page.fill("[name=withdrawal_reason]", "The lanterns were counted twice.")
    page.get_by_role("button", name="Yes, unpublish").click()
    page.locator(".messages").get_by_text("unpublished").first.wait_for()
