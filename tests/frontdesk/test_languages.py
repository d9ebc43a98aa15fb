"""The frontdesk in Russian and Persian: every message is said, whole, and as the language writes it."""

import re
from functools import cache

import pytest
from babel.messages import Catalog, Message
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from django.test import Client
from django.utils import translation
from tools.room_words import RoomWords

from stet.frontdesk.desk import Desk
from stet.kit.writing import day
from tests.frontdesk.conftest import a_reader, joining_form, manage_path

WORDS = RoomWords("frontdesk")
LANGUAGES = ("fa", "ru")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%%")
# Arabic Yeh and Kaf look like the Persian letters and sort, search and join differently.
FOREIGN_IN_PERSIAN = re.compile("[يك٠-٩]")
APART_IN_PERSIAN = re.compile(r"(?<!\w)ن?می (?=\w)|\w ها(?!\w)")
STRAIGHT_QUOTES = re.compile("[\"“”']")


@cache
def catalogue(language: str) -> Catalog:
    return WORDS.read(language)


def messages(language: str) -> list[Message]:
    return [message for message in catalogue(language) if message.id]


def forms(value: str | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


def key(message: Message) -> tuple[str | None, tuple[str, ...]]:
    return message.context, forms(message.id)


@cache
def words_of_the_code() -> frozenset[tuple[str | None, tuple[str, ...]]]:
    return frozenset(key(message) for message in WORDS.found_in_code() if message.id)


def every_translation(language: str) -> list[str]:
    return [text for message in messages(language) for text in forms(message.string)]


def test_the_languages_of_the_frontdesk_are_these() -> None:
    assert tuple(WORDS.languages()) == LANGUAGES


def test_the_list_of_messages_is_as_new_as_the_code() -> None:
    with (WORDS.locale / "django.pot").open("rb") as file:
        listed = {key(message) for message in read_po(file) if message.id}
    assert listed == words_of_the_code(), "Run tools/room_words.py."


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_is_translated_and_no_translation_is_left_over(language: str) -> None:
    assert {key(message) for message in messages(language)} == words_of_the_code()
    assert not catalogue(language).obsolete
    assert [message.id for message in messages(language) if not all(forms(message.string))] == []
    assert [message.id for message in messages(language) if message.fuzzy] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_django_reads_is_what_people_edited(language: str) -> None:
    with (WORDS.locale / language / "LC_MESSAGES" / "django.mo").open("rb") as file:
        compiled = {forms(message.id): forms(message.string) for message in read_mo(file) if message.id}
    assert compiled == {forms(message.id): forms(message.string) for message in messages(language)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_has_the_placeholders_and_the_plurals_of_its_message(language: str) -> None:
    for message in messages(language):
        expected = sorted(PLACEHOLDER.findall(forms(message.id)[-1]))
        for text in forms(message.string):
            assert sorted(PLACEHOLDER.findall(text)) == expected, message.id
        plurals = catalogue(language).num_plurals if message.pluralizable else 1
        assert len(forms(message.string)) == plurals, message.id


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_ends_as_its_message_does(language: str) -> None:
    for message in messages(language):
        ending = forms(message.id)[-1][-1]
        if ending in ".:":
            assert all(text.endswith(ending) for text in forms(message.string)), message.id


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_is_written_as_the_language_is(language: str) -> None:
    texts = every_translation(language)
    assert [text for text in texts if STRAIGHT_QUOTES.search(text) or text != text.strip()] == []
    assert [text for text in texts if " —" in text or " - " in text] == []


def test_persian_is_written_with_persian_letters_and_half_spaces() -> None:
    wrong = [t for t in every_translation("fa") if FOREIGN_IN_PERSIAN.search(t) or APART_IN_PERSIAN.search(t)]
    assert wrong == []


# --- The pages themselves ---

ENGLISH = re.compile(r"\b(the|your|you|this|address|newsletter|button)\b", re.IGNORECASE)


def words_of(answer) -> str:
    main = re.sub(r"<style>.*?</style>", "", answer.content.decode(), flags=re.DOTALL)
    shown = re.sub(r"<[^>]+>", " ", main)
    return re.sub(r"Skip to the text|The Far Shore|\S+@\S+|By signing up[^.]*\.|The Week|The Old One", "", shown)


@pytest.mark.django_db(databases=["readers"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_of_a_language_says_anything_in_english(the: Desk, browser: Client, language: str) -> None:
    list_key = {"ru": "ru.nedelya", "fa": "fa.hafte"}[language]
    reader = a_reader(the, list_key=list_key, language=language)
    manage = manage_path(the, reader)
    asked = {"HTTP_ACCEPT_LANGUAGE": language}
    pages = [
        browser.get(f"/{language}/join"),
        browser.post(f"/{language}/join", joining_form(list=list_key)),
        browser.post(f"/{language}/join", joining_form(list="", email="x@")),
        browser.get(f"/{language}/manage-link"),
        browser.post(f"/{language}/manage-link", {"email": "ada@example.org"}),
        browser.get(f"{manage}?done=lists"),
        browser.get(f"{manage}/erase"),
        browser.get("/confirm/nothing", **asked),
        browser.get("/nowhere", **asked),
        browser.put("/nowhere", **asked),
    ]
    for page in pages:
        offered = re.sub(r"Daily brief|Five stories, every weekday at noon\.|A hand-picked[^.]*\.", "", words_of(page))
        assert not ENGLISH.search(offered), ENGLISH.search(offered)


def test_a_day_is_said_in_the_readers_language() -> None:
    from datetime import date

    said = {code: day(date(2026, 12, 24), language=code) for code in ("en", "ru", "fa", "xx")}
    assert said == {
        "en": "24 December 2026",
        "ru": "24 декабря 2026",
        "fa": "۲۴ دسامبر ۲۰۲۶",
        "xx": "24 December 2026",
    }


def test_nothing_of_a_page_is_put_into_words_before_its_language_is_known() -> None:
    from stet.frontdesk.words import ADDRESS_FAULTS

    with translation.override("ru"):
        assert str(ADDRESS_FAULTS["empty"]) == "Напишите адрес своей электронной почты."
    with translation.override("en"):
        assert str(ADDRESS_FAULTS["empty"]) == "Write your e-mail address."
