"""Addresses that get nothing, known by their keyed digest, and what brings one back.

The rules:
 * A graver reason takes the place of a lighter one: erased, bounced, complained, blocked by the newsroom.
 * Who erased themselves may sign up again like anybody: a mail asks, and the button behind its link lifts it.
 * So may an address from which mail came back; it is asked once in thirty days at most, and lifted by the same button.
 * Who complained is not written to because of a form, whoever filled it in. With the link that only they were mailed,
   they can ask for letters again themselves.
 * What the newsroom blocked, the newsroom lifts. An import lifts nothing.
"""

from datetime import UTC, datetime, timedelta

from stet.readers.models import QUIET_AFTER_BOUNCE, Suppression
from stet.readers.models import SuppressionReason as Reason

GRAVITY = (Reason.ERASED, Reason.HARD_BOUNCE, Reason.COMPLAINT, Reason.BLOCKED)
BY_CONFIRMING = (Reason.ERASED, Reason.HARD_BOUNCE)
"""What the button in a mail that asks lifts."""
ON_OWN_PAGE = (*BY_CONFIRMING, Reason.COMPLAINT)
"""What a reader lifts on the page behind their own link."""
DAY = timedelta(days=1)


def suppress(lookup: bytes, reason: Reason, *, now: datetime) -> None:
    """Send nothing to this address any more. Inside a transaction."""
    today = now.astimezone(UTC).date()
    no_graver = GRAVITY[: GRAVITY.index(reason) + 1]
    Suppression.objects.bulk_create([Suppression(lookup=lookup, reason=reason, since=today)], ignore_conflicts=True)
    Suppression.objects.filter(lookup=lookup, reason__in=no_graver).update(reason=reason, since=today)


def pause_between_questions(lookup: bytes, *, now: datetime) -> timedelta | None:
    """How long a mail that asks this address must be the last one; None: it may not be asked.

    One query, whatever is found.
    """
    found = Suppression.objects.filter(lookup=lookup).values_list("reason", "since").first()
    if found is None or found[0] == Reason.ERASED:
        return DAY
    is_quiet = found[0] == Reason.HARD_BOUNCE and found[1] <= now.astimezone(UTC).date() - QUIET_AFTER_BOUNCE
    return QUIET_AFTER_BOUNCE if is_quiet else None


def lift_by_confirming(lookup: bytes) -> bool:
    """Let letters go to an address whose owner has just pressed the button; whether they may."""
    Suppression.objects.filter(lookup=lookup, reason__in=BY_CONFIRMING).delete()
    return not Suppression.objects.filter(lookup=lookup).exists()


def is_stopped(lookup: bytes) -> bool:
    """Whether nothing is sent to a reader who could ask for letters again on their own page."""
    return Suppression.objects.filter(lookup=lookup, reason__in=ON_OWN_PAGE).exists()


def lift_on_own_page(lookup: bytes) -> None:
    """Let letters go to a reader who asks for them on their own page."""
    Suppression.objects.filter(lookup=lookup, reason__in=ON_OWN_PAGE).delete()
