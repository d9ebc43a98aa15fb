"""The embedded server of the printed edition: Granian in front of `stet.project.reader_site`.

It keeps no log of requests, sets no cookie and knows no reader.
"""

import os
from pathlib import Path
from typing import Any

from granian.server import Server

from stet.project.parents import die_with_parent
from stet.project.reader_site import Answer, ReaderSite
from stet.project.settings import Newsroom


class Application:
    """The site as Granian's own interface (RSGI) calls it."""

    def __init__(self, site: ReaderSite) -> None:
        self.site = site

    async def __rsgi__(self, scope: Any, protocol: Any) -> None:
        """Answer one request."""
        if scope.proto != "http":
            return
        answer = self.site.answer(scope.method, scope.path, scope.headers)
        send(answer, protocol, is_head=scope.method == "HEAD")


def send(answer: Answer, protocol: Any, *, is_head: bool = False) -> None:
    """Send `answer` in the way that costs least."""
    if is_head or (answer.file is None and not answer.body):
        protocol.response_empty(answer.status, answer.headers)
    elif answer.body is not None:
        protocol.response_bytes(answer.status, answer.headers, answer.body)
    elif answer.status == 206:
        protocol.response_file_range(answer.status, answer.headers, answer.file, answer.start, answer.end)
    else:
        protocol.response_file(answer.status, answer.headers, answer.file)


def make_application() -> Application:
    """The application of the tree that STET_SITE names. Granian calls this in its own process."""
    die_with_parent()
    seconds = int(os.environ.get("STET_PAGE_SECONDS", "60"))
    form_urls = os.environ.get("STET_FORM_URLS", "").split()
    onion_url = os.environ.get("STET_ONION_URL", "")
    site = ReaderSite(Path(os.environ["STET_SITE"]), page_seconds=seconds, form_urls=form_urls, onion_url=onion_url)
    return Application(site)


def serve(newsroom: Newsroom) -> None:
    """Serve the newsroom's edition until the process is told to stop."""
    reader = newsroom.settings.reader
    os.environ["STET_SITE"] = str(newsroom.site)
    os.environ["STET_PAGE_SECONDS"] = str(reader.page_seconds)
    os.environ["STET_FORM_URLS"] = " ".join(newsroom.form_urls)
    os.environ["STET_ONION_URL"] = newsroom.onion_url
    Server(
        "stet.project.reader_server:make_application",
        factory=True,
        address=reader.host,
        port=reader.port,
        interface="rsgi",  # type: ignore[arg-type]
        workers=min(2, os.cpu_count() or 1),
        websockets=False,
        log_access=False,
        log_level="warning",  # type: ignore[arg-type]
    ).serve()
