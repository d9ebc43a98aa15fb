"""How long whoever guesses waits."""

import pytest

from stet.kit.waiting import LONGEST_SECONDS, seconds_after

WAITS = {
    "the free tries cost nothing": (4, 0),
    "the first after them waits a second": (5, 1),
    "each further one twice as long": (9, 16),
    "and none longer than a quarter of an hour": (15, LONGEST_SECONDS),
    "however often somebody guessed": (10**9, LONGEST_SECONDS),
}


@pytest.mark.parametrize(("failures", "seconds"), WAITS.values(), ids=WAITS.keys())
def test_a_guess_waits(failures: int, seconds: int) -> None:
    assert seconds_after(failures, free=5) == seconds
