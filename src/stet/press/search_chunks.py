"""An index of some articles, in files small enough for a narrow line.

The articles of a span of time are numbered from the oldest. A stem's number, 32 bits, says in its highest bits which
file it stands in; there are as many files as the count of articles asks for, so that a reader who knows the count knows
the file. A file is

    more entry*                     more: 1 where a file "NAME.1", "NAME.2", … goes on, else 0; one byte
    entry: stem count place*        stem: its lower bits, less those of the entry before
                                    count: twice the number of places, and 1 where the stem is common
    place: twice the steps from the article before (from −1 for the first), and 1 where a headline has the stem

with every number in groups of seven bits, the lowest first, the highest bit saying that another follows (LEB128).
A *common* stem stands in so many articles that the list helps nobody: only articles with it in a headline are listed,
and in a search with other words it counts as found everywhere.

Nothing here knows of articles, or of any place to read from or to write to.
"""

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Sequence
from itertools import repeat
from operator import sub

BITS = 32
FEW, SOME = 64, 1_024
"""Up to 64 articles there is a file for each two, up to 1,024 for each four, then for each eight, the number of files
rounded up to a power of two: the more articles, the fewer words each adds."""
LARGEST_FILE = 7_000
"""Bytes after which an entry goes to the next file."""
COMMON_FROM, COMMON_SHARE, MOST_LISTED = 64, 4, 3_000
"""From 64 articles on a stem in more than a quarter of them is common; and always one in more than 3,000."""


def bits_for(count: int) -> int:
    """How many of a stem's highest bits name its file among those of `count` articles.

    >>> [bits_for(count) for count in (1, 2, 3, 14, 64, 65, 1_024, 1_025, 5_110)]
    [0, 0, 1, 3, 5, 5, 8, 8, 10]
    """
    for_each = 1 if count <= FEW else 2 if count <= SOME else 3
    return (max(0, count - 1) >> for_each).bit_length()


def file_name(bucket: int, part: int = 0) -> str:
    """What a file is called, without the end of its name.

    >>> file_name(255), file_name(255, 1)
    ('ff', 'ff.1')
    """
    return f"{bucket:x}.{part}" if part else f"{bucket:x}"


def chunks(articles: Sequence[tuple[Iterable[int], Iterable[int]]]) -> Iterator[tuple[str, bytes]]:
    """(name, bytes) of each file. Articles from the oldest: (stems of headlines, other stems)."""
    places = _places(articles)
    bits = bits_for(len(articles))
    stems = iter(sorted(places))
    stem = next(stems, None)
    for bucket in range(1 << bits):
        end = (bucket + 1) << (BITS - bits)
        low = bucket << (BITS - bits)
        files = [bytearray()]
        before = 0
        while stem is not None and stem < end:
            entry = _entry(stem - low - before, places[stem], len(articles))
            if len(files[-1]) + len(entry) > LARGEST_FILE and files[-1]:
                files.append(bytearray())
                entry = _entry(stem - low, places[stem], len(articles))
            files[-1] += entry
            before = stem - low
            stem = next(stems, None)
        for part, file in enumerate(files):
            yield file_name(bucket, part), bytes([part < len(files) - 1]) + file


def _places(articles: Sequence[tuple[Iterable[int], Iterable[int]]]) -> dict[int, list[int]]:
    """For each stem twice the numbers of its articles, and 1 for a headline. There are millions: no loop in Python."""
    places: defaultdict[int, list[int]] = defaultdict(list)
    at = places.__getitem__
    for n, (title, body) in enumerate(articles):
        deque(map(list.append, map(at, body), repeat(2 * n)), 0)
        deque(map(list.append, map(at, title), repeat(2 * n + 1)), 0)
    return places


def _entry(step: int, places: list[int], count: int) -> bytearray:
    is_common = len(places) > MOST_LISTED or (count >= COMMON_FROM and len(places) * COMMON_SHARE > count)
    if is_common:
        places = [place for place in places if place & 1]
    entry = bytearray()
    _add(entry, step)
    _add(entry, len(places) * 2 + is_common)
    if len(places) == 1:
        _add(entry, places[0] + 2)
        return entry
    before = [-2, *(place & -2 for place in places)]  # Their lowest bits are 0, so those of `places` stay.
    steps = list(map(sub, places, before))
    if max(steps, default=0) < 0x80:
        entry += bytes(steps)
    else:
        for value in steps:
            _add(entry, value)
    return entry


def _add(to: bytearray, value: int) -> None:
    while value > 0x7F:
        to.append(value & 0x7F | 0x80)
        value >>= 7
    to.append(value)


def found(body: bytes, low: int) -> tuple[bool, dict[int, bool]] | None:
    """What a file says of a stem's lower bits: (is it common, article → is it in a headline). For checks and tests."""
    at, stem = 1, 0

    def value() -> int:
        nonlocal at
        number = shift = 0
        while True:
            byte = body[at]
            at += 1
            number |= (byte & 0x7F) << shift
            if byte < 0x80:
                return number
            shift += 7

    while at < len(body):
        stem += value()
        count = value()
        places, article = {}, -1
        for _ in range(count >> 1):
            place = value()
            article += place >> 1
            places[article] = bool(place & 1)
        if stem == low:
            return bool(count & 1), places
    return None
