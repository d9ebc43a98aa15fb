"""Units for systemd: each process sees of the newsroom what it needs, and nothing of the others.

The rules:
 * A process has in its `keys/` the files named here and no other: an empty folder stands in their place, and what it
   may read is bound into it. So is `data/` of those that need no database.
 * Mirrors are added in the desk: it writes `mirrors.json`, `keys/mirrors/` and `data/mirrors/`, and creates nothing
   beside them.
 * The public wing does not see the readers' database, nor the private wing the newsroom's. With SQLite that is as good
   as two files in one folder can be; on PostgreSQL each wing has an account of its own.
 * Who needs no network has none; who needs this machine alone has this machine alone.

Keep RIGHTS in step with the table of processes in docs/how-to/run-a-newsroom.md.
"""

import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from stet.project.deploy.serving import environment
from stet.project.settings import Newsroom

PROVIDERS = ("stripe.json", "paypal.json", "btcpay.json", "bank.json")
READERS_LINKS = ("readers-lookup", "readers-links")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rights:
    """What one process may see, write and reach."""

    keys: tuple[str, ...] = ()
    """Files of `keys/`; one that is not there is passed over."""
    wing: str = ""
    """"public" or "private": whose database; "" where it needs none and gets no `data/`."""
    writes: tuple[str, ...] = ()
    """Folders of the newsroom that it writes into, besides its logs."""
    sees: tuple[str, ...] = ()
    """Where it gets no `data/`: what of the newsroom it reads besides the edition."""
    network: str = "world"
    """"none", "machine" or "world"."""


RIGHTS: dict[str, Rights] = {
    "reader": Rights(network="machine"),
    "press": Rights(
        keys=("desk-secret", "edition.pem"), wing="public", writes=("data", "edition", "renditions"), network="none"
    ),
    "worker": Rights(keys=("desk-secret",), wing="public", writes=("data", "media", "renditions"), network="none"),
    "desk": Rights(
        keys=("desk-secret", "evidence-public", "smtp-password", "dkim-rsa.pem", "dkim-ed25519.pem", "assistant.json"),
        wing="public",
        writes=("data", "media", "renditions", "evidence", "mirrors.json", "keys/mirrors"),
    ),
    "mirrors": Rights(keys=("mirrors",), sees=("mirrors.json", "edition", "site.pub"), writes=("data/mirrors",)),
    "onion": Rights(sees=("stet.toml",), writes=("data/onion", "keys/onion")),
    "frontdesk": Rights(keys=("readers-seal.pub", *READERS_LINKS, *PROVIDERS), wing="private", writes=("data",)),
    "mailroom": Rights(
        keys=(
            "readers-seal.pem", "readers-seal.pub", *READERS_LINKS, "smtp-password", "anymail.json", "dkim-rsa.pem",
            "dkim-ed25519.pem",
        ),
        wing="private",
        writes=("data",),
    ),
    "returns": Rights(
        keys=("readers-seal.pub", *READERS_LINKS, "bounce-mailbox.json"), wing="private", writes=("data",)
    ),
    "ledger": Rights(keys=("readers-seal.pub", *READERS_LINKS, *PROVIDERS), wing="private", writes=("data",)),
    "office": Rights(keys=("office-secret", *READERS_LINKS, *PROVIDERS), wing="private", writes=("data",)),
}  # fmt: skip
"""Every process that a newsroom with readers runs. The two for trials have no unit."""


def units(newsroom: Newsroom, names: Iterable[str], *, user: str, python: str) -> dict[str, str]:
    """The units of these processes by their files' names, and the target that starts them together."""
    slug = newsroom.folder.name
    template = environment().get_template("unit.txt")
    made = {
        f"stet-{slug}-{name}.service": template.render(
            is_at_home=is_at_home(str(newsroom.folder), python, sys.prefix, sys.base_prefix, __file__),
            name=name, slug=slug, user=user, python=python, folder=str(newsroom.folder), rights=RIGHTS[name],
            keys=_existing(newsroom.folder, RIGHTS[name].keys), hidden=_hidden(newsroom, RIGHTS[name]),
            dsn=_connection(newsroom, RIGHTS[name]), network=_network(newsroom, RIGHTS[name]),
        )
        for name in names
    }  # fmt: skip
    made[f"stet-{slug}.target"] = environment().get_template("target.txt").render(slug=slug, units=sorted(made))
    return made


def is_at_home(*paths: str) -> bool:
    """Whether anything that a process needs lies below somebody's home, which is hidden otherwise.

    >>> is_at_home("/srv/paper", "/opt/stet/.venv/bin/python"), is_at_home("/srv/paper", "/home/mira/.venv/bin/python")
    (False, True)
    """
    return any(path.startswith(("/home/", "/root/", "/run/user/")) for path in paths)


def _existing(folder: Path, keys: Iterable[str]) -> list[str]:
    return [str(folder / "keys" / key) for key in keys]


def _hidden(newsroom: Newsroom, rights: Rights) -> list[str]:
    """The other wing's database, where it is a file, with what SQLite keeps beside it."""
    other = {"public": newsroom.readers_database, "private": newsroom.newsroom_database}.get(rights.wing)
    if other is None or other.suffix == ".dsn":
        return []
    texts = (newsroom.folder / "data" / "press.sqlite3", newsroom.media, newsroom.evidence)
    more = map(str, texts) if rights.wing == "private" else ()
    return [*(f"{other}{end}" for end in ("", "-wal", "-shm")), *more]


def _connection(newsroom: Newsroom, rights: Rights) -> str:
    """The file with the connection string of the process's own database; "" where it is SQLite or none."""
    own = {"public": newsroom.newsroom_database, "private": newsroom.readers_database}.get(rights.wing)
    return str(own) if own is not None and own.suffix == ".dsn" else ""


def _network(newsroom: Newsroom, rights: Rights) -> str:
    """A database that is asked over the network needs one."""
    return "world" if rights.network == "none" and _connection(newsroom, rights) else rights.network
