"""What Django is told in the private wing: frontdesk, mailroom and office, as a function of a newsroom.

The promises:
 * The newsroom's database and Wagtail are not installed here; the readers' database is the only one.
 * The frontdesk's pages set no cookie and know no session; only the office signs anybody in.
 * Logs hold no addresses of people.
"""

from typing import Any, Literal
from urllib.parse import urlsplit

from stet.project.django_values import TEMPLATES, database, logging_values, read_secret, url_host
from stet.project.settings import Newsroom

Process = Literal["frontdesk", "mailroom", "office"]

PRIVATE_APPS = (
    "stet.readers",
    "stet.mailroom",
    "stet.frontdesk",
    "stet.office",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
)

OFFICE_MIDDLEWARE = (
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
)


def private_values(newsroom: Newsroom, process: Process, *, secret: str | None = None) -> dict[str, Any]:
    """Every Django setting of one process of the private wing."""
    url = newsroom.office_url if process == "office" else newsroom.frontdesk_url
    site = newsroom.settings.site
    return {
        "STET": newsroom,
        "SECRET_KEY": secret or read_secret(newsroom),
        "DEBUG": False,
        "ALLOWED_HOSTS": hosts(newsroom),
        "CSRF_TRUSTED_ORIGINS": [newsroom.office_url],
        "ROOT_URLCONF": "stet.office.urls" if process == "office" else "stet.frontdesk.urls",
        "INSTALLED_APPS": list(PRIVATE_APPS),
        "MIDDLEWARE": list(OFFICE_MIDDLEWARE) if process == "office" else [],
        "TEMPLATES": [TEMPLATES],
        # Django wants the name; nothing of this wing is ever routed there.
        "DATABASES": {"default": {}, "readers": database(newsroom.readers_database, key="database.readers")},
        "DATABASE_ROUTERS": ["stet.project.routers.ReadersAlone"],
        "DEFAULT_AUTO_FIELD": "django.db.models.BigAutoField",
        "LANGUAGE_CODE": site.languages[0],
        "TIME_ZONE": "UTC",
        "USE_I18N": True,
        "USE_TZ": True,
        "STATIC_ROOT": str(newsroom.folder / "data" / "office-static"),
        "STATIC_URL": "/static/",
        "DATA_UPLOAD_MAX_MEMORY_SIZE": 100_000,
        "DATA_UPLOAD_MAX_NUMBER_FIELDS": 200,
        "LOGGING": logging_values(newsroom.logs),
        "SESSION_COOKIE_NAME": "stet_office",
        "SESSION_COOKIE_AGE": 12 * 60 * 60,
        "SESSION_COOKIE_SAMESITE": "Strict",
        "SESSION_COOKIE_SECURE": url.startswith("https:"),
        "CSRF_COOKIE_NAME": "stet_office_csrf",
        "CSRF_COOKIE_SAMESITE": "Strict",
        "CSRF_COOKIE_SECURE": url.startswith("https:"),
        "SECURE_REFERRER_POLICY": "no-referrer",
        "X_FRAME_OPTIONS": "DENY",
        "LOGIN_URL": "office:sign_in",
        "LOGIN_REDIRECT_URL": "office:home",
        "LOGOUT_REDIRECT_URL": "office:sign_in",
    }


def hosts(newsroom: Newsroom) -> list[str]:
    """The host names that the wing's two servers answer to."""
    settings = newsroom.settings
    named = [urlsplit(url).hostname for url in (settings.frontdesk.base_url, settings.office.base_url) if url]
    own = [url_host(settings.frontdesk.host), url_host(settings.office.host)]
    return list(dict.fromkeys(["localhost", "127.0.0.1", "[::1]", *own, *filter(None, named)]))
