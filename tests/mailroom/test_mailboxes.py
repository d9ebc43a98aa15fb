"""Names of copies and of bounces tell nobody who the reader is."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stet.mailroom.errors import MailAddressRefusedError
from stet.mailroom.mailboxes import is_mailbox, message_id, return_address, token_of

GOOD = ["a@b", "anna.b+c@example.org", "o'neil@example.org", "a@xn--e1afmkfd.example", "1@2.example"]
BAD = [
    "", "@", "a@", "@b", "a b@example.org", "a@b c", ".a@example.org", "a.@example.org", "a..b@example.org",
    "a@[127.0.0.1]", "a@-b.example", "a@b-", "a@b..c", '"a"@example.org', "a@b\r\n", "a@b\n", "a@b,c@d", "<a@b>",
    "a@b>", "анна@example.org", "a@пример.example", "a@@b", "x" * 65 + "@example.org", "a@" + "x" * 255,
]  # fmt: skip


@pytest.mark.parametrize("text", GOOD)
def test_a_mailbox(text: str) -> None:
    assert is_mailbox(text)


@pytest.mark.parametrize("text", BAD)
def test_what_is_no_mailbox(text: str) -> None:
    assert not is_mailbox(text)


@given(st.text(max_size=40))
def test_no_mailbox_holds_what_ends_an_address(text: str) -> None:
    if is_mailbox(text):
        assert not set(text) & set('\r\n\t <>,;:"()[]\\')


def test_a_message_id_follows_from_letter_and_reader() -> None:
    first = message_id(b"key", UUID(int=1), UUID(int=2), "example.org")
    assert first == message_id(b"key", UUID(int=1), UUID(int=2), "example.org")
    others = [
        message_id(b"other", UUID(int=1), UUID(int=2), "example.org"),
        message_id(b"key", UUID(int=2), UUID(int=2), "example.org"),
        message_id(b"key", UUID(int=1), UUID(int=1), "example.org"),
    ]
    assert len({first, *others}) == 4


@given(st.from_regex(r"[A-Za-z0-9_-]{1,40}", fullmatch=True))
def test_a_bounce_comes_back_with_its_token(token: str) -> None:
    made = return_address("bounces@example.org", token)
    assert token_of("bounces@example.org", made) == token
    assert token_of("Bounces@EXAMPLE.org", made) == token


@pytest.mark.parametrize(
    "address",
    [
        "bounces@example.org",
        "bounces+@example.org",
        "bounces+a@example.com",
        "other+a@example.org",
        "bounces+a b@example.org",
        "",
    ],
)
def test_other_addresses_have_no_token(address: str) -> None:
    assert token_of("bounces@example.org", address) is None


@pytest.mark.parametrize("token", ["", "a b", "a@b", "x" * 61, "a\r\nb"])
def test_a_token_that_breaks_out_is_refused(token: str) -> None:
    with pytest.raises(MailAddressRefusedError):
        return_address("bounces@example.org", token)
