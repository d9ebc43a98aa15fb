"""The ledger's process: takes deliveries in, asks the provider what is true, and does what the hour brings.

The rules:
 * A delivery is taken up by one worker at a time. The provider is asked outside any transaction; then facts and "done"
   are one step.
 * What fails stays open, and is tried again after pauses that grow to six hours. One row that fails holds up no other.
 * Once an hour: the press is told which currencies each way to pay takes, bodies and contacts whose time is over go,
   orders of the staff that were cut off are finished, the tally is written, reminders that are due are owed.
 * Once a night, at the hour that is set: each provider is compared (`stet.ledger.reconciling`).

Logs name a provider and a class of error, never what it said.
"""

import logging
import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from time import monotonic
from typing import Protocol
from zoneinfo import ZoneInfo

from django.db import DatabaseError, close_old_connections

from stet.kit.errors import StetError
from stet.ledger import acting, contacts, keeping, reminding, tally, ways
from stet.ledger.errors import SupportBrokenError, SupportMissingError
from stet.ledger.models import Inbox, ReconcileRun
from stet.ledger.months import midnight_of
from stet.ledger.printed import read_support
from stet.ledger.providers.base import Provider
from stet.ledger.reconciling import reconcile
from stet.ledger.taking import take_in
from stet.readers import erasing
from stet.readers.joining import readers_transaction

log = logging.getLogger("stet.ledger")

LEASE = timedelta(minutes=5)
"""How long a delivery that was taken up is left alone: a worker that ended without a word had it."""
FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(hours=6)
LOOK_SECONDS = 1.0
"""How often the inbox is looked at."""
HOURLY = timedelta(hours=1)
RECONCILED_DAYS = 35
"""How far back a nightly comparison goes: past the retries of every provider, and over the whole of a month."""
LONGEST_REST_SECONDS = 60.0


class LedgerSettings(Protocol):
    """What stands under [ledger]."""

    @property
    def reconcile_at(self) -> str:
        """When each provider is compared, such as "04:15"."""


class SiteSettings(Protocol):
    """What stands under [site]."""

    @property
    def time_zone(self) -> str:
        """The time zone of that hour."""


class AllSettings(Protocol):
    """The settings of a newsroom, as far as the ledger asks."""

    @property
    def ledger(self) -> LedgerSettings:
        """What stands under [ledger]."""

    @property
    def site(self) -> SiteSettings:
        """What stands under [site]."""


class Newsroom(Protocol):
    """A newsroom's folder, as far as the ledger asks."""

    @property
    def folder(self) -> Path:
        """Where the newsroom stands."""

    @property
    def keys(self) -> Path:
        """Where secrets are."""

    @property
    def site(self) -> Path:
        """The printed edition."""

    @property
    def settings(self) -> AllSettings:
        """What stet.toml says."""


# --- The inbox ---


class Worker:
    """Works the inbox off, one delivery at a time."""

    def __init__(self, newsroom: Newsroom, providers: Mapping[str, Provider]) -> None:
        self.newsroom = newsroom
        self.providers = providers

    def step(self, now: datetime) -> bool:
        """Take in the delivery that has waited longest, if one is due; whether there was one."""
        due = Inbox.objects.filter(done=False, next_try__lte=now, provider__in=list(self.providers))
        row = due.order_by("next_try", "pk").first()
        if row is None:
            return False
        # Whoever moves the moment has the row.
        if Inbox.objects.filter(pk=row.pk, done=False, next_try=row.next_try).update(next_try=now + LEASE):
            self.take(row, now)
        return True

    def take(self, row: Inbox, now: datetime) -> bool:
        """Ask the provider what a delivery is about, and keep it; whether that worked."""
        provider = self.providers[row.provider]
        try:
            facts = provider.facts(row.reference)
            with readers_transaction():
                take_in(facts, provider=row.provider, now=now)
                Inbox.objects.filter(pk=row.pk).update(done=True, why_open="", next_try=midnight_of(row.came))
        except Exception as error:
            self._leave_open(row, error, now)
            return False
        return True

    def _leave_open(self, row: Inbox, error: Exception, now: datetime) -> None:
        pause = min(FIRST_PAUSE * 2 ** min(row.tries, 20), LONGEST_PAUSE)
        why = type(error).__name__[:60]
        log.warning("A delivery of %s stays open (%s, try %d).", row.provider, why, row.tries + 1)
        Inbox.objects.filter(pk=row.pk).update(tries=row.tries + 1, next_try=now + pause, why_open=why)


def replay(
    worker: Worker,
    *,
    event_id: str = "",
    is_all: bool = False,
    now: datetime,
    tell: Callable[[int], None] = lambda _: None,
) -> tuple[int, int]:
    """Take deliveries in once more: the one named, all there are, or those that are open. How many worked, and not."""
    rows = Inbox.objects.filter(provider__in=list(worker.providers)).exclude(reference="")
    if event_id:
        rows = rows.filter(event_id=event_id)
    elif not is_all:
        rows = rows.filter(done=False)
    worked = failed = 0
    for pk in list(rows.order_by("pk").values_list("pk", flat=True)):
        if worker.take(Inbox.objects.get(pk=pk), now):
            worked += 1
        else:
            failed += 1
        tell(worked + failed)
    return worked, failed


# --- The hours ---


class Hours:
    """What is done by the clock."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker
        self._next_round: datetime | None = None
        self._night: threading.Thread | None = None

    def look(self, now: datetime) -> None:
        """Do what is due."""
        if self._next_round is None or now >= self._next_round:
            self._next_round = now + HOURLY
            hourly(self._worker, now=now)
        if self._night is None or not self._night.is_alive():
            due = self.due_tonight(now)
            if due:
                # Beside the inbox: a comparison takes as long as the provider takes to tell.
                self._night = threading.Thread(target=_in_a_thread, args=(due, now), name="reconcile", daemon=True)
                self._night.start()

    def due_tonight(self, now: datetime) -> list[Provider]:
        """Providers that were not compared since the last hour to do it."""
        hour = last_hour(self._worker.newsroom, now)
        begun = set(ReconcileRun.objects.filter(began__gte=hour).values_list("provider", flat=True))
        return [provider for name, provider in self._worker.providers.items() if name not in begun]


def last_hour(newsroom: Newsroom, now: datetime) -> datetime:
    """The last time at which comparing was due."""
    zone = ZoneInfo(newsroom.settings.site.time_zone)
    today = now.astimezone(zone).date()
    at = time.fromisoformat(newsroom.settings.ledger.reconcile_at)
    moment = datetime.combine(today, at, zone)
    return (moment if moment <= now else datetime.combine(today - timedelta(days=1), at, zone)).astimezone(UTC)


def hourly(worker: Worker, *, now: datetime) -> None:
    """Tell which currencies can be paid, let go what is over, finish what was cut off, write the tally, owe reminders.

    One that fails stops no other.
    """
    for step in (_tell_ways, _let_go, _finish_acts, _write_tally, _owe_reminders):
        try:
            step(worker, now)
        except Exception as error:
            log.error("An hourly task of the ledger failed (%s: %s).", step.__name__.strip("_"), type(error).__name__)


def _tell_ways(worker: Worker, _now: datetime) -> None:
    ways.write(worker.newsroom.folder, worker.providers)


def _let_go(_worker: Worker, now: datetime) -> None:
    keeping.let_go(now=now)
    contacts.purge(now=now)
    erasing.tidy(now=now)


def _finish_acts(worker: Worker, now: datetime) -> None:
    acting.finish(worker.providers, now=now)


def _write_tally(worker: Worker, now: datetime) -> None:
    tally.write(worker.newsroom.folder, now)


def _owe_reminders(worker: Worker, now: datetime) -> None:
    owe_reminders(worker.newsroom.site, now=now)


def owe_reminders(site: Path, *, now: datetime) -> int:
    """Owe the reminders that are due; how many. In languages in which nothing is asked for, as printed, they wait."""
    try:
        printed = read_support(site)
    except (SupportMissingError, SupportBrokenError):
        return 0
    silent = [code for code, language in printed.languages.items() if not language.is_open]
    return reminding.due(now=now, silent=silent)


def nightly(providers: list[Provider], now: datetime) -> None:
    """Compare each provider; one that is away keeps no other from it."""
    since = now.date() - timedelta(days=RECONCILED_DAYS)
    for provider in providers:
        try:
            reconcile(provider, since, now=now)
        except StetError as error:
            log.warning("Comparing with %s was cut off (%s).", provider.name, type(error).__name__)


def _in_a_thread(providers: list[Provider], now: datetime) -> None:
    try:
        nightly(providers, now)
    except Exception as error:
        log.error("Comparing was cut off (%s).", type(error).__name__)
    finally:
        close_old_connections()


def run(newsroom: Newsroom, stop: threading.Event) -> None:
    """Work until `stop`. Failures are said, and tried again after a pause that grows."""
    pause = 1.0
    while not stop.is_set():
        started = monotonic()
        try:
            work(newsroom, stop)
        except (StetError, DatabaseError) as error:
            said = error if isinstance(error, StetError) else f"The readers' database failed ({type(error).__name__})."
            log.error("%s The ledger tries again in %d seconds.", said, pause)
        except Exception as error:
            log.error("The ledger stumbled (%s); it tries again in %d seconds.", type(error).__name__, pause)
        pause = 1.0 if monotonic() - started > LONGEST_REST_SECONDS else min(pause * 2, LONGEST_REST_SECONDS)
        stop.wait(0 if stop.is_set() else pause)


def work(newsroom: Newsroom, stop: threading.Event) -> None:
    """Work the inbox off, and do what the hours bring, until `stop`."""
    from stet.ledger.providers.setup import providers_of

    worker = Worker(newsroom, providers_of(newsroom))
    hours = Hours(worker)
    while not stop.is_set():
        now = datetime.now(UTC)
        hours.look(now)
        if not worker.step(now):
            close_old_connections()
            stop.wait(LOOK_SECONDS)
