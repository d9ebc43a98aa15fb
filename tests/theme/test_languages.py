"""The catalogues: every word of the templates is said in Russian and Persian, whole and with the same placeholders."""

import re
from functools import cache
from pathlib import Path

import pytest
from babel.messages import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

import stet
from stet.theme.words import LOCALE, load_words

LANGUAGES = ("ru", "fa")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%%")
TAG = re.compile(r"</?\w+[^>]*>")
NUMBERS = {
    "ru": ("0 минут", "1 минута", "2 минуты", "5 минут", "11 минут", "21 минута", "22 минуты", "112 минут"),
    "fa": ("0 دقیقه", "1 دقیقه", "2 دقیقه", "5 دقیقه", "11 دقیقه", "21 دقیقه", "22 دقیقه", "112 دقیقه"),
}
# Arabic Yeh and Kaf look like the Persian letters and sort, search and join differently; digits here are Persian ones.
FOREIGN_IN_PERSIAN = re.compile("[يك٠-٩]")
# "می" and "نمی" before a verb, and the plural "ها", stand with a half-space, never apart or joined to the word.
APART_IN_PERSIAN = re.compile(r"(?<!\w)ن?می (?=\w)|\w ها(?!\w)")
STRAIGHT_QUOTES = re.compile("[\"“”']")


@cache
def catalogue(language: str) -> Catalog:
    path = LOCALE / language / "LC_MESSAGES" / "stet.po" if language else LOCALE / "stet.pot"
    with path.open("rb") as source:
        return read_po(source, locale=language or None)


def messages(language: str) -> list[Message]:
    return [message for message in catalogue(language) if message.id]


def forms(value: str | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


def key(message: Message) -> tuple[str | None, tuple[str, ...]]:
    return message.context, forms(message.id)


@cache
def words_of_the_templates() -> frozenset[tuple[str | None, tuple[str, ...]]]:
    with (LOCALE / "babel.cfg").open() as mapping:
        methods, options = parse_mapping_cfg(mapping)
    found = extract_from_dir(Path(stet.__file__).parent, methods, options)
    return frozenset((context, forms(words)) for _, _, words, _, context in found)


def every_translation(language: str) -> list[str]:
    return [text for message in messages(language) for text in forms(message.string)]


def test_the_list_of_messages_is_as_new_as_the_templates():
    assert {key(message) for message in messages("")} == words_of_the_templates(), (
        "Extract again: see locale/README.md."
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_is_translated_and_no_translation_is_left_over(language):
    assert {key(message) for message in messages(language)} == words_of_the_templates()
    assert not catalogue(language).obsolete
    assert [message.id for message in messages(language) if not all(forms(message.string))] == []
    assert [message.id for message in messages(language) if message.fuzzy] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_has_the_placeholders_and_tags_of_its_message(language):
    for message in messages(language):
        for pattern in (PLACEHOLDER, TAG):
            expected = sorted(pattern.findall(forms(message.id)[-1]))
            for text in forms(message.string):
                assert sorted(pattern.findall(text)) == expected, message.id


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_plural_form_of_the_language_is_there(language):
    for message in messages(language):
        if message.pluralizable:
            assert len(forms(message.string)) == catalogue(language).num_plurals, message.id


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_number_of_minutes_is_said_as_the_language_says_it(language):
    words = load_words(language)
    one, many = next(forms(message.id) for message in messages(language) if "%(num)s minute" in message.id[0])
    said = [words.ngettext(one, many, n) % {"num": n} for n in (0, 1, 2, 5, 11, 21, 22, 112)]
    for text, expected in zip(said, NUMBERS[language], strict=True):
        assert expected in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_ends_as_its_message_does_where_that_ends_a_sentence(language):
    for message in messages(language):
        ending = forms(message.id)[-1][-1]
        if ending in ".:":
            assert all(text.endswith(ending) for text in forms(message.string)), message.id


@pytest.mark.parametrize("language", LANGUAGES)
def test_quotes_are_those_of_the_language(language):
    assert [text for text in every_translation(language) if STRAIGHT_QUOTES.search(TAG.sub("", text))] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_translation_begins_or_ends_with_a_blank(language):
    assert [text for text in every_translation(language) if text != text.strip()] == []


def test_persian_is_written_with_persian_letters_and_half_spaces():
    wrong = [t for t in every_translation("fa") if FOREIGN_IN_PERSIAN.search(t) or APART_IN_PERSIAN.search(t)]
    assert wrong == []


def test_a_russian_dash_keeps_to_the_word_before_it():
    assert [text for text in every_translation("ru") if " —" in text or " - " in text] == []


def test_a_language_without_a_catalogue_is_printed_in_english():
    assert load_words("is").gettext("Read more") == "Read more"
