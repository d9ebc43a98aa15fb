"""Replies are the same replies in whatever pieces they come."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stet.mailroom.errors import ReplyBrokenError
from stet.mailroom.reply import LONGEST_REPLY_BYTES, Reply, ReplyReader


def read(*pieces: bytes) -> list[Reply]:
    reader, found = ReplyReader(), []
    for piece in pieces:
        reader.feed(piece)
        while (reply := reader.next()) is not None:
            found.append(reply)
    return found


CASES = {
    "a plain one": (b"250 Ok\r\n", Reply(code=250, text="Ok")),
    "an enhanced one": (b"450 4.7.1 Slowly\r\n", Reply(code=450, enhanced="4.7.1", text="Slowly")),
    "a code alone": (b"250\r\n", Reply(code=250)),
    "an enhanced code alone": (b"250 2.0.0\r\n", Reply(code=250, enhanced="2.0.0")),
    "a lone LF": (b"250 Ok\n", Reply(code=250, text="Ok")),
    "many lines": (b"550-5.1.1 Nobody\r\n550 5.1.1 here\r\n", Reply(code=550, enhanced="5.1.1", text="Nobody\nhere")),
    "an enhanced code of another class": (b"250 5.1.1 odd\r\n", Reply(code=250, text="5.1.1 odd")),
    "a number that is no enhanced code": (b"250 2.10 ok\r\n", Reply(code=250, text="2.10 ok")),
    "bytes that are not UTF-8": (b"250 \xff\r\n", Reply(code=250, text="\ufffd")),
    "control characters": (b"250 a\x1b[31mb\r\n", Reply(code=250, text="a [31mb")),
}


@pytest.mark.parametrize("case", CASES)
def test_a_reply_is_read(case: str) -> None:
    raw, reply = CASES[case]
    assert read(raw) == [reply]


@pytest.mark.parametrize(
    "raw",
    [
        b"HTTP/1.1 200 OK\r\n",
        b"\r\n",
        b"25 Ok\r\n",
        b"650 Ok\r\n",
        b"250-a\r\n251 b\r\n",
        b"250_Ok\r\n",
        "２５０ Ok\r\n".encode(),
    ],
)
def test_what_is_no_reply_is_broken(raw: bytes) -> None:
    with pytest.raises(ReplyBrokenError):
        read(raw)


@pytest.mark.parametrize("raw", [b"250 " + b"x" * LONGEST_REPLY_BYTES, (b"250-" + b"x" * 500 + b"\r\n") * 200])
def test_a_reply_without_end_is_broken(raw: bytes) -> None:
    with pytest.raises(ReplyBrokenError, match="without end"):
        read(raw)


SAID = st.lists(st.sampled_from([raw for raw, _ in CASES.values()]), max_size=8).map(b"".join)


@given(said=SAID, data=st.data())
def test_any_pieces_give_the_same_replies(said: bytes, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(0, len(said)), max_size=10)))
    pieces = [said[start:end] for start, end in zip([0, *cuts], [*cuts, len(said)], strict=True)]
    assert read(*pieces) == read(said)


@pytest.mark.parametrize(
    ("code", "is_ok", "is_deferral", "is_refusal", "is_closing"),
    [
        (250, True, False, False, False),
        (354, True, False, False, False),
        (421, False, True, False, True),
        (550, False, False, True, False),
    ],
)
def test_the_first_digit_decides(code: int, is_ok: bool, is_deferral: bool, is_refusal: bool, is_closing: bool) -> None:
    reply = Reply(code=code)
    assert (reply.is_ok, reply.is_deferral, reply.is_refusal, reply.is_closing) == (
        is_ok,
        is_deferral,
        is_refusal,
        is_closing,
    )


QUEUE_IDS = {
    "Postfix": ("Ok: queued as 4XyZ12abcD", "4XyZ12abcD"),
    "Exim": ("OK id=1rABCD-000000-1a", "1rABCD-000000-1a"),
    "Sendmail": ("t1A2b3C4012345 Message accepted for delivery", "t1A2b3C4012345"),
    "Gmail": ("OK  1764000000 a640c23a62f3a-b7654.12 - gsmtp", "1764000000"),
    "nothing said": ("Ok", ""),
    "an address": ("reader@example.org accepted", ""),
}


@pytest.mark.parametrize("case", QUEUE_IDS)
def test_the_queue_id_is_found_as_servers_write_it(case: str) -> None:
    text, queue_id = QUEUE_IDS[case]
    assert Reply(code=250, text=text).queue_id == queue_id
