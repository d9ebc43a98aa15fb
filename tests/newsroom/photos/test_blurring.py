"""What is marked in a photo leaves a few averages behind, and nothing else changes."""

import io
import json
import random

import pytest
from PIL import Image, ImageChops, ImageStat

from stet.newsroom.photos.blurring import (
    CELLS,
    LEVELS,
    MOST_MARKS,
    Mark,
    Rectangle,
    Stroke,
    blurred,
    mask_of,
    read_marks,
    regions,
)
from tests.newsroom.photos.builders import FACE, a_scene, saved

LEFT, TOP, RIGHT, BOTTOM = FACE
WHOLE = Rectangle(x=LEFT, y=TOP, width=RIGHT - LEFT, height=BOTTOM - TOP)
ONE_STROKE = Stroke(points=((LEFT, TOP + 40), (RIGHT, TOP + 40)), radius=60)
MANY_STROKES = tuple(
    Stroke(points=((LEFT + 2 + x, TOP + 2 + y),), radius=4) for x in range(0, 80, 5) for y in range(0, 80, 5)
)
MARKED: dict[str, tuple[Mark, ...]] = {
    "a rectangle": (WHOLE,), "a stroke of the brush": (ONE_STROKE,), "256 dabs of a small brush": MANY_STROKES,
}  # fmt: skip


def detail(image: Image.Image) -> float:
    """How much neighbouring pixels differ at most, in the middle of the face."""
    face = image.convert("L").crop((LEFT + 8, TOP + 8, RIGHT - 8, BOTTOM - 8))
    inside = (1, 1, face.width - 1, face.height - 1)
    steps = (ImageChops.difference(face, ImageChops.offset(face, *by)).crop(inside) for by in ((1, 0), (0, 1)))
    return max(step.getextrema()[1] for step in steps)


def test_the_scene_has_a_face_to_lose() -> None:
    assert detail(a_scene()) == 255


@pytest.mark.parametrize("how", MARKED)
def test_no_detail_is_left_of(how: str) -> None:
    made = blurred(a_scene(), MARKED[how])
    assert detail(made) <= 16


@pytest.mark.parametrize("how", MARKED)
def test_faces_with_the_same_few_averages_come_out_the_same(how: str) -> None:
    """So nobody can tell from the file which of them it was: all it has is `CELLS` × `CELLS` numbers."""
    one, other = a_scene(), a_scene()
    for x in range(LEFT, RIGHT):
        for y in range(TOP, BOTTOM):
            white = (255, 255, 255) if (x // 2 + y // 2) % 2 else (0, 0, 0)
            other.putpixel((x, y), white)
    assert ImageChops.difference(one, other).getbbox() == FACE
    box = (LEFT + 2, TOP + 2, RIGHT - 2, BOTTOM - 2)
    differs = ImageChops.difference(blurred(one, MARKED[how]).crop(box), blurred(other, MARKED[how]).crop(box))
    assert max(high for _low, high in differs.getextrema()) <= 256 // LEVELS


def test_a_region_is_cells_by_cells_before_it_is_blurred_whatever_is_in_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stet.newsroom.photos.blurring.ImageFilter.GaussianBlur", lambda _radius: _Nothing())
    noise = Image.frombytes("RGB", (320, 240), random.Random(3).randbytes(320 * 240 * 3))
    made = blurred(noise, (Rectangle(x=40, y=40, width=200, height=100),)).crop((41, 41, 239, 139))
    colours = made.getcolors(maxcolors=100)
    assert colours is not None
    assert len(colours) <= CELLS * CELLS


class _Nothing:
    """A filter that does nothing."""

    def filter(self, image: object) -> object:
        return image


def test_what_is_covered_is_one_colour() -> None:
    made = blurred(a_scene(), (WHOLE,), "cover").crop(FACE)
    assert made.getcolors() == [((RIGHT - LEFT) * (BOTTOM - TOP), (40, 40, 40))]


def test_what_is_not_marked_stays_as_it_was() -> None:
    scene = a_scene()
    for marks in MARKED.values():
        changed = ImageChops.difference(scene, blurred(scene, marks))
        outside = ImageChops.invert(mask_of(scene.size, marks))
        assert ImageStat.Stat(changed, mask=outside).sum == [0, 0, 0]


def test_the_given_photo_is_not_touched() -> None:
    scene = a_scene()
    blurred(scene, (WHOLE,))
    assert ImageChops.difference(scene, a_scene()).getbbox() is None


def test_see_through_photos_are_blurred_too_and_show_nothing_through() -> None:
    scene = a_scene().convert("RGBA")
    scene.putalpha(Image.linear_gradient("L").resize(scene.size))
    made = blurred(scene, (WHOLE,))
    assert made.mode == "RGBA"
    assert detail(made) <= 16
    assert made.getchannel("A").crop(FACE).getextrema() == (255, 255)


def test_marks_that_touch_are_one_region_and_distant_ones_are_two() -> None:
    assert len(regions((320, 240), MANY_STROKES)) == 1
    far = (Stroke(points=((10, 10),), radius=5), Stroke(points=((300, 200),), radius=5))
    assert len(regions((320, 240), far)) == 2


def test_marks_beside_the_photo_mark_nothing() -> None:
    beside = (Stroke(points=((-500, 10),), radius=5), Rectangle(x=900, y=900, width=5, height=5))
    assert regions((320, 240), beside) == []
    assert ImageChops.difference(a_scene(), blurred(a_scene(), beside)).getbbox() is None


def test_a_mark_over_the_edge_marks_up_to_the_edge() -> None:
    made = blurred(a_scene(), (Rectangle(x=-50, y=-50, width=1000, height=1000),), "cover")
    assert made.getcolors() == [(320 * 240, (40, 40, 40))]


def test_a_blurred_file_stays_blurred_when_it_is_a_jpeg() -> None:
    body = saved(blurred(a_scene(), (WHOLE,)), quality=92, subsampling=0)
    with Image.open(io.BytesIO(body)) as made:
        assert detail(made) <= 20


def test_marks_are_read_as_the_page_sends_them() -> None:
    sent = [
        {"type": "stroke", "points": [[1, 2.5], [3, 4]], "radius": 5},
        {"type": "rectangle", "x": 1, "y": 2, "width": 3, "height": 4},
    ]
    marks = (Stroke(points=((1, 2.5), (3, 4)), radius=5), Rectangle(x=1, y=2, width=3, height=4))
    assert read_marks(json.dumps(sent)) == marks


NO_MARKS = {
    "no JSON": "blur it",
    "no list": "{}",
    "none": "[]",
    "another kind": '[{"type": "circle", "x": 1}]',
    "a stroke without a way": '[{"type": "stroke", "points": [], "radius": 5}]',
    "a brush of no size": '[{"type": "stroke", "points": [[1, 1]], "radius": 0}]',
    "a negative width": '[{"type": "rectangle", "x": 1, "y": 1, "width": -1, "height": 1}]',
    "a number beyond all photos": '[{"type": "stroke", "points": [[1e9, 1]], "radius": 5}]',
    "no number": '[{"type": "stroke", "points": [[NaN, 1]], "radius": 5}]',
    "half a surrogate pair": "\ud800",
    "too many": json.dumps([{"type": "stroke", "points": [[1, 1]], "radius": 5}] * (MOST_MARKS + 1)),
    "too long": json.dumps([{"type": "stroke", "points": [[1, 1]] * 15_000, "radius": 5}] * 2),
}


@pytest.mark.parametrize("what", NO_MARKS)
def test_what_is_no_mark_is_refused(what: str) -> None:
    assert read_marks(NO_MARKS[what]) is None
