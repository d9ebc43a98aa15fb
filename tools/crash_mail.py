"""Kill the mailroom at random moments while it sends one letter, again and again, and count what came of it.

    python tools/crash_mail.py [--recipients 10000] [--kills 200] [--connections 4] [--seed N]

prints JSON, first without and then with the relay's log between restarts: lost (accounted for as sent, but the relay
never had it), skipped (left out without a word), duplicate (had more than once), uncertain, kills. The mailroom is the
real one, with its journal, its own connections and a mail server in another process; SIGKILL ends it without a word.
"""

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]

from tools.mail.newsroom import fill, make_keys, newsroom_at, set_up  # noqa: E402 - the path comes first

LONGEST_SECONDS = 900.0


@dataclass(frozen=True, kw_only=True)
class Figures:
    """What came of it."""

    recipients: int
    kills: int
    connections: int
    with_relay_log: bool
    lost: int
    skipped: int
    duplicate: int
    uncertain: int
    """At the end."""
    uncertain_in_all: int
    """Over all kills; with the relay's log, nearly all were settled."""
    most_uncertain_after_a_kill: int
    balances: bool
    state: str
    seconds: float


class Relay:
    """A mail server in a process of its own, with its log."""

    def __init__(self, folder: Path) -> None:
        self.log = folder / "relay.log"
        command = [sys.executable, "-m", "stet.mailroom.sink", "--port", "0", "--log", str(self.log)]
        environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
        assert self._process.stdout
        self.port = int(self._process.stdout.readline())

    LINE_BYTES = 96
    """About as long as a line of the log is."""

    def size(self) -> int:
        """How long the log is."""
        return self.log.stat().st_size if self.log.exists() else 0

    def count(self) -> int:
        """How many messages it took."""
        return self.log.read_bytes().count(b"\n") if self.log.exists() else 0

    def wait_until_quiet(self) -> None:
        """Wait until it has dealt with all that it was sent before the mailroom went."""
        seen, since = self.count(), time.monotonic()
        while time.monotonic() - since < 0.15:
            time.sleep(0.03)
            if (now := self.count()) != seen:
                seen, since = now, time.monotonic()

    def taken(self) -> dict[str, str]:
        """Queue ids by Message-ID."""
        from stet.mailroom.relay_log import read_relay_log

        return read_relay_log(self.log.read_bytes().splitlines(keepends=True)) if self.log.exists() else {}

    def times(self) -> Counter[str]:
        """How often it took each Message-ID."""
        words = self.log.read_text().split() if self.log.exists() else []
        return Counter(word.partition("=")[2] for word in words if word.startswith("message-id="))

    def end(self) -> None:
        self._process.terminate()
        self._process.communicate()


class Crashes:
    """One dispatch, sent by mailrooms that are killed."""

    def __init__(
        self, newsroom: Any, relay: Relay, dispatch: Any, *, connections: int, with_relay_log: bool, seed: int
    ) -> None:
        from stet.mailroom.addressing import Addressing
        from stet.mailroom.journal import Place
        from stet.mailroom.running import sender_of

        self.newsroom, self.relay, self.dispatch = newsroom, relay, dispatch
        self.connections, self.with_relay_log = connections, with_relay_log
        self.dice = random.Random(seed)
        self.place = Place(newsroom.folder / "data" / "mailroom")
        self.addressing = Addressing(sender_of(newsroom))
        self.most_uncertain = 0

    def run(self, kills: int) -> Figures:
        """Kill so many mailrooms, let the last one finish, and count."""
        started = time.monotonic()
        self.killed = 0
        # An equal share of the letter for each kill, so that it lasts for all of them.
        share = self.dispatch.planned / (kills * 1.1)
        while self.killed < kills and not self.is_done():
            self.kill_one(share)
            assert time.monotonic() - started < LONGEST_SECONDS, "It does not come to an end."
            self.after_a_kill()
        self.finish()
        return self.figures(time.monotonic() - started)

    def kill_one(self, share: float) -> None:
        """Kill a mailroom at a random moment: after some copies, or, one time in five, at any time since its start."""
        had = self.relay.size()
        child = self.a_mailroom()
        if self.dice.random() < 0.8:
            enough = had + self.relay.LINE_BYTES * self.dice.uniform(0, 1.4 * share)
            deadline = time.monotonic() + 10
            while self.relay.size() < enough and time.monotonic() < deadline:
                time.sleep(0.0005)
            time.sleep(self.dice.uniform(0, 0.003))
        else:
            time.sleep(self.dice.uniform(0, 0.06))
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
        _child, status = os.waitpid(child, 0)
        assert os.WIFSIGNALED(status), "A mailroom ended by itself."
        self.killed += 1

    def after_a_kill(self) -> None:
        """Every other time replay here, where it can be counted; else the next mailroom does, and may die of it."""
        from stet.mailroom.resolving import resolve
        from stet.mailroom.running import recover

        if self.killed % 2 and not self.with_relay_log:
            return
        before = self.uncertain_events()
        journals = len(list(self.place.journals.iterdir())) if self.place.journals.exists() else 0
        recover(self.place, now=datetime.now(UTC))
        if journals:
            self.most_uncertain = max(self.most_uncertain, (self.uncertain_events() - before) // max(journals, 1))
        if self.with_relay_log:
            self.relay.wait_until_quiet()
            self.dispatch.refresh_from_db()
            resolve(self.dispatch, self.relay.taken(), self.addressing, now=datetime.now(UTC), quiet_after=timedelta(0))

    def finish(self) -> None:
        """Let one mailroom work to the end, and end it in order."""
        child = self.a_mailroom()
        deadline = time.monotonic() + LONGEST_SECONDS
        while not self.is_done():
            assert time.monotonic() < deadline, "It does not come to an end."
            time.sleep(0.2)
        os.kill(child, signal.SIGTERM)
        _child, status = os.waitpid(child, 0)
        assert status == 0, "The last mailroom did not end in order."

    def is_done(self) -> bool:
        from stet.mailroom.models import Dispatch

        return Dispatch.objects.filter(pk=self.dispatch.pk, state="finished").exists()

    def uncertain_events(self) -> int:
        from stet.mailroom.models import JournalEntry
        from stet.mailroom.states import Event

        return JournalEntry.objects.filter(event=Event.UNCERTAIN).count()

    def a_mailroom(self) -> int:
        """Fork a mailroom; its process."""
        from django.db import connections

        connections.close_all()
        child = os.fork()
        if child:
            return child
        try:
            from stet.mailroom.lanes import Lanes
            from stet.mailroom.running import Room

            stop = threading.Event()
            signal.signal(signal.SIGTERM, lambda *_: stop.set())
            Room(self.newsroom, lanes=lambda: Lanes({})).work(stop)
            os._exit(0)
        except BaseException as error:
            print(f"{type(error).__name__}: {error}", file=sys.stderr, flush=True)
        finally:
            os._exit(1)

    def figures(self, seconds: float) -> Figures:
        from stet.mailroom.accounts import account_of
        from stet.mailroom.models import Recipient
        from stet.mailroom.states import State

        self.dispatch.refresh_from_db()
        account = account_of(self.dispatch)
        times = self.relay.times()
        lost = skipped = 0
        known = set()
        for state, pk in Recipient.objects.filter(dispatch=self.dispatch).values_list("state", "pk"):
            message_id = self.addressing.message_id(self.dispatch.letter, pk)
            known.add(message_id)
            lost += state == State.ACCEPTED and not times[message_id]
            skipped += state not in (State.ACCEPTED, State.UNCERTAIN)
        return Figures(
            recipients=self.dispatch.planned,
            kills=self.killed,
            connections=self.connections,
            with_relay_log=self.with_relay_log,
            lost=lost,
            skipped=skipped,
            duplicate=sum(count - 1 for count in times.values()) + len(times.keys() - known),
            uncertain=account.uncertain,
            uncertain_in_all=self.uncertain_events(),
            most_uncertain_after_a_kill=self.most_uncertain,
            balances=account.balances,
            state=self.dispatch.state,
            seconds=round(seconds, 1),
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--recipients", type=int, default=10_000)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--connections", type=int, default=4)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--with-relay-log", action="store_true", help="only this half")
    parser.add_argument("--without-relay-log", action="store_true", help="only this half")
    asked = parser.parse_args()
    halves = [half for half in (False, True) if not (asked.without_relay_log if half else asked.with_relay_log)]
    if len(halves) == 2:
        # Each half in a process of its own: Django knows one database at a time.
        words = [f"--{name}={getattr(asked, name)}" for name in ("recipients", "kills", "connections", "seed")]
        command = [sys.executable, __file__, *words]
        said = [
            subprocess.run([*command, half], check=True, stdout=subprocess.PIPE, text=True).stdout
            for half in ("--without-relay-log", "--with-relay-log")
        ]
        print(json.dumps([json.loads(one) for one in said], indent=2))
        return
    with tempfile.TemporaryDirectory(prefix="stet-crash-") as name:
        folder = Path(name)
        set_up(folder)
        relay = Relay(folder)
        try:
            newsroom = newsroom_at(folder, port=relay.port, connections=asked.connections)
            make_keys(newsroom)
            dispatch = fill(newsroom, asked.recipients)
            crashes = Crashes(
                newsroom, relay, dispatch, connections=asked.connections, with_relay_log=halves[0], seed=asked.seed
            )
            print(json.dumps(asdict(crashes.run(asked.kills))))
        finally:
            relay.end()


if __name__ == "__main__":
    main()
