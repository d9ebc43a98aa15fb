"""Each test begins without what another one's codes left in the process's memory."""

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def _no_code_was_used() -> None:
    """allauth remembers used codes by the account's number, which a test that was rolled back leaves free again."""
    cache.clear()
