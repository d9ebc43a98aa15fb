"""What a letter begins with: picks, turns of sections, nothing twice."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stet.letters.gathering import Candidate, gathered

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def stories(*words: str) -> list[Candidate]:
    """Stories, newest first: "p" is one of politics, "c!" a pick of culture; the number is the place in the list."""
    return [
        Candidate(id=number, section=word[0], published=NOON - timedelta(hours=number), is_pick=word.endswith("!"))
        for number, word in enumerate(words)
    ]


CASES: dict[str, tuple[list[Candidate], set[int], int, list[int]]] = {
    "nothing happened": ([], set(), 10, []),
    "the newest comes first": (stories("p", "c"), set(), 10, [0, 1]),
    "picks come before what is newer": (stories("p", "c", "p!"), set(), 10, [2, 0, 1]),
    "picks are newest first": (stories("p!", "c!"), set(), 10, [0, 1]),
    "a section waits after two": (stories("p", "p", "p", "c", "s"), set(), 10, [0, 1, 3, 4, 2]),
    "a pick counts as a turn": (stories("p!", "p", "p", "c"), set(), 10, [0, 1, 3, 2]),
    "picks of one section are all taken": (stories("p!", "p!", "p!", "c"), set(), 10, [0, 1, 2, 3]),
    "a section alone fills the letter": (stories("p", "p", "p", "p", "p"), set(), 10, [0, 1, 2, 3, 4]),
    "what was carried is left out": (stories("p", "c", "p!"), {1, 2}, 10, [0]),
    "everything was carried": (stories("p", "c"), {0, 1}, 10, []),
    "it is short": (stories("p", "c", "s", "t"), set(), 2, [0, 1]),
    "picks alone are too many": (stories("p!", "c!", "s!"), set(), 2, [0, 1]),
    "no story is wanted": (stories("p!", "c"), set(), 0, []),
    "one section writes ten stories, another one": (stories(*"pppppppppc"), set(), 4, [0, 1, 9, 2]),
}


@pytest.mark.parametrize("case", CASES)
def test_a_letter_begins_with(case: str) -> None:
    candidates, carried, most, expected = CASES[case]
    assert [story.id for story in gathered(candidates, carried=carried, most=most)] == expected


@given(
    st.lists(
        st.builds(
            Candidate,
            id=st.integers(0, 50),
            section=st.sampled_from("pcs"),
            published=st.datetimes(timezones=st.just(UTC)),
            is_pick=st.booleans(),
        ),
        unique_by=lambda story: story.id,
    ),
    st.sets(st.integers(0, 50)),
    st.integers(0, 12),
)
def test_nothing_is_taken_twice_or_again_and_the_letter_is_full_where_it_can_be(
    candidates: list[Candidate], carried: set[int], most: int
) -> None:
    taken = gathered(candidates, carried=carried, most=most)
    fresh = [story for story in candidates if story.id not in carried]
    assert len({story.id for story in taken}) == len(taken) == min(most, len(fresh))
    assert set(taken) <= set(fresh)
    assert taken == gathered(reversed(candidates), carried=carried, most=most)
