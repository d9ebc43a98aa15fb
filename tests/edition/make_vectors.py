"""Pages that are good or not, with what a check has to say of each: `python -m tests.edition.make_vectors`.

Python and verify.html are both held to them. They are the same whenever they are made: fixed keys, a standing clock.
A verifier in another language can be held to them too: `page` is base64, `roots` are the files, `now` and `path` what
the checker knows, `code` what has to come out.
"""

import json
from base64 import b64encode
from datetime import datetime, timedelta
from pathlib import Path

from stet.edition.page_signature import sign_page
from stet.edition.root import next_root
from stet.kit.clock import write_moment
from tests.edition.builders import NOW, a_key, a_root, an_edition_key

FOLDER = Path(__file__).with_name("vectors")
LATER = NOW + timedelta(days=30)

FIRST = a_root()
OFFLINE = [a_key(11), a_key(12)]
OLD, NEW = an_edition_key(), a_key(77)
BOTH = next_root(FIRST.root, OFFLINE, now=NOW + timedelta(days=1), edition_keys=[NEW.public_key, OLD.public_key])
NEW_ALONE = next_root(FIRST.root, OFFLINE, now=NOW + timedelta(days=1), edition_keys=[NEW.public_key])
SITE, OTHER_SITE = FIRST.root.site_id, a_root(2).root.site_id

HTML = '<!doctype html><html lang="ru"><title>Дамба</title><p>Words.\n<p>More words.</html>\n'.encode()
ODD = "<!doctype html><html><title>سد\u200cسازی 🌊</title><p>e\u0301 \u2028 \x01 \ufeff&quot;</p></html>\n".encode()
CHROMIUM = b"<!-- saved from url=(0034)https://paper.example.org/one/ -->\n"


def signed(html=HTML, **other):
    how = {"path": "/one/", "revision": "7", "time": NOW, "site": SITE, "signer": OLD} | other
    return sign_page(html, **how)


PAGE = signed()

CASES = {
    "a page as it was signed": (PAGE, "good", {}),
    "the address it was found at": (PAGE, "good", {"path": "/one/"}),
    "the file it was found at": (PAGE, "good", {"path": "/one/index.html"}),
    "a page swapped for another": (PAGE, "other-path", {"path": "/two/"}),
    "a word changed": (PAGE.replace(b"Words", b"Lies!"), "changed", {}),
    "the time changed": (PAGE.replace(b"2026-03-01", b"2027-03-01"), "changed", {}),
    "the revision changed": (PAGE.replace(b'"revision":"7"', b'"revision":"8"'), "changed", {}),
    "the path in the signature changed": (PAGE.replace(b"/one/", b"/two/"), "changed", {"path": "/two/"}),
    "a script added behind": (PAGE + b"<script>1</script>", "changed", {}),
    "a script added in front": (b"<script>1</script>" + PAGE, "changed", {}),
    "space added behind": (PAGE + b" \n\n", "line-ends", {}),
    "a byte order mark added": (b"\xef\xbb\xbf" + PAGE, "changed", {}),
    "another site's page": (signed(site=OTHER_SITE, signer=an_edition_key(2)), "other-site", {}),
    "this site's page for who knows another": (PAGE, "other-site", {"roots": [a_root(2)]}),
    "a stranger's key": (signed(signer=a_key(99)), "unknown-key", {}),
    "an offline key": (signed(signer=a_key(11)), "unknown-key", {}),
    "a stranger's signature under the newsroom's key": (
        signed(signer=a_key(99)).replace(a_key(99).key_id.encode(), OLD.key_id.encode()),
        "changed",
        {},
    ),
    "a second signature behind the first": (signed(PAGE, signer=a_key(99)), "unknown-key", {}),
    "a page that quotes a signature": (signed(b"<html>" + PAGE + b"</html>"), "good", {}),
    "the new key beside the old": (signed(signer=NEW), "good", {"roots": [FIRST, BOTH]}),
    "the old key beside the new": (PAGE, "good", {"roots": [FIRST, BOTH]}),
    "the old key after it was taken away": (PAGE, "retired-key", {"roots": [FIRST, NEW_ALONE]}),
    "the new key for who knows the old root": (signed(signer=NEW), "unknown-key", {}),
    "a root that expired": (PAGE, "expired", {"now": NOW + timedelta(days=366)}),
    "a page changed under a root that expired": (
        PAGE.replace(b"Words", b"Lies!"),
        "changed",
        {"now": NOW + timedelta(days=366)},
    ),
    "odd letters": (signed(ODD, path="/خبر/سد‌سازی/", revision='"\\\x01\u2028🌊'), "good", {"path": "/خبر/سد‌سازی/"}),
    "a path typed in parts": (signed(path="/caf\u00e9/"), "good", {"path": "/cafe\u0301/"}),
    "bytes that are no text": (signed(b"<html>\xff\xfe\x00\x80</html>"), "good", {}),
    "a path that would end the comment": (signed(path="/a-->b/"), "good", {}),
    "line ends of Windows": (PAGE.replace(b"\n", b"\r\n"), "line-ends", {}),
    "line ends of an old Mac": (PAGE.replace(b"\n", b"\r"), "line-ends", {}),
    "the last line end lost": (PAGE.rstrip(b"\n"), "line-ends", {}),
    "a page that itself has line ends of Windows": (signed(HTML.replace(b"\n", b"\r\n")), "good", {}),
    "saved whole by a browser": (
        CHROMIUM + PAGE.replace(b"<p>Words.", b"<p>Words.</p>").replace(b"</html>", b"</body></html>"),
        "browser-copy",
        {},
    ),
    "no signature": (HTML, "no-signature", {}),
    "nothing": (b"", "no-signature", {}),
    "a signature whose end is missing": (PAGE[: PAGE.rfind(b"-->")], "no-signature", {}),
    "a signature cut off inside": (PAGE.replace(b'"time":"2026-03-01T12:00:00Z"}', b""), "damaged", {}),
    "a signature without a field": (PAGE.replace(b'"revision":"7",', b""), "damaged", {}),
    "a signature that is no base64": (PAGE.replace(b'"sig":"', b'"sig":"='), "damaged", {}),
    "a signature of a time that never was": (PAGE.replace(b"2026-03-01", b"2026-02-31"), "damaged", {}),
}  # fmt: skip


def vectors() -> dict[str, str]:
    """The text of each vector's file, by its name."""
    return {f"{name.replace(' ', '-').replace(chr(39), '')}.json": _text(name, *case) for name, case in CASES.items()}


def _text(name: str, page: bytes, code: str, known: dict) -> str:
    now: datetime = known.get("now", LATER)
    fields = {
        "about": name,
        "code": code,
        "now": write_moment(now),
        "path": known.get("path"),
        "roots": [root.to_bytes().decode() for root in known.get("roots", [FIRST])],
        "page": b64encode(page).decode(),
    }
    return json.dumps(fields, indent=1, ensure_ascii=True) + "\n"


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.glob("*.json"):
        old.unlink()
    for file, text in vectors().items():
        (FOLDER / file).write_text(text, "utf-8")
