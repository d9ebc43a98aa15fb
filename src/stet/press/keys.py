"""Names of what sheets depend on, and of the listings that articles stand in.

A *key* names something a sheet reads: "article:12", "photo:3", "person:7", "section:3", "site:en".
A *listing* is an ordered set of published articles: "front:en", "section:3", "tag:en:5", "topic:7", "person:9",
"month:en:2026-11", "translations:<key>", "corrected:en", "claim:12" (where that claim is marked).

An article's place in a listing is its moment of publication in microseconds. A sheet reads a listing between two
places, because most of them show a part of it: a numbered archive page everything up to its own newest article, a
feed everything from its oldest. So a new story makes a fixed number of sheets stale, whatever the archive's size.

What happens to a listing is told with two keys:
 * `members(L)`: an article came, went or changed its place;
 * `words(L)`: an article that stands in it changed.
"""

from datetime import datetime
from typing import NamedTuple

OLDEST = 0
"""Before every place."""
NEWEST = 2**62
"""After every place."""


class Read(NamedTuple):
    """A key that a job read, between two places of a listing (all of it for keys that name no listing)."""

    key: str
    since: int = OLDEST
    until: int = NEWEST


class Touch(NamedTuple):
    """Something that changed: a key, at one place of a listing (`OLDEST` to `NEWEST` for all of it)."""

    key: str
    since: int = OLDEST
    until: int = NEWEST


def place(moment: datetime) -> int:
    """A moment as a place: microseconds since 1970, never below 1."""
    return max(1, int(moment.timestamp() * 1_000_000))


def members(listing: str) -> str:
    """The key for who stands in a listing, and where."""
    return f"members:{listing}"


def words(listing: str) -> str:
    """The key for what the articles of a listing say."""
    return f"words:{listing}"
