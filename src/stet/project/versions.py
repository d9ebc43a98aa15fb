"""Which versions run here."""

from importlib import metadata


def version_of(package: str) -> str:
    """The installed version of `package`; "uninstalled" for Stet run from a bare checkout."""
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "uninstalled"
