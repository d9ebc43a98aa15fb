"""Makes a newsroom: a folder with settings, keys, media, a place for its theme, two databases, and one editor.

The promises:
 * What is there already stays as it is; made again, a newsroom gets only what is missing.
 * A key is made on this machine, from the system's randomness, in a file that only its owner may read.
 * The editor may sign in at the office too: there with an account of its own, and the same password at first.
 * A folder that holds other things is not touched.
"""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa

from stet.edition.folder import EditionFolder
from stet.edition.keys import PrivateKey
from stet.edition.root import SiteKey, first_root
from stet.project.django_values import SECRET_FILE
from stet.project.errors import NewsroomMissingError
from stet.project.identity import put_known_roots
from stet.project.private_values import OFFICE_SECRET_FILE
from stet.project.private_wing import create_account, migrate_readers
from stet.project.settings import SETTINGS_FILE, Newsroom, open_newsroom
from stet.project.settings_file import write_settings
from stet.project.setup import set_up_django
from stet.readers.keys import KeyFiles, make_reader_keys

EDITOR = "editor"
FIRST_SECTION = {"en": "News", "ru": "Новости", "fa": "خبرها"}
"""What the first section of a new paper is called; editors rename it."""
PASSWORD_FILE = "desk-password"  # noqa: S105 - a file's name, not a password
OFFICE_PASSWORD_FILE = "office-password"  # noqa: S105 - a file's name, not a password
"""Made only where the office came to a newsroom whose editor had another password already."""
ROOT_FILE = "root-1.json"
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""Letters and digits that nobody mistakes for each other."""

THEME_README = """\
# The newsroom's own theme

Files here take the place of Stet's own. Everything is optional:

- `theme.toml`: colours for light and dark, type, width
- `style.css`: added after Stet's styles
- `article.html`, `front.html` …: a template with the same name as one of Stet's

`stet print` says which file and line it cannot use. The theming guide in Stet's `docs/theming.md` has the rest.
"""

IGNORED = "# Nothing here belongs in a repository: keys, drafts, originals of photos.\n*\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Founded:
    """A newsroom that stands, with the password that was made up if this was the first time."""

    newsroom: Newsroom
    password: str | None


def found(folder: Path, *, values: Mapping[str, Mapping[str, object]], now: datetime) -> Founded:
    """Make a newsroom in `folder`, or what is missing of it, and set Django up for it.

    `values` are settings by section, written into a new `stet.toml`; an old one stays as it is.
    """
    refuse_other_things(folder)
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / SETTINGS_FILE).exists():
        write_settings(folder / SETTINGS_FILE, values)
    newsroom = open_newsroom(folder)
    make_folders(newsroom)
    make_keys(newsroom, now=now)
    set_up_django(newsroom)
    may_sign_in_at_the_office = migrate(newsroom)
    lay_desk(newsroom)
    password = make_editor(newsroom)
    if not may_sign_in_at_the_office:
        make_first_of_the_office(newsroom, password)
    return Founded(newsroom=newsroom, password=password)


def refuse_other_things(folder: Path) -> None:
    """Refuse a folder that is none, or that holds something else than a newsroom."""
    if folder.exists() and not folder.is_dir():
        raise NewsroomMissingError(f"{folder} is a file; name a folder for the newsroom.")
    if (folder / SETTINGS_FILE).exists() or not folder.exists():
        return
    if any(folder.iterdir()):
        raise NewsroomMissingError(
            f"{folder} holds other things and no newsroom. Name an empty folder, or one that does not exist yet."
        )


def make_folders(newsroom: Newsroom) -> None:
    """Make the folders a newsroom has."""
    for path in (newsroom.keys, newsroom.media, newsroom.evidence, newsroom.logs, newsroom.folder / "data"):
        path.mkdir(mode=0o700, exist_ok=True)
    for path in (newsroom.theme, newsroom.edition):
        path.mkdir(exist_ok=True)
    for database in (newsroom.newsroom_database, newsroom.readers_database):
        database.parent.mkdir(parents=True, exist_ok=True)
    write_once(newsroom.theme / "README.md", THEME_README)
    write_once(newsroom.folder / ".gitignore", IGNORED)


def make_keys(newsroom: Newsroom, *, now: datetime) -> None:
    """Make the keys that are missing: the site's identity, the edition's, the readers', the letters', two secrets."""
    for secret in (SECRET_FILE, OFFICE_SECRET_FILE):
        write_once(newsroom.keys / secret, secrets.token_urlsafe(50) + "\n", mode=0o600)
    make_reader_keys(reader_key_files(newsroom))
    make_dkim_keys(newsroom)
    if not newsroom.edition_key.exists():
        PrivateKey.make().save(newsroom.edition_key)
    root_file = newsroom.keys / ROOT_FILE
    if not root_file.exists():
        if not newsroom.root_key.exists():
            PrivateKey.make().save(newsroom.root_key)
        root_key, edition_key = PrivateKey.load(newsroom.root_key), PrivateKey.load(newsroom.edition_key)
        root = first_root([root_key], [edition_key.public_key], now=now)
        SiteKey.of(root.root).save(newsroom.site_key)
        root_file.write_bytes(root.to_bytes())
    edition = EditionFolder(newsroom.edition)
    put_known_roots(newsroom, edition)
    edition.close()


def make_dkim_keys(newsroom: Newsroom) -> None:
    """Make the keys that sign letters, where there is neither: RSA for all receivers, Ed25519 for those that know it.

    A signature counts once its record stands in the DNS: `stet doctor mail` prints it.
    """
    if newsroom.dkim_rsa_key.exists() or newsroom.dkim_ed25519_key.exists():
        return
    keys: dict[Path, rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey] = {
        newsroom.dkim_rsa_key: rsa.generate_private_key(public_exponent=65_537, key_size=2_048),
        newsroom.dkim_ed25519_key: ed25519.Ed25519PrivateKey.generate(),
    }
    for file, key in keys.items():
        pem = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        write_once(file, pem.decode("ascii"), mode=0o600)


def reader_key_files(newsroom: Newsroom) -> KeyFiles:
    """Where the readers' keys are."""
    return KeyFiles(
        sealing=newsroom.sealing_key,
        opening=newsroom.opening_key,
        lookup=newsroom.lookup_key,
        links=newsroom.link_key,
    )


def migrate(newsroom: Newsroom) -> int:
    """Bring both databases to what this version of Stet expects; answer how many may sign in at the office."""
    from django.core.management import call_command
    from django.db import DatabaseError

    from stet.project.errors import DatabaseAwayError

    try:
        if pending_migrations():
            call_command("migrate", interactive=False, verbosity=0)
    except DatabaseError as error:
        raise DatabaseAwayError(
            f"The newsroom database could not be brought up to date ({type(error).__name__}). "
            f"Check that it answers and may be written to; `database.newsroom` in {SETTINGS_FILE} says where it is."
        ) from error
    return migrate_readers(newsroom)


def lay_desk(newsroom: Newsroom) -> None:
    """Make the groups of the desk's roles and its way of a story, or what this version of Stet adds to them."""
    from django.utils import translation

    from stet.newsroom.roles.laying import lay_roles
    from stet.newsroom.workflow.laying import lay_workflow

    lay_roles()
    with translation.override(newsroom.settings.site.languages[0]):
        lay_workflow()


def pending_migrations() -> int:
    """How many migrations the newsroom's database lacks."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def make_editor(newsroom: Newsroom) -> str | None:
    """Make the first editor where there is none; answer the password that was made up, which a key file holds too."""
    from django.contrib.auth import get_user_model

    users = get_user_model()
    if users.objects.exists():
        return None
    password = make_password()
    write_once(newsroom.keys / PASSWORD_FILE, password + "\n", mode=0o600, is_replaced=True)
    users.objects.create_superuser(username=EDITOR, email="", password=password)
    return password


def make_first_of_the_office(newsroom: Newsroom, password: str | None) -> None:
    """Make the office's first account, with the editor's first password where that is known, or with a new one."""
    file = newsroom.keys / PASSWORD_FILE
    if password is None and file.exists():
        password = file.read_text().strip()
    elif password is None:
        password = make_password()
        write_once(newsroom.keys / OFFICE_PASSWORD_FILE, password + "\n", mode=0o600, is_replaced=True)
    create_account(newsroom, EDITOR, role="admin", password=password)


def lay_fronts(newsroom: Newsroom, *, name: str) -> None:
    """Give a new paper an empty front with one section in each of its languages, in place of Wagtail's welcome page."""
    from wagtail.models import Locale, Page, Site

    from stet.newsroom.models import FrontPage, SectionPage

    if FrontPage.objects.exists():
        return
    root = Page.get_first_root_node()
    fronts: list[FrontPage] = []
    sections: list[SectionPage] = []
    for language in newsroom.settings.site.languages:
        locale, _ = Locale.objects.get_or_create(language_code=language)
        front = FrontPage(title=name, slug=f"front-{language}", locale=locale)
        if fronts:
            front.translation_key = fronts[0].translation_key
        root.add_child(instance=front)
        front.save_revision().publish()
        section = SectionPage(title=FIRST_SECTION.get(language, "News"), slug="news", locale=locale, show_in_menus=True)
        if sections:
            section.translation_key = sections[0].translation_key
        front.add_child(instance=section)
        section.save_revision().publish()
        fronts.append(front)
        sections.append(section)
    welcome_ids = list(Site.objects.values_list("root_page_id", flat=True))
    Site.objects.update(root_page=fronts[0])
    for welcome in Page.objects.filter(id__in=welcome_ids, depth=2).not_type(FrontPage):
        welcome.delete()


def make_password() -> str:
    """A password of four groups of five: 99 bits."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(5)) for _ in range(4))


def write_once(file: Path, text: str, *, mode: int = 0o644, is_replaced: bool = False) -> None:
    """Write a new file with exactly these permissions; one that is there stays, unless `is_replaced`."""
    flags = os.O_WRONLY | os.O_CREAT | (os.O_TRUNC if is_replaced else os.O_EXCL)
    try:
        descriptor = os.open(file, flags, mode)
    except FileExistsError:
        return
    with os.fdopen(descriptor, "w", encoding="utf-8") as opened:
        os.fchmod(descriptor, mode)
        opened.write(text)
