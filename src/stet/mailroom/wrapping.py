"""Lines short enough for mail, without a change to what is seen.

RFC 5322 section 2.1.1 allows 998 octets a line, and servers refuse or cut what is longer. Text is wrapped at blanks.
HTML is wrapped where a line end means nothing: at blanks between words and between attributes, before the > of a tag,
and behind the braces of a style sheet; never inside <pre>, quotes, comments or scripts. Where there is no such place,
the letter is refused.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator

from stet.mailroom.errors import MessageRefusedError

LONGEST_LINE_BYTES = 998

_TOKENS = re.compile(
    rb"""
    (?P<kept>   <!--\[if[^\]]*\]>(?:<!-->)? | <!(?:--)?<!\[endif\]--> | <!\[endif\]--> | <!--.*?--> | <![^>]*> )
  | (?P<tag>    </?[A-Za-z](?:[^"'>]|"[^"]*"|'[^']*')*> )
  | (?P<text>   [^<]+ | < )
    """,
    re.VERBOSE | re.DOTALL,
)
_IN_TAG = re.compile(rb"\"[^\"]*\"|'[^']*'|(?P<blank>[ \t])")
_NAME = re.compile(rb"<(/?[A-Za-z][A-Za-z0-9]*)")
_BLANK = re.compile(rb"[ \t]")
_BRACE = re.compile(rb"[{}](?![\r\n])")
_KEPT_TEXT = frozenset({b"pre", b"textarea", b"script"})
_Place = tuple[int, int]
"""Where a line may end, and where the next one then begins: a blank between the two is dropped."""


def wrapped_text(text: bytes) -> bytes:
    """Plain text with CRLF and no line too long; raises MessageRefusedError."""
    text = _with_crlf(text)
    return _wrapped(text, ((found.start(), found.end()) for found in _BLANK.finditer(text)), "plain text")


def wrapped_html(html: bytes) -> bytes:
    """HTML with CRLF and no line too long; raises MessageRefusedError."""
    html = _with_crlf(html)
    return _wrapped(html, _places_in_html(html), "HTML")


def _with_crlf(text: bytes) -> bytes:
    """Each line, the last one too, ends with CRLF."""
    if b"\0" in text:
        raise MessageRefusedError("The letter holds a NUL character, which mail cannot carry. Remove it.")
    text = text.replace(b"\r\n", b"\n").replace(b"\r", b"\n").replace(b"\n", b"\r\n")
    return text if text.endswith(b"\r\n") else text + b"\r\n"


def _wrapped(text: bytes, places: Iterable[_Place], what: str) -> bytes:
    lines = text.split(b"\r\n")
    if max(map(len, lines)) <= LONGEST_LINE_BYTES:
        return text
    known = sorted(places)
    done, begin = [], 0
    for number, line in enumerate(lines, 1):
        end = begin + len(line)
        if len(line) > LONGEST_LINE_BYTES:
            within = known[bisect_right(known, (begin, end)) : bisect_left(known, (end,))]
            line = b"\r\n".join(_cut(text, begin, [*within, (end, end)], f"line {number} of its {what}"))
        done.append(line)
        begin = end + 2
    return b"\r\n".join(done)


def _cut(text: bytes, begin: int, places: list[_Place], where: str) -> Iterator[bytes]:
    last: _Place | None = None
    for place in places:
        if place[0] - begin > LONGEST_LINE_BYTES:
            if last is None or place[0] - last[1] > LONGEST_LINE_BYTES:
                raise MessageRefusedError(
                    f"The letter has more than {LONGEST_LINE_BYTES} bytes without a blank in {where}, "
                    "which mail cannot carry. Divide it."
                )
            yield text[begin : last[0]]
            begin = last[1]
        last = place if place[0] > begin else None
    yield text[begin : places[-1][0]]


def _places_in_html(html: bytes) -> Iterator[_Place]:
    inside = b""
    for token in _TOKENS.finditer(html):
        if token.lastgroup == "tag":
            name = _NAME.match(token[0])
            inside = _inside(inside, name[1].lower() if name else b"")
            yield from _places_in_tag(token[0], token.start())
        elif token.lastgroup == "text" and inside not in _KEPT_TEXT:
            pattern, is_dropped = (_BRACE, False) if inside == b"style" else (_BLANK, True)
            for found in pattern.finditer(token[0]):
                at = token.start() + found.end()
                yield (at - 1, at) if is_dropped else (at, at)


def _inside(inside: bytes, name: bytes) -> bytes:
    """In which element text now stands, among those where blanks are not only blanks."""
    if inside:
        return b"" if name == b"/" + inside else inside
    return name if name in _KEPT_TEXT or name == b"style" else b""


def _places_in_tag(tag: bytes, start: int) -> Iterator[_Place]:
    for found in _IN_TAG.finditer(tag):
        if found["blank"] is not None:
            yield start + found.start(), start + found.end()
    # In <img src=x/> the slash belongs to the value.
    has_slash = tag.endswith(b"/>") and (tag[-3:-2] in b"\"' \t" or b"=" not in tag)
    end = start + len(tag) - (2 if has_slash else 1)
    yield end, end
