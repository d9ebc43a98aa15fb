"""A mirror that is cut off at any moment is one edition or a later one; hundreds of cuts: `make cuts`."""

import pytest

from tests.mirrors.cuts import cut
from tests.mirrors.stands import STANDS

CUTS = 4


@pytest.mark.parametrize("kind", STANDS)
def test_a_mirror_that_is_cut_off_verifies_and_the_next_sync_mends_it(kind: str) -> None:
    figures = cut(kind, CUTS, seed=17)
    assert figures.problems == []
    assert (figures.does_not_verify, figures.not_mended, figures.crashed) == (0, 0, 0)
    assert figures.cuts == CUTS
    assert figures.mends >= 2  # the first, and the last
