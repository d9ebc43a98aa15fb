"""A shop, the ledger's side of it, and a worker, in a folder of their own."""

from pathlib import Path

import pytest

from tests.ledger.builders import House


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)
