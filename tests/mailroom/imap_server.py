"""Debian's Dovecot with one mailbox, on the loopback, with a folder, a configuration and a user of its own."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.mailroom.builders import a_certificate
from tests.ports import free_ports

INSTALL = "Dovecot is not here. Run: sudo apt-get install -y dovecot-imapd"
LONGEST_WAIT_SECONDS = 20.0
PASSWORDS = {"bounces": "right", "rueckläufer": "пароль"}
"""Who may sign in; all have the same mailbox."""

CONFIGURATION = """
protocols = imap
listen = 127.0.0.1
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
ssl = yes
ssl_cert = <{folder}/localhost.pem
ssl_key = <{folder}/localhost.pem
mail_location = maildir:{folder}/mail
first_valid_uid = 1
auth_username_chars =
first_valid_gid = 0
service anvil {{
  chroot =
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
  }}
}}
namespace inbox {{
  inbox = yes
  separator = /
}}
passdb {{
  driver = passwd-file
  args = scheme=PLAIN {folder}/users
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}
}}
"""


def program() -> str:
    """Dovecot; it lives where only root looks."""
    found = shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    assert found, INSTALL
    assert Path("/usr/lib/dovecot/imap").exists(), INSTALL
    return found


class ImapServer:
    """A server that runs, and its mailbox as files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port, self.tls_port = free_ports(2)
        self.certificate = a_certificate(folder, "localhost")
        account = pwd.getpwnam("nobody") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
        self._ids = account.pw_uid, account.pw_gid
        group = "nogroup" if os.geteuid() == 0 else str(account.pw_gid)
        text = CONFIGURATION.format(
            folder=folder, user=account.pw_name, group=group, uid=account.pw_uid, gid=account.pw_gid,
            port=self.port, tls_port=self.tls_port,
        )  # fmt: skip
        (folder / "dovecot.conf").write_text(text)
        (folder / "users").write_text("".join(f"{user}:{password}\n" for user, password in PASSWORDS.items()))
        for name in ("mail/new", "mail/cur", "mail/tmp"):
            (folder / name).mkdir(parents=True)
        for path in (folder, *folder.rglob("*")):
            os.chown(path, *self._ids)
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, and wait until it answers."""
        own = {"user": self._ids[0], "group": self._ids[1], "extra_groups": []} if os.geteuid() == 0 else {}
        command = [program(), "-F", "-c", str(self.folder / "dovecot.conf")]
        self._process = subprocess.Popen(command, stderr=subprocess.PIPE, start_new_session=True, **own)  # type: ignore[call-overload]
        deadline = time.monotonic() + LONGEST_WAIT_SECONDS
        while not self._answers():
            ended = self._process.poll() is not None
            assert not ended, (self._process.stderr.read() if self._process.stderr else b"").decode()
            assert time.monotonic() < deadline, (self.folder / "log").read_text()
            time.sleep(0.05)

    def _answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as client:
                return client.recv(5) == b"* OK "
        except OSError:
            return False

    def stop(self) -> None:
        """End it."""
        if self._process is not None:
            self._process.terminate()
            self._process.communicate(timeout=LONGEST_WAIT_SECONDS)
            self._process = None

    def drop_connections(self) -> None:
        """End the processes that serve mailboxes now, without a word to their clients."""
        assert self._process is not None
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit() and _parent_and_name(entry) == (self._process.pid, "imap"):
                os.kill(int(entry.name), signal.SIGKILL)

    def deliver(self, *mails: bytes) -> None:
        """Put mails into the mailbox, as a mail server does."""
        for mail in mails:
            name = f"{time.time_ns()}.test"
            file = self.folder / "mail" / "tmp" / name
            file.write_bytes(mail.replace(b"\r\n", b"\n"))
            os.chown(file, *self._ids)
            file.rename(self.folder / "mail" / "new" / name)

    def make_folder(self, name: str) -> None:
        """Make a folder beside the one for what is new."""
        for part in ("", "new", "cur", "tmp"):
            path = self.folder / "mail" / f".{name}" / part
            path.mkdir()
            os.chown(path, *self._ids)

    def mails(self) -> list[str]:
        """The flags of each mail that is there: "S" seen, "T" about to be removed."""
        place = self.folder / "mail"
        files = sorted((*(place / "new").iterdir(), *(place / "cur").iterdir()), key=lambda file: file.name)
        return [file.name.partition(":2,")[2] for file in files]


def _parent_and_name(entry: Path) -> tuple[int, str]:
    try:
        before, _, after = (entry / "stat").read_text().rpartition(")")
    except OSError:
        return 0, ""
    return int(after.split()[1]), before.partition("(")[2]


@pytest.fixture
def imap() -> Iterator[ImapServer]:
    """A server that runs, with an empty mailbox."""
    with tempfile.TemporaryDirectory(prefix="stet-imap-", dir="/tmp") as folder:
        server = ImapServer(Path(folder))
        try:
            server.start()
            yield server
        finally:
            server.stop()
