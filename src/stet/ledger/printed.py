"""What is printed of giving: `support/support.json` of the edition. All that the ledger knows of the newsroom.

What is not printed cannot be given: a currency, an interval, a way to pay.
"""

from pathlib import Path
from typing import Annotated, Literal

import msgspec

from stet.ledger.errors import SupportBrokenError, SupportMissingError

PLACE = Path("support") / "support.json"

SheetPath = Annotated[str, msgspec.Meta(pattern=r"^/(?!/)(?!.*\.\.)[^\\\x00-\x1f]*$")]
Currency = Annotated[str, msgspec.Meta(pattern=r"^[A-Z]{3}$")]
Country = Annotated[str, msgspec.Meta(pattern=r"^[A-Z]{2}$")]
Minor = Annotated[int, msgspec.Meta(ge=1, le=100_000_000_000)]
Campaign = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9][a-z0-9-]{0,59}$")]


class Amounts(msgspec.Struct, frozen=True, kw_only=True):
    """What is suggested in one currency, in minor units."""

    currency: Currency
    smallest: Minor
    largest: Minor
    once: tuple[Minor, ...]
    monthly: tuple[Minor, ...]
    annual: tuple[Minor, ...]


class Method(msgspec.Struct, frozen=True, kw_only=True):
    """One way to pay, as readers choose it."""

    key: Annotated[str, msgspec.Meta(pattern=r"^[a-z][a-z0-9-]{0,30}$")]
    """Such as "card", "paypal", "bitcoin", "bank"."""
    provider: str
    """The ledger's name of the provider; one that is not set up here cannot be chosen."""
    intervals: tuple[Literal["once", "monthly", "annual"], ...]
    currencies: tuple[Currency, ...] = ()
    """The currencies in which it is offered; empty for all."""


class Warning(msgspec.Struct, frozen=True, kw_only=True):  # noqa: A001 - what readers know it as
    """What readers in a country where giving is dangerous are told before the form."""

    country: Country
    text: str


class SupportLanguage(msgspec.Struct, frozen=True, kw_only=True):
    """Giving in one language of the paper."""

    name: str
    """The paper's name in it."""
    direction: Literal["ltr", "rtl"]
    shell: SheetPath
    front_path: SheetPath
    path: SheetPath
    """The support page."""
    is_open: bool
    """False: nothing is asked or taken in this language, and the page says so."""
    intervals: tuple[Literal["once", "monthly", "annual"], ...]
    amounts: tuple[Amounts, ...]
    """The first currency is the one that is shown first."""
    methods: tuple[Method, ...]
    warnings: tuple[Warning, ...]


class Support(msgspec.Struct, frozen=True, kw_only=True):
    """All of it."""

    version: Literal[1]
    label: str
    """The neutral legal name that stands on bank statements and providers' pages."""
    refused_countries: tuple[Country, ...]
    languages: dict[str, SupportLanguage]
    campaigns: tuple[Campaign, ...]
    """The codes of appeals and variants that are printed now or were in the last year."""


def read_support(site_folder: Path) -> Support:
    """What is printed in the edition under `site_folder`. Raises SupportMissingError or SupportBrokenError."""
    file = site_folder / PLACE
    try:
        data = file.read_bytes()
    except OSError as error:
        raise SupportMissingError(
            f"{file} cannot be read ({error.strerror}). Set up the support page at the desk and print the edition."
        ) from None
    try:
        return msgspec.json.decode(data, type=Support)
    except msgspec.DecodeError as error:
        raise SupportBrokenError(f"{file} is not what this version of Stet prints ({error}). Print it anew.") from None
