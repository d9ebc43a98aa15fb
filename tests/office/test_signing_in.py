"""Signing in: what it says, what it sets, and how guessing is slowed down."""

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from stet.office.slowing import LONGEST_WAIT_SECONDS, Slowing
from tests.office.conftest import PASSWORD

pytestmark = pytest.mark.django_db(databases=["default", "readers"])


@pytest.fixture
def timur() -> None:
    get_user_model().objects.create_user(username="timur", password=PASSWORD, is_staff=True)


def sign_in(client: Client, password: str, **values: str) -> object:
    return client.post("/sign-in/", {"username": "timur", "password": password, **values})


def test_a_right_password_leads_to_the_page_that_was_wanted(timur: None) -> None:
    answer = sign_in(Client(), PASSWORD, next="/readers/")
    assert answer.headers["Location"] == "/readers/"  # type: ignore[attr-defined]


def test_nobody_is_led_to_another_site(timur: None) -> None:
    answer = sign_in(Client(), PASSWORD, next="https://evil.example.com/")
    assert answer.headers["Location"] == "/"  # type: ignore[attr-defined]


def test_the_cookies_are_for_this_site_and_for_no_script(timur: None) -> None:
    client = Client()
    client.get("/sign-in/")
    sign_in(client, PASSWORD)
    for name in ("stet_office", "stet_office_csrf"):
        cookie = client.cookies[name]
        assert (cookie["samesite"], cookie["httponly"]) == ("Strict", True), name
    assert client.cookies["stet_office"]["max-age"] == 12 * 60 * 60


def test_after_five_failures_a_try_has_to_wait_even_with_the_right_password(timur: None) -> None:
    client = Client()
    for _ in range(5):
        assert sign_in(client, "wrong").status_code == 200  # type: ignore[attr-defined]
    answer = sign_in(client, PASSWORD)
    assert answer.status_code == 429  # type: ignore[attr-defined]
    assert int(answer.headers["Retry-After"]) >= 1  # type: ignore[attr-defined]
    assert "Too many tries" in answer.content.decode()  # type: ignore[attr-defined]
    assert "stet_office" not in client.cookies


def test_another_account_and_another_network_are_not_slowed() -> None:
    slowing = Slowing()
    for _ in range(6):
        slowing.failed("timur", "192.0.2.7", now=100.0)
    assert slowing.seconds_to_wait("timur", "192.0.2.200", now=100.0) > 0
    assert slowing.seconds_to_wait("mira", "192.0.2.7", now=100.0) == 0
    assert slowing.seconds_to_wait("timur", "198.51.100.7", now=100.0) == 0


def test_each_failure_makes_the_wait_longer_up_to_a_quarter_of_an_hour() -> None:
    slowing = Slowing()
    waits = []
    for number in range(30):
        slowing.failed("timur", "192.0.2.7", now=float(number))
        waits.append(slowing.seconds_to_wait("timur", "192.0.2.7", now=float(number)))
    assert waits[:4] == [0, 0, 0, 0]
    assert waits == sorted(waits)
    assert waits[-1] == LONGEST_WAIT_SECONDS


def test_a_network_that_tries_many_accounts_is_slowed() -> None:
    slowing = Slowing()
    for number in range(20):
        slowing.failed(f"name{number}", "2001:db8:1::1", now=100.0)
    assert slowing.seconds_to_wait("mira", "2001:db8:1:9::5", now=100.0) > 0


def test_failures_are_forgotten_after_a_success_and_after_an_hour() -> None:
    slowing = Slowing()
    for _ in range(8):
        slowing.failed("timur", "192.0.2.7", now=100.0)
        slowing.failed("mira", "192.0.2.7", now=100.0)
    slowing.succeeded("TIMUR", "192.0.2.9")
    assert slowing.seconds_to_wait("timur", "192.0.2.7", now=100.0) == 0
    assert slowing.seconds_to_wait("mira", "192.0.2.7", now=100.0 + 3_601) == 0


def test_what_is_remembered_has_an_end() -> None:
    slowing = Slowing()
    for number in range(12_000):
        slowing.failed(f"name{number}", f"10.{number // 250}.{number % 250}.1", now=float(number))
    assert len(slowing._counts) <= 10_000
