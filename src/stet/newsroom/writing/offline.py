"""The key with which a browser locks what it keeps while the desk does not answer.

The copy lies in the browser, sealed; the key comes with the form to who is signed in, and is kept nowhere else. A copy
on a device that was taken says nothing to who cannot sign in as its writer. A new password makes a new key, and old
copies are lost: that is the price of a password that may have been given away.
"""

import base64
import hashlib
import hmac
from typing import Any

from django.conf import settings
from django.utils.encoding import force_bytes

KEY_BYTES = 32


def key_of(user: Any) -> str:
    """The key of an editor's copies, in base64."""
    named = f"stet.writing.offline:{user.pk}:{user.password}".encode()
    digest = hmac.new(force_bytes(settings.SECRET_KEY), named, hashlib.sha256).digest()
    return base64.b64encode(digest[:KEY_BYTES]).decode()
