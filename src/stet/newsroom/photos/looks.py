"""What a photo looks like, in 64 bits that stay nearly the same when it is scaled, compressed or lightened. Pure.

The rules:
 * A look is a difference hash: the picture in 9 × 8 greys, a bit for each neighbour to the right that is darker.
 * Two looks are near where at most `NEAR` of their bits differ.
 * A look lies in four bands of 16 bits. Where at most 7 bits differ, some band differs in one bit or none: so the looks
   near one stand among the rows that have one of 17 values in one of four columns, however many rows there are.
 * A picture without contrast has no look: all plain pictures would look alike.
"""

from collections.abc import Iterator

from PIL import Image

NEAR = 6
"""Bits. Two copies of a picture rarely differ in more, two pictures rarely in less than 15."""
BANDS, BAND_BITS = 4, 16
LEAST_CONTRAST = 12
"""Greys between the darkest and the lightest of the 72, of 256."""

_WIDE, _HIGH = 9, 8
_HALF = 1 << 63


def look_of(image: Image.Image) -> int | None:
    """A picture's look as a signed 64-bit number, as databases keep it; None where it has too little contrast."""
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        seen = image.convert("RGBA")
        image = Image.new("RGB", seen.size, "white")
        image.paste(seen, mask=seen.getchannel("A"))
    greys = list(image.convert("L").resize((_WIDE, _HIGH), Image.Resampling.BOX, reducing_gap=None).tobytes())
    if max(greys) - min(greys) < LEAST_CONTRAST:
        return None
    look = 0
    for row in range(_HIGH):
        for column in range(_WIDE - 1):
            at = row * _WIDE + column
            look = look << 1 | (greys[at] > greys[at + 1])
    return _signed(look)


def distance(one: int, other: int) -> int:
    """How many bits of two looks differ.

    >>> distance(-1, 0), distance(5, 4)
    (64, 1)
    """
    return ((one ^ other) & (2 * _HALF - 1)).bit_count()


def bands(look: int) -> tuple[int, ...]:
    """A look's four bands, each below 65,536.

    >>> bands(0x0001_0002_0003_0004)
    (1, 2, 3, 4)
    """
    return tuple((look >> BAND_BITS * (BANDS - 1 - band)) & 0xFFFF for band in range(BANDS))


def around(band: int) -> Iterator[int]:
    """The value of a band, and all that differ from it in one bit."""
    yield band
    for bit in range(BAND_BITS):
        yield band ^ (1 << bit)


def _signed(look: int) -> int:
    return look - 2 * _HALF if look >= _HALF else look
