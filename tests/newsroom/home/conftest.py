"""Colleagues with roles, and what the home and the lists say to them."""

import html
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from stet.newsroom.roles.laying import lay_roles
from tests.newsroom.roles.world import accounts
from tests.press.builders import SmallPaper


@pytest.fixture
def people(paper: SmallPaper, keys: None) -> dict[str, Any]:
    """An account for each role."""
    lay_roles()
    return accounts()


@pytest.fixture
def at(people: dict[str, Any]) -> Callable[..., str]:
    """What an address says to a role, as plain words."""
    clients: dict[str, Client] = {}

    def words(role: str, address: str, **query: Any) -> str:
        if role not in clients:
            clients[role] = Client()
            clients[role].force_login(people[role])
        answer = clients[role].get(address, query)
        assert answer.status_code == 200, answer.status_code
        return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())))

    return words
