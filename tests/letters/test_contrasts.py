"""Colours of a mail in the dark, as its own style sheet has them."""

import pytest

from stet.letters.contrasts import contrast, dark_colours

DARK = "<style>p{{color:#777777}}@media (prefers-color-scheme: dark){{\n{}\n}}</style><p>@media</p>"
BODY = "body,.paper{background-color:#000000!important}"

CASES: dict[str, tuple[str, list[tuple[str, float]]]] = {
    "a mail without dark colours": ("<style>p{color:#fff}</style>", []),
    "words on the mail's ground": (DARK.format(BODY + ".ink p,.ink a{color:#FFFFFF!important}"), [("ink", 21.0)]),
    "words on a ground of their own": (
        DARK.format(BODY + ".button td{background:#ffffff!important;color:#000000!important}"),
        [("button", 21.0)],
    ),
    "a border is no word": (DARK.format(BODY + ".rule p{border-top-color:#111111}"), []),
    "faint words": (DARK.format(BODY + ".quiet p{color:#222222}"), [("quiet", 1.32)]),
    "words on nobody knows what": (DARK.format(".quiet p{color:#222222}"), []),
    "two sheets": (DARK.format(BODY) + DARK.format(".ink p{color:#ffffff}"), [("ink", 21.0)]),
}


@pytest.mark.parametrize("case", CASES)
def test_colours_are_read_from(case: str) -> None:
    html, expected = CASES[case]
    assert [(pair.name, pair.contrast) for pair in dark_colours(html)] == expected


def test_the_contrast_of_a_colour_with_itself_is_one() -> None:
    assert contrast("#336699", "#336699") == 1.0
