"""A Tor network of its own on this machine: three authorities, three relays, a client, room for an onion service.

    make onion-network

starts it, serves a printed paper as an onion service the way `stet up` does, reads it with the network's client, checks
its signature and prints JSON. Everything listens on the loopback and knows no other network.

    python -m tests.mirrors.tor_network up

makes a newsroom in its place, and starts it there with `stet up` twice.
"""

import json
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from time import monotonic, sleep

import requests

from stet.edition.pointer import Pointer, matching_line
from stet.project.onion import prepare
from stet.project.settings import Newsroom, open_newsroom
from stet.project.settings_file import change_setting, write_settings
from tests.edition.builders import a_paper
from tests.ports import free_ports
from tests.project.conftest import STET, environment

AUTHORITIES = 3
RELAYS = 3
"""Beside the authorities, which are relays too: a circuit to an onion service passes by several different ones."""
PATIENCE_SECONDS = 120

COMMON = """
TestingTorNetwork 1
AssumeReachable 1
PathsNeededToBuildCircuits 0.67
TestingDirAuthVoteExit *
TestingDirAuthVoteHSDir *
TestingDirAuthVoteGuard *
TestingV3AuthInitialVotingInterval 5
TestingV3AuthInitialVoteDelay 2
TestingV3AuthInitialDistDelay 2
TestingMinExitFlagThreshold 0
V3AuthNIntervalsValid 2
ClientUseIPv6 0
EnforceDistinctSubnets 0
Sandbox 0
ShutdownWaitLength 0
"""
AUTHORITY = """
SocksPort 0
AuthoritativeDirectory 1
V3AuthoritativeDirectory 1
ContactInfo test@example.org
V3AuthVotingInterval 20
V3AuthVoteDelay 2
V3AuthDistDelay 2
MinUptimeHidServDirectoryV2 0
ExitPolicy reject *:*
"""


class Network:
    """A network in a folder: how its members are told of it, and where its client takes connections."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.tor = shutil.which("tor", path="/usr/sbin:/usr/bin") or "tor"
        self.socks_port = free_ports(1)[0]
        self.processes: list[subprocess.Popen[bytes]] = []
        self._made = [self._make_authority(number) for number in range(AUTHORITIES)]
        self.common = COMMON + "".join(line for _folder, _lines, line in self._made)

    @property
    def proxies(self) -> dict[str, str]:
        """For `requests`."""
        return dict.fromkeys(("http", "https"), f"socks5h://127.0.0.1:{self.socks_port}")

    def start(self) -> None:
        """Start the authorities and the client."""
        for folder, lines, _line in self._made:
            self._start(folder, self.common + AUTHORITY + lines)
        for number in range(RELAYS):
            folder = self.folder / f"relay-{number}"
            folder.mkdir(mode=0o700)
            lines = f"Nickname relay{number}\nAddress 127.0.0.1\nORPort 127.0.0.1:{free_ports(1)[0]}\nSocksPort 0\n"
            self._start(folder, f"{self.common}{lines}ContactInfo test@example.org\nExitPolicy reject *:*\n")
        client = self.folder / "client"
        client.mkdir()
        self._start(client, self.common + f"SocksPort 127.0.0.1:{self.socks_port}\nSafeLogging 0\n")

    def run(self, command: list[str]) -> None:
        """Start another member."""
        with (self.folder / f"said-{len(self.processes)}").open("wb") as said:
            self.processes.append(subprocess.Popen(command, stdout=said, stderr=said))

    def stop(self) -> None:
        """End everybody."""
        for process in self.processes:
            process.kill()
        for process in self.processes:
            process.wait()

    def fetch(self, url: str) -> requests.Response:
        """A page through the network, as soon as it has one."""
        deadline = monotonic() + PATIENCE_SECONDS
        while True:
            try:
                return requests.get(url, proxies=self.proxies, timeout=20)
            except requests.RequestException:
                if monotonic() > deadline:
                    raise
                sleep(0.25)

    def _make_authority(self, number: int) -> tuple[Path, str, str]:
        folder = self.folder / f"authority-{number}"
        (folder / "keys").mkdir(parents=True, mode=0o700)
        or_port, dir_port = free_ports(2)
        subprocess.run(
            ["tor-gencert", "--create-identity-key", "--passphrase-fd", "0", "-m", "12", "-a", f"127.0.0.1:{dir_port}"],
            cwd=folder / "keys", input=b"passphrase\n", check=True, capture_output=True,
        )  # fmt: skip
        certificate = (folder / "keys" / "authority_certificate").read_text()
        v3 = next(line.split()[1] for line in certificate.splitlines() if line.startswith("fingerprint "))
        lines = "".join(f"{line}\n" for line in (
            f"Nickname authority{number}", "Address 127.0.0.1", f"ORPort 127.0.0.1:{or_port}",
            f"DirPort 127.0.0.1:{dir_port}",
        ))  # fmt: skip
        nobody = f"DirAuthority nobody orport=1 no-v2 v3ident={'F' * 40} 127.0.0.1:2 {'F' * 40}\n"
        file = folder / "first"
        file.write_text(f"DataDirectory {folder}\nTestingTorNetwork 1\n{lines}{nobody}")
        told = subprocess.run(
            [self.tor, "--defaults-torrc", "/dev/null", "-f", str(file), "--list-fingerprint", "--quiet"],
            check=True, capture_output=True, text=True,
        ).stdout  # fmt: skip
        own = "".join(told.strip().splitlines()[-1].split()[1:])
        line = f"DirAuthority authority{number} orport={or_port} no-v2 v3ident={v3} 127.0.0.1:{dir_port} {own}\n"
        return folder, lines, line

    def _start(self, folder: Path, lines: str) -> None:
        file = folder / "torrc"
        file.write_text(f"DataDirectory {folder}\nLog notice file {folder}/log\n{lines}")
        self.run([self.tor, "--defaults-torrc", "/dev/null", "-f", str(file)])


@contextmanager
def a_network(folder: Path) -> Iterator[Network]:
    """A network that runs."""
    network = Network(folder)
    try:
        network.start()
        yield network
    finally:
        network.stop()


def an_onion_newsroom(folder: Path, *, more: str = "", reader: int = 8000, frontdesk: int = 8002) -> Newsroom:
    """A newsroom's folder with the onion service switched on."""
    folder.mkdir()
    (folder / "more").write_text(more)
    values = {
        "reader": {"port": reader},
        "frontdesk": {"port": frontdesk},
        "onion": {"is_on": True, **({"more": "more"} if more else {})},
    }
    write_settings(folder / "stet.toml", values)
    return open_newsroom(folder)


@contextmanager
def a_server(folder: Path, port: int) -> Iterator[None]:
    """A plain server of the files in a folder."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", port), partial(Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


def started_twice(folder: Path) -> dict[str, object]:
    """What came of a newsroom that `stet up` starts in a network of its own, and starts again."""
    newsroom = folder / "a paper"
    servers = zip(("reader", "desk", "frontdesk", "office"), free_ports(4), strict=True)
    ports = [word for name, port in servers for word in (f"--{name}-port", str(port))]
    subprocess.run([*STET, "init", str(newsroom), "--name", "The Far Shore", *ports], env=environment(), check=True)
    told: list[dict[str, object]] = []
    with a_network(folder / "network") as network:
        (newsroom / "more").write_text(network.common)
        change_setting(newsroom / "stet.toml", "onion", "is_on", True)
        change_setting(newsroom / "stet.toml", "onion", "more", "more")
        for _ in range(2):
            began = monotonic()
            process = subprocess.Popen([*STET, "up", "-n", str(newsroom)], env=environment(), start_new_session=True)
            try:
                while not (room := open_newsroom(newsroom)).onion_address:
                    sleep(0.05)
                while (front := network.fetch(f"{room.onion_url}/")).status_code != 200:
                    sleep(0.25)
                first = monotonic() - began
                process.send_signal(signal.SIGINT)
                code = process.wait(PATIENCE_SECONDS)
            finally:
                process.kill()
            meta = f'<meta http-equiv="onion-location" content="{room.onion_url}/">'
            told.append({
                "header_says_the_address": front.headers["Onion-Location"] == f"{room.onion_url}/",
                "page_says_the_address": meta in front.text, "exit_code": code,
                "address": room.onion_address, "seconds_to_the_front": round(first, 1),
                "seconds_to_the_end": round(monotonic() - began - first, 1),
            })  # fmt: skip
    return {"is_the_same_address": told[0].pop("address") == told[1].pop("address"), "starts": told}


def main() -> None:
    """Read a printed paper over a network of this machine's own; 1 in the end where anything of it is wrong."""
    if sys.argv[1:] == ["up"]:
        with tempfile.TemporaryDirectory() as name:
            print(json.dumps(started_twice(Path(name)), indent=2))
        return
    with tempfile.TemporaryDirectory() as name, a_network(Path(name)) as network:
        began = monotonic()
        paper = a_paper(Path(name) / "edition")
        reader, frontdesk = free_ports(2)
        newsroom = an_onion_newsroom(Path(name) / "paper", more=network.common, reader=reader, frontdesk=frontdesk)
        with a_server(paper.site, reader):
            network.run(prepare(newsroom))
            page = network.fetch(f"{newsroom.onion_url}/one/")
            first = monotonic() - began
            began = monotonic()
            stored, signatures = (
                network.fetch(f"{newsroom.onion_url}/.well-known/stet/{name}").content
                for name in ("edition.json", "edition.json.sig")
            )
            later = (monotonic() - began) / 2
        line = matching_line(Pointer.from_bytes(stored), signatures, paper.root.root.edition_keys)
        told = {
            "page_is_the_printed_one": page.text == paper.texts()["/one/index.html"],
            "edition_is_signed": line is not None,
            "log_names_the_address": newsroom.onion_address in (newsroom.logs / "onion.log").read_text(),
            "seconds_from_nothing_to_the_first_page": round(first, 1),
            "seconds_for_each_file_after": round(later, 2),
        }
    print(json.dumps(told, indent=2))
    sys.exit(0 if told["page_is_the_printed_one"] and told["edition_is_signed"] else 1)


if __name__ == "__main__":
    main()
