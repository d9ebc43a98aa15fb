"""A letter as mail: its HTML by way of MJML, its text from the same copy.

The rules:
 * Opening a mail contacts nobody: no picture, font, style or script is named that has to be fetched.
 * Styles stand in the elements, for programs that drop style sheets, and in a sheet, for dark mode.
 * Readers' links are marks that pass through every step as they are: whoever sends the mail replaces their bytes.
 * No line is longer than 998 octets (RFC 5322, 2.1.1), so the bytes travel as they are. Only a single word longer than
   that could break this rule.
 * The same copy and theme make the same bytes.
"""

import re
from dataclasses import dataclass

import css_inline
import mrml
from jinja2 import Environment
from markupsafe import Markup

from stet.theme.addresses import absolute, absolute_html
from stet.theme.copy import LetterMail
from stet.theme.errors import BadThemeError
from stet.theme.look import SETTINGS, Look, type_table
from stet.theme.plain_text import as_text, heading, wrapped

HTML_TEMPLATE, TEXT_TEMPLATE = "mail.mjml", "mail.txt"
LONGEST_LINE_OCTETS = 900
"""Lines are folded here, well below the 998 octets that a mail's line may have."""

_AFTER_WHICH_A_LINE_MAY_END = re.compile(
    r"(</(?:td|tr|table|tbody|div|p|li|ul|ol|h1|h2|head|style|title)>|<body[^>]*>)"
)
_PIECES = re.compile(r"""\s*(?:<!--\[if [^\]]*\]>|[\w:-]+="[^"]*"|[^\s"]+|")""")
"""A blank with what follows it up to the next: an attribute with its value is one piece, a word is one, and
a condition that only Outlook reads."""
_BLANK_LINES = re.compile(r"\n{3,}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """The two parts of a letter's mail, UTF-8, a line feed at the end of each line."""

    html: bytes
    text: bytes


def set_mail(letter: LetterMail, environment: Environment, look: Look) -> Mail:
    """Set a letter. Raises BadThemeError where a template makes no MJML."""
    values = {"page": letter, "site": letter.site, **_look_of(look, letter.site.language.code)}
    mjml = environment.get_template(HTML_TEMPLATE).render(values)
    text = environment.get_template(TEXT_TEMPLATE).render(values)
    return Mail(html=_html_of(mjml).encode(), text=(_BLANK_LINES.sub("\n\n", text).strip() + "\n").encode())


def as_attribute(text: str) -> Markup:
    """Text for an attribute of MJML, in which mrml would spell a backslash and whatever is not seen as Rust does."""
    return Markup("".join(c if (c.isascii() and c.isalnum()) or c == " " else f"&#x{ord(c):x};" for c in text))  # noqa: S704 - all but letters, digits and blanks is a reference


FILTERS = {
    "as_attribute": as_attribute,
    "absolute": lambda address, base_url: absolute(base_url, address),
    "absolute_html": lambda html, base_url: absolute_html(base_url, html),
    "as_text": as_text,
    "heading": heading,
    "wrapped": wrapped,
}
"""What the two templates ask for beside the filters of pages."""


def _look_of(look: Look, language: str) -> dict[str, dict[str, str]]:
    """Colours and fonts as a mail's styles take them: with quotes that may stand inside an attribute."""
    return {
        "colours": {s.key: look[s.name] for s in SETTINGS if s.table == "colours"},
        "dark": {s.key: look[s.name] for s in SETTINGS if s.table == "colours.dark"},
        "fonts": {s.key: look[s.name].replace('"', "'") for s in SETTINGS if s.table == type_table(language)},
    }


def _html_of(mjml: str) -> str:
    """MJML as HTML with its styles in its elements; mrml would load some fonts by their names, so it is told none."""
    try:
        html = mrml.to_html(mjml, None, mrml.RenderOptions(fonts={})).content
    except OSError as error:
        raise BadThemeError(f"The template {HTML_TEMPLATE} makes no valid MJML: {error}. Mend it there.") from error
    return folded(_inliner.inline(html))


_inliner = css_inline.CSSInliner(keep_style_tags=True, load_remote_stylesheets=False)


def in_the_dark(html: bytes) -> bytes:
    """The same mail as a program in dark mode shows it, for looking at it elsewhere."""
    return _DARK.sub(b"@media all", html)


_DARK = re.compile(rb"@media\s*\(prefers-color-scheme:\s*dark\)")


def folded(html: str) -> str:
    """The same HTML in lines of at most 900 octets, broken where white space says nothing."""
    lines = _AFTER_WHICH_A_LINE_MAY_END.sub("\\1\n", html).split("\n")
    return "\n".join(short for line in lines if line for short in _shortened(line))


def _shortened(line: str) -> list[str]:
    """A long line as several: broken at blanks between words, or in front of a tag's attribute."""
    lines, length = [""], 0
    for piece in _PIECES.findall(line) if len(line.encode()) > LONGEST_LINE_OCTETS else (line,):
        octets = len(piece.encode())
        if length + octets > LONGEST_LINE_OCTETS and piece[0].isspace() and lines[-1]:
            piece, length = piece.lstrip(), 0
            lines.append("")
        lines[-1] += piece
        length += octets
    return lines
