"""A frontdesk with keys and printed sheets of its own, asked as a browser, a scanner or a mailbox provider asks."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from stet.frontdesk import desk
from stet.frontdesk.desk import Desk, the_desk
from stet.frontdesk.limits import Limits
from stet.frontdesk.pressure import Pressure, Watch
from stet.frontdesk.tokens import Tokens
from stet.kit.clock import FixedClock
from stet.ledger.giving import outcomes_since
from stet.project.founding import reader_key_files
from stet.project.settings import Frontdesk, Newsroom, Settings, Site
from stet.readers import joining
from stet.readers.joining import Wish
from stet.readers.keys import make_reader_keys
from stet.readers.models import Notice, Reader
from tests.frontdesk.paying import put_support, tills
from tests.readers.builders import WORDING, an_address, put_lists

PAPER, OWN = "https://example.org", "https://letters.example.org"
SHELL = """<!doctype html>
<html lang="{language}" dir="{direction}">
<head>
<meta charset="utf-8">
<!--stet:base-->
<title><!--stet:title--></title>
<style>body{{font:1rem serif}}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the text</a>
<header>SHELL-OF-{language}</header>
<main id="main"><div class="answer">
<!--stet:answer-->
</div></main>
<!--stet-page {{"key":"0123456789abcdef","sig":"AAAA"}}--></body>
</html>
"""


def a_newsroom(folder: Path, *, own_url: str = OWN) -> Newsroom:
    site = Site(base_url=PAPER, languages=("en", "ru", "fa"), contact_email="letters@example.org")
    newsroom = Newsroom(folder=folder, settings=Settings(site=site, frontdesk=Frontdesk(base_url=own_url)))
    newsroom.keys.mkdir(parents=True)
    make_reader_keys(reader_key_files(newsroom))
    return newsroom


def put_shells(site: Path) -> None:
    for code, direction in {"en": "ltr", "ru": "ltr", "fa": "rtl"}.items():
        file = site / ("" if code == "en" else code) / "letters" / "answer" / "index.html"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(SHELL.format(language=code, direction=direction))


@pytest.fixture
def newsroom(tmp_path: Path, settings: Any) -> Newsroom:
    """The frontdesk's own settings, as its process has them: no middleware, its own addresses."""
    newsroom = a_newsroom(tmp_path / "paper")
    put_lists(newsroom.site)
    put_shells(newsroom.site)
    settings.STET = newsroom
    settings.ROOT_URLCONF = "stet.frontdesk.urls"
    settings.MIDDLEWARE = []
    settings.ALLOWED_HOSTS = ["testserver"]
    return newsroom


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(datetime(2026, 11, 25, 20, 17, 43, tzinfo=UTC))


@dataclass
class Ticks:
    """Seconds that pass when a test lets them."""

    now: float = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def ticks() -> Ticks:
    return Ticks()


@pytest.fixture
def the(newsroom: Newsroom, clock: FixedClock, ticks: Ticks, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """The desk that answers, with a clock that stands, and two ways to pay."""
    desk._desk_of.cache_clear()
    pressure = Pressure(ticks)
    standing = replace(
        the_desk(),
        clock=clock,
        limits=Limits(lambda: 1_000.0),
        providers=tills(),
        payment_pages=("https://pay.example.org",),
        pressure=pressure,
        watch=Watch(pressure, outcomes_since, ticks),
        tokens=Tokens(ticks),
    )
    monkeypatch.setattr(desk, "_desk_of", lambda _newsroom: standing)
    return standing


@pytest.fixture
def support(newsroom: Newsroom) -> Path:
    """What is printed of giving."""
    put_support(newsroom.site)
    return newsroom.site


@pytest.fixture
def browser(the: Desk) -> Client:
    """A browser that leaves mistakes to the pages, as the server does."""
    return Client(raise_request_exception=False)


OWN_FORM: dict[str, Any] = {"HTTP_ORIGIN": "null", "HTTP_SEC_FETCH_SITE": "same-origin"}
"""What a browser says of a form on the frontdesk's own pages, which ask for no referrer."""


def joining_form(**changes: str) -> dict[str, str]:
    return {"email": "ada@example.org", "list": "en.the-week", "wording": WORDING, "website": "", **changes}


def a_reader(the: Desk, text: str = "ada@example.org", list_key: str = "en.the-week", language: str = "en") -> Reader:
    """A reader who confirmed."""
    wish = Wish(list_key=list_key, language=language, wording=WORDING, privacy_version="2")
    joining.sign_up(an_address(text), wish, keys=the.keys, now=the.clock.now())
    reader = Reader.objects.get(lookup=the.keys.lookup.of(an_address(text)))
    assert joining.confirm(Notice.objects.get(reader=reader).uid, now=the.clock.now())
    return reader


def manage_path(the: Desk, reader: Reader) -> str:
    return f"/manage/{the.keys.links.token('manage', reader.uid)}"


def unsubscribe_path(the: Desk, reader: Reader) -> str:
    return f"/unsubscribe/{the.keys.links.token('unsubscribe', reader.subscriptions.get().uid)}"


def confirm_path(the: Desk) -> str:
    return f"/confirm/{the.keys.links.token('confirm', Notice.objects.latest('pk').uid)}"


def rows() -> dict[str, list[Any]]:
    """Everything in the readers' database that a page could change."""
    from django.apps import apps

    return {
        model.__name__: list(model.objects.order_by("pk").values())
        for model in apps.get_app_config("readers").get_models()
    }
