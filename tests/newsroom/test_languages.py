"""The desk in Russian and Persian: every message is said, whole, and in the language of the editor who looks."""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import django.conf
import pytest
from babel.messages import Catalog, Message
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from django.apps import apps
from django.contrib.auth import get_user_model
from django.test import Client
from django.utils import translation
from tools.desk_words import LOCALE, found_in_code, languages, read
from wagtail.users.models import UserProfile

from stet.newsroom.models import ArticlePage
from stet.newsroom.wagtail_words import WRONG
from stet.project.django_values import desk_languages
from tests.press.builders import SmallPaper, an_article

LANGUAGES = ("fa", "ru")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%%")
# Arabic Yeh and Kaf look like the Persian letters and sort, search and join differently.
FOREIGN_IN_PERSIAN = re.compile("[يك٠-٩]")
APART_IN_PERSIAN = re.compile(r"(?<!\w)ن?می (?=\w)|\w ها(?!\w)")
STRAIGHT_QUOTES = re.compile("[\"“”']")


@cache
def catalogue(language: str) -> Catalog:
    return read(language)


@cache
def words_of_the_code() -> frozenset[tuple[str | None, tuple[str, ...]]]:
    return frozenset(key(message) for message in found_in_code() if message.id)


def messages(language: str) -> list[Message]:
    return [message for message in catalogue(language) if message.id]


def forms(value: str | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


def key(message: Message) -> tuple[str | None, tuple[str, ...]]:
    return message.context, forms(message.id)


def every_translation(language: str) -> list[str]:
    return [text for message in messages(language) for text in forms(message.string)]


# --- The catalogues ---


def test_the_languages_of_the_desk_are_these() -> None:
    assert tuple(languages()) == LANGUAGES


def test_the_list_of_messages_is_as_new_as_the_code() -> None:
    with (LOCALE / "django.pot").open("rb") as file:
        listed = {key(message) for message in read_po(file) if message.id}
    assert listed == words_of_the_code(), "Run tools/desk_words.py."


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_is_translated_and_no_translation_is_left_over(language: str) -> None:
    assert {key(message) for message in messages(language)} == words_of_the_code(), "Run tools/desk_words.py."
    assert not catalogue(language).obsolete
    assert [message.id for message in messages(language) if not all(forms(message.string))] == []
    assert [message.id for message in messages(language) if message.fuzzy] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_django_reads_is_what_people_edited(language: str) -> None:
    with (LOCALE / language / "LC_MESSAGES" / "django.mo").open("rb") as file:
        compiled = {
            ((message.context or b"").decode() or None, forms(message.id)): forms(message.string)  # Babel leaves bytes
            for message in read_mo(file)
            if message.id
        }
    edited = {key(message): forms(message.string) for message in messages(language)}
    assert compiled == edited, "Run tools/desk_words.py."


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_has_the_placeholders_of_its_message(language: str) -> None:
    for message in messages(language):
        expected = sorted(PLACEHOLDER.findall(forms(message.id)[-1]))
        for text in forms(message.string):
            assert sorted(PLACEHOLDER.findall(text)) == expected, message.id


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_plural_form_of_the_language_is_there(language: str) -> None:
    for message in messages(language):
        expected = catalogue(language).num_plurals if message.pluralizable else 1
        assert len(forms(message.string)) == expected, message.id


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_message_takes_the_place_of_one_that_wagtail_or_django_says_otherwise(language: str) -> None:
    """All catalogues share one list, and the newsroom's comes first in it: another meaning needs a context."""
    ours = {message.id: message.string for message in messages(language) if not message.context}
    for text, theirs in said_by_others(language).items():
        is_mended = language == "fa" and text in WRONG
        assert text not in ours or is_mended or bare(ours[text]) in map(bare, theirs), (
            f"Give {text!r} a context: it is said otherwise elsewhere."
        )


def bare(text: Any) -> Any:
    """A translation without its quotation marks: the desk's are those of the language, Wagtail's often straight."""
    return re.sub("['\"«»„“”]", "", text) if isinstance(text, str) else text


def said_by_others(language: str) -> dict[str, set[str]]:
    """What the catalogues of all other installed apps, and Django's own, say."""
    # Of allauth's pages the desk shows none: each has one of the desk's own in its place.
    others = [app for app in apps.get_app_configs() if not app.name.startswith(("stet.", "allauth"))]
    folders = [Path(app.path) for app in others]
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
def test_quotes_are_those_of_the_language(language: str) -> None:
    assert [text for text in every_translation(language) if STRAIGHT_QUOTES.search(text)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_translation_begins_or_ends_with_a_blank(language: str) -> None:
    assert [text for text in every_translation(language) if text != text.strip()] == []


def test_persian_is_written_with_persian_letters_and_half_spaces() -> None:
    wrong = [t for t in every_translation("fa") if FOREIGN_IN_PERSIAN.search(t) or APART_IN_PERSIAN.search(t)]
    assert wrong == []


def test_a_russian_dash_keeps_to_the_word_before_it() -> None:
    assert [text for text in every_translation("ru") if " —" in text or " - " in text] == []


# --- The models ---


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_name_of_a_model_and_its_fields_that_the_desk_shows_is_translated(language: str) -> None:
    """A name that Django made up of the attribute's is English for ever."""
    with translation.override(language):
        left = [name for name in names_at_the_desk() if re.search("[a-z]{3}", name)]
    assert left == []


def names_at_the_desk() -> list[str]:
    unseen = {
        "newsroom.outboxentry", "newsroom.photorendition", "newsroom.articletag", "newsroom.desksession",
        "newsroom.wrongtries", "newsroom.role", "newsroom.checkedtaskstate",
    }  # fmt: skip
    names = []
    for model in (*apps.get_app_config("newsroom").get_models(), *apps.get_app_config("letters").get_models()):
        if model._meta.label_lower not in unseen:
            names += [str(model._meta.verbose_name), str(model._meta.verbose_name_plural)]
            for field in model._meta.get_fields():
                if field.model is model and getattr(field, "editable", False) and is_shown(field):
                    names.append(str(field.verbose_name))
                    names += [str(label) for _value, label in field.choices or ()]
    return names


def is_shown(field: object) -> bool:
    """Whether an editor may meet this field: it is ours, and neither a parent link nor a tree's own."""
    return (
        not getattr(field, "primary_key", False)
        and type(field).__name__ not in ("ParentalKey", "UUIDField", "TaggableManager", "GenericRelation")
        and not getattr(field, "name", "").startswith("focal_point")
        and getattr(field, "name", "") not in ("title", "collection", "created_at", "uploaded_by_user", "file_size")
    )


# --- The desk itself ---


def desk_of(language: str) -> Client:
    """The desk of an editor who chose this language in the account, and gave no name."""
    who = get_user_model().objects.create_superuser(username=f"editor-{language}", password="a long password")
    client = Client()
    client.force_login(who)
    answer = client.post(
        "/account/",
        {
            "name_email-first_name": "", "name_email-last_name": "", "name_email-email": "",
            "locale-preferred_language": language, "locale-current_time_zone": "",
            "theme-theme": "system", "theme-density": "default", "theme-contrast": "system",
        },
    )  # fmt: skip
    assert answer.status_code == 302, "The account takes a language without a name or an address."
    return client


def test_an_editor_is_offered_the_newsrooms_languages_and_english() -> None:
    assert desk_languages(("ru", "fa")) == [("ru", "Русский"), ("fa", "فارسی"), ("en", "English")]
    assert desk_languages(("pt-BR", "en")) == [("pt-br", "Português Brasileiro"), ("en", "English")]


def test_a_language_that_django_does_not_know_is_not_offered() -> None:
    assert desk_languages(("tlh", "uz-Arab")) == [("uz-arab", "oʻzbek tili"), ("en", "English")]


@pytest.mark.parametrize(
    ("language", "direction", "headline", "story"),
    [
        ("ru", "ltr", "Лид", "Выбрать материал"),
        ("fa", "rtl", "لید", "انتخاب مطلب"),
        ("en", "ltr", "Standfirst", "Choose a story"),
    ],
)
def test_the_form_of_an_article_is_in_the_editors_language_and_direction(
    paper: SmallPaper, language: str, direction: str, headline: str, story: str
) -> None:
    page = desk_of(language).get(f"/pages/add/newsroom/articlepage/{paper.sections['en'][0].pk}/").content.decode()
    assert re.search(rf'<html lang="{language}" dir="{direction}"', page)
    assert headline in page
    assert story in page


def test_the_second_editor_is_not_answered_in_the_language_of_the_first(paper: SmallPaper) -> None:
    page = f"/pages/add/newsroom/articlepage/{paper.sections['en'][0].pk}/"
    first, second = desk_of("ru"), desk_of("fa")
    assert "Выбрать материал" in readable(first.get(page))
    answer = readable(second.get(page))
    assert "انتخاب مطلب" in answer
    for others in ("Выбрать", "Выберите", "Статья", "Автор", "Choose a story", "(Article)"):
        assert others not in answer


def readable(answer: Any) -> str:
    """A page of the desk; the blocks' own forms stand in it as JSON, with their letters escaped."""
    return re.sub(r"\\+u([0-9a-f]{4})", lambda escaped: chr(int(escaped[1], 16)), answer.content.decode())


def test_what_an_editor_writes_runs_the_way_its_words_do(desk: Client, paper: SmallPaper) -> None:
    """A Persian story at an English desk, an English caption at a Persian one."""
    assert "unicode-bidi: plaintext" in desk.get("/").content.decode()


def test_a_mistake_is_explained_in_the_editors_language(paper: SmallPaper) -> None:
    article = an_article(paper.sections["en"][0], "flood")
    answer = desk_of("ru").post(f"/pages/{article.pk}/unpublish/", {"withdrawal_reason": "x" * 2001}, follow=True)
    assert "Уведомление длиннее 2000 знаков. Сократите его." in answer.content.decode()
    assert ArticlePage.objects.get(pk=article.pk).live


def test_a_preview_is_the_same_page_in_every_language_of_the_desk(keys: None, paper: SmallPaper) -> None:
    article = an_article(paper.sections["ru"][0], "potop")
    printed = []
    for language in ("en", "ru", "fa"):
        with translation.override(language):
            printed.append(ArticlePage.objects.get(pk=article.pk).serve_preview(None, "").content)
    assert printed[0] == printed[1] == printed[2]


# --- What scripts say ---

SCRIPTS = Path(apps.get_app_config("wagtailadmin").path) / "locale"
"""Where Wagtail's words of its scripts are."""


def script_words(locale: Path, language: str) -> dict[str, tuple[str, ...]]:
    """What scripts say by a catalogue, by the English for it."""
    with (locale / language / "LC_MESSAGES" / "djangojs.po").open("rb") as file:
        found = {forms(message.id)[0]: forms(message.string) for message in read_po(file, locale=language)}
    return {english: said for english, said in found.items() if english and (all(said) or language == "en")}


@pytest.mark.parametrize("language", LANGUAGES)
def test_wagtails_scripts_have_no_word_that_is_left_in_english(language: str) -> None:
    wanted = script_words(SCRIPTS, "en")
    said = {**script_words(SCRIPTS, language), **script_words(LOCALE, language)}
    assert wanted
    assert wanted.keys() <= said.keys(), "Say these in djangojs.po, and run tools/desk_words.py."


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_newsrooms_words_for_scripts_are_sent_with_wagtails(desk: Client, paper: SmallPaper, language: str) -> None:
    user = get_user_model().objects.get(username="admin")
    UserProfile.objects.update_or_create(user=user, defaults={"preferred_language": language})
    sent = desk.get("/jsi18n/").content.decode()
    for said in script_words(LOCALE, language).values():
        assert json.dumps(said[0])[1:-1] in sent
