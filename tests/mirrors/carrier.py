"""Carries an edition in a process of its own, which may be killed: one order a line on the input, as JSON.

For each order a process is forked; its number is written at once, and how it ended when it has: "done", the name of an
error of Stet's, "killed", or what went wrong that must not.
"""

import json
import os
import sys
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
        reading, writing = os.pipe()
        number = os.fork()
        if number == 0:
            os.close(reading)
            os.write(writing, carried(json.loads(line)).encode())
            os._exit(0)
        os.close(writing)
        print(number, flush=True)
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
