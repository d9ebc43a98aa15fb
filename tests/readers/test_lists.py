"""The printed lists, read by the private wing."""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from stet.readers.errors import ListsBrokenError, ListsMissingError
from stet.readers.lists import lists_of, read_lists
from tests.readers.builders import a_list, lists_now, printed_lists, put_lists


def test_what_the_press_printed_is_read(tmp_path: Path) -> None:
    put_lists(tmp_path)
    lists = read_lists(tmp_path)
    week = lists.get("en.the-week")
    assert week is not None
    assert (week.name, week.hour, week.weekday, week.is_open) == ("The Week", "08:00", 4, True)
    assert lists.languages["fa"].direction == "rtl"
    assert lists.get("en.none") is None


def test_a_list_that_is_closed_is_there_and_not_offered() -> None:
    assert [found.key for found in lists_now().open_in("en")] == ["en.the-week", "en.daily"]
    assert lists_now().get("en.old") is not None


def test_a_letter_says_when_it_is_due() -> None:
    lists = lists_now(lists=[a_list(letters=[LETTER])])
    assert lists.lists[0].letters[0].due == "2026-11-27T08:00"


def test_a_later_version_may_say_more() -> None:
    assert lists_now(more="words").get("en.the-week") is not None


def test_an_edition_without_lists_is_said_to_have_none(tmp_path: Path) -> None:
    with pytest.raises(ListsMissingError, match="Make a list at the desk"):
        read_lists(tmp_path)


LETTER = {
    "id": "5f0c2b7a-2c1f-4b0e-9a3a-2f9f0f3b8f11",
    "path": "/letters/the-week/2026-11-27/letter.json",
    "due": "2026-11-27T08:00",
}


BROKEN: dict[str, Any] = {
    "no JSON": b"{",
    "no text": b"\xff\xfe",
    "another version": {"version": 2},
    "a list without a name": {"lists": [{"key": "en.x"}]},
    "a list twice": {"lists": [a_list(), a_list()]},
    "a list in a language that the paper lacks": {"lists": [a_list("de.woche")]},
    "a list with a path that leaves the site": {"lists": [a_list(path="/letters/../../keys/")]},
    "a list at another host": {"lists": [a_list(path="//elsewhere.example/")]},
    "an hour that is none": {"lists": [a_list(hour="25:00")]},
    "a weekday that is none": {"lists": [a_list(weekday=7)]},
    "a letter that is due at no time": {"lists": [a_list(letters=[{**LETTER, "due": "soon"}])]},
}  # fmt: skip


@pytest.mark.parametrize("case", BROKEN)
def test_lists_that_are_not_what_the_press_prints_are_refused(case: str) -> None:
    value = BROKEN[case]
    data = value if isinstance(value, bytes) else msgspec.json.encode(printed_lists(**value))
    with pytest.raises(ListsBrokenError, match="Print the edition anew"):
        lists_of(data, where="lists.json")
