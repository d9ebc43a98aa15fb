"""Looking at printed articles with a browser, as `make curtain` and its tests do."""

from pathlib import Path

from playwright.sync_api import Error, Page

from tests.whole.conftest import BROWSER_ARGUMENTS
from tests.whole.serving import HOST

LANGUAGES = ("en", "ru", "fa")
WITHIN_MS = 10_000
IS_SHOWN = """() => {
  const i = document.querySelector("main figure img");
  if (i) i.scrollIntoView();
  return !i || (i.complete && i.naturalWidth > 0);
}"""


def resolving(address: str) -> list[str]:
    """What Chromium is told so that the tests' host is found there, with a certificate that nobody vouches for."""
    return [*BROWSER_ARGUMENTS, "--ignore-certificate-errors", f"--host-resolver-rules=MAP {HOST} {address}"]


def articles(site: Path, language: str) -> list[str]:
    """Addresses of all articles in a language, parts of long ones included."""
    root = site if language == "en" else site / language
    found = [file.parent for year in sorted(root.glob("20[0-9][0-9]")) for file in sorted(year.rglob("index.html"))]
    pages = [folder for folder in found if len(folder.relative_to(root).parts) >= 4]
    return ["/" + page.relative_to(site).as_posix() + "/" for page in pages]


def other_pages(site: Path, language: str) -> list[str]:
    """Addresses of everything else in a language that is a page to look at: fronts, lists, letters, check.html."""
    root = site if language == "en" else site / language
    others = [site / code for code in LANGUAGES if code != "en"] if language == "en" else []
    stories = set(articles(site, language))
    found = []
    for file in sorted(root.rglob("*.html")):
        path = "/" + file.relative_to(site).as_posix().removesuffix("index.html")
        is_page = file.name not in ("mail.html", "verify.html") and not any(file.is_relative_to(one) for one in others)
        if is_page and path not in stories:
            found.append(path)
    return found


def view(page: Page, url: str, *, with_photo: bool = True) -> str:
    """Open a page and look for its end and its lead photo; "" where all is there, else what is missing."""
    try:
        response = page.goto(url, wait_until="load", timeout=WITHIN_MS)
        if response is None or response.status != 200 or not page.locator("footer").count():
            return "no page"
        if with_photo:
            page.wait_for_function(IS_SHOWN, timeout=WITHIN_MS)
    except Error as error:
        return "hung" if "imeout" in str(error) else "refused"
    return ""
