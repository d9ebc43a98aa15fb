"""Whether a server may listen where it is told to."""

import errno
import socket

from stet.project.errors import OccupiedError
from stet.project.settings import SETTINGS_FILE, Desk, Frontdesk, Newsroom, Office, Reader


def refuse_occupied_ports(newsroom: Newsroom) -> None:
    """Refuse to go on while somebody else listens on one of the newsroom's ports."""
    taken: dict[tuple[str, int], str] = {}
    for section, host, port in servers(newsroom):
        if other := taken.get((host, port)):
            raise OccupiedError(
                f"The {other} and the {section} are both set to port {port}; {another_port(newsroom, section)}."
            )
        taken[host, port] = section
        if problem := occupation(host, port):
            option = PORT_OPTIONS.get(section)
            on_the_line = f" (`stet demo` and `stet init` take --{option})" if option else ""
            raise OccupiedError(f"{problem} End what uses it, or {another_port(newsroom, section)}{on_the_line}.")


def another_port(newsroom: Newsroom, section: str) -> str:
    """What to do about a port that cannot be used."""
    where = "mailroom" if section == "returns" else section
    return f"set another `{port_setting(section)}` under [{where}] in {newsroom.folder / SETTINGS_FILE}"


PORT_OPTIONS = {
    "reader": "reader-port",
    "desk": "desk-port",
    "frontdesk": "frontdesk-port",
    "office": "office-port",
    "mailroom": "mail-port",
    "ledger": "practice-port",
}
"""The option of the command line for the port of a section."""


def servers(newsroom: Newsroom) -> tuple[tuple[str, str, int], ...]:
    """Each server: its section in the settings, its host and its port.

    The mailroom's is its mail server for trials; "returns" is where bounces are taken; the ledger's is the practice
    provider.
    """
    settings = newsroom.settings
    sections: dict[str, Desk | Reader | Frontdesk | Office] = {
        "reader": settings.reader,
        "desk": settings.desk,
        "frontdesk": settings.frontdesk,
        "office": settings.office,
    }
    listening = tuple((name, section.host, section.port) for name, section in sections.items())
    sink = (("mailroom", settings.mailroom.smtp_host, settings.mailroom.smtp_port),) if newsroom.sink else ()
    returns = (("returns", "127.0.0.1", settings.mailroom.lmtp_port),) if settings.mailroom.lmtp_port else ()
    practice = (("ledger", "127.0.0.1", newsroom.practice_port),) if newsroom.practice_port else ()
    return listening + sink + returns + practice


def port_setting(section: str) -> str:
    """What the setting of a section's port is called."""
    names = {"mailroom": "smtp_port", "returns": "lmtp_port", "ledger": "practice"}
    return names.get(section, "port")


def port_value(section: str, port: int) -> int | str:
    """What that setting is for a port: the practice provider's is an address."""
    return f"http://127.0.0.1:{port}" if section == "ledger" else port


def occupation(host: str, port: int) -> str | None:
    """Why nobody can listen there, as a sentence; None where one can."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
            listener.listen(1)
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return f"Port {port} on {host} is in use."
            if error.errno == errno.EACCES:
                return f"Port {port} needs rights that this user has not; ports from 1024 on do not."
            return f"Nobody can listen on {host}, port {port}: it is not an address of this machine."
    return None


def is_answered(host: str, port: int) -> bool:
    """Whether somebody answers there now."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - all addresses: the loopback is one
    try:
        with socket.create_connection((host, port), timeout=0.2):
            return True
    except OSError:
        return False
