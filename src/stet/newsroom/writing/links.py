"""Addresses without what follows a reader: tracking parameters, and the services that count a click on the way.

The rules:
 * A click counter's address becomes the one that it leads to, where it says it; an address inside an address, too.
 * Parameters that only say where a reader came from are taken out; all others stay, in order and letter by letter.
 * What is no web address is left alone. plain_link(plain_link(x)) == plain_link(x).
"""

import re
from urllib.parse import parse_qs, urlsplit, urlunsplit

COUNTERS = (
    (re.compile(r"(?:www\.)?google(?:\.[a-z]{2,3}){1,2}"), "/url", ("q", "url")),
    (re.compile(r"(?:[a-z0-9-]+\.)?safelinks\.protection\.outlook\.com"), "/", ("url",)),
    (re.compile(r"lm?\.(?:facebook|instagram)\.com"), "/", ("u",)),
    (re.compile(r"(?:www\.|m\.)?(?:vk\.com|vk\.ru|vkontakte\.ru)"), "/away.php", ("to",)),
    (re.compile(r"(?:www\.|m\.)?youtube\.com"), "/redirect", ("q",)),
    (re.compile(r"(?:www\.)?linkedin\.com"), "/redir/", ("url",)),
    (re.compile(r"out\.reddit\.com"), "/", ("url",)),
    (re.compile(r"t\.umblr\.com"), "/redirect", ("z",)),
    (re.compile(r"yandex(?:\.[a-z]{2,3}){1,2}"), "/turbo", ("text",)),
)
"""(host, beginning of the path, parameters that may hold the address it leads to)."""

TRACKERS = re.compile(
    r"utm_\w+|fbclid|gclid|gclsrc|dclid|gbraid|wbraid|msclkid|yclid|ysclid|_openstat|twclid|ttclid|igshid|igsh|li_fat_id"
    r"|mc_cid|mc_eid|mkt_tok|vero_id|vero_conv|_hsenc|_hsmi|__hs\w+|oly_anon_id|oly_enc_id|s_cid|wickedid|rb_clickid"
    r"|ref_src|ref_url|__twitter_impression|guccounter|guce_referrer\w*|tg_rhash|_ga|_gl|ga_\w+|pk_\w+|mtm_\w+|at_\w+|xtor|cmpid"
    r"|from_source|admitad_uid|roistat\w*|calltouch_tm|etext",
    re.IGNORECASE,
)
"""Parameters that say where a reader came from, by the names that their makers document."""
MOST_LAYERS = 5


def plain_link(url: str) -> str:
    """The address itself."""
    for _ in range(MOST_LAYERS):
        inner = _counted(url)
        if inner is None:
            break
        url = inner
    return _untracked(url)


def _counted(url: str) -> str | None:
    """Where a click counter leads; None where this is none, or it does not say."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").lower()
    except ValueError:
        return None
    if parts.scheme not in ("http", "https"):
        return None
    for its_host, path, names in COUNTERS:
        if its_host.fullmatch(host) and parts.path.startswith(path):
            given = parse_qs(parts.query)
            found = [value for name in names for value in given.get(name, ()) if _is_web(value)]
            return found[0] if found else None
    return None


def _is_web(value: str) -> bool:
    return bool(re.match(r"https?://[^\s/]", value, re.IGNORECASE)) and not re.search(r"[\s\x00-\x1f]", value)


def _untracked(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    if parts.scheme not in ("http", "https") or not parts.query:
        return url
    pairs = parts.query.split("&")
    kept = [pair for pair in pairs if not TRACKERS.fullmatch(pair.split("=", 1)[0])]
    return url if len(kept) == len(pairs) else urlunsplit(parts._replace(query="&".join(kept)))
