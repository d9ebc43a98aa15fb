"""The office in Russian and Persian: every message is said, whole, and nobody else's word takes its place."""

import re
from functools import cache
from pathlib import Path

import django.conf
import pytest
from babel.messages import Catalog, Message
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from django.apps import apps
from tools.room_words import RoomWords

from stet.project.private_values import PRIVATE_APPS

WORDS = RoomWords("office")
LANGUAGES = ("fa", "ru")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%%")
FOREIGN_IN_PERSIAN = re.compile("[يك٠-٩]")
APART_IN_PERSIAN = re.compile(r"(?<!\w)ن?می (?=\w)|\w ها(?!\w)")
STRAIGHT_QUOTES = re.compile("[\"“”']")
Key = tuple[str | None, tuple[str, ...]]


@cache
def catalogue(language: str) -> Catalog:
    return WORDS.read(language)


def messages(language: str) -> list[Message]:
    return [message for message in catalogue(language) if message.id]


def forms(value: str | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


def key(message: Message) -> Key:
    return message.context, forms(message.id)


@cache
def words_of_the_code() -> frozenset[Key]:
    return frozenset(key(message) for message in WORDS.found_in_code() if message.id)


def every_translation(language: str) -> list[str]:
    return [text for message in messages(language) for text in forms(message.string)]


def test_the_languages_of_the_office_are_these() -> None:
    assert tuple(WORDS.languages()) == LANGUAGES


def test_the_list_of_messages_is_as_new_as_the_code() -> None:
    with (WORDS.locale / "django.pot").open("rb") as file:
        listed = {key(message) for message in read_po(file) if message.id}
    assert listed == words_of_the_code(), "Run tools/room_words.py."


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_is_translated_and_no_translation_is_left_over(language: str) -> None:
    assert {key(message) for message in messages(language)} == words_of_the_code(), "Run tools/room_words.py."
    assert not catalogue(language).obsolete
    assert [message.id for message in messages(language) if not all(forms(message.string))] == []
    assert [message.id for message in messages(language) if message.fuzzy] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_django_reads_is_what_people_edited(language: str) -> None:
    with (WORDS.locale / language / "LC_MESSAGES" / "django.mo").open("rb") as file:
        compiled = {
            ((message.context or b"").decode() or None, forms(message.id)): forms(message.string)  # Babel leaves bytes
            for message in read_mo(file)
            if message.id
        }
    assert compiled == {key(message): forms(message.string) for message in messages(language)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_has_the_placeholders_and_the_forms_of_its_message(language: str) -> None:
    for message in messages(language):
        expected = sorted(PLACEHOLDER.findall(forms(message.id)[-1]))
        for text in forms(message.string):
            assert sorted(PLACEHOLDER.findall(text)) == expected, message.id
        plurals = catalogue(language).num_plurals if message.pluralizable else 1
        assert len(forms(message.string)) == plurals, message.id


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_other_room_or_django_says_the_same_message_otherwise(language: str) -> None:
    """All catalogues of a process share one list: another meaning needs a context."""
    ours = {message.id: message.string for message in messages(language) if not message.context}
    for text, theirs in said_by_others(language).items():
        assert text not in ours or ours[text] in theirs, f"Give {text!r} a context: {theirs} elsewhere."


def said_by_others(language: str) -> dict[str, set[str]]:
    """What the catalogues of the other apps of this wing say, and Django's own."""
    folders = [
        Path(app.path) for app in apps.get_app_configs() if app.name in PRIVATE_APPS and app.name != "stet.office"
    ]
    said: dict[str, set[str]] = {}
    for folder in (*folders, Path(django.conf.__file__).parent):
        file = folder / "locale" / language / "LC_MESSAGES" / "django.mo"
        if file.exists():
            with file.open("rb") as compiled:
                for message in read_mo(compiled):
                    if not message.context and isinstance(message.id, str):
                        said.setdefault(message.id, set()).add(message.string)
    return said


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_ends_as_its_message_does_where_that_ends_a_sentence(language: str) -> None:
    for message in messages(language):
        ending = forms(message.id)[-1][-1]
        if ending in ".:":
            assert all(text.endswith(ending) for text in forms(message.string)), message.id


@pytest.mark.parametrize("language", LANGUAGES)
def test_quotes_and_blanks_are_those_of_the_language(language: str) -> None:
    assert [text for text in every_translation(language) if STRAIGHT_QUOTES.search(text)] == []
    assert [text for text in every_translation(language) if text != text.strip()] == []


def test_persian_is_written_with_persian_letters_and_half_spaces() -> None:
    wrong = [t for t in every_translation("fa") if FOREIGN_IN_PERSIAN.search(t) or APART_IN_PERSIAN.search(t)]
    assert wrong == []


def test_a_russian_dash_keeps_to_the_word_before_it() -> None:
    assert [text for text in every_translation("ru") if " —" in text or " - " in text] == []
