"""A folder of its own for tests that look into the database's files."""

from datetime import UTC, datetime

import pytest

from stet.kit.clock import FixedClock

NOW = datetime(2026, 11, 25, 20, 17, 43, tzinfo=UTC)


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOW)
