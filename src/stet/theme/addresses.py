"""Paths inside the edition, written as the absolute addresses that other programs need.

The rules:
 * A path begins with "/" and gets the site's base address in front; anything else is an address already and stays one.
 * What comes out is a URI (RFC 3986): characters outside its alphabet are percent-encoded, and what is encoded stays.
"""

import re
from functools import lru_cache
from urllib.parse import quote

URI_PUNCTUATION = "/:?#[]@!$&'()*+,;=%-._~"
"""Reserved and unreserved punctuation (RFC 3986, 2.2 and 2.3), and the percent sign of what is encoded already."""

_PATH_IN_HTML = re.compile(r'(<(?:a|img)\s(?:[^<>]*?\s)?(?:href|src)=")(?=/(?!/))')


@lru_cache(maxsize=4096)
def absolute(base_url: str, address: str) -> str:
    """The absolute URI of a path of the edition.

    >>> absolute("https://example.org", "/society/")
    'https://example.org/society/'
    >>> absolute("https://example.org", "https://example.com/ä")
    'https://example.com/%C3%A4'
    """
    return quote(base_url + address if address.startswith("/") else address, safe=URI_PUNCTUATION)


def absolute_html(base_url: str, html: str) -> str:
    """The same clean HTML with the paths in its links and images made absolute.

    >>> absolute_html("https://example.org", '<a href="/about/">us</a>')
    '<a href="https://example.org/about/">us</a>'
    """
    return _PATH_IN_HTML.sub(lambda found: found[1] + base_url, html) if '="/' in html else html
