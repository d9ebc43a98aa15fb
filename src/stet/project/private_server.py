"""The two servers of the private wing, frontdesk and office: Django behind Granian, one process, one thread.

Which of them Django is, the process has settled when it was set up (`stet.project.setup.set_up_private_django`).
Neither keeps a log of requests. The frontdesk stands open to the world: nobody holds its thread by sending slowly.
"""

import resource
from typing import Any

from granian.server import Server

from stet.project.parents import die_with_parent
from stet.project.settings import Frontdesk, Office
from stet.project.whole_requests import in_whole_requests

FRONTDESK_SECONDS = 15.0
"""How long a form may take to arrive; it holds some hundred bytes."""
FRONTDESK_CONNECTIONS = 8_192
"""How many may stand open at once; who is beyond that waits until one ends."""


def make_frontdesk() -> Any:
    """The frontdesk as an ASGI application. Granian calls this in its own process."""
    from stet.frontdesk.answers import MOST_BODY_BYTES
    from stet.frontdesk.wsgi import make_application

    die_with_parent()
    return in_whole_requests(make_application(), most_bytes=MOST_BODY_BYTES, seconds=FRONTDESK_SECONDS)


def make_office() -> Any:
    """The office as a WSGI application. Granian calls this in its own process."""
    from django.core.wsgi import get_wsgi_application

    die_with_parent()
    return get_wsgi_application()


def serve(place: Frontdesk | Office) -> None:
    """Serve until the process is told to stop. Django is set up already."""
    is_frontdesk = isinstance(place, Frontdesk)
    if is_frontdesk:
        _allow_open_files(FRONTDESK_CONNECTIONS * 2)
    name = "make_frontdesk" if is_frontdesk else "make_office"
    Server(
        f"stet.project.private_server:{name}",
        factory=True,
        address=place.host,
        port=place.port,
        interface="asginl" if is_frontdesk else "wsgi",  # type: ignore[arg-type]
        workers=1,
        blocking_threads=None if is_frontdesk else 1,
        backpressure=FRONTDESK_CONNECTIONS if is_frontdesk else None,
        websockets=False,
        log_access=False,
        log_level="warning",  # type: ignore[arg-type]
    ).serve()


def _allow_open_files(most: int) -> None:
    """Let this process have so many files and connections open, as far as the system lets it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = most if hard == resource.RLIM_INFINITY else min(most, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
