"""A WordPress export (WXR) as it stands: the channel's terms and authors, then one item after the other.

The rules:
 * The file is read in chunks and cut into items before any XML is parsed, so that one damaged item costs no other.
 * Each item is parsed alone, without entities, DTD or network. An archive with a DOCTYPE is refused: exports have none.
 * A damaged item is read as far as it goes, and says so; one that cannot be read is named by its title and line.
 * An item of more than ten million characters is not read: no article is that long.

Nothing here knows what the fields mean.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from html import unescape
from html.entities import html5
from pathlib import Path

from lxml import etree

from stet.intake.encodings import decoded, find_encoding
from stet.intake.errors import ArchiveError

MAX_ITEM_CHARACTERS = 10_000_000
"""libxml2's own limit for one text (XML_MAX_TEXT_LENGTH)."""
MAX_CHANNEL_CHARACTERS = 50_000_000
_NAMING_CHARACTERS = 65_536
"""How much of an unreadable item is kept to find its title in."""

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What XML 1.0 allows nowhere (section 2.2)."""
_TOKEN = re.compile(r"<!\[CDATA\[|\]\]>|<!--|-->|<item[\s>]|</item\s*>")
_CDATA, _CDATA_END = "<![CDATA[", "]]>"
_TOKEN_LENGTH = 24
_TITLE = re.compile(r"<title>\s*(?:<!\[CDATA\[)?(.*?)(?:\]\]>|</title>)", re.DOTALL)
_ENTITY = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,31};)")
_XML_ENTITIES = frozenset({"amp;", "lt;", "gt;", "quot;", "apos;"})
_PREFIXES = ("wp", "content", "excerpt", "dc", "wfw")


@dataclass(frozen=True, slots=True, kw_only=True)
class Element:
    """An element with its fields, by name with prefix, such as "wp:post_id"; of a repeated field, the first."""

    fields: dict[str, str]
    line: int
    categories: tuple[tuple[str, str, str], ...] = ()
    """(domain, slug, name)."""
    meta: tuple[tuple[str, str], ...] = ()
    comments: int = 0
    damage: str = ""
    """What is wrong with its XML; empty where nothing is."""

    def get(self, name: str) -> str:
        """A field's text without white space around it; empty where it is missing."""
        return self.fields.get(name, "").strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """An item of which nothing can be told but where it is, and perhaps its title."""

    title: str
    line: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """What stands before the first item."""

    fields: dict[str, str]
    authors: tuple[Element, ...]
    categories: tuple[Element, ...]
    tags: tuple[Element, ...]
    damage: str = ""


@dataclass(slots=True, kw_only=True)
class Wxr:
    """An opened export: read `channel`, then `items` once."""

    channel: Channel
    items: Iterator[Element | Unreadable]
    notes: list[str] = field(default_factory=list)
    """Sentences about the file; complete once all items are read."""


def open_wxr(path: Path) -> Wxr:
    """Open an export.

    Raises ArchiveError where the file is missing, is no export, or holds a DOCTYPE.
    """
    try:
        encoding = find_encoding(path)
    except OSError as error:
        raise ArchiveError(
            f"{path} cannot be read ({error.strerror}). Name the .xml file that WordPress exported."
        ) from error
    notes = [encoding.note] if encoding.note else []
    cutter = _Cutter(_clean(decoded(path, encoding), notes))
    head = cutter.head()
    _refuse_unsafe(head, path)
    prefixes = tuple(dict.fromkeys((*_PREFIXES, *re.findall(r"xmlns:([A-Za-z_][\w.-]*)\s*=", head))))
    channel = _channel(head, prefixes)
    return Wxr(channel=channel, items=_items(cutter, prefixes), notes=notes)


def _clean(texts: Iterator[str], notes: list[str]) -> Iterator[str]:
    dropped = 0
    for text in texts:
        clean, count = _FORBIDDEN.subn("", text)
        dropped += count
        yield clean.replace("\r\n", "\n")
    if dropped:
        notes.append(f"{dropped} control characters, which XML does not allow, were dropped.")


def _refuse_unsafe(head: str, path: Path) -> None:
    prolog = re.split(r"<[A-Za-z]", re.sub(r"<!--.*?-->", "", head, flags=re.DOTALL), maxsplit=1)[0]
    if re.search(r"<!\s*(?:DOCTYPE|ENTITY)", prolog, re.IGNORECASE):
        raise ArchiveError(
            f"{path.name} holds a DOCTYPE, which a WordPress export never has and which can be used to attack its "
            "reader. Export the site again and use that file."
        )
    if not re.search(r"<rss[\s>]", head):
        raise ArchiveError(
            f"{path.name} is not a WordPress export: there is no <rss> in it. "
            "In WordPress choose Tools, Export, All content, and name the file that it gives."
        )


# --- Cutting ---


@dataclass(frozen=True, slots=True, kw_only=True)
class _Chunk:
    """The text of one item, from <item> to </item>."""

    text: str
    line: int
    damage: str = ""
    is_too_long: bool = False


class _Cutter:
    """Cuts a stream of text into items, minding CDATA and comments."""

    def __init__(self, texts: Iterator[str]) -> None:
        self._texts = texts
        self._buffer = ""
        self._line = 1
        self._is_over = False

    def head(self) -> str:
        """Everything before the first item."""
        position = 0
        mode = ""
        while True:
            match = _TOKEN.search(self._buffer, position)
            if match is None:
                if not self._read() or len(self._buffer) > MAX_CHANNEL_CHARACTERS:
                    return self._take(len(self._buffer))
                position = max(position, len(self._buffer) - self._last - _TOKEN_LENGTH)
                continue
            if not mode and match[0].startswith("<item"):
                return self._take(match.start())
            mode = _next_mode(mode, match[0])
            position = match.end()

    def items(self) -> Iterator[_Chunk]:
        """The items, one after the other; call `head` before."""
        while self._seek_start():
            yield self._item()

    def _read(self) -> bool:
        """Read on; False at the end."""
        text = next(self._texts, None)
        if text is None:
            self._is_over = True
            return False
        self._last = len(text)
        self._buffer += text
        return True

    def _take(self, length: int) -> str:
        taken, self._buffer = self._buffer[:length], self._buffer[length:]
        self._line += taken.count("\n")
        return taken

    def _seek_start(self) -> bool:
        """Move to the next <item>; False where there is none."""
        while True:
            if match := re.search(r"<item[\s>]", self._buffer):
                self._take(match.start())
                return True
            self._take(max(0, len(self._buffer) - _TOKEN_LENGTH))
            if not self._read():
                return False

    def _item(self) -> _Chunk:
        """The item that the buffer begins with."""
        line, position, mode = self._line, 1, ""
        end_within: int | None = None
        """Where an item ends inside CDATA: a sign that this CDATA was never closed, if another item follows."""
        next_within: int | None = None
        kept = ""
        while True:
            match = _TOKEN.search(self._buffer, position)
            if match is None or (match.end() > len(self._buffer) - 1 and not self._is_over):
                if self._is_over:
                    return self._broken(line, end_within if next_within else None, kept)
                position = max(position, len(self._buffer) - _TOKEN_LENGTH)
                if len(self._buffer) > MAX_ITEM_CHARACTERS + _TOKEN_LENGTH:
                    kept = kept or self._buffer[:_NAMING_CHARACTERS]
                    self._take(position)
                    position, end_within, next_within = 0, None, None
                self._read()
                continue
            token, position = match[0], match.end()
            if not mode and token.startswith("</item"):
                return self._whole(line, match.end(), kept)
            if not mode and token.startswith("<item"):
                return self._broken(line, match.start(), kept)
            if mode == _CDATA_END:
                if token.startswith("</item"):
                    end_within, next_within = match.end(), None
                elif token.startswith("<item") and end_within:
                    next_within = match.start()
                elif token == _CDATA and next_within:
                    return self._broken(line, end_within, kept)
            mode = _next_mode(mode, token)
            if not mode:
                end_within = next_within = None

    def _whole(self, line: int, end: int, kept: str) -> _Chunk:
        text = self._take(end)
        if kept or len(text) > MAX_ITEM_CHARACTERS:
            return _Chunk(text=kept or text[:_NAMING_CHARACTERS], line=line, is_too_long=True)
        return _Chunk(text=text, line=line)

    def _broken(self, line: int, end: int | None, kept: str) -> _Chunk:
        damage = "it is not closed" if end is not None else "the file ends in the middle of it"
        text = self._take(len(self._buffer) if end is None else end)
        if kept or len(text) > MAX_ITEM_CHARACTERS:
            return _Chunk(text=kept or text[:_NAMING_CHARACTERS], line=line, is_too_long=True)
        return _Chunk(text=text, line=line, damage=damage)


def _next_mode(mode: str, token: str) -> str:
    """What the scanner waits for after a token: "" outside, else the end of the CDATA or comment that it is in."""
    if mode:
        return "" if token == mode else mode
    return {_CDATA: _CDATA_END, "<!--": "-->"}.get(token, "")


# --- Parsing ---


def _items(cutter: _Cutter, prefixes: tuple[str, ...]) -> Iterator[Element | Unreadable]:
    for chunk in cutter.items():
        if chunk.is_too_long:
            yield Unreadable(title=_title(chunk.text), line=chunk.line, reason="longer than ten million characters")
            continue
        root, damage = _parse(chunk.text, prefixes)
        item = root.find("item") if root is not None else None
        if item is None or not len(item):
            yield Unreadable(title=_title(chunk.text), line=chunk.line, reason="its XML cannot be read")
            continue
        damage = chunk.damage or damage
        yield replace(_element(item, line=chunk.line), damage=f"{damage}, near line {chunk.line}" if damage else "")


def _title(text: str) -> str:
    match = _TITLE.search(text)
    return " ".join(unescape(match[1]).split())[:200] if match else "without a title"


def _channel(head: str, prefixes: tuple[str, ...]) -> Channel:
    start = re.search(r"<channel[^>]*>", head)
    root, damage = _parse(
        head[start.end() if start else len(head) :].replace("</channel>", "").replace("</rss>", ""), prefixes
    )
    children = list(root) if root is not None else []
    return Channel(
        fields={
            _name(child): _text(child) for child in reversed(children) if not len(child) and isinstance(child.tag, str)
        },
        authors=tuple(_element(child, line=0) for child in children if _name(child) == "wp:author"),
        categories=tuple(_element(child, line=0) for child in children if _name(child) == "wp:category"),
        tags=tuple(_element(child, line=0) for child in children if _name(child) == "wp:tag"),
        damage=damage,
    )


def _parse(text: str, prefixes: tuple[str, ...]) -> tuple[etree._Element | None, str]:
    """The text as XML below one root, and what is wrong with it. Prefixes get names of ours."""
    names = " ".join(f'xmlns:{prefix}="urn:wxr:{prefix}"' for prefix in prefixes)
    for attempt in (text, _ENTITY.sub(_character, text)):
        try:
            return etree.fromstring(f"<wxr {names}>{attempt}</wxr>", _parser(recover=False)), ""
        except etree.XMLSyntaxError as error:
            damage = "its XML is damaged" if error.msg is None else f"its XML is damaged ({_first_words(error.msg)})"
    try:
        return etree.fromstring(f"<wxr {names}>{attempt}</wxr>", _parser(recover=True)), damage
    except etree.XMLSyntaxError:
        return None, damage


def _first_words(message: str) -> str:
    return message.split(", line ")[0].strip()[:100]


def _character(match: re.Match[str]) -> str:
    return match[0] if match[1] in _XML_ENTITIES else html5.get(match[1], match[0])


def _parser(*, recover: bool) -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        huge_tree=False,
        load_dtd=False,
        recover=recover,
        remove_comments=True,
        remove_pis=True,
    )


def _element(element: etree._Element, *, line: int) -> Element:
    fields: dict[str, str] = {}
    categories: list[tuple[str, str, str]] = []
    meta: list[tuple[str, str]] = []
    comments = 0
    for child in element:
        name = _name(child)
        if name == "category":
            categories.append((child.get("domain", ""), child.get("nicename", ""), _text(child).strip()))
        elif name == "wp:postmeta":
            inner = {_name(grandchild): _text(grandchild) for grandchild in child}
            meta.append((inner.get("wp:meta_key", ""), inner.get("wp:meta_value", "")))
        elif name == "wp:comment":
            comments += 1
        elif name:
            fields.setdefault(name, _text(child))
    return Element(fields=fields, line=line, categories=tuple(categories), meta=tuple(meta), comments=comments)


def _name(element: etree._Element) -> str:
    if not isinstance(element.tag, str):
        return ""
    local = etree.QName(element).localname
    return f"{element.prefix}:{local}" if element.prefix else local


def _text(element: etree._Element) -> str:
    return "".join(element.itertext())
