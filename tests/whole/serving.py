"""Debian's nginx and Caddy as ordinary processes on loopback ports, with what `stet deploy` wrote."""

import http.client
import os
import shutil
import socket
import ssl
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from typer.testing import CliRunner

from stet.project.deploy_command import deploy_app
from tests.ports import free_ports
from tests.whole.conftest import until

HOST = "paper.example.org"
DESK = "join.example.org"
NOT_AN_AUTHORITY = ("-addext", "basicConstraints=CA:FALSE")
MAIN = """\
daemon off; master_process off; pid {folder}/pid; error_log stderr crit;
events {{ worker_connections 1024; }}
http {{
  client_body_temp_path {folder}/a; proxy_temp_path {folder}/b; fastcgi_temp_path {folder}/c;
  uwsgi_temp_path {folder}/d; scgi_temp_path {folder}/e;
  include {file};
}}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """One that runs."""

    port: int
    http_port: int
    file: Path
    process: subprocess.Popen[bytes]
    address: str = "127.0.0.1"

    def ask(
        self, path: str, method: str = "GET", headers: Mapping[str, str] | None = None, *, host: str = HOST
    ) -> tuple[int, dict[str, str], bytes]:
        """(status, headers by their names in small letters, body); the path goes out as it is."""
        connection = http.client.HTTPConnection(self.address, self.port)
        plain = socket.create_connection((self.address, self.port), timeout=30)
        connection.sock = unverified().wrap_socket(plain, server_hostname=host)  # named, as a browser does
        connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
        for name, value in {"Host": host, **(headers or {})}.items():
            connection.putheader(name, value)
        connection.endheaders()
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, body


def deploy(*words: object) -> str:
    """What `stet deploy` says; what it raises is raised."""
    done = CliRunner().invoke(deploy_app, [str(word) for word in words], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


def unverified() -> ssl.SSLContext:
    """TLS that takes the tests' own certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def certificate_in(folder: Path) -> Path:
    """A chain as authorities give them today: an elliptic curve, one certificate between it and the root, and as large.

    Let's Encrypt's are of 935 and 1,108 bytes; what such a one holds besides stands in a comment here.
    """
    file = folder / "chain.pem"
    curve = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "90")
    names = f"subjectAltName=DNS:{HOST},DNS:{DESK},DNS:localhost,IP:127.0.0.1"
    authority = "/C=XX/O=A certificate authority of the tests/CN=E7"
    issuer = (*_comment(577), "-subj", authority, "-addext", "keyUsage=keyCertSign")
    root = ("-CA", str(folder / "issuer.pem"), "-CAkey", str(folder / "issuer.key"))
    _openssl(*curve, *issuer, "-keyout", str(folder / "issuer.key"), "-out", str(folder / "issuer.pem"))
    revoked = "crlDistributionPoints=URI:http://e7.c.example.org/1.crl"
    leaf = (*_comment(352), "-subj", f"/CN={HOST}", "-addext", names, "-addext", revoked, *NOT_AN_AUTHORITY)
    _openssl(*curve, *leaf, *root, "-keyout", str(folder / "chain.key"), "-out", str(folder / "leaf.pem"))
    file.write_bytes((folder / "leaf.pem").read_bytes() + (folder / "issuer.pem").read_bytes())
    return file


def _comment(size_bytes: int) -> tuple[str, str]:
    return "-addext", f"nsComment={'.' * size_bytes}"


def _openssl(*arguments: str) -> None:
    subprocess.run(["openssl", "req", "-x509", *arguments], check=True, capture_output=True)


@contextmanager
def served(
    newsroom: Path,
    folder: Path,
    name: str,
    *,
    is_mirror: bool,
    certificate: Path,
    address: str = "127.0.0.1",
    ports: tuple[int, int] | None = None,
    within: Sequence[str] = (),
) -> Iterator[Server]:
    """The edition of a newsroom as "nginx" or "caddy" serves it. `within`: what the command stands behind."""
    port, http_port = ports or free_ports(2)
    out = folder / f"{name}-{'mirror' if is_mirror else 'origin'}"
    out.mkdir(parents=True)
    mirror = ("--mirror", "--root", newsroom / "edition" / "site") if is_mirror else ()
    places = ("--certificate", certificate, "--listen", address, "--port", port, "--http-port", http_port)
    deploy(name, "--host", HOST, *mirror, *places, "--out", out, "-n", newsroom)
    file = out / ("Caddyfile" if name == "caddy" else f"{HOST}.conf")
    with (out / "said").open("wb") as said:
        process = subprocess.Popen(
            [*within, *_command(name, file, out)],
            env={**os.environ, "HOME": str(out), "XDG_DATA_HOME": str(out), "XDG_CONFIG_HOME": str(out)},
            stdout=said,
            stderr=said,
        )
    server = Server(port=port, http_port=http_port, file=file, process=process, address=address)
    try:
        until(lambda: _answers(server) or process.poll() is not None, f"{name} answers")
        assert process.poll() is None, (out / "said").read_text()
        yield server
    finally:
        process.terminate()
        process.wait(30)


def _command(name: str, file: Path, out: Path) -> list[str]:
    if name == "caddy":
        program = shutil.which("caddy")
        assert program, "These tests need Caddy. Run: sudo apt-get install -y caddy"
        return [program, "run", "--adapter", "caddyfile", "--config", str(file)]
    program = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    assert program, "These tests need nginx. Run: sudo apt-get install -y nginx-light"
    main = out / "main.conf"
    main.write_text(MAIN.format(folder=out, file=file))
    return [program, "-c", str(main), "-e", str(out / "errors"), "-p", str(out)]


def _answers(server: Server) -> bool:
    try:
        return server.ask("/robots.txt")[0] == 200
    except OSError:
        return False
