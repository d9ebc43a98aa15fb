"""The script that shows who says so beside the words, as it is printed, and its digest for the page's policy.

Nothing needs it: without it the words lead to the list at the end. With it, what stands there opens beside them, in a
popover of the browser's own, which closes with Escape or on a touch elsewhere. It gets the focus, so that a screen
reader reads it, and gives it back.
"""

import base64
import hashlib
import re

MOST_BYTES = 500
"""Of the script as it stands in a page."""

SOURCE = """
(d => {
  /* A browser without popovers follows the link. */
  const p = d.createElement("div");
  if (!p.showPopover) return;
  p.popover = "auto";
  p.className = "who";
  p.tabIndex = -1;
  p.role = "dialog";
  d.body.append(p);
  d.addEventListener("click", e => {
    const a = e.target.closest(".claim"), s = a && d.getElementById(a.hash.slice(1));
    if (!s || e.ctrlKey || e.metaKey) return;
    e.preventDefault();
    p.innerHTML = s.innerHTML;
    p.ariaLabel = a.textContent;
    p.showPopover();
    p.style.top = Math.min(a.getBoundingClientRect().bottom + 8, innerHeight - p.offsetHeight - 8) + "px";
    p.focus()
  })
})(document)
"""
_COMMENT = re.compile(r"/\*.*?\*/", re.S)
_SPACE = re.compile(r'("[^"]*")|\s*([{}()\[\];,:?=<>+\-*/%&|!.])\s*|\s+')


def shrunk(source: str) -> str:
    """The script as it is printed: no comments, no needless space.

    >>> shrunk('/* Say it. */ const a = "a day" ;')
    'const a="a day";'
    """
    text = _COMMENT.sub("", source).strip()
    return _SPACE.sub(lambda found: found[1] or found[2] or " ", text).replace(";}", "}")


SCRIPT = shrunk(SOURCE)
"""What stands in a page between <script> and </script>."""
SCRIPT_HASH = "sha256-" + base64.b64encode(hashlib.sha256(SCRIPT.encode()).digest()).decode()
"""By which a page's policy knows it (CSP Level 3, "hash-source")."""
