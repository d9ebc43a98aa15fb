"""Django's settings for the tests: a newsroom in three languages, in a folder that goes away with the process."""

import os
import tempfile
from pathlib import Path

from stet.project.django_values import django_values
from stet.project.settings import Newsroom, Settings, Site

TEST_FOLDER = Path(tempfile.gettempdir()) / f"stet-tests-{os.getpid()}"

STET = Newsroom(folder=TEST_FOLDER, settings=Settings(site=Site(languages=("en", "ru", "fa"))))

globals().update(django_values(STET, secret="a secret for tests only"))  # noqa: S106

for _alias, _database in globals()["DATABASES"].items():
    # No room of the private wing has tables yet: its database is made without running the other wing's migrations.
    _database["TEST"] = {"NAME": str(TEST_FOLDER / f"test-{_alias}.sqlite3"), "MIGRATE": _alias == "default"}

TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
LOGGING_CONFIG = None
