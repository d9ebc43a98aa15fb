"""A page's own signature, so that one page that was saved or forwarded can be checked alone.

The rules:
 * The signature covers the site, the page's path, its revision and time, and the digest of the page without it.
 * It stands in a comment, `<!--stet-page {…}-->`, before the last `</html>`, or at the end where there is none.
 * Revision and time come from the content, never from the clock, and Ed25519 is deterministic; so a page that did not
   change is signed to the same bytes.
 * Taking the last such comment out of the page gives back the bytes that were signed.

It says "this page was ours, as of then", never "this page is current": that is the pointer's to say.
"""

import hashlib
import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import msgspec

from stet.edition.errors import PageBrokenError
from stet.edition.keys import Signer, is_signed, key_id
from stet.edition.sheet import file_path
from stet.kit import canonical
from stet.kit.clock import read_moment, write_moment
from stet.kit.digests import from_base64url, tagged, to_base64url

PAGE_TAG = "stet/1 page"
_OPEN = b"<!--stet-page "
_CLOSE = b"-->"
_HTML_END = b"</html>"


class PageSignature(msgspec.Struct, frozen=True, kw_only=True):
    """What a page's signature says."""

    site: str
    path: str
    """The path of the page's file, as in the manifest."""
    revision: str
    time: datetime
    key: str
    """The id of the edition key that signed."""
    signature: bytes


def sign_page(html: bytes, *, path: str, revision: str, time: datetime, site: str, signer: Signer) -> bytes:
    """`html` with its signature in it. `site` is the site's id; `path` may end in "/"."""
    path = file_path(path)
    signature = signer.sign(_message(html, site, path, revision, write_moment(time)))
    fields = {
        "key": signer.key_id,
        "path": path,
        "revision": revision,
        "sig": to_base64url(signature),
        "site": site,
        "time": write_moment(time),
    }
    text = canonical.write(fields).replace(b"<", b"\\u003c").replace(b">", b"\\u003e")
    at = html.rfind(_HTML_END)
    at = len(html) if at < 0 else at
    return b"".join((html[:at], _OPEN, text, _CLOSE, html[at:]))


def read_signature(page: bytes) -> PageSignature | None:
    """What the page's signature claims, unchecked; None when it has none; raises PageBrokenError when it is cut off."""
    found = _split(page)
    if found is None:
        return None
    try:
        return _read_fields(json.loads(found[0]))
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise PageBrokenError("The page's signature is cut off or not written as one.") from error


def verify_page(page: bytes, *, site: str, edition_keys: Iterable[bytes], path: str | None = None) -> PageSignature:
    """What an edition key of the site says of `page`; raises PageBrokenError unless one vouches for these very bytes.

    With `path`, the page must also be the one that belongs there.
    """
    claim = read_signature(page)
    if claim is None:
        raise PageBrokenError("The page carries no signature; compare it with a copy of the site that you trust.")
    if claim.site != site:
        raise PageBrokenError("The page was signed for another site.")
    if path is not None and claim.path != file_path(path):
        raise PageBrokenError(f"The page at {path} was signed for another address.")
    found = _split(page)
    keys = [key for key in edition_keys if key_id(key) == claim.key]
    message = _message(found[1] if found else b"", claim.site, claim.path, claim.revision, write_moment(claim.time))
    if not any(is_signed(key, claim.signature, message) for key in keys):
        raise PageBrokenError("The page was changed after it was signed, or signed by nobody this site knows.")
    return claim


def _message(html: bytes, site: str, path: str, revision: str, time: str) -> bytes:
    digest = hashlib.sha256(html).hexdigest()
    return tagged(
        PAGE_TAG,
        canonical.write({"digest": digest, "path": path, "revision": revision, "site": site, "time": time}),
    )


def _split(page: bytes) -> tuple[bytes, bytes] | None:
    """The text of the last signature comment, and the page without that comment."""
    start = page.rfind(_OPEN)
    end = page.find(_CLOSE, start)
    if start < 0 or end < 0:
        return None
    return page[start + len(_OPEN) : end], page[:start] + page[end + len(_CLOSE) :]


def _read_fields(fields: dict[str, Any]) -> PageSignature:
    texts = [fields[name] for name in ("key", "path", "revision", "sig", "site", "time")]
    if not all(isinstance(text, str) for text in texts):
        raise ValueError("Not text.")
    key, path, revision, signature, site, time = texts
    return PageSignature(
        site=site,
        path=path,
        revision=revision,
        time=read_moment(time),
        key=key,
        signature=from_base64url(signature),
    )
