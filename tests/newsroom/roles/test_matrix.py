"""Every role × every address of the desk × what it is about: who comes in, and who does not."""

import gc
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib import auth
from django.db import transaction
from django.template.base import Template
from django.test import Client
from django.utils.safestring import SafeString
from wagtail.admin.views.pages.create import CreateView
from wagtail.admin.views.pages.edit import EditView

from stet.newsroom.signing_in import sessions
from stet.newsroom.signing_in.adapters import DeskAccounts
from tests.newsroom.roles.addresses import Address, addresses, routes
from tests.newsroom.roles.expected import ALL, expected
from tests.newsroom.roles.world import World, a_world

ROLE = "stet.role"
"""What a request says here of who asks."""
REFUSED = {403, 404}
NOT_SO = 405
"""What an address answers that takes only the other method: it says nothing of who may come in."""
NOT_WALKED = {
    "wagtailadmin_logout", "wagtailadmin_error_test", "wagtailadmin_login", "account_login", "mfa_authenticate"
}  # fmt: skip
"""They sign out, fail on purpose, and are for who is not signed in."""
NONE = {".*/", "test404/"}
"""Where Wagtail says that there is no such page."""
TWICE = ("_results", "history_results")
"""Addresses of the same view as the one without this ending, which gives a script a part of its page."""


@pytest.fixture
def world(db: None, keys: None, monkeypatch: pytest.MonkeyPatch) -> World:
    """A newsroom. Its pages are not written out, only who gets them is looked at.

    Nobody signs in for each of some thousand requests either: `ROLE` says who asks, as one who has just proved who
    they are, and what they may do is read from the database once. Sessions have tests of their own.
    """
    made = a_world()
    monkeypatch.setattr(Template, "render", lambda *_args, **_kwargs: SafeString(""))
    for view in (CreateView, EditView):
        monkeypatch.setattr(view, "get_context_data", lambda _view, **_named: {})
    monkeypatch.setattr(auth, "get_user", lambda request: made.people[request.META[ROLE]])
    monkeypatch.setattr(sessions, "find", lambda _request, **_now: sessions.Found(has_factor=True))
    monkeypatch.setattr(DeskAccounts, "is_reauthentication_required", lambda *_args, **_kwargs: False)
    return made


def comes_in(client: Client, address: Address, method: str) -> bool | None:
    """Whether an address lets somebody in; None where it does not say. Whatever it did is undone."""
    with transaction.atomic():
        answer: Any = getattr(client, method)(address.url)  # what fails for want of a form has let in
        transaction.set_rollback(True)
    for close in answer._resource_closers if answer.streaming else ():
        close()
    if answer.status_code == NOT_SO:
        return None
    is_led_away = (answer.status_code == 302 and answer.headers["location"].startswith(("/login", "/?"))) or (
        answer.status_code == 302 and answer.headers["location"] == "/"
    )  # fmt: skip
    return answer.status_code not in REFUSED and not is_led_away


def walked(world: World) -> Iterator[Address]:
    for address in addresses(world):
        if address.name not in NOT_WALKED and not address.name.endswith(TWICE):
            yield address


def test_a_rule_says_of_each_address_who_may_open_it(world: World) -> None:
    assert {address.name for address in addresses(world) if expected(address.name, address.what) is None} <= NOT_WALKED


def test_an_address_without_a_name_takes_the_place_of_one_that_has_a_rule() -> None:
    named, unnamed = routes()
    assert unnamed <= named | NONE


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning")
def test_each_role_comes_in_where_the_rules_say_and_nowhere_else(world: World) -> None:
    unexpected = []
    clients = {
        role: Client(raise_request_exception=False, headers={"x-requested-with": "XMLHttpRequest"}, **{ROLE: role})
        for role in world.people
    }
    assert set(clients) == ALL
    for address in walked(world):
        wanted = expected(address.name, address.what) or frozenset()
        for role, client in clients.items():
            is_let_in = comes_in(client, address, "get")
            if is_let_in is None:
                is_let_in = comes_in(client, address, "post")
            if is_let_in is not None and is_let_in != (role in wanted):
                unexpected.append(f"{role} {'opens' if is_let_in else 'is refused'} {address.name} {address.what}")
    gc.collect()  # files of answers that nobody read to their end
    assert not unexpected, "\n".join(unexpected)
