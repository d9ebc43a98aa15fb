import pytest
from hypothesis import given
from hypothesis import strategies as st

from stet.kit import canonical
from stet.kit.canonical import CanonicalError
from stet.kit.errors import BrokenError

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(VALUES)
def test_what_was_written_reads_as_it_was(value):
    assert canonical.read(canonical.write(value)) == value


def test_keys_are_sorted_and_nothing_is_spaced_or_escaped_without_need():
    assert canonical.write({"б": 1, "a": [True, None]}) == '{"a":[true,null],"б":1}'.encode()


UNSPELLABLE = {
    "a float": 1.5,
    "a whole float": 1.0,
    "not a number": float("nan"),
    "bytes": b"x",
    "a float deep inside": {"a": [{"b": 0.1}]},
    "a key that is a number": {1: "a"},
    "half a surrogate pair": "\ud800",
}


@pytest.mark.parametrize("value", UNSPELLABLE.values(), ids=UNSPELLABLE.keys())
def test_what_has_many_spellings_or_none_is_refused(value):
    with pytest.raises(CanonicalError):
        canonical.write(value)


OTHER_SPELLINGS = {
    "a space": b'{"a": 1}',
    "unsorted keys": b'{"b":1,"a":1}',
    "a key twice": b'{"a":1,"a":1}',
    "a needless escape": b'"\\u0061"',
    "a float": b"1.0",
    "a line feed at the end": b"1\n",
    "cut off": b'{"a":',
    "not UTF-8": b'"\xff"',
    "NaN": b"NaN",
    "very deep": b"[" * 100_000,
}


@pytest.mark.parametrize("data", OTHER_SPELLINGS.values(), ids=OTHER_SPELLINGS.keys())
def test_bytes_in_another_spelling_are_broken(data):
    with pytest.raises(BrokenError):
        canonical.read(data)
