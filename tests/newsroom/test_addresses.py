"""Where things stand in the edition."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from stet.newsroom import addresses


def test_the_day_in_an_address_is_the_day_in_the_papers_time_zone() -> None:
    late = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)
    for zone, expected in (("UTC", "/2026/03/01/flood/"), ("Asia/Tehran", "/2026/03/02/flood/")):
        assert addresses.article_path("", "flood", published=late, zone=ZoneInfo(zone)) == expected


@pytest.mark.parametrize("slug", [*sorted(addresses.RESERVED_SLUGS), "1999", "2026", "ru"])
def test_what_the_press_uses_itself_is_reserved(slug: str) -> None:
    assert addresses.is_reserved(slug, ("en", "ru"))


@pytest.mark.parametrize("slug", ["politics", "20266", "202", "russia", "topic", "about"])
def test_ordinary_words_are_free(slug: str) -> None:
    assert not addresses.is_reserved(slug, ("en", "ru"))


@pytest.mark.parametrize("prefix", ["", "/ru"])
def test_every_address_begins_with_its_language_and_ends_with_a_slash(prefix: str) -> None:
    found = (
        addresses.front_path(prefix),
        addresses.child_path(prefix, "politics"),
        addresses.topic_path(prefix, "dam"),
        addresses.person_path(prefix, "ann"),
        addresses.tag_path(prefix, "courts"),
        addresses.month_path(prefix, 2026, 3),
    )
    assert all(path.startswith(prefix + "/") and path.endswith("/") for path in found)
    assert len(set(found)) == len(found)
    assert found[-1] == f"{prefix}/2026/03/"
