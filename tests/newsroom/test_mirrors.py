"""Mirrors at the desk: how each is, what is asked of the process that carries, and who may do what."""

import html
import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.utils import translation
from wagtail.models import GroupPagePermission, Page
from wagtail.users.models import UserProfile

from stet.mirrors import secrets
from stet.mirrors.asking import Wish, ask, asked
from stet.mirrors.checking import Fault
from stet.mirrors.checks import Check, State, write_check
from stet.mirrors.register import Mirror, Register, read_register, secrets_file, write_register
from stet.newsroom.mirrors import forms, views
from stet.newsroom.mirrors.words import FAULTS, said
from tests.press.builders import SmallPaper

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A newsroom's folder of this test's own."""
    monkeypatch.setattr(views, "newsroom_folder", lambda: tmp_path)
    return tmp_path


@pytest.fixture
def asking(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Folders ask for a password here."""

    def asked_by(target: str) -> dict[str, str]:
        return {"password": "Of the account there."} if target.startswith("folder:") else {}

    for module in (secrets, forms):
        monkeypatch.setattr(module, "asked_by", asked_by)
    return iter(())


def a_mirror(folder: Path, name: str = "north", **fields: Any) -> Mirror:
    values = {"target": "folder:/srv/mirror", "public": f"https://{name}.example.org", "added": NOW, **fields}
    mirror = Mirror(name=name, **values)
    write_register(folder, Register(mirrors=(*read_register(folder).mirrors, mirror)))
    return mirror


def a_publisher(*permissions: str) -> Client:
    who = get_user_model().objects.create_user(username="tima", password="a long password")
    group = Group.objects.create(name="publishers")
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    who.groups.add(group)
    for permission in permissions:
        GroupPagePermission.objects.create(
            group=group, page=Page.objects.first(), permission=Permission.objects.get(codename=f"{permission}_page")
        )
    client = Client()
    client.force_login(who)
    return client


def read(answer: Any) -> str:
    """An answer's words, without markup."""
    assert answer.status_code == 200, answer.status_code
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]*>", " ", answer.content.decode())))


def test_mirrors_stand_under_settings(desk: Client, paper: SmallPaper, folder: Path) -> None:
    assert "/mirrors/" in desk.get("/").content.decode()


def test_where_there_is_none_the_desk_says_what_a_mirror_is(desk: Client, paper: SmallPaper, folder: Path) -> None:
    shown = read(desk.get("/mirrors/"))
    assert "There is no mirror yet" in shown
    assert "Add a mirror" in shown


def test_a_mirror_is_shown_with_state_lag_last_success_and_address(
    desk: Client, paper: SmallPaper, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "_standing_seq", lambda: 12)
    a_mirror(folder)
    write_check(folder, "north", Check(
        state=State.BEHIND, checked=NOW, seq=10, published=datetime.now(UTC) - timedelta(hours=3, minutes=5),
        last_success=NOW - timedelta(hours=1), problem=Fault.OLDER, refusal="The disk there is full.",
    ))  # fmt: skip
    shown = read(desk.get("/mirrors/"))
    for words in (
        "Behind", "https://north.example.org", "Number 10, 3 hours, 5 minutes old · 2 editions behind",
        "Last success Nov. 25, 2026 · 11:00", "Last look Nov. 25, 2026 · 12:00",
        "An older edition stands at the public address.", "The disk there is full.",
    ):  # fmt: skip
        assert words in shown.replace("\xa0", " "), words


def test_a_register_that_cannot_be_read_is_said(desk: Client, paper: SmallPaper, folder: Path) -> None:
    (folder / "mirrors.json").write_text("{damaged")
    assert "mirrors.json is damaged" in read(desk.get("/mirrors/"))


@pytest.mark.parametrize("wish", Wish)
def test_what_is_asked_for_is_left_for_the_process(desk: Client, paper: SmallPaper, folder: Path, wish: Wish) -> None:
    a_mirror(folder)
    assert "Asked for; it begins in a moment." in read(desk.post(f"/mirrors/north/{wish.value}/", follow=True))
    assert asked(folder, "north") == {wish}
    assert asked(folder, "north") == frozenset(), "It is done once."


def test_what_nobody_picks_up_is_said(desk: Client, paper: SmallPaper, folder: Path) -> None:
    a_mirror(folder)
    ask(folder, "north", Wish.CHECK)
    long_ago = datetime.now(UTC).timestamp() - 120
    os.utime(folder / "data/mirrors/north/asked.check", (long_ago, long_ago))
    assert "is not picked up. Does the newsroom run?" in read(desk.get("/mirrors/"))


@pytest.mark.usefixtures("asking")
def test_a_mirror_is_added_and_what_lets_us_in_is_kept_and_never_shown(
    desk: Client, paper: SmallPaper, folder: Path
) -> None:
    form = {"target": "folder:/srv/mirror", "public": "https://north.example.org/", "name": "", "is_listed": "on"}
    asks = desk.post("/mirrors/add/", form)
    assert "This place asks for what is below" in read(asks)
    assert 'type="password"' in asks.content.decode()
    assert read_register(folder).mirrors == ()
    wrong = desk.post("/mirrors/add/", {**form, "secret_password": "hush-hush", "proxy": "nonsense"})
    assert "A proxy is written like" in read(wrong)
    assert "hush-hush" not in wrong.content.decode()
    added = desk.post("/mirrors/add/", {**form, "secret_password": "hush-hush"}, follow=True)
    assert "everything is being carried there" in read(added)
    assert "hush-hush" not in added.content.decode()
    (mirror,) = read_register(folder).mirrors
    assert (mirror.name, mirror.public, mirror.is_listed) == ("folder-1", "https://north.example.org", True)
    assert secrets.read_secrets(folder, "folder-1") == {"password": "hush-hush"}
    assert secrets_file(folder, "folder-1").stat().st_mode & 0o777 == 0o600
    assert asked(folder, "folder-1") == {Wish.CARRY}


def test_an_onion_is_added_by_its_address(desk: Client, paper: SmallPaper, folder: Path) -> None:
    desk.post("/mirrors/add/", {"target": "onion", "public": "http://abc.onion", "is_listed": "on"})
    assert [(mirror.name, mirror.target) for mirror in read_register(folder).mirrors] == [("onion-1", "")]


REFUSED = {
    "a kind that there is not": ({"target": "ftp://example.org"}, "There is no such kind of mirror."),
    "a password in the target": ({"target": "folder://me:hush@example.org"}, "The target holds a password."),
    "an address that is none": ({"target": "folder:/srv/m", "public": "example.org"}, "one that readers type"),
    "an address twice": ({"target": "folder:/srv/m", "public": "https://south.example.org"}, "in the list already"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused_is(case: str, desk: Client, paper: SmallPaper, folder: Path) -> None:
    a_mirror(folder, "south")
    fields, words = REFUSED[case]
    assert words in read(desk.post("/mirrors/add/", fields))
    assert len(read_register(folder).mirrors) == 1


def test_a_mirror_retires_and_is_forgotten_once_somebody_is_sure(desk: Client, paper: SmallPaper, folder: Path) -> None:
    a_mirror(folder)
    secrets.write_secrets(folder, "north", {"password": "hush"})
    assert "Nothing is carried there any more." in read(desk.get("/mirrors/north/retire/"))
    assert read_register(folder).live() != ()
    assert "Retired" in read(desk.post("/mirrors/north/retire/", follow=True))
    assert read_register(folder).live() == ()
    assert not secrets_file(folder, "north").exists()
    assert "It leaves every list" in read(desk.get("/mirrors/north/remove/"))
    desk.post("/mirrors/north/remove/")
    assert read_register(folder).mirrors == ()
    assert "There is no mirror yet." in read(desk.post("/mirrors/north/remove/", follow=True))


ACTS = (
    "/mirrors/add/",
    "/mirrors/north/carry/",
    "/mirrors/north/check/",
    "/mirrors/north/retire/",
    "/mirrors/north/remove/",
)


def test_publishers_see_mirrors_and_change_nothing(paper: SmallPaper, folder: Path) -> None:
    a_mirror(folder)
    client = a_publisher("publish", "change")
    shown = client.get("/mirrors/")
    assert "https://north.example.org" in read(shown)
    assert "Look now" not in read(shown)
    for path in ACTS:
        client.post(path, {"target": "onion", "public": "http://abc.onion"})
    assert [mirror.retired for mirror in read_register(folder).mirrors] == [None]
    assert asked(folder, "north") == frozenset()


def test_who_may_not_publish_does_not_see_mirrors(paper: SmallPaper, folder: Path) -> None:
    a_mirror(folder)
    client = a_publisher("change")
    assert "north.example.org" not in client.get("/mirrors/", follow=True).content.decode()
    assert '"/mirrors/"' not in client.get("/").content.decode()


def test_every_fault_is_said_in_the_desks_languages() -> None:
    assert set(FAULTS) == {str(fault) for fault in Fault}
    for language in ("ru", "fa"):
        with translation.override(language):
            assert [fault for fault in Fault if said(fault) == fault] == []


def test_the_page_speaks_the_editors_language(desk: Client, paper: SmallPaper, folder: Path) -> None:
    a_mirror(folder)
    write_check(folder, "north", Check(state=State.BROKEN, problem=Fault.SHEET_ALTERED))
    profile = UserProfile.get_for_user(get_user_model().objects.get(username="admin"))
    profile.preferred_language = "ru"
    profile.save()
    shown = read(desk.get("/mirrors/"))
    assert "Повреждено Файл по публичному адресу не тот, что был подписан" in shown
    assert not re.search("[A-Za-z]{4,} [a-z]{3,}", shown[shown.index("north") :])


def test_the_register_is_the_newsrooms(settings: Any) -> None:
    assert views.newsroom_folder() == settings.STET.folder
