from datetime import UTC, datetime, timedelta, timezone

import pytest

from stet.kit.clock import FixedClock, SystemClock, read_moment, write_moment

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def test_a_moment_is_written_in_utc_and_cut_to_the_second():
    tehran = timezone(timedelta(hours=3, minutes=30))
    assert write_moment(datetime(2026, 3, 1, 15, 30, 59, 999_999, tzinfo=tehran)) == "2026-03-01T12:00:59Z"


def test_a_moment_reads_as_it_was_written():
    assert read_moment(write_moment(NOON)) == NOON


def test_a_naive_moment_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        write_moment(NOON.replace(tzinfo=None))


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-01",
        "2026-03-01T12:00:00",
        "2026-03-01T12:00:00+00:00",
        "2026-02-30T12:00:00Z",
        "2026-03-01T12:00:00Z\n",
    ],
)
def test_a_moment_in_another_spelling_is_refused(text):
    with pytest.raises(ValueError):
        read_moment(text)


def test_a_fixed_clock_stands_until_it_is_moved():
    clock = FixedClock(NOON)
    assert clock.now() == clock.now() == NOON
    clock.advance(timedelta(hours=1))
    assert clock.now() == NOON + timedelta(hours=1)


def test_the_system_clock_knows_its_time_zone():
    assert SystemClock().now().utcoffset() == timedelta(0)
