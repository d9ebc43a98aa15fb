"""What makes a face in a photo unknowable: its pixels are replaced by a few averages. Pure.

A blur alone can be undone in part, and a mosaic of small tiles is recognised by programs that know whom to look for
(McPherson, Shokri, Shmatikov, "Defeating Image Obfuscation with Deep Learning", 2016: faces in tiles of 1/16 of a
face). So:
 * Marks that touch or stand close together are one region, however many strokes painted it: a face painted in fifty
   strokes is not fifty regions with their own averages.
 * A region becomes at most `CELLS` × `CELLS` averages, each rounded to `LEVELS` levels of a colour. Then these few
   values are blurred into each other. Nothing else of the region is left in the file.
 * Or it is covered with one colour, which leaves nothing but its outline.
 * What is blurred, once saved, cannot be had back from the file.

Marks are told in pixels of the photo.
"""

from collections.abc import Iterable, Sequence
from typing import Annotated, Literal

import msgspec
from PIL import Image, ImageDraw, ImageFilter

CELLS = 4
"""Averages along the longer side of a region."""
LEVELS = 16
"""Of each colour, out of 256."""
CLOSE = 0.01
"""Regions nearer to each other than this share of the photo's longer side are one."""
COVER = (40, 40, 40)
MOST_MARKS, MOST_POINTS = 500, 20_000
LARGEST = 1_000_000

Pixel = Annotated[float, msgspec.Meta(ge=-LARGEST, le=LARGEST)]
Length = Annotated[float, msgspec.Meta(gt=0, le=LARGEST)]
Box = tuple[int, int, int, int]


class Stroke(msgspec.Struct, frozen=True, tag="stroke", forbid_unknown_fields=True):
    """What a brush painted: its way, and half its width."""

    points: Annotated[tuple[tuple[Pixel, Pixel], ...], msgspec.Meta(min_length=1, max_length=MOST_POINTS)]
    radius: Length


class Rectangle(msgspec.Struct, frozen=True, tag="rectangle", forbid_unknown_fields=True):
    """What was told by its corner and its size."""

    x: Pixel
    y: Pixel
    width: Length
    height: Length


Mark = Stroke | Rectangle
How = Literal["blur", "cover"]

_decoder = msgspec.json.Decoder(Annotated[tuple[Mark, ...], msgspec.Meta(min_length=1, max_length=MOST_MARKS)])


def read_marks(told: str) -> tuple[Mark, ...] | None:
    """Marks as a page sends them, in JSON; None where these are none."""
    try:
        marks = _decoder.decode(told)
    except (msgspec.ValidationError, msgspec.DecodeError, UnicodeEncodeError):
        return None
    points = sum(len(mark.points) for mark in marks if isinstance(mark, Stroke))
    return marks if points <= MOST_POINTS else None


def blurred(photo: Image.Image, marks: Sequence[Mark], how: How = "blur") -> Image.Image:
    """The photo with everything that is marked made unknowable. The given photo stays as it is."""
    mask = mask_of(photo.size, marks)
    made = photo.copy()
    for box in regions(photo.size, marks):
        part = photo.crop(box)
        replaced = _covered(part) if how == "cover" else _averaged(part)
        made.paste(replaced, box[:2], mask.crop(box))
    return made


def mask_of(size: tuple[int, int], marks: Iterable[Mark]) -> Image.Image:
    """White where something is marked. Hard edges: half a pixel of a face is a pixel of a face."""
    mask = Image.new("L", size, 0)
    draw = ImageDraw.Draw(mask)
    for mark in marks:
        if isinstance(mark, Rectangle):
            draw.rectangle((mark.x, mark.y, mark.x + mark.width, mark.y + mark.height), fill=255)
            continue
        if len(mark.points) > 1:
            draw.line(mark.points, fill=255, width=max(1, round(mark.radius * 2)))
        for x, y in mark.points:
            draw.ellipse((x - mark.radius, y - mark.radius, x + mark.radius, y + mark.radius), fill=255)
    return mask


def regions(size: tuple[int, int], marks: Iterable[Mark]) -> list[Box]:
    """The boxes around what is marked, each as one; what lies beside the photo is none."""
    gap = max(1, round(max(size) * CLOSE))
    found: list[Box] = []
    for box in map(_box, marks):
        merged = box
        while near := [other for other in found if _touch(merged, other, gap)]:
            found = [other for other in found if other not in near]
            for other in near:
                merged = _around(merged, other)
        found.append(merged)
    inside = (_around_all(box, size) for box in found)
    return sorted(box for box in inside if box[0] < box[2] and box[1] < box[3])


def _box(mark: Mark) -> Box:
    if isinstance(mark, Rectangle):
        left, top, right, bottom = mark.x, mark.y, mark.x + mark.width, mark.y + mark.height
    else:
        across, down = [x for x, _y in mark.points], [y for _x, y in mark.points]
        left, right = min(across) - mark.radius, max(across) + mark.radius
        top, bottom = min(down) - mark.radius, max(down) + mark.radius
    return int(left) - 1, int(top) - 1, int(right) + 2, int(bottom) + 2


def _touch(one: Box, other: Box, gap: int) -> bool:
    return one[0] - gap < other[2] and other[0] - gap < one[2] and one[1] - gap < other[3] and other[1] - gap < one[3]


def _around(one: Box, other: Box) -> Box:
    return min(one[0], other[0]), min(one[1], other[1]), max(one[2], other[2]), max(one[3], other[3])


def _around_all(box: Box, size: tuple[int, int]) -> Box:
    """The box as far as it lies in the photo."""
    return max(0, box[0]), max(0, box[1]), min(size[0], box[2]), min(size[1], box[3])


def _averaged(part: Image.Image) -> Image.Image:
    longer = max(part.size)
    cells = max(1, round(CELLS * part.width / longer)), max(1, round(CELLS * part.height / longer))
    premultiplied = part.convert("RGBa") if part.mode == "RGBA" else part
    few = premultiplied.resize(cells, Image.Resampling.BOX).convert(part.mode)
    step = 256 // LEVELS
    few = few.point([value // step * step + step // 2 for value in range(256)] * len(few.getbands()))
    if few.mode == "RGBA":
        few.putalpha(255)
    tiles = few.resize(part.size, Image.Resampling.NEAREST)
    return tiles.filter(ImageFilter.GaussianBlur(longer / CELLS / 3))


def _covered(part: Image.Image) -> Image.Image:
    colour = COVER if part.mode == "RGB" else (*COVER, 255)
    return Image.new(part.mode, part.size, colour)
