"""Hosts of git repositories on this machine: over ssh, and over https with a token."""

import base64
import os
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from socket import create_server
from typing import Any

import paramiko
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.x509.oid import NameOID

ENVIRONMENT = {"PATH": os.environ["PATH"], "LC_ALL": "C", "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1"}


def a_repository(folder: Path) -> Path:
    """An empty repository that is pushed to."""
    subprocess.run(["git", "init", "--quiet", "--bare", str(folder)], check=True, env=ENVIRONMENT)
    return folder


def git(repository: Path, *arguments: str) -> str:
    """What a command says of a repository."""
    command = ["git", "-C", str(repository), *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True, env=ENVIRONMENT).stdout


def shown(repository: Path, folder: Path, branch: str = "pages") -> Path:
    """What the branch holds, as a host of pages would serve it, without what speaks to the host alone."""
    folder.mkdir(parents=True)
    packed = subprocess.run(
        ["git", "-C", str(repository), "archive", branch], check=True, capture_output=True, env=ENVIRONMENT
    )
    subprocess.run(["tar", "-x", "-C", str(folder)], input=packed.stdout, check=True)
    (folder / ".nojekyll").unlink()
    return folder


def a_key() -> tuple[str, str]:
    """A private key for ssh as a file has it, and its public half."""
    key = ed25519.Ed25519PrivateKey.generate()
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.OpenSSH, serialization.NoEncryption()
    )
    public = key.public_key().public_bytes(serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH)
    return private.decode(), public.decode()


class Ssh(paramiko.ServerInterface):
    """Lets one key in, and runs what git asks for."""

    def __init__(self, public: str) -> None:
        self.public = public

    def get_allowed_auths(self, username: str) -> str:
        return "publickey"

    def check_auth_publickey(self, username: str, key: paramiko.PKey) -> int:
        is_known = self.public.split()[1] == key.get_base64()
        return paramiko.AUTH_SUCCESSFUL if is_known else paramiko.AUTH_FAILED

    def check_channel_request(self, kind: str, chanid: int) -> int:
        return paramiko.OPEN_SUCCEEDED

    def check_channel_env_request(self, channel: Any, name: bytes, value: bytes) -> bool:
        return True

    def check_channel_exec_request(self, channel: Any, command: bytes) -> bool:
        threading.Thread(target=_execute, args=(channel, command.decode()), daemon=True).start()
        return True


def _execute(channel: Any, command: str) -> None:
    process = subprocess.Popen(
        ["sh", "-c", command], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=ENVIRONMENT
    )
    assert process.stdin
    assert process.stdout
    assert process.stderr

    def take(stdin: Any) -> None:
        while part := channel.recv(65_536):
            try:
                stdin.write(part)
                stdin.flush()
            except (BrokenPipeError, ValueError):
                return
        stdin.close()

    threading.Thread(target=take, args=(process.stdin,), daemon=True).start()
    while part := process.stdout.read1(65_536):  # type: ignore[attr-defined]
        channel.sendall(part)
    channel.sendall_stderr(process.stderr.read())
    channel.send_exit_status(process.wait())
    process.stdout.close()
    process.stderr.close()
    channel.close()


@contextmanager
def an_ssh_host(public: str) -> Iterator[tuple[int, str]]:
    """A host that lets `public` in: its port, and its line for known_hosts."""
    host_key = paramiko.ECDSAKey.generate()
    listener = create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    open_transports: list[paramiko.Transport] = []

    def serve() -> None:
        while True:
            try:
                connection, _peer = listener.accept()
            except OSError:
                return
            transport = paramiko.Transport(connection)
            transport.add_server_key(host_key)
            open_transports.append(transport)
            try:
                transport.start_server(server=Ssh(public))
            except (paramiko.SSHException, EOFError):
                transport.close()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield port, f"[127.0.0.1]:{port} {host_key.get_name()} {host_key.get_base64()}\n"
    finally:
        listener.shutdown(2)
        listener.close()
        for transport in open_transports:
            transport.close()
        thread.join(5)


@contextmanager
def an_https_host(folder: Path, root: Path, token: str) -> Iterator[tuple[int, str]]:
    """A host of the repositories in `root` that asks for a token: its port and its certificate."""
    certificate = _certificate(folder)
    wanted = "Basic " + base64.b64encode(f"git:{token}".encode()).decode()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.answer()

        def do_POST(self) -> None:
            self.answer()

        def answer(self) -> None:
            if self.headers.get("Authorization") != wanted:
                self.send_response(401)
                self.send_header("WWW-Authenticate", 'Basic realm="git"')
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            path, _mark, query = self.path.partition("?")
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            environment = {
                **ENVIRONMENT, "GIT_PROJECT_ROOT": str(root), "GIT_HTTP_EXPORT_ALL": "1", "PATH_INFO": path,
                "QUERY_STRING": query, "REQUEST_METHOD": self.command, "REMOTE_USER": "git",
                "CONTENT_TYPE": self.headers.get("Content-Type", ""), "CONTENT_LENGTH": str(len(body)),
                "GIT_PROTOCOL": self.headers.get("Git-Protocol", ""),
            }  # fmt: skip
            done = subprocess.run(
                ["git", "http-backend"], input=body, capture_output=True, env=environment, check=True
            ).stdout
            head, _blank, content = done.partition(b"\r\n\r\n")
            lines = [line.split(": ", 1) for line in head.decode().split("\r\n")]
            status = next((value.split()[0] for name, value in lines if name == "Status"), "200")
            self.send_response(int(status))
            for name, value in lines:
                if name != "Status":
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server.server_address[1], certificate.read_text().partition("-----BEGIN PRIVATE")[0]
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


def _certificate(folder: Path) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
        .not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    file = folder / "certificate.pem"
    file.write_bytes(
        certificate.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )  # fmt: skip
    return file
