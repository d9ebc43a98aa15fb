"""How long whoever guesses has to wait: nothing at first, then twice as long each time, and never for ever."""

LONGEST_SECONDS = 15 * 60


def seconds_after(failures: int, *, free: int) -> int:
    """How long the next try waits after so many failures, of which `free` cost nothing.

    >>> [seconds_after(failures, free=5) for failures in (4, 5, 6, 7, 14, 15, 10_000)]
    [0, 1, 2, 4, 512, 900, 900]
    """
    return 0 if failures < free else min(2 ** min(failures - free, 20), LONGEST_SECONDS)
