"""How long things are kept: what is over goes, without a trace in the database's files.

The rules:
 * A delivery's body is overwritten with nothing after thirty days; of the day it came, the month stays.
 * A contact is deleted on its day (`stet.ledger.contacts.purge`). Facts, contributions and plans stay, and say no more
   who gave.
 * Whoever asks to be erased has no contact here any more, and no mail that waits.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from stet.ledger.contacts import MAILS, REMINDERS
from stet.ledger.models import Contact, Inbox
from stet.ledger.months import midnight_of, month_of
from stet.readers.joining import readers_transaction
from stet.readers.models import Notice

BODY_DAYS = 30


def let_go(*, now: datetime) -> None:
    """Overwrite bodies whose time is over. Contacts go with `stet.ledger.contacts.purge`."""
    today = now.date()
    with readers_transaction():
        for row in Inbox.objects.filter(came__lt=today - timedelta(days=BODY_DAYS)).exclude(sealed=b""):
            month = month_of(row.came)
            # A row that is still open keeps its next try.
            next_try = midnight_of(month) if row.done else row.next_try
            Inbox.objects.filter(pk=row.pk).update(sealed=b"", came=month, next_try=next_try)


def forget(lookups: Iterable[bytes]) -> int:
    """Delete every contact with one of these digests, and the mails that wait for them; how many contacts.

    What the rows leave in the database's files is wiped by `stet.readers.erasing.wipe_traces`, after the transaction.
    """
    wanted = set(lookups)
    with readers_transaction():
        Notice.objects.filter(pk__in=owed(wanted)).delete()
        contacts = Contact.objects.filter(lookup__in=wanted)
        count = contacts.count()
        contacts.delete()
    return count


def owed(lookups: Iterable[bytes]) -> list[int]:
    """The mails that wait for contacts with these digests."""
    wanted = set(lookups)
    waiting = Notice.objects.filter(kind__in=(*MAILS, *REMINDERS), state=Notice.State.WAITING, lookup__isnull=False)
    return [pk for pk, lookup in waiting.values_list("pk", "lookup") if lookup and bytes(lookup) in wanted]
