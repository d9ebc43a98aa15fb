"""The examples in the room's docstrings hold."""

import doctest
from types import ModuleType

import pytest

from stet.letters import contrasts, rich_text, sample, writing


@pytest.mark.parametrize("module", [contrasts, rich_text, sample, writing], ids=lambda module: module.__name__)
def test_examples_hold(module: ModuleType) -> None:
    found = doctest.testmod(module)
    assert found.attempted
    assert not found.failed
