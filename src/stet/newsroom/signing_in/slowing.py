"""Slows down who guesses passwords and codes, and lets whoever they guess at in all the same.

The rules:
 * Wrong tries are counted in lanes. Each lane has some that cost nothing; after those every further try there waits 1,
   2, 4 … seconds, 15 minutes at most. The longest wait of a try's lanes counts.
 * A browser that was signed in to an account before has a lane of its own for it, and none else: whoever guesses from
   anywhere in the world cannot make it wait. All others are counted by account and network, by network, and by account.
 * A try that comes too early is not looked at, so a right password says nothing then either.
 * A right one forgets the lanes of this account from there. A day without a wrong one begins a lane anew.
 * A passkey is never slowed: there is nothing to guess.
 * A lane is a keyed digest, kept for 30 days after its last wrong try. No name, no address is stored.
"""

import hmac
from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from math import ceil
from typing import NamedTuple

from django.http import HttpRequest

from stet.kit.networks import network_of
from stet.kit.waiting import seconds_after
from stet.newsroom.models import WrongTries
from stet.newsroom.signing_in.browsers import known_browser
from stet.newsroom.signing_in.secret import key_for

FREE_FOR_ACCOUNT = 5
"""From one network, or from a browser that the account knows."""
FREE_FOR_NETWORK = 20
FREE_FOR_ACCOUNT_FROM_ANYWHERE = 50
ANEW_AFTER = timedelta(days=1)
KEPT = timedelta(days=30)


class Lane(NamedTuple):
    """Where a try is counted."""

    digest: str
    free: int
    is_forgiven: bool
    """Whether a right try clears it."""


def lanes_of_password(request: HttpRequest, name: str) -> tuple[Lane, ...]:
    """The lanes of a try at an account, named as it was typed; whether there is such an account changes nothing."""
    return _lanes(request, name, what="password")


def lanes_of_code(request: HttpRequest, name: str) -> tuple[Lane, ...]:
    """The lanes of a try at the second factor of an account."""
    return _lanes(request, name, what="code")


def _lanes(request: HttpRequest, name: str, *, what: str) -> tuple[Lane, ...]:
    account = name[:150].casefold()
    browser = known_browser(request, name)
    if browser:
        return (_lane(what, "browser", account, browser, free=FREE_FOR_ACCOUNT, is_forgiven=True),)
    network = network_of(request.META)
    return (
        _lane(what, "account and network", account, network, free=FREE_FOR_ACCOUNT, is_forgiven=True),
        _lane("any", "network", network, free=FREE_FOR_NETWORK),
        _lane(what, "account", account, free=FREE_FOR_ACCOUNT_FROM_ANYWHERE),
    )


def _lane(*parts: str, free: int, is_forgiven: bool = False) -> Lane:
    key = key_for("wrong tries")
    text = "\0".join(parts).encode("utf-8", "surrogatepass")
    return Lane(hmac.new(key, text, sha256).hexdigest(), free, is_forgiven)


def seconds_to_wait(lanes: Sequence[Lane], *, now: datetime) -> int:
    """How long this try has to wait; 0 where it may be looked at."""
    found = WrongTries.objects.in_bulk([lane.digest for lane in lanes])
    return max((_wait(found[lane.digest], lane.free, now) for lane in lanes if lane.digest in found), default=0)


def _wait(tries: WrongTries, free: int, now: datetime) -> int:
    if now - tries.last > ANEW_AFTER:
        return 0
    until = tries.last + timedelta(seconds=seconds_after(tries.failures, free=free))
    return max(0, ceil((until - now).total_seconds()))


def count_wrong(lanes: Sequence[Lane], *, now: datetime) -> None:
    """Count a wrong try."""
    for lane in lanes:
        tries, is_new = WrongTries.objects.get_or_create(lane=lane.digest, defaults={"failures": 1, "last": now})
        if not is_new:
            tries.failures = 1 if now - tries.last > ANEW_AFTER else tries.failures + 1
            tries.last = now
            tries.save()


def forgive(lanes: Sequence[Lane]) -> None:
    """Forget the wrong tries before a right one, of this account from there."""
    WrongTries.objects.filter(lane__in=[lane.digest for lane in lanes if lane.is_forgiven]).delete()


def forget_old(*, now: datetime) -> None:
    """Delete what was kept for long enough."""
    WrongTries.objects.filter(last__lt=now - KEPT).delete()
