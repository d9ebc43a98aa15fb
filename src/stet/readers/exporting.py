"""Everything about one reader, for the reader who asks the newsroom for it; made with the mailroom's key."""

from typing import Any

from stet.readers.addresses import Address
from stet.readers.lookup import Lookup
from stet.readers.managing import download
from stet.readers.models import Reader, Suppression
from stet.readers.sealing import Opener


def export(address: Address, *, lookup: Lookup, opener: Opener) -> dict[str, Any] | None:
    """What is kept about `address`, readable; None where nothing is. A suppressed digest is all that may be left."""
    digest = lookup.of(address)
    uid = Reader.objects.found_by(digest).values_list("uid", flat=True).first()
    if uid is not None:
        return download(uid, opener=opener)
    suppressed = Suppression.objects.filter(lookup=digest).first()
    if suppressed is None:
        return None
    return {
        "reader": None,
        "address_digest": digest.hex(),
        "is_suppressed": True,
        "suppressed_because": suppressed.reason,
        "suppressed_since": suppressed.since.isoformat(),
    }
