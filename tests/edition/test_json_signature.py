"""A signed JSON sheet proves itself, and nothing that was changed, cut, moved or signed elsewhere does."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from stet.edition.errors import PageBrokenError
from stet.edition.json_signature import sign_json, verify_json
from stet.edition.keys import PrivateKey
from stet.kit import canonical

KEY, STRANGER = PrivateKey.from_seed(b"k" * 32), PrivateKey.from_seed(b"s" * 32)
SITE, OTHER = "5" * 64, "6" * 64
PATH = "/mirrors.json"
HOUR = datetime(2026, 11, 26, 5, tzinfo=UTC)
FIELDS = {"v": 1, "mirrors": [{"address": "https://tide.example.com", "checked": None}]}


def signed(*, path: str = PATH, site: str = SITE, key: PrivateKey = KEY) -> bytes:
    return sign_json(FIELDS, path=path, revision="mirrors", time=HOUR, site=site, signer=key)


def changed(**changes: Any) -> bytes:
    return canonical.write({**json.loads(signed()), **changes})


def moved(path: str, *, to: str) -> bytes:
    """What was signed for a path, saying another."""
    fields = json.loads(signed(path=path))
    return canonical.write({**fields, "signature": {**fields["signature"], "path": to}})


def test_a_list_is_whole_and_says_as_of_when_it_speaks() -> None:
    fields, claim = verify_json(signed(), site=SITE, edition_keys=[STRANGER.public_key, KEY.public_key], path=PATH)

    assert fields == {**FIELDS, "site": SITE}
    assert (claim.path, claim.revision, claim.time, claim.key) == (PATH, "mirrors", HOUR, KEY.key_id)
    assert signed() == signed(), "The same content is signed to the same bytes."


SIGNATURE = json.loads(signed())["signature"]
REFUSED = {
    "a changed field": (changed(v=2), "was changed"),
    "a field that came in": (changed(extra="x"), "was changed"),
    "another address": (changed(mirrors=[{"address": "https://evil.example.com", "checked": None}]), "was changed"),
    "another time": (changed(signature={**SIGNATURE, "time": "2026-11-27T05:00:00Z"}), "was changed"),
    "another revision": (changed(signature={**SIGNATURE, "revision": "x"}), "was changed"),
    "another site": (signed(site=OTHER), "another site"),
    "a site put in its place": (canonical.write({**json.loads(signed(site=OTHER)), "site": SITE}), "was changed"),
    "another path": (signed(path="/other.json"), "another address"),
    "a path put in its place": (moved("/other.json", to=PATH), "was changed"),
    "a stranger's key": (signed(key=STRANGER), "was changed"),
    "no signature": (canonical.write(FIELDS), "no signed list"),
    "half of it": (signed()[:90], "no signed list"),
    "another spelling": (json.dumps(json.loads(signed()), indent=1).encode(), "no signed list"),
    "a list of lists": (b"[]", "no signed list"),
    "a signature that is a word": (changed(signature="x"), "no signed list"),
    "a site that is a number": (changed(site=5), "no signed list"),
    "deep nesting": (b"[" * 100_000, "no signed list"),
}


@pytest.mark.parametrize(("sheet", "sentence"), REFUSED.values(), ids=REFUSED)
def test_refused(sheet: bytes, sentence: str) -> None:
    with pytest.raises(PageBrokenError, match=sentence):
        verify_json(sheet, site=SITE, edition_keys=[KEY.public_key], path=PATH)
