"""What can go wrong with a theme."""

from stet.kit.errors import RefusedError


class BadThemeError(RefusedError):
    """A newsroom's own template, colour or style can't be used; the text names the file and the line."""
