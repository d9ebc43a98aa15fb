"""Addresses from an archive become ours."""

import pytest

from stet.intake.slugs import MAX_SLUG, clean_slug, free_slug

SLUGS = {
    "as it is": ("the-ferry", "the-ferry"),
    "escaped Cyrillic": ("%d0%bf%d0%b0%d1%80%d0%be%d0%bc", "паром"),
    "Persian": ("%D8%B3%D8%AF-%D9%88%D9%84", "سد-ول"),
    "capitals and signs": ("The Ferry, Again!", "the-ferry-again"),
    "a way out": ("../../etc/passwd", "etcpasswd"),
    "nothing, so the title": ("", "the-title"),
    "signs alone, so the title": ("!!!", "the-title"),
    "hyphens at the ends": ("--a--b--", "a-b"),
}


@pytest.mark.parametrize("sentence", SLUGS)
def test_a_slug_is_made(sentence: str) -> None:
    raw, slug = SLUGS[sentence]
    assert clean_slug(raw, instead="The title") == slug


def test_a_slug_is_never_empty_and_never_too_long() -> None:
    assert clean_slug("", instead="?!") == "untitled"
    assert len(clean_slug("x" * 900, instead="")) == MAX_SLUG


def test_a_slug_that_is_taken_gets_a_number() -> None:
    taken = {"a", "a-2"}
    assert free_slug("a", is_free=lambda slug: slug not in taken) == "a-3"
