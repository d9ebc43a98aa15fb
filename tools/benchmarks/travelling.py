"""What of a publish travels to a mirror: every file that is put there, and what kind of file it is."""

import threading
from collections import defaultdict
from collections.abc import Callable
from typing import Any

from stet.edition.sheet import COMPRESSED_SUFFIXES, WELL_KNOWN
from stet.mirrors.base import Headers, Place

FEEDS = ("rss.xml", "atom.xml", "feed.json")


class Recorded:
    """A place that notes what is put there, and passes everything on."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._noting = threading.Lock()
        self._puts: list[tuple[str, int]] = []
        self.capabilities = place.capabilities

    def __getattr__(self, name: str) -> Any:
        return getattr(self._place, name)

    def put(self, path: str, body: bytes, headers: Headers) -> None:
        """Note, and put."""
        self._note(path, body)
        self._place.put(path, body, headers)

    def put_new(self, path: str, body: bytes, headers: Headers) -> None:
        """Note, and put."""
        self._note(path, body)
        self._place.put_new(path, body, headers)

    def swap(self, path: str, body: bytes, headers: Headers, *, before: bytes | None) -> None:
        """Note, and swap."""
        self._note(path, body)
        self._place.swap(path, body, headers, before=before)

    def taken(self) -> list[tuple[str, int]]:
        """(path, bytes) of everything that was put since the last call."""
        with self._noting:
            puts, self._puts = self._puts, []
        return puts

    def _note(self, path: str, body: bytes) -> None:
        with self._noting:
            self._puts.append((path, len(body)))


def by_kind(puts: list[tuple[str, int]]) -> dict[str, int]:
    """The bytes of each kind of file, the heaviest first."""
    sums: defaultdict[str, int] = defaultdict(int)
    for path, size in puts:
        sums[kind_of(path)] += size
    return dict(sorted(sums.items(), key=lambda item: -item[1]))


def kind_of(path: str) -> str:
    """What kind of file stands at a path.

    >>> kind_of("/news/rss.xml.br"), kind_of("/.well-known/stet/shards/ab/abc")
    ('feed', 'shard')
    """
    if path.startswith(WELL_KNOWN):
        name = path.removeprefix(WELL_KNOWN + "/").partition("/")[0]
        return {"shards": "shard", "nodes": "node"}.get(name, "pointer")
    for suffix in COMPRESSED_SUFFIXES:
        path = path.removesuffix(suffix)
    name = path.rpartition("/")[2]
    return next((kind for kind, is_one in KINDS.items() if is_one(path, name)), "other")


KINDS: dict[str, Callable[[str, str], bool]] = {
    "search": lambda path, _name: path.startswith("/search/") and not path.endswith(".html"),
    "feed": lambda _path, name: name in FEEDS,
    "sitemap": lambda path, _name: path.startswith("/sitemap"),
    "page": lambda _path, name: name.endswith(".html"),
    "twin": lambda _path, name: name.endswith(".json"),
    "media": lambda path, _name: path.startswith("/media/"),
}
