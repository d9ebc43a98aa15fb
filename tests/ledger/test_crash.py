"""A ledger that is killed anywhere between form and worker loses nothing and doubles nothing, after one comparison."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tools.crash_ledger import Crashes
from tools.ledger.shop_server import ShopProcess

pytestmark = pytest.mark.django_db(databases=["readers"], transaction=True)


@pytest.fixture
def shop() -> Iterator[ShopProcess]:
    """A provider in another process."""
    shop = ShopProcess()
    yield shop
    shop.end()


@pytest.mark.parametrize("seed", [1, 2])
def test_thirty_kills_lose_nothing_and_double_nothing(tmp_path: Path, shop: ShopProcess, seed: int) -> None:
    found = Crashes(tmp_path, shop, seed=seed).run(30)
    assert found.kills >= 30
    assert found.points >= 12
    assert set(found.kills_by_stage) >= {"form", "webhook", "worker"}
    assert (found.lost, found.doubled, found.differences_to_settle, found.acts_left_open) == (0, 0, 0, 0)
    assert found.integrity == "ok"
