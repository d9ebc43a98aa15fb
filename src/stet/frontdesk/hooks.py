"""Where payment providers tell that something happened. No reader comes here.

A delivery is proved, put into the ledger's inbox, and answered; what it means is the ledger's work later. Repeated, it
is answered the same way. One that could not be proved or stored is answered so that the provider sends it again.
"""

from django.http import HttpRequest, HttpResponse

from stet.frontdesk.answers import PLAIN, page, sealed
from stet.frontdesk.desk import the_desk
from stet.ledger import taking
from stet.ledger.errors import DeliveryRefusedError

MOST_DELIVERY_BYTES = 1_000_000


@page("POST", most_bytes=MOST_DELIVERY_BYTES)
def hook(request: HttpRequest, provider: str) -> HttpResponse:
    """A delivery from `provider`. What fails on the way is answered by `page` with 503."""
    desk = the_desk()
    known = desk.providers.get(provider)
    if known is None:
        return _told(404, "There is no such provider here.")
    body = request.read(MOST_DELIVERY_BYTES + 1)
    if len(body) > MOST_DELIVERY_BYTES:
        return _told(413, "Too long.")
    try:
        delivery = known.read_delivery(request.headers, body)
    except DeliveryRefusedError:
        return _told(400, "This delivery is not proved.")
    taking.receive(known, delivery, body, sealer=desk.keys.sealer, now=desk.clock.now())
    return _told(200, "Taken.")


def _told(status: int, text: str) -> HttpResponse:
    return sealed(HttpResponse(f"{text}\n", status=status, content_type=PLAIN))
