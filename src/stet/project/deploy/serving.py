"""What a web server has to be told so that it sends the edition as Stet's own reader site does.

The rules:
 * Policy, headers, media types and how long a copy is good are those of `stet.project.reader_site`, word for word.
 * A mirror for throttled networks ends the connection after each answer and speaks no HTTP/2: there the whole
   connection counts, and what comes second on it hangs. An origin speaks HTTP/2, and ends its connections too.
 * Addresses of readers are counted in memory against floods, and are written nowhere.

Nothing here touches a disk or a network: a `Place` goes in, text comes out.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from stet.edition.sheet import is_compressible
from stet.project.reader_site import (
    ALWAYS_ASKED_PATHS,
    ARTICLE_PAGE,
    COMMON_HEADERS,
    FEED_TYPES,
    FOREVER,
    FOREVER_PATHS,
    MEDIA_TYPES,
    WORKER_POLICY,
    page_policy,
)
from stet.theme.worker import PATH as WORKER_PATH

TEMPLATES = Path(__file__).with_name("templates")
TEMPLATE_OF = {"nginx": "nginx.txt", "caddy": "caddy.txt"}
HSTS = "max-age=63072000"
"""Two years (RFC 6797). No includeSubDomains: a mirror's domain may not be ours alone."""
CIPHERS = (
    "ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-ECDSA-CHACHA20-POLY1305", "ECDHE-ECDSA-AES256-GCM-SHA384",
)  # fmt: skip
"""Of TLS 1.2, with OpenSSL's names. All are for a certificate with an elliptic curve."""
CIPHERS_OF_13 = ("TLS_AES_128_GCM_SHA256", "TLS_CHACHA20_POLY1305_SHA256", "TLS_AES_256_GCM_SHA384")
"""Of TLS 1.3: all it has, those with the shorter digest first, since its handshake is a little smaller."""
GO_CIPHERS = (
    "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
    "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
)  # fmt: skip
"""The same, with the names that Caddy takes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Frontdesk:
    """The frontdesk as readers reach it, and where it listens."""

    host: str
    upstream: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One host that is to serve an edition."""

    host: str
    root: str
    """The folder that holds `index.html` and `.well-known`."""
    is_mirror: bool
    form_urls: tuple[str, ...]
    languages: tuple[str, ...]
    """Those with a folder of their own."""
    page_seconds: int
    certificate: str
    """The chain in a file; "" where Caddy gets one by itself."""
    certificate_key: str
    frontdesk: Frontdesk | None = None
    onion: str = ""
    listen: str = ""
    port: int = 443
    http_port: int = 80

    @property
    def slug(self) -> str:
        """What the names of nginx's variables and zones end in, so that several places stand on one machine.

        >>> Place.slug.fget(type("Any", (), {"host": "news.example.org"}))
        'news_example_org'
        """
        return re.sub(r"[^a-z0-9]", "_", self.host.lower())


def configuration(server: str, place: Place) -> str:
    """The configuration of "nginx" or "caddy" for a place."""
    return environment().get_template(TEMPLATE_OF[server]).render(place=place, **_told(place))


def _told(place: Place) -> dict[str, Any]:
    types = [(ending.removeprefix("."), media_type) for ending, media_type in MEDIA_TYPES.items()]
    return {
        "policy": page_policy(*place.form_urls),
        "search_policy": page_policy(*place.form_urls, searches=True),
        "article_policy": page_policy(*place.form_urls, follows=True),
        "article_page": ARTICLE_PAGE,
        "check_policy": page_policy(checks=True),
        "worker_path": WORKER_PATH,
        "worker_policy": WORKER_POLICY,
        "headers": [(name.title(), value) for name, value in COMMON_HEADERS],
        "hsts": HSTS,
        "forever": FOREVER,
        "forever_paths": f"^(?:{FOREVER_PATHS.pattern})",
        "asked_paths": f"^(?:{ALWAYS_ASKED_PATHS.pattern})",
        "page_age": f"public, max-age={place.page_seconds}",
        "types": types,
        "feeds": list(FEED_TYPES.items()),
        "packed_types": [(ending, media_type) for ending, media_type in types if is_compressible(media_type)],
        "ciphers": CIPHERS,
        "ciphers_of_13": CIPHERS_OF_13,
        "go_ciphers": GO_CIPHERS,
    }


@lru_cache(maxsize=1)
def environment() -> Environment:
    """How templates are set: neither braces nor percent signs alone mean anything, since both servers use them."""
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=False,  # noqa: S701 - no HTML; every value is checked before
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        variable_start_string="<<",
        variable_end_string=">>",
        block_start_string="<%",
        block_end_string="%>",
        comment_start_string="<#",
        comment_end_string="#>",
    )
