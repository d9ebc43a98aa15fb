"""How a reader joins a list and leaves it.

The rules:
 * Nobody is on a list before the link in a mail was followed and the button there pressed.
 * An address gets at most one mail about joining a day, and one of any kind while it has confirmed nothing; a
   suppressed one gets as few as `suppressing` says.
 * Known, unknown and suppressed addresses cost the same statements and a write each; nothing is answered that tells
   them apart. What is not to stay is undone in a savepoint.
 * A consent is appended with each act: asked, confirmed, left; never changed.
 * A link to leave is good for ever, and leaving twice is leaving once.

Every moment is cut to the minute. Callers bring the time, the keys, and lists as printed.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.db.transaction import Atomic

from stet.readers.addresses import Address
from stet.readers.apps import DATABASE
from stet.readers.keys import ReaderKeys
from stet.readers.lanes import lane_of
from stet.readers.models import Consent, FormDay, Notice, Reader, Subscription, Suppression
from stet.readers.moments import minute_of, monday_of
from stet.readers.suppressing import DAY, lift_by_confirming, pause_between_questions

JOINING = (Notice.Kind.CONFIRM, Notice.Kind.KNOWN)
CONFIRM_DAYS = 30
"""How long a link to confirm is good, and how long what was never confirmed is kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What somebody asks for in a form: letters of one list, in the words that stood beside it."""

    list_key: str
    language: str
    wording: str
    privacy_version: str
    time_zone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One reader's place on one list."""

    reader: UUID
    subscription: UUID
    list_key: str
    state: Subscription.State
    language: str
    """The reader's."""


def readers_transaction() -> Atomic:
    """A transaction in the readers' database; inside another one, a savepoint."""
    return transaction.atomic(using=DATABASE)


# --- Joining ---


def sign_up(address: Address, wish: Wish, *, keys: ReaderKeys, now: datetime) -> None:
    """Ask `address` whether it wants the list; answers nothing, whoever it is."""
    lookup, sealed = keys.lookup.of(address), keys.sealer.seal(address)
    with readers_transaction():
        count_form(now)
        pause = pause_between_questions(lookup, now=now)
        with undone_if(pause is None):
            reader = _known_or_new(lookup, sealed, address.domain, wish, now)
            subscription = _pending_or_active(reader, wish.list_key, now)
            had_mail = _had_mail(reader, JOINING, pause or DAY, now)
            with undone_if(had_mail):
                _append(reader, wish.list_key, Consent.Act.ASKED, wish.wording, wish.privacy_version, now)
                is_known = subscription.state == Subscription.State.ACTIVE
                kind = Notice.Kind.KNOWN if is_known else Notice.Kind.CONFIRM
                owe(reader, kind, now, list_key=wish.list_key)


def confirm(notice: UUID, *, now: datetime) -> Place | None:
    """Put the reader on the list that the notice asks about. None: it asks about nothing (any more)."""
    with readers_transaction():
        place = asked_about(notice, now=now)
        if place is None or place.state != Subscription.State.PENDING:
            return place if place and place.state == Subscription.State.ACTIVE else None
        subscription = Subscription.objects.select_for_update().get(uid=place.subscription)
        if not lift_by_confirming(bytes(subscription.reader.lookup)):
            return None
        asked = subscription.reader.consents.last_on(place.list_key)
        activate(
            subscription,
            Consent.Act.CONFIRMED,
            wording=asked.wording if asked else "",
            privacy_version=asked.privacy_version if asked else "",
            now=now,
        )
        return place_of(subscription)


def asked_about(notice: UUID, *, now: datetime) -> Place | None:
    """The place on a list that a link to confirm is about; None where the link is too old or nothing is left of it."""
    known = (
        Notice.objects.select_related("reader")
        .filter(uid=notice, kind__in=JOINING, asked__gt=now - timedelta(days=CONFIRM_DAYS))
        .first()
    )
    subscription = known and known.reader.subscriptions.filter(list_key=known.list_key).first()
    return place_of(subscription) if subscription else None


def activate(
    subscription: Subscription, act: Consent.Act, *, wording: str, privacy_version: str, now: datetime
) -> None:
    """Let the subscription get letters from now on, with the consent that allows it."""
    subscription.state = Subscription.State.ACTIVE
    subscription.since = minute_of(now)
    subscription.save(update_fields=["state", "since"])
    _append(subscription.reader, subscription.list_key, act, wording, privacy_version, now)


# --- Leaving ---


def leave(subscription: UUID, *, now: datetime) -> Place | None:
    """Take the reader off the list; None where there is no such subscription (any more)."""
    with readers_transaction():
        found = Subscription.objects.select_for_update().select_related("reader").filter(uid=subscription).first()
        if found is None:
            return None
        if found.state != Subscription.State.LEFT:
            found.state = Subscription.State.LEFT
            found.since = minute_of(now)
            found.save(update_fields=["state", "since"])
            last = found.reader.consents.last_on(found.list_key)
            wording, version = (last.wording, last.privacy_version) if last else ("", "")
            _append(found.reader, found.list_key, Consent.Act.LEFT, wording, version, now)
        return place_of(found)


def place_on(subscription: UUID) -> Place | None:
    """The place that a link to leave is about."""
    found = Subscription.objects.select_related("reader").filter(uid=subscription).first()
    return place_of(found) if found else None


# --- The link to everything ---


def ask_manage_link(address: Address, *, keys: ReaderKeys, language: str, now: datetime) -> None:
    """Mail the link to everything kept of `address` to it, once a day; answers nothing, whoever it is."""
    lookup, sealed = keys.lookup.of(address), keys.sealer.seal(address)
    wish = Wish(list_key="", language=language, wording="", privacy_version="")
    with readers_transaction():
        count_form(now)
        is_suppressed = Suppression.objects.filter(lookup=lookup).exists()
        is_known = Reader.objects.found_by(lookup).exists()
        with undone_if(is_suppressed or not is_known):
            reader = _known_or_new(lookup, sealed, address.domain, wish, now)
            had_mail = _had_mail(reader, (Notice.Kind.MANAGE,), DAY, now)
            with undone_if(had_mail):
                owe(reader, Notice.Kind.MANAGE, now)


# --- What was never confirmed ---


def drop_never_confirmed(*, now: datetime) -> int:
    """Remove readers who never confirmed anything, and wishes and mails that are as old; answers how many readers.

    A part of what `erasing.tidy` does once a day.
    """
    before = now - timedelta(days=CONFIRM_DAYS)
    with readers_transaction():
        dropped = Reader.objects.never_confirmed(before=before).delete()[1].get("readers.Reader", 0)
        Subscription.objects.pending_since(before).delete()
        Notice.objects.filter(asked__lt=before).delete()
        return dropped


# --- Parts of the above ---


class _UndoneError(Exception):
    """Ends a savepoint that is not to stay."""


@contextmanager
def undone_if(is_undone: bool) -> Iterator[None]:  # noqa: FBT001 - reads as a sentence
    """Do what is inside, and undo it in the database where `is_undone`: the work is the same, nothing of it stays."""
    try:
        with readers_transaction():
            yield
            if is_undone:
                raise _UndoneError
    except _UndoneError:
        return


def count_form(now: datetime) -> None:
    """Count a form that came in today. On PostgreSQL its row is also what forms wait for, one after the other."""
    today: date = now.date()
    if not FormDay.objects.filter(day=today).update(forms=F("forms") + 1):
        FormDay.objects.bulk_create([FormDay(day=today)], ignore_conflicts=True)
        FormDay.objects.filter(day=today).update(forms=F("forms") + 1)


def owe(reader: Reader, kind: Notice.Kind, now: datetime, **fields: object) -> None:
    """Leave a mail for the mailroom to send."""
    minute = minute_of(now)
    Notice.objects.create(reader=reader, kind=kind, asked=minute, next_try=minute, **fields)


def place_of(subscription: Subscription) -> Place:
    """The subscription as a value."""
    return Place(
        reader=subscription.reader.uid,
        subscription=subscription.uid,
        list_key=subscription.list_key,
        state=Subscription.State(subscription.state),
        language=subscription.reader.language,
    )


def _known_or_new(lookup: bytes, sealed: bytes, domain: str, wish: Wish, now: datetime) -> Reader:
    """The reader with this digest: the one that was there, or the one that is made now."""
    new = Reader(
        lookup=lookup,
        sealed=sealed,
        lane=lane_of(domain),
        language=wish.language,
        time_zone=wish.time_zone,
        since=monday_of(now),
    )
    Reader.objects.bulk_create([new], ignore_conflicts=True)
    return Reader.objects.found_by(lookup).get()


def _pending_or_active(reader: Reader, list_key: str, now: datetime) -> Subscription:
    """The reader's place on the list; one that was left or suspended waits to be confirmed anew."""
    new = Subscription(reader=reader, list_key=list_key, since=minute_of(now))
    Subscription.objects.bulk_create([new], ignore_conflicts=True)
    gone = (Subscription.State.LEFT, Subscription.State.SUSPENDED)
    reader.subscriptions.filter(list_key=list_key, state__in=gone).update(
        state=Subscription.State.PENDING, since=minute_of(now)
    )
    return reader.subscriptions.get(list_key=list_key)


def _had_mail(reader: Reader, kinds: Sequence[Notice.Kind], within: timedelta, now: datetime) -> bool:
    """Whether a mail of these kinds went out lately; of any kind to an address that confirmed nothing.

    Strangers can type an address into two forms; it is to get one mail a day of it.
    """
    has_confirmed = reader.consents.exclude(act=Consent.Act.ASKED).exists()
    counted = kinds if has_confirmed else (*JOINING, Notice.Kind.MANAGE)
    return reader.notices.lately(counted, within, now=now).exists()


def _append(reader: Reader, list_key: str, act: Consent.Act, wording: str, privacy_version: str, now: datetime) -> None:
    Consent.objects.create(
        reader=reader,
        list_key=list_key,
        act=act,
        wording=wording,
        privacy_version=privacy_version,
        minute=minute_of(now),
    )
