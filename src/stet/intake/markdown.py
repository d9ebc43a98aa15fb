"""Light Markdown, as Stet's own archive writes it, becomes blocks and clean HTML.

The rules:
 * A blank line ends a paragraph; a line break inside one is a space.
 * Lines that begin with "- " are a list, with "1. " a numbered one; indented lines below an item belong to it.
 * "## " is a subhead, "### " a smaller one; both only in bodies.
 * **bold**, *italic*, [words](address) and nothing else; a backslash takes the meaning from the sign behind it.
 * Everything else is text and gets escaped: HTML in an archive is shown, never obeyed.

Nothing here touches disk, network, clock or Django.
"""

import re
from collections.abc import Callable, Iterator
from html import escape

LinkTarget = Callable[[str], str]
"""From an address as it is written, such as "article:dam-verdict", to the one that HTML gets."""

_INLINE = re.compile(
    r"\\(?P<plain>[\\*_\[\]()#-])"
    r"|\[(?P<words>[^\]\n]+)\]\((?P<address>[^)\s]+)\)"
    r"|\*\*(?P<bold>(?=\S).+?(?<=\S))\*\*(?!\*)"
    r"|\*(?P<italic>(?=[^\s*]).+?(?<=[^\s\\]))\*"
)
_BULLET = re.compile(r"-\s+")
_NUMBER = re.compile(r"\d{1,3}\.\s+")
_SUBHEAD = re.compile(r"(#{2,3})\s+(.+)")


def line_html(text: str, link: LinkTarget) -> str:
    """One line or paragraph as inline HTML."""
    html: list[str] = []
    end = 0
    for match in _INLINE.finditer(text):
        html.append(escape(text[end : match.start()], quote=False))
        html.append(_inline_piece(match, link))
        end = match.end()
    html.append(escape(text[end:], quote=False))
    return "".join(html)


def _inline_piece(match: re.Match[str], link: LinkTarget) -> str:
    if plain := match["plain"]:
        return escape(plain, quote=False)
    if match["words"]:
        return f'<a href="{escape(link(match["address"]))}">{line_html(match["words"], link)}</a>'
    if match["bold"]:
        return f"<b>{line_html(match['bold'], link)}</b>"
    return f"<i>{line_html(match['italic'], link)}</i>"


def plain_text(text: str) -> str:
    """What a line says, without its marks."""

    def piece(match: re.Match[str]) -> str:
        inner = match["words"] or match["bold"] or match["italic"]
        return plain_text(inner) if inner else str(match["plain"])

    return _INLINE.sub(piece, text)


def text_html(text: str, link: LinkTarget) -> str:
    """Paragraphs and lists as HTML; subheads are not known here and stay text."""
    return "".join(_part_html(part, link) for part in parts(text))


def subhead(part: str) -> tuple[int, str] | None:
    """Level and words, where a part is a subhead."""
    match = _SUBHEAD.fullmatch(part)
    return (len(match[1]), plain_text(match[2].strip())) if match else None


def parts(text: str) -> Iterator[str]:
    """The parts of a text: paragraphs, whole lists, subheads."""
    for chunk in re.split(r"\n[ \t]*\n", text.strip("\n")):
        yield from _split_chunk(chunk.strip("\n"))


def _split_chunk(chunk: str) -> Iterator[str]:
    """A subhead, or a list right below a paragraph, needs no blank line."""
    lines: list[str] = []
    for line in chunk.split("\n"):
        begins_list = _marker(line) is not None and bool(lines) and _marker(lines[0]) is None
        if lines and (begins_list or _SUBHEAD.fullmatch(line.strip()) or _SUBHEAD.fullmatch(lines[-1].strip())):
            yield "\n".join(lines).strip()
            lines = []
        lines.append(line)
    if rest := "\n".join(lines).strip():
        yield rest


def _part_html(part: str, link: LinkTarget) -> str:
    marker = _marker(part)
    if marker is None:
        return f"<p>{line_html(_unfold(part), link)}</p>"
    tag = "ul" if marker is _BULLET else "ol"
    items = "".join(f"<li>{line_html(item, link)}</li>" for item in _items(part, marker))
    return f"<{tag}>{items}</{tag}>"


def _marker(line: str) -> re.Pattern[str] | None:
    return next((marker for marker in (_BULLET, _NUMBER) if marker.match(line)), None)


def _items(part: str, marker: re.Pattern[str]) -> list[str]:
    items: list[list[str]] = []
    for line in part.split("\n"):
        if match := marker.match(line):
            items.append([line[match.end() :]])
        else:
            items[-1].append(line)
    return [_unfold("\n".join(lines)) for lines in items]


def _unfold(text: str) -> str:
    return re.sub(r"\s*\n\s*", " ", text.strip())
