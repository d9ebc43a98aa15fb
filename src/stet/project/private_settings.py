"""Django's settings for a process of the private wing, which STET_PROCESS names; the newsroom is STET_NEWSROOM's."""

import os
from typing import cast

from stet.project.private_values import Process, private_values
from stet.project.setup import newsroom_of_environment

globals().update(private_values(newsroom_of_environment(), cast("Process", os.environ.get("STET_PROCESS", "mailroom"))))
