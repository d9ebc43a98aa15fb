import stat

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from stet.edition.errors import KeyRefusedError
from stet.edition.keys import PrivateKey, is_signed
from tests.edition.builders import a_key


def test_a_key_comes_back_from_its_file(tmp_path):
    key = PrivateKey.make()
    key.save(tmp_path / "edition.key")
    assert PrivateKey.load(tmp_path / "edition.key").public_key == key.public_key


def test_a_key_file_is_for_its_owner_alone(tmp_path):
    a_key(1).save(tmp_path / "edition.key")
    assert stat.S_IMODE((tmp_path / "edition.key").stat().st_mode) == 0o600


def test_a_key_is_never_overwritten(tmp_path):
    a_key(1).save(tmp_path / "edition.key")
    with pytest.raises(KeyRefusedError, match="never overwritten"):
        a_key(2).save(tmp_path / "edition.key")
    assert PrivateKey.load(tmp_path / "edition.key").key_id == a_key(1).key_id


def test_a_passphrase_locks_the_file(tmp_path):
    a_key(1).save(tmp_path / "root.key", passphrase=b"correct horse")
    assert PrivateKey.load(tmp_path / "root.key", passphrase=b"correct horse").key_id == a_key(1).key_id
    with pytest.raises(KeyRefusedError, match="needs a passphrase"):
        PrivateKey.load(tmp_path / "root.key")
    with pytest.raises(KeyRefusedError, match="not the right one"):
        PrivateKey.load(tmp_path / "root.key", passphrase=b"wrong")


def test_a_passphrase_that_is_not_asked_for_is_refused(tmp_path):
    a_key(1).save(tmp_path / "edition.key")
    with pytest.raises(KeyRefusedError, match="has no passphrase"):
        PrivateKey.load(tmp_path / "edition.key", passphrase=b"x")


def test_a_file_that_holds_no_key_is_refused(tmp_path):
    (tmp_path / "edition.key").write_text("hello")
    with pytest.raises(KeyRefusedError, match="holds no key"):
        PrivateKey.load(tmp_path / "edition.key")


def test_a_missing_key_file_is_named(tmp_path):
    with pytest.raises(KeyRefusedError, match=r"edition\.key cannot be read: No such file"):
        PrivateKey.load(tmp_path / "edition.key")


def test_a_key_of_another_kind_is_refused(tmp_path):
    pem = X25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (tmp_path / "edition.key").write_bytes(pem)
    with pytest.raises(KeyRefusedError, match="not an Ed25519 key"):
        PrivateKey.load(tmp_path / "edition.key")


def test_a_signature_holds_for_its_message_and_key_alone():
    signature = a_key(1).sign(b"words")
    assert is_signed(a_key(1).public_key, signature, b"words")
    assert not is_signed(a_key(1).public_key, signature, b"other words")
    assert not is_signed(a_key(2).public_key, signature, b"words")
    assert not is_signed(b"short", signature, b"words")
    assert not is_signed(a_key(1).public_key, b"", b"words")


def test_a_key_does_not_show_its_secret():
    assert repr(a_key(1)) == f"<PrivateKey {a_key(1).key_id}>"
