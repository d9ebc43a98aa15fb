"""What follows from a mail that came back: one state machine for letters and notices.

The rules:
 * The same mail counts once, however often it is delivered.
 * Three soft failures within thirty days suspend a reader. One is forgotten when the mail goes well for that long.
 * A hard failure suspends at once, and the address gets nothing any more.
 * A complaint takes the reader off the list, and the address gets nothing any more.
 * Of a changed address, what comes back concerns the new one alone.
 * What names none of our copies is counted, and nothing else.
"""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F

from stet.mailroom.audience import READERS
from stet.mailroom.bounces import Returned, Verdict, read_returned
from stet.mailroom.models import Recipient, Return, ReturnCount
from stet.mailroom.tokens import Tokens
from stet.readers.joining import leave
from stet.readers.models import Notice, Reader, Subscription, Suppression
from stet.readers.suppressing import suppress

SOFT_FAILURES = 3
SOFT_WITHIN = timedelta(days=30)


class Returns:
    """Takes in mails that came back."""

    def __init__(self, *, base: str, secret: bytes) -> None:
        self._base = base
        self._tokens = Tokens(secret)

    def take(self, data: bytes, *, delivered_to: str = "", now: datetime | None = None) -> Verdict:
        """Read a mail and do what follows from it; what it said. Raises only what the database raises."""
        returned = read_returned(data, base=self._base, tokens=self._tokens, delivered_to=delivered_to)
        apply(returned, now=now or datetime.now(UTC))
        return returned.verdict


def apply(returned: Returned, *, now: datetime) -> None:
    """Do what follows from a mail that came back."""
    with transaction.atomic(using=READERS):
        found = _found(returned)
        if found is None:
            _count(returned.verdict.value if returned.verdict is Verdict.UNREADABLE else "unknown", now)
            return
        reader, recipient, notice = found
        _entry, is_new = Return.objects.get_or_create(
            digest=returned.digest,
            defaults={
                "reader": reader, "recipient": recipient, "kind": returned.verdict.value, "status": returned.status,
                "moment": now,
            },
        )  # fmt: skip
        if not is_new:
            return
        _count(returned.verdict.value, now)
        if notice is not None and notice.kind == Notice.Kind.CHANGE:
            _follow_change(returned.verdict, notice, now)
        elif reader is not None:
            _follow(returned.verdict, reader, recipient, now)


def _found(returned: Returned) -> tuple[Reader | None, Recipient | None, Notice | None] | None:
    """Whom it is about; None where it names none of ours."""
    if returned.verdict is Verdict.UNREADABLE or returned.token is None:
        return None
    kind, id_ = returned.token
    if kind == "n":
        notice = Notice.objects.select_related("reader").filter(pk=id_).first()
        return (notice.reader, None, notice) if notice else None
    recipient = Recipient.objects.select_related("reader", "subscription").filter(pk=id_).first()
    return (recipient.reader, recipient, None) if recipient else None


def _follow(verdict: Verdict, reader: Reader, recipient: Recipient | None, now: datetime) -> None:
    match verdict:
        case Verdict.SOFT:
            lately = Return.objects.filter(reader=reader, kind=Return.Kind.SOFT, moment__gt=now - SOFT_WITHIN)
            if lately.count() >= SOFT_FAILURES:
                _suspend(reader, now)
        case Verdict.HARD:
            _suspend(reader, now)
            suppress(bytes(reader.lookup), Suppression.Reason.HARD_BOUNCE, now=now)
        case Verdict.COMPLAINT:
            _leave(reader, recipient, now)
            suppress(bytes(reader.lookup), Suppression.Reason.COMPLAINT, now=now)
        case Verdict.UNSUBSCRIBE:
            _leave(reader, recipient, now)
        case _:
            return
    if verdict in (Verdict.HARD, Verdict.COMPLAINT):
        Notice.objects.filter(reader=reader, state=Notice.State.WAITING).exclude(kind=Notice.Kind.CHANGE).update(
            state=Notice.State.FAILED
        )


def _follow_change(verdict: Verdict, notice: Notice, now: datetime) -> None:
    """The new address of a change does not work, or its owner did not ask: the old one stays."""
    if verdict in (Verdict.HARD, Verdict.COMPLAINT) and notice.lookup is not None:
        reason = Suppression.Reason.HARD_BOUNCE if verdict is Verdict.HARD else Suppression.Reason.COMPLAINT
        suppress(bytes(notice.lookup), reason, now=now)
        Notice.objects.filter(pk=notice.pk).update(state=Notice.State.FAILED)


def _suspend(reader: Reader, now: datetime) -> None:
    Subscription.objects.filter(reader=reader, state=Subscription.State.ACTIVE).update(
        state=Subscription.State.SUSPENDED, since=now.replace(second=0, microsecond=0)
    )


def _leave(reader: Reader, recipient: Recipient | None, now: datetime) -> None:
    """Off the letter's list; of a notice that somebody complained about, off all of them."""
    own = recipient.subscription if recipient else None
    uids: list[UUID] = [own.uid] if own else list(reader.subscriptions.values_list("uid", flat=True))
    for uid in uids:
        leave(uid, now=now)


def _count(kind: str, now: datetime) -> None:
    day = now.astimezone(UTC).date()
    ReturnCount.objects.get_or_create(day=day, kind=kind)
    ReturnCount.objects.filter(day=day, kind=kind).update(count=F("count") + 1)
