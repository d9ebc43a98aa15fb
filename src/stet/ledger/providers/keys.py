"""Keys of providers: a JSON file each in the newsroom's `keys/`, readable by its owner alone."""

from pathlib import Path
from typing import TypeVar

import msgspec

from stet.ledger.errors import ProviderRefusedError

T = TypeVar("T", bound=msgspec.Struct)


class StripeKeys(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """keys/stripe.json."""

    key: str
    """A restricted key is enough, and better: docs/how-to/take-contributions.md lists what it has to be allowed."""
    webhook_secret: str


class PayPalKeys(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """keys/paypal.json."""

    client_id: str
    secret: str
    webhook_id: str
    is_sandbox: bool = False


class BtcpayKeys(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """keys/btcpay.json."""

    url: str
    """The server's address, without a slash at the end."""
    store: str
    token: str
    webhook_secret: str


class CsvForm(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a bank writes its statements as CSV: the names of columns."""

    date: str = "date"
    amount: str = "amount"
    currency: str = "currency"
    """A currency's code in capitals instead of a column's name where the whole statement is in one."""
    text: tuple[str, ...] = ("reference", "text")
    """Where payers' words stand; those that are there are read."""
    number: str = ""
    """The bank's own number of an entry, if it has one."""
    delimiter: str = ";"
    encoding: str = "utf-8-sig"
    decimal_mark: str = ","


class BankKeys(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """keys/bank.json: no secret, but where money goes is not for everybody to change."""

    holder: str
    iban: str
    bic: str = ""
    bank: str = ""
    currencies: tuple[str, ...] = ("EUR",)
    csv: CsvForm = CsvForm()


def read_keys(file: Path, kind: type[T]) -> T | None:
    """What stands in the file; None where there is none. Raises ProviderRefusedError, which names no value."""
    try:
        data = file.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise ProviderRefusedError(
            f"keys/{file.name} cannot be read ({error.strerror}). Mend its permissions."
        ) from None
    try:
        return msgspec.json.decode(data, type=kind)
    except msgspec.MsgspecError:
        names = ", ".join(kind.__struct_fields__)
        raise ProviderRefusedError(
            f"keys/{file.name} is not as it should be. It holds a JSON object of: {names}."
        ) from None
