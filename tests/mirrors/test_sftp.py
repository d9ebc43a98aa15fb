"""A mirror over SFTP: whom it believes, and how it is let in."""

import base64
import hashlib
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from stet.mirrors.base import Headers, Keeping, Patience
from stet.mirrors.errors import MirrorRefusedError, MirrorUnreachableError
from stet.mirrors.places.sftp import open_place
from tests.mirrors.relay import Break, Relay
from tests.mirrors.stands import SftpStand

PAGE = Headers(media_type="text/html", keeping=Keeping.PAGE)
SOON = Patience(connect_seconds=0.5, silence_seconds=0.3)
SECRETS = {"host_key": "SHA256:" + "a" * 43, "password": "horse"}


@pytest.fixture(scope="module")
def stand(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SftpStand]:
    stand = SftpStand(tmp_path_factory.mktemp("sftp"))
    yield stand
    stand.close()


def is_let_in(stand: SftpStand, secrets: Mapping[str, str]) -> bool:
    place = open_place(stand.target("mirror"), secrets)
    place.put("/one", b"the dam", PAGE)
    place.close()
    return (stand.disk / "mirror/one").read_bytes() == b"the dam"


REFUSED = {
    "no host": ("sftp:///srv/mirror", SECRETS, "Name a mirror over SFTP"),
    "no user": ("sftp://host.example/srv/mirror", SECRETS, "Name a mirror over SFTP"),
    "a password in the address": ("sftp://reporter:horse@host.example/srv", SECRETS, "Name a mirror over SFTP"),
    "no folder": ("sftp://reporter@host.example/", SECRETS, "Name a mirror over SFTP"),
    "a port that is none": ("sftp://reporter@host.example:many/srv", SECRETS, "Name a mirror over SFTP"),
    "no key of the server's": ("sftp://reporter@host.example/srv", {"password": "horse"}, "needs the server's key"),
    "a key of the server's that is none": (
        "sftp://reporter@host.example/srv", {**SECRETS, "host_key": "any"}, "needs the server's key"
    ),
    "no way to be let in": (
        "sftp://reporter@host.example/srv", {"host_key": SECRETS["host_key"]}, "password or a private_key"
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_a_mirror_is_refused_before_anything_is_sent_where_there_is(case: str) -> None:
    target, secrets, words = REFUSED[case]
    with pytest.raises(MirrorRefusedError, match=words):
        open_place(target, secrets)


def test_the_server_is_known_by_a_line_of_known_hosts_or_by_a_fingerprint(stand: SftpStand) -> None:
    kind, key, *_comment = stand.host_key.split()
    fingerprint = base64.b64encode(hashlib.sha256(base64.b64decode(key)).digest()).decode().rstrip("=")
    for known in (f"host.example {kind} {key}", f"{kind} {key} comment", f"256 SHA256:{fingerprint} host (ED25519)"):
        assert is_let_in(stand, {"host_key": known, "password": "horse"}), known


def test_a_server_with_another_key_is_told_nothing(stand: SftpStand, tmp_path: Path) -> None:
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", tmp_path / "other"], check=True)
    other = (tmp_path / "other.pub").read_text()
    for known in (other, "SHA256:" + "a" * 43):
        with pytest.raises(MirrorRefusedError, match=r"shows another key.*Nothing was told"):
            is_let_in(stand, {"host_key": known, "password": "horse"})


def test_a_private_key_lets_in_as_a_text_or_as_a_file(stand: SftpStand) -> None:
    for key in (stand.private_key.read_text(), str(stand.private_key)):
        assert is_let_in(stand, {"host_key": stand.host_key, "private_key": key, "passphrase": "staple"})


UNREADABLE = {
    "it is locked": (None, "give its passphrase"),
    "the passphrase is another": ("paperclip", "can't be read, or its passphrase"),
}


@pytest.mark.parametrize("case", UNREADABLE)
def test_a_private_key_is_refused_with_a_sentence_where(case: str, stand: SftpStand) -> None:
    passphrase, words = UNREADABLE[case]
    secrets = {"host_key": stand.host_key, "private_key": stand.private_key.read_text()}
    with pytest.raises(MirrorRefusedError, match=words):
        is_let_in(stand, {**secrets, **({"passphrase": passphrase} if passphrase else {})})


def test_a_private_key_that_is_nowhere_is_refused_without_its_path(stand: SftpStand) -> None:
    with pytest.raises(MirrorRefusedError, match="neither a text nor a file") as caught:
        is_let_in(stand, {"host_key": stand.host_key, "private_key": "/nowhere/key"})
    assert "nowhere" not in str(caught.value)


def test_a_folder_from_the_home_on_has_a_wave(stand: SftpStand) -> None:
    place = open_place(stand.target("~/papers"), stand.secrets)
    place.put("/one", b"the dam", PAGE)
    place.close()
    assert (stand.disk / "papers/one").read_bytes() == b"the dam"


@pytest.mark.parametrize("after_bytes", range(1_600, 2_600, 200))
def test_a_server_that_falls_silent_while_it_lets_us_in_is_unreachable_and_not_refused(
    stand: SftpStand, after_bytes: int
) -> None:
    assert stand.address
    relay = Relay(stand.address)
    place = stand.place("mirror", port=relay.port, patience=SOON)
    relay.plan(Break(after_bytes=after_bytes, is_silent=True))
    with pytest.raises(MirrorUnreachableError):
        place.read("/one", most_bytes=9)
    place.close()
    relay.close()


def test_a_page_with_a_word_of_the_servers_in_its_address_is_put_where_a_folder_stands(stand: SftpStand) -> None:
    place = stand.place("words")
    place.put("/unsupported/inside", b"the ford", PAGE)
    place.put("/unsupported", b"the dam", PAGE)
    assert place.read("/unsupported", most_bytes=9) == b"the dam"
    place.close()
