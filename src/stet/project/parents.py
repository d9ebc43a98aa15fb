"""A process that ends when the one that started it ends, however that happens."""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1
"""From Linux, include/uapi/linux/prctl.h."""


def die_with_parent() -> None:
    """Have the kernel send SIGTERM to this process when its parent is gone, even where that one was killed.

    Elsewhere than on Linux this does nothing.
    """
    if not sys.platform.startswith("linux"):
        return
    parent = os.getppid()
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    if os.getppid() != parent:  # it went in between
        os.kill(os.getpid(), signal.SIGTERM)
