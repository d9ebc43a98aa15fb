"""Photos with faces, so to speak: pictures with detail in a place that a test knows."""

import io
import random

from PIL import Image, ImageDraw, ImageEnhance

FACE = (100, 60, 180, 140)
"""Where the face is in `a_scene`: left, top, right, bottom."""


def a_scene(seed: int = 1, size: tuple[int, int] = (320, 240)) -> Image.Image:
    """A picture of shapes, the same for the same seed, with a chessboard of single pixels for a face."""
    dice = random.Random(seed)
    image = Image.new("RGB", size, "#8899aa")
    draw = ImageDraw.Draw(image)
    for _ in range(24):
        x, y = dice.randrange(size[0]), dice.randrange(size[1])
        wide, high = dice.randrange(20, 160), dice.randrange(20, 120)
        draw.rectangle((x, y, x + wide, y + high), fill=tuple(dice.randrange(256) for _ in range(3)))
    left, top, right, bottom = FACE
    for x in range(left, right):
        for y in range(top, bottom):
            image.putpixel((x, y), (255, 255, 255) if (x + y) % 2 else (0, 0, 0))
    return image


def saved(image: Image.Image, format_name: str = "JPEG", **options: object) -> bytes:
    """A picture as a file."""
    body = io.BytesIO()
    image.save(body, format_name, **options)
    return body.getvalue()


def copies(image: Image.Image) -> dict[str, Image.Image]:
    """A picture as it comes back from elsewhere."""
    wide, high = image.size
    squeezed = Image.open(io.BytesIO(saved(image, quality=30)))
    framed = image.crop((wide // 100, high // 100, wide - wide // 100, high - high // 100))
    return {
        "half as large": image.resize((wide // 2, high // 2)),
        "larger": image.resize((wide * 2, high * 2)),
        "squeezed by a messenger": squeezed,
        "lightened": ImageEnhance.Brightness(image).enhance(1.2),
        "without colours": image.convert("L"),
        "cut by a hundredth": framed,
    }
