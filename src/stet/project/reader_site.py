"""How the printed edition answers a request: which file, with which headers.

The rules:
 * Only files of the edition's tree are sent; no path leaves it, and no hidden file but `.well-known` is there.
 * "/a/b/" is answered with a/b/index.html; "/a/b" leads to "/a/b/" where that is a folder.
 * Where nothing stands, the 404 sheet of the path's language is shown, else the site's.
 * The `.br` or `.gz` file beside a sheet is sent to whoever takes it.
 * Where the paper has an onion address, every page and file says where it stands there (Onion-Location).
 * A request is never written down, and no request, however odd, is answered with a 500.

Nothing here knows a server: an `Answer` is status, headers and a body or a file.
"""

import hashlib
import os
import re
import stat
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from email.utils import formatdate
from functools import lru_cache
from pathlib import Path
from urllib.parse import quote, urlsplit

from stet.appeals.script import SCRIPT_HASHES
from stet.edition.verify.reader_page import script_hashes
from stet.theme.claim_script import SCRIPT_HASH as CLAIM_SCRIPT_HASH
from stet.theme.live_script import SCRIPT_HASH as LIVE_SCRIPT_HASH
from stet.theme.search_script import SEARCH_SCRIPT_HASHES
from stet.theme.worker import PATH as WORKER_PATH
from stet.theme.worker import REGISTER_HASH

Headers = list[tuple[str, str]]

KEPT_BYTES = 64_000_000
"""How much of the edition is held in memory."""
LARGEST_KEPT_BYTES = 256_000
"""A file larger than this is sent from the disk."""


def page_policy(*form_urls: str, searches: bool = False, checks: bool = False, follows: bool = False) -> str:
    """What a sheet may do: style inside, photos beside it, scripts of ours by digest, forms to the frontdesk.

    `form_urls`: the frontdesk, and the payment providers' pages that it leads to. A browser holds a form's page to its
    policy through all redirects (Chromium and WebKit; W3C Content Security Policy 3, 7.3.1).
    `searches`: what the page that searches may do besides: run its script, and fetch the files of the index beside it.
    `follows`: what an article may do besides, since it may be covered live: fetch what is new from its own place.
    `checks`: whether it is one of the pages that check copies, which run a script of theirs.

    >>> page_policy("https://join.example.org/x", "https://pay.example.com").split("; ")[7]
    "form-action 'self' https://join.example.org https://pay.example.com"
    """
    origins = dict.fromkeys(f"{parts.scheme}://{parts.netloc}" for parts in map(urlsplit, filter(None, form_urls)))
    forms = " ".join(("'self'", *origins))
    own = (*SCRIPT_HASHES, CLAIM_SCRIPT_HASH, REGISTER_HASH)
    more = (
        *(SEARCH_SCRIPT_HASHES if searches else ()),
        *((LIVE_SCRIPT_HASH,) if follows else ()),
        *(script_hashes() if checks else ()),
    )
    scripts = " ".join(f"'{one}'" for one in (*own, *more))
    fetching = "connect-src 'self'; " if searches or follows else ""
    return (
        f"default-src 'none'; script-src {scripts}; style-src 'unsafe-inline'; img-src 'self' data:; "
        f"media-src 'self'; manifest-src 'self'; worker-src 'self'; {fetching}"
        f"form-action {forms}; base-uri 'none'; frame-ancestors 'none'"
    )


WORKER_POLICY = "default-src 'none'; connect-src 'self' https: http:"
"""What the service worker may do: ask the paper and its mirrors, whose addresses are in the signed list it reads."""

COMMON_HEADERS: Headers = [
    ("access-control-allow-origin", "*"),
    ("referrer-policy", "no-referrer"),
    ("x-content-type-options", "nosniff"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    (
        "permissions-policy",
        "browsing-topics=(), camera=(), geolocation=(), interest-cohort=(), microphone=(), payment=(), usb=()",
    ),
]
"""What every answer carries."""

MEDIA_TYPES: Mapping[str, str] = {
    ".avif": "image/avif",
    ".car": "application/vnd.ipld.car",
    ".css": "text/css; charset=utf-8",
    ".csv": "text/csv; charset=utf-8",
    ".epub": "application/epub+zip",
    ".gif": "image/gif",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".jsonld": "application/ld+json",
    ".m4a": "audio/mp4",
    ".minisig": "text/plain; charset=utf-8",
    ".mp3": "audio/mpeg",
    ".mp4": "video/mp4",
    ".ogg": "audio/ogg",
    ".opus": "audio/ogg",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".pub": "text/plain; charset=utf-8",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".webmanifest": "application/manifest+json",
    ".webp": "image/webp",
    ".xml": "application/xml; charset=utf-8",
    ".zip": "application/zip",
}
"""The media type of a file by the end of its name."""

FEED_TYPES: Mapping[str, str] = {
    "atom.xml": "application/atom+xml; charset=utf-8",
    "feed.json": "application/feed+json",
    "rss.xml": "application/rss+xml; charset=utf-8",
}
"""Feeds have the same name wherever they stand."""

SEARCH_PAGE = "/search/index.html"
"""How the file of a page that searches ends; no other may have such an address."""
ARTICLE_PAGE = r"/[0-9][0-9][0-9][0-9]/[0-9][0-9]/[0-9][0-9]/[^/]+/"
"""How the address of an article ends, its first part alone: the only one that shows live coverage."""
CHECK_PAGES = ("/verify.html", "/check.html")
"""How the files of pages that check copies end; no other has such a name."""
FOREVER = "public, max-age=31536000, immutable"
FOREVER_PATHS = re.compile(r"/media/|/\.well-known/stet/(shards|nodes|root)/")
"""Below these paths a file's name goes with its content, or it never changes."""
ALWAYS_ASKED_PATHS = re.compile(r"/\.well-known/stet/(edition|next)\.json")
"""What says which edition stands is asked for anew each time."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What is sent: a body, or a part of a file from `start` up to but not including `end`."""

    status: int
    headers: Headers
    body: bytes | None = b""
    file: str | None = None
    start: int = 0
    end: int = 0


@dataclass(slots=True)
class Sheet:
    """One stored file of the tree, ready to be sent."""

    stamp: tuple[int, int, int]
    """Changes when the file is replaced: time, inode, size."""
    answer: Answer
    unchanged: Answer
    etag: str


_is_article = re.compile(rf".*{ARTICLE_PAGE}index\.html").fullmatch


class ReaderSite:
    """The printed tree in `folder`, as it answers requests. Files may be replaced at any time."""

    def __init__(
        self, folder: Path, *, page_seconds: int = 60, form_urls: Sequence[str] = (), onion_url: str = ""
    ) -> None:
        """`form_urls`: where forms may lead, the frontdesk first. `onion_url`: the paper's onion address, if any."""
        self.root = str(folder.resolve())
        self.page_policy = page_policy(*form_urls)
        self.onion_url = onion_url
        self.search_policy = page_policy(*form_urls, searches=True)
        self.article_policy = page_policy(*form_urls, follows=True)
        self.check_policy = page_policy(checks=True)
        self.page_cache = f"public, max-age={page_seconds}"
        self._kept: OrderedDict[str, Sheet] = OrderedDict()
        self._kept_bytes = 0

    def answer(self, method: str, path: str, headers: Mapping[str, str]) -> Answer:
        """The answer to one request. `path` is decoded; names in `headers` are lower-case."""
        if method not in ("GET", "HEAD"):
            return _plain(405, "Only reading is possible here.\n", [("allow", "GET, HEAD")])
        if not is_clean(path):
            return self.missing("/")
        stored = path + "index.html" if path.endswith("/") else path
        if stored.endswith((".br", ".gz")):
            return self.missing(path)
        encodings = accepted_encodings(headers.get("accept-encoding") or "")
        sheet = self._sheet(stored, encodings)
        if sheet is None:
            return self._elsewhere(path, encodings)
        if etag_matches(headers.get("if-none-match"), sheet.etag):
            return sheet.unchanged
        if (wanted := headers.get("range")) and sheet.answer.file and not encodings_of(sheet.answer):
            return part_of(sheet, wanted)
        return sheet.answer

    def missing(self, path: str) -> Answer:
        """The 404 sheet for `path`, in its language where that has one of its own."""
        first = path.split("/", 2)[1]
        for stored in (f"/{first}/404.html", "/404.html") if first else ("/404.html",):
            if is_clean(stored) and (sheet := self._sheet(stored, ())) and sheet.answer.body:
                headers = [(name, value) for name, value in sheet.answer.headers if name not in ("etag", "vary")]
                return Answer(404, headers, sheet.answer.body)
        return _plain(404, "There is no such page here.\n")

    def _elsewhere(self, path: str, encodings: tuple[str, ...]) -> Answer:
        if not path.endswith("/") and self._sheet(path + "/index.html", encodings):
            return _plain(308, "", [("location", quoted(path) + "/")])
        return self.missing(path)

    def _sheet(self, stored: str, encodings: tuple[str, ...]) -> Sheet | None:
        """The stored file at `stored`, in the first of `encodings` that stands beside it, or as it is."""
        for encoding in (*encodings, ""):
            file = f"{self.root}{stored}{SUFFIXES[encoding]}"
            try:
                found = os.stat(file)
            except (OSError, ValueError):
                continue
            if not stat.S_ISREG(found.st_mode):
                continue
            stamp = (found.st_mtime_ns, found.st_ino, found.st_size)
            kept = self._kept.get(file)
            if kept is not None and kept.stamp == stamp:
                self._kept.move_to_end(file)
                return kept
            if sheet := self._read(file, stored, encoding, stamp):
                return sheet
        return None

    def _read(self, file: str, stored: str, encoding: str, stamp: tuple[int, int, int]) -> Sheet | None:
        size = stamp[2]
        try:
            body = Path(file).read_bytes() if size <= LARGEST_KEPT_BYTES else None
        except OSError:
            return None
        state = body if body is not None else repr(stamp).encode()
        etag = f'"{hashlib.sha256(state).hexdigest()[:20]}"'
        headers = self._headers(stored, encoding, etag, modified=stamp[0] / 1e9)
        length = ("content-length", str(len(body) if body is not None else size))
        answer = Answer(200, [*headers, length], body, None if body is not None else file, 0, size)
        sheet = Sheet(stamp, answer, Answer(304, headers), etag)
        self._keep(file, sheet)
        return sheet

    def _headers(self, stored: str, encoding: str, etag: str, *, modified: float) -> Headers:
        media_type = media_type_of(stored)
        headers = [("content-type", media_type), ("etag", etag), ("last-modified", formatdate(modified, usegmt=True))]
        headers.append(("cache-control", self._cache(stored)))
        headers.append(("vary", "accept-encoding"))
        if encoding:
            headers.append(("content-encoding", encoding))
        if media_type.startswith(("audio/", "video/", "application/pdf")):
            headers.append(("accept-ranges", "bytes"))
        if media_type != "application/pdf":  # a browser's own PDF viewer needs its styles and fonts
            headers.append(("content-security-policy", self._policy(stored)))
        if self.onion_url:
            headers.append(("onion-location", self.onion_url + quoted(stored.removesuffix("index.html"))))
        return headers + COMMON_HEADERS

    def _policy(self, stored: str) -> str:
        if stored == WORKER_PATH:
            return WORKER_POLICY
        if stored.endswith(SEARCH_PAGE):
            return self.search_policy
        if _is_article(stored):
            return self.article_policy
        return self.check_policy if stored.endswith(CHECK_PAGES) else self.page_policy

    def _cache(self, stored: str) -> str:
        if ALWAYS_ASKED_PATHS.match(stored):
            return "no-cache"
        return FOREVER if FOREVER_PATHS.match(stored) else self.page_cache

    def _keep(self, file: str, sheet: Sheet) -> None:
        if (before := self._kept.pop(file, None)) is not None:
            self._kept_bytes -= len(before.answer.body or b"")
        self._kept[file] = sheet
        self._kept_bytes += len(sheet.answer.body or b"")
        while self._kept_bytes > KEPT_BYTES or len(self._kept) > 50_000:
            _, oldest = self._kept.popitem(last=False)
            self._kept_bytes -= len(oldest.answer.body or b"")


# --- Reading a request ---

SUFFIXES = {"br": ".br", "gzip": ".gz", "": ""}
"""What is added to a file's name for each encoding."""

_UNCLEAN = re.compile(r"[\x00-\x1f\x7f\\]|//|/\.(?!well-known/)|^(?!/)")


def is_clean(path: str) -> bool:
    """Whether `path` may name a sheet: from the root, without dots that climb, hidden names or control characters.

    >>> [is_clean(path) for path in ("/news/dam/", "/.well-known/stet/edition.json", "/../keys", "/.git/config")]
    [True, True, False, False]
    """
    return len(path) <= 2_000 and _UNCLEAN.search(path) is None and path.isprintable()


@lru_cache(maxsize=256)
def accepted_encodings(header: str) -> tuple[str, ...]:
    """Which of br and gzip the sender takes, the smaller first (RFC 9110, section 12.5.3).

    >>> accepted_encodings("gzip, deflate, br;q=0.9"), accepted_encodings("br;q=0, gzip"), accepted_encodings("")
    (('br', 'gzip'), ('gzip',), ())
    """
    taken = set()
    for item in header[:500].lower().split(","):
        name, _, parameters = item.partition(";")
        if not re.fullmatch(r"\s*q=0(\.0*)?\s*", parameters):
            taken.add(name.strip())
    return tuple(name for name in ("br", "gzip") if name in taken)


def etag_matches(header: str | None, etag: str) -> bool:
    """Whether an If-None-Match header names `etag` (RFC 9110, section 13.1.2; the comparison is the weak one)."""
    if not header:
        return False
    named = (item.strip().removeprefix("W/") for item in header.split(","))
    return header.strip() == "*" or etag in named


def media_type_of(path: str) -> str:
    """The media type of the sheet at `path`."""
    name = path.rsplit("/", 1)[-1]
    return FEED_TYPES.get(name) or MEDIA_TYPES.get(os.path.splitext(name)[1].lower(), "application/octet-stream")


def encodings_of(answer: Answer) -> bool:
    """Whether the answer's body is compressed."""
    return any(name == "content-encoding" for name, _ in answer.headers)


def part_of(sheet: Sheet, wanted: str) -> Answer:
    """The part of a file that a Range header asks for; the whole where it asks for several (RFC 9110, section 14)."""
    size = sheet.answer.end
    match = re.fullmatch(r"bytes=(\d{0,15})-(\d{0,15})", wanted.strip())
    if match is None or match[0] == "bytes=-":
        return sheet.answer
    first, last = match[1], match[2]
    start = int(first) if first else max(0, size - int(last))
    end = min(int(last) + 1, size) if first and last else size
    if start >= size or start >= end:
        return _plain(416, "", [("content-range", f"bytes */{size}")])
    headers = [(name, value) for name, value in sheet.answer.headers if name != "content-length"]
    headers += [("content-range", f"bytes {start}-{end - 1}/{size}"), ("content-length", str(end - start))]
    return Answer(206, headers, None, sheet.answer.file, start, end)


def quoted(path: str) -> str:
    """The path as it stands in a header: anything but plain characters is percent-encoded.

    >>> quoted("/новости"), quoted("/a b")
    ('/%D0%BD%D0%BE%D0%B2%D0%BE%D1%81%D1%82%D0%B8', '/a%20b')
    """
    return quote(path, safe="/-._~!$&'()*+,;=:@")


def _plain(status: int, text: str, headers: Headers | None = None) -> Answer:
    body = text.encode()
    described = [("content-type", "text/plain; charset=utf-8"), ("content-length", str(len(body)))]
    return Answer(status, [*described, ("cache-control", "no-cache"), *(headers or []), *COMMON_HEADERS], body)
