"""Takes in one mail that came back, from a pipe: `python -m stet.mailroom.bounce [RECIPIENT] < mail`.

For a mail server that starts a program for each mail. The newsroom is STET_NEWSROOM's. What the mail was delivered to
is named as an argument (Postfix's `pipe`), stands in ORIGINAL_RECIPIENT (Postfix's aliases) or RECIPIENT (Exim), or is
found in the mail.

Ends with 0 when it is taken, and with 75 (EX_TEMPFAIL) when the mail server should try again later.
"""

import os
import sys
from collections.abc import Sequence

EX_TEMPFAIL = 75
LONGEST_BYTES = 10_000_000


def main(arguments: Sequence[str] = ()) -> int:
    """Take the mail on standard input."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "stet.project.private_settings")
    os.environ.setdefault("STET_PROCESS", "mailroom")
    import django

    data = sys.stdin.buffer.read(LONGEST_BYTES)
    try:
        django.setup()
        from django.conf import settings

        from stet.mailroom.arrivals import Way, note_arrival
        from stet.mailroom.running import returns_of

        named = (*arguments[:1], os.environ.get("ORIGINAL_RECIPIENT"), os.environ.get("RECIPIENT"))
        delivered_to = next((address for address in named if address), "")
        returns_of(settings.STET).take(data, delivered_to=delivered_to)
        note_arrival(settings.STET.folder, Way.PIPE)
    except Exception as error:
        print(f"stet: the mail waits ({type(error).__name__}).", file=sys.stderr)  # noqa: T201 - for the mail server
        return EX_TEMPFAIL
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
