"""The scripts that run in the reader's browser, as they are printed, and their digests for the page's policy.

`script.js` decides which appeal shows; `support.js` notes on the support page which one led there. Both are written for
people. `script.min.js` and `support.min.js` are made of them by `python -m stet.appeals.script`: without comments and
space, with one letter for each name. A test fails while one is stale.
"""

import base64
import hashlib
import re
from pathlib import Path

_HERE = Path(__file__).parent
NAMES = ("script", "support")
"""What the files are called."""

_NAMES = {
    "page": "a", "place": "b", "places": "c", "ask": "d", "banner": "e", "chosen": "f", "code": "g", "counts": "h",
    "due": "i", "event": "j", "keep": "k", "last": "l", "mark": "m", "mix": "n", "moment": "o", "no": "p", "one": "q",
    "pair": "r", "quiet": "s", "later": "t", "rule": "u", "seen": "v", "showed": "w", "stored": "y", "sum": "z",
    "text": "A", "thisweek": "B", "today": "C", "first": "E", "until": "F", "most": "G", "within": "H",
    "gap": "I", "articles": "J", "past": "K", "salt": "L", "weeks": "M", "views": "N",
}  # fmt: skip
"""The script's own names. None of them is a property's name, which follows a dot and stays."""
_NAME = re.compile(r'("[^"]*")|(?<![\w.$])[A-Za-z_$][\w$]*|(?<=\.\.\.)[A-Za-z_$][\w$]*')
_SPACE = re.compile(r'("[^"]*")|\s*([{}()\[\];,:?=<>+\-*/%&|!^])\s*|\s+')


def shrunk(source: str) -> str:
    """The script as it is printed.

    >>> shrunk('/* Say it. */ const today = "a day" ;')
    'const F="a day";'
    """
    short = _NAME.sub(lambda found: found[0] if found[1] else _NAMES.get(found[0], found[0]), _without_comments(source))
    return _SPACE.sub(lambda found: found[1] or found[2] or " ", short).strip()


def _without_comments(source: str) -> str:
    return re.sub(r"/\*.*?\*/", "", source, flags=re.S).strip()


def source(name: str) -> Path:
    """The script that people read."""
    return _HERE / f"{name}.js"


def build(name: str) -> Path:
    """What is printed of it."""
    return _HERE / f"{name}.min.js"


def hash_of(script: str) -> str:
    """By which a page's policy knows a script (CSP Level 3, "hash-source")."""
    return "sha256-" + base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


SCRIPT, SUPPORT_SCRIPT = (build(name).read_text("ascii").strip() if build(name).exists() else "" for name in NAMES)
"""What stands in a page between <script> and </script>."""
SCRIPT_HASHES = (hash_of(SCRIPT), hash_of(SUPPORT_SCRIPT))
"""All that a page's policy allows."""


if __name__ == "__main__":
    for each in NAMES:
        build(each).write_text(shrunk(source(each).read_text("ascii")) + "\n", "ascii")
