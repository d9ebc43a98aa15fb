"""Django's settings for the tests: a newsroom in three languages, in a folder that goes away with the process."""

import os
import tempfile
from pathlib import Path

from stet.project.django_values import database, django_values
from stet.project.private_values import PRIVATE_APPS
from stet.project.settings import Desk, Newsroom, Settings, Site

TEST_FOLDER = Path(tempfile.gettempdir()) / f"stet-tests-{os.getpid()}"

STET = Newsroom(
    folder=TEST_FOLDER,
    settings=Settings(site=Site(languages=("en", "ru", "fa")), desk=Desk(second_factor="offered")),
)

globals().update(django_values(STET, secret="a secret for tests only"))  # noqa: S106

# Tests see both wings at once, each in its own database; in a newsroom no process does.
INSTALLED_APPS = [*globals()["INSTALLED_APPS"], *(app for app in PRIVATE_APPS if app.startswith("stet."))]
DATABASES = {**globals()["DATABASES"], "readers": database(STET.readers_database, key="database.readers")}
for _alias, _database in DATABASES.items():
    _database["TEST"] = {"NAME": str(TEST_FOLDER / f"test-{_alias}.sqlite3"), "DEPENDENCIES": []}

TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
LOGGING_CONFIG = None
