"""A newsroom that runs: words are marked with who says so; readers open them; a claim that falls falls everywhere."""

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.whole.conftest import Running, SampleNewsroom, until
from tests.whole.test_a_day_at_the_desk import publish, sign_in, text_at

HEADLINE = "Ninety held after the funeral"
SECTION = "Society"
SENTENCE = "Edda Rosling said that ninety people were held in Lomenna."
STORIES = {
    "en": "2026/11/24/dead-at-zelen/",
    "ru": "ru/2026/11/24/pogibshie-v-zeleni/",
    "fa": "fa/2026/11/24/koshtegan-zelen/",
}
FELL = {"en": "withdrawn", "ru": "отозвано", "fa": "پس‌گرفته‌شده"}
FALLEN = "At least 380 of Velmora’s soldiers killed in Drennia are known by name."
NOTE = "Two lists were counted twice."


@pytest.fixture
def desk(running: Running, sample: SampleNewsroom, browser: Browser) -> Page:
    """An editor who is signed in."""
    page = browser.new_context(viewport={"width": 1440, "height": 1000}).new_page()
    page.set_default_timeout(30_000)
    sign_in(page, sample)
    return page


def test_an_editor_takes_what_the_assistant_offers_and_readers_open_it_with_a_script_and_without(
    desk: Page, sample: SampleNewsroom, browser: Browser
) -> None:
    write(desk, sample)
    desk.locator("[data-side-panel-toggle=sourcing]").click()
    panel = desk.locator("[data-stet-sourcing]")
    panel.get_by_role("button", name="Suggest").click()
    panel.locator("[data-stet-offer]").first.wait_for()
    desk.keyboard.press("a")
    form = desk.locator("dialog.stet-drawer [data-stet-form]")
    assert form.locator("[name=chain-0-name]").input_value() == "Edda Rosling"
    form.get_by_role("button", name="Make the claim").click()
    desk.locator("[data-contentpath=body] .stet-claim").first.wait_for()
    # Draftail writes a moment later into the field that is sent.
    desk.wait_for_function("() => document.querySelector('[name=body-0-value]').value.includes('CLAIM')")
    publish(desk)
    until(lambda: HEADLINE in text_at(f"{sample.reader}/society/"), "the story stands in its section")
    for has_script in (True, False):
        reader(browser, sample, has_script=has_script)


def write(page: Page, sample: SampleNewsroom) -> None:
    """Write a story of one sentence and save it."""
    page.goto(f"{sample.desk}/pages/search/?q={SECTION}&content_type=newsroom.sectionpage")
    edit = page.locator("main a[href*='/edit/']", has_text=SECTION).first.get_attribute("href")
    assert edit
    page.goto(f"{sample.desk}/pages/add/newsroom/articlepage/{edit.rstrip('/').rsplit('/', 2)[-2]}/")
    page.fill("[name=title]", HEADLINE)
    page.fill("[name=standfirst]", "The number is a lawmaker's.")
    page.get_by_role("button", name="Insert a block").first.click()
    page.get_by_role("option", name="Text: paragraphs and lists").click()
    words = page.locator(".public-DraftEditor-content[contenteditable=true]").last
    words.click()
    words.press_sequentially(SENTENCE)
    page.wait_for_function("() => document.querySelector('[name=body-0-value]').value.includes('in Lomenna.')")
    page.get_by_role("button", name="Save draft").click()
    page.wait_for_url("**/edit/**")


def reader(browser: Browser, sample: SampleNewsroom, *, has_script: bool) -> None:
    """Read the story, and open who says so."""
    context: BrowserContext = browser.new_context(java_script_enabled=has_script)
    page = context.new_page()
    page.goto(f"{sample.reader}/society/")
    page.get_by_role("link", name=HEADLINE).first.click()
    page.locator("a.claim").first.click()
    shown = page.locator("[popover]:popover-open" if has_script else "li:target")
    expect(shown).to_contain_text("Edda Rosling")
    expect(shown).to_be_visible()
    context.close()


def test_a_claim_that_is_withdrawn_says_so_in_every_story_and_on_its_questions_page(
    desk: Page, sample: SampleNewsroom, browser: Browser
) -> None:
    question = f"{sample.reader}/questions/velmora-soldiers-killed-in-drennia/"
    assert "212–600" in text_at(question)
    assert NOTE not in text_at(question)
    before = {language: words_at(sample, language) for language in FELL}
    until(lambda: is_found(desk, sample), "the desk's search has taken the claim in")
    desk.get_by_role("link", name=FALLEN).first.click()
    desk.get_by_role("link", name="Change status").click()
    desk.select_option("[name=status]", "withdrawn")
    desk.locator("[name^=notes]").first.fill(NOTE)
    desk.get_by_role("button", name="Add this status").click()
    desk.locator(".messages").wait_for()
    until(lambda: NOTE in text_at(question), "the question's page says that the claim was withdrawn")
    for language, count in before.items():
        until(lambda of=language, had=count: words_at(sample, of) > had, f"the story says so in {language}")  # type: ignore[misc]
    until(lambda: FALLEN[:20] in text_at(f"{sample.reader}/corrections/"), "the list of corrections names it")
    page = browser.new_context(viewport={"width": 390, "height": 844}).new_page()
    page.goto(f"{sample.reader}/{STORIES['fa']}")
    assert page.evaluate("getComputedStyle(document.body).direction") == "rtl"
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def is_found(desk: Page, sample: SampleNewsroom) -> bool:
    """Whether the desk's search knows the claim: the worker takes a new paper's claims into it one after the other."""
    desk.goto(f"{sample.desk}/snippets/sourcing/claim/?q=known+by+name")
    return desk.get_by_role("link", name=FALLEN).count() > 0


def words_at(sample: SampleNewsroom, language: str) -> int:
    """How often the story says that something was withdrawn."""
    return text_at(f"{sample.reader}/{STORIES[language]}").count(FELL[language])
