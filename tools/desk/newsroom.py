"""A newsroom made for a tool: the sample paper, accounts, every process running, on free ports of this machine."""

import html
import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "src" / "stet" / "newsroom" / "sample"
STET = [sys.executable, "-c", "from stet.project.command import main; main()"]
READY_SECONDS, END_SECONDS = 300, 120


class DeskToolError(Exception):
    """The newsroom could not be made, or does not answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """A newsroom that runs, and who may sign in."""

    folder: Path
    desk: str
    reader: str
    frontdesk: str
    passwords: dict[str, str]

    def signed_in(self, name: str) -> "Visitor":
        """Somebody at the desk; raises DeskToolError where they are not let in."""
        visitor = Visitor(self.desk)
        answer = visitor.post(
            "/login/", {"username": name, "password": self.passwords[name], "next": "/"}, see="/login/"
        )
        if "/login" in answer.url or answer.status_code != 200:
            raise DeskToolError(f"{name} was not let in: {answer.status_code} {answer.url}")
        return visitor


class Visitor:
    """One browser without scripts: cookies, and the token that every form carries."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.session = requests.Session()
        self.session.trust_env = False

    def get(self, path: str, **more: object) -> requests.Response:
        """Open an address of the desk."""
        return self.session.get(self.address + path, timeout=120, **more)  # type: ignore[arg-type]

    def post(self, path: str, fields: object, *, see: str = "", **more: object) -> requests.Response:
        """Send a form. `see` is opened first, for its token."""
        if see:
            self.get(see)
        token = next((cookie.value for cookie in self.session.cookies if "csrf" in cookie.name), "")
        headers = {"X-CSRFToken": token or "", "Referer": self.address + path, **more.pop("headers", {})}  # type: ignore[dict-item]
        return self.session.post(self.address + path, data=fields, timeout=120, headers=headers, **more)  # type: ignore[arg-type]


@contextmanager
def running(folder: Path, people: dict[str, str], *, postgresql: bool = False) -> Iterator[Running]:
    """Make the sample newsroom in `folder`, with these people (name: role), and run it until the end.

    A folder that holds a newsroom of an earlier run is taken as it is; its people get new passwords.
    """
    with ExitStack() as stack:
        dsn = stack.enter_context(a_server()) if postgresql else ""
        ports = dict(zip(("reader", "desk", "frontdesk", "office"), free_ports(4), strict=True))
        is_new = not (folder / "stet.toml").exists()
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "stet.toml").write_text(settings(ports, dsn=dsn))
        if dsn:
            (folder / "newsroom.dsn").write_text(dsn + "\n")
        if is_new:
            make(folder)
        passwords = {name: password(folder, name, role, is_new=is_new) for name, role in people.items()}
        stack.enter_context(up(folder))
        addresses = {name: f"http://127.0.0.1:{ports[name]}" for name in ("reader", "desk", "frontdesk")}
        yield Running(folder=folder, passwords=passwords, **addresses)


def make(folder: Path) -> None:
    """The sample newsroom, printed."""
    stet("init", str(folder), "--name", "The Far Shore")
    stet("import", "stet", str(SAMPLE), "-n", str(folder))
    stet("print", "-n", str(folder))


def password(folder: Path, name: str, role: str, *, is_new: bool) -> str:
    """Somebody's password; a new newsroom gives them an account as well."""
    words = ("create", name, "--role", role) if is_new else ("password", name)
    return stet("user", *words, "-n", str(folder)).split("password ", 1)[1].split()[0]


def settings(ports: dict[str, int], *, dsn: str) -> str:
    """The settings of the newsroom. A second factor is offered only: a tool has no phone."""
    lines = ['[site]\nlanguages = ["en", "ru", "fa"]', f'[desk]\nsecond_factor = "offered"\nport = {ports["desk"]}']
    lines += [f"[{name}]\nport = {port}" for name, port in ports.items() if name != "desk"]
    lines += ['[database]\nnewsroom = "newsroom.dsn"'] if dsn else []
    return "\n\n".join(lines) + "\n"


@contextmanager
def up(folder: Path) -> Iterator[None]:
    """`stet up`."""
    said = folder / "up.log"
    with said.open("wb") as output:
        process = subprocess.Popen(
            [*STET, "up", "-n", str(folder)], env=environment(), stdout=output, stderr=output, start_new_session=True
        )
        try:
            deadline = time.monotonic() + READY_SECONDS
            while b"Desk:" not in said.read_bytes():
                if process.poll() is not None or time.monotonic() > deadline:
                    raise DeskToolError(f"The newsroom does not run: {said.read_text()[-2000:]}")
                time.sleep(0.2)
            yield
        finally:
            process.terminate()
            process.wait(END_SECONDS)


def stet(*words: str) -> str:
    """Run a command of Stet's; it has to succeed."""
    done = subprocess.run([*STET, *words], env=environment(), capture_output=True, text=True, timeout=1800, check=False)
    if done.returncode:
        raise DeskToolError(f"stet {words[0]} ended with {done.returncode}: {done.stdout}{done.stderr}")
    return done.stdout


def environment() -> dict[str, str]:
    """A person's shell in which this copy of Stet is found."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("STET_", "DJANGO_"))}
    return {**kept, "PYTHONPATH": str(ROOT / "src"), "COLUMNS": "200", "TERM": "dumb"}


def free_ports(count: int) -> list[int]:
    """Ports of this machine that nobody listens on now."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [int(one.getsockname()[1]) for one in sockets]
    for one in sockets:
        one.close()
    return ports


@contextmanager
def a_server() -> Iterator[str]:
    """A PostgreSQL server of this tool's own, on a socket; the words that lead to its database."""
    from tests.press.test_postgresql import as_nobody, postgresql, program, run

    with postgresql() as folder:
        run(as_nobody(program("createdb"), "-h", folder, "-U", "stet", "paper"))
        yield f"host={folder} user=stet dbname=paper"


# --- Forms ---


def stream_of(page: str, name: str) -> list[dict[str, object]]:
    """The blocks of a body that a form of the desk was opened with."""
    found = re.search(rf'<div[^>]*\bid="{name}"[^>]*data-w-block-arguments-value="([^"]*)"', page) or re.search(
        rf'<div[^>]*data-w-block-arguments-value="([^"]*)"[^>]*\bid="{name}"', page
    )
    if found is None:
        raise DeskToolError(f"The form has no {name}.")
    told = json.loads(html.unescape(found[1]))
    return list(told[0] or [])
