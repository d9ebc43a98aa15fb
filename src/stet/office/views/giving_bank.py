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
from stet.ledger.models import Contribution, Fact
from stet.ledger.providers.bank import NAME, BankProvider, Matched
from stet.ledger.providers.statements import StatementRefusedError
from stet.ledger.taking import Taken, take
from stet.office import giving_words, moments, paying
from stet.readers.joining import readers_transaction


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
    statement = provider.read_statement(data)
    with readers_transaction():
        expected = Contribution.objects.filter(provider=NAME).exclude(reference="")
        known = dict(expected.values_list("reference", "uid"))
        came = Fact.objects.filter(provider=NAME, kind=Fact.Kind.SETTLED, contribution__isnull=False).order_by("-pk")
        matched = provider.match(statement, known, payments=dict(came.values_list("contribution__uid", "provider_id")))
        taken = take(matched.facts, provider=NAME, now=now)
    return _report(matched, taken)


def _report(matched: Matched, taken: Taken) -> Report:
    return Report(
        new=len(taken.new),
        known=len(matched.facts) - len(taken.new) - len(taken.differing) - len(taken.unknown),
        differing=len(taken.differing) + len(taken.unknown),
        unreadable=matched.unreadable,
        unmatched=tuple(
            {
                "why": giving_words.unmatched_name(one.why),
                "month": moments.month(one.day),
                "amount": moments.money(one.money),
                "number": one.number,
            }
            for one in matched.unmatched
        ),
    )
