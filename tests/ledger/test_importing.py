"""Bank statements: each entry once, whatever is brought how often; everything that is not matched is told."""

import json
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from stet.ledger.importing import import_statement
from stet.ledger.models import Contribution, Difference, Fact
from stet.ledger.providers.bank import BankProvider
from stet.ledger.providers.keys import BankKeys
from stet.ledger.providers.references import reference_of
from stet.ledger.providers.statements import StatementRefusedError
from stet.ledger.status import status_of
from stet.project.settings import Newsroom
from tests.ledger.builders import NOW, a_contribution
from tests.ledger.test_ledger_command import ledger, newsroom, run  # noqa: F401 - a fixture

BANK = BankProvider(BankKeys(holder="Far Shore Trust", iban="LV80BANK0000435195001", currencies=("EUR", "USD")))
Line = tuple[str, str, str, str]
"""The bank's number, the amount, the currency, the words."""


def camt(*lines: Line) -> bytes:
    body = "".join(
        f"<Ntry><Amt Ccy='{currency}'>{amount.lstrip('-')}</Amt>"
        f"<CdtDbtInd>{'DBIT' if amount[0] == '-' else 'CRDT'}</CdtDbtInd><Sts>BOOK</Sts>"
        f"<BookgDt><Dt>2026-11-17</Dt></BookgDt><AcctSvcrRef>{number}</AcctSvcrRef><NtryDtls><TxDtls>"
        f"<RltdPties><Dbtr><Nm>Canary Seventythree</Nm></Dbtr></RltdPties><RmtInf><Ustrd>{words}</Ustrd></RmtInf>"
        "</TxDtls></NtryDtls></Ntry>"
        for number, amount, currency, words in lines
    )
    return (
        "<Document xmlns='urn:iso:std:iso:20022:tech:xsd:camt.053.001.08'><BkToCstmrStmt><Stmt>"
        f"{body}</Stmt></BkToCstmrStmt></Document>"
    ).encode()


def csv(*lines: Line) -> bytes:
    rows = [f"2026-11-17;{amount.replace('.', ',')};{currency};{words};Canary" for _n, amount, currency, words in lines]
    return "\n".join(["date;amount;currency;reference;name", *rows]).encode()


FORMS = {"CAMT.053": camt, "CSV": csv}


def a_transfer(**changes: Any) -> Contribution:
    row = a_contribution(provider="bank", minor=2_500, currency="EUR", **changes)
    row.reference = row.session_id = reference_of(row.uid)
    row.save()
    return row


@pytest.mark.django_db(databases=["readers"])
@pytest.mark.parametrize("form", FORMS)
def test_a_statement_counts_once_and_tells_every_entry_that_is_not_matched(form: str) -> None:
    first, second = a_transfer(), a_transfer()
    statement = FORMS[form](
        ("B1", "25.00", "EUR", f"gift {first.reference}"),
        ("B2", "12.50", "EUR", "for you"),
        ("B3", "5.00", "EUR", "RF18 5390 0754 7034"),
        ("B4", "7.00", "EUR", f"{first.reference} {second.reference}"),
        ("B5", "-80.00", "EUR", "rent"),
        ("B6", "30.00", "USD", second.reference),
    )
    dry = import_statement(BANK, statement, now=NOW, is_dry=True)
    assert not Fact.objects.exists()
    for new, known in ((2, 0), (0, 2), (0, 2)):
        came = import_statement(BANK, statement, now=NOW)
        assert (came.new, came.known, came.differing, came.unreadable) == (new, known, 0, 0)
        assert sorted((one.why, str(one.money.minor)) for one in came.unmatched) == [
            ("no_reference", "1250"), ("not_ours", "-8000"), ("several_references", "700"),
            ("unknown_reference", "500"),
        ]  # fmt: skip
        assert all(one.day == date(2026, 11, 17) and one.number for one in came.unmatched)
        assert came.is_anything_left
    assert (dry.new, dry.known, dry.unmatched) == (2, 0, came.unmatched)
    again = import_statement(BANK, statement, now=NOW, is_dry=True)
    assert (again.new, again.known) == (0, 2)
    assert [status_of(row) for row in (first, second)] == ["settled", "settled"]
    assert sorted(Fact.objects.values_list("minor", "currency")) == [(2_500, "EUR"), (3_000, "USD")]


@pytest.mark.django_db(databases=["readers"])
@pytest.mark.parametrize("form", FORMS)
def test_an_overlapping_statement_adds_what_is_new_in_it(form: str) -> None:
    rows = [a_transfer() for _ in range(4)]
    lines: list[Line] = [(f"B{n}", "25.00", "EUR", row.reference) for n, row in enumerate(rows)]
    assert import_statement(BANK, FORMS[form](*lines[:3]), now=NOW).new == 3
    came = import_statement(BANK, FORMS[form](*lines[1:]), now=NOW)
    assert (came.new, came.known, came.unmatched) == (1, 2, ())
    assert not came.is_anything_left
    assert Fact.objects.count() == 4


@pytest.mark.django_db(databases=["readers"])
def test_an_entry_with_another_amount_than_before_is_a_difference_for_the_office() -> None:
    row = a_transfer()
    import_statement(BANK, camt(("B1", "25.00", "EUR", row.reference)), now=NOW)
    changed = camt(("B1", "52.00", "EUR", row.reference))
    assert import_statement(BANK, changed, now=NOW, is_dry=True).differing == 1
    assert not Difference.objects.exists()
    assert import_statement(BANK, changed, now=NOW).differing == 1
    assert Difference.objects.get().kind == "amount"
    assert Fact.objects.get().minor == 2_500


@pytest.mark.django_db(databases=["readers"])
def test_what_is_no_statement_is_refused() -> None:
    for data in (b"", b"<a/>", b"hello", b"\x00\xff"):
        with pytest.raises(StatementRefusedError):
            import_statement(BANK, data, now=NOW)


# --- On the command line ---

MAKE = """
from stet.project.setup import newsroom_of_environment, set_up_private_django
set_up_private_django(newsroom_of_environment(), process="ledger")
from datetime import date
from stet.ledger.models import Contribution
from stet.ledger.providers.references import reference_of
row = Contribution(provider="bank", interval="once", language="en", minor=2500, currency="EUR", month=date(2026, 11, 1))
row.reference = row.session_id = reference_of(row.uid)
row.save()
print(row.reference, row.uid)
"""


def test_a_statement_is_imported_on_the_command_line(newsroom: Newsroom, tmp_path: Path) -> None:  # noqa: F811
    file = tmp_path / "november.xml"
    file.write_bytes(camt(("B1", "25.00", "EUR", "x")))
    refused = ledger(newsroom, "import", str(file))
    assert refused.returncode == 2
    assert "No provider of that name is set up here" in refused.stderr
    keys = newsroom.keys / "bank.json"
    keys.write_text('{"holder": "Far Shore Trust", "iban": "LV80BANK0000435195001"}')
    keys.chmod(0o600)
    made = run(newsroom, sys.executable, "-c", MAKE)
    reference, uid = made.stdout.split()
    file.write_bytes(camt(("B1", "25.00", "EUR", reference), ("B2", "12.50", "EUR", "for you")))
    dry = ledger(newsroom, "import", str(file), "--dry-run")
    assert dry.returncode == 1
    assert "1 payments would be new" in dry.stdout
    assert "Nothing was kept." in dry.stdout
    assert json.loads(ledger(newsroom, "status", uid, "--json").stdout)["status"] == "waiting"
    done = ledger(newsroom, "import", str(file))
    assert done.returncode == 1
    assert "1 payments are new, 0 were known before" in done.stdout
    assert "2026-11-17       12.50 EUR  B2  no reference is written on it" in done.stdout
    assert "Canary" not in done.stdout + done.stderr
    again = json.loads(ledger(newsroom, "import", str(file), "--json").stdout)
    assert (again["new"], again["known"], again["unmatched"][0]["why"]) == (0, 1, "no_reference")
    assert json.loads(ledger(newsroom, "status", uid, "--json").stdout)["status"] == "settled"
    file.write_bytes(camt(("B1", "25.00", "EUR", reference)))
    assert ledger(newsroom, "import", str(file)).returncode == 0
    for wrong in (tmp_path / "none.xml", Path(__file__)):
        assert ledger(newsroom, "import", str(wrong)).returncode == 2
