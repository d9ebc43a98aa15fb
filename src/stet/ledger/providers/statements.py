"""Bank statements, CAMT.053 or CSV, as entries: a day, an amount, the references that are written in it, a number.

Nothing else is read out of them: no name, no account, no text of a payer's leaves this module.

 * CAMT.053 (ISO 20022, BankToCustomerStatement) in any of its versions. What is only pending is left out. Entries that
   sum up several payments are taken apart.
 * CSV as `CsvForm` says of a bank.
 * XML is read without entities, without documents from elsewhere, and up to a size.

An entry's number is the bank's own. Where it gives none, it is a digest of day, amount and references, counted within the
statement, so that a statement that is brought twice, or overlaps another, tells the same numbers.
"""

import csv
import hashlib
import io
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from lxml import etree

from stet.kit.errors import RefusedError
from stet.kit.money import AmountRefusedError, Money, read_decimal
from stet.ledger.providers.keys import CsvForm
from stet.ledger.providers.references import references_in

MOST_BYTES = 50_000_000
_DAYS = ("%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y", "%Y%m%d", "%d.%m.%y")


class StatementRefusedError(RefusedError):
    """A statement that cannot be read; the text says why, and quotes nothing of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One movement on the account."""

    number: str
    day: date
    money: Money
    """Below zero: it left the account."""
    references: tuple[str, ...]
    is_return: bool = False
    """Whether it undoes an earlier one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What a file holds."""

    entries: tuple[Entry, ...]
    unreadable: int = 0
    """Lines that could not be read."""


def read_statement(data: bytes, form: CsvForm) -> Statement:
    """A statement in either form. Raises StatementRefusedError."""
    if len(data) > MOST_BYTES:
        raise StatementRefusedError(f"This file has more than {MOST_BYTES:,} bytes. Bring a shorter period.")
    if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return Statement(entries=tuple(_numbered(_camt(data))))
    return _csv(data, form)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    number: str
    day: date
    money: Money
    references: tuple[str, ...]
    is_return: bool = False


def _numbered(found: Iterable[_Found]) -> Iterator[Entry]:
    counts: Counter[str] = Counter()
    for one in found:
        number = one.number
        if not number:
            parts = (one.day.isoformat(), *map(str, one.money), *one.references)
            digest = hashlib.sha256("\0".join(parts).encode()).hexdigest()[:24]
            counts[digest] += 1
            number = f"{digest}-{counts[digest]}"
        yield Entry(number=number, day=one.day, money=one.money, references=one.references, is_return=one.is_return)


# --- CAMT.053 ---


def _camt(data: bytes) -> list[_Found]:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError:
        raise StatementRefusedError("This is not well-formed XML. Export the statement again.") from None
    if root.getroottree().docinfo.doctype:
        raise StatementRefusedError("This XML has a document type, which no statement has. Export it again.")
    statements = root.findall("{*}BkToCstmrStmt/{*}Stmt")
    if not statements:
        raise StatementRefusedError("This XML is no CAMT.053 statement. Export it in that form, or as CSV.")
    try:
        return [found for statement in statements for entry in statement.findall("{*}Ntry") for found in _entry(entry)]
    except (AmountRefusedError, ValueError, LookupError):
        raise StatementRefusedError("An entry of this statement lacks its amount or day. Export it again.") from None


def _text(element: etree._Element, *paths: str) -> str:
    for path in paths:
        found = element.find("/".join(f"{{*}}{part}" for part in path.split("/")))
        if found is not None and found.text and found.text.strip():
            return str(found.text).strip()
    return ""


def _entry(entry: etree._Element) -> Iterator[_Found]:
    if (_text(entry, "Sts/Cd", "Sts") or "BOOK") != "BOOK":
        return
    day = date.fromisoformat(_text(entry, "BookgDt/Dt", "BookgDt/DtTm", "ValDt/Dt", "ValDt/DtTm")[:10])
    is_return = _text(entry, "RvslInd") in ("true", "1")
    details = entry.findall("{*}NtryDtls/{*}TxDtls")
    number = _text(entry, "AcctSvcrRef", "NtryRef")
    if len(details) < 2:
        whole = [entry, *details]
        own = _text(details[0], "Refs/AcctSvcrRef") if details else ""
        yield _Found(
            number=own or number,
            day=day,
            money=_amount(entry, entry),
            references=_references(whole),
            is_return=is_return or any(one.find("{*}RtrInf") is not None for one in details),
        )
        return
    for place, one in enumerate(details, 1):
        own = _text(one, "Refs/AcctSvcrRef", "Refs/TxId")
        yield _Found(
            number=own or (f"{number}-{place}" if number else ""),
            day=day,
            money=_amount(one, entry),
            references=_references([one]),
            is_return=is_return or one.find("{*}RtrInf") is not None,
        )


def _amount(element: etree._Element, entry: etree._Element) -> Money:
    amount = next(
        found
        for path in ("{*}Amt", "{*}AmtDtls/{*}TxAmt/{*}Amt")
        if (found := element.find(path)) is not None and found.text
    )
    money = read_decimal(str(amount.text).strip(), amount.attrib["Ccy"])
    sign = _text(element, "CdtDbtInd") or _text(entry, "CdtDbtInd")
    if sign not in ("CRDT", "DBIT"):
        raise ValueError
    return Money(-money.minor if sign == "DBIT" else money.minor, money.currency)


def _references(elements: list[etree._Element]) -> tuple[str, ...]:
    written = []
    for element in elements:
        for place in (".//{*}RmtInf/{*}Strd/{*}CdtrRefInf/{*}Ref", ".//{*}RmtInf/{*}Ustrd", ".//{*}Refs/{*}EndToEndId"):
            written.append(" ".join(str(one.text) for one in element.findall(place) if one.text))
        written.append(_text(element, "AddtlTxInf", "AddtlNtryInf"))
    return tuple(dict.fromkeys(found for text in written for found in references_in(text)))


# --- CSV ---


def _csv(data: bytes, form: CsvForm) -> Statement:
    try:
        rows = csv.DictReader(io.StringIO(data.decode(form.encoding)), delimiter=form.delimiter)
        names = set(rows.fieldnames or ())
    except (UnicodeDecodeError, LookupError):
        raise StatementRefusedError("This file is not in the encoding that keys/bank.json names.") from None
    except (csv.Error, TypeError):
        raise StatementRefusedError("This file is not CSV as keys/bank.json describes it.") from None
    texts = [name for name in form.text if name in names]
    if missing := sorted({form.date, form.amount} - names):
        raise StatementRefusedError(
            f"This file lacks columns that keys/bank.json names under csv: {len(missing)} of date and amount."
        )
    if not texts:
        raise StatementRefusedError("This file has none of the columns that keys/bank.json names under csv as text.")
    found, unreadable = [], 0
    try:
        for row in rows:
            one = _row(row, form, texts)
            unreadable += one is None
            found += [one] if one else []
    except csv.Error:
        raise StatementRefusedError("This file is not CSV as keys/bank.json describes it.") from None
    return Statement(entries=tuple(_numbered(found)), unreadable=unreadable)


def _row(row: dict[str, str | None], form: CsvForm, texts: list[str]) -> _Found | None:
    currency = (row.get(form.currency) or form.currency).strip().upper()
    written = (row.get(form.amount) or "").replace("\u2212", "-").replace("\u00a0", "").replace(" ", "")
    written = written.removesuffix(currency).removeprefix("+")
    thousands = "." if form.decimal_mark == "," else ","
    plain = written.replace(thousands, "").replace("'", "").replace(form.decimal_mark, ".")
    day = _day((row.get(form.date) or "").strip())
    try:
        money = read_decimal(plain.removeprefix("-"), currency)
    except AmountRefusedError:
        return None
    if day is None:
        return None
    words = [row.get(name) or "" for name in texts]
    return _Found(
        number=(row.get(form.number) or "").strip() if form.number else "",
        day=day,
        money=Money(-money.minor if plain.startswith("-") else money.minor, currency),
        references=tuple(dict.fromkeys(one for text in words for one in references_in(text))),
    )


def _day(text: str) -> date | None:
    for form in _DAYS:
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007 - a day, not a moment
        except ValueError:
            continue
    return None
