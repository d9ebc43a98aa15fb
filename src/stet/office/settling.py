"""Settles uncertain copies by the relay's log.

For that the Message-ID of each copy is made anew, with the key of links; no address is opened, so the office needs no
key for that.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, cast

from django.conf import settings

from stet.mailroom.addressing import Addressing, Sender
from stet.mailroom.models import Dispatch
from stet.mailroom.relay_log import read_relay_log
from stet.mailroom.resolving import Resolution, resolve
from stet.readers.keys import load_links

if TYPE_CHECKING:
    from stet.readers.sealing import Opener


def settle_by_log(dispatch: Dispatch, lines: Iterable[bytes]) -> Resolution:
    """Decide about a dispatch's uncertain copies. Raises ReaderKeyRefusedError where the key of links is not here."""
    return resolve(dispatch, read_relay_log(lines), addressing(), now=datetime.now(UTC))


def addressing() -> Addressing:
    """What knows the names of copies."""
    newsroom = settings.STET
    sender = newsroom.settings.mailroom.sender
    links = load_links(newsroom.link_key)
    return Addressing(
        Sender(
            address=sender,
            bounces=newsroom.settings.mailroom.bounces or f"bounces@{sender.rpartition('@')[2]}",
            frontdesk_url=newsroom.frontdesk_url,
            opener=cast("Opener", None),  # nothing is opened here
            links=links,
            secret=newsroom.link_key.read_bytes().strip(),
        )
    )
