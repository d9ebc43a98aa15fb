"""Where to find us is printed: what stands in it, what never does, and that it follows the register and the checks."""

import json
import re
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import pytest

from stet.edition.errors import PageBrokenError
from stet.edition.json_signature import verify_json
from stet.mirrors.checks import Check, State
from stet.mirrors.register import Register
from stet.newsroom.models import FrontPage, StaticPage
from stet.press import preview
from stet.press.mirrors import listed
from stet.press.packs.packed import File, Pack
from stet.press.preview import preview_page
from tests.press.builders import EDITION_KEY, NOON, House, SmallPaper, an_article, stored, text
from tests.press.letter_builders import a_letter, a_list
from tests.press.mirror_builders import AUTUMN, ONION, a_mirror, add, an_onion, found, retire

PAGES = ("/reach-us/", "/ru/reach-us/")


def printed(house: House) -> list[dict[str, str | None]]:
    """The mirrors as programs read them."""
    mirrors: list[dict[str, str | None]] = json.loads(house.page("/mirrors.json"))["mirrors"]
    return mirrors


# --- What is printed ---


def test_a_paper_without_mirrors_says_so_in_every_language(house: House, paper: SmallPaper) -> None:
    house.print()

    assert printed(house) == []
    assert "There are no mirrors yet." in house.page("/reach-us/")
    assert "Зеркал пока нет." in house.page("/ru/reach-us/")
    for page in PAGES:
        assert '<svg class="qr"' in house.page(page)
    assert house.check().ok
    assert house.verify() == []


def test_every_page_leads_to_it(house: House, paper: SmallPaper) -> None:
    an_article(paper.sections["en"][0], "flood")
    house.print()

    for page in ("/", "/2026/03/01/flood/", "/politics/", "/404.html"):
        assert '<a href="/reach-us/">Where to find us</a>' in house.page(page)
    assert house.page("/404.html").count('<a href="/reach-us/">Where to find us</a>') == 2
    assert '<a href="/ru/reach-us/">Где нас найти</a>' in house.page("/ru/")
    assert "/reach-us/</loc>" in house.page("/sitemaps/pages.xml")


def test_mirrors_stand_in_the_order_of_the_register(house: House, paper: SmallPaper) -> None:
    add(house.folder, a_mirror("tide"), an_onion(), a_mirror("shore", "https://shore.example.net/paper/"))
    add(house.folder, a_mirror("cid", "ipns://far.example.org", target="car:/srv/car"))
    found(house.folder, "tide", State.CURRENT, house.now + timedelta(minutes=59))
    found(house.folder, "shore", State.UNREACHABLE, house.now)
    house.print()

    names = ("address", "kind", "state", "checked", "retired")
    assert [tuple(one[name] for name in names) for one in printed(house)] == [
        ("https://tide.example.com", "mirror", "current", "2026-03-02T12", None),
        (ONION, "onion", "unknown", None, None),
        ("https://shore.example.net/paper", "mirror", "unreachable", "2026-03-02T12", None),
        ("ipns://far.example.org", "ipfs", "unknown", None, None),
    ]
    page = house.page("/reach-us/")
    assert page.index("https://tide.example.com") < page.index(ONION)
    assert '<time datetime="2026-03-02T12:00:00Z">' in page
    assert '<figcaption><bdi dir="ltr">https://tide.example.com/</bdi>' in page


def test_a_retired_mirror_stays_listed_as_one(house: House, paper: SmallPaper) -> None:
    add(house.folder, a_mirror("tide", retired=house.now), a_mirror("shore"))
    found(house.folder, "tide", State.CURRENT, house.now)
    house.print()

    tide = printed(house)[0]
    assert (tide["retired"], tide["state"], tide["checked"]) == ("2026-03-02", "unknown", None)
    page = house.page("/reach-us/")
    assert page.index("Do not use any more") < page.index("tide.example.com")
    assert 'href="https://tide.example.com' not in page
    assert '<figcaption><bdi dir="ltr">https://shore.example.com/</bdi>' in page


def test_the_code_holds_a_mirror_that_works(house: House, paper: SmallPaper) -> None:
    add(house.folder, an_onion(), a_mirror("tide"), a_mirror("shore"))
    found(house.folder, "tide", State.BROKEN, house.now)
    house.print()

    assert '<figcaption><bdi dir="ltr">https://shore.example.com/</bdi>' in house.page("/reach-us/")


@pytest.mark.parametrize("minutes", [5, 59, 60, 600])
def test_a_mirror_that_lags_by_less_than_an_hour_is_current(minutes: int) -> None:
    check = Check(state=State.BEHIND, checked=NOON, seq=3, published=NOON - timedelta(minutes=minutes))

    (one,) = listed(Register(mirrors=(a_mirror("tide"),)), {"tide": check})

    assert one.state == ("current" if minutes < 60 else "behind")


BAD = {
    "a name and a password": "https://carrier:secret@tide.example.com",
    "a script": "javascript:alert(1)",
    "a question": "https://tide.example.com?reader=7",
    "no host": "https:///paper",
    "no address": "tide",
    "a blank": "https://tide.example.com/a b",
    "a quote": 'https://tide.example.com/"onclick=x',
    "a mark that turns the direction of text": "https://tide.\u202eexample.com",
    "brackets": "https://[tide",
}


@pytest.mark.parametrize("public", BAD.values(), ids=BAD)
def test_an_address_that_is_none_is_left_out(public: str) -> None:
    mirrors = (a_mirror("tide", public), a_mirror("shore"))

    assert [one.address for one in listed(Register(mirrors=mirrors), {})] == ["https://shore.example.com"]


# --- What never is ---


def test_nothing_that_only_the_newsroom_may_know_is_in_the_edition(house: House, paper: SmallPaper) -> None:
    canary = "kanarienvogel"
    add(
        house.folder,
        a_mirror("tide", target=f"sftp://{canary}@{canary}.example.net/{canary}", proxy=f"socks5h://{canary}:9050"),
        a_mirror("hidden", f"https://{canary}.example.com", is_listed=False),
        a_mirror("gone", f"https://{canary}.example.org", is_listed=False, retired=AUTUMN),
        a_mirror(canary, "https://reef.example.com"),
        an_onion(proxy=f"socks5h://{canary}:9050"),
    )
    add(house.folder, a_mirror("last", kilobytes_per_second=271828))
    for name in ("tide", "hidden", canary, "onion"):
        found(
            house.folder, name, State.UNREACHABLE, house.now.replace(minute=43), problem=f"{canary} said no", seq=31337
        )
    secrets = house.folder / "keys" / "mirrors"
    secrets.mkdir(parents=True)
    (secrets / "tide.json").write_text(json.dumps({"password": canary}))
    a_letter(a_list(paper.fronts["en"]), "one")
    house.print()

    printed_files = [file for file in house.site.rglob("*") if file.is_file()]
    assert len(printed_files) > 40
    for word in (canary, "socks5h", "sftp://", "271828", "31337", "12:43"):
        assert [file for file in printed_files if word.encode() in file.read_bytes()] == [], word
    assert len(printed(house)) == 4


# --- It follows ---


def test_only_what_is_printed_prints_anew(house: House, paper: SmallPaper) -> None:
    add(house.folder, a_mirror("tide"), a_mirror("hidden", is_listed=False))
    found(house.folder, "tide", State.CURRENT, house.now)
    house.print()

    found(house.folder, "tide", State.CURRENT, house.now + timedelta(minutes=40), problem="It is slow.")
    found(house.folder, "hidden", State.BROKEN, house.now)
    assert house.print().jobs == 0, "The same hour, the same state."

    found(house.folder, "tide", State.UNREACHABLE, house.now + timedelta(minutes=41))
    outcome = house.print()
    assert outcome.written == 3, "Two pages and the list."
    assert printed(house)[0]["state"] == "unreachable"

    found(house.folder, "tide", State.UNREACHABLE, house.now + timedelta(hours=1))
    assert house.print().written == 3, "Another hour."
    assert house.check().ok
    assert house.verify() == []


def test_a_register_that_cannot_be_read_changes_nothing(house: House, paper: SmallPaper) -> None:
    add(house.folder, a_mirror("tide"))
    house.print()
    (house.folder / "mirrors.json").write_text("{")
    house.print()
    assert len(printed(house)) == 1

    (house.folder / "mirrors.json").unlink()
    house.print()
    assert printed(house) == []


# --- The list alone ---


def test_the_list_can_be_checked_alone(house: House, paper: SmallPaper) -> None:
    add(house.folder, a_mirror("tide"), a_mirror("old", retired=AUTUMN + timedelta(days=3)))
    found(house.folder, "tide", State.CURRENT, house.now.replace(minute=17))
    house.print()
    body = (house.site / "mirrors.json").read_bytes()

    fields, claim = verify_json(
        body, site=house.place.edition.site_id, edition_keys=[EDITION_KEY.public_key], path="/mirrors.json"
    )
    assert [one["address"] for one in fields["mirrors"]] == ["https://tide.example.com", "https://old.example.com"]
    assert claim.time == house.now, "As of the hour of the newest check."

    with pytest.raises(PageBrokenError, match="was changed"):
        verify_json(
            body.replace(b"tide", b"evil"), site=house.place.edition.site_id, edition_keys=[EDITION_KEY.public_key]
        )


def test_the_list_is_as_its_reference_says(house: House, paper: SmallPaper) -> None:
    reference = (Path(__file__).parents[2] / "docs/reference/mirrors-json.md").read_text()
    schema, example = (
        next(block for block in re.findall(r"```json\n(.*?)```", reference, re.DOTALL) if word in block)
        for word in ("$schema", '"sig": "…"')
    )
    add(house.folder, a_mirror("tide"), an_onion(), a_mirror("old", retired=AUTUMN), a_mirror("new"))
    found(house.folder, "tide", State.BEHIND, house.now, published=NOON)
    house.print()
    list_of_mirrors = json.loads(house.page("/mirrors.json"))

    jsonschema.validate(list_of_mirrors, json.loads(schema))
    assert _names(json.loads(example)) == _names(list_of_mirrors)
    assert all(f"`{name}`" in reference or f"`mirrors[].{name}`" in reference for name in _names(list_of_mirrors)[0])
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**list_of_mirrors, "mirrors": [{"address": "tide"}]}, json.loads(schema))


def _names(told: dict[str, Any]) -> tuple[set[str], set[str], set[str]]:
    """The names of a list's fields: its own, its mirrors', its signature's."""
    return set(told), set(told["mirrors"][0]), set(told["signature"])


# --- What editors write there ---


def reach_words(paper: SmallPaper, **fields: object) -> StaticPage:
    """A page of the editors' own at the same address."""
    front = paper.fronts["en"]
    page = StaticPage(
        **{"title": "When we are blocked", "slug": "reach-us", "locale": front.locale, "role": "reach",
           "show_in_menus": False, "body": stored(text("<p>Write to us.</p>")), **fields}
    )  # fmt: skip
    FrontPage.objects.get(pk=front.pk).add_child(instance=page)
    return page


def test_what_editors_wrote_at_that_address_stands_on_the_page(house: House, paper: SmallPaper) -> None:
    add(house.folder, a_mirror("tide"))
    house.print()
    page = reach_words(paper)
    house.print()

    shown = house.page("/reach-us/")
    assert "<h1>When we are blocked</h1>" in shown
    assert "<p>Write to us.</p>" in shown
    assert "tide.example.com" in shown
    assert "Where to find us</a>" in house.page("/"), "It is not in the editors' menu."
    assert house.check().ok

    page.show_in_menus = True
    page.save_revision().publish()
    house.print()
    assert "Where to find us</a>" not in house.page("/")
    assert 'href="/reach-us/">When we are blocked</a>' in house.page("/")

    page.unpublish()
    house.print()
    assert "<h1>Where to find us</h1>" in house.page("/reach-us/")
    assert house.check().ok
    assert house.verify() == []


def test_the_desk_shows_a_draft_of_it(house: House, paper: SmallPaper, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preview, "_workplace", lambda: house.place)
    add(house.folder, a_mirror("tide"))
    house.print()

    shown = preview_page(reach_words(paper, live=False)).decode()

    assert "Write to us." in shown
    assert "tide.example.com" in shown


# --- Letters ---


def test_a_letter_names_the_mirrors_of_its_day(house: House, paper: SmallPaper) -> None:
    the_list = a_list(paper.fronts["en"])
    letter = a_letter(the_list, "one")
    add(house.folder, *(a_mirror(name) for name in ("tide", "shore", "reef", "sand")), an_onion())
    house.print()
    mail = Path(house.site, "letters", the_list.slug, "one")
    expected = ["https://sand.example.com/", "https://reef.example.com/", "https://shore.example.com/", f"{ONION}/"]

    def named() -> list[str]:
        lines = (mail / "mail.txt").read_text().split("If our site does not open:\n")[1].split("\n\n")[0].split("\n")
        assert lines.pop().endswith("/reach-us/")
        assert all(f'href="{line}"' in (mail / "mail.html").read_text() for line in lines)
        return lines

    assert named() == expected

    day_after = datetime.combine(letter.due_date + timedelta(days=1), time(8), tzinfo=UTC)
    before = (mail / "mail.html").read_bytes()
    add(house.folder, a_mirror("new", added=day_after))
    retire(house.folder, "sand", day_after)
    found(house.folder, "reef", State.UNREACHABLE, house.now)
    house.print()
    assert (mail / "mail.html").read_bytes() == before, "What went out is not changed by what came later."
    assert house.check().ok

    retire(house.folder, "sand", AUTUMN)
    house.print()
    assert named() == [
        "https://reef.example.com/",
        "https://shore.example.com/",
        "https://tide.example.com/",
        f"{ONION}/",
    ]
    assert house.check().ok


# --- The paper to take along ---


def packed(house: House, language: str, words: str) -> None:
    """What `stet bundle` leaves where the press looks."""
    folder = house.folder / "data/offline" / language
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "week.zip").write_bytes(words.encode())
    file = File(kind="zip", size_bytes=len(words), digest="0" * 64, photos=0)
    day = NOON.date()
    pack = Pack(language=language, first=day, last=day, seq=1, articles=1, files=(file,))
    (folder / "week.json").write_bytes(msgspec.json.encode(pack))


def test_what_was_packed_is_printed_and_linked_and_follows_the_next_pack(house: House, paper: SmallPaper) -> None:
    house.print()
    assert "/offline/en/" not in house.page("/reach-us/")

    for words in ("one week", "the week after"):
        packed(house, "en", words)
        house.print()
        assert house.page("/offline/en/week.zip") == words
        assert '<a href="/offline/en/week.zip">ZIP</a>' in house.page("/reach-us/")
        assert "/offline/ru/" not in house.page("/ru/reach-us/")
        assert house.check().ok
    assert house.verify() == []


def test_what_was_packed_in_a_language_that_the_paper_has_not_is_not_printed(house: House, paper: SmallPaper) -> None:
    packed(house, "de", "eine Woche")
    house.print()
    assert not (house.site / "offline/de").exists()
