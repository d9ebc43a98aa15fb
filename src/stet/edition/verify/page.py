"""One page that was saved or forwarded, checked by the signature in it.

The rules, which verify.html follows too; tests/edition/vectors hold both to them:
 * The page's bytes as they are, or with nothing but their line ends changed, must be what an edition key signed.
   HTML reads all line ends alike, and space after the end says nothing.
 * An edition key counts while the newest root names it. One that a newer root leaves out may have been stolen: what it
   signed is called so, not good.
 * With an address given, the page must be the one that belongs there.
 * It says "this page was the newsroom's, as of then", never "this page is current".
"""

import unicodedata
from collections.abc import Sequence
from datetime import datetime
from enum import Enum

from stet.edition.errors import PageBrokenError
from stet.edition.keys import key_id
from stet.edition.page_signature import PageSignature, read_signature, verify_page
from stet.edition.root import Root
from stet.edition.sheet import file_path
from stet.edition.verify.report import Report
from stet.kit.clock import write_moment
from stet.kit.errors import StetError


class Code(Enum):
    """What comes of checking one page."""

    GOOD = "good"
    LINE_ENDS = "line-ends"
    """Good: nothing but line ends was changed on the way."""
    NO_SIGNATURE = "no-signature"
    DAMAGED = "damaged"
    OTHER_SITE = "other-site"
    OTHER_PATH = "other-path"
    CHANGED = "changed"
    BROWSER_COPY = "browser-copy"
    """Rewritten by the browser that saved it, so that it can be judged no more."""
    UNKNOWN_KEY = "unknown-key"
    RETIRED_KEY = "retired-key"
    EXPIRED = "expired"
    """The signature holds, but the newest root that is known has expired."""


GOOD_CODES = (Code.GOOD, Code.LINE_ENDS)
UNSURE_CODES = (Code.BROWSER_COPY, Code.EXPIRED)
_SAVED = b"<!-- saved from url=("
"""What Chromium and its kin write into a page that is saved "complete"; such a page is no longer what was sent."""

SENTENCES = {
    Code.GOOD: "The page is word for word what the newsroom signed.",
    Code.LINE_ENDS: "The page is what the newsroom signed; only its line ends were changed on the way.",
    Code.NO_SIGNATURE: "The page carries no signature; compare it with a copy of the site that you trust.",
    Code.DAMAGED: "The page's signature is cut off or not written as one; get the page again.",
    Code.OTHER_SITE: "The page was signed for another site, not by this newsroom.",
    Code.OTHER_PATH: "The newsroom signed this page for another address: {path}. It was swapped, or saved elsewhere.",
    Code.CHANGED: "The page was changed after the newsroom signed it; do not trust it.",
    Code.BROWSER_COPY: (
        "The browser that saved the page rewrote it, so its signature no longer fits. Save it again as "
        '"HTML only", or check it at its address.'
    ),
    Code.UNKNOWN_KEY: "The page is signed with a key that this site does not name; do not trust it.",
    Code.RETIRED_KEY: (
        "The page is signed with a key that the newsroom no longer uses. Whoever has that key could have signed it; "
        "look for the page on the site of today."
    ),
    Code.EXPIRED: (
        "The page's signature holds, but what is known here of the newsroom's keys has expired. "
        "Get its newest root or verify.html, and check again."
    ),
}


def check_page(
    page: bytes, roots: Sequence[Root], *, now: datetime, path: str | None = None
) -> tuple[Code, PageSignature | None]:
    """What comes of `page`, and what its signature says (unproven unless the code is a good one).

    `roots` are checked roots of the site. `path` is where the page is meant to stand, if anybody knows.
    """
    try:
        claim = read_signature(page)
    except PageBrokenError:
        return Code.DAMAGED, None
    if claim is None:
        return Code.NO_SIGNATURE, None
    if claim.site != roots[-1].site_id:
        return Code.OTHER_SITE, claim
    spellings = _spellings(page)
    keys = tuple(dict.fromkeys(key for root in roots for key in root.edition_keys))
    signed = next((text for text in spellings if _is_signed(text, claim.site, keys)), None)
    if signed is None:
        return _why_not(page, claim, roots), claim
    if not _is_signed(signed, claim.site, roots[-1].edition_keys):
        return Code.RETIRED_KEY, claim
    if path is not None and _file_path(path) != claim.path:
        return Code.OTHER_PATH, claim
    if roots[-1].expires <= now:
        return Code.EXPIRED, claim
    return (Code.GOOD if signed == page else Code.LINE_ENDS), claim


def report_page(report: Report, code: Code, claim: PageSignature | None) -> None:
    """Put what came of one page into a report."""
    report.page_code = code.value
    if claim is not None:
        report.page_path, report.page_time = claim.path, claim.time
    sentence = SENTENCES[code].format(path=claim.path if claim else "")
    if code in GOOD_CODES:
        report.pages_signed += 1
        report.notes.append(sentence)
        report.notes.append(
            f"It is as of {write_moment(claim.time) if claim else ''}. A page cannot tell whether a newer one, or a "
            "correction, replaced it."
        )
    elif code in UNSURE_CODES:
        report.doubts.append(sentence)
    else:
        report.add(sentence)


def _why_not(page: bytes, claim: PageSignature, roots: Sequence[Root]) -> Code:
    if _SAVED in page[:2048]:
        return Code.BROWSER_COPY
    names = {key_id(key) for root in roots for key in root.edition_keys}
    return Code.CHANGED if claim.key in names else Code.UNKNOWN_KEY


def _spellings(page: bytes) -> tuple[bytes, ...]:
    """The page, and the page with other line ends and another end."""
    text = page.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    bare = text.rstrip(b" \t\n")
    return page, text, bare + b"\n", bare


def _is_signed(page: bytes, site: str, keys: Sequence[bytes]) -> bool:
    try:
        verify_page(page, site=site, edition_keys=keys)
    except PageBrokenError:
        return False
    return True


def _file_path(path: str) -> str | None:
    try:
        return file_path(unicodedata.normalize("NFC", path))
    except StetError:
        return None
