"""What the newsroom knows of the paper from its settings: its address, its languages, its clock.

The first language is the paper's own and has no prefix in addresses; the others stand under "/ru/", "/fa/".
"""

from dataclasses import dataclass
from typing import Literal
from zoneinfo import ZoneInfo

from django.conf import settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """The paper's settings, as the text side needs them."""

    base_url: str = "http://127.0.0.1:8000"
    """Canonical address, without a slash at the end."""
    time_zone: str = "UTC"
    """IANA name; dates in addresses and on pages are dates there."""
    languages: tuple[str, ...] = ("en",)
    """BCP 47 codes, the paper's own language first."""
    publisher: str = ""
    contact_email: str = ""
    licence: str = ""
    split_characters: int = 9000
    """An article longer than this is printed in numbered parts. A character of running text weighs about 0.4 B in
    brotli, in Russian as in English; 9,000 of them with a 3 KB photo and the page around them stay below 9,000 B."""
    frontdesk_url: str = ""
    """Where readers sign up, without a slash at the end; empty where the paper has no frontdesk."""
    onion_url: str = ""
    """The paper at its onion address, without a slash at the end; empty where it has none."""
    onion_frontdesk_url: str = ""
    """The frontdesk at that address."""
    budget_bytes: int = 8600
    """The largest size of an HTML sheet in brotli."""
    worker: Literal["pages", "front", "off"] = "pages"
    """What the service worker keeps on readers' devices; "off": there is none."""

    @property
    def zone(self) -> ZoneInfo:
        """The time zone as an object."""
        return ZoneInfo(self.time_zone)

    def onion_form(self, path: str) -> str:
        """Where a form of the frontdesk stands at the onion address; "" where the paper has none."""
        return f"{self.onion_frontdesk_url}{path}" if self.onion_frontdesk_url else ""

    def prefix(self, language: str) -> str:
        """What paths of a language begin with: "" for the paper's own, "/ru" for another."""
        return "" if language == self.languages[0] else f"/{language}"


def current_paper() -> Paper:
    """The paper that this process serves."""
    paper: Paper = settings.STET_PAPER  # type: ignore[misc]  # made at start from stet.toml
    return paper
