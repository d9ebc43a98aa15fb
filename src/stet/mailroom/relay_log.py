"""What a relay wrote down of the messages that it took: asked when it is not certain whether one got there.

A sink writes a line for each message that it took, before it says so. Postfix writes the Message-ID when it sees it
(`cleanup`), and that the message is its own when it is queued (`qmgr … (queue active)`): only both together mean that
it took it. A log is read from end to end; no line holds an address that Stet wrote there.

Whoever keeps Postfix's log decides what stands before that: syslog's old stamp or RFC 3339's, RFC 5424's fields, or
the journal's JSON (`journalctl -o json`). Only what begins with the program's name is looked at.
"""

import json
import os
import re
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from stet.kit.clock import write_moment

_SINK = re.compile(rb"\S+ sink: ([0-9A-F]+): took message-id=(<[^>\s]+>)\s*$")
_BEFORE_NAME = rb"(?:[^\s\[\]]+\s+){0,4}(?:[^\s\[\]]+/)?"
"""A stamp and a host. Only a line's first program counts: what it quotes of a mail may look like another."""
_AFTER_NAME = rb"(?:\[\d+\]:| \d+ - -(?: \xef\xbb\xbf)?) "
"""What stands between a program's name and its message: its number, or RFC 5424's fields."""
_SEEN = re.compile(_BEFORE_NAME + rb"cleanup" + _AFTER_NAME + rb"([0-9A-Za-z]+): message-id=(<[^>\s]+>)")
_QUEUED = re.compile(
    _BEFORE_NAME + rb"qmgr" + _AFTER_NAME + rb"([0-9A-Za-z]+): from=<[^>]*>, size=\d+, nrcpt=\d+ \(queue active\)"
)
_HEADER = re.compile(rb"^message-id:[ \t]*(?:\r\n[ \t]+)?(<[^>\s]+>)", re.IGNORECASE | re.MULTILINE)


def read_relay_log(lines: Iterable[bytes]) -> dict[str, str]:
    """The queue ids of all messages taken, by Message-ID."""
    seen: dict[bytes, bytes] = {}
    taken: dict[str, str] = {}
    for line in map(_without_json, lines):
        if found := _SINK.match(line):
            taken[found[2].decode("ascii", "replace")] = found[1].decode("ascii")
        elif found := _SEEN.match(line):
            seen[found[1]] = found[2]
        elif (found := _QUEUED.match(line)) and found[1] in seen:
            taken[seen[found[1]].decode("ascii", "replace")] = found[1].decode("ascii")
    return taken


def _without_json(line: bytes) -> bytes:
    """A line of the journal's JSON as syslog would write it; any other line as it is."""
    if not line.startswith(b"{"):
        return line
    try:
        entry = json.loads(line)
        return f"{entry['SYSLOG_IDENTIFIER']}[{entry.get('SYSLOG_PID', 0)}]: {entry['MESSAGE']}".encode()
    except (ValueError, KeyError, TypeError):
        return b""


def message_id_of(message: bytes) -> str:
    """The Message-ID in a message's headers; "" where there is none."""
    found = _HEADER.search(message, 0, max(0, message.find(b"\r\n\r\n")))
    return found[1].decode("ascii", "replace") if found else ""


class RelayLogWriter:
    """A sink's log. A line is with the system when `note` returns: a killed process loses none."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)

    def note(self, queue_id: str, message_id: str, now: datetime) -> None:
        """Write down that this message was taken."""
        os.write(self._file, f"{write_moment(now)} sink: {queue_id}: took message-id={message_id}\n".encode("ascii"))

    def close(self) -> None:
        """Close the file."""
        os.close(self._file)
