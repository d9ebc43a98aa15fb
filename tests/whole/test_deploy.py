"""What `stet deploy` writes, as Debian's nginx and Caddy serve a printed edition with it."""

import gzip
import re
import shutil
import socket
import ssl
import subprocess
from collections.abc import Iterator
from http.client import HTTPSConnection
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import brotli
import pytest

from stet.mirrors.register import read_register
from stet.project.deploy.units import RIGHTS
from stet.project.errors import ChangedByHandError, PlaceUnknownError
from stet.project.processes import NAMES
from stet.project.reader_site import ARTICLE_PAGE, COMMON_HEADERS, ReaderSite
from stet.project.settings import open_newsroom
from tests.folders import copied
from tests.ports import free_ports
from tests.whole.conftest import SampleNewsroom
from tests.whole.serving import DESK, HOST, Server, certificate_in, deploy, served, unverified

SERVERS = {
    "nginx, origin": ("nginx", False), "nginx, mirror": ("nginx", True),
    "caddy, origin": ("caddy", False), "caddy, mirror": ("caddy", True),
}  # fmt: skip
SAME = {"cache-control", "content-encoding", "content-security-policy", "content-type", *dict(COMMON_HEADERS)}
"""Headers that are the same, whoever sends a sheet."""


@pytest.fixture(scope="module")
def newsroom(sample: SampleNewsroom, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample, with a frontdesk that has a host of its own, and what no edition should hold."""
    folder = copied(sample.folder, tmp_path_factory.mktemp("deploy") / "paper")
    file = folder / "stet.toml"
    told = file.read_text()
    before, desk, after = told.partition("[frontdesk]\n")
    assert desk
    own = f'base_url = "https://{DESK}"\nport = {free_ports(1)[0]}\n'
    file.write_text(before + desk + own + re.sub(r"(?m)^port = \d+\n", "", after, count=1))
    hidden = folder / "edition/site/.git/config"
    hidden.parent.mkdir()
    hidden.write_text("hidden")
    return folder


@pytest.fixture(scope="module")
def reader(newsroom: Path) -> ReaderSite:
    room = open_newsroom(newsroom)
    return ReaderSite(room.site, page_seconds=room.settings.reader.page_seconds, form_urls=room.form_urls)


@pytest.fixture(scope="module", params=SERVERS.values(), ids=SERVERS.keys())
def server(
    request: pytest.FixtureRequest, newsroom: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    name, is_mirror = request.param
    folder = tmp_path_factory.mktemp("server")
    with served(newsroom, folder, name, is_mirror=is_mirror, certificate=certificate_in(folder)) as one:
        yield one


def sheets(site: Path) -> list[str]:
    """Addresses of one sheet of each kind, and of pages in three languages."""
    kinds: dict[str, str] = {}
    for file in sorted(site.rglob("*")):
        path = "/" + file.relative_to(site).as_posix()
        if file.is_file() and file.suffix not in (".br", ".gz") and "/.git/" not in path:
            kinds.setdefault(file.name if "feed" in file.name or "rss" in file.name else file.suffix, path)
    found = [path for kind, path in kinds.items() if kind != ".html"]
    parts = [f"/.well-known/stet/{kind}/" for kind in ("shards", "nodes")]
    stored = ["/" + file.relative_to(site).as_posix() for file in sorted(site.rglob("*")) if file.is_file()]
    found += [next(path for path in stored if path.startswith(part)) for part in parts]
    articles = [path for path in stored if re.fullmatch(rf"{ARTICLE_PAGE}index\.html", path)]
    return [
        *found,
        *(path.removesuffix("index.html") for path in articles[:1]),
        "/search/",
        "/ru/search/",
        "/",
        "/ru/",
        "/fa/",
        "/support/",
        "/ru/archive/",
        "/index.html",
        "/.well-known/stet/edition.json",
    ]


def test_every_kind_of_sheet_is_sent_as_our_own_reader_site_sends_it(
    server: Server, reader: ReaderSite, newsroom: Path
) -> None:
    differing = []
    for path in sheets(newsroom / "edition/site"):
        for wish in ("br", "gzip", "", "gzip, deflate, br, zstd", "br;q=0, gzip"):
            ours = reader.answer("GET", path, {"accept-encoding": wish})
            status, headers, body = server.ask(path, headers={"Accept-Encoding": wish} if wish else {})
            expected = {name: value for name, value in ours.headers if name in SAME}
            got = {name: value for name, value in headers.items() if name in SAME}
            stands = ours.body if ours.body is not None else Path(str(ours.file)).read_bytes()
            if (status, got, body) != (ours.status, expected, stands):
                differing.append((path, wish, status, set(expected.items()) ^ set(got.items()), body == stands))
            assert headers["strict-transport-security"].startswith("max-age=")
            assert "set-cookie" not in headers
    assert differing == []


NOTHING = {
    "what was never there": "/none/",
    "what was never there, in Russian": "/ru/none/",
    "a hidden folder": "/.git/config",
    "a hidden folder below the one that may be seen": "/.well-known/.git/config",
    "a compressed copy by its own name": "/index.html.br",
    "the other one": "/index.html.gz",
    "a folder without a page": "/media/",
    "a path that climbs": "/../../keys/root.pem",
    "a path that climbs behind its encoding": "/%2e%2e/%2e%2e/keys/root.pem",
    "a path that climbs behind one slash more": "/news/..%2f..%2f..%2fkeys/root.pem",
}


def test_what_is_no_sheet_gets_the_404_sheet_of_its_language(server: Server, newsroom: Path) -> None:
    site = newsroom / "edition/site"
    wrong = {}
    for what, path in NOTHING.items():
        status, headers, body = server.ask(path, headers={"Accept-Encoding": "br"})
        text = brotli.decompress(body) if headers.get("content-encoding") == "br" else body
        sheet = (site / ("ru/404.html" if path.startswith("/ru/") else "404.html")).read_bytes()
        # A path that climbs may be refused before anybody looks for a sheet.
        is_fine = (status, text) == (404, sheet) or ("climbs" in what and status == 400 and b"PRIVATE" not in body)
        if not is_fine or (status == 404 and "content-security-policy" not in headers):
            wrong[what] = (status, headers, text[:200])
    assert wrong == {}


def test_a_page_that_stands_as_gz_alone_is_sent_to_everybody_by_a_mirrors_nginx(newsroom: Path, tmp_path: Path) -> None:
    page = (newsroom / "edition/site/404.html").read_bytes()
    alone = newsroom / "edition/site/alone/index.html.gz"
    alone.parent.mkdir()
    alone.write_bytes(gzip.compress(page))
    with served(newsroom, tmp_path, "nginx", is_mirror=True, certificate=certificate_in(tmp_path)) as mirror:
        for wish in ("br", "gzip", ""):
            status, headers, body = mirror.ask("/alone/", headers={"Accept-Encoding": wish} if wish else {})
            assert (status, headers["content-encoding"]) == (200, "gzip"), wish
            assert headers["content-type"] == "text/html; charset=utf-8"
            assert gzip.decompress(body) == page
        assert mirror.ask("/alone/index.html.gz")[0] == 404
    shutil.rmtree(alone.parent)


def test_a_folder_without_its_slash_leads_to_the_folder(server: Server) -> None:
    status, headers, _ = server.ask("/ru")
    assert status in (301, 308)
    assert headers["location"] == "/ru/"


def test_a_head_has_the_headers_and_no_body(server: Server) -> None:
    status, headers, body = server.ask("/", "HEAD", {"Accept-Encoding": "br"})
    assert (status, body, headers["content-encoding"]) == (200, b"", "br")


def test_an_unchanged_sheet_is_not_sent_again(server: Server) -> None:
    tags = set()
    for wish in ("br", "gzip", "identity"):
        _, headers, _ = server.ask("/", headers={"Accept-Encoding": wish})
        tags.add(headers["etag"])
        again = {"Accept-Encoding": wish, "If-None-Match": headers["etag"]}
        status, told, body = server.ask("/", headers=again)
        assert (status, body) == (304, b"")
        assert "content-security-policy" in told
    assert len(tags) == 3, "Each encoding has a tag of its own."


def test_a_part_of_a_file_can_be_asked_for(server: Server, newsroom: Path) -> None:
    photo = next((newsroom / "edition/site/media").glob("*.jpg"))
    status, headers, body = server.ask(f"/media/{photo.name}", headers={"Range": "bytes=10-19"})
    assert (status, body) == (206, photo.read_bytes()[10:20])
    assert headers["content-range"] == f"bytes 10-19/{photo.stat().st_size}"


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_only_reading_is_possible(server: Server, method: str) -> None:
    assert server.ask("/", method)[0] == 405


def test_a_redirect_is_a_page_that_leads_on(server: Server, newsroom: Path) -> None:
    site = newsroom / "edition/site"
    moved = site / "moved/index.html"  # as the press prints one: a page like all others
    moved.parent.mkdir(exist_ok=True)
    moved.write_text('<!doctype html><meta http-equiv="refresh" content="0;url=/ru/">')
    status, headers, body = server.ask("/moved/")
    assert (status, headers["content-type"], body) == (200, "text/html; charset=utf-8", moved.read_bytes())


def test_plain_http_leads_to_https(server: Server) -> None:
    with socket.create_connection(("127.0.0.1", server.http_port), timeout=30) as line:
        line.sendall(f"GET /ru/?a HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\n\r\n".encode())
        answer = b"".join(iter(lambda: line.recv(65_536), b"")).decode()
    assert answer.split()[1] in ("301", "308")
    assert re.search(rf"(?im)^location: https://{HOST}(:\d+)?/ru/\?a\r$", answer)


def protocol_of(server: Server, *, least: ssl.TLSVersion, most: ssl.TLSVersion) -> tuple[str | None, str | None]:
    context = unverified()
    context.minimum_version, context.maximum_version = least, most
    context.set_alpn_protocols(["h2", "http/1.1"])
    line = socket.create_connection(("127.0.0.1", server.port), timeout=30)
    with context.wrap_socket(line, server_hostname=HOST) as secured:
        return secured.version(), secured.selected_alpn_protocol()


def test_a_mirror_speaks_no_http_2_and_ends_the_connection_after_one_answer(
    server: Server, request: pytest.FixtureRequest
) -> None:
    is_mirror = request.node.callspec.params["server"][1]
    newest = ssl.TLSVersion.TLSv1_3
    assert protocol_of(server, least=newest, most=newest) == ("TLSv1.3", "http/1.1" if is_mirror else "h2")
    assert protocol_of(server, least=ssl.TLSVersion.TLSv1_2, most=ssl.TLSVersion.TLSv1_2)[0] == "TLSv1.2"
    assert server.ask("/robots.txt")[1]["connection"] == "close"


def test_old_tls_is_refused(server: Server) -> None:
    asked = ["openssl", "s_client", "-connect", f"127.0.0.1:{server.port}", "-tls1_1", "-cipher", "ALL@SECLEVEL=0"]
    done = subprocess.run(asked, check=False, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    assert "alert protocol version" in done.stderr


def test_no_line_of_a_server_holds_an_address(server: Server) -> None:
    for path in ("/", "/none/", "/%00", "/.git/config"):
        server.ask(path)
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as line:
        line.sendall(b"this is no TLS\r\n\r\n")
        line.recv(100)
    said = "".join(
        file.read_text(errors="replace") for file in server.file.parent.glob("*") if file.name in ("said", "errors")
    )
    assert "127.0.0.1:" not in re.sub(rf"127\.0\.0\.1:({server.port}|{server.http_port})", "", said)
    assert "client: " not in said


# --- The frontdesk behind an origin ---


class Echo(BaseHTTPRequestHandler):
    """A frontdesk that says what it was told."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        said = f"{self.path} {self.headers['host']} {self.headers['x-forwarded-for']} {body.decode()}".encode()
        self.send_response(200)
        self.send_header("content-length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, *args: object) -> None: ...


@pytest.mark.parametrize("server", [SERVERS["nginx, origin"], SERVERS["caddy, origin"]], indirect=True)
def test_an_origin_hands_a_form_to_the_frontdesk_and_says_from_where(server: Server, newsroom: Path) -> None:
    room = open_newsroom(newsroom)
    with HTTPServer(("127.0.0.1", room.settings.frontdesk.port), Echo) as desk:
        Thread(target=desk.handle_request, daemon=True).start()
        connection = HTTPSConnection("127.0.0.1", server.port, context=unverified(), timeout=30)
        context = connection._context  # type: ignore[attr-defined]
        connection.sock = context.wrap_socket(
            socket.create_connection(("127.0.0.1", server.port)), server_hostname=DESK
        )
        headers = {"Host": DESK, "X-Forwarded-For": "203.0.113.9"}
        connection.request("POST", "/ru/join", body="email=x", headers=headers)
        answer = connection.getresponse()
        said = answer.read().decode()
        connection.close()
    assert re.fullmatch(rf"/ru/join {DESK}(:\d+)? 127\.0\.0\.1 email=x", said)
    assert answer.headers["strict-transport-security"].startswith("max-age=")


# --- The command ---


def test_a_file_that_somebody_changed_is_left_alone_unless_forced(newsroom: Path, tmp_path: Path) -> None:
    words = ("nginx", "--host", HOST, "--out", tmp_path, "-n", newsroom)
    assert "is new or has changed" in deploy(*words)
    assert "is as it was" in deploy(*words)
    file = tmp_path / f"{HOST}.conf"
    file.write_text(file.read_text() + "# mine\n")
    with pytest.raises(ChangedByHandError, match="changed by hand"):
        deploy(*words)
    assert file.read_text().endswith("# mine\n")
    deploy(*words, "--force")
    assert "# mine" not in file.read_text()


REFUSED = {
    "a mirror without a name": (["nginx", "--mirror"], "--host"),
    "a host that would end a line": (["nginx", "--host", "a.example;}"], "--host takes"),
    "a folder that would end a line": (["caddy", "--host", HOST, "--root", "/a b"], "spaces"),
    "an account that is none": (["systemd", "--user", "a b"], "--user takes"),
}


@pytest.mark.parametrize(("words", "says"), REFUSED.values(), ids=REFUSED.keys())
def test_what_would_not_stand_in_a_configuration_is_refused(
    newsroom: Path, tmp_path: Path, words: list[str], says: str
) -> None:
    with pytest.raises(PlaceUnknownError, match=says):
        deploy(*words, "--out", tmp_path / "out", "-n", newsroom)
    assert not (tmp_path / "out").exists()


def test_every_process_of_a_newsroom_has_its_rights_written_down() -> None:
    assert set(NAMES) - {"sink", "practice"} <= set(RIGHTS)


OPENING = {"edition.pem": {"press"}, "readers-seal.pem": {"mailroom"}, "root.pem": set(), "root-1.json": set()}
"""Who may read what: the key that signs, the key that opens addresses, the site's root."""


def test_units_show_each_process_its_own_keys_and_hide_the_other_wing(newsroom: Path, tmp_path: Path) -> None:
    deploy("systemd", "--out", tmp_path, "-n", newsroom)
    units = {file.name.removeprefix(f"stet-{newsroom.name}-").removesuffix(".service"): file.read_text()
             for file in tmp_path.glob("*.service")}  # fmt: skip
    assert {"reader", "press", "desk", "frontdesk", "mailroom"} <= set(units)
    for key, allowed in OPENING.items():
        assert {name for name, text in units.items() if f"/keys/{key}\n" in text} == allowed, key
    for name, text in units.items():
        assert f"TemporaryFileSystem={newsroom}/keys:ro\n" in text
        hides = {"public": "readers.sqlite3", "private": "newsroom.sqlite3"}.get(RIGHTS[name].wing)
        assert hides is None or f"InaccessiblePaths=-{newsroom}/data/{hides}\n" in text
    assert "PrivateNetwork=yes" in units["press"]
    assert "PrivateNetwork" not in units["mailroom"]


def test_the_desk_and_no_other_may_write_the_mirrors_and_they_stand_ready(newsroom: Path, tmp_path: Path) -> None:
    deploy("systemd", "--out", tmp_path, "-n", newsroom)
    assert read_register(newsroom).mirrors == ()
    assert (newsroom / "keys/mirrors").is_dir()
    assert (newsroom / "data/mirrors").is_dir()
    units = {file.name.removeprefix(f"stet-{newsroom.name}-"): file.read_text() for file in tmp_path.glob("*.service")}
    desk = units.pop("desk.service")
    for line in ("ReadWritePaths=-{}/mirrors.json", "ReadWritePaths=-{}/keys/mirrors", "BindPaths=-{}/keys/mirrors"):
        assert f"{line.format(newsroom)}\n" in desk
    # The folder of keys is empty but for what is bound into it, and nobody else may write what is bound there.
    assert f"TemporaryFileSystem={newsroom}/keys:ro\n" in desk
    assert [name for name, text in units.items() if "mirrors.json" in text] == []
    assert [
        name for name, text in units.items() if re.search("^(Bind|ReadWrite)Paths=.*keys/mirrors$", text, re.M)
    ] == []


def test_systemd_takes_the_units_and_finds_them_well_guarded(newsroom: Path, tmp_path: Path) -> None:
    analyze = shutil.which("systemd-analyze")
    assert analyze, "This test needs systemd-analyze. Run: sudo apt-get install -y systemd"
    deploy("systemd", "--user", "daemon", "--out", tmp_path, "-n", newsroom)
    units = sorted(map(str, tmp_path.glob("stet-*")))
    verified = subprocess.run([analyze, "verify", *units], check=False, capture_output=True, text=True)
    assert str(newsroom.name) not in verified.stderr, verified.stderr
    services = [unit for unit in units if unit.endswith(".service")]
    guarded = subprocess.run(
        [analyze, "security", "--offline=true", "--threshold=25", "--no-pager", *services],
        check=False, capture_output=True, text=True,
    )  # fmt: skip
    assert guarded.returncode == 0, guarded.stdout[-3_000:]


def test_nginx_gives_out_no_session_ticket(server: Server) -> None:
    """A reader carries one from visit to visit, and on a throttled line it counts. A Caddyfile has no word for it."""
    given = {ticket_of(server, version) for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3)}
    assert given == {server.file.name == "Caddyfile"}


def ticket_of(server: Server, version: ssl.TLSVersion) -> bool:
    """Whether a connection could be resumed, once an answer has come."""
    context = unverified()
    context.minimum_version = context.maximum_version = version
    plain = socket.create_connection((server.address, server.port), timeout=30)
    with context.wrap_socket(plain, server_hostname=HOST) as line:
        line.sendall(f"GET /robots.txt HTTP/1.1\r\nHost: {HOST}\r\n\r\n".encode())
        assert line.recv(65_536).startswith(b"HTTP/1.1 200")
        return line.session is not None and (line.session.has_ticket or bool(line.session.id))
