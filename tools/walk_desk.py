"""Walk through a story's first day at the desk in a browser, and take the pictures of docs/how-to/first-story.md.

    python tools/walk_desk.py

A sample newsroom is made in a folder of its own and runs. A reporter writes a story, gives it a photo with its credit
and sends it for review; a publisher looks at the checklists, approves, corrects the story and kills it; a reader looks
on. Needs Chromium (`apt-get install chromium`). Nothing is kept but the pictures.
"""

import argparse
import io
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from PIL import Image, ImageOps  # noqa: E402 - the path comes first
from playwright.sync_api import Browser, Page, sync_playwright  # noqa: E402 - the path comes first
from tools.desk.newsroom import SAMPLE, running  # noqa: E402 - the path comes first
from tools.screenshots import ARGUMENTS, CHROMIUM, DESKTOP, keep  # noqa: E402 - the path comes first

HEADLINE = "The ferry to Vel runs again"
SECTION = "Society"
WRONG, RIGHT = "It carries forty people a day.", "It carries fourteen people a day, not forty."
REASON = "The ferry does not run. We were told so by somebody who was not there."
PEOPLE = {"ines": "reporter", "olga": "publisher"}
PATIENCE_MS = 60_000

Picture = Callable[[Page, str], None]


def main() -> None:
    """Walk, and take a picture of each step."""
    asked = arguments()
    asked.into.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="stet-walk-") as place, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        with running(Path(place) / "paper", PEOPLE) as newsroom:
            walk(
                browser, desk=newsroom.desk, reader=newsroom.reader, passwords=newsroom.passwords,
                picture=lambda page, name: keep(page, asked.into / f"{name}.png"),
            )  # fmt: skip
        browser.close()


def arguments() -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--into", type=Path, default=ROOT / "docs" / "images" / "first-story", metavar="DIR")
    return parser.parse_args()


def walk(browser: Browser, *, desk: str, reader: str, passwords: dict[str, str], picture: Picture) -> str:
    """The whole day; the address at which the story stood. A step that the desk does not take ends it with an error."""
    ines = signed_in(browser, desk, "ines", passwords["ines"])
    picture(ines, "1-home")
    write(ines, desk)
    picture(ines, "2-write")
    give_a_photo(ines, picture)
    send_for_review(ines)
    picture(ines, "4-sent")
    edit = ines.url
    olga = signed_in(browser, desk, "olga", passwords["olga"])
    approve(olga, edit, picture)
    address = printed_at(olga, edit, reader)
    onlooker = tab(browser)
    read(onlooker, address, "forty people")
    picture(onlooker, "6-printed")
    correct(olga, edit)
    picture(olga, "7-correction")
    publish(olga)
    read(onlooker, address, RIGHT)
    onlooker.get_by_text(RIGHT).first.scroll_into_view_if_needed()
    picture(onlooker, "8-corrected")
    kill(olga, edit, picture)
    read(onlooker, address, REASON)
    picture(onlooker, "10-withdrawn")
    for page in (ines, olga, onlooker):
        page.context.close()
    return address


def tab(browser: Browser) -> Page:
    """A window of its own."""
    page = browser.new_context(viewport={"width": DESKTOP[0], "height": DESKTOP[1]}).new_page()
    page.set_default_timeout(PATIENCE_MS)
    return page


def signed_in(browser: Browser, desk: str, name: str, password: str) -> Page:
    """Somebody at the desk."""
    page = tab(browser)
    page.goto(f"{desk}/login/")
    page.fill("input[name=username]", name)
    page.fill("input[name=password]", password)
    page.click("button[type=submit]")
    page.wait_for_url(f"{desk}/")
    return page


# --- The reporter ---


def write(page: Page, desk: str) -> None:
    """A headline, a standfirst, a sentence."""
    page.goto(f"{desk}/pages/search/?q={SECTION}&content_type=newsroom.sectionpage")
    place = page.locator("main tr", has_text=SECTION).locator("a[href*='/pages/']").last.get_attribute("href") or ""
    section = next(part for part in place.split("/") if part.isdecimal())
    page.goto(f"{desk}/pages/add/newsroom/articlepage/{section}/")
    page.fill("[name=title]", HEADLINE)
    page.fill("[name=standfirst]", "After nine years the boat is back in the water.")
    page.get_by_role("button", name="Insert a block").first.click()
    page.get_by_role("option", name="Text: paragraphs and lists").click()
    words = page.locator(".public-DraftEditor-content[contenteditable=true]").last
    words.click()
    words.press_sequentially(WRONG)
    page.wait_for_function(
        "said => document.querySelector('[name=body-0-value]').value.includes(said)", arg=WRONG[-10:]
    )
    page.locator("[name=title]").scroll_into_view_if_needed()


def give_a_photo(page: Page, picture: Picture) -> None:
    """Upload one; the desk asks for what is to be seen and who took it."""
    page.get_by_role("button", name="Choose an image").first.click()
    dialogue = page.locator(".modal-dialog")
    dialogue.get_by_role("tab", name="Upload").click()
    file = dialogue.locator("input[type=file]")
    file.set_input_files({"name": "ferry.jpg", "mimeType": "image/jpeg", "buffer": a_photo()})
    form = dialogue.locator("form", has=page.locator("input[type=file]"))
    form.locator("[name$=title]").fill("The ferry")
    form.locator("[name$=description]").fill("A boat at a wooden landing")
    form.locator("[name$=credit]").fill("Ada Moor / The Far Shore")
    picture(page, "3-photo")
    form.locator("[type=submit]").click()
    dialogue.wait_for(state="detached")


def a_photo() -> bytes:
    """One of the sample's, as a camera's file; the other way round, or the desk would say that it is there already."""
    body = io.BytesIO()
    with Image.open(SAMPLE / "photos" / "ferry.webp") as image:
        ImageOps.mirror(image.convert("RGB")).save(body, "JPEG", quality=90)
    return body.getvalue()


def send_for_review(page: Page) -> None:
    """Submit the story to the desk."""
    from_footer(page, "Submit to")
    page.locator(".messages").get_by_text("submitted for moderation").first.wait_for()
    if "/edit/" not in page.url:
        page.get_by_role("link", name=HEADLINE).first.click()
        page.wait_for_url("**/edit/**")


# --- The publisher ---


def approve(page: Page, edit: str, picture: Picture) -> None:
    """Approve at each step: the desk, the copy desk, publishing."""
    for step in range(3):
        page.goto(edit)
        from_footer(page, "approve")
        dialogue = page.locator(".modal-dialog")
        dialogue.locator("form, .help-warning").first.wait_for()
        for box in dialogue.locator("input[type=checkbox]").all():
            box.check()
        if step == 1:
            picture(page, "5-checklist")
        dialogue.locator("button[type=submit]").click()
        page.locator(".messages").get_by_text("has been").first.wait_for()


def correct(page: Page, edit: str) -> None:
    """Mend the sentence, and say so."""
    page.goto(edit)
    words = page.locator("[data-contentpath=body] .public-DraftEditor-content[contenteditable=true]").first
    words.click()
    page.keyboard.press("Control+a")
    words.press_sequentially(RIGHT.split(",")[0] + ".")
    page.get_by_role("button", name="Add Correction").click()
    note = page.locator("[id^=inline_child_corrections] .public-DraftEditor-content[contenteditable=true]").last
    note.click()
    note.press_sequentially(RIGHT)
    page.wait_for_function("() => document.querySelector('[name=corrections-0-text]').value.includes('not forty')")
    note.scroll_into_view_if_needed()


def publish(page: Page) -> None:
    """Press publish and wait until the desk says so."""
    from_footer(page, "Publish")
    page.locator(".messages").get_by_text("published").first.wait_for()


def kill(page: Page, edit: str, picture: Picture) -> None:
    """Withdraw it at once, with a reason."""
    page.goto(edit)
    page.locator("header button[aria-label=Actions]").first.click()
    page.get_by_role("link", name="Kill").click()
    page.locator("[name^=reason_]").first.fill(REASON)
    picture(page, "9-kill")
    page.get_by_role("button", name="Kill it now").click()
    page.wait_for_url("**/killed/")


def from_footer(page: Page, words: str) -> None:
    """Press a button of the menu at the foot of the form."""
    page.locator("footer [data-w-dropdown-target=toggle]").click()
    page.locator(
        "footer [role=menu] button, footer .w-dropdown__content button, footer button", has_text=words
    ).last.click()


# --- The reader ---


def printed_at(page: Page, edit: str, reader: str) -> str:
    """Where the story stands in the paper."""
    page.goto(edit)
    live = page.locator(f"a[href^='{reader}/20']").first.get_attribute("href")
    return str(live)


def read(page: Page, address: str, words: str) -> None:
    """Look at the story until it says something."""
    end = time.monotonic() + PATIENCE_MS / 1000
    while True:
        answer = page.goto(address)
        if answer is not None and answer.ok and words in page.locator("main").inner_text():
            return
        if time.monotonic() > end:
            raise TimeoutError(f"The reader does not see: {words}")
        page.wait_for_timeout(200)


if __name__ == "__main__":
    main()
