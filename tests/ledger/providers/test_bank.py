"""Bank transfers: references that survive typing, statements in two forms, and a report of what was not matched."""

from datetime import date
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stet.kit.money import Money
from stet.ledger.errors import DeliveryRefusedError, ProviderRefusedError
from stet.ledger.providers.bank import BankProvider
from stet.ledger.providers.keys import BankKeys, CsvForm
from stet.ledger.providers.references import is_right, reference_of, references_in, shown
from stet.ledger.providers.statements import StatementRefusedError, read_statement
from tests.ledger.providers.builders import an_order, kinds

UID, OTHER = UUID(int=7), UUID(int=8)
REFERENCE, ANOTHER = reference_of(UID), reference_of(OTHER)
KNOWN = {REFERENCE: UID, ANOTHER: OTHER}
PAYER = ("Pat Canary", "XX00CANARY000000", "1 Canary Road")


@pytest.fixture
def bank() -> BankProvider:
    return BankProvider(
        BankKeys(holder="Far Shore Trust", iban="LV80BANK0000435195001", bic="BANKLV22", currencies=("EUR", "USD"))
    )


# --- References ---


@given(st.uuids())
def test_a_reference_is_found_however_it_is_typed(uid: UUID) -> None:
    reference = reference_of(uid)
    assert is_right(reference)
    assert len(reference) == 16
    persian = reference.translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹"))
    for typed in (reference, shown(reference), reference.lower(), reference[2:], shown(reference)[2:], persian):
        for text in (typed, f"Gift {typed}", f"ref.: {typed}, thank you"):
            assert references_in(text) == [reference]


@given(st.uuids(), st.integers(4, 15), st.integers(1, 9))
def test_a_slip_of_one_digit_is_seen(uid: UUID, place: int, step: int) -> None:
    reference = reference_of(uid)
    wrong = str((int(reference[place]) + step) % 10)
    assert not is_right(reference[:place] + wrong + reference[place + 1 :])


@given(st.uuids(), st.integers(4, 14))
def test_two_digits_that_changed_places_are_seen(uid: UUID, place: int) -> None:
    reference = reference_of(uid)
    swapped = reference[:place] + reference[place + 1] + reference[place] + reference[place + 2 :]
    assert swapped == reference or not is_right(swapped)


@pytest.mark.parametrize("text", ["", "thank you", "RF", "RF00123456789012", "1234567890123456789012", "RF18 5390"])
def test_what_is_no_reference_is_none(text: str) -> None:
    assert references_in(text) == []


# --- Orders ---


def test_an_order_is_a_reference_the_same_each_time(bank: BankProvider) -> None:
    order = an_order(money=Money(500, "EUR"), uid=UID)
    assert bank.start(order) == bank.start(order)
    assert (bank.start(order).session_id, bank.start(order).url) == (REFERENCE, "")
    assert bank.account.iban == "LV80 BANK 0000 4351 9500 1"


def test_what_a_bank_does_not_do_it_says(bank: BankProvider) -> None:
    assert not bank.capabilities.has_page
    for order in (an_order(interval="monthly", money=Money(500, "EUR")), an_order(money=Money(500, "JPY"))):
        with pytest.raises(ProviderRefusedError):
            bank.start(order)
    with pytest.raises(ProviderRefusedError):
        bank.refund("1", Money(1, "EUR"), key=uuid4())
    with pytest.raises(DeliveryRefusedError):
        bank.read_delivery({}, b"")


# --- CAMT.053 ---


def camt(*entries: str, version: str = "08") -> bytes:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        f'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version}">'
        f"<BkToCstmrStmt><GrpHdr><MsgId>M</MsgId></GrpHdr><Stmt><Id>S</Id>{''.join(entries)}</Stmt></BkToCstmrStmt>"
        "</Document>"
    ).encode()


def entry(
    amount: str = "5.00",
    *,
    currency: str = "EUR",
    sign: str = "CRDT",
    text: str = f"<Ustrd>Gift {REFERENCE}</Ustrd>",
    number: str = "B1",
    status: str = "<Sts><Cd>BOOK</Cd></Sts>",
    more: str = "",
) -> str:
    name, account, road = PAYER
    return (
        f'<Ntry><Amt Ccy="{currency}">{amount}</Amt><CdtDbtInd>{sign}</CdtDbtInd>{status}'
        f"<BookgDt><Dt>2026-11-25</Dt></BookgDt><AcctSvcrRef>{number}</AcctSvcrRef>{more}<NtryDtls><TxDtls>"
        f"<RltdPties><Dbtr><Pty><Nm>{name}</Nm><PstlAdr><AdrLine>{road}</AdrLine></PstlAdr></Pty></Dbtr>"
        f"<DbtrAcct><Id><IBAN>{account}</IBAN></Id></DbtrAcct></RltdPties><RmtInf>{text}</RmtInf>"
        "</TxDtls></NtryDtls></Ntry>"
    )


@pytest.mark.parametrize("version", ["02", "04", "08", "13"])
@pytest.mark.parametrize(
    "text",
    [
        f"<Ustrd>Gift {REFERENCE}</Ustrd>",
        f"<Strd><CdtrRefInf><Ref>{REFERENCE}</Ref></CdtrRefInf></Strd>",
        f"<Ustrd>Gift {shown(REFERENCE)[:12]}</Ustrd><Ustrd>{shown(REFERENCE)[12:]} thank you</Ustrd>",
    ],
)
def test_a_transfer_is_matched(bank: BankProvider, version: str, text: str) -> None:
    status = "<Sts>BOOK</Sts>" if version == "02" else "<Sts><Cd>BOOK</Cd></Sts>"
    matched = bank.match(bank.read_statement(camt(entry(text=text, status=status), version=version)), KNOWN)
    (fact,) = matched.facts
    assert (fact.kind, fact.uid, fact.money) == ("settled", UID, Money(500, "EUR"))
    assert (fact.provider_id, fact.month) == ("B1", date(2026, 11, 1))
    assert matched.unmatched == ()


def test_what_is_not_matched_is_reported_without_the_payer(bank: BankProvider) -> None:
    statement = bank.read_statement(
        camt(
            entry(text="<Ustrd>from a friend</Ustrd>", number="N1"),
            entry(text=f"<Ustrd>{reference_of(UUID(int=99))}</Ustrd>", number="N2"),
            entry(text=f"<Ustrd>{REFERENCE} {ANOTHER}</Ustrd>", number="N3"),
            entry(sign="DBIT", text="<Ustrd>rent</Ustrd>", number="N4"),
            entry(status="<Sts><Cd>PDNG</Cd></Sts>", number="N5"),
        )
    )
    matched = bank.match(statement, KNOWN)
    assert matched.facts == ()
    assert {one.number: one.why for one in matched.unmatched} == {
        "N1": "no_reference",
        "N2": "unknown_reference",
        "N3": "several_references",
        "N4": "not_ours",
    }
    assert not any(secret in repr((statement, matched)) for secret in (*PAYER, "friend", "rent"))


def test_money_that_goes_back_says_of_which_payment(bank: BankProvider) -> None:
    out = entry(sign="DBIT", number="R1")
    (fact,) = bank.match(bank.read_statement(camt(out)), KNOWN, payments={UID: "B0"}).facts
    assert (fact.kind, fact.of, fact.money) == ("refunded", "B0", Money(500, "EUR"))
    both = bank.match(bank.read_statement(camt(out, entry(number="B1"))), KNOWN).facts
    assert [(one.kind, one.of) for one in both] == [("settled", ""), ("refunded", "B1")]
    returned = entry(sign="DBIT", number="R2", more="<RvslInd>true</RvslInd>")
    assert kinds(bank.match(bank.read_statement(camt(returned)), KNOWN).facts) == ["disputed"]


def test_an_entry_that_sums_up_several_is_taken_apart(bank: BankProvider) -> None:
    def one(amount: str, reference: str) -> str:
        return (
            f'<TxDtls><Refs><EndToEndId>E</EndToEndId></Refs><AmtDtls><TxAmt><Amt Ccy="EUR">{amount}</Amt></TxAmt>'
            f"</AmtDtls><RmtInf><Ustrd>{reference}</Ustrd></RmtInf></TxDtls>"
        )

    batch = (
        '<Ntry><Amt Ccy="EUR">12.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts>'
        "<BookgDt><Dt>2026-11-25</Dt></BookgDt>"
        f"<AcctSvcrRef>B9</AcctSvcrRef><NtryDtls>{one('5.00', REFERENCE)}{one('7.00', ANOTHER)}</NtryDtls></Ntry>"
    )
    facts = bank.match(bank.read_statement(camt(batch)), KNOWN).facts
    assert {(fact.uid, fact.money.minor if fact.money else 0, fact.provider_id) for fact in facts} == {
        (UID, 500, "B9-1"),
        (OTHER, 700, "B9-2"),
    }


def test_a_statement_that_is_brought_twice_tells_the_same_numbers(bank: BankProvider) -> None:
    same = entry(number="")
    first = bank.match(bank.read_statement(camt(same, same)), KNOWN).facts
    again = bank.match(bank.read_statement(camt(same, same, entry(number="", amount="6.00"))), KNOWN).facts
    assert len({one.provider_id for one in first}) == 2
    assert {one.provider_id for one in first} < {one.provider_id for one in again}


BOMB = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + camt()[38:]
BAD = {
    "not well-formed": b"<Document><Ntry>",
    "another document": b'<Document xmlns="urn:x"><Other/></Document>',
    "entities": BOMB,
    "an entry without an amount": camt(
        "<Ntry><CdtDbtInd>CRDT</CdtDbtInd><BookgDt><Dt>2026-11-25</Dt></BookgDt></Ntry>"
    ),
    "an entry without a day": camt('<Ntry><Amt Ccy="EUR">1.00</Amt><CdtDbtInd>CRDT</CdtDbtInd></Ntry>'),
    "an amount with too many digits": camt(entry("1.001")),
    "a currency that there is not": camt(entry(currency="XXX")),
    "neither in nor out": camt(entry(sign="BOTH")),
    "another encoding": "Datum;Betrag\n".encode("utf-16"),
    "no columns": b"",
    "other columns": b"a;b;c\n1;2;3\n",
}


@pytest.mark.parametrize("data", BAD.values(), ids=BAD)
def test_what_cannot_be_read_is_refused_without_quoting_it(data: bytes) -> None:
    with pytest.raises(StatementRefusedError) as refusal:
        read_statement(data, CsvForm())
    assert not any(secret in str(refusal.value) for secret in (*PAYER, "1.001", "XXX", "root:"))


# --- CSV ---

GERMAN = CsvForm(
    date="Buchungstag", amount="Betrag", currency="Währung", text=("Verwendungszweck",), encoding="iso-8859-1"
)


def test_a_csv_statement_is_read_as_the_bank_writes_it(bank: BankProvider) -> None:
    lines = (
        "Buchungstag;Name;Verwendungszweck;Betrag;Währung\n"
        f"25.11.2026;{PAYER[0]};Spende {shown(REFERENCE)};1.005,50;EUR\n"
        f"25.11.2026;{PAYER[0]};Spende {ANOTHER};-5,00;EUR\n"
        "25.11.2026;;;viel;EUR\n"
        "gestern;;;5,00;EUR\n"
    )
    statement = read_statement(lines.encode("iso-8859-1"), GERMAN)
    matched = bank.match(statement, KNOWN)
    assert [(one.kind, one.money) for one in matched.facts] == [
        ("settled", Money(100_550, "EUR")),
        ("refunded", Money(500, "EUR")),
    ]
    assert matched.unreadable == 2
    assert PAYER[0] not in repr(statement)


def test_a_csv_statement_in_one_currency_with_points(bank: BankProvider) -> None:
    form = CsvForm(currency="USD", delimiter=",", decimal_mark=".", number="id")
    lines = f'date,amount,text,id\n2026-11-25,"1,234.50",{REFERENCE},77\n'
    (fact,) = bank.match(read_statement(lines.encode(), form), KNOWN).facts
    assert (fact.money, fact.provider_id) == (Money(123_450, "USD"), "77")
