"""A mirror over WebDAV: what it believes, and what it does where a server keeps conditions."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from stet.mirrors.base import Headers, Keeping
from stet.mirrors.errors import MirrorRefusedError, MirrorUnreachableError, PointerMovedError
from stet.mirrors.places.webdav import open_place
from tests.mirrors.certificates import certified
from tests.mirrors.relay import Failing, HttpRelay, TlsRelay
from tests.mirrors.stands import WebdavStand

PAGE = Headers(media_type="text/html", keeping=Keeping.PAGE)


@pytest.fixture(scope="module")
def stand(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebdavStand]:
    stand = WebdavStand(tmp_path_factory.mktemp("webdav"))
    yield stand
    stand.close()


REFUSED: Mapping[str, tuple[str, str]] = {
    "no host": ("webdavs:///papers", "Name a mirror over WebDAV"),
    "a password in the address": ("webdavs://reporter:horse@host.example/papers", "Name a mirror over WebDAV"),
    "a question": ("webdavs://host.example/papers?a=b", "Name a mirror over WebDAV"),
    "no encryption over the network": ("webdav://host.example/papers", "has to be encrypted"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_mirror_is_refused_before_anything_is_sent_where_there_is(case: str) -> None:
    target, words = REFUSED[case]
    with pytest.raises(MirrorRefusedError, match=words):
        open_place(target, {})


def test_an_onion_and_this_machine_need_no_certificate() -> None:
    for host in ("a" * 56 + ".onion", "localhost", "127.0.0.1", "[::1]"):
        open_place(f"webdav://{host}/papers", {}).close()


def test_a_certificate_is_believed_only_if_its_authority_is_known(stand: WebdavStand, tmp_path: Path) -> None:
    assert stand.address
    shown = certified(tmp_path)
    relay = TlsRelay(stand.address, shown.context)
    target = f"webdavs://127.0.0.1:{relay.port}/tls"
    strange = open_place(target, stand.secrets)
    with pytest.raises(MirrorRefusedError, match="not to be trusted"):
        strange.put("/one", b"the dam", PAGE)
    assert not (stand.disk / "tls/one").exists()
    known = open_place(target, {**stand.secrets, "certificate": shown.authority})
    known.put("/one", b"the dam", PAGE)
    assert (stand.disk / "tls/one").read_bytes() == b"the dam"
    known.close()
    relay.close()


def test_a_pointer_is_put_under_a_condition_where_the_server_keeps_them(stand: WebdavStand) -> None:
    assert stand.address
    relay = HttpRelay(stand.address, conditions="kept")
    place = stand.place("conditional", port=relay.port)
    place.put("/pointer", b"1", PAGE)
    place.swap("/pointer", b"2", PAGE, before=b"1")
    assert place.capabilities.is_conditional  # type: ignore[attr-defined]
    assert place.read("/pointer", most_bytes=9) == b"2"
    with pytest.raises(PointerMovedError):
        place.swap("/pointer", b"3", PAGE, before=b"1")
    place.close()
    relay.close()


def test_somebody_who_is_quicker_between_reading_and_putting_is_not_overwritten(stand: WebdavStand) -> None:
    assert stand.address
    relay = HttpRelay(stand.address, conditions="kept")
    ours, theirs = stand.place("race", port=relay.port), stand.place("race")
    ours.put("/pointer", b"1", PAGE)
    ours.swap("/pointer", b"2", PAGE, before=b"1")
    read = ours._read  # type: ignore[attr-defined]

    def read_then_lose(path: str, most_bytes: int) -> tuple[bytes | None, str]:
        found: tuple[bytes | None, str] = read(path, most_bytes)
        theirs.put("/pointer", b"theirs", PAGE)
        return found

    ours._read = read_then_lose  # type: ignore[attr-defined]
    with pytest.raises(PointerMovedError):
        ours.swap("/pointer", b"3", PAGE, before=b"2")
    assert theirs.read("/pointer", most_bytes=9) == b"theirs"
    for place in (ours, theirs):
        place.close()
    relay.close()


ANSWERS = {
    "the server leads elsewhere": (302, MirrorRefusedError, "not followed"),
    "the server has no room": (507, MirrorUnreachableError, "no room"),
    "the server forbids it": (403, MirrorRefusedError, "does not let us do that"),
    "the server is overloaded": (503, MirrorUnreachableError, "status 503"),
}


@pytest.mark.parametrize("case", ANSWERS)
def test_a_sentence_says_that(case: str, stand: WebdavStand) -> None:
    status, error, words = ANSWERS[case]
    assert stand.address
    relay = HttpRelay(stand.address)
    place = stand.place("answers", port=relay.port)
    relay.fail(Failing(first=0, count=1_000, status=status))
    with pytest.raises(error, match=words):
        place.put("/one", b"the dam", PAGE)
    place.close()
    relay.close()
