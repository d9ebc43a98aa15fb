"""The mail server for trials: `stet.mailroom.sink` on the newsroom's own port, with the folder that the office shows.

It knows no Django and no database. Nothing that it is given leaves this machine.
"""

from threading import Event

from stet.mailroom.sink import Sink
from stet.project.settings import Newsroom

RELAY_LOG = "relay.log"
"""What it took, by Message-ID: as a real relay's log does, it tells which uncertain copies arrived."""


def serve(newsroom: Newsroom, stop: Event) -> None:
    """Take mails until `stop` is set."""
    store = newsroom.sink
    if store is None:
        return
    store.mkdir(mode=0o700, parents=True, exist_ok=True)
    port = newsroom.settings.mailroom.smtp_port
    with Sink(port=port, store=store, log=store / RELAY_LOG, keeps=False):
        stop.wait()
