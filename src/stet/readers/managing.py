"""What readers change about themselves, with the link that only they were mailed.

Whoever holds the link has shown that the address is theirs, so a list is joined at once. A new address has to show it
too: the mail goes there, and what is kept changes when its link is followed.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import available_timezones

from stet.kit.clock import write_moment
from stet.readers.addresses import Address
from stet.readers.errors import ReaderGoneError
from stet.readers.joining import CONFIRM_DAYS, activate, count_form, leave, owe, readers_transaction, undone_if
from stet.readers.keys import ReaderKeys
from stet.readers.lanes import lane_of
from stet.readers.lists import ReaderList
from stet.readers.models import Consent, Notice, Reader, Subscription, Suppression
from stet.readers.moments import minute_of
from stet.readers.sealing import Opener
from stet.readers.suppressing import DAY, is_stopped, lift_by_confirming, lift_on_own_page, pause_between_questions

LONGEST_PAUSE = timedelta(days=366)
MANAGES = "This link leads to nobody any more: what it stood for was erased, or another link took its place."


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """One list of a reader."""

    list_key: str
    state: Subscription.State
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptReader:
    """What is kept of a reader, as far as a page shows it."""

    uid: UUID
    language: str
    time_zone: str
    paused_until: date | None
    is_stopped: bool
    """Whether nothing is sent because mail came back or somebody complained, until the reader asks for it again."""
    memberships: tuple[Membership, ...]

    def state_on(self, list_key: str) -> Subscription.State | None:
        """Where the reader stands on a list; None where never."""
        return next((kept.state for kept in self.memberships if kept.list_key == list_key), None)


def kept_of(reader: UUID) -> KeptReader:
    """What is kept of the reader. Raises ReaderGoneError."""
    row = _reader(reader)
    memberships = tuple(
        Membership(list_key=kept.list_key, state=Subscription.State(kept.state), since=kept.since)
        for kept in row.subscriptions.order_by("list_key")
    )
    return KeptReader(
        uid=row.uid,
        language=row.language,
        time_zone=row.time_zone,
        paused_until=row.paused_until,
        is_stopped=is_stopped(bytes(row.lookup)),
        memberships=memberships,
    )


def join(reader: UUID, on: ReaderList, *, privacy_version: str, now: datetime) -> None:
    """Put the reader on a list at once; who had complained asks for letters again by that. Raises ReaderGoneError."""
    with readers_transaction():
        row = _reader(reader)
        lift_on_own_page(bytes(row.lookup))
        subscription, _ = row.subscriptions.get_or_create(list_key=on.key, defaults={"since": minute_of(now)})
        if subscription.state != Subscription.State.ACTIVE:
            activate(
                subscription,
                Consent.Act.CONFIRMED,
                wording=on.consent.version,
                privacy_version=privacy_version,
                now=now,
            )


def leave_list(reader: UUID, list_key: str, *, now: datetime) -> None:
    """Take the reader off a list. Raises ReaderGoneError."""
    with readers_transaction():
        for subscription in _reader(reader).subscriptions.filter(list_key=list_key):
            leave(subscription.uid, now=now)


def send_again(reader: UUID) -> None:
    """Let letters go to a reader again who asks for them. Raises ReaderGoneError."""
    with readers_transaction():
        lift_on_own_page(bytes(_reader(reader).lookup))


def set_language(reader: UUID, language: str) -> None:
    """Speak to the reader in this language from now on. Raises ReaderGoneError."""
    _change(reader, language=language)


def set_time_zone(reader: UUID, time_zone: str) -> None:
    """Send letters by the clock of this zone; "" for each list's own. Raises ReaderGoneError, and ValueError."""
    if time_zone and not is_time_zone(time_zone):
        raise ValueError("No such time zone.")
    _change(reader, time_zone=time_zone)


def pause(reader: UUID, *, until: date | None, now: datetime) -> None:
    """Send nothing before the day `until`, a year from now at most; None: go on. Raises ReaderGoneError, ValueError."""
    today = now.date()
    if until is not None and not today < until <= today + LONGEST_PAUSE:
        raise ValueError("A pause ends on a day to come, within a year.")
    _change(reader, paused_until=until)


def is_time_zone(name: str) -> bool:
    """Whether this is a place's time zone, such as "Europe/Riga"."""
    return "/" in name and not name.startswith(("Etc/", "SystemV/", "US/")) and name in available_timezones()


# --- Another address ---


def ask_change(reader: UUID, address: Address, *, keys: ReaderKeys, now: datetime) -> None:
    """Ask the new address whether it is this reader's; answers nothing, whoever has it. Raises ReaderGoneError."""
    lookup, sealed = keys.lookup.of(address), keys.sealer.seal(address)
    with readers_transaction():
        row = _reader(reader)
        count_form(now)
        pause = pause_between_questions(lookup, now=now)
        is_taken = Reader.objects.found_by(lookup).exists()
        asked = Notice.objects.lately([Notice.Kind.CHANGE], pause or DAY, now=now)
        had_mail = asked.filter(lookup=lookup).exists()
        with undone_if(pause is None or is_taken or had_mail):
            owe(row, Notice.Kind.CHANGE, now, sealed=sealed, lookup=lookup, lane=lane_of(address.domain))


def is_change_open(notice: UUID, *, now: datetime) -> bool:
    """Whether a link to confirm a new address still leads somewhere."""
    return _open_change(notice, now) is not None


def change_confirmed(notice: UUID, *, now: datetime) -> UUID | None:
    """Write to the new address from now on; the reader's uid, or None where that cannot be done (any more).

    The uid is a new one, so that links in letters to the old address end: its mailbox may be somebody else's now.
    """
    with readers_transaction():
        change = _open_change(notice, now)
        if change is None or change.lookup is None:
            return None
        reader = Reader.objects.select_for_update().get(pk=change.reader_id)
        if bytes(reader.lookup) == bytes(change.lookup):
            return reader.uid
        if change.sealed is None or Reader.objects.found_by(bytes(change.lookup)).exists():
            return None
        if not lift_by_confirming(bytes(change.lookup)):
            return None
        reader.lookup, reader.sealed, reader.lane = bytes(change.lookup), bytes(change.sealed), change.lane
        reader.uid = uuid4()
        reader.save(update_fields=["uid", "lookup", "sealed", "lane"])
        reader.notices.filter(kind=Notice.Kind.CHANGE).update(sealed=None)
        return reader.uid


def _open_change(notice: UUID, now: datetime) -> Notice | None:
    """The notice, unless it is too old or the reader asked for another change since."""
    asked_after = now - timedelta(days=CONFIRM_DAYS)
    found = Notice.objects.filter(uid=notice, kind=Notice.Kind.CHANGE, asked__gt=asked_after).first()
    if found is None:
        return None
    newest = Notice.objects.filter(reader_id=found.reader_id, kind=Notice.Kind.CHANGE).order_by("-pk").first()
    return found if newest == found else None


# --- Everything that is kept ---

UNREADABLE = "sealed: the server that answers you cannot read it"


def download(reader: UUID, *, opener: Opener | None = None) -> dict[str, Any]:
    """Everything that is kept about the reader, for JSON; the addresses only with the mailroom's key.

    Raises ReaderGoneError.
    """
    row = _reader(reader)

    def address(sealed: bytes | memoryview | None) -> str | None:
        if sealed is None:
            return None
        return opener.open(bytes(sealed), uid=row.uid).text if opener else UNREADABLE

    return {
        "reader": str(row.uid),
        "address": address(row.sealed),
        "address_digest": bytes(row.lookup).hex(),
        "mail_provider": row.lane,
        "language": row.language,
        "time_zone": row.time_zone or None,
        "paused_until": row.paused_until.isoformat() if row.paused_until else None,
        "since_the_week_of": row.since.isoformat(),
        "lists": [
            {
                "list": kept.list_key,
                "state": kept.state,
                "since": _minute(kept.since),
                "unsubscribe_id": str(kept.uid),
            }
            for kept in row.subscriptions.order_by("pk")
        ],
        "consents": [
            {
                "list": kept.list_key,
                "act": kept.act,
                "wording_version": kept.wording,
                "privacy_policy_version": kept.privacy_version,
                "minute": _minute(kept.minute),
                "source": kept.source or None,
            }
            for kept in row.consents.order_by("pk")
        ],
        "mails_asked_for": [
            {
                "kind": kept.kind,
                "list": kept.list_key or None,
                "state": kept.state,
                "asked": _minute(kept.asked),
                "tries": kept.tries,
                "new_address": address(kept.sealed),
            }
            for kept in row.notices.order_by("pk")
        ],
        "is_suppressed": Suppression.objects.filter(lookup=bytes(row.lookup)).exists(),
    }


def _minute(moment: datetime) -> str:
    return write_moment(moment.astimezone(UTC))


def _reader(uid: UUID) -> Reader:
    row = Reader.objects.filter(uid=uid).first()
    if row is None:
        raise ReaderGoneError(MANAGES)
    return row


def _change(uid: UUID, **fields: object) -> None:
    with readers_transaction():
        if not Reader.objects.filter(uid=uid).update(**fields):
            raise ReaderGoneError(MANAGES)
