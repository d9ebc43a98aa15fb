"""What is signed here, dkimpy verifies, and what was changed on the way, it does not."""

import base64
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import dkim
import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from hypothesis import given, settings
from hypothesis import strategies as st

from stet.mailroom.dkim import (
    SEALED,
    Signer,
    SigningKey,
    load_key,
    make_key,
    read_key,
    record_of,
    relaxed_body,
    write_key,
)
from stet.mailroom.errors import DkimKeyRefusedError
from stet.mailroom.frozen import InlinePhoto, as_message
from tests.mailroom.builders import HTML, TEXT, a_letter, tokens

RSA, ED25519 = make_key("rsa"), make_key("ed25519")
BOTH = Signer(
    domain="example.org", keys=(SigningKey(selector="stet", key=RSA), SigningKey(selector="stet-ed", key=ED25519))
)
RECORDS = {"stet._domainkey.example.org.": record_of(RSA), "stet-ed._domainkey.example.org.": record_of(ED25519)}


class VerifyKey:
    """What dkimpy takes from PyNaCl, made of `cryptography`."""

    def __init__(self, key: bytes, encoder: Any) -> None:
        self._key = Ed25519PublicKey.from_public_bytes(encoder.decode(key))

    def verify(self, signed: bytes, signature: bytes) -> None:
        try:
            self._key.verify(signature, signed)
        except InvalidSignature as error:
            raise BadSignatureError from error


class BadSignatureError(Exception):
    """As PyNaCl's."""


@pytest.fixture(autouse=True)
def _nacl(monkeypatch: pytest.MonkeyPatch) -> None:
    encoder = SimpleNamespace(decode=base64.b64decode)
    fake = SimpleNamespace(
        signing=SimpleNamespace(VerifyKey=VerifyKey), encoding=SimpleNamespace(Base64Encoder=encoder),
        exceptions=SimpleNamespace(BadSignatureError=BadSignatureError),
    )  # fmt: skip
    monkeypatch.setattr(dkim, "nacl", fake, raising=False)
    monkeypatch.setitem(sys.modules, "nacl", fake)


def verdicts(message: bytes, count: int = 2) -> list[bool]:
    asked: list[str] = []

    def dns(name: bytes, timeout: int = 5) -> bytes:
        asked.append(name.decode())
        return RECORDS[name.decode()].encode()

    found = []
    for index in range(count):
        try:
            found.append(dkim.DKIM(message).verify(idx=index, dnsfunc=dns))
        except dkim.ValidationError:
            found.append(False)
    return found


def a_signed_copy(**changes: Any) -> bytes:
    return as_message(a_letter(signer=BOTH, **changes).copy_for(tokens()))


LETTERS: dict[str, dict[str, Any]] = {
    "a plain one": {},
    "a long Russian subject": {
        "subject": "Неделя: отобрано вручную, каждую пятницу, о воде и реке",
        "from_name": "Дальний берег",
    },
    "blanks at the ends of lines": {"text": TEXT.encode().replace(b"\n", b"  \t \n")},
    "empty lines at the end": {"text": TEXT.encode() + b"\n\n  \n\n", "html": HTML.encode() + b"\n\n\n"},
    "dots at the beginnings of lines": {"text": TEXT.encode() + b".\n..\n.x\n"},
    "photos": {"photos": [InlinePhoto(cid="p", media_type="image/jpeg", body=bytes(5000))]},
    "no token at all": {"text": b"hello", "html": b"<p>hello</p>"},
    "a mail that is no list's": {"list_key": ""},
    "another address for answers": {"reply_to": "desk@example.org"},
}


@pytest.mark.parametrize("case", LETTERS)
def test_dkimpy_verifies_both_signatures(case: str) -> None:
    assert verdicts(a_signed_copy(**LETTERS[case])) == [True, True]


CHANGES = {
    "the reader's link": (b"/u/abc", b"/u/abd"),
    "the way to leave": (b"List-Unsubscribe: <https", b"List-Unsubscribe: <http"),
    "one click": (b"List-Unsubscribe-Post: List-Unsubscribe=One-Click", b"List-Unsubscribe-Post: no"),
    "the subject": (b"Subject: The Week", b"Subject: The Weak"),
    "a second From": (b"\r\nSubject:", b"\r\nFrom: eve@example.org\r\nSubject:"),
    "a second Subject": (b"\r\nSubject:", b"\r\nSubject: Send money\r\nSubject:"),
    "a second To": (b"\r\nSubject:", b"\r\nTo: eve@example.org\r\nSubject:"),
    "a Cc where there was none": (b"\r\nSubject:", b"\r\nCc: eve@example.org\r\nSubject:"),
    "an address for answers": (b"\r\nSubject:", b"\r\nReply-To: eve@example.org\r\nSubject:"),
    "another way to leave": (b"\r\nSubject:", b"\r\nList-Unsubscribe: <https://eve.example.org/>\r\nSubject:"),
    "another way to read it": (b"\r\nSubject:", b"\r\nContent-Type: text/plain\r\nSubject:"),
    "the Feedback-ID": (b"Feedback-ID: 2", b"Feedback-ID: 1"),
    "the Message-ID": (b"<one@", b"<two@"),
    "the text": ("Привет".encode(), "Прощай".encode()),
}


@pytest.mark.parametrize("case", CHANGES)
def test_what_was_changed_on_the_way_does_not_verify(case: str) -> None:
    before, after = CHANGES[case]
    message = a_signed_copy()
    assert before in message
    assert verdicts(message.replace(before, after)) == [False, False]


def test_what_relays_do_to_blanks_does_not_matter() -> None:
    message = a_signed_copy()
    folded = message.replace(b"\r\nSubject: The Week", b"\r\nSubject:   The\r\n\t Week").replace(
        "с точки".encode(), "с  точки ".encode()
    )
    assert verdicts(folded) == [True, True]


def test_a_header_that_is_not_signed_may_be_added() -> None:
    assert verdicts(b"Received: from x by y\r\n" + a_signed_copy()) == [True, True]


def test_one_key_makes_one_signature() -> None:
    signer = Signer(domain="example.org", keys=(SigningKey(selector="stet", key=RSA),))
    message = as_message(a_letter(signer=signer).copy_for(tokens()))
    assert message.count(b"DKIM-Signature:") == 1
    assert verdicts(message, 1) == [True]


def test_what_must_be_covered_is() -> None:
    head = a_signed_copy().partition(b"\r\n\r\n")[0].replace(b"\r\n ", b"")
    listed = head.partition(b"h=")[2].partition(b";")[0].decode().split(":")
    assert listed == [
        "From", "To", "Subject", "Date", "Message-ID", "List-Id", "List-Unsubscribe", "List-Unsubscribe-Post",
        "Feedback-ID", "MIME-Version", "Content-Type", *SEALED,
    ]  # fmt: skip


def test_the_same_copy_has_the_same_signature() -> None:
    assert a_signed_copy() == a_signed_copy()


@settings(deadline=None)
@given(st.lists(st.sampled_from([b" ", b"\t", b"\r\n", b"x", b".", "ж".encode()]), max_size=40).map(b"".join))
def test_a_body_has_the_relaxed_form_that_dkimpy_gives_it(body: bytes) -> None:
    from dkim.canonicalization import Relaxed

    body = body + b"\r\n"
    assert relaxed_body(body) == Relaxed.canonicalize_body(body)


# --- Keys ---


@pytest.mark.parametrize("kind", ["rsa", "ed25519"])
def test_a_key_comes_back_from_its_file(kind: str, tmp_path: Path) -> None:
    key = make_key(kind)
    (tmp_path / "key").write_bytes(write_key(key))
    assert record_of(load_key(tmp_path / "key")) == record_of(key)


def test_records_are_as_receivers_expect_them() -> None:
    assert record_of(RSA).startswith("v=DKIM1; k=rsa; p=MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA")
    assert record_of(ED25519).startswith("v=DKIM1; k=ed25519; p=")
    assert len(record_of(ED25519).partition("p=")[2]) == 44


def test_keys_that_cannot_sign_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(DkimKeyRefusedError, match="cannot be read"):
        read_key(b"-----BEGIN NOTHING-----")
    with pytest.raises(DkimKeyRefusedError, match="no-such"):
        load_key(tmp_path / "no-such")
    with pytest.raises(DkimKeyRefusedError, match="Use RSA or Ed25519"):
        read_key(write_key(ec.generate_private_key(ec.SECP256R1())))  # type: ignore[arg-type]
    monkeypatch.setattr("stet.mailroom.dkim.SHORTEST_RSA_BITS", 4096)
    with pytest.raises(DkimKeyRefusedError, match="4096 bits at least"):
        SigningKey(selector="stet", key=RSA)
    with pytest.raises(DkimKeyRefusedError, match="selector"):
        SigningKey(selector="a b;", key=ED25519)  # type: ignore[arg-type]
