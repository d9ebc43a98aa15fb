"""verify.html and check.html: one file each, with which a reader checks copies, without a network and without Stet.

The rules:
 * The newsroom's roots are in the file: a copy that was mailed is what a reader trusts. A file without them says so.
 * It asks nobody anything, and its own policy would not let it: default-src 'none', its script and style by digest.
 * Ed25519 is the browser's; where it has none, that of a library, noble-ed25519. None is ours.
 * verify.html is to be kept and handed on: it checks pages and ZIPs and speaks three languages. check.html is what
   arrives through the narrowest line: it checks pages, in one language.
 * Script and style are the same in every file of a kind, so that a server's policy can name the script.
"""

import base64
import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from stet.edition.errors import KeyRefusedError
from stet.edition.root import SignedRoot, check_chain
from stet.edition.verify.shrinking import shrunk
from stet.kit.errors import StetError

PATH = "/verify.html"
"""Where the press prints the one to keep."""
CHECK_NAME = "check.html"
"""What the small one is called; it stands below a language's prefix."""
_HERE = Path(__file__).with_name("reader")
NAMES = {"en": "English", "ru": "Русский", "fa": "فارسی"}
"""The languages that the files speak."""
_ONLY_WHOLE = frozenset(
    ("language", "choose", "lead", "no_anchor", "no-roots", "noscript", "claimed", "more", "f_edition", "f_pages")
)
"""Words that check.html has no use for."""
_COMMENT = re.compile(r"/\*(?!!).*?\*/", re.S)
_SITE = re.compile(r'<script type="application/json" id="site">(.*?)</script>', re.S)
_MOST_BYTES = 1 << 20


def reader_page(roots: Sequence[bytes]) -> bytes:
    """verify.html for the site with these root files; for none in particular where there are none."""
    words = _words()
    options = "".join(f'<option value="{code}" lang="{code}">{name}</option>' for code, name in NAMES.items())
    label = '<label for="language" data-w="language">Language</label>'
    parts = {
        "choice": f'<p class="top">{label} <select id="language">{options}</select></p>\n',
        "choose": "choose",
        "lead": "lead",
        "accept": ".html,.htm,.zip,text/html,application/zip",
        "noscript": " · ".join(words[code]["noscript"] for code in NAMES),
    }
    return _page(roots, "en", words, parts, script=_script())


def check_page(roots: Sequence[bytes], language: str) -> bytes:
    """check.html in a language; in English where it does not speak that one."""
    code = language if language in NAMES else "en"
    words = _words()[code]
    kept = {
        key: text
        for key, text in words.items()
        if key not in _ONLY_WHOLE and (not key.startswith("zip-") or key == "zip-whole")
    }
    parts = {
        "choice": "",
        "choose": "choose_page",
        "lead": "lead_page",
        "accept": ".html,.htm,text/html",
        "noscript": words["noscript"],
    }
    return _page(roots, code, {code: kept}, parts, script=_small_script())


def _page(
    roots: Sequence[bytes], code: str, words: Mapping[str, Mapping[str, str]], parts: Mapping[str, str], *, script: str
) -> bytes:
    filled = {
        **parts,
        "language": code,
        "direction": "rtl" if code == "fa" else "ltr",
        "title": words[code]["title"],
        "script": script,
        "style": _style(),
        "script_hash": _hash(script),
        "style_hash": _hash(_style()),
        "site": _data({"roots": [root.decode("utf-8") for root in roots]}),
        "words": _data(words),
    }
    # A function, since what is put in holds backslashes.
    return re.sub(r"\{\{ (\w+) \}\}", lambda found: filled[found[1]], _read("page.html")).encode("utf-8")


def script_hashes() -> tuple[str, ...]:
    """By which a policy knows the scripts of verify.html and check.html (CSP Level 3, "hash-source")."""
    return _hash(_script()), _hash(_small_script())


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
    return _built("ed25519.js", "zip.js", "page.js")


@cache
def _small_script() -> str:
    return _built("ed25519.js", "page.js")


def _built(*names: str) -> str:
    return '"use strict";' + shrunk("".join(_read(name) for name in names))


@cache
def _style() -> str:
    lines = _COMMENT.sub("", _read("page.css")).splitlines()
    return "\n".join(line.strip() for line in lines if line.strip())


@cache
def _words() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = json.loads(_read("words.json"))
    return found


def _data(value: object) -> str:
    """JSON that can stand in a page: nothing in it ends a script or begins a comment."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return text.replace("<", "\\u003c").replace(">", "\\u003e")


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _read(name: str) -> str:
    return (_HERE / name).read_text("utf-8")


READER_PAGE_DIGEST = hashlib.sha256(reader_page(()) + b"".join(check_page((), code) for code in NAMES)).hexdigest()
"""Changes when anything but the roots does: the pages are printed anew then."""
