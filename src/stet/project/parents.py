"""A process that ends when the one that started it ends, however that happens."""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1
PR_SET_NAME = 15
"""Both from Linux, include/uapi/linux/prctl.h."""


def die_with_parent(parent: int | None = None, *, name: str | None = None) -> None:
    """Have the kernel send SIGTERM to this process when its parent is gone, even where that one was killed.

    `parent` is its process id, where the caller knew it before this process began. `name`, of at most 15 characters, is
    what `ps` and `top` show. Elsewhere than on Linux this does nothing.
    """
    if not sys.platform.startswith("linux"):
        return
    parent = os.getppid() if parent is None else parent
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    if name is not None:
        prctl(PR_SET_NAME, name.encode(), 0, 0, 0)
    if os.getppid() != parent:  # it went in between
        os.kill(os.getpid(), signal.SIGTERM)
