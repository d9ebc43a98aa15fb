"""What is looked for at the desk, with every mark that somebody may type."""

import pytest
from django.test import Client

from tests.press.builders import SmallPaper, an_article

LISTS = (
    "/pages/search/", "/images/", "/images/chooser/results/", "/choose-page/search/", "/snippets/newsroom/person/",
    "/documents/", "/snippets/sourcing/claim/",
)  # fmt: skip
WORDS = (
    '6"W{tSxB', '"', '""', 'a "phrase', '"a" phrase', "a'b", "a\\b", "(", "NEAR(a", "a AND", "*", "^a", "%s",
    "\x00", "a\x00b",
)  # fmt: skip


@pytest.mark.parametrize("where", LISTS)
def test_no_mark_in_words_fails_a_search(desk: Client, paper: SmallPaper, where: str) -> None:
    desk.raise_request_exception = False
    assert {words: desk.get(where, {"q": words}).status_code for words in WORDS} == dict.fromkeys(WORDS, 200)


def test_nor_one_for_the_menu(desk: Client, paper: SmallPaper) -> None:
    desk.raise_request_exception = False
    answers = {words: desk.get("/api/main/pages/", {"search": words}).status_code for words in WORDS}
    assert answers == dict.fromkeys(WORDS, 200)


def test_a_word_with_a_quotation_mark_is_found(desk: Client, paper: SmallPaper) -> None:
    an_article(paper.sections["en"][0], "snow", title='6" of snow')
    an_article(paper.sections["en"][0], "rain", title="Many days of rain")
    shown = desk.get("/pages/search/", {"q": '6" of'}).content.decode()
    assert "of snow" in shown
    assert "of rain" not in shown
