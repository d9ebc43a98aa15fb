"""An editor at work on sources: of an unnamed one nothing is kept but the description."""

import html
import re
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from wagtail.models import ModelLogEntry
from wagtail.test.utils.form_data import inline_formset, nested_form_data

from stet.sourcing.history import NewLink, set_chain, set_status
from stet.sourcing.models import Evidence, Question, Source, SourceName
from stet.sourcing.recording import find_sources, new_source
from stet.sourcing.terms import SourceKind, Status
from tests.press.builders import SmallPaper
from tests.sourcing.builders import DAY, a_claim, a_question, a_source, locale

LIST, ADD = "/snippets/sourcing/source/", "/snippets/sourcing/source/add/"
CHOOSER = "/snippets/choose/sourcing/source/"


@pytest.fixture(autouse=True)
def _paper(paper: SmallPaper) -> None:
    """The paper has three languages."""


def edit(source: Source) -> str:
    return f"{LIST}edit/{source.pk}/"


def form(kind: str, *names: dict[str, Any], source: Source | None = None) -> dict[str, Any]:
    blank = {"role": "", "interest": "", "slug": ""}
    ids = list(source.names.values_list("pk", flat=True)) if source else []
    given = [{**blank, "locale": locale("en").pk, **name} for name in names]
    for one, pk in zip(given, ids, strict=False):
        one["id"] = pk
    return nested_form_data({"kind": kind, "names": inline_formset(given, initial=len(ids))})


def words(answer: Any) -> str:
    assert answer.status_code == 200, answer.status_code
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]*>", " ", answer.content.decode())))


def stored() -> str:
    """All that the database holds, as text: every column of every table, and the search index."""
    found: list[str] = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            found += [str(row) for row in cursor.fetchall()]
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE '%fts%'")
        for (name,) in cursor.fetchall():
            cursor.execute(f'SELECT * FROM "{name}"')
            found += [str(row) for row in cursor.fetchall()]
    return "\n".join(found)


def test_a_source_is_made_with_a_name_in_each_language_and_its_address(desk: Client) -> None:
    sent = form("body", {"name": "the Border Agency"}, {"locale": locale("ru").pk, "name": "Пограничная служба"})
    assert desk.post(ADD, sent).status_code == 302
    assert sorted(SourceName.objects.values_list("slug", flat=True)) == ["the-border-agency", "пограничная-служба"]
    assert "the Border Agency" in words(desk.get(LIST))


def test_an_unnamed_source_keeps_no_role_no_side_and_no_address(desk: Client) -> None:
    sent = form(
        "unnamed", {"name": "an official", "role": "deputy minister", "interest": "the ministry", "slug": "lind"}
    )
    shown = words(desk.post(ADD, sent, follow=True))
    assert "Role, side and address were not kept" in shown
    assert SourceName.objects.values_list("name", "role", "interest", "slug").get() == ("an official", "", "", "")
    assert "deputy minister" not in stored()


def test_a_source_that_becomes_unnamed_leaves_its_name_nowhere(desk: Client) -> None:
    first = form(
        "person", {"name": "Anna Lindqvist", "role": "lawmaker"}, {"locale": locale("ru").pk, "name": "Анна Линдквист"}
    )
    desk.post(ADD, first)
    source = Source.objects.get()
    assert "Lindqvist" in stored()
    sent = form("unnamed", {"name": "an official"}, {"locale": locale("ru").pk, "name": "чиновник"}, source=source)
    answer = desk.post(edit(source), sent)
    assert answer.status_code == 302, words(answer)
    # The desk's own messages go once they were shown.
    desk.get(LIST)
    desk.session.flush()
    left = stored()
    assert "lindqvist" not in left.casefold()
    assert "линдквист" not in left.casefold()
    assert "lawmaker" not in left
    assert "lindqvist" not in left
    assert not find_sources("Lindqvist", language="en")
    entries = ModelLogEntry.objects.filter(content_type__app_label="sourcing")
    assert set(entries.values_list("label", flat=True)) <= {"unnamed source", "an official"}


def test_a_description_that_still_holds_the_name_is_refused_in_each_language(desk: Client) -> None:
    source = a_source("Anna Lind")
    SourceName.objects.create(source=source, locale=locale("ru"), name="Анна Линд")
    sent = form(
        "unnamed", {"name": "an official"}, {"locale": locale("ru").pk, "name": "чиновница анна линд"}, source=source
    )
    assert "It still holds the name" in words(desk.post(edit(source), sent))
    assert Source.objects.get().kind == SourceKind.PERSON


def test_a_source_that_a_history_names_does_not_become_unnamed(desk: Client) -> None:
    source = a_source("Anna Lind")
    claim = a_claim(chain=(source,))
    set_chain(claim, [NewLink(source=a_source("Olof Hale"))], day=DAY)
    shown = words(desk.post(edit(source), form("unnamed", {"name": "an official"}, source=source)))
    assert "named in the history of 1 claim" in shown
    assert Source.objects.get(pk=source.pk).kind == SourceKind.PERSON


def test_a_source_that_readers_know_by_description_gets_no_name(desk: Client) -> None:
    source = new_source(name="an official", language="en", kind=SourceKind.UNNAMED)
    a_claim(chain=(source,))
    shown = words(desk.post(edit(source), form("person", {"name": "Anna Lind"}, source=source)))
    assert "by its description alone" in shown
    assert "Anna Lind" not in stored()


REFUSED: dict[str, tuple[tuple[dict[str, Any], ...], str]] = {
    "an address that is taken": (({"name": "Another", "slug": "anna-lind"},), "This address is taken"),
    "an address of the press": (({"name": "Another", "slug": "archive"},), "This address is taken"),
    "an empty name": (({"name": ""},), "This field is required."),
    "a name too long": (({"name": "x" * 201},), "at most 200 characters"),
    "no name at all": ((), "at least 1"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_is_said_in_words(desk: Client, case: str) -> None:
    names, sentence = REFUSED[case]
    a_source("Anna Lind")
    assert sentence in words(desk.post(ADD, form("person", *names)))
    assert Source.objects.count() == 1


def test_two_names_in_one_language_are_refused(desk: Client) -> None:
    shown = desk.post(ADD, form("person", {"name": "Anna Lind"}, {"name": "A. Lind"}))
    assert shown.status_code == 200
    assert "A. Lind" in shown.content.decode()
    assert not Source.objects.exists()


def test_sources_questions_and_evidence_in_use_are_not_deleted(desk: Client) -> None:
    question, source, by = a_question(), a_source("Anna Lind"), a_source("the Border Agency")
    piece = Evidence.objects.create(title="A scan")
    claim = a_claim(chain=(source,), question=question)
    set_status(claim, Status.DENIED, day=DAY, by=by, evidence=piece)
    set_chain(claim, [NewLink(source=a_source("Olof Hale"))], day=DAY)
    for row, model in ((source, "source"), (by, "source"), (piece, "evidence"), (question, "question")):
        shown = words(desk.post(f"/snippets/sourcing/{model}/delete/{row.pk}/", follow=True))
        assert "It was not deleted" in shown, model
        desk.post(f"/bulk/sourcing/{model}/delete/?id={row.pk}")
        assert type(row).objects.filter(pk=row.pk).exists()


def test_what_nothing_rests_on_is_deleted(desk: Client) -> None:
    question, source = a_question(), a_source()
    for row, model in ((source, "source"), (question, "question")):
        assert desk.post(f"/snippets/sourcing/{model}/delete/{row.pk}/").status_code == 302
    assert not Source.objects.exists()
    assert not Question.objects.exists()


def test_a_source_is_made_in_place_while_choosing_one(desk: Client) -> None:
    shown = desk.get(CHOOSER).json()
    assert "New source" in shown["html"]
    sent = {"kind": "unnamed", "name": "an official", "role": "", "interest": "", "locale": locale("en").pk}
    answer = desk.post(f"{CHOOSER}create/", sent).json()
    assert (answer["step"], answer["result"]["string"]) == ("chosen", "an official")
    refused = desk.post(f"{CHOOSER}create/", {**sent, "role": "minister"}).json()
    assert "only the description is kept" in refused["htmlFragment"]
    assert Source.objects.count() == 1
    assert "an official" not in desk.get(f"{CHOOSER}results/").content.decode()


@pytest.mark.django_db(transaction=True)
def test_a_name_that_was_taken_back_is_in_no_byte_of_the_database_file(paper: SmallPaper, admin_client: Client) -> None:
    admin_client.post(ADD, form("person", {"name": "Anna Lindqvist", "role": "lawmaker"}))
    source = Source.objects.get()
    answer = admin_client.post(edit(source), form("unnamed", {"name": "an official"}, source=source))
    assert answer.status_code == 302, words(answer)
    file = Path(connection.settings_dict["NAME"])
    left = b"".join(one.read_bytes() for one in file.parent.glob(f"{file.name}*")).lower()
    assert b"an official" in left
    assert b"lindqvist" not in left
    assert b"lawmaker" not in left


def test_choosers_find_the_beginnings_of_words(desk: Client) -> None:
    a_claim("Around 600 were killed.", chain=(a_source("Anna Lind"),), question=a_question())
    Evidence.objects.create(title="Order no. 14")
    for record, sought in (("claim", "kil"), ("source", "LIN"), ("question", "kill"), ("evidence", "ord")):
        address = f"/snippets/choose/sourcing/{record}/results/"
        assert "data-chooser-modal-choice" in desk.get(f"{address}?q={sought}").content.decode(), record
        for nothing in ("nowhere", '"*', "%27 OR 1"):
            assert "data-chooser-modal-choice" not in desk.get(f"{address}?q={nothing}").content.decode()
