"""What sourcing adds to the desk."""

from stet.sourcing import gap_hooks  # noqa: F401 - its hooks register themselves
