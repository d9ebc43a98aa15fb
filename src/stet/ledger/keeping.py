"""How long things are kept: what is over goes, without a trace in the database's files.

The rules:
 * A delivery's body is overwritten with nothing after thirty days; of the day it came, the month stays.
 * A contact is deleted on its day. Facts, contributions and plans stay, and say no more who gave.
 * Of a reminder that was never confirmed nothing stays after thirty days.
"""

from datetime import datetime, timedelta

from stet.ledger.models import Contact, Inbox
from stet.ledger.months import midnight_of, month_of
from stet.readers.erasing import wipe_traces
from stet.readers.joining import readers_transaction

BODY_DAYS = 30
UNCONFIRMED_DAYS = 30


def let_go(*, now: datetime) -> int:
    """Overwrite bodies and delete contacts whose time is over; how many contacts."""
    today = now.date()
    with readers_transaction():
        for row in Inbox.objects.filter(came__lt=today - timedelta(days=BODY_DAYS)).exclude(sealed=b""):
            month = month_of(row.came)
            # A row that is still open keeps its next try.
            next_try = midnight_of(month) if row.done else row.next_try
            Inbox.objects.filter(pk=row.pk).update(sealed=b"", came=month, next_try=next_try)
        over = Contact.objects.filter(until__lte=today)
        unconfirmed = Contact.objects.filter(
            purpose=Contact.Purpose.REMINDER,
            reminder__confirmed=False,
            reminder__asked__lt=today - timedelta(days=UNCONFIRMED_DAYS),
        )
        pks = {*over.values_list("pk", flat=True), *unconfirmed.values_list("pk", flat=True)}
        Contact.objects.filter(pk__in=pks).delete()
    if pks:
        wipe_traces()
    return len(pks)
