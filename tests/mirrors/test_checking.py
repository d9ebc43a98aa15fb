"""A mirror looked at from outside: what is said of one that is good, late, tampered with, or hostile."""

import random
import shutil
import ssl
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import brotli
import pytest

from stet.edition.root import next_root
from stet.mirrors.base import Capabilities, Headers, Keeping
from stet.mirrors.carrying import Home, carry, look_at
from stet.mirrors.checking import Fault, PlaceReader, look, read_here
from stet.mirrors.checks import Check, State, read_check
from stet.mirrors.http_reader import HttpReader
from stet.mirrors.places.folder import FolderPlace
from stet.mirrors.register import Mirror as Entry
from stet.mirrors.register import Register, write_register
from tests.edition.builders import NOW, Paper, a_key, a_paper, a_put
from tests.mirrors.builders import Mirror
from tests.mirrors.serving import (
    Served,
    dripping,
    dripping_head,
    endless,
    failing,
    leading_to,
    send,
    serving,
    silent,
)


@dataclass
class World:
    """A paper, its mirror behind a web server, and whoever looks at it."""

    mirror: Mirror
    served: Served

    @property
    def paper(self) -> Paper:
        return self.mirror.paper

    @property
    def proof(self) -> Path:
        return self.mirror.site / ".well-known/stet"

    def copy(self) -> None:
        """Bring the mirror to the edition; quicker than a sync, which has its own tests."""
        shutil.rmtree(self.mirror.site)
        shutil.copytree(self.paper.site, self.mirror.site)

    def look(self, before: Check | None = None, *, later: timedelta = timedelta(), seconds: float = 30.0) -> Check:
        with HttpReader(self.served.address, seconds=seconds) as reader:
            return look(
                reader, lambda: read_here(self.paper.site, key=self.paper.key), before=before or Check(),
                now=self.paper.now + later, sheets=50, dice=random.Random(3),
            )  # fmt: skip


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    mirror = Mirror(a_paper(tmp_path / "paper"), tmp_path / "mirror")
    mirror.paper.commit(*(a_put(f"/s/{n}", f"words {n}") for n in range(8)))
    shutil.copytree(mirror.paper.site, mirror.site)
    with serving(mirror.site) as served:
        yield World(mirror, served)


def test_a_mirror_that_holds_the_edition_is_current(world: World) -> None:
    found = world.look()
    pointer = world.paper.folder.pointer()
    assert pointer is not None
    assert (found.state, found.problem) == (State.CURRENT, "")
    assert (found.seq, found.published, found.last_success) == (pointer.seq, pointer.published, world.paper.now)
    assert "/s/3" in world.served.asked
    assert "/one/" in world.served.asked, "A page is asked for by the address that readers use."


def test_a_packed_answer_is_unpacked(world: World) -> None:
    page = world.mirror.site / "one/index.html"
    page.with_name("index.html.br").write_bytes(brotli.compress(page.read_bytes()))
    assert world.look().state is State.CURRENT
    page.with_name("index.html.br").write_bytes(brotli.compress(b"other words"))
    assert world.look().problem == Fault.SHEET_ALTERED


def test_a_mirror_of_a_larger_archive_is_sampled_through_its_nodes(world: World) -> None:
    world.paper.commit(*(a_put(f"/many/{n}") for n in range(400)))
    world.copy()
    assert world.look().state is State.CURRENT
    assert any("/nodes/" in path for path in world.served.asked)


def behind(world: World) -> None:
    world.paper.commit(a_put("/new", "new"))


def tampered(world: World) -> None:
    (world.mirror.site / "one/index.html").write_text("The minister was right.")


def cut_off(world: World) -> None:
    file = world.mirror.site / "s/3"
    file.write_bytes(file.read_bytes()[:-1])


def swapped(world: World) -> None:
    shutil.copy(world.mirror.site / "two/index.html", world.mirror.site / "one/index.html")


def without_a_sheet(world: World) -> None:
    (world.mirror.site / "s/3").unlink()


def of_another_site(world: World) -> None:
    other = a_paper(world.mirror.folder.parent / "other", number=2)
    shutil.rmtree(world.mirror.site)
    shutil.copytree(other.site, world.mirror.site)


def unsigned(world: World) -> None:
    (world.proof / "edition.json.sig").write_text("somebody AAAA\n")


def no_edition(world: World) -> None:
    (world.proof / "edition.json").write_text("<html>Parked domain</html>")


def empty(world: World) -> None:
    shutil.rmtree(world.mirror.site)


def with_other_roots(world: World) -> None:
    (world.proof / "root/1.json").write_bytes(b"{}")


def without_parts(world: World) -> None:
    shutil.rmtree(world.proof / "shards")


def with_altered_parts(world: World) -> None:
    for shard in (world.proof / "shards").rglob("*"):
        if shard.is_file():
            shard.write_bytes(shard.read_bytes().replace(b"/s/3", b"/s/9"))


def printed_elsewhere(world: World) -> None:
    """Somebody else has the key, and printed the next edition."""
    shutil.copytree(world.paper.folder.site.parent, world.mirror.folder.parent / "elsewhere")
    other = Paper(world.mirror.folder.parent / "elsewhere")
    other.now = world.paper.now
    other.commit(a_put("/s/3", "forged"))
    shutil.rmtree(world.mirror.site)
    shutil.copytree(other.site, world.mirror.site)


def of_a_key_that_was_stolen(world: World) -> None:
    """The newest root leaves out the key that signed what stands at the mirror."""
    offline = [a_key(10 + n) for n in (1, 2)]
    root = next_root(world.paper.root.root, offline, now=NOW, edition_keys=[a_key(77).public_key])
    world.paper.folder.put_root(root)
    world.paper.signer = a_key(77)
    world.paper.commit(a_put("/new", "new"))
    shutil.copy(world.paper.proof / "root/2.json", world.proof / "root/2.json")


VERDICTS: dict[str, tuple[Callable[[World], None], State, Fault]] = {
    "holds an older edition": (behind, State.BEHIND, Fault.OLDER),
    "has a page that was changed": (tampered, State.BROKEN, Fault.SHEET_ALTERED),
    "has a sheet that was cut off": (cut_off, State.BROKEN, Fault.SHEET_ALTERED),
    "has two pages swapped": (swapped, State.BROKEN, Fault.SHEET_ALTERED),
    "lacks a sheet": (without_a_sheet, State.BROKEN, Fault.SHEET_MISSING),
    "serves another site": (of_another_site, State.BROKEN, Fault.OTHER_SITE),
    "is signed by nobody": (unsigned, State.BROKEN, Fault.NOT_SIGNED),
    "serves something else": (no_edition, State.BROKEN, Fault.NO_POINTER),
    "serves nothing": (empty, State.BROKEN, Fault.NOTHING_THERE),
    "has other roots": (with_other_roots, State.BROKEN, Fault.OTHER_ROOT),
    "lacks parts of its manifest": (without_parts, State.BROKEN, Fault.PART_MISSING),
    "has parts of its manifest altered": (with_altered_parts, State.BROKEN, Fault.PART_ALTERED),
    "has an edition that was printed elsewhere": (printed_elsewhere, State.BROKEN, Fault.UNKNOWN_EDITION),
    "is signed by a key that counts no more": (of_a_key_that_was_stolen, State.BROKEN, Fault.OLD_KEY),
}


@pytest.mark.parametrize("case", VERDICTS)
def test_a_mirror_is_seen_through_that(case: str, world: World) -> None:
    change, state, fault = VERDICTS[case]
    change(world)
    found = world.look()
    assert (found.state, found.problem) == (state, fault)


def test_an_older_edition_than_was_seen_there_is_called_rolled_back_and_stays_so(world: World) -> None:
    old = world.mirror.folder / "old"
    shutil.copytree(world.mirror.site, old)
    behind(world)
    world.copy()
    seen = world.look()
    shutil.rmtree(world.mirror.site)
    shutil.copytree(old, world.mirror.site)
    first = world.look(seen)
    second = world.look(first)
    assert (first.state, first.problem) == (second.state, second.problem) == (State.BROKEN, Fault.ROLLED_BACK)
    assert second.highest_seq == seen.seq
    assert second.last_success == seen.last_success
    world.copy()
    assert world.look(second).state is State.CURRENT


def test_an_edition_that_has_expired_is_called_frozen(world: World) -> None:
    assert world.look(later=timedelta(hours=72)).state is State.CURRENT, "A clock may be some minutes off."
    found = world.look(later=timedelta(hours=73))
    assert (found.state, found.problem) == (State.BEHIND, Fault.EXPIRED)


def test_a_mirror_between_two_editions_is_told_from_a_broken_one(world: World) -> None:
    class CutError(Exception):
        pass

    def cut(step: str) -> None:
        if step == "edition.json":
            raise CutError

    world.paper.commit(a_put("/s/3", "other words"), removes=("/s/4",))
    with pytest.raises(CutError):
        world.mirror.sync(on_step=cut)
    assert (world.proof / "next.json").exists()
    assert world.look().problem == Fault.OLDER
    (world.mirror.site / "s/3").write_text("words of nobody")
    assert world.look().problem == Fault.SHEET_ALTERED


def test_an_edition_that_arrives_while_somebody_looks_is_no_fault(world: World) -> None:
    world.paper.commit(a_put("/s/3", "other words"))
    is_first = [True]

    def arrive(handler: BaseHTTPRequestHandler) -> None:
        if is_first and is_first.pop():
            world.copy()
        handler.serve(handler)  # type: ignore[attr-defined]

    world.served.answers["/"] = arrive
    assert world.look().state is State.CURRENT


# --- Mirrors that are hostile to whoever looks ---

Hostile = Callable[[Served], None]


def everywhere(answer: Callable[[Served], Callable[[BaseHTTPRequestHandler], None]]) -> Hostile:
    return lambda served: served.answers.update({"*": answer(served)})


def at_a_sheet(answer: Callable[[Served], Callable[[BaseHTTPRequestHandler], None]]) -> Hostile:
    return lambda served: served.answers.update({"/s/3": answer(served)})


HOSTILE: dict[str, tuple[Hostile, State, str]] = {
    "a pointer without end": (everywhere(lambda _: endless()), State.BROKEN, Fault.NO_POINTER),
    "a sheet without end": (at_a_sheet(lambda _: endless()), State.BROKEN, Fault.SHEET_ALTERED),
    "a gzip bomb": (at_a_sheet(lambda _: endless("gzip")), State.BROKEN, Fault.SHEET_ALTERED),
    "a brotli bomb": (at_a_sheet(lambda _: endless("br")), State.BROKEN, Fault.SHEET_ALTERED),
    "packed nonsense": (
        at_a_sheet(lambda _: lambda handler: send(handler, b"nonsense", encoding="br")), State.BROKEN, "be unpacked",
    ),
    "a packing that nobody asked for": (
        at_a_sheet(lambda _: lambda handler: send(handler, b"words", encoding="zstd")), State.BROKEN, "asked for",
    ),
    "a redirect to another host": (
        at_a_sheet(lambda _: leading_to("http://localhost:9/s/3")), State.BROKEN, "to another host",
    ),
    "redirects without end": (at_a_sheet(lambda _: leading_to("/s/3")), State.BROKEN, "without end"),
    "errors": (everywhere(lambda _: failing(503)), State.UNREACHABLE, "an error (503)"),
    "bytes that drip": (everywhere(dripping), State.UNREACHABLE, "in time"),
    "a head that drips": (everywhere(dripping_head), State.UNREACHABLE, "in time"),
    "silence": (everywhere(silent), State.UNREACHABLE, "in time"),
}  # fmt: skip


@pytest.mark.parametrize("case", HOSTILE)
def test_whoever_looks_comes_back_from(case: str, world: World) -> None:
    make, state, words = HOSTILE[case]
    make(world.served)
    found = world.look(seconds=1.0 if words == "in time" else 30.0)
    assert found.state is state
    assert words in found.problem
    assert "127.0.0.1" not in found.problem
    assert "localhost" not in found.problem


def test_a_redirect_on_the_same_host_is_followed(world: World) -> None:
    world.served.answers["/s/3"] = leading_to("/moved/3")
    (world.mirror.site / "moved").mkdir()
    shutil.copy(world.mirror.site / "s/3", world.mirror.site / "moved/3")
    assert world.look().state is State.CURRENT


def test_a_mirror_that_does_not_listen_is_unreachable(world: World) -> None:
    with HttpReader("http://127.0.0.1:1") as reader:
        found = look(reader, lambda: read_here(world.paper.site), before=Check(), now=NOW)
    assert (found.state, found.problem) == (State.UNREACHABLE, "The mirror did not answer.")


def test_a_certificate_that_browsers_refuse_is_refused(world: World, tmp_path: Path) -> None:
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
         "-subj", "/CN=127.0.0.1", "-keyout", tmp_path / "key", "-out", tmp_path / "certificate"],
        check=True, capture_output=True,
    )  # fmt: skip
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "certificate", tmp_path / "key")
    server = HTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=True)
    thread = Thread(target=server.handle_request, daemon=True)
    thread.start()
    with HttpReader(f"https://127.0.0.1:{server.server_address[1]}") as reader:
        found = look(reader, lambda: read_here(world.paper.site), before=Check(), now=NOW)
    server.server_close()
    assert (found.state, "certificate" in found.problem) == (State.BROKEN, True)


def test_a_proxy_is_gone_through_and_finds_the_host(world: World) -> None:
    """The name is one that only the proxy can know."""
    with HttpReader("http://mirror.example.org", proxy=world.served.address) as reader:
        found = look(reader, lambda: read_here(world.paper.site), before=Check(), now=world.paper.now)
    assert found.state is State.CURRENT
    assert world.served.asked[0] == "http://mirror.example.org/.well-known/stet/edition.json"


def test_a_proxy_of_the_environment_is_not_used(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    assert world.look().state is State.CURRENT


# --- Kept for everybody ---


def a_home(world: World, **fields: object) -> tuple[Home, Entry]:
    folder = world.mirror.folder.parent / "newsroom"
    folder.mkdir(exist_ok=True)
    entry = Entry(name="north", added=NOW, **{"target": f"folder:{world.mirror.site}", "public": "", **fields})
    write_register(folder, Register(mirrors=(entry,)))
    world.paper.key.save(folder / "site.pub")
    return Home(folder=folder, site=world.paper.site), entry


def test_what_was_carried_and_found_is_kept(world: World) -> None:
    home, entry = a_home(world, public=world.served.address)
    behind(world)
    carry(home, entry, now=lambda: world.paper.now)
    assert read_check(home.folder, "north").last_success == world.paper.now
    found = look_at(home, entry, now=lambda: world.paper.now)
    assert found.state is State.CURRENT
    assert read_check(home.folder, "north") == found


def test_a_mirror_without_an_address_is_looked_at_through_its_place(world: World) -> None:
    home, entry = a_home(world)
    assert look_at(home, entry, now=lambda: world.paper.now).state is State.CURRENT
    tampered(world)
    for _ in range(20):  # sheets are drawn by lot
        found = look_at(home, entry, now=lambda: world.paper.now)
        if found.state is State.BROKEN:
            break
    assert found.problem == Fault.SHEET_ALTERED


def test_a_place_that_was_given_packed_sheets_is_read_unpacked(tmp_path: Path) -> None:
    class PackedPlace(FolderPlace):
        capabilities = Capabilities(is_conditional=False, is_atomic=True, has_headers=True)

    mirror = Mirror(a_paper(tmp_path / "paper"), tmp_path / "mirror")
    place, paper = PackedPlace(tmp_path / "packed"), mirror.paper
    headers = Headers(media_type="text/html", keeping=Keeping.PAGE, encoding="br")
    body = paper.folder.file("/one/").read_bytes()
    place.put("/one/index.html", brotli.compress(body), headers)
    assert PlaceReader(place).read("/one/index.html", most_bytes=len(body) + 1) == body
    place.put("/one/index.html", brotli.compress(b"0" * 50_000_000, quality=1), headers)
    assert PlaceReader(place).read("/one/index.html", most_bytes=100) == b"0" * 100


def test_an_onion_address_without_a_proxy_is_not_looked_at(world: World) -> None:
    home, entry = a_home(world, target="", public="http://example.onion")
    found = look_at(home, entry, now=lambda: NOW)
    assert (found.state, found.problem) == (State.UNKNOWN, Fault.NEEDS_PROXY)


def test_a_mirror_that_was_removed_meanwhile_leaves_nothing_behind(world: World) -> None:
    home, entry = a_home(world, public=world.served.address)
    write_register(home.folder, Register())
    look_at(home, entry, now=lambda: world.paper.now)
    assert not (home.folder / "data/mirrors/north/check.json").exists()


def test_a_sheet_of_another_language_is_asked_for_by_its_encoded_path(world: World) -> None:
    world.paper.commit(a_put("/новости/дамба", "words"))
    world.copy()
    assert world.look().state is State.CURRENT
    assert "/%D0%BD%D0%BE%D0%B2%D0%BE%D1%81%D1%82%D0%B8/%D0%B4%D0%B0%D0%BC%D0%B1%D0%B0" in world.served.asked
