"""Rich text as Wagtail stores it becomes clean HTML.

Stored text names its links: `<a linktype="page" id="3">`. All links of a batch are resolved from one look-up; a link
to what is not published leaves its words and goes. The result passes an allow-list, whatever the database holds.

A mark, `<a linktype="claim" id="12" …>`, becomes what `stet.theme.claims` makes of marked words, where the page at hand
lists claims; everywhere else it leaves its words and goes.
"""

import re
from collections.abc import Callable
from html import escape, unescape

import nh3

from stet.theme.claims import marked

_ANCHOR = re.compile(r"""<a\b((?:[^>"']++|"[^"]*"|'[^']*')*+)>(.*?)</a>""", re.DOTALL)
_ATTRIBUTE = re.compile(r"""([a-z-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_CLAIM = re.compile(r"""linktype\s*=\s*\\?["']claim""")
_BLOCK = re.compile(r"<(p|ul|ol)\b[^>]*>.*?</\1>", re.DOTALL)
_TAG = re.compile(r"<[^>]+>")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")

_TAGS = {"p", "ul", "ol", "li", "b", "i", "s", "sup", "sub", "a", "br", "code"}
_INLINE_TAGS = _TAGS - {"p", "ul", "ol", "li"}
_RENAMED = (
    ("<strong>", "<b>"),
    ("</strong>", "</b>"),
    ("<em>", "<i>"),
    ("</em>", "</i>"),
    ("<del>", "<s>"),
    ("</del>", "</s>"),
)
_CLEANER = nh3.Cleaner(
    tags=_TAGS,
    attributes={"a": {"href", "rel"}, "ol": {"start"}},
    url_schemes={"http", "https", "mailto", "tel"},
    link_rel=None,
)
_INLINE_CLEANER = nh3.Cleaner(
    tags=_INLINE_TAGS,
    attributes={"a": {"href", "rel"}},
    url_schemes={"http", "https", "mailto", "tel"},
    link_rel=None,
)

_MARK = "#claim:"
"""Begins the address of marked words on their way through the allow-list; nobody can type it into a link."""
_MARKED = re.compile(rf'<a href="{_MARK}(\d+)-(\d+):([a-z_]*):([\w-]*)">(.*?)</a>', re.DOTALL)

Resolve = Callable[[str, int], str | None]
"""(kind, id) → path, or None where it is not published. Kinds are "page", "document" and "claim".

For a claim the answer is `mark_address`, or None where the page lists no claims.
"""


def mark_address(number: int, occurrence: int, *, status: str, language: str) -> str:
    """Where marked words lead while they are cleaned: the claim's number on the page, which time it is marked.

    `status` is told at the mark, in the page's language: what became of a claim that no longer stands.
    """
    return f"{_MARK}{number}-{occurrence}:{status}:{language}"


def plain(text: str | None) -> str:
    """A line of plain text: no control characters, white space folded."""
    return " ".join(_CONTROL.sub("", text or "").split())


def clean_html(stored: str | None, resolve: Resolve) -> str:
    """Stored rich text as HTML of paragraphs and lists."""
    if not stored:
        return ""
    return _with_marks(_CLEANER.clean(_linked(_renamed(stored), resolve)).strip())


def clean_line(stored: str | None, resolve: Resolve) -> str:
    """Stored rich text as the HTML of one line, without block tags."""
    if not stored:
        return ""
    joined = re.sub(r"</(p|li)>\s*<(p|li)[^>]*>", " ", _renamed(stored))
    return _with_marks(_INLINE_CLEANER.clean(_linked(joined, resolve)).strip())


def blocks_of(html: str) -> list[str]:
    """Clean HTML split into its paragraphs and lists."""
    found = [match.group(0) for match in _BLOCK.finditer(html)]
    return found or ([html] if html.strip() else [])


def text_of(html: str) -> str:
    """The words of clean HTML."""
    return unescape(_TAG.sub(" ", html))


def linked_ids(stored: str) -> tuple[set[int], set[int]]:
    """(pages, documents) that stored rich text, or the JSON around it, links to."""
    pages = {int(n) for n in re.findall(r'linktype=\\?"page\\?"[^>]*?\bid=\\?"(\d+)', stored)}
    pages |= {int(n) for n in re.findall(r'\bid=\\?"(\d+)\\?"[^>]*?linktype=\\?"page', stored)}
    documents = {int(n) for n in re.findall(r'linktype=\\?"document\\?"[^>]*?\bid=\\?"(\d+)', stored)}
    documents |= {int(n) for n in re.findall(r'\bid=\\?"(\d+)\\?"[^>]*?linktype=\\?"document', stored)}
    return pages, documents


def has_claims(stored: str) -> bool:
    """Whether a claim is marked in stored rich text, or in the JSON around it."""
    return "linktype" in stored and _CLAIM.search(stored) is not None


def claim_ids(stored: str) -> tuple[int, ...]:
    """The claims that are marked in stored rich text, in order, each once."""
    if not has_claims(stored):
        return ()
    found = (_attributes(match.group(1)) for match in _ANCHOR.finditer(stored))
    numbers = (a.get("id", "") for a in found if a.get("linktype") == "claim")
    return tuple(dict.fromkeys(int(number) for number in numbers if _is_id(number)))


def _with_marks(html: str) -> str:
    if _MARK not in html:
        return html
    return _MARKED.sub(lambda m: marked(m[5], number=int(m[1]), occurrence=int(m[2]), status=m[3], language=m[4]), html)


def _renamed(stored: str) -> str:
    text = _CONTROL.sub("", stored)
    for old, new in _RENAMED:
        text = text.replace(old, new)
    return text


def _linked(html: str, resolve: Resolve) -> str:
    if "<a" not in html:
        return html
    return _ANCHOR.sub(lambda match: _link(match, resolve), html)


def _link(match: re.Match[str], resolve: Resolve) -> str:
    attributes = _attributes(match.group(1))
    words = match.group(2)
    kind = attributes.get("linktype")
    if kind is None:
        address = attributes.get("href", "")
        if not address.startswith(("https://", "http://", "mailto:", "tel:", "/", "#")) or address.startswith(_MARK):
            return words
        rel = ' rel="noopener noreferrer"' if address.startswith("http") else ""
        return f'<a href="{escape(address)}"{rel}>{words}</a>'
    number = attributes.get("id", "")
    path = resolve(kind, int(number)) if _is_id(number) else None
    return f'<a href="{escape(path)}">{words}</a>' if path else words


def _attributes(written: str) -> dict[str, str]:
    return {name: unescape(a or b) for name, a, b in _ATTRIBUTE.findall(written)}


def _is_id(number: str) -> bool:
    """Whether it may be a row's: more digits than a database counts are nobody's."""
    return number.isdecimal() and len(number) <= 18
