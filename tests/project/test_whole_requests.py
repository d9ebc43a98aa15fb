"""Requests reach the frontdesk's one thread whole: a slow, large or broken-off body keeps nobody else waiting."""

import asyncio
import threading
from collections.abc import AsyncIterator
from typing import Any

import pytest

from stet.project.whole_requests import in_whole_requests


def an_application(seen: list[dict[str, Any]]) -> Any:
    """Keeps what it was asked, and answers with the body."""

    def application(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        body = environ["wsgi.input"].read()
        seen.append({**environ, "body": body, "thread": threading.current_thread().name})
        start_response("201 Created", [("X-Told", "yes")])
        return [b"said: ", body]

    return application


def a_scope(**changes: Any) -> dict[str, Any]:
    return {
        "type": "http", "method": "POST", "path": "/en/join", "query_string": b"a=1", "headers": [],
        "client": ("192.0.2.7", 4711), "server": ("letters.example.org", 443), "http_version": "1.1", **changes,
    }  # fmt: skip


def asked(scope: dict[str, Any], pieces: list[bytes], *, seen: list[dict[str, Any]] | None = None, ends: str = "body"):
    """What is sent back to a request whose body comes in pieces and then ends, stands still, or breaks off."""
    sent: list[dict[str, Any]] = []
    kept: list[dict[str, Any]] = [] if seen is None else seen

    async def come() -> AsyncIterator[dict[str, Any]]:
        for number, piece in enumerate(pieces):
            is_last = number == len(pieces) - 1 and ends == "body"
            yield {"type": "http.request", "body": piece, "more_body": not is_last}
        if ends == "nothing":
            await asyncio.sleep(60)
        yield {"type": "http.disconnect"}

    async def run() -> None:
        coming = come()

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)

        await in_whole_requests(an_application(kept), most_bytes=100, seconds=0.2)(scope, coming.__anext__, send)

    asyncio.run(run())
    return sent


def test_a_body_in_pieces_reaches_the_application_whole() -> None:
    seen: list[dict[str, Any]] = []
    sent = asked(a_scope(headers=[(b"content-length", b"6")]), [b"abc", b"def"], seen=seen)
    assert [message.get("status", message.get("body")) for message in sent] == [201, b"said: abcdef"]
    assert (b"x-told", b"yes") in sent[0]["headers"]
    assert seen[0]["CONTENT_LENGTH"] == "6"


def test_the_application_is_told_what_was_asked() -> None:
    seen: list[dict[str, Any]] = []
    headers = [
        (b"host", b"letters.example.org"), (b"content-type", b"text/plain"), (b"x-forwarded-for", b"203.0.113.9"),
        (b"x-forwarded-for", b"192.0.2.7"), (b"content_length", b"9999"),
    ]  # fmt: skip
    asked(a_scope(path="/ru/نامه", headers=headers), [b""], seen=seen)
    (told,) = seen
    assert told["PATH_INFO"].encode("latin-1").decode() == "/ru/نامه"
    assert (told["QUERY_STRING"], told["REMOTE_ADDR"], told["CONTENT_TYPE"]) == ("a=1", "192.0.2.7", "text/plain")
    assert (told["HTTP_HOST"], told["HTTP_X_FORWARDED_FOR"]) == ("letters.example.org", "203.0.113.9,192.0.2.7")
    assert "CONTENT_LENGTH" not in told


def test_a_body_that_does_not_come_is_answered_and_reaches_nobody() -> None:
    seen: list[dict[str, Any]] = []
    sent = asked(a_scope(headers=[(b"content-length", b"50")]), [b"email=a"], seen=seen, ends="nothing")
    assert sent[0]["status"] == 408
    assert seen == []


def test_who_goes_away_while_sending_is_not_answered() -> None:
    seen: list[dict[str, Any]] = []
    assert asked(a_scope(), [b"email=a"], seen=seen, ends="gone") == []
    assert seen == []


@pytest.mark.parametrize(
    ("headers", "pieces"),
    [
        pytest.param([(b"content-length", b"1000000")], [b"x" * 60] * 9, id="one that says so"),
        pytest.param([], [b"x" * 60] * 9, id="one that says nothing"),
    ],
)
def test_a_body_that_is_too_large_is_not_read_and_the_application_knows(
    headers: list[tuple[bytes, bytes]], pieces: list[bytes]
) -> None:
    seen: list[dict[str, Any]] = []
    asked(a_scope(headers=headers), pieces, seen=seen)
    (told,) = seen
    assert int(told["CONTENT_LENGTH"]) > 100
    assert len(told["body"]) <= 160


def test_all_requests_are_answered_in_one_thread() -> None:
    seen: list[dict[str, Any]] = []
    application = in_whole_requests(an_application(seen), most_bytes=100, seconds=5)

    async def one() -> None:
        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(_message: dict[str, Any]) -> None: ...

        await application(a_scope(), receive, send)

    async def many() -> None:
        await asyncio.gather(*(one() for _ in range(20)))

    asyncio.run(many())
    assert len({told["thread"] for told in seen}) == 1


def test_a_slow_request_keeps_nobody_waiting() -> None:
    seen: list[dict[str, Any]] = []
    application = in_whole_requests(an_application(seen), most_bytes=100, seconds=5)
    answered: list[str] = []

    async def ask(name: str, wait_seconds: float) -> None:
        async def receive() -> dict[str, Any]:
            await asyncio.sleep(wait_seconds)
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: dict[str, Any]) -> None:
            if message["type"] == "http.response.body":
                answered.append(name)

        await application(a_scope(), receive, send)

    async def both() -> None:
        await asyncio.gather(ask("slow", 0.5), ask("quick", 0))

    asyncio.run(both())
    assert answered == ["quick", "slow"]


def test_a_head_request_gets_headers_alone() -> None:
    sent = asked(a_scope(method="HEAD"), [b""])
    assert (sent[0]["status"], sent[1]["body"]) == (201, b"")
