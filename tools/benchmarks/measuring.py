"""One archive, measured from its first print to its last request."""

import json
import sys
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from tools.benchmarks.figures import machine
from tools.benchmarks.processes import Ran, run, say
from tools.benchmarks.serving import free_port, measure_serving
from tools.benchmarks.watching import measure_publishing
from tools.benchmarks.weighing import every_article, measure_tree, measure_weight

FORMS = 10
"""How many times the desk's own form is sent."""
SECONDS_A_STORY, LEAST_SECONDS = 0.06, 1_200


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What to measure."""

    stories: int
    publishes: int
    with_hugo: bool
    with_check: bool
    folder: Path
    newest: datetime
    only_weight: bool = False
    kept: Path | None = None
    """A newsroom that was made before."""

    @property
    def newsroom(self) -> Path:
        """Where the newsroom is made."""
        return self.kept or self.folder / "newsroom"

    @property
    def patience_seconds(self) -> float:
        """How long one step may take."""
        return LEAST_SECONDS + self.stories * SECONDS_A_STORY


def measure(order: Order) -> dict[str, object]:
    """Make the archive and measure everything; the answer is ready for JSON."""
    found: dict[str, object] = {"stories": order.stories, "machine": machine()}
    port = free_port()
    say(f"{order.stories:,} stories: writing the archive")
    paths = filled(order, port)
    say("printing everything")
    printed = at_desk(order, "print")
    found["full_print"] = {**_taken(printed), "sheets": json.loads(printed.output)["sheets"]}
    site = order.newsroom / "edition" / "site"
    found["edition"] = measure_tree(site)
    say(f"full print: {json.dumps(found['full_print'])}")
    if order.only_weight:
        every = every_article(site)
        return {**found, "article_page": measure_weight(site, every, most=len(every))}
    found["article_page"] = measure_weight(site, paths)
    if order.with_hugo:
        from tools.benchmarks.hugo import hugo_version, measure_hugo

        say("building with Hugo")
        hugo = measure_hugo(order)
        found["hugo"] = {**_taken(hugo), "version": hugo_version()}
        found["full_print_to_hugo"] = round(printed.wall_seconds / hugo.wall_seconds, 2)
    say("publishing")
    found["publish"] = measure_publishing(order.newsroom, order.publishes, forms=FORMS)
    say("serving")
    found["serving"] = measure_serving(order.newsroom, port, paths)
    if order.with_check:
        say("comparing with a full print")
        found["check"] = json.loads(at_desk(order, "check").output)
    return found


def filled(order: Order, port: int) -> list[str]:
    """Make the newsroom; answer the paths of some of its articles."""
    details = {
        "articles": order.stories, "newest": order.newest.isoformat(), "reader_port": port, "desk_port": free_port(),
    }  # fmt: skip
    ran = at_desk(order, "fill", json.dumps(details))
    say(f"the archive stands after {ran.wall_seconds:.0f} s")
    return list(json.loads(ran.output)["paths"])


def at_desk(order: Order, *words: str) -> Ran:
    """Have the desk's process do something."""
    command = [sys.executable, "-m", "tools.benchmarks.desk", str(order.newsroom), *words]
    return run(command, timeout_seconds=order.patience_seconds)


def _taken(ran: Ran) -> dict[str, object]:
    return {"wall_seconds": ran.wall_seconds, "cpu_seconds": ran.cpu_seconds, **ran.memory}
