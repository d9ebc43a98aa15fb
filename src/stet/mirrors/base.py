"""What a place must be able to do to hold a mirror, and what it may say that it can do besides.

The rules for an implementation:
 * A path is a file's, as in the manifest, with a "/" in front, never with ".." in it.
 * `put` and `put_new` leave the whole file or what stood before. Where the place can't promise that
   (`is_atomic` is False), a reader may meet half a file for a moment; the next sync puts it again.
 * `read` gives the bytes as they were put, whatever encoding they travel in; None where there is no such file.
 * `delete` of what is not there is no error.
 * Methods are called from several threads at once, where `connections` is more than one.
 * A call ends within the bounds of a `Patience`, whatever the other side does: also where it is silent, or sends a byte
   now and then.
 * Where a file is put aside and renamed, it stands aside in `INCOMING`; what a killed writer left there goes with
   `finish`.
 * Errors are those of `stet.mirrors.errors`, and nothing else. Their text names no host, user, path or secret.
"""

from collections.abc import Callable
from enum import Enum
from typing import Protocol

import msgspec

from stet.edition.sheet import WELL_KNOWN

INCOMING = f"{WELL_KNOWN}/incoming"
"""Where files stand that are not whole yet; nobody links there, and a check leaves it aside."""
USUAL_READ_BYTES = 65_536
"""More than nearly every file that is read back has; to read more takes no longer than this much may take."""


class Keeping(Enum):
    """For how long others may keep a file without asking again."""

    FOREVER = "public, max-age=31536000, immutable"
    """Parts of the manifest: named by their digests."""
    PAGE = "public, max-age=60"
    NEVER = "no-cache"
    """The pointer and its signatures."""


class Headers(msgspec.Struct, frozen=True, kw_only=True):
    """What a place that can set headers tells with a file."""

    media_type: str
    keeping: Keeping
    encoding: str = ""
    """"br" or "gzip" where the bytes are compressed; only asked of places whose `packs` says so."""


COPY = Headers(media_type="application/octet-stream", keeping=Keeping.PAGE)
"""Of a compressed file with a name of its own."""


class Capabilities(msgspec.Struct, frozen=True, kw_only=True):
    """What a kind of place can do."""

    is_conditional: bool
    """A file is replaced only if it is still what was read."""
    is_atomic: bool
    """A reader meets the old file or the new one, never a part."""
    has_headers: bool
    """Media type, cache rule and encoding are told with each file; else the place's server decides."""
    connections: int = 4
    """How many files at once are good for it."""
    packs: str = ""
    """The one form in which sheets stand that can be compressed: "br" or "gzip", with a plain sheet's name. Where it is
    empty, the plain sheet stands there, and each compressed copy under a name of its own."""
    gathers: bool = False
    """Nothing shows before `finish`, then all of it at once; what was not shown is lost with the process."""


class Patience(msgspec.Struct, frozen=True, kw_only=True):
    """How long a place that is reached over a network may take."""

    connect_seconds: float = 10
    silence_seconds: float = 30
    """Without a single byte."""
    slowest_bytes_per_second: int = 4_096
    """A place that takes or gives less is taken for one that is stopping us on purpose."""

    def whole_seconds(self, size_bytes: int) -> float:
        """For a call that moves so many bytes, however they trickle."""
        return 2 * self.silence_seconds + size_bytes / self.slowest_bytes_per_second


PATIENCE = Patience()
"""What a place is given where nothing else is said."""


class Place(Protocol):
    """A place that serves files."""

    @property
    def capabilities(self) -> Capabilities:
        """What it can do, as far as it was tried."""

    def read(self, path: str, *, most_bytes: int) -> bytes | None:
        """The file's bytes, `most_bytes` of them at most; None where there is none."""

    def put(self, path: str, body: bytes, headers: Headers) -> None:
        """Put a file, whatever stood there."""

    def put_new(self, path: str, body: bytes, headers: Headers) -> None:
        """Put a file that never changes; where one stands already, leave it."""

    def swap(self, path: str, body: bytes, headers: Headers, *, before: bytes | None) -> None:
        """Replace a file that is still `before`; raises PointerMovedError where it is not."""

    def delete(self, path: str) -> None:
        """Remove a file."""

    def finish(self) -> str | None:
        """Make everything put so far show, where the place gathers first. It may return a sentence for the operator."""

    def close(self) -> None:
        """Let go of connections."""


OnStep = Callable[[str], None]
"""Called with the name of each step before it is taken; tests end the process there."""


def no_step(_step: str) -> None:
    """Go on."""
