"""An uploaded photo keeps its pixels and nothing else; what is no photo is refused with a sentence."""

import io
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from PIL import Image, ImageChops, ImageFile, ImageStat

from stet.newsroom.errors import PhotoRefusedError
from stet.newsroom.models import Photo
from stet.newsroom.stripping import LONGEST_SIDE, strip_photo
from stet.press.photos import render
from tests.newsroom import hostile_photos as hostile

EMPTY_KEYS = {
    "jfif",
    "jfif_version",
    "jfif_unit",
    "jfif_density",
    "progressive",
    "progression",
    "loop",
    "background",
    "timestamp",
    "duration",
}
"""What Pillow says of every file, of its own making or not."""


def leftovers(file: bytes) -> list[object]:
    """What a file says beside its pixels."""
    found: list[object] = [mark for mark in hostile.LEFTOVERS if mark in file]
    with Image.open(io.BytesIO(file)) as image:
        found += [key for key in image.info if key not in EMPTY_KEYS]
        found += list(image.getexif())
    return found


def upload(body: bytes, *, name: str = "photo.jpg", **fields: str) -> Photo:
    """A photo as the desk stores it."""
    photo = Photo(title="A photo", description="A gradient.", **fields)
    photo.file = ContentFile(body, name=name)
    photo.save()
    return photo


@pytest.mark.parametrize("ending", hostile.PHOTOS)
def test_the_planted_photos_do_say_too_much(ending: str) -> None:
    assert leftovers(hostile.PHOTOS[ending]())


@pytest.mark.parametrize("ending", hostile.PHOTOS)
def test_nothing_but_pixels_is_stored(ending: str, db: None) -> None:
    photo = upload(hostile.PHOTOS[ending](), name=f"photo.{ending}", credit="Someone")
    name = Path(photo.file.name).name
    stored = [file for file in (Path(settings.MEDIA_ROOT) / "original_images").iterdir() if file.name.startswith(name)]
    assert stored
    for file in stored:
        assert leftovers(file.read_bytes()) == []


@pytest.mark.parametrize("ending", hostile.PHOTOS)
def test_nothing_but_pixels_is_rendered_even_of_an_original_that_was_never_stripped(
    ending: str, tmp_path: Path
) -> None:
    original = tmp_path / f"photo.{ending}"
    original.write_bytes(hostile.PHOTOS[ending]())
    (tmp_path / "made").mkdir()
    rendered = render(original, tmp_path / "made")
    made = list((tmp_path / "made").iterdir())
    assert {file.suffix for file in made} == {".avif", ".webp", ".jpg"}
    for file in made:
        assert leftovers(file.read_bytes()) == [], file.name
    assert hostile.SECRET not in repr(rendered)


def test_the_pixels_stay_what_they_were() -> None:
    stripped = strip_photo(io.BytesIO(hostile.png()), name="photo.png")
    with Image.open(io.BytesIO(stripped.body)) as after:
        difference = ImageChops.difference(after.convert("RGB"), hostile.picture())
    assert max(ImageStat.Stat(difference).mean) < 3


def test_a_photo_on_its_side_is_turned_upright_before_the_note_of_it_goes() -> None:
    turned = Image.Exif()
    turned[0x0112] = 6
    body = hostile.saved(hostile.picture((120, 80)), "JPEG", exif=turned)
    with Image.open(io.BytesIO(strip_photo(io.BytesIO(body), name="a.jpg").body)) as after:
        assert after.size == (80, 120)


def test_a_see_through_photo_stays_see_through() -> None:
    stripped = strip_photo(io.BytesIO(hostile.see_through_png()), name="a.png")
    assert stripped.name.endswith(".png")
    with Image.open(io.BytesIO(stripped.body)) as after:
        assert after.mode == "RGBA"


@pytest.mark.parametrize("mode", ["L", "CMYK", "P", "1", "LA", "I;16", "RGB"])
def test_a_photo_in_any_colours_is_taken(mode: str) -> None:
    image = Image.new("I;16", (40, 30), 30_000) if mode == "I;16" else hostile.picture((40, 30)).convert(mode)
    stripped = strip_photo(io.BytesIO(hostile.saved(image, "TIFF")), name="a.tiff")
    with Image.open(io.BytesIO(stripped.body)) as after:
        assert after.size == (40, 30)


def test_a_large_photo_is_made_smaller() -> None:
    body = hostile.saved(Image.new("RGB", (5000, 100), "teal"), "JPEG")
    with Image.open(io.BytesIO(strip_photo(io.BytesIO(body), name="a.jpg").body)) as after:
        assert after.size == (LONGEST_SIDE, 60)


@pytest.mark.parametrize("name", ["dam-by-real-name.png", "C:\\Users\\Real Name\\a.png", "/home/real-name/.png"])
def test_a_photo_is_named_by_its_bytes_and_not_as_it_came(name: str) -> None:
    body = hostile.saved(hostile.picture(), "PNG")
    assert re.fullmatch(r"[0-9a-f]{16}\.jpg", strip_photo(io.BytesIO(body), name=name).name)


# --- Credit and caption ---


def test_credit_and_caption_are_read_before_they_are_stripped(db: None) -> None:
    block = hostile.iptc(
        (1, 90, b"\x1b%G"),
        (2, 80, "Нина Сольберг".encode()),
        (2, 110, b"Example Photos"),
        (2, 120, "Река\r\n вышла".encode()),
    )
    photo = upload(hostile.with_iptc(hostile.saved(hostile.picture(), "JPEG"), block))
    assert (photo.credit, photo.caption) == ("Нина Сольберг / Example Photos", "Река вышла")
    assert leftovers(Path(photo.file.path).read_bytes()) == []


def test_what_an_editor_wrote_is_not_overwritten(db: None) -> None:
    block = hostile.iptc((2, 80, b"Camera owner"), (2, 120, b"DSC_0001"))
    body = hostile.with_iptc(hostile.saved(hostile.picture(), "JPEG"), block)
    photo = upload(body, credit="Nina Solberg", caption="The river.")
    assert (photo.credit, photo.caption) == ("Nina Solberg", "The river.")


@pytest.mark.parametrize(
    ("records", "credit"),
    {
        "several photographers": ([(2, 80, b"Ann"), (2, 80, b"Ben")], "Ann, Ben"),
        "the same twice": ([(2, 80, b"Ann"), (2, 110, b"Ann")], "Ann"),
        "Latin-1 that is not declared": ([(2, 80, "André".encode("latin-1"))], "André"),
        "control characters": ([(2, 80, b"A\x00n\x1bn\x07")], "Ann"),
        "far too long": ([(2, 80, b"a" * 900)], "a" * 255),
        "an agency only": ([(2, 110, b"Example")], "Example"),
        "nothing": ([], ""),
    }.values(),
    ids=["several", "twice", "latin-1", "control characters", "too long", "agency only", "nothing"],
)
def test_a_credit_is_read_as_it_is_to_be_printed(records: list[tuple[int, int, bytes]], credit: str) -> None:
    body = hostile.with_iptc(hostile.saved(hostile.picture(), "JPEG"), hostile.iptc(*records))
    assert strip_photo(io.BytesIO(body), name="a.jpg").credit == credit


@pytest.mark.parametrize(
    "block", [b"\x1c", b"\x1c\x02\x50\xff\xff", b"\x1c\x02\x50\x80\x04\xff\xff\xff\xff", b"noise" * 50]
)
def test_a_damaged_iptc_block_costs_no_photo(block: bytes) -> None:
    body = hostile.with_iptc(hostile.saved(hostile.picture(), "JPEG"), block)
    stripped = strip_photo(io.BytesIO(body), name="a.jpg")
    assert leftovers(stripped.body) == []


# --- No photos ---


@pytest.mark.parametrize("what", hostile.NO_PHOTOS)
def test_what_is_no_photo_is_refused_with_a_sentence(what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)  # As WeasyPrint leaves it, where it was loaded.
    with pytest.raises(PhotoRefusedError) as refusal:
        strip_photo(io.BytesIO(hostile.NO_PHOTOS[what]), name="innocent.jpg")
    assert str(refusal.value).startswith("This ")
    assert str(refusal.value).endswith(".")


def test_a_note_of_a_hundred_megabytes_is_never_kept() -> None:
    try:
        stripped = strip_photo(io.BytesIO(hostile.text_bomb()), name="a.png")
    except PhotoRefusedError:
        return
    assert len(stripped.body) < 10_000
