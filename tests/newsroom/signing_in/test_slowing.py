"""Guessing is slowed, and nobody is locked out: lanes by account, network and browser, in the database."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from unittest import mock

import pytest
from django.test import Client

from stet.newsroom.models import WrongTries
from stet.newsroom.signing_in import slowing
from stet.project.scheduler import forget_sign_ins
from tests.newsroom.signing_in.builders import PASSWORD, an_editor, code_of, is_in, send_code, sign_in, with_app

pytestmark = pytest.mark.django_db(databases=["default"])


class Hands:
    """A clock that the test moves."""

    def __init__(self) -> None:
        self.now = datetime.now(UTC)

    def move(self, **by: float) -> None:
        self.now += timedelta(**by)


@pytest.fixture
def clock() -> Iterator[Hands]:
    hands = Hands()
    with mock.patch("django.utils.timezone.now", side_effect=lambda: hands.now):
        yield hands


def fail(times: int, name: str = "mira", address: str = "203.0.113.7", clock: Hands | None = None) -> int:
    """Guess so often, waiting where one has to; answer how long the next try waits."""
    client = Client(REMOTE_ADDR=address)
    for _ in range(times):
        answer = sign_in(client, name, "wrong")
        while answer.status_code == 429:
            assert clock
            clock.move(seconds=int(answer.headers["Retry-After"]))
            answer = sign_in(client, name, "wrong")
        assert answer.status_code == 200
    answer = sign_in(client, name, PASSWORD)
    return int(answer.headers.get("Retry-After", 0))


def test_five_tries_are_free_then_each_waits_twice_as_long_up_to_a_quarter_of_an_hour(clock: Hands) -> None:
    an_editor()
    waits = [fail(5)] + [fail(1, clock=clock) for _ in range(11)]
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]


def test_the_right_password_works_after_the_wait_and_not_before(clock: Hands) -> None:
    an_editor()
    wait = fail(8, clock=clock)
    client = Client(REMOTE_ADDR="203.0.113.9")
    answer = sign_in(client)
    assert answer.status_code == 429
    assert f"Too many tries. Wait {wait} seconds and try again." in answer.content.decode()
    assert not is_in(client)
    clock.move(seconds=wait)
    assert sign_in(client).status_code == 302
    assert is_in(client)
    assert fail(4) == 0, "A right one forgets the wrong ones."


def test_waiting_is_said_of_a_name_that_nobody_has_too(clock: Hands) -> None:
    an_editor()
    assert fail(6, clock=clock) == fail(6, "nobody", clock=clock)


def test_another_network_and_another_account_are_not_slowed(clock: Hands) -> None:
    an_editor()
    an_editor("timur")
    assert fail(6, clock=clock) > 0
    assert sign_in(Client(REMOTE_ADDR="203.0.113.250")).status_code == 429, "The same /24."
    assert sign_in(Client(REMOTE_ADDR="198.51.100.7")).status_code == 302
    assert sign_in(Client(REMOTE_ADDR="203.0.113.7"), "timur").status_code == 302


def test_a_network_that_tries_many_names_is_slowed_for_all_of_them(clock: Hands) -> None:
    an_editor()
    for number in range(20):
        sign_in(Client(REMOTE_ADDR=f"2001:db8:5:{number:x}::1"), f"name {number}", "wrong")
    assert sign_in(Client(REMOTE_ADDR="2001:db8:5:ffff::9")).status_code == 429, "The same /48."
    assert sign_in(Client(REMOTE_ADDR="2001:db8:6::9")).status_code == 302


def test_the_network_is_the_one_that_a_server_in_front_names_and_nobody_else(clock: Hands) -> None:
    an_editor()
    for _ in range(6):
        sign_in(Client(), "mira", "wrong", headers={"x-forwarded-for": "203.0.113.7"})
    assert sign_in(Client(), headers={"x-forwarded-for": "203.0.113.8"}).status_code == 429
    assert sign_in(Client(), headers={"x-forwarded-for": "198.51.100.7"}).status_code == 302
    other = Client(REMOTE_ADDR="203.0.113.9")
    assert sign_in(other, headers={"x-forwarded-for": "198.51.100.7"}).status_code == 429


def test_who_guesses_from_everywhere_does_not_lock_out_a_browser_that_the_account_knows(clock: Hands) -> None:
    an_editor()
    at_home = Client(REMOTE_ADDR="192.0.2.1")
    sign_in(at_home)
    at_home.post("/logout/")
    for number in range(60):
        sign_in(Client(REMOTE_ADDR=f"198.51.{number}.7"), "mira", "wrong")
    assert sign_in(Client(REMOTE_ADDR="192.0.2.99")).status_code == 429, "A browser that it does not know waits."
    at_home.defaults["REMOTE_ADDR"] = "198.51.3.9"
    assert sign_in(at_home).status_code == 302
    assert is_in(at_home)


def test_a_known_browser_is_slowed_by_its_own_tries(clock: Hands) -> None:
    an_editor()
    client = Client()
    sign_in(client)
    client.post("/logout/")
    for _ in range(5):
        assert sign_in(client, "mira", "wrong").status_code == 200
    assert sign_in(client).status_code == 429


def test_codes_are_slowed_too_and_the_right_one_works_after_the_wait(clock: Hands) -> None:
    with_app(an_editor())
    client = Client()
    sign_in(client)
    for _ in range(6):
        send_code(client, "000000")
        clock.move(seconds=0.2)
    page = send_code(client, code_of()).content.decode()
    assert "Too many tries" in page
    clock.move(seconds=5)
    assert send_code(client, code_of()).status_code == 302


def test_what_is_kept_names_nobody_and_goes_after_thirty_days(clock: Hands) -> None:
    an_editor()
    for _ in range(2):
        sign_in(Client(REMOTE_ADDR="203.0.113.7"), "mira", "wrong")
    kept = str(list(WrongTries.objects.values()))
    assert WrongTries.objects.count() == 3
    assert "mira" not in kept
    assert "203.0.113" not in kept
    slowing.forget_old(now=clock.now + timedelta(days=29))
    assert WrongTries.objects.count() == 3
    slowing.forget_old(now=clock.now + timedelta(days=30, seconds=1))
    assert WrongTries.objects.count() == 0


def test_a_day_without_wrong_tries_begins_anew(clock: Hands) -> None:
    an_editor()
    assert fail(9, clock=clock) > 0
    clock.move(days=1, seconds=1)
    assert fail(4) == 0


def test_the_worker_forgets_what_is_over() -> None:
    an_editor()
    sign_in(Client(), "mira", "wrong")
    WrongTries.objects.update(last=datetime.now(UTC) - timedelta(days=31))
    forget_sign_ins()
    assert not WrongTries.objects.exists()
