"""What the mailroom says to readers and editors is said in Russian and Persian, whole."""

import re
from typing import Any

import pytest
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from tools.room_words import RoomWords

WORDS = RoomWords("mailroom")
LANGUAGES = ("fa", "ru")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%%")
FOREIGN_IN_PERSIAN = re.compile("[يك٠-٩]")
APART_IN_PERSIAN = re.compile(r"(?<!\w)ن?می (?=\w)|\w ها(?!\w)")
STRAIGHT_QUOTES = re.compile("[\"“”']")


def words_of_the_code() -> set[Any]:
    return {(message.context, message.id) for message in WORDS.found_in_code() if message.id}


def messages(language: str) -> list[Any]:
    return [message for message in WORDS.read(language) if message.id]


def test_the_languages_are_these() -> None:
    assert tuple(WORDS.languages()) == LANGUAGES


def test_the_list_of_messages_is_as_new_as_the_code() -> None:
    with (WORDS.locale / "django.pot").open("rb") as file:
        listed = {(message.context, message.id) for message in read_po(file) if message.id}
    assert listed == words_of_the_code(), "Run tools/room_words.py."


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_is_translated_with_its_placeholders(language: str) -> None:
    assert {(message.context, message.id) for message in messages(language)} == words_of_the_code()
    for message in messages(language):
        assert message.string.strip() == message.string != ""
        assert sorted(PLACEHOLDER.findall(message.string)) == sorted(PLACEHOLDER.findall(message.id)), message.id
        assert message.id[-1] not in ".:" or message.string.endswith(message.id[-1]), message.id
        assert not STRAIGHT_QUOTES.search(message.string), message.string


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_django_reads_is_what_people_edited(language: str) -> None:
    with (WORDS.locale / language / "LC_MESSAGES" / "django.mo").open("rb") as file:
        compiled = {message.id: message.string for message in read_mo(file) if message.id}
    assert compiled == {message.id: message.string for message in messages(language)}, "Run tools/room_words.py."


def test_persian_is_written_with_persian_letters_and_half_spaces() -> None:
    texts = [message.string for message in messages("fa")]
    assert [text for text in texts if FOREIGN_IN_PERSIAN.search(text) or APART_IN_PERSIAN.search(text)] == []
