"""Copies of a paper as others hold them: as ZIPs, and on a host of this machine that can be told to misbehave."""

import threading
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote

from tests.edition.builders import Paper

PROOF = ".well-known/stet"
Answer = Callable[[BaseHTTPRequestHandler], None]


def files_of(paper: Paper) -> dict[str, bytes]:
    """Every file of the site, by its name in a ZIP."""
    files = (file for file in sorted(paper.site.rglob("*")) if file.is_file())
    return {file.relative_to(paper.site).as_posix(): file.read_bytes() for file in files}


def edition_folder(paper: Paper) -> dict[str, bytes]:
    """The edition's folder as its writer leaves it, packed whole."""
    return {f"edition/site/{name}": body for name, body in files_of(paper).items()} | {
        "edition/lock": b"",
        "edition/superseded": b"",
    }


def bundle_of(paper: Paper) -> dict[str, bytes]:
    """A part of the edition that is made to be kept: roots, pointer, one page."""
    files = files_of(paper)
    proof = (f"{PROOF}/root/1.json", f"{PROOF}/edition.json", f"{PROOF}/edition.json.sig", "one/index.html")
    return {name: files[name] for name in proof}


def zipped(
    path: Path, files: Mapping[str, bytes], *, folder: str = "", compression: int = zipfile.ZIP_DEFLATED
) -> Path:
    """A ZIP of these files."""
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, body in files.items():
            archive.writestr(folder + name, body)
    return path


class Host:
    """A mirror. `ways` says how it answers for a path, where not with the file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.ways: dict[str, Answer] = {}
        self.asked: list[str] = []
        self.address = ""

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        path = unquote(request.path)
        self.asked.append(path)
        if way := self.ways.get(path):
            way(request)
            return
        file = self.folder / (path + "index.html" if path.endswith("/") else path)[1:]
        if file.is_file():
            send(request, file.read_bytes())
        else:
            send(request, b"nothing here", status=404)


def send(request: BaseHTTPRequestHandler, body: bytes, *, status: int = 200, **headers: str) -> None:
    """Answer with these bytes; `content_encoding="br"` is a header."""
    request.send_response(status)
    for name, value in headers.items():
        request.send_header(name.replace("_", "-"), value)
    request.send_header("Content-Length", str(len(body)))
    request.end_headers()
    request.wfile.write(body)


@contextmanager
def hosted(folder: Path) -> Iterator[Host]:
    """Serve a folder on this machine."""
    host = Host(folder)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True  # or each answer on a connection waits 40 ms for an acknowledgement

        def do_GET(self) -> None:
            try:
                host.answer(self)
            except OSError:  # Whoever asked has left.
                self.close_connection = True

        def do_CONNECT(self) -> None:
            host.asked.append(f"CONNECT {self.path}")
            self.send_response(200)
            self.end_headers()
            self.close_connection = False  # What follows on the connection is for the host that was named.

        def log_message(self, *_words: object) -> None:
            """Write nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    host.address = f"http://127.0.0.1:{server.server_port}"
    try:
        yield host
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
