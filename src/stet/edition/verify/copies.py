"""A copy of a site, wherever it stands: what a check asks of it.

A copy is read, never written. What is read of it is bounded: by the size that the manifest gives, or by the limits
here.
"""

from collections.abc import Iterator, Sequence
from typing import Protocol

from stet.edition.errors import EditionBrokenError

MOST_PROOF_BYTES = 1 << 20
"""Of one file of the proof: a shard has about 30 lines, a root a few keys."""
MOST_PAGE_BYTES = 8 << 20
"""Of a page whose size nothing tells."""
MOST_ROOTS = 200
"""One a year, and one for each change of keys."""


class Copy(Protocol):
    """Files by path, the site's root being "/"."""

    def read(self, path: str, most_bytes: int) -> bytes | None:
        """A file's bytes, of a longer one `most_bytes` and one more; None where no plain file stands.

        Raises OSError or a StetError where it cannot be read.
        """

    def paths(self) -> Iterator[str] | None:
        """The path of everything that stands there; None where nobody can tell."""


def read_proof(copy: Copy, name: str) -> bytes | None:
    """A file of the proof; None where there is none; raises EditionBrokenError where it has no end."""
    body = copy.read(f"/.well-known/stet/{name}", MOST_PROOF_BYTES)
    if body is not None and len(body) > MOST_PROOF_BYTES:
        raise EditionBrokenError(f"{name} is far too long for what it is; do not trust this copy.")
    return body


def read_roots(copy: Copy) -> Sequence[bytes]:
    """The bytes of root/1.json, root/2.json and so on, as far as they go."""
    files: list[bytes] = []
    while len(files) < MOST_ROOTS and (file := read_proof(copy, f"root/{len(files) + 1}.json")) is not None:
        files.append(file)
    return files
