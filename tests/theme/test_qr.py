"""An address as a QR code: read back from what is drawn, small, and called by its name."""

import re

import pytest
import segno

from stet.theme.qr import BORDER, MOST_BYTES, qr_code

SHORT, LONGER = "https://far-shore.example.org/", "https://mirror-of-a-paper.storage.example.com/"
ONION = f"http://{'farshore' * 7}.onion/"
TOO_LONG = f"https://example.org/{'a-path/' * 12}"


def squares(svg: str) -> set[tuple[int, int]]:
    """The dark squares of a drawn code, counted from the first."""
    found = set()
    x = y = 0
    for step, a, b, length in re.findall(r"([Mm])(\d+) (\d+)h(\d+)", svg):
        x, y = (int(a), int(b)) if step == "M" else (x + int(a), y)
        found |= {(x + n, y) for n in range(int(length))}
        x += int(length)
    return found


def dark(text: str, error: str) -> set[tuple[int, int]]:
    """The dark squares that the code of a text has."""
    matrix = segno.make(text, error=error, micro=False, boost_error=False).matrix
    return {(x, y) for y, row in enumerate(matrix) for x, is_dark in enumerate(row) if is_dark}


CASES = {
    "an address as it is": (SHORT, SHORT, "m"),
    "less may be spoilt of a longer one": (LONGER, LONGER, "l"),
    "an onion address in capitals": (ONION, ONION.upper(), "l"),
}


@pytest.mark.parametrize(("url", "text", "error"), CASES.values(), ids=CASES)
def test_the_code_holds(url: str, text: str, error: str) -> None:
    assert squares(qr_code(url)) == dark(text, error)


@pytest.mark.parametrize("url", [SHORT, LONGER, ONION])
def test_the_code_is_small_and_has_a_white_border(url: str) -> None:
    svg = qr_code(url, "QR code")

    assert len(svg.encode()) <= MOST_BYTES
    assert 'aria-label="QR code"' in svg
    side = max(x for x, _y in squares(svg)) + 1 + 2 * BORDER
    assert f'viewBox="-4 -4.5 {side} {side}"' in svg, "A line one wide lies half above its row."
    assert 'fill="#fff" d="M-9-9H99V99H-9"' in svg, "White from edge to edge."
    assert side < 99 - BORDER


def test_what_the_code_is_called_is_escaped() -> None:
    assert 'aria-label="&lt;it&gt;"' in qr_code(SHORT, "<it>")


def test_an_address_that_is_too_long_has_no_code() -> None:
    assert qr_code(TOO_LONG) == ""
