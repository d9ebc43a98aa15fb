"""The script of the page that searches, as it is printed in each language, and its digests for that page's policy.

It folds and cuts the words that are looked for as `stet.press.search_words` did with those of the index; the stemmers
are written for it, after the descriptions of Porter and of the Snowball project, so that the page stays small.
"""

import base64
import hashlib
from functools import lru_cache
from pathlib import Path

from stet.theme.claim_script import shrunk
from stet.theme.folding import FOLDED, GONE

MOST_BYTES = 4_000
"""Of the script in brotli, as it stands in a page."""

_FOLDER = Path(__file__).with_name("scripts")
_STEMMERS = {"en": "stem_en.js", "ru": "stem_ru.js"}
_FOLDED_ONLY = "w => w"
_PERSIAN = r'w => w.replace(/^(..+)?(هایی|های|ها)$/, "$1")'


@lru_cache
def search_script(language: str) -> str:
    """The script for a language, between <script> and </script>."""
    if name := _STEMMERS.get(language):
        stem = (_FOLDER / name).read_text("utf-8")
    else:
        stem = _PERSIAN if language == "fa" else _FOLDED_ONLY
    source = shrunk((_FOLDER / "search.js").read_text("utf-8"))
    gone = "".join(c if c == "-" else f"\\u{ord(c):04x}" for c in GONE)
    return source.replace("=STEM;", f"={shrunk(stem)};").replace("FOLDED", FOLDED).replace("GONE", gone)


def script_hash(language: str) -> str:
    """By which a page's policy knows it (CSP Level 3, "hash-source")."""
    return "sha256-" + base64.b64encode(hashlib.sha256(search_script(language).encode()).digest()).decode()


SEARCH_SCRIPT_HASHES = tuple(dict.fromkeys(script_hash(language) for language in ("en", "ru", "fa", "")))
