"""What all answers have in common: shell, headers, no cookie, nothing in a log, a page for every failure."""

import logging
import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.db import OperationalError
from django.test import Client

from stet.frontdesk import answers, forms, limits, words
from stet.frontdesk.desk import Desk
from stet.frontdesk.limits import AT_ONCE, HERE_TIMES, Limits
from stet.frontdesk.origins import may_send
from stet.frontdesk.shell import set_answer
from stet.frontdesk.zones import OFFERED, offered_zones
from stet.kit.networks import network_of
from stet.readers import joining
from stet.readers.errors import FAULTS
from stet.readers.managing import is_time_zone
from stet.readers.models import Reader
from tests.frontdesk.conftest import (
    OWN,
    OWN_FORM,
    PAPER,
    a_reader,
    confirm_path,
    joining_form,
    manage_path,
    unsubscribe_path,
)

pytestmark = pytest.mark.django_db(databases=["readers"])


def every_answer(the: Desk, browser: Client) -> Iterator:
    """One of each kind of answer, good and bad."""
    reader = a_reader(the)
    manage = manage_path(the, reader)
    yield browser.get("/")
    yield browser.get("/en/join")
    yield browser.post("/en/join", joining_form(email="bob@example.org"))
    yield browser.post("/en/join", joining_form(email="bob"))
    yield browser.get("/en/manage-link")
    yield browser.get(confirm_path(the))
    yield browser.get(unsubscribe_path(the, reader))
    yield browser.get(manage)
    yield browser.get(f"{manage}/erase")
    yield browser.get(f"{manage}/download")
    yield browser.post(manage, {"do": "nothing"}, **OWN_FORM)
    yield browser.get("/nowhere")
    yield browser.get("/confirm/nothing")
    yield browser.put("/en/join")
    yield browser.delete(manage)
    yield browser.post("/en/join", {"email": "a" * 20_000})
    yield browser.post(manage, HTTP_ORIGIN="https://strange.example")
    yield browser.post(unsubscribe_path(the, reader), {"List-Unsubscribe": "One-Click"})


def test_every_answer_is_sealed_and_sets_no_cookie(the: Desk, browser: Client) -> None:
    for answer in every_answer(the, browser):
        assert not answer.cookies
        assert "Vary" not in answer.headers
        assert answer["Cache-Control"] == "no-store"
        assert answer["Referrer-Policy"] == "no-referrer"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Security-Policy"] == (
            f"default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data: {PAPER}; form-action 'self' {OWN}; "
            f"base-uri {PAPER}; frame-ancestors 'none'"
        )


def test_every_page_stands_in_the_printed_shell(the: Desk, browser: Client) -> None:
    for answer in every_answer(the, browser):
        if not answer["Content-Type"].startswith("text/html") or answer.status_code == 302:
            continue
        page = answer.content.decode()
        assert "SHELL-OF-en" in page
        assert "<!--stet" not in page
        assert (f'<base href="{PAPER}/">' in page) is not ('<a class="skip" href="#main">' in page)
        assert re.search(r"<title>[^<]+ — The Far Shore</title>", page)
        assert page.count("<h1>") == 1
        assert "<script" not in page


def test_links_inside_a_page_and_forms_lead_past_the_base(the: Desk, browser: Client) -> None:
    path = manage_path(the, a_reader(the))
    page = browser.get(path).content.decode()
    assert f'<a class="skip" href="{OWN}{path}#main">' in page
    assert set(re.findall(r'action="([^"]*)"', page)) == {f"{OWN}{path}"}
    assert not re.findall(r'href="(?!https://)', page)


BROKEN = ("/en/you/CANARYTOKEN0123", "/en/leave/CANARY%2FTO%C3%A9KEN", "/CANARY", "/en/give/CANARY/?token=CANARY")


@pytest.mark.parametrize("path", BROKEN)
def test_a_page_of_an_address_that_is_wrong_does_not_repeat_it(the: Desk, browser: Client, path: str) -> None:
    answer = browser.get(path)
    page = answer.content.decode()
    assert answer.status_code == 404
    assert "CANARY" not in page
    assert '<a class="skip" href="#main">' in page
    assert "<base" not in page
    assert "<!--stet" not in page
    assert not re.findall(r'(?:href|src|action)="(?!https://|#)', page)


def test_what_the_shell_links_to_from_the_root_is_led_to_the_paper() -> None:
    shell = (
        '<!--stet:base--><title><!--stet:title--></title><a href="#main">x</a><a href="/ru/">y</a>'
        '<a href="//other.example.org/">z</a><img src="/a.avif" srcset="/a.avif 160w, /b.avif 320w,https://e.org/c 1x">'
        '<a href="https://example.org/about/">w</a><!--stet:answer-->'
    )
    page = set_answer(shell, "said", title="T", paper_url=PAPER, here="")
    assert re.findall(r'(?:href|src|srcset)="([^"]*)"', page) == [
        "#main", f"{PAPER}/ru/", "//other.example.org/", f"{PAPER}/a.avif",
        f"{PAPER}/a.avif 160w, {PAPER}/b.avif 320w,https://e.org/c 1x", "https://example.org/about/",
    ]  # fmt: skip


def test_every_field_has_a_label(the: Desk, browser: Client) -> None:
    for path in ("/en/join", "/en/manage-link", manage_path(the, a_reader(the))):
        page = browser.get(path).content.decode()
        for attributes in re.findall(r"<(?:input|select)\b([^>]*)>", page):
            if 'type="hidden"' in attributes:
                continue
            identity = re.search(r'\bid="([^"]+)"', attributes)
            is_wrapped = re.search(rf"<label[^>]*>(?:(?!</label>).)*{re.escape(attributes)}", page, re.DOTALL)
            assert (identity and f'for="{identity[1]}"' in page) or is_wrapped, attributes
        identities = re.findall(r'\bid="([^"]+)"', page)
        assert len(identities) == len(set(identities))


STATUSES = {
    "a page that does not exist": ("get", "/nowhere", {}, 404),
    "a method that is not meant": ("put", "/en/join", {}, 405),
    "too much": ("post", "/en/join", {"data": {"email": "a" * 20_000}}, 413),
    "too many fields": (
        "post", "/en/join", {"data": "a=1&" * 1200, "content_type": "application/x-www-form-urlencoded"}, 400,
    ),
    "a body that is cut off": (
        "post", "/en/join",
        {"data": b"--x\r\nContent-Disposition: form-data", "content_type": "multipart/form-data; boundary="}, 400,
    ),
    "a length that is none": (
        "post", "/en/join", {"data": b"", "content_type": "text/plain", "CONTENT_LENGTH": "many"}, 413,
    ),
    "nothing at all": ("post", "/en/join", {"data": b"", "content_type": "application/x-www-form-urlencoded"}, 400),
    "bytes that are no text": (
        "post", "/en/join", {"data": b"email=%ff%fe", "content_type": "application/x-www-form-urlencoded"}, 400,
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", STATUSES)
def test_what_cannot_be_taken_is_answered_with_a_page(browser: Client, case: str) -> None:
    method, path, options, status = STATUSES[case]
    answer = getattr(browser, method)(path, **options)
    assert answer.status_code == status
    assert b"SHELL-OF-en" in answer.content
    assert Reader.objects.count() == 0


@pytest.mark.parametrize(
    ("error", "status"), [(OperationalError("ada@example.org"), 503), (ValueError("ada@example.org"), 500)]
)
def test_a_failure_is_noted_without_what_it_was_about(
    browser: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, error: Exception, status: int
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(joining, "sign_up", fail)
    answer = browser.post("/en/join", joining_form())
    assert answer.status_code == status
    assert b"Traceback" not in answer.content
    assert "letters@example.org" in answer.content.decode()
    assert f"An answer failed: {type(error).__name__} at test_answers.py:" in caplog.text
    assert "ada" not in caplog.text


def test_the_language_of_a_page_without_one_follows_the_browser(browser: Client) -> None:
    cases = {"fa-IR,fa;q=0.9": "fa", "ru": "ru", "de,ru;q=0.5": "ru", "de": "en", "": "en", "*": "en", "x" * 5000: "en"}
    for accepted, language in cases.items():
        answer = browser.get("/confirm/nothing", HTTP_ACCEPT_LANGUAGE=accepted)
        assert f"SHELL-OF-{language}" in answer.content.decode(), accepted


# --- Canary ---


def test_no_address_token_or_network_reaches_a_log(
    the: Desk, browser: Client, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level(logging.DEBUG)
    logging.getLogger("django.db.backends").setLevel(logging.INFO)  # statements are logged in debug mode only
    from_tor = {"REMOTE_ADDR": "198.51.100.77", "HTTP_X_FORWARDED_FOR": "203.0.113.99"}
    canary = "canary.seven@example.org"
    reader = a_reader(the, canary)
    tokens = [
        path.split("/")[2] for path in (manage_path(the, reader), unsubscribe_path(the, reader), confirm_path(the))
    ]
    paths = [f"/{word}/{token}" for word in ("confirm", "unsubscribe", "manage", "change") for token in tokens]
    for path in (
        *paths,
        *(f"/manage/{tokens[0]}/{word}" for word in ("erase", "download", "nothing")),
        "/x/" + tokens[0],
    ):
        for call in (browser.get, browser.post, browser.put):
            if not (path.endswith("erase") and call == browser.post):
                call(path, **from_tor)
    for email in (
        canary,
        f"{canary}\r\nBcc: {canary}",
        f'"{canary}"',
        canary + "x" * 20_000,
        f"{canary}@",
        f"<{canary}>",
    ):
        for path in ("/en/join", "/en/manage-link"):
            browser.post(path, joining_form(email=email), **from_tor)
        browser.post(f"/manage/{tokens[0]}", {"do": "address", "email": email}, **from_tor)
    browser.get(f"/en/join?email={canary}", **from_tor)
    browser.get("/en/join", HTTP_HOST=canary, **from_tor)
    browser.post("/en/join", {f"{canary}{n}": canary for n in range(1200)}, **from_tor)
    for _ in range(AT_ONCE + 5):
        browser.post("/en/manage-link", {"email": canary}, **from_tor)
    monkeypatch.setattr(joining, "sign_up", lambda address, *_, **__: int(address.text))
    browser.post("/en/join", joining_form(email=canary), REMOTE_ADDR="192.0.2.3")
    browser.post(f"/manage/{tokens[0]}/erase", **OWN_FORM, **from_tor)
    assert "An answer failed: ValueError" in caplog.text
    for secret in ("canary", "seven", *tokens, *(token[:22] for token in tokens), "198.51.100", "203.0.113", "192.0.2"):
        assert secret not in caplog.text, secret


# --- Limits ---


class StandingSeconds:
    now = 1_000.0

    def __call__(self) -> float:
        return self.now


def test_a_network_may_send_sixty_forms_and_then_one_a_minute() -> None:
    seconds = StandingSeconds()
    limits = Limits(seconds)
    assert [limits.seconds_to_wait("192.0.2.0/24") for _ in range(AT_ONCE)] == [0] * AT_ONCE
    assert limits.seconds_to_wait("192.0.2.0/24") == 60
    assert limits.seconds_to_wait("198.51.100.0/24") == 0
    seconds.now += 59
    assert limits.seconds_to_wait("192.0.2.0/24") == 1
    seconds.now += 1.5
    assert [limits.seconds_to_wait("192.0.2.0/24") for _ in range(2)] == [0, 60]


def test_being_refused_does_not_make_the_wait_longer() -> None:
    seconds = StandingSeconds()
    limits = Limits(seconds)
    for _ in range(AT_ONCE + 500):
        limits.seconds_to_wait("192.0.2.0/24")
    assert limits.seconds_to_wait("192.0.2.0/24") <= 60


def test_a_network_that_was_quiet_for_an_hour_is_forgotten() -> None:
    seconds = StandingSeconds()
    limits = Limits(seconds)
    for _ in range(AT_ONCE):
        limits.seconds_to_wait("192.0.2.0/24")
    seconds.now += 3600
    limits.seconds_to_wait("198.51.100.0/24")
    assert len(limits._used) == 1
    assert [limits.seconds_to_wait("192.0.2.0/24") for _ in range(AT_ONCE)] == [0] * AT_ONCE


def test_the_memory_of_networks_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_NETWORKS", 100)
    crowd = Limits(StandingSeconds())
    for number in range(500):
        crowd.seconds_to_wait(f"10.0.{number}.0/24")
    assert len(crowd._used) == 100


def test_a_network_is_not_kept_as_one() -> None:
    first, second = Limits(StandingSeconds()), Limits(StandingSeconds())
    for one in (first, second):
        one.seconds_to_wait("192.0.2.0/24")
    assert first._used.keys().isdisjoint(second._used.keys())
    assert b"192.0.2" not in b"".join(first._used)


def test_readers_behind_one_onion_service_have_more() -> None:
    limits = Limits(StandingSeconds())
    assert {limits.seconds_to_wait("here") for _ in range(AT_ONCE * HERE_TIMES)} == {0}
    assert limits.seconds_to_wait("here") == 6


NETWORKS = {
    "IPv4": ({"REMOTE_ADDR": "192.0.2.77"}, "192.0.2.0/24"),
    "IPv6": ({"REMOTE_ADDR": "2001:db8:1:2::7"}, "2001:db8:1::/48"),
    "IPv4 inside IPv6": ({"REMOTE_ADDR": "::ffff:192.0.2.77"}, "192.0.2.0/24"),
    "a proxy on this machine": ({"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "192.0.2.77"}, "192.0.2.0/24"),
    "what a client told that proxy": (
        {"REMOTE_ADDR": "::1", "HTTP_X_FORWARDED_FOR": "203.0.113.5, 192.0.2.77"}, "192.0.2.0/24",
    ),
    "a proxy that names nobody": ({"REMOTE_ADDR": "127.0.0.1"}, "here"),
    "a header from outside": ({"REMOTE_ADDR": "198.51.100.9", "HTTP_X_FORWARDED_FOR": "192.0.2.77"}, "198.51.100.0/24"),
    "nonsense": ({"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "nonsense"}, "here"),
    "a socket": ({"REMOTE_ADDR": ""}, "here"),
}  # fmt: skip


@pytest.mark.parametrize("case", NETWORKS)
def test_the_network_of_a_request_is_this(case: str) -> None:
    environment, network = NETWORKS[case]
    assert network_of(environment) == network


def test_too_many_forms_are_answered_politely_and_only_forms_that_mail_strangers(the: Desk, browser: Client) -> None:
    reader = a_reader(the)
    for _ in range(AT_ONCE):
        browser.post("/en/join", joining_form(), REMOTE_ADDR="192.0.2.9")
    answer = browser.post("/en/join", joining_form(), REMOTE_ADDR="192.0.2.9")
    assert (answer.status_code, answer["Retry-After"]) == (429, "60")
    assert "send it again in 1 minute." in answer.content.decode()
    assert browser.post("/en/join", joining_form(), REMOTE_ADDR="203.0.113.9").status_code == 200
    assert browser.get("/en/join", REMOTE_ADDR="192.0.2.9").status_code == 200
    assert browser.get(manage_path(the, reader), REMOTE_ADDR="192.0.2.9").status_code == 200
    leaving = browser.post(unsubscribe_path(the, reader), {"List-Unsubscribe": "One-Click"}, REMOTE_ADDR="192.0.2.9")
    assert leaving.status_code == 200


# --- Origins ---

SENT = {
    "the frontdesk's own page, with an origin": ({"Origin": OWN}, True),
    "the frontdesk's own page, without a referrer": ({"Origin": "null", "Sec-Fetch-Site": "same-origin"}, True),
    "the paper": ({"Origin": PAPER, "Sec-Fetch-Site": "same-site"}, True),
    "no page at all": ({"Sec-Fetch-Site": "none"}, True),
    "an old browser that says nothing": ({}, True),
    "an old browser without a referrer": ({"Origin": "null"}, True),
    "a strange page": ({"Origin": "https://strange.example", "Sec-Fetch-Site": "cross-site"}, False),
    "a strange page in an old browser": ({"Origin": "https://strange.example"}, False),
    "a strange page that hides": ({"Origin": "null", "Sec-Fetch-Site": "cross-site"}, False),
    "a sister host that hides": ({"Origin": "null", "Sec-Fetch-Site": "same-site"}, False),
    "a name that begins like ours": ({"Origin": f"{OWN}.strange.example"}, False),
}


@pytest.mark.parametrize("case", SENT)
def test_a_form_with_a_token_comes_from_here(case: str) -> None:
    headers, is_taken = SENT[case]
    assert may_send(headers, known=(OWN, PAPER)) is is_taken


# --- Words and zones ---


def test_every_fault_of_an_address_is_said() -> None:
    assert words.ADDRESS_FAULTS.keys() == FAULTS.keys()


def test_every_time_zone_that_is_offered_is_one() -> None:
    assert all(is_time_zone(name) for name in OFFERED)
    assert len(set(OFFERED)) == len(OFFERED)


def test_time_zones_run_from_west_to_east_in_the_readers_words() -> None:
    now = datetime(2026, 11, 25, tzinfo=UTC)
    zones = offered_zones("ru", now=now)
    assert zones[0][0] == "Pacific/Honolulu"
    assert zones[-1][0] == "Pacific/Auckland"
    assert dict(zones)["Europe/Riga"].startswith("Рига (")
    assert "UTC+2:00" in dict(zones)["Europe/Riga"]
    assert ("Antarctica/Troll", "Troll") in [
        (n, w.split(" (")[0]) for n, w in offered_zones("en", now=now, chosen="Antarctica/Troll")
    ]


def test_a_pause_is_offered_in_words() -> None:
    from stet.frontdesk.own_page import _pause_words

    assert all(_pause_words(days) for days in forms.PAUSES)


def test_the_body_limit_leaves_room_for_every_form() -> None:
    assert answers.MOST_BODY_BYTES > 20 * 254
