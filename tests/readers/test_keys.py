"""Sealing, look-up, links, and the files of the four keys."""

import uuid
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from stet.readers.errors import ReaderKeyRefusedError, SealBrokenError
from stet.readers.keys import KeyFiles, load_opener, load_reader_keys, make_reader_keys
from stet.readers.links import Links, Purpose
from stet.readers.lookup import Lookup
from stet.readers.sealing import Opener, Sealer, is_wrapped
from tests.readers.builders import an_address, an_opener, reader_keys

UID = uuid.UUID("7d7ad0b0-58a0-4f5b-9a54-1b2ffb8c14b1")
OTHER = uuid.UUID("7d7ad0b0-58a0-4f5b-9a54-1b2ffb8c14b2")
PURPOSES: tuple[Purpose, ...] = ("confirm", "manage", "unsubscribe", "change")

locals_ = st.from_regex(r"[a-z0-9]([a-z0-9+._-]?[a-z0-9]){0,30}", fullmatch=True).filter(lambda text: ".." not in text)
addresses = st.builds(
    lambda local, domain: an_address(f"{local}@{domain}"), locals_, st.sampled_from(["example.org", "пример.рф"])
)


# --- Sealing ---


@given(addresses)
def test_what_was_sealed_opens_in_both_forms(address) -> None:
    sealed = reader_keys().sealer.seal(address)
    wrapped = an_opener().rewrap(address, uid=UID)
    assert an_opener().open(sealed, uid=UID) == an_opener().open(wrapped, uid=UID) == address
    assert (is_wrapped(sealed), is_wrapped(wrapped)) == (False, True)


def test_a_seal_is_different_every_time_and_does_not_tell_the_length() -> None:
    short, long = an_address("a@example.org"), an_address("a" * 40 + "@example.org")
    seals = [reader_keys().sealer.seal(address) for address in (short, short, long)]
    assert len(set(seals)) == 3
    assert {len(seal) for seal in seals} == {113}
    assert {len(an_opener().rewrap(address, uid=UID)) for address in (short, long)} == {93}


def test_a_seal_holds_nothing_of_the_address() -> None:
    address = an_address("ada.lovelace@example.org")
    for sealed in (reader_keys().sealer.seal(address), an_opener().rewrap(address, uid=UID)):
        assert b"ada" not in sealed
        assert b"example" not in sealed


def test_a_seal_does_not_open_with_another_key() -> None:
    stranger = Opener(X25519PrivateKey.generate())
    for sealed in (reader_keys().sealer.seal(an_address()), an_opener().rewrap(an_address(), uid=UID)):
        with pytest.raises(SealBrokenError):
            stranger.open(sealed, uid=UID)


def test_what_the_mailroom_wrapped_for_one_reader_does_not_open_for_another() -> None:
    wrapped = an_opener().rewrap(an_address(), uid=UID)
    with pytest.raises(SealBrokenError):
        an_opener().open(wrapped, uid=OTHER)


def test_a_seal_in_which_any_byte_was_changed_does_not_open() -> None:
    for sealed in (reader_keys().sealer.seal(an_address()), an_opener().rewrap(an_address(), uid=UID)):
        for place in range(len(sealed)):
            tampered = sealed[:place] + bytes([sealed[place] ^ 1]) + sealed[place + 1 :]
            with pytest.raises(SealBrokenError):
                an_opener().open(tampered, uid=UID)


@given(st.binary(max_size=200))
def test_bytes_that_nobody_sealed_do_not_open(garbage: bytes) -> None:
    with pytest.raises(SealBrokenError):
        an_opener().open(garbage, uid=UID)


def test_what_a_database_gives_back_opens_too() -> None:
    assert an_opener().open(memoryview(reader_keys().sealer.seal(an_address())), uid=UID) == an_address()


# --- Look-up ---


def test_one_reader_is_found_however_the_address_is_written() -> None:
    digests = {
        reader_keys().lookup.of(an_address(text)) for text in ("Ada@Example.org", "ada@example.org", " ADA@EXAMPLE.ORG")
    }
    assert len(digests) == 1
    assert reader_keys().lookup.of(an_address("ada@пример.рф")) == reader_keys().lookup.of(
        an_address("ada@xn--e1afmkfd.xn--p1ai")
    )


def test_two_readers_are_never_one() -> None:
    digests = {
        reader_keys().lookup.of(an_address(text))
        for text in ("ada@example.org", "bob@example.org", "ada@example.com", "ada+x@example.org")
    }
    assert len(digests) == 4


def test_without_the_key_the_digest_is_another() -> None:
    assert Lookup(b"x" * 32).of(an_address()) != reader_keys().lookup.of(an_address())


def test_a_digest_is_the_one_it_was_when_it_was_stored() -> None:
    assert (
        reader_keys().lookup.of(an_address()).hex()
        == "e38a79bf3e90c8605a453c27edf6c862c5c87a60fa4463d4250970e9572b8471"
    )


# --- Links ---


@given(st.uuids(), st.sampled_from(PURPOSES))
def test_a_token_gives_back_its_uid_for_its_purpose_alone(uid: uuid.UUID, purpose: Purpose) -> None:
    links = reader_keys().links
    token = links.token(purpose, uid)
    assert len(token) == 44
    assert {other: links.uid(other, token) for other in PURPOSES} == {**dict.fromkeys(PURPOSES), purpose: uid}


def test_a_token_is_the_one_it_was_when_it_was_sent() -> None:
    assert reader_keys().links.token("unsubscribe", UID) == "fXrQsFigT1uaVBsv-4wUsQSUh6bDrZ9Miqpw_Q9UEzSQ"


NOT_OURS = {
    "nothing": lambda token: "",
    "cut off": lambda token: token[:-1],
    "longer": lambda token: token + "A",
    "another uid": lambda token: "A" * 22 + token[22:],
    "another proof": lambda token: token[:22] + "A" * 22,
    "padded": lambda token: token[:-2] + "==",
    "not ASCII": lambda token: "é" * 44,
    "another alphabet of base64": lambda token: "+" * 44,
    "with a line feed": lambda token: token[:-1] + "\n",
    "in another case": lambda token: token.swapcase(),
    "a megabyte": lambda token: "A" * 1_000_000,
}


@pytest.mark.parametrize("case", NOT_OURS)
def test_a_token_that_was_changed_is_not_ours(case: str) -> None:
    token = reader_keys().links.token("manage", UID)
    assert reader_keys().links.uid("manage", NOT_OURS[case](token)) is None


def test_two_spellings_of_the_last_character_are_not_both_ours() -> None:
    token = reader_keys().links.token("manage", UID)
    spare = [token[:-1] + character for character in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"]
    assert [other for other in spare if reader_keys().links.uid("manage", other)] == [token]


def test_a_token_of_another_key_is_not_ours() -> None:
    assert reader_keys().links.uid("manage", Links(b"x" * 32).token("manage", UID)) is None


# --- Files ---


def files_in(folder: Path) -> KeyFiles:
    return KeyFiles(
        sealing=folder / "seal.pub", opening=folder / "seal.pem", lookup=folder / "lookup", links=folder / "links"
    )


def test_keys_that_were_made_work_together(tmp_path: Path) -> None:
    make_reader_keys(files_in(tmp_path))
    keys = load_reader_keys(files_in(tmp_path))
    assert load_opener(tmp_path / "seal.pem").open(keys.sealer.seal(an_address()), uid=UID) == an_address()
    assert keys.links.uid("manage", keys.links.token("manage", UID)) == UID


def test_every_key_is_readable_by_its_owner_alone(tmp_path: Path) -> None:
    make_reader_keys(files_in(tmp_path))
    assert {file.stat().st_mode & 0o777 for file in tmp_path.iterdir()} == {0o600}


def test_keys_are_made_once(tmp_path: Path) -> None:
    make_reader_keys(files_in(tmp_path))
    before = {file: file.read_bytes() for file in tmp_path.iterdir()}
    make_reader_keys(files_in(tmp_path))
    assert {file: file.read_bytes() for file in tmp_path.iterdir()} == before
    assert len(set(before.values())) == 4


def test_a_set_whose_opening_key_was_taken_away_is_whole(tmp_path: Path) -> None:
    make_reader_keys(files_in(tmp_path))
    (tmp_path / "seal.pem").unlink()
    make_reader_keys(files_in(tmp_path))
    assert not (tmp_path / "seal.pem").exists()
    load_reader_keys(files_in(tmp_path))


@pytest.mark.parametrize("lost", ["seal.pub", "lookup", "links"])
def test_a_lost_key_is_not_replaced_by_one_that_knows_no_reader(tmp_path: Path, lost: str) -> None:
    make_reader_keys(files_in(tmp_path))
    (tmp_path / lost).unlink()
    with pytest.raises(ReaderKeyRefusedError, match=f"{lost} is missing while other keys"):
        make_reader_keys(files_in(tmp_path))
    assert not (tmp_path / lost).exists()


def test_an_opening_key_may_have_a_passphrase(tmp_path: Path) -> None:
    make_reader_keys(files_in(tmp_path), passphrase=b"tar quay")
    load_opener(tmp_path / "seal.pem", passphrase=b"tar quay")
    with pytest.raises(ReaderKeyRefusedError, match="needs a passphrase"):
        load_opener(tmp_path / "seal.pem")
    with pytest.raises(ReaderKeyRefusedError, match="passphrase is not the right one"):
        load_opener(tmp_path / "seal.pem", passphrase=b"tar key")


BAD_FILES = {
    "is missing": None,
    "is empty": b"",
    "is not text": b"\xff" * 32,
    "is too short": b"AAAA\n",
    "is not base64": b"?" * 43,
}


@pytest.mark.parametrize("name", ["seal.pub", "lookup", "links"])
@pytest.mark.parametrize("case", BAD_FILES)
def test_a_key_file_that_is_bad_is_refused_by_its_name(tmp_path: Path, name: str, case: str) -> None:
    make_reader_keys(files_in(tmp_path))
    (tmp_path / name).unlink() if BAD_FILES[case] is None else (tmp_path / name).write_bytes(BAD_FILES[case])
    with pytest.raises(ReaderKeyRefusedError, match=name):
        load_reader_keys(files_in(tmp_path))


def test_a_key_of_another_kind_opens_nothing(tmp_path: Path) -> None:
    pem = Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (tmp_path / "edition.pem").write_bytes(pem)
    with pytest.raises(ReaderKeyRefusedError, match="of another kind"):
        load_opener(tmp_path / "edition.pem")


def test_a_sealing_key_of_the_wrong_length_is_refused() -> None:
    with pytest.raises(ReaderKeyRefusedError, match="32 bytes"):
        Sealer(b"short")
    with pytest.raises(ReaderKeyRefusedError, match="32 bytes"):
        Lookup(b"short")
    with pytest.raises(ReaderKeyRefusedError, match="32 bytes"):
        Links(b"short")
