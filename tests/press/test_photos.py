"""Photos are rendered within their limits, whatever they show."""

import io
from base64 import b64decode
from pathlib import Path

import pytest
from PIL import Image

from stet.press.errors import CopyBrokenError
from stet.press.photos import AVIF_640_BYTES, INLINE_BYTES, THUMB_BYTES, Rendered, render


def a_picture(folder: Path, kind: str) -> Path:
    """A picture that is easy, ordinary or hard to compress."""
    noise = Image.effect_noise((240, 240), 90)
    match kind:
        case "one colour":
            picture = Image.new("RGB", (240, 240), "#336699")
        case "a slope with grain":
            picture = Image.blend(Image.linear_gradient("L").resize((240, 240)), noise, 0.05).convert("RGB")
        case _:
            picture = Image.merge("RGB", (noise, noise.rotate(90, expand=True).resize((240, 240)), noise.rotate(180)))
    picture.save(folder / "original.png")
    return folder / "original.png"


def rendered(tmp_path: Path, kind: str) -> Rendered:
    """A picture's files, in a folder of their own."""
    place = tmp_path / "rendered"
    place.mkdir()
    return render(a_picture(tmp_path, kind), place)


@pytest.mark.parametrize("kind", ["one colour", "a slope with grain", "noise"])
def test_a_photo_is_within_its_limits_whatever_it_shows(tmp_path: Path, kind: str) -> None:
    photo = rendered(tmp_path, kind)
    small = next(file for file in photo.files if file.name == "640.avif")
    assert small.bytes <= AVIF_640_BYTES
    assert small.width == 240
    for uri, limit in ((photo.inline_data_uri, INLINE_BYTES), (photo.thumb_data_uri, THUMB_BYTES)):
        body = b64decode(uri.partition(",")[2])
        assert len(body) <= limit
        with Image.open(io.BytesIO(body)) as made:
            assert made.format == "AVIF"


def test_a_photo_that_no_quality_makes_small_enough_is_made_narrower(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("stet.press.photos.AVIF_640_BYTES", 600)
    small = next(file for file in rendered(tmp_path, "noise").files if file.name == "640.avif")
    assert small.bytes <= 600
    assert small.width < 240


def test_what_is_no_photo_is_said_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "original.png").write_text("no picture")
    with pytest.raises(CopyBrokenError, match=r"missing or damaged; .* Upload it again"):
        render(tmp_path / "original.png", tmp_path)
