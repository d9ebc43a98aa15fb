"""The service worker of the newsroom's own address, the script that asks for it, and the app's manifest and mark.

`worker.js` is written for people; what is printed is the same without comments and needless space, behind a line that
says whose paper it works for. `register.js` stands in every page and is the same for every newsroom: the address at
which it may act is an attribute beside it, so its digest in the page's policy is one for all.
"""

import base64
import hashlib
import json
import re
from html import escape
from pathlib import Path

from stet.theme.copy import AppCopy, WorkerCopy, WorkerLanguage
from stet.theme.look import Look, is_arabic_script, type_table
from stet.theme.words import load_words

MOST_BYTES = 9_000
"""Of the printed worker in brotli."""
PATH = "/worker.js"
MOST_PAGES = 60
"""How many pages that were read are kept on a reader's device."""
KEPT_DAYS = 7
"""How long a page that was read is kept on a reader's device."""
PATIENCE_MILLISECONDS = 8_000
"""How long the newsroom's own address may take before mirrors are asked as well."""

_HERE = Path(__file__).parent
_STRING = r'("(?:[^"\\]|\\.)*")'
_COMMENT = re.compile(_STRING + r"|/\*.*?\*/", re.S)
_SPACE = re.compile(_STRING + r"|\s*([{}()\[\];,:?=<>+\-*/%&|!])\s*|\s+")


def shrunk(source: str) -> str:
    r"""A script as it is printed: no comments, no needless space.

    >>> shrunk('/* Say it. */ const a = "a /* day" ;')
    'const a="a /* day";'
    """
    without = _COMMENT.sub(lambda found: found[1] or "", source)
    return _SPACE.sub(lambda found: found[1] or found[2] or " ", without).strip()


REGISTER = shrunk((_HERE / "register.js").read_text("ascii"))
"""What stands in a page between <script> and </script>."""
REGISTER_HASH = "sha256-" + base64.b64encode(hashlib.sha256(REGISTER.encode()).digest()).decode()
"""By which a page's policy knows it (CSP Level 3, "hash-source")."""
RETIRED = shrunk((_HERE / "retired.js").read_text("ascii"))


def worker_script(worker: WorkerCopy | None, *, patience_milliseconds: int = PATIENCE_MILLISECONDS) -> bytes:
    """What is printed at /worker.js; for None, the one that takes itself away."""
    if worker is None:
        return f"{RETIRED}\n".encode()
    paper = {
        "site": worker.site,
        "origin": worker.origin,
        "root": {
            "version": worker.root_version,
            "threshold": worker.threshold,
            "keys": worker.keys,
            "edition_keys": worker.edition_keys,
            "expires": worker.expires,
        },
        "languages": [_language(one) for one in worker.languages],
        "never": worker.never_kept,
        "keeps": worker.keeps_pages,
        "days": KEPT_DAYS,
        "most": MOST_PAGES,
        "wait": patience_milliseconds,
    }
    told = json.dumps(paper, ensure_ascii=False, separators=(",", ":")).replace("</", "<\\/")
    return f"const PAPER={told};{shrunk((_HERE / 'worker.js').read_text('ascii'))}\n".encode()


def _language(one: WorkerLanguage) -> dict[str, object]:
    return {
        "code": one.code, "dir": one.direction, "front": one.front_path, "offline": one.offline_path,
        "words": {name: escape(text, quote=False) for name, text in _words(one.code).items()},
    }  # fmt: skip


def _words(language: str) -> dict[str, str]:
    """What the worker says on top of a page."""
    gettext = load_words(language).gettext
    return {
        "silent": gettext("Our own address does not answer."),
        "lie": gettext("What stands at our own address now is not ours; it is not shown."),
        "old": gettext("What stands at our own address now is older than what you have seen here."),
        "refused": gettext("Something that is not ours stood at {hosts}; it is not shown."),
        "mirror": gettext("This page comes from {host}, as of {when}, and carries our signature."),
        "behind": gettext("It may be older than what you have seen here."),
        "kept": gettext("This copy was kept on this device on {when}."),
        "late": gettext("The newest that stands here is from {when}; there may be newer at our other addresses."),
        "link": gettext("What is kept here"),
    }


# --- The app ---


def app_manifest(app: AppCopy, look: Look) -> bytes:
    """The web app manifest of one language (W3C, "Web Application Manifest")."""
    fields = {
        "name": app.name,
        "short_name": look["masthead.name"] or app.name,
        "lang": app.language.code,
        "dir": app.language.direction,
        "id": app.language.front_path,
        "start_url": app.language.front_path,
        "scope": "/",
        "display": "minimal-ui",
        "background_color": look["colours.paper"],
        "theme_color": look["colours.paper"],
        "icons": [
            {"src": app.icon_path, "type": app.icon_type, "sizes": app.icon_sizes, "purpose": purpose}
            for purpose in ("any", "maskable")
        ],
    }
    return json.dumps(fields, ensure_ascii=False, indent=1).encode() + b"\n"


def lettermark(name: str, language: str, look: Look) -> bytes:
    """The paper's first letter on its accent colour: a picture that is the same on every machine that prints it."""
    letter = next((one for one in name if one.isalnum()), "·").upper()
    fonts = escape(look[f"{type_table(language)}.headline"], quote=False).replace('"', "'")
    height = 335 if is_arabic_script(language) else 350
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 512 512">'
        f'<rect width="512" height="512" fill="{look["colours.accent"]}"/>'
        f'<text x="256" y="{height}" font-family="{fonts}" font-size="280" font-weight="700" text-anchor="middle" '
        f'fill="{look["colours.paper"]}">{escape(letter)}</text></svg>\n'
    ).encode()
