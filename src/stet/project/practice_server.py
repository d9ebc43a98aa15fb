"""The practice provider: `stet.ledger.practice` at the address in `ledger.practice`, telling the frontdesk of its events.

It knows no Django, and no database but its own file. It takes no money, and nothing that it is told leaves this machine.
"""

from threading import Event

from stet.ledger.practice.server import Practice
from stet.project.settings import Newsroom, local_url


def serve(newsroom: Newsroom, stop: Event) -> None:
    """Take orders until `stop` is set."""
    port = newsroom.practice_port
    if port is None:
        return
    settings = newsroom.settings
    # The frontdesk's own address on this machine, whatever it is called outside.
    hook = f"{local_url(settings.frontdesk.host, settings.frontdesk.port)}/hooks/practice"
    descriptor = settings.ledger.descriptor or "PRACTICE"
    with Practice(port=port, file=newsroom.practice_file, hook=hook, descriptor=descriptor):
        stop.wait()
