"""The script that keeps an open page of live coverage up to date, as it is printed, and its digest for a policy.

Nothing needs it: without it the page is loaded anew. It asks for one small sheet, `live/new/`, once a minute and only
while the page is in sight, and for nothing else. What it gets is a page of the edition with its own signature, so a
service worker checks it like any other; where nothing changed the server says so in a few bytes.

It adds entries that are not there, replaces those that changed, takes away those that are gone, and ends when the
coverage does. Where more came than the sheet holds, it loads the whole page.
"""

import base64
import hashlib

from stet.theme.claim_script import shrunk

MOST_BYTES = 1_024
"""Of the script as it stands in a page."""

SOURCE = """
(d => {
  const a = d.querySelector(".coverage[data-news]"), q = (e, s) => e.querySelector(s), l = q(a, "ol");
  const n = e => +e.id.slice(1);
  let c = 0;
  const look = async () => {
    if (d.hidden) return;
    try {
      const r = await fetch(a.dataset.news, {cache: "no-cache"}),
        f = q(new DOMParser().parseFromString(await r.text(), "text/html"), ".coverage"),
        is = [...q(f, "ol").children].filter(n).reverse(), ids = is.map(n), low = Math.min(...ids),
        own = [...l.children], top = Math.max(...own.map(n));
      if (is[0] && top < low - 1) return location.reload();
      for (const e of own) if (is[0] && (!n(e) || n(e) >= low) && !ids.includes(n(e))) e.remove();
      for (const e of is) {
        const o = d.getElementById(e.id);
        if (n(e) > top) l.prepend(e), c++;
        else if (o && o.outerHTML != e.outerHTML) o.replaceWith(e)
      }
      for (const s of [".state", ".points"]) q(a, s).replaceWith(q(f, s));
      if (c) q(a, "[role=status]").textContent = a.dataset.new + " " + c.toLocaleString(d.documentElement.lang);
      if (!q(a, ".state b")) clearInterval(t)
    } catch (e) {}
  };
  const t = setInterval(look, 6e4);
  d.addEventListener("visibilitychange", look)
})(document)
"""

SCRIPT = shrunk(SOURCE)
"""What stands in a page between <script> and </script>."""
SCRIPT_HASH = "sha256-" + base64.b64encode(hashlib.sha256(SCRIPT.encode()).digest()).decode()
"""By which a page's policy knows it (CSP Level 3, "hash-source")."""
