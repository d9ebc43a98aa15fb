"""The two servers of the private wing, frontdesk and office: Django behind Granian, one process, one thread.

Which of them Django is, the process has settled when it was set up (`stet.project.setup.set_up_private_django`).
Neither keeps a log of requests.
"""

from typing import Any

from granian.server import Server

from stet.project.parents import die_with_parent
from stet.project.settings import Frontdesk, Office


def make_frontdesk() -> Any:
    """The frontdesk as a WSGI application. Granian calls this in its own process."""
    from stet.frontdesk.wsgi import make_application

    die_with_parent()
    return make_application()


def make_office() -> Any:
    """The office as a WSGI application. Granian calls this in its own process."""
    from django.core.wsgi import get_wsgi_application

    die_with_parent()
    return get_wsgi_application()


def serve(place: Frontdesk | Office) -> None:
    """Serve until the process is told to stop. Django is set up already."""
    name = "make_frontdesk" if isinstance(place, Frontdesk) else "make_office"
    Server(
        f"stet.project.private_server:{name}",
        factory=True,
        address=place.host,
        port=place.port,
        interface="wsgi",  # type: ignore[arg-type]
        workers=1,
        blocking_threads=1,
        websockets=False,
        log_access=False,
        log_level="warning",  # type: ignore[arg-type]
    ).serve()
