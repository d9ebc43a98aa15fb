"""A ledger that is killed anywhere between form and worker loses nothing and doubles nothing, after one comparison."""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from random import Random

import pytest
from tools.crash_ledger import Crashes, Process
from tools.ledger.practice_server import PracticeProcess
from tools.ledger.shop_server import ShopProcess

pytestmark = pytest.mark.django_db(databases=["readers"], transaction=True)

PROVIDERS: dict[str, tuple[Callable[[Random], Process], int, int]] = {
    "the practice provider, over HTTP": (PracticeProcess, 15, 6),
    "the tests' own": (ShopProcess, 30, 12),
}
"""Each in a process of its own; how many kills, and at how many different points at least."""


@pytest.mark.parametrize("name", PROVIDERS)
def test_kills_lose_nothing_and_double_nothing(tmp_path: Path, name: str) -> None:
    process, kills, points = PROVIDERS[name]
    dice = Random(1)
    with closing(process(dice)) as provider:
        found = Crashes(tmp_path, provider, dice=dice).run(kills)
    assert found.kills >= kills
    assert found.points >= points
    assert set(found.kills_by_stage) >= {"form", "webhook", "worker"}
    assert (found.lost, found.doubled, found.differences_to_settle, found.acts_left_open) == (0, 0, 0, 0)
    assert found.refused_and_charged == 0
    assert found.integrity == "ok"
