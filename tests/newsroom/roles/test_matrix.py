"""Every role × every address of the desk × what it is about: who comes in, and who does not."""

import gc
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.template.base import Template
from django.test import Client
from django.utils.safestring import SafeString

from tests.newsroom.roles.addresses import Address, addresses
from tests.newsroom.roles.expected import ALL, expected
from tests.newsroom.roles.world import World, a_world, signed_in

REFUSED = {403, 404}
NOT_SO = 405
"""What an address answers that takes only the other method: it says nothing of who may come in."""
NOT_WALKED = {"wagtailadmin_logout", "wagtailadmin_login", "wagtailadmin_error_test"}
"""They sign out, are for who is not signed in, and fail on purpose."""
TWICE = ("_results", "history_results")
"""Addresses of the same view as the one without this ending, which gives a script a part of its page."""


@pytest.fixture
def world(db: None, keys: None, monkeypatch: pytest.MonkeyPatch) -> World:
    """A newsroom; its pages are not written out, only who gets them is looked at."""
    made = a_world()
    monkeypatch.setattr(Template, "render", lambda *_args, **_kwargs: SafeString(""))
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


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning")
def test_each_role_comes_in_where_the_rules_say_and_nowhere_else(world: World) -> None:
    unexpected = []
    clients = {role: signed_in(account) for role, account in world.people.items()}
    for client in clients.values():
        client.raise_request_exception = False
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
    assert unexpected == []
