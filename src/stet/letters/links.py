"""Where a letter's links lead, as far as that can be told without asking anybody."""

from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.conf import settings

from stet.edition.errors import SheetRefusedError
from stet.edition.sheet import file_path
from stet.letters.addresses import is_mailable_url
from stet.letters.preflight import LinkState
from stet.newsroom.paper import current_paper


def link_state(url: str, *, knows: Callable[[str], bool | None]) -> LinkState:
    """Where an address leads; `knows` tells whether the edition has a path, or None where there is no edition yet."""
    if url.startswith(("mailto:", "tel:")):
        return LinkState.ELSEWHERE
    if not is_mailable_url(url):
        return LinkState.MALFORMED
    parts, ours = urlsplit(url), urlsplit(current_paper().base_url)
    if parts.netloc and parts.netloc != ours.netloc:
        return LinkState.ELSEWHERE
    return LinkState.UNKNOWN if knows(unquote(parts.path) or "/") is False else LinkState.KNOWN


def knows_address(path: str) -> bool | None:
    """Whether the edition has a sheet for this path; None where nothing was printed yet."""
    site = settings.STET.site
    if not (site / "index.html").is_file():
        return None
    # Servers lead from an address without its last slash to the one with it.
    return any(_stands(site, one) for one in ((path,) if path.endswith("/") else (path, f"{path}/")))


def _stands(site: Path, path: str) -> bool:
    try:
        return (site / file_path(path).lstrip("/")).is_file()
    except SheetRefusedError:
        return False
