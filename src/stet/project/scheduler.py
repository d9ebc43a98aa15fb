"""What happens by the clock, in the desk's worker: stories appear and expire, the outbox trimmed, marks followed.

Runs once a minute, a moment after it began. What is due was decided by editors and stands in the database; a minute
that was slept through is made up for by the next one.
"""

import logging
import time
from collections.abc import Callable
from threading import Event, Thread

from django.core.management import call_command
from django.db import close_old_connections

from stet.kit.clock import SystemClock
from stet.newsroom import outbox

logger = logging.getLogger(__name__)

MOMENT_SECONDS = 0.2
"""How long after the full minute; Wagtail asks for what was due before now."""


def publish_what_is_due() -> None:
    """Publish and take down what editors scheduled until now."""
    call_command("publish_scheduled", verbosity=0)


def lift_embargoes() -> None:
    """Let stories that are live and were held back by an embargo be printed, once its hour has passed."""
    from stet.newsroom.embargo.rules import lift_embargoes as lift  # not before all models are there

    lift()


def publish_bundles() -> None:
    """Let bundles go live whose hour has come."""
    from stet.newsroom.bundles.publishing import publish_due  # not before all models are there

    publish_due()


def forget_shares() -> None:
    """Forget links to drafts that ended long ago, and who got them."""
    from stet.newsroom.sharing.links import forget_ended  # not before all models are there

    forget_ended()


def trim_outbox() -> None:
    """Forget changes that every press has long seen."""
    outbox.trim()


def follow_marks() -> None:
    """Look where claims stand in every story, for changes that no signal told."""
    from stet.sourcing.marking import follow_all  # not before all models are there

    corrected = follow_all()
    if corrected:
        logger.warning("Of where claims stand in stories, %d rows were not so any more and were mended.", corrected)


def forget_sign_ins() -> None:
    """Forget sessions that are over, and wrong tries after thirty days."""
    from django.utils import timezone

    from stet.newsroom.signing_in import sessions, slowing  # not before all models are there

    call_command("clearsessions", verbosity=0)
    sessions.forget_old(now=timezone.now())
    slowing.forget_old(now=timezone.now())


def look_at_photos() -> None:
    """Note what photos look like that nobody looked at yet."""
    from stet.newsroom.photos.housekeeping import look_at_old_ones

    look_at_old_ones()


def sweep_photos() -> None:
    """Take away uploads that were left, and sealed originals without a photo."""
    from stet.newsroom.photos.housekeeping import sweep

    sweep(now=SystemClock().now())


DUTIES: tuple[tuple[int, Callable[[], None]], ...] = (
    (1, lift_embargoes),
    (1, publish_what_is_due),
    (1, publish_bundles),
    (5, look_at_photos),
    (60, trim_outbox),
    (60, forget_sign_ins),
    (24 * 60, forget_shares),
    (24 * 60, sweep_photos),
    (24 * 60, follow_marks),
)
"""Each duty with how many minutes lie between two runs of it."""


def start(stop: Event) -> Thread:
    """Run the duties in a thread of their own until `stop` is set."""
    thread = Thread(target=_run, args=(stop,), name="scheduler", daemon=True)
    thread.start()
    return thread


def _run(stop: Event) -> None:
    minute = int(time.time() // 60)
    run_duties(minute)
    while not stop.wait(seconds_to_next_minute(time.time())):
        minute = int(time.time() // 60)
        run_duties(minute)


def seconds_to_next_minute(now: float) -> float:
    """How long to wait until a moment after the next full minute.

    >>> seconds_to_next_minute(120.0), seconds_to_next_minute(179.75)
    (60.2, 0.45)
    """
    return round(60 - now % 60 + MOMENT_SECONDS, 3)


def run_duties(minute: int) -> None:
    """Do what is due in this minute. What fails is logged and tried again at its next turn."""
    for every_minutes, duty in DUTIES:
        if minute % every_minutes:
            continue
        try:
            close_old_connections()
            duty()
        except Exception:
            logger.exception("The scheduler could not %s; it tries again later.", duty.__name__.replace("_", " "))
