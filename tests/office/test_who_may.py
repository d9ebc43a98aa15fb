"""Every address of the office, for everybody: strangers sign in, staff see, and only some decide."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import get_resolver, reverse

from stet.mailroom.models import Dispatch
from stet.mailroom.states import State
from tests.office.builders import a_dispatch

pytestmark = pytest.mark.django_db(databases=["default", "readers"])

OPEN = {"sign_in", "style", "icon"}
DECISIONS = {
    "steer": ("number", "what"),
    "cancel": ("number",),
    "uncertain": ("number",),
    "relay_log": ("number",),
    "give_up": ("number",),
    "steer_lane": ("lane", "what"),
    "erase": (),
}
LOOKED_AT = {"home", "dispatches", "dispatch", "readers", "returns", "mail_check", "mailbox"}
ASKED_BY_POST = {"suppressed", "sign_out"}
OF_A_MAIL = {"mail", "mail_html", "mail_raw"}
VALUES = {"number": 1, "what": "pause", "lane": "gmail", "name": "0000", "digest": "0" * 16}


def names() -> list[str]:
    """Every address of the office by its name."""
    return sorted(pattern.name for pattern in get_resolver().url_patterns[0].url_patterns)


def path_of(name: str, **values: object) -> str:
    pattern = next(one for one in get_resolver().url_patterns[0].url_patterns if one.name == name)
    wanted = pattern.pattern.converters
    return reverse(f"office:{name}", kwargs={key: {**VALUES, **values}[key] for key in wanted})


def test_every_address_is_looked_at_here() -> None:
    assert set(names()) == OPEN | set(DECISIONS) | LOOKED_AT | ASKED_BY_POST | OF_A_MAIL


def test_a_stranger_is_led_to_the_sign_in_from_everywhere() -> None:
    for name in set(names()) - OPEN:
        for method in ("get", "post"):
            answer = getattr(Client(), method)(path_of(name))
            assert answer.status_code == 302, (name, method)
            assert answer.headers["Location"].startswith("/sign-in/?next="), (name, method)


def test_an_account_that_is_no_staff_sees_nothing(person: Callable[..., Client]) -> None:
    outsider = person("outsider")
    for name in set(names()) - OPEN - {"sign_out"}:
        assert outsider.get(path_of(name)).status_code == 403, name
        assert outsider.post(path_of(name)).status_code == 403, name


@pytest.mark.parametrize("role", ["viewer", "letters", "admin"])
def test_staff_see_every_page(person: Callable[..., Client], role: str) -> None:
    dispatch = a_dispatch(copies={State.ACCEPTED: 1, State.UNCERTAIN: 1})
    client = person(role)
    for name in LOOKED_AT:
        assert client.get(path_of(name, number=dispatch.pk)).status_code == 200, name


def test_somebody_who_may_only_look_decides_nothing(viewer: Client) -> None:
    dispatch = a_dispatch(copies={State.WAITING: 1, State.UNCERTAIN: 1})
    for name in DECISIONS:
        assert viewer.post(path_of(name, number=dispatch.pk)).status_code == 403, name
    page = viewer.get(path_of("dispatch", number=dispatch.pk)).content.decode()
    assert "<form" not in page.split("<main")[1]
    dispatch.refresh_from_db()
    assert dispatch.state == Dispatch.State.SENDING


@pytest.mark.parametrize("role", ["letters", "admin"])
def test_somebody_with_letters_decides(person: Callable[..., Client], role: str) -> None:
    dispatch = a_dispatch(copies={State.WAITING: 2})
    client = person(role)
    assert client.post(path_of("steer", number=dispatch.pk, what="pause")).status_code == 302
    dispatch.refresh_from_db()
    assert dispatch.state == Dispatch.State.PAUSED


def test_nothing_is_decided_by_following_a_link(keeper: Client) -> None:
    dispatch = a_dispatch(copies={State.WAITING: 1})
    for name in ("steer", "uncertain", "relay_log", "give_up", "steer_lane", "erase", "suppressed"):
        assert keeper.get(path_of(name, number=dispatch.pk)).status_code == 405, name


def test_every_form_needs_its_token(person: Callable[..., Client]) -> None:
    person("admin")
    client = Client(enforce_csrf_checks=True)
    client.login(username="admin", password="a-long-password-2")
    dispatch = a_dispatch(copies={State.WAITING: 1})
    for name in {*DECISIONS, *ASKED_BY_POST, "sign_in"}:
        answer = client.post(path_of(name, number=dispatch.pk))
        assert answer.status_code == 403, name
        assert "That form is too old" in answer.content.decode()
