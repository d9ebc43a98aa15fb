"""The two servers of the private wing, frontdesk and office: Django behind Granian, one process.

The frontdesk has several threads: while a payment provider is slow to answer one reader, the others are not held up.
What it counts and remembers in memory is one process's, so there is never a second one beside it.

Which of them Django is, the process has settled when it was set up (`stet.project.setup.set_up_private_django`).
Neither keeps a log of requests.
"""

from typing import Any

from granian.server import Server

from stet.project.parents import die_with_parent
from stet.project.settings import Frontdesk, Office

FRONTDESK_THREADS = 16
"""They wait for providers, they do not compute."""


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
    is_frontdesk = isinstance(place, Frontdesk)
    name = "make_frontdesk" if is_frontdesk else "make_office"
    Server(
        f"stet.project.private_server:{name}",
        factory=True,
        address=place.host,
        port=place.port,
        interface="wsgi",  # type: ignore[arg-type]
        workers=1,
        blocking_threads=FRONTDESK_THREADS if is_frontdesk else 1,
        websockets=False,
        log_access=False,
        # Granian warns of more threads than processors can use; these wait.
        log_level="error" if is_frontdesk else "warning",  # type: ignore[arg-type]
    ).serve()
