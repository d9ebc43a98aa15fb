"""How well a mail is read in the dark: the colours of its own style sheet, one upon the other. Pure.

A theme refuses colours that are too faint when it is read. This looks at what came of it in the mail, which a newsroom
may set with a template of its own.
"""

import re
from collections.abc import Iterator

from stet.letters.preflight import Colours

_DARK = re.compile(r"@media\s*\(prefers-color-scheme:\s*dark\)\s*\{((?:[^{}]*\{[^{}]*\})*)\s*\}")
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_COLOUR = re.compile(r"(?:^|;)\s*color:\s*(#[0-9a-f]{6})\b", re.IGNORECASE)
_GROUND = re.compile(r"(?:^|;)\s*background(?:-color)?:\s*(#[0-9a-f]{6})\b", re.IGNORECASE)


def dark_colours(html: str) -> tuple[Colours, ...]:
    """Each colour of words in dark mode with its contrast: on the ground of its own rule, or on the mail's."""
    rules = [rule for block in _DARK.findall(html) for rule in _RULE.findall(block)]
    page = next((found for selector, styles in rules if "body" in selector for found in _GROUND.findall(styles)), None)
    return tuple(_pairs(rules, page))


def _pairs(rules: list[tuple[str, str]], page: str | None) -> Iterator[Colours]:
    for selector, styles in rules:
        ground = _GROUND.search(styles)
        on = ground[1] if ground else page
        if on:
            for colour in _COLOUR.findall(styles)[:1]:
                name = selector.strip().split(",")[0].split()[0].lstrip(".")
                yield Colours(name=name, contrast=contrast(colour, on))


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
