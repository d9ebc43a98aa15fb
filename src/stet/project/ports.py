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
                f"The {other} and the {section} are both set to port {port}; set another `{port_setting(section)}` "
                f"under [{section}] in {newsroom.folder / SETTINGS_FILE}."
            )
        taken[host, port] = section
        if problem := occupation(host, port):
            option = PORT_OPTIONS.get(section)
            raise OccupiedError(
                f"{problem} End what uses it, or set another `{port_setting(section)}` under [{section}] "
                f"in {newsroom.folder / SETTINGS_FILE}"
                + (f" (`stet demo` and `stet init` take --{option})." if option else ".")
            )


PORT_OPTIONS = {
    "reader": "reader-port",
    "desk": "desk-port",
    "frontdesk": "frontdesk-port",
    "office": "office-port",
    "mailroom": "mail-port",
}
"""The option of the command line for the port of a section."""


def servers(newsroom: Newsroom) -> tuple[tuple[str, str, int], ...]:
    """Each server: its section in the settings, its host and its port.

    The mailroom's is its mail server for trials, the ledger's the practice provider.
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
    practice = (("ledger", "127.0.0.1", newsroom.practice_port),) if newsroom.practice_port else ()
    return listening + sink + practice


def port_setting(section: str) -> str:
    """What the setting of a section's port is called."""
    return {"mailroom": "smtp_port", "ledger": "practice"}.get(section, "port")


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
