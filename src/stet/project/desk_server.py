"""The desk's server: Django behind Granian, with the admin's own scripts and styles beside it.

One process and one thread for views: SQLite has one writer, and one thread answered faster than several in a trial
(they fight for the interpreter). The scripts and styles are served by Granian itself, outside that thread.
"""

import shutil
from pathlib import Path
from typing import Any

from granian.server import Server

from stet.project.settings import Newsroom
from stet.project.versions import version_of

STAMP = "stamp"


def make_application() -> Any:
    """The desk as a WSGI application. Granian calls this in its own process."""
    from django.core.wsgi import get_wsgi_application

    from stet.project.parents import die_with_parent

    die_with_parent()
    return get_wsgi_application()


def serve(newsroom: Newsroom) -> None:
    """Serve the desk until the process is told to stop. Django is set up already."""
    desk = newsroom.settings.desk
    Server(
        "stet.project.desk_server:make_application",
        factory=True,
        address=desk.host,
        port=desk.port,
        interface="wsgi",  # type: ignore[arg-type]
        workers=1,
        blocking_threads=1,
        websockets=False,
        log_access=False,
        log_level="warning",  # type: ignore[arg-type]
        static_path_route=["/static"],
        static_path_mount=[collect_static_files()],
    ).serve()


def collect_static_files() -> Path:
    """The folder with the admin's scripts and styles, copied together once for each version of Stet and Wagtail."""
    from django.conf import settings
    from django.core.management import call_command

    folder = Path(str(settings.STATIC_ROOT))
    versions = {package: version_of(package) for package in ("stet", "wagtail", "django")}
    wanted = f"{versions}\n{settings.INSTALLED_APPS}\n"
    stamp = folder / STAMP
    if stamp.is_file() and stamp.read_text() == wanted:
        return folder
    shutil.rmtree(folder, ignore_errors=True)
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.write_text(wanted)
    return folder
