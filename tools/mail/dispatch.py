"""One letter to many readers, sent by a whole mailroom: claims, journal, account. In processes of their own.

    python tools/mail/dispatch.py fill DIR --readers N      make a newsroom with so many readers and a letter due
    python tools/mail/dispatch.py send DIR --port PORT      send it there (0: make all copies, send none); prints JSON

Two processes, so that the memory of the second is the mailroom's alone.
"""

import argparse
import json
import resource
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]

from tools.mail.letter import FROM_NAME, SUBJECT, bodies  # noqa: E402 - the path comes first
from tools.mail.newsroom import fill, make_keys, newsroom_at, set_up  # noqa: E402


def dispatched(folder: Path, *, readers: int, port: int, connections: int, dkim: str = "") -> dict[str, Any]:
    """Figures of one dispatch. `dkim`: the kind of key that signs it."""
    here = [sys.executable, __file__]
    subprocess.run([*here, "fill", str(folder), f"--readers={readers}", f"--dkim={dkim}"], check=True)
    send = [*here, "send", str(folder), f"--port={port}", f"--connections={connections}"]
    found: dict[str, Any] = json.loads(subprocess.run(send, check=True, capture_output=True, text=True).stdout)
    return found


def fill_newsroom(folder: Path, *, readers: int, dkim: str) -> None:
    """Keys, readers, a letter."""
    from stet.mailroom.dkim import make_key, write_key

    newsroom = newsroom_at(folder, port=0, connections=1)
    make_keys(newsroom)
    if dkim:
        (newsroom.keys / f"dkim-{dkim}.pem").write_bytes(write_key(make_key(dkim)))
    html, text = bodies()
    fill(newsroom, readers, html=html, text=text, subject=SUBJECT, from_name=FROM_NAME)


def send_letter(folder: Path, *, port: int, connections: int) -> dict[str, Any]:
    """Send what is due; rate and CPU from the mailroom's start until the dispatch is finished, all accounted for."""
    from stet.mailroom.accounts import account_of
    from stet.mailroom.lanes import Lanes
    from stet.mailroom.models import Dispatch
    from stet.mailroom.running import Room, settle_in, transports_of
    from stet.mailroom.transport import DryTransport

    newsroom = newsroom_at(folder, port=port, connections=connections)
    dry = [DryTransport() for _number in range(connections)]
    room = Room(newsroom, transports=transports_of if port else lambda _newsroom: list(dry), lanes=lambda: Lanes({}))
    settle_in()  # as the mailroom's process does first
    stop = threading.Event()
    threading.Thread(target=_stop_when_finished, args=(stop,), daemon=True).start()
    wall, cpu = time.perf_counter(), time.process_time()
    room.work(stop)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    dispatch = Dispatch.objects.get()
    account = account_of(dispatch)
    return {
        "messages": account.planned,
        "connections": connections,
        "messages_per_second": round(account.planned / wall),
        "cpu_microseconds_per_message": round(cpu / account.planned * 1e6, 1),
        "peak_memory_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
        "accepted": account.accepted,
        "state": dispatch.state,
        "balances": account.balances,
    }


def _stop_when_finished(stop: threading.Event) -> None:
    from stet.mailroom.models import Dispatch

    while Dispatch.objects.get().state != Dispatch.State.FINISHED:
        time.sleep(0.05)
    stop.set()


def main() -> None:
    """Do what the command line says."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("fill", "send"))
    parser.add_argument("folder", type=Path)
    parser.add_argument("--readers", type=int, default=20_000)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--connections", type=int, default=1)
    parser.add_argument("--dkim", choices=("", "rsa", "ed25519"), default="")
    asked = parser.parse_args()
    set_up(asked.folder)
    if asked.what == "fill":
        fill_newsroom(asked.folder, readers=asked.readers, dkim=asked.dkim)
    else:
        print(json.dumps(send_letter(asked.folder, port=asked.port, connections=asked.connections)), flush=True)


if __name__ == "__main__":
    main()
