"""What the desk's forms and panels call: claims, sources and questions come into being whole, and are found."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connections

from stet.sourcing.errors import ChainRefusedError, ClaimRefusedError, SourceRefusedError
from stet.sourcing.history import NewLink, set_status, verify
from stet.sourcing.models import Claim, Question, QuestionText, Record, Source, SourceName
from stet.sourcing.reading import read_claims
from stet.sourcing.recording import find_claims, find_questions, find_sources, new_claim, new_question, new_source
from stet.sourcing.terms import Modality, SourceKind, Status, ValueKind, Verb
from tests.sourcing.builders import DAY, a_claim, a_source, locale

HOSTILE = (
    "'; DROP TABLE sourcing_claim; --", "<script>alert(1)</script>", "{{ 7*7 }}{% debug %}", '"*"', "NEAR(", "a AND",
    "\u202eright to left", "😀" * 60, "%(x)s {0}", "^-:()*", '"*', 'a"', "Anna's", "\\", "''", '""',
)  # fmt: skip


@pytest.fixture(autouse=True)
def _languages(db: None) -> None:
    for code in ("en", "ru", "fa"):
        locale(code)


def make(**given: Any) -> Claim:
    values: dict[str, Any] = {
        "sentence": "Around 600 were killed.", "language": "en", "links": [NewLink(source=a_source())], "day": DAY,
        **given,
    }  # fmt: skip
    return new_claim(**values)


def test_a_claim_starts_as_reported_with_its_chain() -> None:
    lawmaker, agency = a_source("Anna Lind"), a_source("the Border Agency")
    claim = make(
        links=[NewLink(source=lawmaker), NewLink(source=agency, verb=Verb.CITED)],
        value_kind=ValueKind.NUMBER, best=600, unit="people", place="Zelen",
    )  # fmt: skip
    value = read_claims([claim.pk])[claim.pk]
    assert (value.status, value.root and value.root.uid) == (Status.REPORTED, str(agency.uid))
    assert (value.best, value.text("en").unit, value.text("en").place) == (600, "people", "Zelen")
    verify([claim])


def test_a_claim_that_is_printed_as_purported_starts_so() -> None:
    claim = make(modality=Modality.PURPORTEDLY)
    assert read_claims([claim.pk])[claim.pk].status is Status.PURPORTED


def test_a_claim_whose_chain_is_refused_leaves_nothing() -> None:
    source = a_source()
    with pytest.raises(ChainRefusedError):
        make(links=[NewLink(source=source), NewLink(source=source)])
    with pytest.raises(ChainRefusedError):
        make(links=[])
    assert (Claim.objects.count(), Record.objects.count()) == (0, 0)


def test_what_contradicts_itself_is_said_by_field() -> None:
    with pytest.raises(ClaimRefusedError) as refused:
        make(sentence=" ", value_kind=ValueKind.NUMBER, low=9, best=5)
    assert set(refused.value.fields) == {"sentence", "low"}
    with pytest.raises(ClaimRefusedError, match="no such language"):
        make(language="de")


def test_addresses_are_made_from_words_and_unique_in_their_language() -> None:
    for _ in range(2):
        new_question(text="How many were killed at Zelen?", language="en")
    new_question(text="How many were killed at Zelen?", language="ru")
    assert sorted(QuestionText.objects.values_list("locale__language_code", "slug")) == [
        ("en", "how-many-were-killed-at-zelen"),
        ("en", "how-many-were-killed-at-zelen-2"),
        ("ru", "how-many-were-killed-at-zelen"),
    ]


@pytest.mark.parametrize(
    ("name", "slug"),
    [("Archive", "archive-2"), ("Media", "media-2"), ("2026", "2026-2"), ("ru", "ru-2"), ("???", "source"),
     ("Министерство обороны", "министерство-обороны"), ("x" * 200, "x" * 80)],
)  # fmt: skip
def test_an_address_is_nobody_elses_word(name: str, slug: str) -> None:
    assert new_source(name=name, language="en").names.get().slug == slug


def test_an_unnamed_source_has_a_description_and_nothing_else() -> None:
    source = new_source(name="an official who was present", language="en", kind=SourceKind.UNNAMED)
    name = source.names.get()
    assert (name.name, name.role, name.interest, name.slug) == ("an official who was present", "", "", "")
    with pytest.raises(SourceRefusedError, match="only the description"):
        new_source(name="an official", language="en", kind=SourceKind.UNNAMED, role="deputy minister")
    with pytest.raises(ChainRefusedError, match="only the description"):
        make(links=[NewLink(source=source, roles={"en": "deputy minister"})])


def test_whatever_is_written_beside_a_description_is_dropped_by_the_row_itself() -> None:
    source = Source.objects.create(kind=SourceKind.UNNAMED)
    SourceName.objects.create(
        source=source, locale=locale("en"), name="an official", role="minister", interest="ministry", slug="anna-lind"
    )
    assert SourceName.objects.values_list("role", "interest", "slug").get() == ("", "", "")
    named = a_source("Anna Lind", role="lawmaker")
    named.kind = SourceKind.UNNAMED
    named.save()
    assert SourceName.objects.values_list("role", "interest", "slug").get(source=named) == ("", "", "")


def test_what_is_there_is_found_in_the_language_that_is_asked_for() -> None:
    claim = make(
        sentence="Около 600 человек погибли.",
        language="ru",
        links=[NewLink(source=a_source("Анна Линд", language="ru"))],
    )
    found = find_claims("ПОГИБ", language="ru")
    assert [(one.id, one.sentence, one.says) for one in found] == [
        (claim.pk, "Около 600 человек погибли.", ("Анна Линд",))
    ]
    assert [one.name for one in find_sources("линд", language="ru")] == ["Анна Линд"]
    question = new_question(text="How many?", language="en")
    assert [one.id for one in find_questions("how", language="fa")] == [question.pk]
    assert [one.id for one in find_claims("", language="en")] == [claim.pk]


def test_an_unnamed_source_is_never_found() -> None:
    new_source(name="an official who was present", language="en", kind=SourceKind.UNNAMED)
    assert find_sources("official", language="en") == find_sources("", language="en") == []


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_are_looked_for_and_kept_as_they_are(words: str) -> None:
    assert isinstance(find_claims(words, language="en"), list)
    claim = make(
        sentence=words,
        links=[NewLink(source=new_source(name=words, language="en"))],
        unit=words[:50],
        place=words[:100],
    )
    assert read_claims([claim.pk])[claim.pk].text("en").sentence == words.strip()
    assert new_question(text=words, language="en").texts.get().text == words.strip()
    assert isinstance(find_sources(words, language="en"), list)
    assert Question.objects.exists()
    verify()


@pytest.mark.django_db(transaction=True)
def test_two_editors_at_once_add_to_one_history() -> None:
    claim = a_claim(chain=(a_source(),))

    def add(number: int) -> None:
        try:
            set_status(claim, Status.DISPUTED, day=DAY, reason=str(number))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as editors:
        list(editors.map(add, range(12)))
    assert list(Record.objects.order_by("number").values_list("number", flat=True)) == list(range(1, 15))
    verify([claim])
