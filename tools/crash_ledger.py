"""Kill the ledger between form, redirect, webhook and worker, again and again, and count what came of it.

    python tools/crash_ledger.py [--kills 200] [--seed N]        against the practice provider, over HTTP
    python tools/crash_ledger.py --double                        against the tests' own, which is quicker

prints JSON. Somebody gives; the process that takes the form, the delivery, the work, a refund or a cancellation kills
itself with SIGKILL at one of the points that it passes: before and after each statement in the database and each
request to the provider. The provider is another process, and lives. Who was not led anywhere tries again or leaves; a
delivery that was not answered comes again or never; work that was cut off is done again or left. Then everything that
the provider knows is compared once with the ledger, and:

lost: the provider has it, the ledger does not. doubled: the ledger has it twice, or the provider took money, gave it
back or ended a plan twice for one order.
"""

import argparse
import json
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Union

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]

from tools.ledger.shop_server import RemoteShop, ShopProcess  # noqa: E402 - the path comes first

if TYPE_CHECKING:
    from tools.ledger.practice_server import PracticeProcess, PracticeShop


DANGER = {"webhook": 0.2}
"""How often a stage is one that may be killed: there are many deliveries to one form."""


@dataclass(frozen=True, kw_only=True)
class Figures:
    """What came of it."""

    kills: int
    points: int
    """Different points at which it was killed, by stage and by what was being done."""
    kills_by_stage: dict[str, int]
    contributions: int
    payments: int
    refunds: int
    ended: int
    lost_before: int
    """Facts that the ledger lacked before the comparison; it found them."""
    lost: int
    doubled: int
    differences_to_settle: int
    acts_left_open: int
    cards_let_go: int
    """Of a country whose cards are refused."""
    refused_and_charged: int
    """Such cards from which something was collected all the same."""
    integrity: str
    seconds: float


class Points:
    """Counts points, and kills this process at one of them."""

    def __init__(self, stage: str, kill_at: int | None) -> None:
        self.stage, self.left = stage, kill_at

    def pass_by(self, name: str) -> None:
        if self.left is None:
            return
        if self.left == 0:
            os.write(2, f"{self.stage}\t{name}\n".encode())
            os.kill(os.getpid(), signal.SIGKILL)
        self.left -= 1

    def around(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:  # noqa: FBT001 - Django's
        what = " ".join(sql.split()[:3]).replace('"', "")
        self.pass_by(f"before {what}")
        answer = execute(sql, params, many, context)
        self.pass_by(f"after {what}")
        return answer


class Crashes:
    """Givers, one after the other, and processes that are killed."""

    def __init__(self, folder: Path, shop: "Process", *, dice: random.Random) -> None:
        self.folder = folder
        self.shop = shop
        self.dice = dice
        self.kills: list[str] = []
        self.longest: Counter[str] = Counter()
        """How many points a stage has, as far as is known."""
        self.contributions = 0

    # --- A process that may be killed ---

    def stage(self, name: str, work: "Callable[[Shop], str]", *, may_die: bool = True) -> str | None:
        """Do `work` in a process of its own; what it answered; None where it was killed before it did."""
        # Some live: how many points a stage has is only known of those.
        kill_at = None
        if may_die and self.dice.random() < DANGER.get(name, 0.7):
            kill_at = self.dice.randrange(max(self.longest[name], 12))
        told, tell = os.pipe()
        say, said = os.pipe()
        child = self._forked(name, work, kill_at, answer=tell, last_words=said)
        os.close(tell)
        os.close(said)
        with os.fdopen(told) as answers, os.fdopen(say) as words:
            answer, last = answers.read(), words.read()
        _child, status = os.waitpid(child, 0)
        if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL:
            self.kills.append(last.strip())
            # What was answered before it died has been heard: somebody was led to the provider.
            return answer or None
        if status != 0:
            raise RuntimeError(f"{name} failed: {last}")
        passed = int(last.rsplit("\t", 1)[-1] or 0)
        self.longest[name] = max(self.longest[name], passed)
        return answer

    def _forked(
        self, name: str, work: "Callable[[Shop], str]", kill_at: int | None, *, answer: int, last_words: int
    ) -> int:
        from django.db import connections

        connections.close_all()
        child = os.fork()
        if child:
            return child
        try:
            os.dup2(last_words, 2)
            points = Points(name, 10_000 if kill_at is None else kill_at)
            shop = self.shop.remote(points.pass_by)
            begun = points.left or 0
            with ExitStack() as stack:
                stack.enter_context(connections["readers"].execute_wrapper(points.around))
                said = work(shop)
            points.pass_by("before the answer")
            os.write(answer, said.encode())
            points.pass_by("after the answer")
            connections.close_all()
            os.write(2, f"\t{begun - (points.left or 0)}".encode())
            os._exit(0)
        except BaseException as error:
            os.write(2, f"{type(error).__name__}: {error}".encode())
        finally:
            os._exit(1)

    # --- What happens ---

    def run(self, kills: int) -> Figures:
        """Let people give until so many processes were killed, then compare once."""
        started = time.monotonic()
        while len(self.kills) < kills:
            self.one_giver()
        return self.figures(time.monotonic() - started)

    def one_giver(self) -> None:
        interval = self.dice.choice(["once", "once", "monthly"])
        session = self.stage("form", lambda shop: begin(shop, interval))
        if not session:
            # Nobody was led anywhere. Some press again, and it works this time; some leave.
            if self.dice.random() < 0.4:
                return
            session = self.stage("form", lambda shop: begin(shop, interval), may_die=False)
        assert session
        self.contributions += 1
        self.hear(self.shop.happens(interval, session))
        self.hear(self.shop.afterwards(session))
        if self.dice.random() < 0.6:
            self.staff(session, interval)

    def hear(self, deliveries: list[bytes]) -> None:
        """Deliver them in any order, and work off what came."""
        self.dice.shuffle(deliveries)
        for body in deliveries:
            self.deliver(body)
        self.work()

    def deliver(self, body: bytes) -> None:
        """Deliver it; what was not answered comes again, or never. What was answered comes twice at times."""
        for _time in range(3):
            answered = self.stage("webhook", lambda shop: take_delivery(shop, body, self.folder))
            if answered is not None and self.dice.random() < 0.8:
                return
            if answered is None and self.dice.random() < 0.3:
                return

    def work(self) -> None:
        """Work off what came; what was cut off is done again, or left to the next time."""
        for _time in range(3):
            done = self.stage("worker", lambda shop: work_off(shop, self.folder))
            if done is not None or self.dice.random() < 0.4:
                return

    def staff(self, session: str, interval: str) -> None:
        """Somebody in the office gives a payment back, or ends a plan."""
        order = "cancel" if interval == "monthly" and self.dice.random() < 0.5 else "refund"
        # They act on what they see: this one order is asked for first, no other.
        self.stage("look", lambda shop: look(shop, session), may_die=False)
        answered = self.stage(order, lambda shop: act(shop, session, order))
        if answered is None and self.dice.random() < 0.5:
            self.stage("finish", finish)

    # --- The end ---

    def figures(self, seconds: float) -> Figures:
        before = self._missing()
        self.stage("finish", finish, may_die=False)
        left = json.loads(self.stage("compare", compare, may_die=False) or "{}")
        told = Counter((one["kind"], one["provider_id"]) for one in self.shop.told())
        ours = self._ours()
        return Figures(
            kills=len(self.kills),
            points=len(set(self.kills)),
            kills_by_stage=dict(Counter(one.split("\t")[0] for one in self.kills)),
            contributions=self.contributions,
            payments=sum(count for (kind, _number), count in told.items() if kind == "settled"),
            refunds=sum(count for (kind, _number), count in told.items() if kind == "refunded"),
            ended=sum(count for (kind, _number), count in told.items() if kind == "ended"),
            lost_before=before,
            lost=len(told.keys() - ours.keys()),
            doubled=sum(count - 1 for count in ours.values()) + len(ours.keys() - told.keys()) + self._twice(told),
            differences_to_settle=left["open"],
            acts_left_open=left["acts"],
            cards_let_go=self.shop.let_go(),
            refused_and_charged=self.shop.refused_and_charged(),
            integrity=left["integrity"],
            seconds=round(seconds, 1),
        )

    def _missing(self) -> int:
        told = {(one["kind"], one["provider_id"]) for one in self.shop.told()}
        return len(told - self._ours().keys())

    def _ours(self) -> Counter[tuple[str, str]]:
        from stet.ledger.models import Fact

        return Counter(Fact.objects.values_list("kind", "provider_id"))

    def _twice(self, told: Counter[tuple[str, str]]) -> int:
        """What the provider did twice: refunds beyond the payment, plans that were ended twice, orders of one uid."""
        from stet.ledger.models import Act, Contribution

        refunds = Counter(one["of"] for one in self.shop.told() if one["kind"] == "refunded")
        beyond = sum(count - 1 for count in refunds.values())
        ended = sum(count - 1 for (kind, _number), count in told.items() if kind == "ended")
        sessions = Contribution.objects.exclude(session_id="").values_list("session_id", flat=True)
        same = len(sessions) - len(set(sessions))
        acts = Counter(Act.objects.filter(kind="refund", done=True).values_list("fact", flat=True))
        return beyond + ended + same + sum(count - 1 for count in acts.values()) + self.shop.twice()


# --- The stages, each in a process of its own ---


def begin(shop: "Shop", interval: str) -> str:
    """The form: the row first, then the provider with its uid, then the page's number, then the redirect."""
    from stet.ledger.models import Contribution
    from stet.ledger.months import month_of
    from tests.ledger.builders import order_of

    row = Contribution.objects.create(
        provider="practice", interval=interval, minor=500, currency="USD", language="en", month=month_of(shop.since)
    )
    started = shop.start(replace(order_of(row), refused_countries=shop.refused))
    Contribution.objects.filter(pk=row.pk).update(session_id=started.session_id)
    return started.session_id


def take_delivery(shop: "Shop", body: bytes, folder: Path) -> str:
    """The webhook."""
    from stet.ledger.taking import receive
    from tests.ledger.builders import SEALER

    del folder
    receive(shop, shop.read_delivery(shop.headers(body), body), body, sealer=SEALER, now=datetime.now(UTC))
    return "200"


def work_off(shop: "Shop", folder: Path) -> str:
    """The worker, until nothing is due. A lease of somebody who was killed is over: time passes faster here."""
    from stet.ledger.working import LEASE, Worker
    from stet.project.settings import Newsroom, Settings

    worker = Worker(Newsroom(folder=folder, settings=Settings()), {"practice": shop})
    while worker.step(datetime.now(UTC) + LEASE + timedelta(seconds=1)):
        pass
    return "idle"


def look(shop: "Shop", session: str) -> str:
    """Ask the provider what is true of one order, and keep it."""
    from stet.ledger.taking import take_in

    return str(take_in(shop.facts_of(session), provider=shop.name, now=datetime.now(UTC)))


def act(shop: "Shop", session: str, order: str) -> str:
    """The office."""
    from stet.ledger import acting
    from stet.ledger.errors import ActRefusedError
    from stet.ledger.models import Contribution

    row = Contribution.objects.get(session_id=session)
    payment = row.facts.filter(kind="settled").first()
    now = datetime.now(UTC)
    try:
        if order == "refund" and payment is not None:
            acting.refund(shop, payment, reason="asked", by="timur", now=now)
        elif order == "cancel" and row.plan is not None:
            acting.cancel(shop, row.plan, reason="asked", by="timur", now=now)
    except ActRefusedError:
        return "refused"
    return order


def finish(shop: "Shop") -> str:
    """What the ledger's process does every hour."""
    from stet.ledger import acting

    return str(acting.finish({"practice": shop}, now=datetime.now(UTC)))


def compare(shop: "Shop") -> str:
    """One comparison, as every night."""
    from django.db import connections

    from stet.ledger.models import Act
    from stet.ledger.reconciling import reconcile

    report = reconcile(shop, shop.since, now=datetime.now(UTC))
    with connections["readers"].cursor() as cursor:
        integrity = cursor.execute("PRAGMA integrity_check").fetchone()[0]
    acts = Act.objects.filter(done=False).count()
    return json.dumps({"open": report.open, "acts": acts, "integrity": integrity})


Process = Union[ShopProcess, "PracticeProcess"]
Shop = Union[RemoteShop, "PracticeShop"]


def practice_process(dice: random.Random) -> "PracticeProcess":
    """The practice provider, which needs Django's models around it."""
    from tools.ledger.practice_server import PracticeProcess

    return PracticeProcess(dice)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--double", action="store_true", help="against the tests' own provider")
    asked = parser.parse_args()
    from tools.mail.newsroom import set_up

    with tempfile.TemporaryDirectory(prefix="stet-crash-") as name:
        set_up(Path(name))
        dice = random.Random(asked.seed)
        shop = ShopProcess(dice) if asked.double else practice_process(dice)
        try:
            print(json.dumps(asdict(Crashes(Path(name), shop, dice=dice).run(asked.kills)), indent=2))
        finally:
            shop.close()


if __name__ == "__main__":
    main()
