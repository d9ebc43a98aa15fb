"""Addresses of the web, as they stand in a text: whole, safe to follow, and named after their site."""

import re
from urllib.parse import SplitResult, unquote, urlsplit

_SITES = {
    "youtube.com": "YouTube", "youtu.be": "YouTube", "youtube-nocookie.com": "YouTube", "vimeo.com": "Vimeo",
    "twitter.com": "Twitter", "x.com": "X", "facebook.com": "Facebook", "instagram.com": "Instagram",
    "t.me": "Telegram", "soundcloud.com": "SoundCloud", "spotify.com": "Spotify", "tiktok.com": "TikTok",
    "vk.com": "VK", "rutube.ru": "Rutube", "wordpress.tv": "WordPress.tv",
}  # fmt: skip
"""Names of sites by the end of their host name."""


def split(url: str) -> SplitResult:
    """The parts of an address; an address that is none has none."""
    try:
        parts = urlsplit(url.strip())
        parts.hostname, parts.port  # noqa: B018 - both are only checked when they are asked for
    except ValueError:
        return urlsplit("")
    return parts


def file_name(url: str) -> str:
    """The last part of an address's path, decoded."""
    return unquote(split(url).path).rsplit("/", 1)[-1]


def site_name(url: str) -> str:
    """What a site is called, from an address on it."""
    host = (split(url).hostname or "").removeprefix("www.")
    known = (name for end, name in _SITES.items() if host == end or host.endswith("." + end))
    return next(known, host) or "another site"


def watch_address(url: str) -> str:
    """The address where a person sees what a frame shows."""
    if match := re.match(r"https?://(?:www\.)?youtube(?:-nocookie)?\.com/embed/([\w-]{6,20})", url):
        return f"https://www.youtube.com/watch?v={match[1]}"
    if match := re.match(r"https?://player\.vimeo\.com/video/(\d+)", url):
        return f"https://vimeo.com/{match[1]}"
    return url


def web_address(raw: str) -> str:
    """An absolute address of the web, or nothing."""
    raw = raw.strip()
    raw = f"https:{raw}" if raw.startswith("//") else raw
    return raw if re.match(r"https?://[^\s/]+", raw) and split(raw).hostname else ""
