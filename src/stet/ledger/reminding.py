"""Reminders by mail: a promise to ask once more, later, and then to forget.

The rules:
 * Nobody is reminded before the link in a mail was followed and the button there pressed.
 * An address is asked to confirm once within a week, whoever asks for it; a suppressed one is not asked.
 * Known, unknown and suppressed addresses cost the same statements; nothing is answered that tells them apart.
 * One that nobody confirmed is deleted after a week. One that was sent is deleted as soon as the mailroom knows what
   became of it: reminder, address and mail.
 * An address has one reminder: the one that was confirmed last.
 * What the form is filled with travels in the link of the mail, so that the link works when nothing is left here.
"""

import calendar
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from stet.ledger.contacts import UNCONFIRMED_DAYS, forget_reminders, leave_mail, make_contact
from stet.ledger.models import Contact, Interval, Reminder
from stet.ledger.months import midnight_of
from stet.readers.addresses import Address
from stet.readers.joining import count_form, readers_transaction, undone_if
from stet.readers.keys import ReaderKeys
from stet.readers.models import Notice, Suppression

LONGEST = timedelta(days=366)
MOST_AT_ONCE = 500
"""How many mails are owed in one call: the mailroom sends them without a pace, and mail providers look at floods."""
LATE_DAYS = 30
"""How long after its day an address is kept if the mail could not be sent."""
DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
CURRENCY = re.compile(r"[A-Z]{3}", re.ASCII)
MOST_MINOR = 100_000_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """What the form is filled with that a reminder leads to."""

    language: str
    interval: str = ""
    minor: int = 0
    currency: str = ""

    def written(self) -> str:
        """In a line, for a link."""
        return f"{self.language} {self.interval or '-'} {self.minor} {self.currency or '-'}"

    @classmethod
    def read(cls, line: str) -> "Filled | None":
        """What `written` wrote; None for anything else."""
        words = line.split(" ")
        if len(words) != 4 or not words[2].isdecimal():
            return None
        language, interval, minor, currency = words
        return cls(language=language, interval=interval.strip("-"), minor=int(minor), currency=currency.strip("-"))


def filled(language: str, *, interval: str, currency: str, minor: int) -> Filled:
    """The form as far as it was filled in sensibly; what is not sensible is left empty."""
    has_amount = CURRENCY.fullmatch(currency) and 0 < minor <= MOST_MINOR
    return Filled(
        language=language,
        interval=interval if interval in Interval.values else "",
        minor=minor if has_amount else 0,
        currency=currency if has_amount else "",
    )


# --- When ---


def day_of(when: str, chosen: str, *, today: date) -> date | None:
    """The day that is meant by "week", "month", "quarter", or by "date" with a day; None where it is none to come.

    >>> day_of("quarter", "", today=date(2026, 11, 30)).isoformat()
    '2027-02-28'
    >>> day_of("date", "2026-11-30", today=date(2026, 11, 30)) is None
    True
    """
    match when:
        case "week":
            return today + timedelta(days=7)
        case "month":
            return _months_after(today, 1)
        case "quarter":
            return _months_after(today, 3)
        case "date":
            try:
                day = date.fromisoformat(chosen) if DAY.fullmatch(chosen) else None
            except ValueError:
                return None
            return day if day and today < day <= today + LONGEST else None
        case _:
            return None


def _months_after(day: date, months: int) -> date:
    """The same day of a later month, or that month's last."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


# --- From the form to the mail ---


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """A reminder as the page behind its link shows it."""

    on: date
    language: str
    is_confirmed: bool


def ask(address: Address, on: date, form: Filled, *, keys: ReaderKeys, now: datetime) -> None:
    """Ask `address` whether it wants to be reminded on a day; answers nothing, whoever it is."""
    lookup = keys.lookup.of(address)
    with readers_transaction():
        count_form(now)
        is_suppressed = Suppression.objects.filter(lookup=lookup).exists()
        was_asked = _asked_lately(lookup, now)
        with undone_if(is_suppressed or was_asked):
            contact = make_contact(
                address,
                Contact.Purpose.REMINDER,
                keys=keys,
                language=form.language,
                until=on + timedelta(days=LATE_DAYS),
            )
            reminder = Reminder.objects.create(
                contact=contact,
                on=on,
                asked=now.date(),
                language=form.language,
                interval=form.interval,
                minor=form.minor,
                currency=form.currency,
            )
            leave_mail(contact, Notice.Kind.REMIND_CONFIRM, reminder.uid, now=now)


def _asked_lately(lookup: bytes, now: datetime) -> bool:
    since = midnight_of(now.date() - timedelta(days=UNCONFIRMED_DAYS))
    return Notice.objects.filter(kind=Notice.Kind.REMIND_CONFIRM, lookup=lookup, asked__gt=since).exists()


def promise_of(reminder: UUID) -> Promise | None:
    """The reminder that a link is about; None where nothing is left of it."""
    found = Reminder.objects.filter(uid=reminder).first()
    return _promise(found) if found else None


def confirm(reminder: UUID, *, now: datetime) -> Promise | None:
    """Keep the promise from now on, in the place of an earlier one to the same address; None where there is none."""
    with readers_transaction():
        found = Reminder.objects.select_for_update().select_related("contact").filter(uid=reminder).first()
        if found is None:
            return None
        if not found.confirmed:
            lookup = bytes(found.contact.lookup)
            earlier = Reminder.objects.filter(contact__lookup=lookup, confirmed=True).exclude(pk=found.pk)
            forget_reminders(earlier, on=midnight_of(now.date()))
            found.confirmed = True
            found.save(update_fields=["confirmed"])
        return _promise(found)


def forget(reminder: UUID, *, now: datetime) -> bool:
    """Delete a reminder with its address, because its owner wants it; whether there was one."""
    with readers_transaction():
        return forget_reminders(Reminder.objects.filter(uid=reminder), on=midnight_of(now.date())) > 0


def due(*, now: datetime, silent: Collection[str] = ()) -> int:
    """Owe the mails of reminders whose day has come, the oldest first, 500 at most; how many.

    In a transaction of its own.

    In `silent` languages nobody is asked for anything now: their reminders wait.
    """
    owed = Notice.objects.filter(kind=Notice.Kind.REMIND).values("about")
    suppressed = Suppression.objects.values("lookup")
    with readers_transaction():
        waiting = Reminder.objects.filter(confirmed=True, on__lte=now.date()).exclude(language__in=silent)
        found = waiting.exclude(uid__in=owed).exclude(contact__lookup__in=suppressed).select_related("contact")
        owing = list(found.order_by("on", "pk")[:MOST_AT_ONCE])
        for one in owing:
            leave_mail(one.contact, Notice.Kind.REMIND, one.uid, now=now)
        return len(owing)


def filled_of(reminders: Iterable[UUID | None]) -> dict[UUID, Filled]:
    """What the forms of these reminders are filled with; those that are gone are missing."""
    uids = [uid for uid in reminders if uid is not None]
    return {
        one.uid: Filled(language=one.language, interval=one.interval, minor=one.minor, currency=one.currency)
        for one in Reminder.objects.filter(uid__in=uids)
    }


def _promise(reminder: Reminder) -> Promise:
    return Promise(on=reminder.on, language=reminder.language, is_confirmed=reminder.confirmed)
