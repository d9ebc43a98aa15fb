"""A JSON sheet's own signature, so that one that came by mail or from a stranger's mirror can be checked alone.

The rules:
 * The sheet is an object in canonical JSON whose field "site" is the site's id.
 * Its field "signature" covers the site, the sheet's path, its revision and time, and the digest of the canonical JSON
   without that field: the same that a page's signature covers, under a tag of its own.
 * Revision and time come from the content, never from the clock, so a sheet that did not change is signed to the same
   bytes. The time says as of when the sheet speaks.

It says "this was ours, as of then", never "this is current": that is the pointer's to say.
"""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from stet.edition.errors import PageBrokenError
from stet.edition.keys import Signer, is_signed, key_id
from stet.edition.page_signature import PageSignature
from stet.kit import canonical
from stet.kit.clock import read_moment, write_moment
from stet.kit.digests import from_base64url, tagged, to_base64url

JSON_TAG = "stet/1 json"
_FIELD = "signature"


def sign_json(
    fields: Mapping[str, Any], *, path: str, revision: str, time: datetime, site: str, signer: Signer
) -> bytes:
    """The sheet of these fields with its site and signature in it."""
    named = {**fields, "site": site}
    signature = signer.sign(_message(named, path, revision, write_moment(time)))
    said = {
        "key": signer.key_id,
        "path": path,
        "revision": revision,
        "sig": to_base64url(signature),
        "time": write_moment(time),
    }
    return canonical.write({**named, _FIELD: said})


def verify_json(
    sheet: bytes, *, site: str, edition_keys: Iterable[bytes], path: str | None = None
) -> tuple[dict[str, Any], PageSignature]:
    """(the sheet's other fields, what an edition key says of it); raises PageBrokenError unless one vouches for it.

    With `path`, the sheet must also be the one that belongs there.
    """
    fields, claim = _read(sheet)
    if claim.site != site:
        raise PageBrokenError("The list was signed for another site.")
    if path is not None and claim.path != path:
        raise PageBrokenError(f"The list at {path} was signed for another address.")
    message = _message(fields, claim.path, claim.revision, write_moment(claim.time))
    keys = (key for key in edition_keys if key_id(key) == claim.key)
    if not any(is_signed(key, claim.signature, message) for key in keys):
        raise PageBrokenError("The list was changed after it was signed, or signed by nobody this site knows.")
    return fields, claim


def _read(sheet: bytes) -> tuple[dict[str, Any], PageSignature]:
    try:
        fields = canonical.read(sheet)
        said = fields.pop(_FIELD)
        key, path, revision, signature, time = (said[name] for name in ("key", "path", "revision", "sig", "time"))
        if not all(isinstance(text, str) for text in (key, path, revision, fields["site"])):
            raise ValueError("Not text.")
        claim = PageSignature(
            site=fields["site"], path=path, revision=revision, time=read_moment(time), key=key,
            signature=from_base64url(signature),
        )  # fmt: skip
    except (canonical.CanonicalError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise PageBrokenError("This is no signed list, or it is cut off.") from error
    return fields, claim


def _message(fields: Mapping[str, Any], path: str, revision: str, time: str) -> bytes:
    digest = hashlib.sha256(canonical.write(dict(fields))).hexdigest()
    return tagged(
        JSON_TAG,
        canonical.write({"digest": digest, "path": path, "revision": revision, "site": fields["site"], "time": time}),
    )
