"""The three families of errors, and what each means for whoever catches it.

The rules:
 * Refused: a person can mend it. The text is shown to that person.
 * Broken: our data or an edition is wrong. Stop; publish nothing.
 * Unreachable: the world's fault, or the machine's. Try again later.
 * A message is one sentence that says what, where and the next step. It holds no address, name, amount or secret.

Misconfiguration that only a programmer can mend is none of the three, so that no retry swallows it.
"""


class StetError(Exception):
    """Everything that Stet raises on purpose; its text may be shown to a person."""


class RefusedError(StetError):
    """Refused: a person can mend it, and the text says how."""


class BrokenError(StetError):
    """Broken: data or an edition is wrong; nothing may be published from it."""


class UnreachableError(StetError):
    """Unreachable: a disk, host or service did not do its part; trying again later can help."""
