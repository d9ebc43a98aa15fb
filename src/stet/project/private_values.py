"""What Django is told in the private wing: frontdesk, mailroom, ledger and office, as a function of a newsroom.

The promises:
 * The newsroom's database and Wagtail are not installed here; the readers' database is the only one.
 * The frontdesk's pages set no cookie and know no session; only the office signs anybody in.
 * Only the office needs a secret for what it gives to browsers, and it has one of its own: the desk's stays at the
   desk.
 * Logs hold no addresses of people, and no path that was asked for: links in letters say who was written to.
"""

import secrets
from typing import Any, Literal
from urllib.parse import urlsplit

from stet.project.django_values import (
    PASSWORD_VALIDATORS,
    TEMPLATES,
    database,
    desk_languages,
    read_secret,
    url_host,
)
from stet.project.logs import logging_values
from stet.project.settings import Newsroom

Process = Literal["frontdesk", "mailroom", "ledger", "office"]

OFFICE_SECRET_FILE = "office-secret"  # noqa: S105 - a file's name, not a secret

PRIVATE_APPS = (
    "stet.readers",
    "stet.ledger",
    "stet.mailroom",
    "stet.frontdesk",
    "stet.office",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
)

OFFICE_MIDDLEWARE = (
    "django.middleware.security.SecurityMiddleware",
    "stet.office.middleware.content_security_policy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "stet.office.middleware.StaffOnly",
)

OFFICE_TEMPLATES: dict[str, Any] = {
    **TEMPLATES,
    "OPTIONS": {"context_processors": [*TEMPLATES["OPTIONS"]["context_processors"], "stet.office.context.office"]},
}


def private_values(newsroom: Newsroom, process: Process, *, secret: str | None = None) -> dict[str, Any]:
    """Every Django setting of one process of the private wing."""
    url = newsroom.office_url if process == "office" else newsroom.frontdesk_url
    site = newsroom.settings.site
    return {
        "STET": newsroom,
        "SECRET_KEY": secret or secret_of(newsroom, process),
        "DEBUG": False,
        "ALLOWED_HOSTS": hosts(newsroom),
        "CSRF_TRUSTED_ORIGINS": [newsroom.office_url],
        "ROOT_URLCONF": "stet.office.urls" if process == "office" else "stet.frontdesk.urls",
        "INSTALLED_APPS": list(PRIVATE_APPS),
        "MIDDLEWARE": list(OFFICE_MIDDLEWARE) if process == "office" else [],
        "TEMPLATES": [OFFICE_TEMPLATES if process == "office" else TEMPLATES],
        # Django wants the name; nothing of this wing is ever routed there.
        "DATABASES": {"default": {}, "readers": database(newsroom.readers_database, key="database.readers")},
        "DATABASE_ROUTERS": ["stet.project.routers.ReadersAlone"],
        "DEFAULT_AUTO_FIELD": "django.db.models.BigAutoField",
        "LANGUAGE_CODE": site.languages[0],
        "LANGUAGES": desk_languages(site.languages),
        "TIME_ZONE": site.time_zone if process == "office" else "UTC",
        "USE_I18N": True,
        "USE_TZ": True,
        "DATA_UPLOAD_MAX_MEMORY_SIZE": 100_000,
        "DATA_UPLOAD_MAX_NUMBER_FIELDS": 200,
        # What is uploaded, such as a relay's log, names readers: it is read in memory and touches no disk.
        "FILE_UPLOAD_HANDLERS": ["django.core.files.uploadhandler.MemoryFileUploadHandler"],
        "FILE_UPLOAD_MAX_MEMORY_SIZE": 50_000_000,
        "AUTH_PASSWORD_VALIDATORS": PASSWORD_VALIDATORS,
        "LOGGING": private_logging(newsroom),
        "SESSION_COOKIE_NAME": "stet_office",
        "SESSION_COOKIE_AGE": 12 * 60 * 60,
        "SESSION_COOKIE_SAMESITE": "Strict",
        "SESSION_COOKIE_SECURE": url.startswith("https:"),
        "CSRF_FAILURE_VIEW": "stet.office.views.failing.csrf_failure",
        "CSRF_COOKIE_NAME": "stet_office_csrf",
        "CSRF_COOKIE_SAMESITE": "Strict",
        "CSRF_COOKIE_HTTPONLY": True,
        "CSRF_COOKIE_SECURE": url.startswith("https:"),
        # With "no-referrer" a browser hides the origin of a form that is sent to its own site.
        "SECURE_REFERRER_POLICY": "same-origin",
        "X_FRAME_OPTIONS": "DENY",
        "LOGIN_URL": "office:sign_in",
        "LOGIN_REDIRECT_URL": "office:home",
        "LOGOUT_REDIRECT_URL": "office:sign_in",
    }


def secret_of(newsroom: Newsroom, process: Process) -> str:
    """What Django signs with: the office's own key file; elsewhere nothing is signed, and a fresh one will do."""
    return read_secret(newsroom, OFFICE_SECRET_FILE) if process == "office" else secrets.token_urlsafe(50)


def private_logging(newsroom: Newsroom) -> dict[str, Any]:
    """The desk's way of logging, without the paths of requests and without what errors say."""
    values = logging_values(newsroom.logs)
    values["filters"] = {
        "no_paths": {"()": "stet.project.logs.WithoutPaths"},
        "no_messages_of_errors": {"()": "stet.project.logs.WithoutMessagesOfErrors"},
    }
    for handler in values["handlers"].values():
        handler["filters"] = list(values["filters"])
    return values


def hosts(newsroom: Newsroom) -> list[str]:
    """The host names that the wing's two servers answer to."""
    settings = newsroom.settings
    named = [urlsplit(url).hostname for url in (settings.frontdesk.base_url, settings.office.base_url) if url]
    own = [url_host(settings.frontdesk.host), url_host(settings.office.host)]
    named.append(newsroom.onion_address)
    return list(dict.fromkeys(["localhost", "127.0.0.1", "[::1]", *own, *filter(None, named)]))
