"""View every sample article through lines that freeze, with a real browser; prints one line of JSON for each way.

    python tools/curtain.py                        a relay that counts; works everywhere
    python tools/curtain.py --namespaces           the kernel counts packets between two network namespaces; as root
    python tools/curtain.py --namespaces --delay 20    the same with 20 ms each way, counted on the way; as root
    python tools/curtain.py --pages others         fronts, lists, letters, check.html: every page that is no article
    python tools/curtain.py --newsroom demo        articles of a newsroom that is printed already

Each language is read in one browser window, article after article and then the first ten once more: what counts is the
connection, so later pages are what would hang. With `--stay 0` the next page is opened while photos of the one before
are still on their way. docs/measurements.md explains the figures.
"""

import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from playwright.sync_api import Browser, sync_playwright
from tools.benchmarks.slow_line import SlowLine

from tests.whole.browsing import LANGUAGES, articles, other_pages, resolving, view
from tests.whole.conftest import CHROMIUM, made_in
from tests.whole.curtain import MOST_BYTES, MOST_PACKETS, Curtain
from tests.whole.serving import HOST, certificate_in, served

SCREENS = {"phone": {"width": 390, "height": 800}, "wide": {"width": 1280, "height": 800}}
"""On a wide one the lead photo is a file of up to 42 KB, which no such line lets through: there the text is enough."""
SERVERS = {
    "nginx, HTTP/2": ("nginx", False),
    "nginx, one answer a connection": ("nginx", True),
    "caddy, HTTP/2": ("caddy", False),
    "caddy, one answer a connection": ("caddy", True),
}
SPACE, HERE, THERE = "stet-curtain", "10.231.77.1", "10.231.77.2"
INSIDE = ("ip", "netns", "exec", SPACE)
PAGES = {"articles": articles, "others": other_pages}
FREEZE = {
    "packets": f"ct packets > {MOST_PACKETS}",
    "bytes": f"ct reply bytes > {MOST_BYTES}",  # with all headers: a little stricter than the relay
    "none": "ct packets > 100000000",
}


def main() -> None:
    """Measure what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--namespaces", action="store_true", help="count real packets; needs root, ip and nft")
    parser.add_argument("--newsroom", type=Path, help="a newsroom that is printed (default: the sample, made anew)")
    parser.add_argument("--delay", type=int, default=0, metavar="MS", help="with --namespaces: delay each way")
    parser.add_argument("--server", choices=SERVERS, action="append", help="only this one")
    parser.add_argument("--model", choices=("bytes", "packets"), action="append", help="only this one")
    parser.add_argument("--screen", choices=SCREENS, action="append", help="only this one")
    parser.add_argument("--pages", choices=PAGES, default="articles", help="which pages (default: articles)")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="view every Nth page (default: 1)")
    parser.add_argument(
        "--stay",
        type=float,
        default=1.0,
        metavar="SECONDS",
        help="on each page, before the next is opened (default: 1)",
    )
    asked = parser.parse_args()
    if asked.namespaces and os.geteuid() != 0:
        sys.exit("Network namespaces need root. Run it as root, or without --namespaces.")
    with tempfile.TemporaryDirectory(prefix="stet-curtain-") as folder:
        newsroom = asked.newsroom.absolute() if asked.newsroom else made_in(Path(folder) / "paper").folder
        with sync_playwright() as playwright:
            for what in asked.server or SERVERS:
                for figures in measured(playwright, newsroom, Path(folder), what, asked):
                    print(json.dumps(figures), flush=True)


def measured(
    playwright: object, newsroom: Path, folder: Path, what: str, asked: argparse.Namespace
) -> Iterator[dict[str, object]]:
    """The figures of one server, model by model, on a phone's screen and on a wide one."""
    name, is_mirror = SERVERS[what]
    place = folder / re.sub(r"\W+", "-", what)
    place.mkdir()
    certificate = certificate_in(place)
    counted_by = "relay" if not asked.namespaces else "slow line" if asked.delay else "kernel"
    for model in asked.model or ("bytes", "packets"):
        out = place / model
        with line(newsroom, out, name, model, certificate, is_mirror=is_mirror, asked=asked) as (address, port, slow):
            for screen in asked.screen or SCREENS:
                browser = playwright.chromium.launch(executable_path=CHROMIUM, args=resolving(address))  # type: ignore[attr-defined]
                figures = viewed(browser, newsroom / "edition/site", port, screen, asked=asked, slow=slow)
                browser.close()
                yield {"server": what, "counted_by": counted_by, "model": model,
                       "pages": asked.pages, "screen": screen, "delay_ms": asked.delay,
                       "stay_seconds": asked.stay, **figures}  # fmt: skip


def viewed(
    browser: Browser, site: Path, port: int, screen: str, *, asked: argparse.Namespace, slow: SlowLine | None
) -> dict[str, object]:
    """What came of every view. Of a slow line also: packets that came twice on connections of views that hung."""
    seconds, missing, sent_again = [], [], []
    for language in LANGUAGES:
        page = browser.new_page(viewport=SCREENS[screen])  # type: ignore[arg-type]
        paths = PAGES[asked.pages](site, language)[:: asked.every]
        for path in [*paths, *paths[:10]]:
            start = time.perf_counter()
            before = set(slow.flows) if slow else set()
            if what := view(page, f"https://{HOST}:{port}{path}", with_photo=screen == "phone"):
                missing.append([path, what])  # the same address twice where both views hung
                flows = slow.flows.copy() if slow else {}
                sent_again.append([flow.sent_again for ends, flow in flows.items() if ends not in before])
            seconds.append(time.perf_counter() - start)
            page.wait_for_timeout(asked.stay * 1_000)
        page.close()
    return {
        "views": len(seconds), "hung": len(missing), "median_ms": round(statistics.median(seconds) * 1_000),
        "longest_ms": round(max(seconds) * 1_000), "missing": missing,
        **({"sent_again_where_hung": sent_again} if slow else {}),
    }  # fmt: skip


@contextmanager
def line(
    newsroom: Path, out: Path, name: str, model: str, certificate: Path, *, is_mirror: bool, asked: argparse.Namespace
) -> Iterator[tuple[str, int, SlowLine | None]]:
    """A server behind a line that freezes: its address and port for the browser, and the line if it is a slow one."""
    if not asked.namespaces:
        with (
            served(newsroom, out, name, is_mirror=is_mirror, certificate=certificate) as server,
            Curtain(server.port, model) as curtain,
        ):
            yield "127.0.0.1", curtain.port, None
        return
    with (
        namespace(),
        slow_line(model, asked.delay) if asked.delay else cable() as slow,
        served(
            newsroom, out, name, is_mirror=is_mirror, certificate=certificate, address=THERE, within=INSIDE
        ) as server,
    ):
        if not asked.delay:
            chains = (("input", "dport"), ("output", "sport"))
            rules = "\n".join(
                f"chain {hook} {{ type filter hook {hook} priority 0; tcp {end} {server.port} {FREEZE[model]} drop; }}"
                for hook, end in chains
            )
            run(*INSIDE, "nft", f"table inet stet {{\n{rules}\n}}")
        yield THERE, server.port, slow


@contextmanager
def namespace() -> Iterator[None]:
    """A network namespace with a loopback of its own."""
    run("ip", "netns", "add", SPACE)
    try:
        run(*INSIDE, "ip", "link", "set", "lo", "up")
        yield
    finally:
        subprocess.run(("ip", "netns", "del", SPACE), check=False)


@contextmanager
def cable() -> Iterator[SlowLine | None]:
    """Join this network and the namespace by a line with an MTU of 1,500 that carries one segment at a time."""
    one, other = ("stet0", "gso_max_segs", "1"), ("stet1", "gso_max_segs", "1")
    run("ip", "link", "add", *one, "type", "veth", "peer", "name", *other)
    try:
        addressed()
        run(*INSIDE, "sysctl", "-qw", "net.netfilter.nf_conntrack_acct=1")
        yield None
    finally:
        subprocess.run(("ip", "link", "del", "stet0"), check=False)


@contextmanager
def slow_line(model: str, delay_ms: int) -> Iterator[SlowLine | None]:
    """Join them by one that takes its time, and counts for itself."""
    line = SlowLine(
        "stet0", "stet1", delay_seconds=delay_ms / 1_000,
        most_packets=MOST_PACKETS if model == "packets" else sys.maxsize,
        most_bytes=MOST_BYTES if model == "bytes" else sys.maxsize,
    )  # fmt: skip
    try:
        addressed()
        yield line
    finally:
        line.close()


def addressed() -> None:
    """Give the second device to the namespace, and both an address."""
    run("ip", "link", "set", "stet1", "netns", SPACE)
    for within, device, own, other in (((), "stet0", HERE, THERE), (INSIDE, "stet1", THERE, HERE)):
        run(*within, "ip", "addr", "add", own, "peer", other, "dev", device)
        run(*within, "ip", "link", "set", device, "up")


def run(*command: str) -> None:
    """Run a command; what it says on its error stream is shown."""
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    main()
