"""When each way last brought something back: the times of empty files, for `stet doctor` to read.

They say nothing of any mail. Where they cannot be written, the mails are taken in all the same.
"""

from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path


class Way(Enum):
    """How a mail reaches Stet that came back."""

    LMTP = "lmtp"
    PIPE = "pipe"
    MAILBOX = "mailbox"


def note_arrival(newsroom: Path, way: Way) -> None:
    """Keep in mind that this way brought a mail just now. `newsroom` is its folder."""
    file = _file(newsroom, way)
    with suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        file.touch()


def last_arrivals(newsroom: Path) -> Mapping[Way, datetime]:
    """When each way last brought a mail; those that never did are not in it."""
    found = {}
    for way in Way:
        with suppress(OSError):
            found[way] = datetime.fromtimestamp(_file(newsroom, way).stat().st_mtime, UTC)
    return found


def _file(newsroom: Path, way: Way) -> Path:
    return newsroom / "data" / "mailroom" / "returns" / way.value
