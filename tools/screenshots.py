"""Take the pictures of docs/images from a sample newsroom that runs.

    stet demo demo &
    python tools/screenshots.py --newsroom demo

Needs Chromium (`apt-get install chromium`). Each picture has at most 256 colours and 250 KB.
"""

import argparse
import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

LARGEST_BYTES = 250_000
DESKTOP, PHONE = (1280, 900), (390, 844)
STORY = "/2026/11/20/families-to-appeal-dam-verdict/"
CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """One picture: what of, and how large."""

    name: str
    path: str
    size: tuple[int, int] = DESKTOP
    is_dark: bool = False


PICTURES = (
    Picture(name="front-desktop", path="/"),
    Picture(name="front-dark", path="/", is_dark=True),
    Picture(name="front-phone", path="/", size=PHONE),
    Picture(name="article-phone", path="article:en", size=PHONE),
    Picture(name="article-desktop", path="article:en"),
    Picture(name="article-rtl", path="article:fa"),
    Picture(name="topic-desktop", path="/topics/vel-dam/"),
)


def main() -> None:
    """Take all pictures."""
    asked = arguments()
    sys.path.insert(0, str(Path(__file__).parents[1] / "src"))
    from stet.project.settings import open_newsroom

    newsroom = open_newsroom(asked.newsroom)
    asked.into.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        for picture in PICTURES:
            with a_page(browser, picture.size, is_dark=picture.is_dark) as page:
                page.goto(address(newsroom, picture.path))
                keep(page, asked.into / f"{picture.name}.png")
        with a_page(browser, DESKTOP) as page:
            open_the_desk(page, newsroom)
            keep(page, asked.into / "desk.png")
        browser.close()


def arguments() -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--newsroom", type=Path, default=Path("demo"), metavar="DIR", help="a newsroom that runs")
    parser.add_argument("--into", type=Path, default=Path(__file__).parents[1] / "docs" / "images", metavar="DIR")
    return parser.parse_args()


@contextmanager
def a_page(browser: Browser, size: tuple[int, int], *, is_dark: bool = False) -> Iterator[Page]:
    """A window of this size, with nothing remembered in it."""
    width, height = size
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme="dark" if is_dark else "light", device_scale_factor=1
    )
    try:
        yield context.new_page()
    finally:
        context.close()


def address(newsroom: Any, path: str) -> str:
    """Where a picture's page stands; "article:fa" is the lead story of that language's front."""
    kind, _, language = path.partition(":")
    if kind != "article":
        return f"{newsroom.base_url}{path}"
    return f"{newsroom.base_url}{lead_story(newsroom, language)}"


def lead_story(newsroom: Any, language: str) -> str:
    """The address of the story that leads a language's front."""
    from lxml import html

    prefix = "" if language == newsroom.settings.site.languages[0] else f"/{language}"
    front = html.parse(str(newsroom.site / prefix.lstrip("/") / "index.html"))
    addresses: list[str] = front.xpath("//main//article//a/@href | //main//h2/a/@href")
    return next(found for found in addresses if found.startswith(f"{prefix}/20"))


def open_the_desk(page: Page, newsroom: Any) -> None:
    """Sign in and open the lead story in the editor."""
    password = (newsroom.keys / "desk-password").read_text().strip()
    page.goto(f"{newsroom.desk_url}/login/")
    page.fill("input[name=username]", "editor")
    page.fill("input[name=password]", password)
    page.click("button[type=submit]")
    slug = lead_story(newsroom, newsroom.settings.site.languages[0]).strip("/").rsplit("/", 1)[-1]
    page.goto(f"{newsroom.desk_url}/pages/search/?q={slug.replace('-', '+')}")
    page.locator("a[href*='/edit/']").first.click()
    page.wait_for_load_state("networkidle")


def keep(page: Page, file: Path) -> None:
    """Photograph what the window shows, once its photos are there."""
    page.wait_for_load_state("networkidle")
    page.evaluate(
        "() => Promise.all([...document.images].filter(i => i.loading != 'lazy').map(i => i.decode().catch(() => 0)))"
    )
    with Image.open(io.BytesIO(page.screenshot())) as shot:
        few = shot.convert("RGB").quantize(256, method=Image.Quantize.MAXCOVERAGE)
        few.save(file, "PNG", optimize=True)
    size = file.stat().st_size
    print(f"{file.name}: {size:,} B", file=sys.stderr)
    if size > LARGEST_BYTES:
        sys.exit(f"{file} has {size:,} B; a picture has at most {LARGEST_BYTES:,}.")


if __name__ == "__main__":
    main()
