"""What every kind of place promises, proved against a real server of each kind."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from stet.edition.verify import verify_folder
from stet.mirrors.base import INCOMING, Headers, Keeping, Patience, Place
from stet.mirrors.errors import MirrorRefusedError, MirrorUnreachableError, PointerMovedError
from stet.mirrors.places import open_place
from stet.mirrors.sync import Sync
from tests.edition.builders import a_paper, a_put
from tests.mirrors.relay import Break, Failing, HttpRelay, Relay
from tests.mirrors.stands import STANDS, Stand

PAGE = Headers(media_type="text/html", keeping=Keeping.PAGE)
SOON = Patience(connect_seconds=0.5, silence_seconds=0.2, slowest_bytes_per_second=100_000)
OVER_A_NETWORK = ("sftp", "webdav", "s3")
OVER_HTTP = ("webdav", "s3")
NAMES = (
    "/plain.html",
    "/deep/er/index.html",
    "/новости/плотина/index.html",
    "/اخبار/سد/index.html",
    "/it's (1) & a+b é~*,;=@!$.html",
)

names = iter(range(10_000))


@pytest.fixture(scope="module")
def stands(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Stand]]:
    """One of each kind that a test asked for, begun once."""
    begun: dict[str, Stand] = {}
    yield begun
    for stand in begun.values():
        stand.close()


def stand_of(kind: str, stands: dict[str, Stand], factory: pytest.TempPathFactory) -> Stand:
    if kind not in stands:
        stands[kind] = STANDS[kind](factory.mktemp(kind))
    return stands[kind]


@pytest.fixture(params=STANDS)
def stand(request: pytest.FixtureRequest, stands: dict[str, Stand], tmp_path_factory: pytest.TempPathFactory) -> Stand:
    return stand_of(request.param, stands, tmp_path_factory)


@pytest.fixture(params=OVER_A_NETWORK)
def far(request: pytest.FixtureRequest, stands: dict[str, Stand], tmp_path_factory: pytest.TempPathFactory) -> Stand:
    """A place behind a network."""
    return stand_of(request.param, stands, tmp_path_factory)


@pytest.fixture
def name() -> str:
    """Of a mirror where nothing stands yet."""
    return f"mirror-{next(names)}"


@pytest.fixture
def place(stand: Stand, name: str) -> Iterator[Place]:
    place = stand.place(name)
    yield place
    place.close()


@pytest.fixture
def relay(far: Stand) -> Iterator[Relay]:
    assert far.address
    relay = Relay(far.address)
    yield relay
    relay.close()


def read(place: Place, path: str) -> bytes | None:
    return place.read(path, most_bytes=1_000_000)


@pytest.mark.parametrize("path", NAMES)
def test_a_file_is_read_as_it_was_put_whatever_its_name(place: Place, path: str) -> None:
    place.put(path, b"the dam", PAGE)
    place.finish()
    assert read(place, path) == b"the dam"


def test_a_file_is_replaced(place: Place) -> None:
    place.put("/one/index.html", b"a long first text" * 10_000, PAGE)
    place.put("/one/index.html", b"short", PAGE)
    place.finish()
    assert read(place, "/one/index.html") == b"short"


def test_what_is_not_there_is_read_as_none_and_removed_without_an_error(place: Place) -> None:
    place.put("/one/index.html", b"the dam", PAGE)
    for path in ("/two", "/two/index.html", "/one", "/one/index.html/inside"):
        assert read(place, path) is None, path
        place.delete(path)
    place.finish()
    assert read(place, "/one/index.html") == b"the dam"


def test_no_more_is_read_than_was_asked_for(place: Place) -> None:
    place.put("/endless", bytes(300_000), PAGE)
    place.finish()
    assert place.read("/endless", most_bytes=70_000) == bytes(70_000)


def test_an_empty_file_is_a_file(place: Place) -> None:
    place.put("/empty", b"", PAGE)
    place.finish()
    assert read(place, "/empty") == b""


def test_a_file_that_never_changes_is_put_once(place: Place) -> None:
    for _ in range(2):
        place.put_new("/.well-known/stet/shards/ab/abc", b"lines", PAGE)
    place.finish()
    assert read(place, "/.well-known/stet/shards/ab/abc") == b"lines"


def test_a_pointer_is_replaced_only_if_it_is_still_what_was_read(place: Place) -> None:
    place.swap("/edition.json", b"1", PAGE, before=None)
    place.swap("/edition.json", b"2", PAGE, before=b"1")
    for before in (b"1", None, b"22", b""):
        with pytest.raises(PointerMovedError, match="Start again"):
            place.swap("/edition.json", b"3", PAGE, before=before)
    place.finish()
    assert read(place, "/edition.json") == b"2"


def test_a_file_goes_and_takes_empty_folders_along(place: Place, stand: Stand, name: str, tmp_path: Path) -> None:
    place.put("/story/one/index.html", b"the dam", PAGE)
    place.put("/other.html", b"the trial", PAGE)
    place.delete("/story/one/index.html")
    place.finish()
    assert read(place, "/story/one/index.html") is None
    standing = {file.name for file in stand.served(name, tmp_path / "copy").iterdir()}
    assert standing - {".well-known"} == {"other.html"}


def test_a_file_becomes_a_folder_and_a_folder_a_file(place: Place) -> None:
    place.put("/shape", b"a file", PAGE)
    place.put("/shape/deep/inside", b"in a folder", PAGE)
    place.delete("/shape")
    assert read(place, "/shape/deep/inside") == b"in a folder"
    place.put("/shape", b"a file again", PAGE)
    place.delete("/shape/deep/inside")
    place.finish()
    assert read(place, "/shape") == b"a file again"


def test_many_files_are_put_at_once(place: Place) -> None:
    with ThreadPoolExecutor(place.capabilities.connections) as threads:
        list(threads.map(lambda n: place.put(f"/{n % 7}/{n % 3}/{n}", b"%d" % n, PAGE), range(60)))
        place.finish()
        assert list(threads.map(lambda n: read(place, f"/{n % 7}/{n % 3}/{n}"), range(60))) == [
            b"%d" % n for n in range(60)
        ]


def test_what_a_killed_writer_left_aside_is_no_problem_and_goes_with_the_next_sync(
    stand: Stand, name: str, tmp_path: Path
) -> None:
    paper = a_paper(tmp_path / "paper")
    place = stand.place(name)
    sync = Sync(site=paper.site, place=place, folder=tmp_path / "state")
    sync.run()
    place.put(f"{INCOMING}/probe", b"half a f", PAGE)
    served = stand.served(name, tmp_path / "served")
    assert verify_folder(served, root=paper.key, now=paper.now).problems == []
    place.close()
    paper.commit(a_put("/new.txt"))
    Sync(site=paper.site, place=stand.place(name), folder=tmp_path / "state").run()
    assert list(stand.served(name, tmp_path / "served").rglob("probe")) == []


def test_a_mirror_of_every_kind_follows_an_edition_and_verifies(stand: Stand, name: str, tmp_path: Path) -> None:
    paper = a_paper(tmp_path / "paper")
    place = stand.place(name)
    sync = Sync(site=paper.site, place=place, folder=tmp_path / "state")
    for puts, removes in (
        ([a_put(f"/s/{n}.txt", "words " * n) for n in range(50)], ()),
        ([paper.a_page("/one/", "The dam broke"), a_put("/новости/", "вода", "text/html")], ("/two/", "/s/7.txt")),
        ([a_put("/s/7.txt/inside", "a folder now")], ()),
    ):
        pointer = paper.commit(*puts, removes=removes)
        sync.run()
        served = stand.served(name, tmp_path / "served")
        report = verify_folder(served, root=paper.key, now=paper.now)
        assert (report.problems, report.is_printing, report.seq) == ([], False, pointer.seq)
    assert sync.run().put == 0
    place.close()


# --- Over a network ---


def again(act: Callable[[], object]) -> None:
    """As often as it takes until what was planned has happened."""
    for _ in range(20):
        act()


def test_a_connection_that_breaks_is_never_a_file_that_is_not_there(far: Stand, relay: Relay, name: str) -> None:
    far.place(name).put("/one", b"the dam", PAGE)
    place = far.place(name, port=relay.port)
    broken = 0
    for after_bytes in range(0, 1_000, 70):
        assert read(place, "/one") == b"the dam"
        relay.plan(Break(after_bytes=after_bytes))
        try:
            assert read(place, "/one") == b"the dam"
        except MirrorUnreachableError:
            broken += 1
        relay.mend()
    assert broken
    place.close()


@pytest.mark.parametrize("after_bytes", [0, 900, 20_000])
def test_a_server_that_falls_silent_is_given_up(far: Stand, relay: Relay, name: str, after_bytes: int) -> None:
    place = far.place(name, port=relay.port, patience=SOON)
    relay.plan(Break(after_bytes=after_bytes, is_silent=True))
    with pytest.raises(MirrorUnreachableError):
        again(lambda: place.put("/one/index.html", bytes(4_000), PAGE))
    relay.mend()
    place.close()


@pytest.mark.parametrize("after_bytes", [0, 900])
def test_a_server_that_sends_a_byte_now_and_then_is_given_up(
    far: Stand, relay: Relay, name: str, after_bytes: int
) -> None:
    far.place(name).put("/one", b"the dam", PAGE)
    place = far.place(name, port=relay.port, patience=SOON)
    relay.plan(Break(after_bytes=after_bytes, trickle_seconds=0.05, is_lasting=False))
    with pytest.raises(MirrorUnreachableError):
        again(lambda: place.read("/one", most_bytes=100))
    relay.mend()
    place.close()


def test_a_broken_connection_is_an_error_and_the_next_call_has_another(far: Stand, relay: Relay, name: str) -> None:
    place = far.place(name, port=relay.port)
    place.put("/one", b"the dam", PAGE)
    relay.plan(Break(after_bytes=2_000))
    with pytest.raises(MirrorUnreachableError):
        again(lambda: place.put("/two", bytes(1_000), PAGE))
    relay.mend()
    place.put("/two", b"the trial", PAGE)
    assert read(place, "/one") == b"the dam"
    place.close()


def test_a_connection_that_breaks_while_it_is_made_is_unreachable_and_not_refused(
    far: Stand, relay: Relay, name: str
) -> None:
    broken = 0
    for after_bytes in range(0, 6_000, 400):
        place = far.place(name, port=relay.port)
        relay.plan(Break(after_bytes=after_bytes))
        try:
            assert read(place, "/one") is None
        except MirrorUnreachableError:
            broken += 1
        relay.mend()
        place.close()
    assert broken


def test_a_server_that_is_not_there_is_unreachable(far: Stand, name: str) -> None:
    relay = Relay(("127.0.0.1", 1))
    relay.close()
    place = far.place(name, port=relay.port, patience=SOON)
    with pytest.raises(MirrorUnreachableError):
        place.put("/one", b"the dam", PAGE)


def test_who_is_not_let_in_is_told_so_without_names(far: Stand, name: str, caplog: pytest.LogCaptureFixture) -> None:
    if far.kind == "s3":  # The double lets everybody in.
        pairs = [(403, "let us in")]
    else:
        pairs = [(0, "let us in")]
    wrong = {key: value.replace("horse", "donkey") for key, value in far.secrets.items()}
    assert far.address
    relay = HttpRelay(far.address) if far.kind == "s3" else Relay(far.address)
    for status, words in pairs:
        if isinstance(relay, HttpRelay):
            relay.fail(Failing(first=0, count=100, status=status))
        place = open_place(far.target(name, port=relay.port), wrong)
        with pytest.raises(MirrorRefusedError, match=words) as caught:
            place.put("/secret-story/index.html", b"the dam", PAGE)
        said = str(caught.value) + caplog.text
        for hidden in ("127.0.0.1", str(relay.port), "reporter", "donkey", "newsroom", "secret-story", name):
            assert hidden not in said
        assert caught.value.__cause__ is None
        assert caught.value.__suppress_context__ or caught.value.__context__ is None
        place.close()
    relay.close()


@pytest.mark.parametrize("kind", OVER_HTTP)
@pytest.mark.parametrize("is_done", [False, True])
def test_an_error_of_the_server_is_an_error_here(
    kind: str, is_done: bool, stands: dict[str, Stand], tmp_path_factory: pytest.TempPathFactory, name: str
) -> None:
    stand = stand_of(kind, stands, tmp_path_factory)
    assert stand.address
    relay = HttpRelay(stand.address)
    place = stand.place(name, port=relay.port, patience=SOON)
    relay.fail(Failing(first=0, count=1_000, status=503, is_done=is_done))
    for act in (
        lambda: place.put("/one", b"the dam", PAGE),
        lambda: place.put_new("/one", b"the dam", PAGE),
        lambda: place.read("/one", most_bytes=10),
        lambda: place.delete("/one"),
        lambda: place.swap("/one", b"2", PAGE, before=b"1"),
    ):
        with pytest.raises(MirrorUnreachableError):
            act()
    place.close()
    relay.close()
    place = stand.place(name)
    place.put("/one", b"the trial", PAGE)
    assert read(place, "/one") == b"the trial"
    place.close()
