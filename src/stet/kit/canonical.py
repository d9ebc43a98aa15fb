"""JSON with exactly one spelling, so that it can be hashed and signed.

The rules:
 * Keys of every object are text, sorted by their Unicode code points.
 * No spaces; UTF-8; only the escapes that JSON demands (quotes, backslash, control characters).
 * Numbers are integers. A float has many spellings, so it is refused.
 * What is read is accepted only if writing it again gives the same bytes.
"""

import json
from typing import Any

from stet.kit.errors import BrokenError

_encoder = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


class CanonicalError(BrokenError):
    """A value has no canonical spelling, or bytes are not the canonical spelling of anything."""


def write(value: Any) -> bytes:
    """The canonical bytes of `value`: None, bool, int, str, and lists, tuples and dicts of these.

    >>> write({"b": [1, True], "a": "é"}).decode()
    '{"a":"é","b":[1,true]}'
    """
    _refuse_what_has_no_spelling(value)
    try:
        return _encoder.encode(value).encode("utf-8")
    except UnicodeEncodeError as error:
        raise CanonicalError("A text holds half a surrogate pair and has no UTF-8 spelling.") from error


def read(data: bytes) -> Any:
    """The value that `data` spells; raises CanonicalError unless `data` is its one canonical spelling."""
    try:
        value = json.loads(data.decode("utf-8"))
        is_canonical = write(value) == data
    except (ValueError, RecursionError, CanonicalError) as error:
        raise CanonicalError("These bytes are not canonical JSON.") from error
    if not is_canonical:
        raise CanonicalError("These bytes are JSON, but not in its canonical spelling.")
    return value


_PLAIN = (str, int, type(None))  # A bool is an int.


def _refuse_what_has_no_spelling(value: Any) -> None:
    if isinstance(value, _PLAIN):
        return
    if isinstance(value, list | tuple):
        for item in value:
            _refuse_what_has_no_spelling(item)
        return
    if isinstance(value, dict):
        for key, item in value.items():
            if not isinstance(key, str):
                raise CanonicalError("A key of an object is not text, so it has no canonical spelling.")
            _refuse_what_has_no_spelling(item)
        return
    raise CanonicalError(
        f"A {type(value).__name__} has no canonical spelling; only integers, text and lists of them do."
    )
