"""Signing in by password and code: where it leads, what it says, what it keeps, and that it needs no mail."""

from unittest import mock

import pytest
from allauth.mfa.models import Authenticator
from django.conf import LazySettings, settings
from django.contrib.auth import get_user_model
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, reverse
from wagtail.models import ModelLogEntry
from wagtail.users.models import UserProfile

from stet.newsroom.models import DeskSession
from stet.project.settings import Desk
from tests.newsroom.signing_in.builders import (
    PASSWORD,
    SECRET,
    an_editor,
    code_of,
    events,
    is_in,
    send_code,
    sign_in,
    with_app,
)

pytestmark = pytest.mark.django_db(databases=["default"])


def test_a_right_password_leads_to_the_page_that_was_wanted() -> None:
    an_editor()
    answer = Client().post("/login/", {"username": "mira", "password": PASSWORD, "next": "/images/"})
    assert answer.headers["Location"] == "/images/"


@pytest.mark.parametrize("wanted", ["https://evil.example.com/", "//evil.example.com", "javascript:alert(1)"])
def test_nobody_is_led_to_another_site(wanted: str) -> None:
    an_editor()
    answer = Client().post("/login/", {"username": "mira", "password": PASSWORD, "next": wanted})
    assert answer.headers["Location"] == "/"


@pytest.mark.parametrize("wanted", ["-1", "httpx", "wagtailadmin_logout", "ё" * 400])
def test_who_is_in_already_is_led_home_where_no_address_was_wanted(wanted: str) -> None:
    an_editor()
    client = Client()
    sign_in(client)
    assert client.post("/login/", {"next": wanted}).headers["Location"] == "/"


def test_after_the_password_the_desk_asks_for_the_code() -> None:
    with_app(an_editor())
    client = Client()
    assert sign_in(client).headers["Location"] == "/second-factor/authenticate/"
    assert not is_in(client), "The password alone opens nothing."
    assert "This is not right" in send_code(client, "000000").content.decode()
    assert not is_in(client)
    assert send_code(client, code_of()).headers["Location"] == "/"
    assert is_in(client)


def test_a_code_of_an_app_works_once() -> None:
    with_app(an_editor())
    first, second = Client(), Client()
    sign_in(first)
    sign_in(second)
    code = code_of()
    assert send_code(first, code).status_code == 302
    assert send_code(second, code).status_code == 200
    assert send_code(second, code_of(steps=-1)).status_code == 200, "An older one is used up, too."
    assert send_code(second, code_of(steps=1)).status_code == 302


def test_two_processes_know_of_each_other_that_a_code_was_used() -> None:
    with_app(an_editor())
    first, second = Client(), Client()
    sign_in(first)
    sign_in(second)
    code = code_of()
    assert send_code(first, code).status_code == 302
    with mock.patch("django.core.cache.cache.add", return_value=True):  # Another process has another memory.
        assert send_code(second, code).status_code == 200


def test_a_recovery_code_works_once() -> None:
    codes = with_app(an_editor())
    first, second = Client(), Client()
    sign_in(first)
    sign_in(second)
    assert send_code(first, codes[0]).status_code == 302
    assert send_code(second, codes[0]).status_code == 200
    assert send_code(second, codes[1]).status_code == 302
    assert ModelLogEntry.objects.filter(action="stet.signed_in").first().data["how"] == ["password", "recovery_codes"]


def test_secrets_of_codes_do_not_lie_in_the_database_as_they_are(settings: LazySettings) -> None:
    codes = with_app(an_editor())
    kept = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert SECRET not in kept
    assert not any(code in kept for code in codes)
    client = Client()
    sign_in(client)
    settings.SECRET_KEY = "another secret"
    sign_in(client)
    for code in (code_of(), codes[0]):
        assert send_code(client, code).status_code == 200, "Under another key nothing opens, and nothing breaks."
    client.force_login(get_user_model().objects.get())
    assert client.get("/second-factor/").status_code == 200


def test_a_name_that_nobody_has_is_answered_like_a_wrong_password() -> None:
    an_editor()
    an_editor("gone", is_active=False)
    pages = [sign_in(Client(), name, "wrong") for name in ("mira", "nobody", "gone")]
    assert [page.status_code for page in pages] == [200, 200, 200]
    said = {page.content.decode().partition("messages")[2].partition("</ul>")[0] for page in pages}
    assert len(said) == 1
    assert "match" in said.pop()


def test_a_name_that_nobody_has_costs_as_many_queries_and_hashes_as_one_that_somebody_has() -> None:
    an_editor()
    counted = []
    for name in ("mira", "nobody"):
        sign_in(Client(), name, "wrong")
        with (
            mock.patch("django.contrib.auth.hashers.MD5PasswordHasher.encode", return_value="md5$a$b") as hashed,
            CaptureQueriesContext(connection) as queries,
        ):
            sign_in(Client(), name, "wrong again")
        counted.append((len(queries), hashed.call_count))
    assert counted[0] == counted[1]


def test_who_has_no_second_factor_reaches_only_the_pages_that_set_one_up(settings: LazySettings) -> None:
    settings.STET_SECOND_FACTOR = "required"
    an_editor()
    client = Client()
    sign_in(client)
    for page in ("/", "/pages/", "/images/", "/account/", "/media/a.jpg", "/documents/1/a.pdf", "/users/"):
        answer = client.get(page)
        assert (answer.status_code, answer.headers.get("Location")) == (302, "/second-factor/"), page
    assert client.get("/images/", headers={"x-requested-with": "XMLHttpRequest"}).status_code == 403
    assert client.post("/pages/1/delete/").headers["Location"] == "/second-factor/"
    for page in ("/second-factor/", "/second-factor/webauthn/add/", "/second-factor/totp/activate/", "/sprite/"):
        assert client.get(page).status_code == 200, page
    page = client.get("/second-factor/totp/activate/").content.decode()
    secret = page.partition('id="totp-key">')[2].partition("<")[0]
    assert client.post("/second-factor/totp/activate/", {"code": code_of(secret)}).status_code == 302
    assert is_in(client)


def test_where_it_is_offered_the_password_opens_the_desk() -> None:
    an_editor()
    client = Client()
    sign_in(client)
    assert is_in(client)


def test_a_new_app_asks_for_the_password_unless_it_was_given_just_now() -> None:
    an_editor()
    client = Client()
    sign_in(client)
    assert client.get("/second-factor/totp/activate/").status_code == 200
    session = client.session
    session["account_authentication_methods"][0]["at"] -= 6 * 60
    session.save()
    answer = client.get("/second-factor/totp/activate/")
    assert answer.headers["Location"].startswith("/second-factor/password/?next=")
    again = answer.headers["Location"]
    assert client.get(again).status_code == 200
    assert "This is not your password" in client.post(again, {"password": "wrong"}).content.decode()
    assert client.post(again, {"password": PASSWORD}).headers["Location"] == "/second-factor/totp/activate/"
    assert client.get("/second-factor/totp/activate/").status_code == 200


@pytest.mark.parametrize(
    "credential",
    ["", "{}", "[]", "null", '"text"', '{"id": "a"}', '{"id": 5, "rawId": "x", "response": {"userHandle": "MQ"}}',
     '{"id": "YQ", "rawId": "YQ", "type": "public-key", "response": {"clientDataJSON": "e30", "authenticatorData": '
     '"AA", "signature": "AA", "userHandle": "MQ"}, "clientExtensionResults": {}}'],
)  # fmt: skip
def test_a_passkey_that_no_browser_made_is_refused_and_breaks_nothing(credential: str) -> None:
    with_app(an_editor())
    client = Client()
    client.get("/second-factor/webauthn/login/", headers={"accept": "application/json"})
    answer = client.post("/second-factor/webauthn/login/", {"credential": credential})
    assert answer.headers["Location"] == "/login/"
    sign_in(client)
    client.get("/second-factor/authenticate/")
    assert client.post("/second-factor/authenticate/", {"credential": credential}).status_code == 200
    assert not is_in(client)
    new = Client()
    get_user_model().objects.all().delete()
    an_editor("timur")
    sign_in(new, "timur")
    new.get("/second-factor/webauthn/add/")
    assert new.post("/second-factor/webauthn/add/", {"credential": credential}).status_code == 200
    assert not Authenticator.objects.exists()


def test_no_page_signs_up_confirms_or_resets_by_mail_and_none_is_sent() -> None:
    for name in ("account_signup", "account_reset_password", "account_email", "account_confirm_email"):
        with pytest.raises(NoReverseMatch):
            reverse(name)
    with_app(an_editor(email="mira@example.org"))
    client = Client()
    sign_in(client)
    send_code(client, code_of())
    client.post("/second-factor/totp/deactivate/")
    assert not Authenticator.objects.exists()
    assert mail.outbox == []
    assert client.get("/password_reset/").status_code == 404


def test_the_record_holds_who_and_how_and_no_address_no_browser_no_typed_name() -> None:
    mira = an_editor()
    with_app(mira)
    client = Client(headers={"user-agent": "A browser of its own"}, REMOTE_ADDR="203.0.113.7")
    sign_in(client, "hunter2 typed here", "wrong")
    sign_in(client, "mira", "wrong")
    sign_in(client)
    send_code(client, "000000")
    send_code(client, code_of())
    client.post("/logout/")
    assert events() == ["wrong_password", "wrong_password", "wrong_code", "signed_in", "signed_out"]
    assert events(mira) == ["wrong_password", "wrong_code", "signed_in", "signed_out"]
    entries = str(list(ModelLogEntry.objects.values_list("label", "data", "object_id")))
    rows = entries + str(list(DeskSession.objects.values())) + str(client.session.items())
    for secret in ("203.0.113", "A browser", "hunter2"):
        assert secret not in rows
    reader = Client()
    sign_in(reader)
    send_code(reader, code_of(steps=1))
    page = reader.get("/reports/site-history/").content.decode()
    assert "Signed in with: password, code from an app" in page
    assert "a name that nobody has" in page


def test_the_pages_speak_the_language_that_the_editor_chose() -> None:
    UserProfile.objects.create(user=an_editor(), preferred_language="fa")
    client = Client()
    sign_in(client)
    page = client.get("/second-factor/", headers={"accept-language": "en"}).content.decode()
    assert 'dir="rtl"' in page


def test_the_desk_says_where_passkeys_do_not_work_and_what_does() -> None:
    said = {
        "127.0.0.1:8001": "http://localhost:8001/login/",
        "localhost:8001": "Sign in with a passkey",
    }
    for host, words in said.items():
        assert words in Client().get("/login/", headers={"host": host}).content.decode(), host
    page = Client().get("/login/", headers={"host": "testserver"}).content.decode()
    assert "only at an https address with a name" in page
    page = Client().get("/login/", headers={"host": "testserver"}, secure=True).content.decode()
    assert "Sign in with a passkey" in page


def test_the_settings_ask_for_a_second_factor_unless_told_otherwise() -> None:
    assert Desk().second_factor == "required"
    assert settings.STET_SECOND_FACTOR == "offered", "These tests sign in without."
