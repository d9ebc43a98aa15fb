"""A mirror in a bucket: what is told with each file, what it believes, and stores that keep no conditions."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import brotli
import obstore
import pytest

from stet.mirrors.base import Headers, Keeping, Place
from stet.mirrors.errors import MirrorBrokenError, MirrorRefusedError, MirrorUnreachableError, PointerMovedError
from stet.mirrors.places.s3 import open_place
from tests.mirrors.certificates import certified
from tests.mirrors.relay import Failing, HttpRelay, TlsRelay
from tests.mirrors.stands import S3Stand
from tests.ports import free_ports

PAGE = Headers(media_type="text/html", keeping=Keeping.PAGE)
PACKED = Headers(media_type="text/html", keeping=Keeping.PAGE, encoding="br")
KEYS = {"access_key_id": "newsroom", "secret_access_key": "horse"}


@pytest.fixture(scope="module")
def stand(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Stand]:
    stand = S3Stand(tmp_path_factory.mktemp("s3"))
    yield stand
    stand.close()


REFUSED: Mapping[str, tuple[str, Mapping[str, str], str]] = {
    "no bucket": ("s3:///prefix", KEYS, "Name a bucket"),
    "a key in the address": ("s3://name:secret@papers/prefix", KEYS, "Name a bucket"),
    "an option nobody knows": ("s3://papers?endpoint=https://s3.example.org&colour=red", KEYS, "Name a bucket"),
    "an endpoint that is no address": ("s3://papers?endpoint=s3.example.org", KEYS, "Name a bucket"),
    "no encryption over the network": ("s3://papers?endpoint=http://s3.example.org", KEYS, "has to be encrypted"),
    "no key": ("s3://papers?endpoint=https://s3.example.org", {}, "needs access_key_id"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_mirror_is_refused_before_anything_is_sent_where_there_is(case: str) -> None:
    target, secrets, words = REFUSED[case]
    with pytest.raises(MirrorRefusedError, match=words):
        open_place(target, secrets)


def test_type_cache_rule_and_encoding_are_told_with_a_file(stand: S3Stand) -> None:
    place = stand.place("headers")
    place.put("/one/index.html", brotli.compress(b"the dam"), PACKED)
    place.put("/pointer", b"{}", Headers(media_type="application/json", keeping=Keeping.NEVER))
    told = {path: obstore.get(stand.store, f"headers/{path}").attributes for path in ("one/index.html", "pointer")}
    page = told["one/index.html"]
    assert (page["Content-Type"], page["Cache-Control"], page["Content-Encoding"]) == (
        "text/html", "public, max-age=60", "br",
    )  # fmt: skip
    assert (told["pointer"]["Content-Type"], told["pointer"]["Cache-Control"]) == ("application/json", "no-cache")
    assert place.read("/one/index.html", most_bytes=100) == b"the dam"


def test_a_packed_file_without_end_is_unpacked_only_as_far_as_was_asked(stand: S3Stand) -> None:
    place = stand.place("bomb")
    place.put("/one", brotli.compress(bytes(50_000_000), quality=5), PACKED)
    assert place.read("/one", most_bytes=1_000) == bytes(1_000)


def test_a_file_that_is_not_packed_as_it_says_is_broken(stand: S3Stand) -> None:
    place = stand.place("damaged")
    place.put("/one", b"the dam, in no way packed", PACKED)
    with pytest.raises(MirrorBrokenError, match="damaged"):
        place.read("/one", most_bytes=1_000)


@pytest.mark.parametrize("conditions", ["passed", "forgotten", "refused"])
def test_a_pointer_is_replaced_whatever_becomes_of_conditions(stand: S3Stand, conditions: str) -> None:
    assert stand.address
    relay = HttpRelay(stand.address, conditions=conditions)
    place = stand.place(f"conditions-{conditions}", port=relay.port)
    place.put_new("/part", b"lines", PAGE)
    place.put_new("/part", b"lines", PAGE)
    place.swap("/pointer", b"1", PAGE, before=None)
    place.swap("/pointer", b"2", PAGE, before=b"1")
    with pytest.raises(PointerMovedError):
        place.swap("/pointer", b"3", PAGE, before=b"1")
    assert place.read("/pointer", most_bytes=9) == b"2"
    assert place.read("/part", most_bytes=9) == b"lines"
    assert place.capabilities.is_conditional is (conditions == "passed")
    place.close()
    relay.close()


def test_somebody_who_is_quicker_between_reading_and_putting_is_not_overwritten(stand: S3Stand) -> None:
    ours, theirs = stand.place("race"), stand.place("race")
    ours.swap("/pointer", b"1", PAGE, before=None)
    read = ours._read  # type: ignore[attr-defined]

    def read_then_lose(path: str, most_bytes: int) -> tuple[bytes | None, str | None]:
        found: tuple[bytes | None, str | None] = read(path, most_bytes)
        theirs.put("/pointer", b"theirs", PAGE)
        return found

    ours._read = read_then_lose  # type: ignore[attr-defined]
    with pytest.raises(PointerMovedError):
        ours.swap("/pointer", b"2", PAGE, before=b"1")
    assert theirs.read("/pointer", most_bytes=9) == b"theirs"


def test_a_certificate_is_believed_only_if_its_authority_is_known(stand: S3Stand, tmp_path: Path) -> None:
    assert stand.address
    shown = certified(tmp_path)
    relay = TlsRelay(stand.address, shown.context)
    target = f"s3://{stand.bucket}/tls?endpoint=https://127.0.0.1:{relay.port}"
    strange = open_place(target, KEYS)
    with pytest.raises(MirrorRefusedError, match="not to be trusted"):
        strange.put("/one", b"the dam", PAGE)
    assert stand.place("tls").read("/one", most_bytes=9) is None
    known = open_place(target, {**KEYS, "certificate": shown.authority})
    known.put("/one", b"the dam", PAGE)
    assert stand.place("tls").read("/one", most_bytes=9) == b"the dam"
    relay.close()


ASKED: Mapping[str, Callable[[Place, str], object]] = {
    "putting": lambda place, path: place.put(path, b"the dam", PAGE),
    "putting a new one": lambda place, path: place.put_new(path, b"the dam", PAGE),
    "reading": lambda place, path: place.read(path, most_bytes=9),
    "removing": lambda place, path: place.delete(path),
    "replacing": lambda place, path: place.swap(path, b"the dam", PAGE, before=None),
}


@pytest.mark.parametrize("asked", ASKED)
@pytest.mark.parametrize("path", ["/501/", "/NotImplemented", "/a-certificate-that-timed-out", "/status: 501,"])
def test_an_error_is_what_its_answer_says_whatever_words_a_page_has_in_its_address(
    stand: S3Stand, asked: str, path: str
) -> None:
    assert stand.address
    relay = HttpRelay(stand.address)
    place = stand.place(f"errors{path}", port=relay.port)
    relay.fail(Failing(first=0, count=100, status=400))  # 500 would be asked again: the same in the end
    with pytest.raises(MirrorUnreachableError, match="answered with an error"):
        ASKED[asked](place, path)
    relay.fail(None)
    place.put_new(path, b"the dam", PAGE)
    assert place.read(path, most_bytes=9) == b"the dam"
    relay.close()


def test_a_store_that_is_gone_is_not_taken_for_one_that_shows_a_wrong_certificate(stand: S3Stand) -> None:
    (port,) = free_ports(1)
    gone = open_place(f"s3://{stand.bucket}/gone?endpoint=https://127.0.0.1:{port}", KEYS)
    with pytest.raises(MirrorUnreachableError, match="could not be reached"):
        gone.put("/a-certificate-of-debt/index.html", b"the dam", PAGE)


@pytest.mark.parametrize("asked", ASKED)
def test_a_store_that_can_do_nothing_is_one_that_answers_with_an_error(stand: S3Stand, asked: str) -> None:
    assert stand.address
    relay = HttpRelay(stand.address)
    place = stand.place("nothing", port=relay.port)
    relay.fail(Failing(first=0, count=100, status=501))
    with pytest.raises(MirrorUnreachableError, match="answered with an error"):
        ASKED[asked](place, "/one")
    relay.close()
