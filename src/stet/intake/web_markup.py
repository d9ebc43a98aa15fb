"""What is known of HTML: which elements there are, what of it is kept, and small questions about an element.

The rules:
 * `clean_html` comes first: whatever else looks at HTML sees only what nh3 wrote.
 * `clean_text` and `clean_line` come last: what is handed out is cleaned again, to the few elements of a text.

Nothing here touches disk, network, clock or Django.
"""

import re
from html import escape, unescape

import nh3
from lxml import etree
from lxml import html as lxml_html

from stet.intake.shortcodes import PLACEHOLDER

READ_TAGS = frozenset({
    "a", "abbr", "acronym", "address", "article", "aside", "audio", "b", "big", "blockquote", "body", "br", "button",
    "caption", "center", "cite", "code", "col", "colgroup", "dd", "del", "details", "dfn", "div", "dl", "dt", "em",
    "embed", "fieldset", "figcaption", "figure", "font", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6",
    "header", "hgroup", "hr", "i", "iframe", "img", "input", "ins", "kbd", "label", "li", "main", "mark", "menu",
    "nav", "noscript", "object", "ol", "p", "picture", "pre", "q", "s", "samp", "section", "select", "small",
    "source", "span", "strike", "strong", "sub", "summary", "sup", "table", "tbody", "td", "textarea", "tfoot", "th",
    "thead", "time", "tr", "tt", "u", "ul", "var", "video", "wbr", PLACEHOLDER,
})  # fmt: skip
READ_ATTRIBUTES = {
    "*": {"class"},
    "a": {"href"},
    "audio": {"src"},
    "blockquote": {"cite", "data-instgrm-permalink"},
    "embed": {"src"},
    "iframe": {"src", "title"},
    "img": {"src", "alt", "data-src", "data-lazy-src", "data-orig-file", "data-id"},
    "object": {"data"},
    "source": {"src"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "video": {"src"},
    PLACEHOLDER: {"n"},
}
KEPT_TAGS = {"p", "ul", "ol", "li", "b", "i", "s", "sup", "sub", "a", "br", "code"}
_LINK_SCHEMES = {"http", "https", "mailto", "tel", "record"}

INLINE = {
    "strong": "b", "b": "b", "em": "i", "i": "i", "cite": "i", "dfn": "i", "del": "s", "s": "s", "strike": "s",
    "sup": "sup", "sub": "sub", "code": "code", "kbd": "code", "tt": "code", "samp": "code", "var": "i", "a": "a",
}  # fmt: skip
"""Elements of running text → ours."""
UNWRAPPED = {
    "abbr", "acronym", "big", "font", "ins", "label", "mark", "small", "span", "time", "u", "wbr", "picture",
    "noscript",
}  # fmt: skip
"""Elements of running text of which only the words are kept."""
CONTAINERS = {
    "address", "article", "aside", "body", "center", "div", "fieldset", "footer", "header", "hgroup", "main", "menu",
    "nav", "section", "dd", "dt", "figcaption", "caption", "li", "td", "th", "summary", "form",
}  # fmt: skip
MEDIA = {"img", "iframe", "video", "audio", "object", "embed", PLACEHOLDER}
FORM_FIELDS = {"input", "select", "textarea", "button"}
_VOID = frozenset({"br", "hr", "img", "input", "col", "embed", "source", "wbr"})


def clean_html(html: str) -> str:
    """HTML with nothing in it that runs, and every element closed."""
    return nh3.clean(
        html,
        tags=set(READ_TAGS),
        clean_content_tags={"script", "style", "template", "svg", "math"},
        attributes={tag: set(names) for tag, names in READ_ATTRIBUTES.items()},
        strip_comments=False,
        link_rel=None,
        url_schemes={"http", "https", "mailto", "tel"},
    )


def parsed(clean: str) -> etree._Element:
    """What `clean_html` wrote, as a tree below one <div>."""
    parser = lxml_html.HTMLParser(huge_tree=False, no_network=True, encoding="utf-8")
    root = lxml_html.document_fromstring(f"<html><body><div>{clean}</div></body></html>".encode(), parser=parser)
    return next(root.iter("div"))


def plain_text(html: str) -> str:
    """What HTML says, in one line."""
    without = re.sub(r"(?is)<(script|style)\b.*?</\1>|<!--.*?-->", " ", html)
    spaced = re.sub(
        r"(?i)</?(?:p|br|div|li|ul|ol|td|th|tr|h[1-6]|figcaption|cite|blockquote|dt|dd)\b[^<>]*>", " ", without
    )
    return " ".join(unescape(re.sub(r"</?[a-zA-Z][^<>]*>", "", spaced)).split())


def clean_text(html: str) -> str:
    """Paragraphs and lists, with nothing in them but what a text may hold."""
    return _clean(html, KEPT_TAGS)


def clean_line(html: str) -> str:
    """Running text without paragraphs."""
    return _clean(html, KEPT_TAGS - {"p", "ul", "ol", "li", "br"}).strip()


def _clean(html: str, tags: set[str]) -> str:
    clean = nh3.clean(html, tags=tags, attributes={"a": {"href"}}, url_schemes=_LINK_SCHEMES, link_rel=None)
    without_empty = re.sub(r"<(b|i|s|sup|sub|code|a)(?: [^>]*)?>\s*</\1>", "", clean)
    return re.sub(r"<a>(.*?)</a>", r"\1", without_empty, flags=re.DOTALL)


def image_address(image: etree._Element) -> str:
    """Where a picture lies, also where a plugin loads it late; empty where it stands in the text itself."""
    for name in ("data-orig-file", "data-lazy-src", "data-src", "src"):
        if (address := image.get(name)) and not address.startswith("data:"):
            return str(address)
    return ""


def target_of(element: etree._Element) -> str:
    """Where a link leads."""
    return (element.get("href") or "").strip()


def classes_of(element: etree._Element) -> set[str]:
    """The element's classes."""
    return set((element.get("class") or "").split())


def all_classes_in(element: etree._Element) -> set[str]:
    """The classes of the element and of everything in it."""
    return {name for inner in element.iter() if isinstance(inner.tag, str) for name in classes_of(inner)}


def holds(element: etree._Element, tags: set[str]) -> bool:
    """Whether any of these elements stands inside."""
    return any(inner is not element and inner.tag in tags for inner in element.iter())


def nesting(clean: str) -> int:
    """How deep elements stand inside each other, in HTML that nh3 wrote."""
    depth = deepest = 0
    for end, tag in re.findall(r"<(/?)([a-z][a-z0-9-]*)", clean):
        if tag not in _VOID:
            depth += -1 if end else 1
            deepest = max(deepest, depth)
    return deepest


def words_of(element: etree._Element) -> str:
    """What the element says, in one line."""
    return plain_text(etree.tostring(element, encoding="unicode", method="html", with_tail=False))


def spaced_html(text: str | None) -> str:
    """Text as HTML, with every white space as one blank."""
    return escape(re.sub(r"\s+", " ", text or ""), quote=False)


def remove(element: etree._Element) -> None:
    """Take an element out and leave the text behind it."""
    parent = element.getparent()
    if parent is None:
        return
    previous = element.getprevious()
    tail = element.tail or ""
    if previous is not None:
        previous.tail = (previous.tail or "") + tail
    else:
        parent.text = (parent.text or "") + tail
    parent.remove(element)


def says_something(html: str) -> bool:
    """Whether there is more than white space in the HTML."""
    return bool(unescape(re.sub(r"<[^>]*>", "", html)).replace("\xa0", " ").strip())
