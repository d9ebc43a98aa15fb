"""Compares the edition with the database, in a process of its own: `python -m stet.press.reconciling`.

Ends with 0 where they agree. The newsroom is the one that Django's settings name.
"""

import sys

import django


def main() -> int:
    """0 where the edition is what a full print would make, else 1."""
    django.setup()
    from django.conf import settings

    from stet.press.run import check

    return 0 if check(settings.STET, lambda *_: None).ok else 1


if __name__ == "__main__":
    sys.exit(main())
