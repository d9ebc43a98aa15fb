"""Every address of the office, for everybody: strangers sign in, staff see, and only some decide.

Who writes letters sees no money, and who keeps the books sees no reader.
"""

from collections.abc import Callable
from uuid import UUID

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import get_resolver, reverse

from stet.mailroom.models import Dispatch
from stet.mailroom.states import State
from stet.office import people
from stet.office.errors import PersonError
from tests.office.builders import a_dispatch
from tests.office.conftest import PASSWORD
from tests.office.giving_rows import a_plan

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
MONEY_LOOKED_AT = {
    "giving", "giving_plans", "giving_appeals", "giving_find", "giving_inbox", "giving_comparisons", "giving_bank",
}  # fmt: skip
MONEY_BY_UID = {"giving_contribution", "giving_plan", "giving_end"}
MONEY_BY_NUMBER = {"giving_refund", "giving_retry", "giving_settle"}
MONEY = MONEY_LOOKED_AT | MONEY_BY_UID | MONEY_BY_NUMBER
FOR_ALL_STAFF = {"home", "sign_out"}
VALUES = {
    "number": 1, "what": "pause", "lane": "gmail", "name": "0000", "digest": "0" * 16,
    "uid": UUID("6b1f9c1e-3f77-4d0b-9f7d-0d5f5a2c9a11"),
}  # fmt: skip


def names() -> list[str]:
    """Every address of the office by its name."""
    return sorted(pattern.name for pattern in get_resolver().url_patterns[0].url_patterns)


def path_of(name: str, **values: object) -> str:
    pattern = next(one for one in get_resolver().url_patterns[0].url_patterns if one.name == name)
    wanted = pattern.pattern.converters
    return reverse(f"office:{name}", kwargs={key: {**VALUES, **values}[key] for key in wanted})


def test_every_address_is_looked_at_here() -> None:
    assert set(names()) == OPEN | set(DECISIONS) | LOOKED_AT | ASKED_BY_POST | OF_A_MAIL | MONEY


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


@pytest.mark.parametrize("role", ["viewer", "letters"])
def test_who_cares_for_letters_sees_nothing_of_money(person: Callable[..., Client], role: str) -> None:
    client = person(role)
    for name in MONEY:
        for method in ("get", "post"):
            answer = getattr(client, method)(path_of(name))
            assert answer.status_code == 403, (name, method)
            assert "This page is for other people of the house." in answer.content.decode()
    for name in LOOKED_AT - {"dispatch"}:
        assert "/giving/" not in client.get(path_of(name)).content.decode(), name


def test_who_keeps_the_books_sees_nothing_of_readers(finance: Client) -> None:
    dispatch = a_dispatch(copies={State.WAITING: 1})
    for name in set(names()) - OPEN - MONEY - FOR_ALL_STAFF:
        for method in ("get", "post"):
            answer = getattr(finance, method)(path_of(name, number=dispatch.pk))
            assert answer.status_code == 403, (name, method)
            assert "The dam" not in answer.content.decode()
    home = finance.get(path_of("home"))
    assert (home.status_code, home.headers["Location"]) == (302, "/giving/")
    for name in MONEY_LOOKED_AT:
        page = finance.get(path_of(name)).content.decode()
        for path in ("/letters/", "/readers/", "/returns/", "/mailbox/", "/mail-check/"):
            assert path not in page, (name, path)


@pytest.mark.parametrize("role", ["finance", "admin"])
def test_who_keeps_the_books_and_an_admin_see_every_page_of_money(person: Callable[..., Client], role: str) -> None:
    client, plan = person(role), a_plan()
    contribution = plan.contributions.get()
    for name in MONEY_LOOKED_AT:
        assert client.get(path_of(name)).status_code == 200, name
    assert client.get(path_of("giving_contribution", uid=contribution.uid)).status_code == 200
    assert client.get(path_of("giving_plan", uid=plan.uid)).status_code == 200
    for name, values in (("giving_end", {"uid": plan.uid}), ("giving_refund", {"number": plan.facts.get().pk})):
        assert client.get(path_of(name, **values)).status_code == 302, name  # no provider is set up: it says so


def test_whoever_signs_in_can_sign_out(finance: Client) -> None:
    assert finance.post(path_of("sign_out")).status_code == 302
    assert finance.get(path_of("giving")).headers["Location"].startswith("/sign-in/")


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


def test_nothing_of_money_is_decided_by_following_a_link(finance: Client) -> None:
    for name in ("giving_retry", "giving_settle"):
        assert finance.get(path_of(name)).status_code == 405, name


def test_every_form_needs_its_token(person: Callable[..., Client]) -> None:
    person("admin")
    client = Client(enforce_csrf_checks=True)
    client.login(username="admin", password="a-long-password-2")
    dispatch = a_dispatch(copies={State.WAITING: 1})
    for name in {*DECISIONS, *ASKED_BY_POST, *MONEY_BY_UID, *MONEY_BY_NUMBER, "giving_find", "giving_bank", "sign_in"}:
        answer = client.post(path_of(name, number=dispatch.pk))
        assert answer.status_code == 403, name
        assert "That form is too old" in answer.content.decode()


@pytest.mark.parametrize(
    ("role", "readers", "steers", "money"),
    [
        ("viewer", True, False, False),
        ("letters", True, True, False),
        ("finance", False, False, True),
        ("admin", True, True, True),
    ],
)
def test_an_account_is_made_with_one_role(role: str, readers: bool, steers: bool, money: bool) -> None:
    people.create("nora", role=role, password=PASSWORD)
    account = get_user_model().objects.get(username="nora")
    assert (people.may_see_readers(account), people.may_steer(account), people.may_see_money(account)) == (
        readers, steers, money,
    )  # fmt: skip
    account.is_active = False
    assert not people.may_see_readers(account)
    assert not people.may_see_money(account)


def test_a_role_that_is_none_makes_no_account() -> None:
    with pytest.raises(PersonError, match="viewer, letters, finance, admin"):
        people.create("nora", role="bookkeeper", password=PASSWORD)
    assert not get_user_model().objects.exists()
