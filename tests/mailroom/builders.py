"""Letters, readers and servers as tests of the mailroom need them."""

import ssl
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from stet.mailroom.frozen import MANAGE, UNSUBSCRIBE, FrozenMessage, Tokens, as_wire
from stet.mailroom.sink import Manners, Sink
from stet.mailroom.sink_script import Script, Scripted
from stet.mailroom.smtp import Connection, Server
from stet.mailroom.transport import Job, outcomes_of

WHEN = datetime(2026, 11, 27, 8, 0, tzinfo=UTC)
HTML = f'<p>Привет</p>\n<p><a href="{UNSUBSCRIBE.decode()}">Уйти</a> <a href="{MANAGE.decode()}">Настроить</a></p>\n'
TEXT = f"Привет\n.с точки\n\n{UNSUBSCRIBE.decode()}\n{MANAGE.decode()}\n"


@dataclass(frozen=True)
class Someone:
    """An address as readers give it."""

    text: str = "anna@example.com"

    @property
    def local(self) -> str:
        return self.text.rpartition("@")[0]

    @property
    def domain(self) -> str:
        return self.text.rpartition("@")[2].encode("idna").decode("ascii")


def a_letter(**changes: Any) -> FrozenMessage:
    usual: dict[str, Any] = {
        "html": HTML.encode(), "text": TEXT.encode(), "subject": "The Week: by hand", "from_name": "The Far Shore",
        "sender": "letters@example.org", "date": WHEN, "language": "en", "list_key": "en.the-week",
        "list_name": "The Week", "list_host": "letters.example.org", "feedback_id": "20261127:the-week:letter:stet1",
    }  # fmt: skip
    return FrozenMessage.build(**(usual | changes))


def tokens(**changes: Any) -> Tokens:
    usual: dict[str, Any] = {
        "to": Someone(), "message_id": "<one@example.org>", "unsubscribe_url": "https://post.example.org/u/abc",
        "manage_url": "https://post.example.org/m/def", "unsubscribe_mailto": "leave+abc@post.example.org",
    }  # fmt: skip
    return Tokens(**(usual | changes))


def a_job(
    key: Any = 1, *, to: str = "anna@example.com", body: bytes = b"Hello\r\n", sender: str = "b@example.org"
) -> Job:
    message = b"Message-ID: <%s@example.org>\r\n\r\n" % str(key).encode() + body
    return Job(key=key, envelope_from=sender, envelope_to=to, make=lambda: as_wire(message))


def jobs(count: int, **changes: Any) -> list[Job]:
    return [a_job(number, to=f"reader{number}@example.com", **changes) for number in range(count)]


def a_sink(*scripted: Scripted, **manners: Any) -> Sink:
    return Sink(Manners(script=Script(scripted), **manners))


def server(sink: Sink, **changes: Any) -> Server:
    usual: dict[str, Any] = {"host": "127.0.0.1", "port": sink.port, "security": "none", "timeout_seconds": 10}
    return Server(**(usual | changes))


def connection(sink: Sink, **changes: Any) -> Connection:
    return Connection(server(sink, **changes))


def run(
    opened: Connection, wanted: Iterable[Job], note: Callable[[Any], None] = lambda key: None
) -> tuple[list[Any], Any]:
    """The outcomes of a run, and what ended it, if not the jobs' end."""
    outcomes: list[Any] = []
    try:
        for outcome in outcomes_of(opened.run(wanted, note)):
            outcomes.append(outcome)
    except Exception as error:
        return outcomes, error
    return outcomes, None


def a_certificate(folder: Path, name: str = "127.0.0.1") -> Path:
    """A certificate that vouches for itself, and its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sink")])
    alternative = x509.DNSName(name) if name[-1].isalpha() else x509.IPAddress(ip_address(name))
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([alternative]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    path = folder / f"{name}.pem"
    pem = certificate.public_bytes(serialization.Encoding.PEM)
    path.write_bytes(
        pem
        + key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return path


def tls_context(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context
