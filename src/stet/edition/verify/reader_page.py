"""verify.html: one file with which a reader checks a page or a ZIP, without a network and without Stet.

The rules:
 * The newsroom's roots are in the file: a copy that was mailed is what a reader trusts. A file without them says so.
 * It asks nobody anything, and its own policy would not let it: default-src 'none', its script and style by digest.
 * Ed25519 is the browser's; where it has none, a library's (noble-ed25519, its licence beside it). None is ours.
 * Script and style are the same in every file, so that a server's policy can name the script; what differs is data.
"""

import base64
import hashlib
import json
import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from stet.edition.errors import KeyRefusedError
from stet.edition.root import SignedRoot, check_chain
from stet.kit.errors import StetError

PATH = "/verify.html"
"""Where the press prints it."""
_HERE = Path(__file__).with_name("reader")
_COMMENT = re.compile(r"/\*(?!!).*?\*/", re.S)
_SITE = re.compile(r'<script type="application/json" id="site">(.*?)</script>', re.S)
_MOST_BYTES = 1 << 20


def reader_page(roots: Sequence[bytes]) -> bytes:
    """The page for the site with these root files; for none in particular where there are none."""
    parts = {
        "script": _script(),
        "style": _style(),
        "script_hash": script_hash(),
        "style_hash": _hash(_style()),
        "site": _data({"roots": [root.decode("utf-8") for root in roots]}),
        "words": _data(json.loads(_read("words.json"))),
    }
    # A function, since what is put in holds backslashes.
    return re.sub(r"\{\{ (\w+) \}\}", lambda found: parts[found[1]], _read("page.html")).encode("utf-8")


def script_hash() -> str:
    """By which a policy knows the page's script (CSP Level 3, "hash-source")."""
    return _hash(_script())


def site_of_page(file: Path) -> tuple[str, tuple[bytes, ...]]:
    """The site's id and the root files in a verify.html; raises KeyRefusedError where it holds none."""
    try:
        with file.open("rb") as opened:
            text = opened.read(_MOST_BYTES).decode("utf-8")
        found = _SITE.search(text)
        roots = tuple(root.encode("utf-8") for root in json.loads(found[1] if found else "")["roots"])
        site = SignedRoot.from_bytes(roots[0]).root.site_id
        check_chain(roots, site=site)
    except OSError as error:
        raise KeyRefusedError(f"{file} cannot be read: {error.strerror}.") from error
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, StetError) as error:
        raise KeyRefusedError(
            f"{file} is no verify.html of a newsroom; give its site.pub or its fingerprint."
        ) from error
    return site, roots


@cache
def _script() -> str:
    return f"{_read('noble-ed25519.min.js').strip()}\n{_shrunk(_read('page.js'))}"


@cache
def _style() -> str:
    return _shrunk(_read("page.css"))


def _shrunk(source: str) -> str:
    """Without comments, and without space at the ends of lines; nothing inside a line is touched."""
    return "\n".join(line.strip() for line in _COMMENT.sub("", source).splitlines() if line.strip())


def _data(value: object) -> str:
    """JSON that can stand in a page: nothing in it ends a script or begins a comment."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return text.replace("<", "\\u003c").replace(">", "\\u003e")


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _read(name: str) -> str:
    return (_HERE / name).read_text("utf-8")


READER_PAGE_DIGEST = hashlib.sha256(reader_page(())).hexdigest()
"""Changes when anything but the roots does: the page is printed anew then."""
