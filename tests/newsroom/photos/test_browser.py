"""Photos in a browser: many uploaded at once; faces painted over by mouse, finger and keyboard."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from stet.newsroom.models import Photo
from tests.newsroom import hostile_photos as hostile
from tests.newsroom.conftest import sign_in
from tests.newsroom.photos.builders import FACE, a_scene, saved
from tests.newsroom.photos.test_at_the_desk import a_scene_photo
from tests.newsroom.photos.test_blurring import detail
from tests.press.builders import a_paper, clear_newsroom

LEFT, TOP, RIGHT, BOTTOM = FACE
IPTC = hostile.iptc((1, 90, b"\x1b%G"), (2, 80, "Нина Сольберг".encode()), (2, 120, "Река вышла".encode()))

pytestmark = [
    # Wagtail leaves the file open in which it makes a size of a photo, until the memory is needed.
    pytest.mark.filterwarnings("ignore:.*SpooledTemporaryFile:pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore:Unclosed file:ResourceWarning"),
]


@pytest.fixture
def page(live_server: LiveServer, browser: Browser) -> Iterator[Page]:
    """A tab with touch at the desk, with an editor signed in."""
    clear_newsroom()
    a_paper()
    context = browser.new_context(viewport={"width": 1280, "height": 1400}, has_touch=True)
    sign_in(context, live_server.url)
    tab = context.new_page()
    tab.set_default_timeout(60_000)
    yield tab
    context.close()
    clear_newsroom()


def on_the_photo(page: Page, x: float, y: float) -> tuple[float, float]:
    """Where a pixel of the photo is in the window."""
    canvas = page.locator("[data-stet-canvas]")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box
    wide, high = a_scene().size
    return box["x"] + x / wide * box["width"], box["y"] + y / high * box["height"]


def face_of(photo: Photo) -> float:
    """How much detail the face has by now."""
    with Image.open(Photo.objects.get(pk=photo.pk).file.path) as image:
        return detail(image)


def test_faces_are_painted_over_and_gone(page: Page, live_server: LiveServer) -> None:
    photos = [a_scene_photo(seed) for seed in (1, 2)]
    middle = (LEFT + RIGHT) / 2, (TOP + BOTTOM) / 2

    def marked(words: str) -> None:
        page.locator("[data-stet-told]", has_text=words).wait_for()

    def finish() -> None:
        page.get_by_role("button", name="Blur for good").click()
        page.get_by_text("What was marked is gone from the photo").wait_for()

    # By mouse, larger than life, with a mark too many that is taken back.
    page.goto(f"{live_server.url}/images/{photos[0].pk}/")
    page.get_by_role("link", name="Blur faces…").click()
    marked("Nothing is marked.")
    page.get_by_role("button", name="Larger").click()
    page.locator("[data-stet-size]").fill("14")
    for y in range(TOP - 4, BOTTOM + 5, 16):
        page.mouse.move(*on_the_photo(page, LEFT - 4, y))
        page.mouse.down()
        page.mouse.move(*on_the_photo(page, RIGHT + 4, y), steps=6)
        page.mouse.up()
    page.mouse.click(*on_the_photo(page, 20, 20))
    told = page.locator("[data-stet-told]")
    before = int("".join(filter(str.isdigit, told.inner_text())))
    page.get_by_role("button", name="Undo").click()
    assert int("".join(filter(str.isdigit, told.inner_text()))) == before - 1
    finish()
    assert face_of(photos[0]) <= 20
    with Image.open(Photo.objects.get(pk=photos[0].pk).file.path) as image:
        shown = zip(image.getpixel((20, 20)), a_scene(1).getpixel((20, 20)), strict=True)
        assert max(abs(now - before) for now, before in shown) < 16
    page.get_by_text("Blurred", exact=True).wait_for()

    # By finger, and by keyboard alone: the brush, then numbers.
    page.goto(f"{live_server.url}/photos/{photos[1].pk}/blur/")
    page.locator("[data-stet-size]").fill("30")
    page.touchscreen.tap(*on_the_photo(page, *middle))
    marked("Marked: 1")
    page.get_by_role("radio", name="is covered with one colour").check()
    page.locator("[data-stet-canvas]").focus()
    for _ in range(4):
        page.keyboard.press("ArrowLeft")
    page.keyboard.press("Space")
    page.keyboard.press("Shift+ArrowUp")
    page.keyboard.press("+")
    page.keyboard.press("Enter")
    marked("Marked: 3")
    page.keyboard.press("Backspace")
    marked("Marked: 2")
    wide, high = a_scene().size
    for label, value in (
        ("From the left", 100 * LEFT / wide), ("From the top", 100 * TOP / high),
        ("Width", 100 * (RIGHT - LEFT) / wide + 1), ("Height", 100 * (BOTTOM - TOP) / high + 1),
    ):  # fmt: skip
        page.get_by_label(label).fill(f"{value:.1f}")
    page.get_by_role("button", name="Mark this rectangle").press("Enter")
    marked("Marked: 3")
    finish()
    assert face_of(photos[1]) <= 24


def test_many_are_uploaded_and_described_one_by_one(page: Page, live_server: LiveServer, tmp_path: Path) -> None:
    known = a_scene_photo(1)
    files = []
    for number, body in enumerate((saved(a_scene(1), quality=40), hostile.with_iptc(saved(a_scene(5)), IPTC), b"none")):
        files.append(tmp_path / f"river-{number}.jpg")
        files[-1].write_bytes(body)
    page.goto(f"{live_server.url}/images/multiple/add/")
    page.locator("#fileupload").set_input_files(files)
    page.locator("#upload-list form").nth(1).wait_for()
    page.locator("#upload-list .upload-failure").wait_for()
    alike = page.locator(".stet-alike-note a")
    assert alike.count() == 1
    assert alike.get_attribute("href") == f"/images/{known.pk}/"
    for left in (2, 1):
        form = page.locator("#upload-list form").first
        form.get_by_label("Alternative text").fill("A river over its banks.")
        if not form.get_by_label("Credit").input_value():
            form.get_by_role("button", name="Update").click()
            page.get_by_text("Say who took the photo").wait_for()
            page.locator("#upload-list form").first.get_by_label("Credit").fill("Somebody")
            form = page.locator("#upload-list form").first
        form.get_by_role("button", name="Update").click()
        page.wait_for_function("n => document.querySelectorAll('#upload-list form').length === n", arg=left - 1)
    taken = Photo.objects.exclude(pk=known.pk).order_by("pk")
    assert sorted(photo.credit for photo in taken) == ["Somebody", "Нина Сольберг"]
    assert {photo.description for photo in taken} == {"A river over its banks."}
    page.goto(f"{live_server.url}/photos/alike/")
    page.get_by_role("button", name="these are two photos").click()
    page.get_by_text("No two photos look alike").wait_for()
