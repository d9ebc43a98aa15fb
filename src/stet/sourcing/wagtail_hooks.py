"""What sourcing adds to the desk. Each part registers its hooks in a module of its own; Wagtail loads this one."""

from stet.sourcing import gap_hooks, records_hooks  # noqa: F401 - they register
from stet.sourcing.editor import hooks  # noqa: F401 - it registers
