"""The office as its own process has it, over the test databases: its addresses, its middleware, its templates."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.test import Client

from stet.kit.digests import to_base64url
from stet.office.slowing import Slowing
from stet.office.views import signing
from stet.project.private_values import private_values
from stet.project.settings import Mailroom, Newsroom, Settings, Site

OFFICE = (
    "STET", "ROOT_URLCONF", "MIDDLEWARE", "TEMPLATES", "LANGUAGES", "LOGIN_URL", "LOGIN_REDIRECT_URL",
    "LOGOUT_REDIRECT_URL", "ALLOWED_HOSTS", "CSRF_FAILURE_VIEW", "CSRF_COOKIE_NAME", "CSRF_COOKIE_SAMESITE",
    "CSRF_COOKIE_HTTPONLY", "SESSION_COOKIE_NAME", "SESSION_COOKIE_AGE", "SESSION_COOKIE_SAMESITE",
    "SECURE_REFERRER_POLICY", "X_FRAME_OPTIONS", "DATA_UPLOAD_MAX_MEMORY_SIZE", "FILE_UPLOAD_HANDLERS",
    "FILE_UPLOAD_MAX_MEMORY_SIZE",
)  # fmt: skip
PASSWORD = "a-long-password-2"


@pytest.fixture
def newsroom(tmp_path: Path) -> Newsroom:
    """A newsroom in three languages with a mail server for trials, and the look-up key of the readers' builders."""
    for name in ("keys", "data/mailbox", "edition/site"):
        (tmp_path / name).mkdir(parents=True)
    made = Newsroom(
        folder=tmp_path,
        settings=Settings(
            site=Site(languages=("en", "ru", "fa"), time_zone="Europe/Riga"),
            mailroom=Mailroom(smtp_host="127.0.0.1", sender="letters@far-shore.example.org", sink="data/mailbox"),
        ),
    )
    made.lookup_key.write_text(to_base64url(b"l" * 32) + "\n")
    made.link_key.write_text(to_base64url(b"k" * 32) + "\n")
    return made


@pytest.fixture(autouse=True)
def office(settings: object, newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    """Django's settings are the office's, as far as they differ."""
    values = private_values(newsroom, "office", secret="a secret for tests only")
    for name in OFFICE:
        setattr(settings, name, values[name])
    settings.ALLOWED_HOSTS = ["testserver", *values["ALLOWED_HOSTS"]]  # type: ignore[attr-defined]
    monkeypatch.setattr(signing, "SLOWING", Slowing())


@pytest.fixture
def person(db: None) -> Callable[..., Client]:
    """Somebody who is signed in, as "viewer", "letters", "finance", "admin", or "outsider", who is no staff."""

    def make(role: str) -> Client:
        account = get_user_model().objects.create_user(
            username=role, password=PASSWORD, is_staff=role != "outsider", is_superuser=role == "admin"
        )
        if role in ("letters", "finance"):
            account.groups.add(Group.objects.get_or_create(name=role)[0])
        client = Client()
        client.force_login(account)
        return client

    return make


@pytest.fixture
def viewer(person: Callable[..., Client]) -> Client:
    return person("viewer")


@pytest.fixture
def keeper(person: Callable[..., Client]) -> Client:
    """Somebody who may steer letters."""
    return person("letters")


@pytest.fixture
def finance(person: Callable[..., Client]) -> Client:
    """Somebody who keeps the books."""
    return person("finance")
