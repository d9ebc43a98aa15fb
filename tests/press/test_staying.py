"""What stays with readers, as the press prints it: the worker, the page of what is kept, the app's manifest."""

import dataclasses
import json
from typing import Any

import pytest
from PIL import Image

from stet.edition.folder import EditionFolder
from stet.edition.keys import PrivateKey
from stet.edition.root import next_root
from stet.kit.digests import to_base64url
from stet.theme.worker import RETIRED
from tests.press.builders import EDITION_KEY, NOON, ROOT_KEY, House


def told(house: House) -> dict[str, Any]:
    """What the printed worker was told."""
    script = house.page("/worker.js")
    found: dict[str, Any] = json.JSONDecoder().raw_decode(script.removeprefix("const PAPER="))[0]
    return found


@pytest.fixture
def printed(house: House) -> House:
    house.print()
    return house


def test_the_worker_knows_the_site_and_each_language_has_its_page_and_its_app(printed: House) -> None:
    paper = told(printed)
    assert paper["site"] == printed.site_key.site
    assert paper["root"]["edition_keys"] == [to_base64url(EDITION_KEY.public_key)]
    fronts = {one["code"]: (one["front"], one["offline"]) for one in paper["languages"]}
    assert fronts == {"en": ("/", "/offline/"), "ru": ("/ru/", "/ru/offline/")}
    assert "/ru/support/" in paper["never"]
    assert not printed.verify()
    for prefix, code in (("", "en"), ("/ru", "ru")):
        assert f'action="{prefix}/offline/"' in printed.page(f"{prefix}/offline/")
        app = json.loads(printed.page(f"{prefix}/app.webmanifest"))
        assert (app["start_url"], app["lang"], app["scope"]) == (f"{prefix}/", code, "/")
        assert printed.page(app["icons"][0]["src"]).startswith("<svg")
    assert '<link rel="manifest" href="/app.webmanifest">' in printed.page("/")


def test_a_newsrooms_own_mark_takes_the_place_of_a_letter(house: House) -> None:
    theme = house.folder / "theme"
    theme.mkdir()
    Image.new("RGB", (512, 512), "#336699").save(theme / "icon.png")
    house.place = type(house.place)(house.newsroom)
    house.print()
    app = json.loads(house.page("/app.webmanifest"))
    assert app["icons"][0] == {"src": "/app-icon.png", "type": "image/png", "sizes": "512x512", "purpose": "any"}
    assert (house.site / "app-icon.png").read_bytes() == (theme / "icon.png").read_bytes()
    assert not house.has("/app-icon.svg")


def test_it_keeps_less_and_goes_as_the_newsroom_says(printed: House, settings: Any) -> None:
    settings.STET_PAPER = dataclasses.replace(settings.STET_PAPER, worker="front")
    printed.print()
    assert told(printed)["keeps"] is False
    assert "It keeps no other page." in printed.page("/offline/")
    assert printed.check().ok
    settings.STET_PAPER = dataclasses.replace(settings.STET_PAPER, worker="off")
    printed.print()
    assert printed.page("/worker.js").strip() == RETIRED
    assert not printed.has("/offline/")
    assert "serviceWorker" not in printed.page("/")
    assert printed.check().ok


def test_a_new_root_prints_the_worker_anew(printed: House) -> None:
    another = PrivateKey.from_seed(b"n" * 32).public_key
    with EditionFolder(printed.newsroom.edition) as edition:
        root = edition.roots()[-1]
        edition.put_root(next_root(root, [ROOT_KEY], now=NOON, edition_keys=[EDITION_KEY.public_key, another]))
    printed.print(anew=True)
    assert told(printed)["root"]["version"] == 2
    assert printed.check().ok
