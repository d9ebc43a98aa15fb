"""A claim's history is only added to, and an altered one is found."""

import pytest
from django.db import DatabaseError, connection, transaction

from stet.sourcing.errors import ChainRefusedError, HistoryBrokenError, StatusRefusedError
from stet.sourcing.history import NewLink, set_chain, set_status, verify
from stet.sourcing.models import Attribution, Record
from stet.sourcing.reading import read_claims
from stet.sourcing.terms import Status, Verb
from tests.sourcing.builders import DAY, a_claim, a_source

pytestmark = pytest.mark.django_db


def test_a_claims_chain_and_status_are_those_told_last() -> None:
    lawmaker, agency = a_source("Anna Lind"), a_source("the Border Agency")
    claim = a_claim(chain=(lawmaker, agency))
    set_status(claim, Status.DENIED, day=DAY, by=agency, notes={"en": "The agency says that it told nobody."})
    verify([claim])
    value = read_claims([claim.pk])[claim.pk]
    assert [(link.position, link.source.text("en").name) for link in value.chain] == [
        (1, "Anna Lind"),
        (2, "the Border Agency"),
    ]
    assert value.status is Status.DENIED
    assert [event.by and event.by.uid for event in value.events] == [None, str(agency.uid)]
    assert value.root == value.chain[-1].source


def test_a_chain_set_anew_replaces_the_links_and_keeps_the_record_of_the_first() -> None:
    claim = a_claim(chain=(a_source("Anna Lind"), a_source("the Border Agency")))
    other = a_source("Olof Hale")
    set_chain(claim, [NewLink(source=other, verb=Verb.TOLD)], day=DAY)
    assert [row.source for row in Attribution.objects.filter(claim=claim)] == [other]
    assert Record.objects.filter(claim=claim, kind=Record.Kind.CHAIN).count() == 2
    verify([claim])


@pytest.mark.parametrize("change", ["UPDATE sourcing_record SET body = '[]'", "DELETE FROM sourcing_record"])
def test_the_database_refuses_to_alter_a_record(change: str) -> None:
    a_claim(chain=(a_source(),))
    with pytest.raises(DatabaseError, match="only added"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)


def test_a_chain_altered_beside_its_history_is_found() -> None:
    claim = a_claim(chain=(a_source(), a_source("the Border Agency")))
    first, second = Attribution.objects.filter(claim=claim)
    Attribution.objects.filter(pk=first.pk).update(source=second.source)
    with pytest.raises(HistoryBrokenError, match="not the one in its history"):
        verify([claim])


def test_a_circular_chain_is_refused_with_a_sentence() -> None:
    claim, source = a_claim(), a_source()
    with pytest.raises(ChainRefusedError, match="comes back to a source"):
        set_chain(claim, [NewLink(source=source), NewLink(source=source)], day=DAY)


def test_a_status_before_the_last_one_is_refused() -> None:
    claim = a_claim()
    with pytest.raises(StatusRefusedError, match="2026-11-20"):
        set_status(claim, Status.CONFIRMED, day=DAY.replace(day=19))
