"""Bank statements that are brought to the office: matched, told of, and not kept."""

from datetime import date
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from stet.ledger.models import Contribution, Fact
from stet.ledger.providers.references import reference_of
from stet.ledger.status import status_of
from stet.office import paying
from stet.project.settings import Newsroom
from tests.office.giving_rows import a_gift
from tests.office.test_giving import text_of

pytestmark = pytest.mark.django_db(databases=["default", "readers"])


@pytest.fixture(autouse=True)
def _account(newsroom: Newsroom) -> None:
    (newsroom.keys / "bank.json").write_text('{"holder": "Far Shore Trust", "iban": "DE02120300000000202051"}')
    paying._MADE.clear()


def a_transfer(**changes: object) -> Contribution:
    row = a_gift(provider="bank", currency="EUR", minor=2500, settled=False, session_id="", **changes)  # type: ignore[arg-type]
    row.reference = row.session_id = reference_of(row.uid)
    row.save()
    return row


def a_statement(*entries: tuple[str, str, str]) -> SimpleUploadedFile:
    """CAMT.053 of a day, with the names that banks put in."""
    body = "".join(
        f"<Ntry><Amt Ccy='EUR'>{amount.lstrip('-')}</Amt>"
        f"<CdtDbtInd>{'DBIT' if amount[0] == '-' else 'CRDT'}</CdtDbtInd>"
        f"<Sts>BOOK</Sts><BookgDt><Dt>2026-11-17</Dt></BookgDt><AcctSvcrRef>{number}</AcctSvcrRef><NtryDtls><TxDtls>"
        f"<RltdPties><Dbtr><Nm>Canary Seventythree</Nm></Dbtr></RltdPties><RmtInf><Ustrd>{words}</Ustrd></RmtInf>"
        "</TxDtls></NtryDtls></Ntry>"
        for number, amount, words in entries
    )
    xml = (
        "<Document xmlns='urn:iso:std:iso:20022:tech:xsd:camt.053.001.08'><BkToCstmrStmt><Stmt>"
        f"{body}</Stmt></BkToCstmrStmt></Document>"
    )
    return SimpleUploadedFile("statement.xml", xml.encode())


def test_a_transfer_is_found_by_its_reference_and_counts(finance: Client) -> None:
    row = a_transfer()
    said = text_of(finance.post("/giving/bank/", {"statement": a_statement(("B1", "25.00", row.reference))}))
    assert "New payments 1 Known before 0 Differing 0" in said
    assert "Everything in it has its place." in said
    assert status_of(row) == "settled"
    fact = Fact.objects.get()
    assert (fact.minor, fact.currency, fact.month) == (2500, "EUR", date(2026, 11, 1))


def test_a_statement_that_is_brought_twice_counts_once(finance: Client) -> None:
    row = a_transfer()
    for _ in range(2):
        said = text_of(finance.post("/giving/bank/", {"statement": a_statement(("B1", "25.00", row.reference))}))
    assert "New payments 0 Known before 1" in said
    assert Fact.objects.count() == 1


def test_what_went_back_belongs_to_its_payment_from_another_statement(finance: Client) -> None:
    row = a_transfer()
    finance.post("/giving/bank/", {"statement": a_statement(("B1", "25.00", row.reference))})
    finance.post("/giving/bank/", {"statement": a_statement(("B2", "-25.00", row.reference))})
    assert status_of(row) == "refunded"


def test_what_is_not_matched_is_told_by_number_amount_and_month_and_by_nothing_else(finance: Client) -> None:
    entries = (("B1", "12.00", "for you"), ("B2", "-80.00", "rent"), ("B3", "5.00", "RF18 5390 0754 7034"))
    answer = finance.post("/giving/bank/", {"statement": a_statement(*entries)})
    said = text_of(answer)
    assert "B1 No reference is written on it November 2026 €12.00" in said
    assert "B2 Money that left the account November 2026" in said
    assert "B3 Nobody was given this reference" in said
    for never in ("Canary", "for you", "rent ", "17 Nov"):
        assert never not in said
    assert Fact.objects.count() == 0


def test_a_file_that_is_no_statement_is_refused_in_a_sentence(finance: Client) -> None:
    for content in (b"<html>", b"%PDF-1.7", b"\xff\xfe\x00"):
        said = text_of(finance.post("/giving/bank/", {"statement": SimpleUploadedFile("x.xml", content)}))
        assert "This file cannot be read as a statement" in said, content
    assert "Choose the statement" in text_of(finance.post("/giving/bank/"))


def test_a_statement_touches_no_disk(finance: Client, newsroom: Newsroom, settings: object) -> None:
    row = a_transfer()
    before = set(Path(newsroom.folder).rglob("*"))
    finance.post("/giving/bank/", {"statement": a_statement(("B1", "25.00", row.reference))})
    assert set(Path(newsroom.folder).rglob("*")) == before
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 10  # type: ignore[attr-defined]
    said = text_of(finance.post("/giving/bank/", {"statement": a_statement(("B9", "1.00", "x"))}))
    assert "of at most 50 MB" in said
