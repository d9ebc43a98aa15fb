"""Giving money back and ending a plan: asked for with a reason, confirmed on a page of its own, then ordered.

The order is a row with the name of whoever gave it before the provider hears of it (`stet.ledger.acting`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from stet.kit.money import AmountRefusedError, Money, parse_amount
from stet.ledger import acting
from stet.ledger.errors import ActRefusedError, ProviderAwayError, ProviderMissingError, ProviderRefusedError
from stet.ledger.models import Fact, Plan
from stet.ledger.status import PlanStatus, status_of_plan
from stet.office import giving, giving_words, moments, paying

asked_or_sent = require_http_methods(["GET", "HEAD", "POST"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What somebody wants to give back, as it was typed and as it was understood."""

    is_whole: bool = True
    typed: str = ""
    reason: str = ""
    money: Money | None = None
    fault: str = ""


def _hindrance(provider: str, ability: str) -> str:
    """Why this provider cannot be told from here to do something; "" where it can."""
    try:
        found = paying.provider(provider)
    except ProviderMissingError:
        return _no_keys()
    except ProviderRefusedError:
        return _("The keys of a provider are not right. Run `stet doctor` on this host: it says which.")
    if getattr(found.capabilities, ability):
        return ""
    return _(
        "This provider does not do that by itself. Do it on its own pages, or at the bank; the ledger learns of it."
    )


def _no_keys() -> str:
    return _("This host has no keys of the provider. Use `stet ledger` where the ledger runs.")


# --- Giving back ---


@asked_or_sent
def refund(request: HttpRequest, number: int) -> HttpResponse:
    """Ask how much and why, ask once more, then order it."""
    payment = get_object_or_404(Fact.objects.select_related("contribution", "plan"), pk=number, kind=Fact.Kind.SETTLED)
    back = _back_path(payment)
    left = acting.left_of(payment)
    if not left:
        messages.error(request, _("Nothing of this payment is left to give back."))
        return redirect(back)
    if hindrance := _hindrance(payment.provider, "refunds"):
        messages.error(request, hindrance)
        return redirect(back)
    wish = _read_wish(request, payment, left) if request.method == "POST" else Wish()
    if request.POST.get("is_sure") and wish.money and not wish.fault:
        return _order_refund(request, payment, wish, back)
    context = {
        "title": _("Give back this payment?"),
        "left": moments.money(Money(left, payment.currency)),
        "left_minor": left,
        "month": payment.month,
        "provider": giving_words.provider_name(payment.provider),
        "wish": wish,
        "amount": moments.money(wish.money) if wish.money else "",
        "reasons": giving_words.reasons(),
        "reason_words": giving_words.reasons().get(wish.reason, ""),
        "is_asked_once_more": wish.money is not None and not wish.fault,
        "back": back,
    }
    return render(request, "office/giving_refund.html", context)


def _back_path(payment: Fact) -> str:
    if payment.contribution is not None:
        return reverse("office:giving_contribution", args=[payment.contribution.uid])
    assert payment.plan is not None
    return reverse("office:giving_plan", args=[payment.plan.uid])


def _read_wish(request: HttpRequest, payment: Fact, left: int) -> Wish:
    is_whole = request.POST.get("how") != "part"
    typed = request.POST.get("amount", "")[:50]
    reason = request.POST.get("reason", "")
    fault, money = "", Money(left, payment.currency)
    if reason not in acting.REASONS:
        fault = _("Choose why.")
    elif request.POST.get("left") != str(left):
        fault = _("Something of this payment was given back since you looked. Look again, then decide.")
    elif not is_whole:
        try:
            money = parse_amount(typed, payment.currency, moments.language())
        except AmountRefusedError as error:
            fault = giving_words.amount_fault(error.fault)
        else:
            if money.minor > left:
                fault = _("That is more than is left of this payment.")
    return Wish(is_whole=is_whole, typed=typed, reason=reason, money=None if fault else money, fault=fault)


def _order_refund(request: HttpRequest, payment: Fact, wish: Wish, back: str) -> HttpResponse:
    def order() -> None:
        acting.refund(
            paying.provider(payment.provider), payment, wish.money, reason=wish.reason,
            by=request.user.get_username(), now=datetime.now(UTC), seen_left=int(request.POST["left"]),
        )  # fmt: skip

    _carry_out(request, order, done=_("Given back. The provider sends it on its way; banks need some days."))
    return redirect(back)


# --- Ending a plan ---


@asked_or_sent
def end(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Ask why, then end a plan."""
    plan = get_object_or_404(Plan, uid=uid)
    back = reverse("office:giving_plan", args=[plan.uid])
    if status_of_plan(plan) == PlanStatus.ENDED:
        messages.error(request, _("This plan has ended already."))
        return redirect(back)
    if hindrance := _hindrance(plan.provider, "recurring"):
        messages.error(request, hindrance)
        return redirect(back)
    reason, fault = request.POST.get("reason", ""), ""
    if request.method == "POST":
        if reason not in acting.REASONS:
            fault = _("Choose why.")
        elif not request.POST.get("is_sure"):
            fault = _("Nothing was ended: say that you are sure.")
        else:
            _carry_out(
                request,
                lambda: acting.cancel(
                    paying.provider(plan.provider), plan, reason=reason, by=request.user.get_username(),
                    now=datetime.now(UTC),
                ),
                done=_("Ended. Nothing more is collected."),
            )  # fmt: skip
            return redirect(back)
    context = {
        "title": _("End this plan?"), "line": giving.plan_line(plan), "reasons": giving_words.reasons(),
        "reason": reason, "fault": fault, "back": back,
    }  # fmt: skip
    return render(request, "office/giving_end.html", context)


# --- What came of it ---


def _carry_out(request: HttpRequest, order: Callable[[], object], *, done: str) -> None:
    """Give an order, and say what came of it. No sentence of a provider's is shown."""
    try:
        order()
    except ProviderMissingError:
        messages.error(request, _no_keys())
    except ActRefusedError:
        messages.error(request, _("That cannot be ordered: the provider does not offer it, or it was done already."))
    except ProviderAwayError:
        messages.warning(
            request, _("Ordered, but the provider does not answer. The ledger tries again within the hour.")
        )
    except ProviderRefusedError:
        messages.error(request, _("The provider refused it. Look at the provider’s own pages, and at its keys."))
    else:
        messages.success(request, done)
