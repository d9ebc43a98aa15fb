"""The script that decides appeals in the reader's browser, as it is printed, and its digest for the page's policy.

`script.js` is written for people. `script.min.js` is made of it by `python -m stet.appeals.script`: without comments
and space, with one letter for each name. A test fails while it is stale.
"""

import base64
import hashlib
import re
from pathlib import Path

_HERE = Path(__file__).parent
SOURCE, BUILD = _HERE / "script.js", _HERE / "script.min.js"

_NAMES = {
    "page": "a", "place": "b", "places": "c", "ask": "d", "banner": "e", "chosen": "f", "code": "g", "counts": "h",
    "due": "i", "event": "j", "keep": "k", "last": "l", "mark": "m", "mix": "n", "moment": "o", "no": "p", "one": "q",
    "pair": "r", "quiet": "s", "quieten": "t", "rule": "u", "seen": "v", "showed": "w", "stored": "y", "sum": "z",
    "text": "A", "thisweek": "B", "today": "C", "many": "D", "first": "E", "until": "F", "most": "G", "within": "H",
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


SCRIPT = BUILD.read_text("ascii").strip() if BUILD.exists() else ""
"""What stands in a page between <script> and </script>."""
SCRIPT_HASH = "sha256-" + base64.b64encode(hashlib.sha256(SCRIPT.encode()).digest()).decode()
"""By which a page's policy knows it (CSP Level 3, "hash-source")."""


if __name__ == "__main__":
    BUILD.write_text(shrunk(SOURCE.read_text("ascii")) + "\n", "ascii")
