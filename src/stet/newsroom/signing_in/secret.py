"""Keys made from the desk's secret, one for each purpose."""

from django.conf import settings
from django.utils.encoding import force_bytes

from stet.kit.digests import digest


def key_for(purpose: str) -> bytes:
    """The 32 bytes for this purpose; another purpose has others."""
    return digest(f"stet desk {purpose}", force_bytes(settings.SECRET_KEY))
