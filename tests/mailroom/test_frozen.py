"""A copy is what the letter says and nothing else, whatever a reader's own texts are."""

import email
import email.policy
from datetime import UTC, datetime
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.utils import parseaddr
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stet.mailroom.errors import MailAddressRefusedError, MessageRefusedError
from stet.mailroom.frozen import LONGEST_URL_BYTES, MANAGE, UNSUBSCRIBE, InlinePhoto, as_message, as_wire
from tests.mailroom.builders import HTML, TEXT, Someone, a_letter, tokens

JPEG = bytes(range(256)) * 40


def parsed(**changes: Any) -> EmailMessage:
    message = email.message_from_bytes(as_message(a_letter(**changes).copy_for(tokens())), policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    assert not message.defects
    assert not any(part.defects for part in message.walk())
    return message


def test_a_copy_has_the_headers_of_a_lists_letter() -> None:
    message = parsed()
    assert {name: str(value) for name, value in message.items()} == {
        "From": "The Far Shore <letters@example.org>",
        "Subject": "The Week: by hand",
        "Date": "Fri, 27 Nov 2026 08:00:00 +0000",
        "Auto-Submitted": "auto-generated",
        "List-Id": '"The Week" <en.the-week.letters.example.org>',
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Precedence": "bulk",
        "Feedback-ID": "20261127:the-week:letter:stet1",
        "Content-Language": "en",
        "MIME-Version": "1.0",
        "Content-Type": message["Content-Type"],
        "Content-Transfer-Encoding": "8bit",
        "To": "anna@example.com",
        "Message-ID": "<one@example.org>",
        "List-Unsubscribe": "<https://post.example.org/u/abc>, <mailto:leave+abc@post.example.org>",
    }


def test_text_comes_first_and_both_parts_have_the_readers_own_links() -> None:
    plain, html = parsed().iter_parts()
    assert (plain.get_content_type(), html.get_content_type()) == ("text/plain", "text/html")
    for part, printed in ((plain, TEXT), (html, HTML)):
        expected = printed.replace(UNSUBSCRIBE.decode(), "https://post.example.org/u/abc")
        expected = expected.replace(MANAGE.decode(), "https://post.example.org/m/def")
        assert part.get_content().replace("\r\n", "\n") == expected.removesuffix("\n")


def test_photos_travel_beside_the_html() -> None:
    photo = InlinePhoto(cid="photo-1", media_type="image/jpeg", body=JPEG)
    plain, related = parsed(photos=[photo], html=b'<img src="cid:photo-1@stet.invalid">').iter_parts()
    assert (plain.get_content_type(), related.get_content_type()) == ("text/plain", "multipart/related")
    html, image = related.iter_parts()
    assert html.get_content_type() == "text/html"
    assert (image["Content-ID"], image.get_content(), image.get_content_disposition()) == (
        "<photo-1@stet.invalid>", JPEG, "inline",
    )  # fmt: skip


@pytest.mark.parametrize(
    "words",
    [
        "Неделя: отобрано вручную, каждую пятницу, и ещё кое-что о воде и реке",
        "هفته: دست‌چین",
        'He said "stop", (twice); A & B',
        "x" * 300,
    ],
)
def test_words_in_headers_come_through_in_any_script(words: str) -> None:
    message = parsed(subject=words, from_name=words[:90], list_name=words[:90])
    assert message["Subject"] == words
    assert message["From"].addresses[0].addr_spec == "letters@example.org"
    raw = as_message(a_letter(subject=words, from_name=words[:90], list_name=words[:90]).copy_for(tokens()))
    head = raw.partition(b"\r\n\r\n")[0]
    # The older parser: the newer one puts blanks between encoded words of a name, against RFC 2047 section 6.2.
    name, _ = parseaddr(email.message_from_bytes(raw)["From"].replace("\r\n", ""))
    assert str(make_header(decode_header(name))) == words[:90]
    assert head.isascii()
    assert max(map(len, head.split(b"\r\n"))) < 998


def test_a_single_mail_has_nothing_of_a_lists() -> None:
    letter = a_letter(list_key="", feedback_id="", html=b"<p>Hi</p>", text=b"Hi")
    head = as_message(letter.copy_for(tokens(unsubscribe_url="", manage_url="", unsubscribe_mailto=""))).partition(
        b"\r\n\r\n"
    )[0]
    assert not any(name in head for name in (b"List-", b"Precedence", b"Feedback"))


def test_the_same_letter_makes_the_same_bytes() -> None:
    assert a_letter().copy_for(tokens()) == a_letter().copy_for(tokens())


def test_an_international_domain_is_written_in_ascii() -> None:
    copy = as_message(a_letter().copy_for(tokens(to=Someone("anna@пример.example"))))
    assert b"\r\nTo: anna@xn--e1afmkfd.example\r\n" in copy


REFUSED_TOKENS: dict[str, dict[str, Any]] = {
    "a line end in the address": {"to": Someone("anna@example.com\r\nBcc: eve@example.org")},
    "two addresses": {"to": Someone("anna@example.com, eve@example.org")},
    "a name around the address": {"to": Someone("Eve <eve@example.org>")},
    "a local part that is not ASCII": {"to": Someone("анна@example.com")},
    "a line end in the Message-ID": {"message_id": "<one@example.org>\r\nX: y"},
    "a Message-ID without brackets": {"message_id": "one@example.org"},
    "a line end in the link": {"unsubscribe_url": "https://example.org/\r\nX: y"},
    "a bracket in the link": {"unsubscribe_url": "https://example.org/>, <https://example.com/"},
    "a quote in the link": {"manage_url": 'https://example.org/"onclick="x'},
    "another scheme": {"manage_url": "javascript:alert(1)"},
    "a link that is too long": {"manage_url": "https://example.org/" + "a" * LONGEST_URL_BYTES},
    "no link for leaving": {"unsubscribe_url": ""},
    "a bracket in the address for leaving": {"unsubscribe_mailto": "leave@example.org>\r\n"},
}


@pytest.mark.parametrize("case", REFUSED_TOKENS)
def test_a_token_that_breaks_out_is_refused(case: str) -> None:
    with pytest.raises((MessageRefusedError, MailAddressRefusedError)) as caught:
        a_letter().copy_for(tokens(**REFUSED_TOKENS[case]))
    assert "example" not in str(caught.value), "a message holds no address"


REFUSED_LETTERS: dict[str, dict[str, Any]] = {
    "a line end in the subject": {"subject": "News\r\nBcc: eve@example.org"},
    "a line end in the name": {"from_name": "News\nBcc: eve@example.org"},
    "a sender that is none": {"sender": "letters"},
    "a list's key with a blank": {"list_key": "en the week"},
    "a Feedback-ID of another form": {"feedback_id": "one"},
    "a NUL in the text": {"text": b"a\0b"},
    "text that is not UTF-8": {"text": b"\xff"},
    "a word of 1,000 letters": {"text": b"x" * 1000},
    "a photo's name with a line end": {"photos": [InlinePhoto(cid="a\r\nb", media_type="image/jpeg", body=b"")]},
    "a photo that is a page": {"photos": [InlinePhoto(cid="a", media_type="text/html", body=b"")]},
}


@pytest.mark.parametrize("case", REFUSED_LETTERS)
def test_a_letter_that_mail_cannot_carry_is_refused(case: str) -> None:
    with pytest.raises(MessageRefusedError):
        a_letter(**REFUSED_LETTERS[case])


def test_no_line_of_a_copy_is_longer_than_mail_allows_even_with_the_longest_links() -> None:
    html = (
        "<p>" + "слово " * 3000 + f'<a href="{UNSUBSCRIBE.decode()}">x</a><a href="{MANAGE.decode()}">y</a>' * 9
    ).encode()
    text = ("слово " * 3000 + f"{UNSUBSCRIBE.decode()} {MANAGE.decode()} " * 9).encode()
    long = "https://example.org/" + "a" * 370
    copy = as_message(a_letter(html=html, text=text).copy_for(tokens(unsubscribe_url=long, manage_url=long)))
    assert max(map(len, copy.split(b"\r\n"))) <= 998
    assert copy.count(long.encode()) == 4 * 9 + 1


PIECES = st.one_of(
    st.sampled_from(
        [UNSUBSCRIBE, MANAGE, b"\r\n", b"\n", b"\r", b".", b"\r\n.", b"..", b" ", b"\t", b"https://stet.invalid/"]
    ),
    st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0"), max_size=20).map(str.encode),
)


@settings(deadline=None)
@given(text=st.lists(PIECES, max_size=30).map(b"".join), html=st.lists(PIECES, max_size=30).map(b"".join))
def test_a_copy_is_what_replacing_the_markers_would_give(text: bytes, html: bytes) -> None:
    marked = tokens(unsubscribe_url="https://e.example/UU", manage_url="https://e.example/MM")
    try:
        spliced = as_message(a_letter(text=text, html=html).copy_for(marked))
    except MessageRefusedError:
        # Several links without a blank between them may be too long for a line.
        assert _is_long(text) or _is_long(html)
        return
    parts = list(email.message_from_bytes(spliced).get_payload())
    for part, printed in zip(parts, (text, html), strict=True):
        lines = printed.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        naive = lines.replace(UNSUBSCRIBE, b"https://e.example/UU").replace(MANAGE, b"https://e.example/MM")
        got = part.get_payload(decode=True).replace(b"\r\n", b"\n")
        naive = naive.removesuffix(b"\n")
        if _is_long(printed):
            got, naive = (one.translate(_ONE_BLANK) for one in (got, naive))
        assert got == naive


_ONE_BLANK = bytes.maketrans(b"\n\t", b"  ")


def _is_long(printed: bytes) -> bool:
    """Whether the line may have to be broken, with the longest links in place."""
    return len(printed) + LONGEST_URL_BYTES * (printed.count(UNSUBSCRIBE) + printed.count(MANAGE)) > 998


@given(
    st.lists(st.sampled_from([b".", b"..", b"\r\n", b"x", b"\r\n.\r\n", b"\r\n..\r\n", b" "]), max_size=30).map(
        b"".join
    )
)
def test_dots_doubled_and_halved_again_are_the_same(message: bytes) -> None:
    wire = b"".join(as_wire(message))
    assert wire.find(b"\r\n.\r\n") in {-1, len(wire) - 5}
    ended = message if message.endswith(b"\r\n") else message + b"\r\n"
    assert as_message((wire,)) == ended


def test_the_date_is_the_one_given() -> None:
    assert parsed(date=datetime(2026, 2, 3, 4, 5, tzinfo=UTC))["Date"].datetime == datetime(
        2026, 2, 3, 4, 5, tzinfo=UTC
    )
