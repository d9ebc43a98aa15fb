"""What a page weighs: held by structure, so that words decide the rest."""

import brotli
import pytest
from msgspec.structs import replace

from stet.theme.copy import Text
from stet.theme.pictures import lighter, thumbs
from stet.theme.setting import Theme, load_theme
from tests.theme.asking import an_asking
from tests.theme.builders import a_front, a_photo, a_teaser, an_article, some_teasers

PLAIN = (Text(html="<p>One.</p>"),)
STYLE_BYTES = 1_430
FURNITURE_BYTES = 3_530
"""With the sign-up form, which stands twice on an article and takes 360 to 440 B, the way to the support page, and the
page's own policy, 70 to 105 B."""
FRONT_BYTES = 5_100
ASKING_BYTES = 2_100
"""A banner and a letter of two variants each, their amounts, style and script: measured 1,819 to 1,943 B."""


@pytest.fixture(scope="module")
def theme() -> Theme:
    return load_theme()


def packed(data: bytes) -> int:
    return len(brotli.compress(data, quality=11))


def style_of(html: bytes) -> bytes:
    return html.partition(b"<style>")[2].partition(b"</style>")[0]


@pytest.mark.parametrize("language", ["en", "ru", "fa"])
def test_an_articles_style_is_small(theme: Theme, language: str) -> None:
    html = theme.set_page(an_article(language, kind="news", body=PLAIN, corrections=()))

    assert packed(style_of(html)) <= STYLE_BYTES


def test_an_article_carries_only_the_style_that_its_blocks_need(theme: Theme) -> None:
    plain = style_of(theme.set_page(an_article(body=PLAIN, corrections=())))
    rich = style_of(theme.set_page(an_article()))

    assert b"table{" not in plain
    assert b"table{" in rich


@pytest.mark.parametrize("language", ["en", "ru", "fa"])
def test_what_stands_around_the_words_leaves_room_for_them(theme: Theme, language: str) -> None:
    bare = theme.set_page(an_article(language, photo=None, body=(), corrections=()))

    assert packed(bare) <= FURNITURE_BYTES


@pytest.mark.parametrize("language", ["en", "ru", "fa"])
def test_a_front_of_forty_teasers_leaves_room_for_its_pictures(theme: Theme, language: str) -> None:
    assert packed(theme.set_page(a_front(language))) <= FRONT_BYTES


def test_thumbnails_stop_where_their_bytes_end() -> None:
    heavy = a_photo(thumb_data_uri="data:image/avif;base64," + "A" * 1_600)
    teasers = tuple(a_teaser(n, photo=heavy) for n in range(1, 6))

    assert thumbs(teasers, at_most_bytes=2_600) == {1, 2}


def test_a_teaser_without_a_photo_takes_no_thumbnail() -> None:
    first, second = some_teasers(2)

    assert thumbs((None, replace(first, photo=None), second)) == {second.article_id}


def test_a_heavy_article_gives_up_its_picture_step_by_step() -> None:
    page = an_article()

    smaller = lighter(page)
    assert smaller is not None
    assert smaller == an_article(photo=a_photo(inline_data_uri=a_photo().thumb_data_uri))
    without = lighter(smaller)
    assert without is not None
    assert without == an_article(photo=a_photo(inline_data_uri="", thumb_data_uri=""))
    assert lighter(without) is None


def test_an_article_without_a_photo_has_nothing_to_give_up() -> None:
    assert lighter(an_article(photo=None)) is None


def test_a_heavy_front_gives_up_the_picture_of_its_lead() -> None:
    page = lighter(a_front())

    lead = a_teaser(0, photo=a_photo("lead", inline_data_uri=a_photo().thumb_data_uri))
    assert page == a_front(lead=lead)
    assert lighter(a_front(lead=None)) is None


@pytest.mark.parametrize("language", ["en", "ru", "fa"])
def test_what_is_asked_of_readers_leaves_room_for_the_story(theme: Theme, language: str) -> None:
    bare = {"photo": None, "body": (), "corrections": ()}
    plain, asking = (
        theme.set_page(an_article(language, **bare, asking=asked)) for asked in (None, an_asking(language))
    )

    assert packed(asking) - packed(plain) <= ASKING_BYTES
    assert b"asks" not in style_of(plain)
