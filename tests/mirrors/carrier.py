"""Carries an edition in a process of its own, which may be killed: one order a line on the input, as JSON.

For each order a process is forked, and a line says how it ended: "done", the name of an error of Stet's, "killed", or
what went wrong that must not. It kills itself, after so many seconds: its number may be another's by the time that
somebody else would.
"""

import json
import os
import signal
import sys
import threading
import traceback
from pathlib import Path
from typing import Any

from stet.kit.errors import StetError
from stet.mirrors.base import Patience
from stet.mirrors.places import KINDS, module_of
from stet.mirrors.sync import Sync


def main() -> None:
    """Take orders until the input ends."""
    for kind in sys.argv[1:]:
        module_of(f"{next(scheme for scheme in KINDS if scheme == kind)}:")
    for line in sys.stdin:
        order = json.loads(line)
        reading, writing = os.pipe()
        number = os.fork()
        if number == 0:
            os.close(reading)
            if order["kill_after"] is not None:
                threading.Timer(order["kill_after"], os.kill, (os.getpid(), signal.SIGKILL)).start()
            os.write(writing, carried(order).encode())
            os._exit(0)
        os.close(writing)
        with os.fdopen(reading, "rb") as ended:
            how = ended.read().decode() or "killed"
        os.waitpid(number, 0)
        print(json.dumps(how), flush=True)


def carried(order: dict[str, Any]) -> str:
    """How it ended."""
    try:
        options = {"patience": Patience(**order["patience"])} if order["patience"] else {}
        place = module_of(order["target"]).open_place(order["target"], order["secrets"], **options)
        Sync(site=Path(order["site"]), place=place, folder=Path(order["folder"]), may_shrink=True).run()
        place.close()
    except StetError as error:
        return f"{type(error).__name__}: {error}"
    except BaseException:
        return "crashed: " + traceback.format_exc()[-2_000:]
    return "done"


if __name__ == "__main__":
    main()
