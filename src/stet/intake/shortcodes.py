"""WordPress's shortcodes: [gallery ids="1,2"], [caption]…[/caption], [embed]https://…[/embed].

The rules:
 * What a shortcode stands for is put into the HTML as an element of ours, <stet-code n="0">, where it stood.
 * [[gallery]] is written for readers to see and becomes [gallery].
 * Nothing inside <pre> and <code> is a shortcode.
 * A bracket that only holds words, such as [sic] or [the president], is text: shortcodes have a known name, attributes,
   an end tag, or a name with a hyphen or underscore in it.

Nothing here touches disk, network, clock or Django.
"""

import re
from dataclasses import dataclass

KNOWN = frozenset(
    {
        "gallery",
        "caption",
        "wp_caption",
        "audio",
        "video",
        "playlist",
        "embed",
        "youtube",
        "vimeo",
        "soundcloud",
        "wpvideo",
    }
)
"""What WordPress itself and its hosted service know, as far as it has something to show."""

PLACEHOLDER = "stet-code"
_OWN_TAG = re.compile(rf"<(?=/?{PLACEHOLDER})", re.IGNORECASE)
"""An element of ours in an archive is text: it would stand for a shortcode that is not there, or for itself."""
_CODE = re.compile(
    r"(?P<verbatim><(?P<tag>pre|code)\b.*?</(?P=tag)>|<!--.*?-->|<[a-zA-Z/][^<>]*>)"
    r"|\[\[(?P<escaped>[^\[\]\n]{1,500})\]\]"
    r"|\[(?P<name>[A-Za-z][\w-]{1,40})(?P<attributes>(?:\s[^\[\]]{0,5000})?)\]",
    re.DOTALL,
)
_ATTRIBUTE = re.compile(r"""([\w-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'\]]+))|"([^"]*)"|(\S+)""")
_URL = re.compile(r"https?://\S+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortcode:
    """One shortcode as it was written."""

    name: str
    attributes: dict[str, str]
    values: tuple[str, ...] = ()
    """What stood there without a name."""
    content: str = ""


def take_shortcodes(html: str, *, first: int = 0) -> tuple[str, list[Shortcode]]:
    """The HTML with an element in each shortcode's place, and the shortcodes in the order of their numbers.

    `first` is the number of the first one.
    """
    html = _OWN_TAG.sub("&lt;", html)
    codes: list[Shortcode] = []
    out: list[str] = []
    end = 0
    while match := _CODE.search(html, end):
        out.append(html[end : match.start()])
        end = match.end()
        if match["verbatim"]:
            out.append(match["verbatim"])
        elif match["escaped"] is not None:
            out.append(f"[{match['escaped']}]")
        else:
            code, end = _shortcode(html, match)
            if code is None:
                out.append(match[0])
            else:
                out.append(f'<{PLACEHOLDER} n="{first + len(codes)}"></{PLACEHOLDER}>')
                codes.append(code)
    out.append(html[end:])
    return "".join(out), codes


def _shortcode(html: str, match: re.Match[str]) -> tuple[Shortcode | None, int]:
    """The shortcode that begins here and where it ends; None where the bracket is text."""
    name = match["name"].lower()
    raw = match["attributes"].strip()
    is_closed = raw.endswith("/")
    attributes, values = _attributes(raw.removesuffix("/"))
    content, end = "", match.end()
    close = re.compile(rf"\[/{re.escape(match['name'])}\]", re.IGNORECASE).search(html, end, end + 100_000)
    if close and not is_closed:
        content, end = html[match.end() : close.start()], close.end()
    is_code = name in KNOWN or attributes or is_closed or close or re.search(r"[-_]", name)
    if not is_code or (name not in KNOWN and values and not attributes and not close):
        return None, match.end()
    return Shortcode(name=name, attributes=attributes, values=values, content=content), end


def _attributes(raw: str) -> tuple[dict[str, str], tuple[str, ...]]:
    named: dict[str, str] = {}
    values: list[str] = []
    for key, double, single, bare, quoted, word in _ATTRIBUTE.findall(raw.replace("\xa0", " ")):
        if key:
            named[key.lower()] = double or single or bare
        else:
            values.append(quoted or word)
    return named, tuple(values)


def first_url(code: Shortcode, *names: str) -> str:
    """The address in a shortcode: in one of its attributes, between its tags, or without a name; empty without one."""
    candidates = (*(code.attributes.get(name, "") for name in names), code.content, *code.values)
    found = (_URL.search(candidate) for candidate in candidates)
    return next((match[0].split("<")[0].rstrip("\"'") for match in found if match), "")
