"""Whether a server may listen where it is told to."""

import errno
import socket

from stet.project.errors import OccupiedError
from stet.project.settings import SETTINGS_FILE, Newsroom


def refuse_occupied_ports(newsroom: Newsroom) -> None:
    """Refuse to go on while somebody else listens on one of the newsroom's ports."""
    settings = newsroom.settings
    if settings.reader.port == settings.desk.port and settings.reader.host == settings.desk.host:
        raise OccupiedError(
            f"The reader site and the desk are both set to port {settings.desk.port}; "
            f"set another `port` under [reader] or [desk] in {newsroom.folder / SETTINGS_FILE}."
        )
    for section, host, port in servers(newsroom):
        if problem := occupation(host, port):
            raise OccupiedError(
                f"{problem} End what uses it, or set another `port` under [{section}] "
                f"in {newsroom.folder / SETTINGS_FILE} (`stet demo` and `stet init` take --{section}-port)."
            )


def servers(newsroom: Newsroom) -> tuple[tuple[str, str, int], ...]:
    """Each server: its section in the settings, its host and its port."""
    reader, desk = newsroom.settings.reader, newsroom.settings.desk
    return (("reader", reader.host, reader.port), ("desk", desk.host, desk.port))


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
