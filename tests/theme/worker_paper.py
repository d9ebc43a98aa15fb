"""A small paper at a real address with mirrors at others, for the service worker: servers that are cut and that lie."""

import json
import shutil
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from stet.edition.folder import EditionFolder, Put
from stet.edition.page_signature import sign_page
from stet.edition.root import Root, first_root, next_root
from stet.edition.sheet import Sheet
from stet.kit.clock import write_moment
from stet.kit.digests import to_base64url
from stet.project.reader_site import ReaderSite
from stet.theme.copy import Page, Site, WorkerCopy, WorkerLanguage
from stet.theme.setting import Theme, load_theme
from stet.theme.worker import worker_script
from tests.edition.builders import a_key, a_put
from tests.theme.builders import LANGUAGES, a_site, an_article, prefix
from tests.theme.builders import full as full_page

STORY = "/section-1/story-0/"
TOLD = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=30)
"""When the paper was first printed; its root and pointers have to hold today, since browsers have their own clock."""
PATIENCE_MILLISECONDS = 700


class Server:
    """Serves a folder as the reader site does; can be cut, and counts what it was asked for."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.asked, self.is_cut = folder, list[str](), False
        self.is_free = threading.Event()
        self.is_free.set()
        self.site = ReaderSite(folder, page_seconds=0)
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.0"

            def do_GET(self) -> None:
                server.asked.append(self.path)
                server.is_free.wait()
                if server.is_cut:
                    self.connection.shutdown(socket.SHUT_RDWR)
                    return
                answer = server.site.answer(
                    "GET", self.path.partition("?")[0], {k.lower(): v for k, v in self.headers.items()}
                )
                self.send_response(answer.status)
                for name, value in answer.headers:
                    self.send_header(name, value)
                self.end_headers()
                body = answer.body if answer.body is not None else Path(answer.file or "").read_bytes()
                self.wfile.write(body or b"")

            def log_message(self, *_: Any) -> None:
                """Nothing is written down."""

            def handle_one_request(self) -> None:
                try:
                    super().handle_one_request()
                except (ValueError, OSError):
                    self.close_connection = True

        class Threads(ThreadingHTTPServer):
            request_queue_size = 128
            daemon_threads = True

        self._server = Threads(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def hold(self) -> None:
        """Take requests and say nothing, until `let_go`."""
        self.is_free.clear()

    def let_go(self) -> None:
        """Say what was held back."""
        self.is_free.set()

    def end(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@dataclass
class WorkerPaper:
    """An edition with a front, a story, the offline page, the worker and a list of mirrors."""

    folder: Path
    theme: Theme = field(default_factory=load_theme)
    hour: int = 0
    root: Root = field(init=False)
    edition: EditionFolder = field(init=False)
    signer = a_key(91)
    offline_key = a_key(90)

    def __post_init__(self) -> None:
        self.edition = EditionFolder(self.folder / "edition")
        signed = first_root([self.offline_key], [self.signer.public_key], now=TOLD)
        self.edition.put_root(signed)
        self.root = signed.root
        self.site_id = signed.root.site_id
        self.server = Server(self.edition.site)
        self.mirrors = [Server(self.folder / f"mirror-{number}") for number in (1, 2)]
        self.print_all()

    # --- Printing ---

    def site(self, language: str) -> Site:
        at = prefix(language)
        return a_site(
            language, base_url=self.server.address, app_path=f"{at}/app.webmanifest", offline_path=f"{at}/offline/"
        )

    def page(self, page: Page, *, revision: str = "1", time: datetime = TOLD) -> Put:
        html = self.theme.set_page(replace(page, site=self.site(page.site.language.code)))
        body = sign_page(html, path=page.path, revision=revision, time=time, site=self.site_id, signer=self.signer)
        return Put.of(Sheet(path=page.path, media_type="text/html", body=body))

    def worker(self, **changes: Any) -> bytes:
        told = WorkerCopy(
            site=self.site_id, origin=self.server.address, root_version=self.root.version,
            threshold=self.root.threshold, keys=tuple(map(to_base64url, self.root.keys)),
            edition_keys=tuple(map(to_base64url, self.root.edition_keys)), expires=write_moment(self.root.expires),
            languages=tuple(
                WorkerLanguage(
                    code=code, direction=one.direction, front_path=one.front_path,
                    offline_path=f"{prefix(code)}/offline/",
                )
                for code, one in LANGUAGES.items()
            ),
            never_kept=("/support/",), keeps_pages=True,
        )  # fmt: skip
        return worker_script(replace(told, **changes), patience_milliseconds=PATIENCE_MILLISECONDS)

    def listed(self, *mirrors: Server) -> bytes:
        rows = [
            {"address": one.address, "kind": "mirror", "state": "current", "checked": "2026-11-26T05", "retired": None}
            for one in mirrors
        ]
        return json.dumps({"v": 1, "site": self.site_id, "mirrors": rows}).encode()

    def commit(self, *puts: Put, removes: tuple[str, ...] = ()) -> None:
        self.hour += 1
        moment = TOLD + timedelta(hours=self.hour)
        self.edition.commit(puts, removes, now=moment, signer=self.signer, durable=False)

    def print_all(self) -> None:
        names = ("front", "article", "page", "offline")
        pages = [full_page(name, language) for name in names for language in LANGUAGES]
        self.commit(
            *map(self.page, pages),
            self.page(replace(full_page("not_found"), path="/404.html")),
            a_put("/feed.json", '{"items": []}', "application/json"),
            # So many that its manifest has nodes.
            *(a_put(f"/old/{number}.txt", f"old {number}") for number in range(60)),
            self.put("/worker.js", self.worker(), "text/javascript"),
            self.put("/mirrors.json", self.listed(*self.mirrors), "application/json"),
        )
        self.carry()

    def put(self, path: str, body: bytes, media_type: str) -> Put:
        return Put.of(Sheet(path=path, media_type=media_type, body=body))

    def change_story(self, headline: str, *, hours: int) -> None:
        """The story anew, changed so many hours after it was first printed."""
        story = an_article(headline=headline, title=headline)
        self.commit(self.page(story, revision=headline, time=TOLD + timedelta(hours=hours)))

    def withdraw(self, path: str) -> None:
        """Take a page out of the edition and off the mirrors."""
        self.commit(removes=(path,))
        self.carry()

    def add_root(self) -> None:
        """The next root, which names another edition key alone."""
        self.signer = a_key(92)
        signed = next_root(
            self.root, [self.offline_key], now=TOLD, edition_keys=[self.signer.public_key, a_key(91).public_key]
        )
        self.edition.put_root(signed)
        self.root = signed.root

    # --- Copies ---

    def carry(self, *, to: int | None = None) -> None:
        """Bring the mirrors to where the paper is."""
        for number, mirror in enumerate(self.mirrors):
            if to in (None, number):
                shutil.rmtree(mirror.folder, ignore_errors=True)
                shutil.copytree(self.edition.site, mirror.folder)

    @contextmanager
    def as_it_was(self) -> Iterator[None]:
        """Afterwards everything is as it was before: edition, mirrors, cuts."""
        kept = self.folder / "kept"
        shutil.copytree(self.folder / "edition", kept / "edition")
        state = (self.hour, self.signer, self.root)
        try:
            yield
        finally:
            self.hour, self.signer, self.root = state
            shutil.rmtree(self.folder / "edition")
            shutil.copytree(kept / "edition", self.folder / "edition")
            shutil.rmtree(kept)
            self.edition = EditionFolder(self.folder / "edition")
            self.carry()
            for server in (self.server, *self.mirrors):
                server.is_cut = False
                server.asked.clear()

    def end(self) -> None:
        for server in (self.server, *self.mirrors):
            server.end()


def tampered(folder: Path, path: str, old: str, new: str) -> None:
    """Change words of a page in a copy, as who runs it may."""
    file = folder / path.strip("/") / "index.html"
    html = file.read_text()
    assert old in html
    file.write_text(html.replace(old, new))
