"""Running text and lists: what an element says, with links and marks in our few elements, whatever stands in it.

Pictures, frames and sounds in it are passed over: who reads an element as a line reads those by themselves.
Nothing here touches disk, network, clock or Django.
"""

from collections.abc import Callable, Iterator
from html import escape

from lxml import etree

from stet.intake.web_markup import INLINE, MEDIA, says_something, spaced_html, target_of, words_of

DEEPEST = 60
"""Elements nested deeper are read as plain text."""

_APART = frozenset({"p", "div", "blockquote", "pre", "dl", "table", "h2", "h3", "h4"})
"""Elements that have a blank behind them where they are read as running text."""

LinkTarget = Callable[[str], str]
"""From a link's address as it is written to the one to keep."""


def marks_of(element: etree._Element, link: LinkTarget) -> tuple[str, str]:
    """What to write before and behind the words of an element; nothing for one that is no mark."""
    if element.tag == "q":
        return "“", "”"
    tag = INLINE.get(element.tag, "")
    if tag == "a":
        href = target_of(element)
        return (f'<a href="{escape(link(href))}">', "</a>") if href else ("", "")
    return (f"<{tag}>", f"</{tag}>") if tag else ("", "")


def line_of(element: etree._Element, link: LinkTarget, *, depth: int) -> str:
    """An element as running text."""
    if depth > DEEPEST:
        return escape(words_of(element), quote=False)
    if element.tag == "br":
        return "<br>"
    opening, closing = marks_of(element, link)
    inner = [spaced_html(element.text)]
    for child in element:
        if isinstance(child.tag, str) and child.tag not in MEDIA:
            inner.append(line_of(child, link, depth=depth + 1))
        inner.append(spaced_html(child.tail))
    blank = " " if element.tag in _APART else ""
    return opening + "".join(inner) + closing + blank


def list_of(element: etree._Element, link: LinkTarget, *, depth: int) -> str:
    """A list with the lists in it; empty where it says nothing."""
    if depth > DEEPEST:
        return ""
    items = []
    for item in element.iterchildren("li"):
        inner = "".join(_item_parts(item, link, depth=depth + 1)).strip()
        if says_something(inner):
            items.append(f"<li>{inner}</li>")
    tag = "ol" if element.tag == "ol" else "ul"
    return f"<{tag}>{''.join(items)}</{tag}>" if items else ""


def _item_parts(item: etree._Element, link: LinkTarget, *, depth: int) -> Iterator[str]:
    yield spaced_html(item.text)
    for child in item:
        if child.tag in ("ul", "ol"):
            yield list_of(child, link, depth=depth + 1)
        elif isinstance(child.tag, str) and child.tag not in MEDIA:
            yield line_of(child, link, depth=depth + 1)
        yield spaced_html(child.tail)
