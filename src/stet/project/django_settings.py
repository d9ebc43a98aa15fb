"""Django's settings, made from one newsroom's folder.

The folder is named by the environment variable STET_NEWSROOM; without it the current folder is taken.
Nothing here is set by hand: what a newsroom may set stands in `stet.project.settings`.
"""

import os
from pathlib import Path

from stet.project.django_values import django_values
from stet.project.settings import open_newsroom

globals().update(django_values(open_newsroom(Path(os.environ.get("STET_NEWSROOM", ".")))))
