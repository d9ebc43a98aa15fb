"""The blocks a support page is made of: amounts in each currency, ways to pay, warnings. Every one is defined here.

The press turns the stored values into copy; the names of the blocks and of their fields here are the names stored in
the database, so they are never renamed without a migration.
"""

from collections.abc import Iterable
from typing import Any

from babel.numbers import get_currency_name
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import get_language, gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from stet.appeals.currencies import INTERVALS, MINIMA, MOST_AMOUNTS, SUGGESTIONS, minor_of, minors_of, written
from stet.newsroom.blocks import LONGEST_LINE

MOST_CURRENCIES = 8
"""As many as the printed page has styles for."""
PROVIDERS = (
    ("stripe", "Stripe"),
    ("paypal", "PayPal"),
    ("btcpay", "BTCPay Server"),
    ("bank", _("Bank transfer")),
    ("practice", _("Practice (takes no money)")),
)
"""The ledger's names of ways to pay, which the private wing sets up."""
RECURRING = frozenset({"stripe", "paypal", "practice"})
"""Those that can give monthly or annually."""

Errors = dict[str, ValidationError]


def currency_choices() -> list[tuple[str, str]]:
    """The currencies that can be offered, as the editor's language calls them."""
    language = (get_language() or "en").split("-")[0]
    named = [(code, f"{get_currency_name(code, locale=language)} ({code})") for code in MINIMA]
    return sorted(named, key=lambda choice: choice[1])


class CurrencyBlock(blocks.StructBlock):
    """What can be given in one currency. Amounts of different currencies are never converted into each other."""

    currency = blocks.ChoiceBlock(choices=currency_choices, label=_("Currency"))
    smallest = blocks.CharBlock(max_length=20, label=_("Smallest amount"))
    largest = blocks.CharBlock(max_length=20, label=_("Largest amount"))
    once = blocks.CharBlock(
        required=False,
        max_length=100,
        label=_("Suggested once"),
        help_text=_("Up to six amounts, with spaces between them: 10 25 50. Readers can always type another one."),
    )
    monthly = blocks.CharBlock(required=False, max_length=100, label=_("Suggested each month"))
    annual = blocks.CharBlock(required=False, max_length=100, label=_("Suggested each year"))

    class Meta:
        icon = "tag"
        label = _("Currency")
        label_format = "{currency}"

    def clean(self, value: Any) -> Any:
        """Refuse amounts that nobody could give."""
        cleaned = super().clean(value)
        errors = faults_of(cleaned)
        if errors:
            raise blocks.StructBlockValidationError(block_errors=errors)
        return cleaned


def faults_of(value: Any) -> Errors:
    """What is wrong with the amounts of a currency, by field."""
    currency = value["currency"]
    errors: Errors = {}
    smallest, largest = (minor_of(value[name].strip(), currency) for name in ("smallest", "largest"))
    for name, amount in (("smallest", smallest), ("largest", largest)):
        if amount is None:
            errors[name] = _no_amount(currency)
    if smallest is not None and smallest < MINIMA[currency]:
        least = written(MINIMA[currency], currency)
        errors["smallest"] = ValidationError(
            _("Payment providers take no less than %(least)s here."), params={"least": least}
        )
    if smallest is not None and largest is not None and largest < smallest:
        errors["largest"] = ValidationError(_("The largest amount is smaller than the smallest one."))
    if not errors:
        for name in INTERVALS:
            error = _fault_of_line(value.get(name) or "", currency, smallest or 0, largest or 0)
            if error:
                errors[name] = error
    return errors


def _fault_of_line(line: str, currency: str, smallest: int, largest: int) -> ValidationError | None:
    amounts = minors_of(line, currency)
    if amounts is None:
        return _no_amount(currency)
    if len(amounts) > MOST_AMOUNTS or len(set(amounts)) < len(amounts):
        return ValidationError(_("Suggest up to six amounts, each once."))
    if any(not smallest <= amount <= largest for amount in amounts):
        return ValidationError(_("An amount here is below the smallest or above the largest one."))
    return None


def _no_amount(currency: str) -> ValidationError:
    return ValidationError(
        _("Write amounts in %(currency)s as plain numbers, such as %(example)s."),
        params={"currency": currency, "example": written(MINIMA[currency] * 10, currency)},
    )


class CurrenciesBlock(blocks.StreamBlock):
    """All currencies; the first one is open when the page is."""

    currency = CurrencyBlock()

    class Meta:
        min_num = 1
        max_num = MOST_CURRENCIES

    def clean(self, value: Any) -> Any:
        """Refuse the same currency twice."""
        cleaned = super().clean(value)
        _refuse_twice(cleaned, "currency", _("This currency is here already."))
        return cleaned


class MethodBlock(blocks.StructBlock):
    """One way to pay, by the name readers know it under."""

    provider = blocks.ChoiceBlock(
        choices=PROVIDERS, label=_("Paid through"), help_text=_("It has to be set up where the ledger runs.")
    )
    key = blocks.CharBlock(
        max_length=31,
        label=_("Word for machines"),
        help_text=_("Small letters and hyphens: card, paypal, bitcoin, bank. It stands in reports, so keep it."),
        validators=[RegexValidator(r"^[a-z][a-z0-9-]{0,30}\Z", _("Small letters, digits and hyphens only."))],
    )
    name = blocks.CharBlock(
        max_length=80,
        label=pgettext_lazy("of a way to pay", "Name"),
        help_text=_("What readers see: “Card”, “Bank transfer”."),
    )
    note = blocks.CharBlock(
        required=False,
        max_length=LONGEST_LINE,
        label=_("Line under the name"),
        help_text=_("What readers should know before they choose it."),
    )
    has_once = blocks.BooleanBlock(required=False, default=True, label=_("Once"))
    has_monthly = blocks.BooleanBlock(required=False, default=True, label=_("Monthly"))
    has_annual = blocks.BooleanBlock(required=False, default=True, label=_("Annually"))

    class Meta:
        icon = "link"
        label = _("Way to pay")
        label_format = "{name}"

    def clean(self, value: Any) -> Any:
        """Refuse a way to pay that cannot do what it promises."""
        cleaned = super().clean(value)
        if cleaned["provider"] not in RECURRING and (cleaned["has_monthly"] or cleaned["has_annual"]):
            fault = ValidationError(_("This one cannot give regularly. Untick “Monthly” and “Annually”."))
            raise blocks.StructBlockValidationError(block_errors={"provider": fault})
        if not (cleaned["has_once"] or cleaned["has_monthly"] or cleaned["has_annual"]):
            fault = ValidationError(_("Tick at least one of “Once”, “Monthly” and “Annually”."))
            raise blocks.StructBlockValidationError(block_errors={"has_once": fault})
        return cleaned


class MethodsBlock(blocks.StreamBlock):
    """All ways to pay, in the order in which they are offered."""

    method = MethodBlock()

    class Meta:
        min_num = 1
        max_num = 8

    def clean(self, value: Any) -> Any:
        """Refuse the same word twice."""
        cleaned = super().clean(value)
        _refuse_twice(cleaned, "key", _("Another way to pay has this word already."))
        return cleaned


class WarningBlock(blocks.StructBlock):
    """What readers in a country where giving is dangerous are told before the form."""

    country = blocks.CharBlock(
        max_length=2,
        label=pgettext_lazy("of a warning", "Country"),
        help_text=_("Two capital letters, as ISO 3166 has them."),
        validators=[RegexValidator(r"^[A-Z]{2}\Z", _("Two capital letters."))],
    )
    text = blocks.TextBlock(
        rows=3,
        max_length=1000,
        label=_("Warning"),
        help_text=_("Say where it holds, what can happen, and what to do instead. It stands above the form."),
    )
    is_refused = blocks.BooleanBlock(
        required=False,
        default=True,
        label=_("Refuse cards issued there"),
        help_text=_("Where the payment provider can tell."),
    )

    class Meta:
        icon = "warning"
        label = _("Warning")
        label_format = "{country}"


class WarningsBlock(blocks.StreamBlock):
    """All warnings."""

    warning = WarningBlock()

    def clean(self, value: Any) -> Any:
        """Refuse the same country twice."""
        cleaned = super().clean(value)
        _refuse_twice(cleaned, "country", _("This country is here already."))
        return cleaned


def _refuse_twice(children: Iterable[Any], field: str, sentence: Any) -> None:
    seen: set[str] = set()
    for number, child in enumerate(children):
        name = child.value[field]
        if name in seen:
            fault = blocks.StructBlockValidationError(block_errors={field: ValidationError(sentence)})
            raise blocks.StreamBlockValidationError(block_errors={number: fault})
        seen.add(name)


def first_currencies() -> list[tuple[str, dict[str, str]]]:
    """What a new page offers."""
    fields = ("currency", "smallest", "largest", *INTERVALS)
    return [("currency", {field: getattr(made, field) for field in fields}) for made in SUGGESTIONS]


def first_methods() -> list[tuple[str, dict[str, object]]]:
    """What a new page offers: cards."""
    intervals = {f"has_{interval}": True for interval in INTERVALS}
    return [("method", {"provider": "stripe", "key": "card", "name": gettext("Card"), "note": "", **intervals})]
