"""What Django and Wagtail are told, as a function of a newsroom.

The promises:
 * The desk calls nobody: no gravatar, no update check, no news of releases, no pages that load from a CDN.
 * SQLite is opened so that several editors at once never meet a locked database.
 * The readers' database is not installed here: the private wing has settings of its own (`private_values`).
 * Logs hold no addresses of people.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.conf.locale import LANG_INFO

from stet.project.errors import NewsroomMissingError, SettingError
from stet.project.logs import logging_values
from stet.project.settings import Desk, Newsroom

if TYPE_CHECKING:
    from stet.newsroom.paper import Paper
    from stet.newsroom.photos.originals import Originals
    from stet.sourcing.copies import EvidenceFolder

SECRET_FILE = "desk-secret"  # noqa: S105 - a file's name, not a secret

ROOMS = ("stet.newsroom", "stet.letters", "stet.appeals", "stet.sourcing", "stet.intake")

APPS = (
    *ROOMS,
    "wagtail.contrib.redirects",
    "wagtail.contrib.settings",
    "wagtail.contrib.simple_translation",
    "wagtail.contrib.table_block",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail.locales",
    "wagtail",
    "modelcluster",
    "taggit",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_filters",
    "django_tasks",
    "django_tasks_db",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
)

MIDDLEWARE = (
    "django.middleware.security.SecurityMiddleware",
    "stet.project.middleware.content_security_policy",
    "stet.project.middleware.only_shared_drafts",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",  # The sign-in page speaks what the browser asks for.
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "stet.newsroom.signing_in.middleware.SignedIn",
    "stet.newsroom.desk_errors.DeskErrors",
    "allauth.account.middleware.AccountMiddleware",  # After DeskErrors: it answers first what allauth raises.
    "stet.newsroom.roles.guard.Guarded",
    "stet.newsroom.audit.exports.ExportsLogged",
    "stet.newsroom.holding.HeldPages",
)

UPLOAD_HANDLERS = (
    "stet.newsroom.uploads.PhotoUpload",  # What a camera wrote into a photo never lies on a disk.
    "stet.sourcing.uploads.EvidenceUpload",  # What is to be sealed never lies on a disk unsealed.
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
)

SQLITE_OPTIONS = {
    # Writers take their turn at BEGIN and wait for it; a read lock that is upgraded later cannot wait.
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA mmap_size=2147418112;"
    "PRAGMA temp_store=MEMORY;PRAGMA cache_size=-16000",
}


def django_values(newsroom: Newsroom, *, secret: str | None = None) -> dict[str, Any]:
    """Every Django setting of `newsroom`. The secret is read from its key file where none is given."""
    site, desk = newsroom.settings.site, newsroom.settings.desk
    desk_url = newsroom.desk_url
    languages = [(code, native_name(code)) for code in site.languages]
    return {
        "STET": newsroom,
        "STET_PAPER": paper(newsroom),
        "STET_EVIDENCE": evidence_folder(newsroom),
        "STET_ORIGINALS": originals(newsroom),
        "SECRET_KEY": secret or read_secret(newsroom, SECRET_FILE),
        "DEBUG": False,
        "ALLOWED_HOSTS": allowed_hosts(desk),
        "CSRF_TRUSTED_ORIGINS": [desk_url],
        "ROOT_URLCONF": "stet.project.urls",
        "WSGI_APPLICATION": "stet.project.desk_server.application",
        "INSTALLED_APPS": list(APPS),
        "MIDDLEWARE": list(MIDDLEWARE),
        "TEMPLATES": [TEMPLATES],
        "DATABASES": {"default": database(newsroom.newsroom_database, key="database.newsroom")},
        "DATABASE_ROUTERS": ["stet.project.routers.TwoDatabases"],
        "DEFAULT_AUTO_FIELD": "django.db.models.BigAutoField",
        "AUTH_PASSWORD_VALIDATORS": PASSWORD_VALIDATORS,
        "AUTHENTICATION_BACKENDS": ["stet.newsroom.signing_in.backend.DeskBackend"],
        "LANGUAGE_CODE": site.languages[0],
        "LANGUAGES": languages,
        "TIME_ZONE": site.time_zone,
        "USE_I18N": True,
        "USE_TZ": True,
        "MEDIA_ROOT": str(newsroom.media),
        "MEDIA_URL": "/media/",
        "STATIC_ROOT": str(newsroom.folder / "data" / "static"),
        "STATIC_URL": "/static/",
        "FILE_UPLOAD_PERMISSIONS": 0o600,
        "FILE_UPLOAD_DIRECTORY_PERMISSIONS": 0o700,
        "FILE_UPLOAD_HANDLERS": list(UPLOAD_HANDLERS),
        "DATA_UPLOAD_MAX_MEMORY_SIZE": 10_000_000,
        "DATA_UPLOAD_MAX_NUMBER_FIELDS": 10_000,
        "TASKS": {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}},
        "LOGGING": logging_values(newsroom.logs),
        **COOKIES,
        **SIGNING_IN,
        "STET_SECOND_FACTOR": desk.second_factor,
        "SESSION_COOKIE_SECURE": desk_url.startswith("https:"),
        "CSRF_COOKIE_SECURE": desk_url.startswith("https:"),
        "CSRF_FAILURE_VIEW": "stet.newsroom.desk_errors.csrf_failure",
        "SECURE_REFERRER_POLICY": "same-origin",
        "X_FRAME_OPTIONS": "SAMEORIGIN",  # the desk shows previews in a frame of its own
        "EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend",
        **WAGTAIL,
        "WAGTAIL_CONTENT_LANGUAGES": languages,
        "WAGTAILADMIN_PERMITTED_LANGUAGES": desk_languages(site.languages),
        "WAGTAILADMIN_BASE_URL": desk_url,
        "WAGTAILIMAGES_MAX_UPLOAD_SIZE": newsroom.settings.photos.largest_upload_bytes,
        "WAGTAILIMAGES_MAX_IMAGE_PIXELS": newsroom.settings.photos.largest_pixels,
    }


PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]

COOKIES: dict[str, Any] = {
    "SESSION_COOKIE_NAME": "stet_desk",
    "SESSION_COOKIE_AGE": 12 * 60 * 60,
    "SESSION_COOKIE_HTTPONLY": True,
    "SESSION_COOKIE_SAMESITE": "Lax",
    "CSRF_COOKIE_NAME": "stet_desk_csrf",
    "CSRF_COOKIE_SAMESITE": "Lax",
}

SIGNING_IN: dict[str, Any] = {
    "LOGIN_URL": "account_login",
    "LOGIN_REDIRECT_URL": "wagtailadmin_home",
    "ACCOUNT_ADAPTER": "stet.newsroom.signing_in.adapters.DeskAccounts",
    "ACCOUNT_LOGIN_METHODS": {"username"},
    "ACCOUNT_SIGNUP_FIELDS": ["username*", "password1*"],  # Nobody signs up: no address leads there.
    "ACCOUNT_EMAIL_VERIFICATION": "none",
    "ACCOUNT_RATE_LIMITS": False,  # Counted by `stet.newsroom.signing_in.slowing`, in the database.
    "ACCOUNT_FORMS": {"reauthenticate": "stet.newsroom.signing_in.forms.PasswordAgainForm"},
    "MFA_ADAPTER": "stet.newsroom.signing_in.adapters.SecondFactors",
    "MFA_FORMS": {
        "authenticate": "stet.newsroom.signing_in.forms.CodeForm",
        "reauthenticate": "stet.newsroom.signing_in.forms.CodeAgainForm",
        "authenticate_webauthn": "stet.newsroom.signing_in.forms.PasskeyForm",
        "reauthenticate_webauthn": "stet.newsroom.signing_in.forms.PasskeyAgainForm",
        "login_webauthn": "stet.newsroom.signing_in.forms.PasskeyAloneForm",
        "add_webauthn": "stet.newsroom.signing_in.forms.NewPasskeyForm",
        "activate_totp": "stet.newsroom.signing_in.forms.NewAppForm",
    },
    "MFA_SUPPORTED_TYPES": ["webauthn", "totp", "recovery_codes"],
    "MFA_PASSKEY_LOGIN_ENABLED": True,
    "MFA_ALLOW_UNVERIFIED_EMAIL": True,
    "MFA_RATE_LIMITS": False,
    "MFA_RECOVERY_CODES_SHOW_ONCE": True,
    "MFA_TOTP_ISSUER": "Stet",
    "MFA_TOTP_TOLERANCE": 1,  # Half a minute that a phone's clock may be wrong.
}

WAGTAIL: dict[str, Any] = {
    "WAGTAIL_SITE_NAME": "Stet",
    "WAGTAIL_I18N_ENABLED": True,
    "WAGTAIL_GRAVATAR_PROVIDER_URL": None,
    "WAGTAIL_ENABLE_UPDATE_CHECK": False,
    "WAGTAIL_ENABLE_WHATS_NEW_BANNER": False,
    "WAGTAILAPI_DOCS_ENABLED": False,
    "WAGTAILEMBEDS_FINDERS": [],
    "WAGTAILIMAGES_IMAGE_MODEL": "newsroom.Photo",
    "WAGTAILIMAGES_IMAGE_FORM_BASE": "stet.newsroom.forms.PhotoForm",
    "WAGTAILIMAGES_EXTENSIONS": ["avif", "gif", "jpg", "jpeg", "png", "webp"],
    "WAGTAILSEARCH_BACKENDS": {"default": {"BACKEND": "stet.newsroom.finding"}},
    "WAGTAIL_PASSWORD_RESET_ENABLED": False,
    "WAGTAILSIMPLETRANSLATION_SYNC_PAGE_TREE": False,
    "WAGTAILADMIN_NOTIFICATION_USE_HTML": False,
}

TEMPLATES: dict[str, Any] = {
    "BACKEND": "django.template.backends.django.DjangoTemplates",
    "APP_DIRS": True,
    "OPTIONS": {
        "context_processors": [
            "django.template.context_processors.request",
            "django.contrib.auth.context_processors.auth",
            "django.contrib.messages.context_processors.messages",
        ],
    },
}


def paper(newsroom: Newsroom) -> "Paper":
    """What the text side needs to know of the settings."""
    from stet.newsroom.paper import Paper  # the private wing takes its own values from here, and no room of this one

    settings, site = newsroom.settings, newsroom.settings.site
    return Paper(
        base_url=newsroom.base_url,
        time_zone=site.time_zone,
        languages=site.languages,
        publisher=site.publisher,
        contact_email=site.contact_email,
        licence=site.licence,
        split_characters=settings.articles.split_characters,
        frontdesk_url=newsroom.frontdesk_url,
        onion_url=newsroom.onion_url,
        onion_frontdesk_url=newsroom.onion_frontdesk_url,
        budget_bytes=settings.press.budget_bytes,
        worker=site.worker,
    )


def evidence_folder(newsroom: Newsroom) -> "EvidenceFolder":
    """Where evidence lies."""
    from stet.sourcing.copies import EvidenceFolder

    return EvidenceFolder(
        folder=newsroom.evidence,
        sealing_key=newsroom.evidence_key,
        largest_bytes=newsroom.settings.evidence.largest_upload_bytes,
    )


def originals(newsroom: Newsroom) -> "Originals":
    """What becomes of photos as they were uploaded."""
    from stet.newsroom.photos.originals import Originals

    return Originals(
        folder=newsroom.originals,
        sealing_key=newsroom.evidence_key,
        is_kept=newsroom.settings.photos.originals == "sealed",
    )


def read_secret(newsroom: Newsroom, name: str) -> str:
    """The secret that signs what a server gives to its browsers; desk and office have one each."""
    file = newsroom.keys / name
    try:
        secret = file.read_text().strip()
    except OSError as error:
        raise NewsroomMissingError(
            f"{file} cannot be read ({error.strerror}). Run `stet init {newsroom.folder}` to make what is missing."
        ) from None
    if len(secret) < 40:
        raise SettingError(f"{file} is too short to be a secret. Delete it and run `stet init {newsroom.folder}`.")
    return secret


def allowed_hosts(desk: Desk) -> list[str]:
    """The host names the desk answers to."""
    named = [host for url in (desk.base_url, desk.shared_url) if url and (host := urlsplit(url).hostname)]
    hosts = ["localhost", "127.0.0.1", "[::1]", url_host(desk.host), *desk.allowed_hosts, *named]
    return list(dict.fromkeys(hosts))


def url_host(host: str) -> str:
    """The host as it stands in a URL: an IPv6 address is put in brackets."""
    return f"[{host}]" if ":" in host else host


def desk_languages(codes: tuple[str, ...]) -> list[tuple[str, str]]:
    """The languages an editor may choose for the desk: the newsroom's, as far as Django knows them, and English."""
    known = [code for code in codes if {code.lower(), code.lower().split("-")[0]} & LANG_INFO.keys()]
    return [(code.lower(), native_name(code)) for code in dict.fromkeys((*known, "en"))]


def native_name(code: str) -> str:
    """The language's name in itself, or its code where Django knows none."""
    known = LANG_INFO.get(code.lower()) or LANG_INFO.get(code.split("-")[0]) or {}
    return str(known.get("name_local", code))


DSN_PARTS = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
"""libpq's words for a connection, and Django's. Every other one, such as sslmode, is an option."""


def database(path: Path, *, key: str) -> dict[str, Any]:
    """Django's words for one database: an SQLite file, or the PostgreSQL that a .dsn file describes."""
    if path.suffix != ".dsn":
        # Opening a file anew for each request would throw away what was read of it.
        main = {"ENGINE": "django.db.backends.sqlite3", "NAME": str(path), "CONN_MAX_AGE": None}
        return {**main, "OPTIONS": dict(SQLITE_OPTIONS)}
    try:
        dsn = path.read_text().strip()
    except OSError as error:
        raise SettingError(f"{key} names {path}, which cannot be read ({error.strerror}).") from None
    said = read_dsn(dsn)
    if said is None:
        raise SettingError(
            f"{path} must hold a connection string such as postgresql://user:password@host/database, or, "
            "for a socket, host=/var/run/postgresql dbname=database."
        )
    main = {django: said.pop(libpq, "") for libpq, django in DSN_PARTS.items()}
    return {"ENGINE": "django.db.backends.postgresql", **main, "OPTIONS": said, "CONN_MAX_AGE": 60}


def read_dsn(dsn: str) -> dict[str, str] | None:
    """What a connection string says, in libpq's words; None where it is none, or names no database.

    Both of libpq's forms are read: a URI, and words such as `host=/var/run/postgresql dbname=newsroom`.
    https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING
    """
    from psycopg import ProgrammingError
    from psycopg.conninfo import conninfo_to_dict

    try:
        said = {name: str(value) for name, value in conninfo_to_dict(dsn).items() if value is not None}
    except ProgrammingError:
        return None
    return said if said.get("dbname") else None
