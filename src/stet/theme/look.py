"""A newsroom's look: colours, type and widths, from `theme.toml`.

The rules:
 * Every setting is declared once, in `SETTINGS`, with its default and what it is for; the reference is made from it.
 * A value that could leave its place in the style sheet is refused; so is a colour too faint on its background.
 * An error names the file, the line and what was expected.
"""

import difflib
import re
import tomllib
from dataclasses import dataclass, field
from typing import Any, Literal

from stet.theme.errors import BadThemeError

FILE = "theme.toml"
LEAST_CONTRAST = 4.5
"""WCAG 2.2, success criterion 1.4.3, for text of ordinary size."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One thing a newsroom may set in `theme.toml`."""

    table: str
    key: str
    default: str
    kind: Literal["colour", "fonts", "length", "text"]
    help: str

    @property
    def name(self) -> str:
        """The setting's full name, such as "colours.ink"."""
        return f"{self.table}.{self.key}"


_LATIN = 'Charter, "Iowan Old Style", "Noto Serif", Georgia, serif'
# Charter and Iowan have no Cyrillic letters: with them a Russian line would mix two faces.
_OTHER = '"PT Serif", "Noto Serif", Georgia, serif'
# Latin names stand in Persian lines too, so a Latin face follows.
_ARABIC = 'Vazirmatn, "Noto Naskh Arabic", "Geeza Pro", Tahoma, "Noto Serif", Georgia, serif'
_ARABIC_LABEL = 'Vazirmatn, "Noto Naskh Arabic", "Geeza Pro", Tahoma, "Noto Sans", Arial, sans-serif'
_LABEL = '"Helvetica Neue", Roboto, "Noto Sans", Arial, sans-serif'

SETTINGS = tuple(
    Setting(table=table, key=key, default=default, kind=kind, help=text)  # type: ignore[arg-type]
    for table, kind, rows in (
        (
            "colours",
            "colour",
            (
                ("paper", "#ffffff", "The background."),
                ("ink", "#16161a", "Text and headlines."),
                ("quiet", "#5b5d66", "Dates, captions, credits."),
                ("rule", "#d3d3d8", "Thin lines between things."),
                ("panel", "#f4f3f0", "The background of boxes."),
                ("accent", "#a1161f", "Kickers, links under the pointer, focus."),
            ),
        ),
        (
            "colours.dark",
            "colour",
            (
                ("paper", "#141517", "The background in dark mode."),
                ("ink", "#e7e5e0", "Text and headlines in dark mode."),
                ("quiet", "#a3a5ac", "Dates, captions, credits in dark mode."),
                ("rule", "#3a3c42", "Thin lines in dark mode."),
                ("panel", "#1f2125", "The background of boxes in dark mode."),
                ("accent", "#ff8a80", "Kickers, links under the pointer, focus in dark mode."),
            ),
        ),
        (
            "type",
            "fonts",
            (
                ("text", _LATIN, "Running text in Latin letters."),
                ("headline", _LATIN, "Headlines in Latin letters."),
                ("label", _LABEL, "Kickers, bylines, dates, captions in Latin letters."),
            ),
        ),
        (
            "type.other",
            "fonts",
            (
                ("text", _OTHER, "Running text in other scripts, such as Cyrillic."),
                ("headline", _OTHER, "Headlines in other scripts."),
                ("label", _LABEL, "Kickers, bylines, dates, captions in other scripts."),
            ),
        ),
        (
            "type.arabic",
            "fonts",
            (
                ("text", _ARABIC, "Running text in Arabic letters, Persian too."),
                ("headline", _ARABIC, "Headlines in Arabic letters."),
                ("label", _ARABIC_LABEL, "Kickers, bylines, dates, captions in Arabic letters."),
            ),
        ),
        (
            "page",
            "length",
            (
                ("width", "72rem", "The widest that a page grows."),
                ("measure", "38rem", "The widest that a line of an article grows."),
            ),
        ),
        ("masthead", "text", (("name", "", "Stands in the masthead instead of the paper's name."),)),
    )
    for key, default, text in rows
)
"""Everything that `theme.toml` may set, table by table."""

_BY_NAME = {setting.name: setting for setting in SETTINGS}
_SHAPES = {
    "colour": (re.compile(r"#[0-9a-fA-F]{6}"), 'a colour such as "#a1161f"'),
    "fonts": (re.compile(r"[\w \-,\"'.]{1,400}"), "names of fonts, separated by commas"),
    "length": (re.compile(r"\d{1,4}(\.\d{1,3})?(rem|em|px|ch)"), 'a length such as "72rem"'),
    "text": (re.compile(r"[^\x00-\x1f]{0,80}"), "one line of at most 80 characters"),
}
_ARABIC_SCRIPT = frozenset({"fa", "ar", "ur", "ps", "ckb", "ug", "sd"})
_LATIN_SCRIPT = frozenset(
    {
        "az", "cs", "da", "de", "en", "es", "et", "eu", "fi", "fr", "ga", "hr", "hu", "id", "is", "it", "ku", "lt",
        "lv", "ms", "mt", "nb", "nl", "nn", "no", "pl", "pt", "ro", "sk", "sl", "sq", "sv", "sw", "tr", "uz", "vi",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What a newsroom set, and the defaults for the rest."""

    values: dict[str, str] = field(default_factory=dict)

    def __getitem__(self, name: str) -> str:
        return self.values.get(name, _BY_NAME[name].default)

    def css(self, language: str, rules: str) -> str:
        """The rules with the look put in: fonts and lengths in their places, colours as custom properties before them.

        Only the colours that the rules name are written, for light and for dark.
        """
        for setting in SETTINGS:
            if setting.table in ("page", type_table(language)):
                rules = rules.replace(f"var(--{setting.key})", self[setting.name].replace(", ", ","))
        used = [s for s in SETTINGS if f"var(--{s.key})" in rules]
        light, dark = (self._properties(used, table) for table in ("colours", "colours.dark"))
        return f":root{{{light}}}@media (prefers-color-scheme:dark){{:root{{{dark}}}}}{rules}"

    def _properties(self, settings: list[Setting], table: str) -> str:
        return ";".join(f"--{s.key}:{_short(self[s.name])}" for s in settings if s.table == table)


def _short(colour: str) -> str:
    """#ffffff as #fff."""
    return f"#{colour[1::2]}" if colour[1::2] == colour[2::2] else colour


def type_table(language: str) -> str:
    """The table of `theme.toml` that holds the fonts for a language's script."""
    primary = language.partition("-")[0]
    if is_arabic_script(primary):
        return "type.arabic"
    return "type" if primary in _LATIN_SCRIPT else "type.other"


def is_arabic_script(language: str) -> bool:
    """Whether the language is written in Arabic letters, which join and have no small capitals."""
    return language.partition("-")[0] in _ARABIC_SCRIPT


def parse_look(text: str) -> Look:
    """Read `theme.toml`. Raises BadThemeError where a name or a value isn't right."""
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadThemeError(f"{FILE} is not valid TOML: {error}. Mend that line and print again.") from None
    values = dict(_flat(tables, prefix=""))
    for name, value in values.items():
        _require_good(name, value, text)
    look = Look(values=values)
    _require_contrast(look, text)
    return look


def _flat(table: dict[str, Any], *, prefix: str) -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    for key, value in table.items():
        name = f"{prefix}{key}"
        found += _flat(value, prefix=f"{name}.") if isinstance(value, dict) else [(name, value)]
    return found


def _require_good(name: str, value: object, text: str) -> None:
    where = f"{FILE}, line {_line_of(name, text)}"
    if name not in _BY_NAME:
        near = difflib.get_close_matches(name, _BY_NAME, n=1, cutoff=0.4)
        hint = f"; did you mean {near[0]}?" if near else "."
        raise BadThemeError(f"{where}: there is no setting {name}{hint}")
    shape, expected = _SHAPES[_BY_NAME[name].kind]
    if not isinstance(value, str) or not shape.fullmatch(value):
        raise BadThemeError(f"{where}: {name} should be {expected}.")


def _line_of(name: str, text: str) -> int:
    """The line that sets a name; 1 where it can't be told."""
    key, table = name.rpartition(".")[2], name.rpartition(".")[0]
    current = ""
    for n, line in enumerate(text.splitlines(), start=1):
        bare = line.strip()
        if bare.startswith("["):
            current = bare.strip("[] ")
        elif current == table and re.match(rf"{re.escape(key)}\s*=", bare):
            return n
    return 1


def _require_contrast(look: Look, text: str) -> None:
    for mode in ("colours", "colours.dark"):
        for key in ("ink", "quiet", "accent"):
            for ground in ("paper", "panel"):
                ratio = contrast(look[f"{mode}.{key}"], look[f"{mode}.{ground}"])
                if ratio < LEAST_CONTRAST:
                    name = f"{mode}.{key}" if f"{mode}.{key}" in look.values else f"{mode}.{ground}"
                    raise BadThemeError(
                        f"{FILE}, line {_line_of(name, text)}: {mode}.{key} on {mode}.{ground} has a contrast of "
                        f"{ratio:.1f}, too little to read; choose colours with at least {LEAST_CONTRAST}."
                    )


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, as WCAG 2.2 defines it.

    >>> contrast("#000000", "#ffffff")
    21.0
    """
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return round((lighter + 0.05) / (darker + 0.05), 2)


def _luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
