"""What is open in the ledger, in numbers: for the doctor, the command line and the office."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from stet.ledger.acting import REFUSED
from stet.ledger.models import Act, Designation, Difference, Inbox

LONG = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenThings:
    """How many of each."""

    deliveries: int
    long_open: int
    """Deliveries of an earlier day."""
    orders: int
    """Refunds and cancellations that the provider has not carried out."""
    refused: int
    """Of these, the ones that it refused."""
    differences: int
    designations: int

    @property
    def is_anything(self) -> bool:
        """Whether somebody should look. A delivery of today is nothing: it is on its way."""
        return bool(self.long_open or self.orders or self.differences or self.designations)


def open_things(*, now: datetime) -> OpenThings:
    """Count what is open."""
    deliveries = Inbox.objects.filter(done=False)
    orders = Act.objects.filter(done=False)
    return OpenThings(
        deliveries=deliveries.count(),
        long_open=deliveries.filter(came__lt=(now - LONG).date()).count(),
        orders=orders.count(),
        refused=orders.filter(why_open=REFUSED).count(),
        differences=Difference.objects.filter(settled_by="", mended=False).count(),
        designations=Designation.objects.filter(ended=None).count(),
    )
