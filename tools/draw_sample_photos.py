"""Draw the photos of the sample newsroom into its `photos/` folder, as WebP.

    python tools/draw_sample_photos.py                  all of them
    python tools/draw_sample_photos.py ferry wheat      these
    python tools/draw_sample_photos.py --sheet out.png  a contact sheet only, small and quick

Needs numpy and Pillow. The same code draws the same pictures; nothing is read but this folder's modules.
"""

import argparse
import io
import math
import sys
from pathlib import Path

from PIL import Image, ImageDraw

sys.path.insert(0, str(Path(__file__).parent))

from sample_photos import country, culture, dam, exile, people, power
from sample_photos.light import Canvas
from sample_photos.scene import Scene

FOLDER = Path(__file__).parent.parent / "src/stet/newsroom/sample/photos"
SCENES: dict[str, Scene] = {
    name: scene for room in (dam, power, exile, country, culture, people) for name, scene in room.SCENES.items()
}
MOST_BYTES = {1.5: 62_000, 1.0: 26_000}
QUALITIES = (84, 78, 72, 66, 60, 54, 48, 42, 36, 30)


def drawn(name: str, *, height: int | None = None) -> Image.Image:
    """The picture of that name, at its own size or at another height."""
    scene = SCENES[name]
    canvas = Canvas(height=height or scene.height, ratio=scene.ratio, seed=sum(map(ord, name)))
    return scene.draw(canvas)


def as_webp(image: Image.Image, *, most_bytes: int) -> bytes:
    """The best WebP of the picture that is not larger than `most_bytes`."""
    for quality in QUALITIES:
        sheet = io.BytesIO()
        image.save(sheet, "WEBP", quality=quality, method=5)
        if sheet.tell() <= most_bytes:
            return sheet.getvalue()
    raise SystemExit(f"The picture does not fit {most_bytes} bytes at quality {QUALITIES[-1]}; calm its grain.")


def contact_sheet(names: list[str], *, height: int = 300, columns: int = 4) -> Image.Image:
    """All pictures on one sheet, with their names."""
    cell = (round(height * 1.5) + 8, height + 24)
    sheet = Image.new("RGB", (cell[0] * columns, cell[1] * math.ceil(len(names) / columns)), "#202020")
    for place, name in enumerate(names):
        x, y = place % columns * cell[0] + 4, place // columns * cell[1] + 4
        sheet.paste(drawn(name, height=height), (x, y))
        ImageDraw.Draw(sheet).text((x, y + height + 4), name, fill="white")
    return sheet


def main() -> None:
    """Draw what the command line names."""
    parser = argparse.ArgumentParser(description="Draw the sample newsroom's photos.")
    parser.add_argument("names", nargs="*", metavar="NAME", help="a photo without .webp; all when none is given")
    parser.add_argument("--sheet", type=Path, metavar="FILE", help="write a contact sheet instead")
    chosen = parser.parse_args()
    names = chosen.names or list(SCENES)
    if unknown := [name for name in names if name not in SCENES]:
        parser.error(f"no such photo: {', '.join(unknown)}; there are {', '.join(SCENES)}")
    if chosen.sheet:
        contact_sheet(names).save(chosen.sheet)
        return
    for name in names:
        photo = as_webp(drawn(name), most_bytes=MOST_BYTES[SCENES[name].ratio])
        (FOLDER / f"{name}.webp").write_bytes(photo)
        print(f"{name}.webp {len(photo)} bytes")


if __name__ == "__main__":
    main()
