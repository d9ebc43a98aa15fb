"""A bank's statement: brought as a file, matched with contributions by their references, and not kept."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from stet.ledger.errors import ProviderMissingError, ProviderRefusedError
from stet.ledger.importing import import_statement
from stet.ledger.providers.bank import NAME, BankProvider
from stet.ledger.providers.statements import StatementRefusedError
from stet.office import giving_words, moments, paying


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What came of a statement."""

    new: int
    known: int
    differing: int
    unreadable: int
    unmatched: tuple[dict[str, str], ...]


@require_http_methods(["GET", "HEAD", "POST"])
def bank(request: HttpRequest) -> HttpResponse:
    """Take a statement in, and say what came of it."""
    context: dict[str, Any] = {"title": _("Bank statements"), "is_set_up": True, "report": None}
    try:
        provider = paying.provider(NAME)
    except (ProviderMissingError, ProviderRefusedError):
        return render(request, "office/giving_bank.html", {**context, "is_set_up": False})
    assert isinstance(provider, BankProvider)
    if request.method == "POST":
        statement = request.FILES.get("statement")
        if statement is None:  # none was chosen, or it is too large to be read in memory
            messages.error(request, _("Choose the statement, of at most 50 MB."))
        else:
            try:
                context["report"] = take_in(provider, statement.read(), now=datetime.now(UTC))
            except StatementRefusedError:
                messages.error(
                    request,
                    _("This file cannot be read as a statement: neither as CAMT.053, nor as the CSV of your bank."),
                )
    return render(request, "office/giving_bank.html", context)


def take_in(provider: BankProvider, data: bytes, *, now: datetime) -> Report:
    """Match a statement and keep the facts. Raises StatementRefusedError."""
    came = import_statement(provider, data, now=now)
    return Report(
        new=came.new,
        known=came.known,
        differing=came.differing,
        unreadable=came.unreadable,
        unmatched=tuple(
            {
                "why": giving_words.unmatched_name(one.why),
                "month": moments.month(one.day),
                "amount": moments.money(one.money),
                "number": one.number,
            }
            for one in came.unmatched
        ),
    )
