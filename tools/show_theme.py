"""Sets every template from the tests' copy into a folder, and takes pictures of it with the browser.

    python tools/show_theme.py FOLDER [--theme NEWSROOM/theme] [--pictures]

Look at the pictures after every change of a template or a style: phone, desktop, dark, right-to-left, paper.
"""

import argparse
import base64
import io
import random
import sys
from pathlib import Path

from PIL import Image, ImageDraw, ImageFilter

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from stet.theme.copy import Page  # noqa: E402
from stet.theme.setting import load_theme  # noqa: E402
from tests.theme import builders  # noqa: E402

SCREENS = {
    "phone": {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 1},
    "desktop": {"viewport": {"width": 1280, "height": 900}},
    "dark": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "dark"},
    "phone-dark": {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"},
}


def landscape(seed: int, width: int, height: int) -> Image.Image:
    """A hazy landscape, so that a page shows as it will with photos."""
    rng = random.Random(seed)
    image = Image.new("RGB", (width, height))
    draw = ImageDraw.Draw(image)
    top = [rng.randint(90, 170) for _ in range(3)]
    for y in range(height):
        draw.line((0, y, width, y), fill=tuple(min(255, c + y * 70 // height) for c in top))
    for layer in range(4):
        base, points, y = height * (4 + layer) // 9, [(0, height)], 0.0
        for x in range(0, width + 20, 20):
            y += rng.uniform(-9, 9)
            points.append((x, base + int(y)))
        draw.polygon([*points, (width, height)], fill=tuple(max(10, c - 32 * (layer + 1)) for c in top))
    return image.filter(ImageFilter.GaussianBlur(1.2))


def data_uri(image: Image.Image, width: int, at_most_bytes: int) -> str:
    """The picture as an AVIF data: URI of at most that size."""
    small = image.resize((width, width * image.height // image.width))
    for quality in range(50, 5, -4):
        out = io.BytesIO()
        small.save(out, "AVIF", quality=quality, speed=6)
        if out.tell() <= at_most_bytes:
            break
    return "data:image/avif;base64," + base64.b64encode(out.getvalue()).decode()


def write_media(folder: Path) -> tuple[str, str]:
    """Draw every photo that the copy names. Answers an inline image and a thumbnail."""
    media = folder / "media"
    media.mkdir(parents=True, exist_ok=True)
    names = ["dam", "lead", "wide", "face", "embed", *(f"g{n}" for n in range(3)), *(f"story-{n}" for n in range(45))]
    for seed, name in enumerate(names):
        image = landscape(seed, 1280, 1280 if name == "face" else 853)
        for width in (320, 640, 1280):
            small = image.resize((width, image.height * width // 1280))
            for end in ("webp", "jpg"):
                small.save(media / f"{name}-{width}.{end}", quality=70)
            (media / f"{name}-{width}.avif").write_bytes((media / f"{name}-{width}.webp").read_bytes())
    sample = landscape(0, 1280, 853)
    return data_uri(sample, 320, 3000), data_uri(sample, 160, 1500)


def set_all(folder: Path, own: Path | None) -> list[Path]:
    """Set every page in every language; media is drawn the first time only."""
    marker = folder / "inline.txt"
    if not marker.exists():
        folder.mkdir(parents=True, exist_ok=True)
        marker.write_text("\n".join(write_media(folder)))
    inline, thumb = marker.read_text().split("\n")
    theme = load_theme(own)
    written = []
    for language in builders.LANGUAGES:
        for name in builders.FULL:
            page: Page = builders.full(name, language)
            html = theme.set_page(page).replace(b"data:image/avif;base64,AAAA", thumb.encode())
            html = html.replace(b"data:image/avif;base64,BBBB", inline.encode()).replace(b'"/media/', b'"media/')
            html = html.replace(b' loading="lazy"', b"")
            path = folder / f"{language}-{name}.html"
            path.write_bytes(html.replace(b", /media/", b", media/"))
            written.append(path)
    return written


def take_pictures(pages: list[Path], folder: Path, only: str) -> None:
    """One picture of each page on each screen, and a PDF of the article."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"])
        for screen, options in SCREENS.items():
            context = browser.new_context(java_script_enabled=False, **options)
            tab = context.new_page()
            for path in pages:
                if only and only not in f"{path.stem}-{screen}":
                    continue
                tab.goto(path.resolve().as_uri())
                tab.screenshot(path=folder / f"{path.stem}-{screen}.png", full_page=True)
            context.close()
        if not only:
            tab = browser.new_page()
            tab.goto((folder / "en-article.html").resolve().as_uri())
            tab.pdf(path=folder / "en-article.pdf", format="A4")
        browser.close()


def main() -> None:
    """Read the command line, set the pages, take the pictures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--theme", type=Path)
    parser.add_argument("--pictures", action="store_true")
    parser.add_argument("--only", default="", help="part of a name, such as en-front-phone")
    arguments = parser.parse_args()
    pages = set_all(arguments.folder, arguments.theme)
    print(f"{len(pages)} pages in {arguments.folder}")
    if arguments.pictures:
        take_pictures(pages, arguments.folder, arguments.only)


if __name__ == "__main__":
    main()
