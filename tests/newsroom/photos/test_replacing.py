"""After a photo is blurred, nothing at the desk holds what was under it: no file, no size, no preview."""

import io
import json
from pathlib import Path
from threading import Lock
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.test import Client
from PIL import Image
from wagtail.images.models import SourceImageIOError
from wagtail.models import ModelLogEntry

from stet.newsroom.errors import PhotoRefusedError
from stet.newsroom.models import OutboxEntry, Photo, PhotoRendition
from stet.newsroom.photos.blurring import read_marks
from stet.newsroom.photos.replacing import blur, replace_pixels
from tests.newsroom.photos.builders import FACE, a_scene
from tests.newsroom.photos.test_at_the_desk import a_scene_photo, media_files
from tests.newsroom.photos.test_blurring import detail
from tests.press.builders import a_root, clear_newsroom

LEFT, TOP, RIGHT, BOTTOM = FACE
RECTANGLE = [{"type": "rectangle", "x": LEFT, "y": TOP, "width": RIGHT - LEFT, "height": BOTTOM - TOP}]

pytestmark = [
    pytest.mark.django_db(transaction=True),
    # Wagtail leaves the file open in which it makes a size of a photo, until the memory is needed.
    pytest.mark.filterwarnings("ignore:.*SpooledTemporaryFile:pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore:Unclosed file:ResourceWarning"),
]


KEEPS = pytest.mark.django_db(transaction=False)
"""For a test in which nothing is deleted: it needs no database of its own."""


@pytest.fixture
def editor(client: Client) -> Client:
    """An editor who may do everything, in a newsroom without photos."""
    cache.clear()  # Wagtail keeps sizes by a photo's number, which the database may give again in a test.
    clear_newsroom()
    a_root()
    chief = get_user_model().objects.create_superuser(username="chief", email="", password="a long password")
    client.force_login(chief)
    return client


def sent(photo: Photo, **fields: Any) -> dict[str, Any]:
    """What the page of the brush sends."""
    return {"digest": photo.file_hash, "how": "blur", "marks": json.dumps(RECTANGLE), **fields}


def test_the_blurred_file_is_the_only_one(editor: Client) -> None:
    kept = set(media_files())
    photo = a_scene_photo(41)  # Of no other test: sizes are remembered by a photo's number and bytes.
    for spec in ("max-165x165", "max-800x600", "original", "fill-100x100"):
        photo.get_rendition(spec)
    before = set(media_files()) - kept
    assert len(before) == 5
    assert editor.post(f"/photos/{photo.pk}/blur/", sent(photo)).status_code == 302
    after = set(media_files()) - kept
    assert not before & after
    assert len(after) == 1
    assert not PhotoRendition.objects.filter(image=photo).exists()
    fresh = Photo.objects.get(pk=photo.pk)
    with Image.open(fresh.file.path) as image:
        assert detail(image) <= 20
    assert fresh.is_blurred
    assert (fresh.width, fresh.height) == a_scene().size
    assert fresh.file_hash != photo.file_hash
    assert (fresh.title, fresh.credit, fresh.description) == (photo.title, photo.credit, photo.description)
    entry = ModelLogEntry.objects.get(action="newsroom.photo.blur")
    assert entry.object_id == str(photo.pk)


@pytest.mark.parametrize("specs", [["max-165x165"], ["max-165x165", "max-800x600"]])
def test_a_size_that_is_being_made_while_the_photo_is_blurred_is_thrown_away(
    editor: Client, specs: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    photo = a_scene_photo()
    make, kept = Photo.generate_rendition_file, set(media_files()) - {Path(photo.file.path)}

    first = Lock()

    def blurred_meanwhile(self: Photo, *args: Any, **kwargs: Any) -> Any:
        made = make(self, *args, **kwargs)
        if first.acquire(blocking=False):
            blur(Photo.objects.get(pk=photo.pk), read_marks(json.dumps(RECTANGLE)) or (), "blur")
        return made

    monkeypatch.setattr(Photo, "generate_rendition_file", blurred_meanwhile)
    with pytest.raises(SourceImageIOError):
        photo.get_renditions(*specs)
    assert not PhotoRendition.objects.exists()
    assert set(media_files()) - kept == {Path(Photo.objects.get(pk=photo.pk).file.path)}


def test_of_two_who_blur_the_same_file_at_once_one_is_refused(editor: Client) -> None:
    photo = a_scene_photo()
    other, kept = Photo.objects.get(pk=photo.pk), set(media_files())
    blur(photo, read_marks(json.dumps(RECTANGLE)) or (), "blur")
    with pytest.raises(PhotoRefusedError, match="Mark it once more"):
        replace_pixels(other, a_scene())
    fresh = Photo.objects.get(pk=photo.pk)
    assert set(media_files()) - kept == {Path(fresh.file.path)}
    with Image.open(fresh.file.path) as image:
        assert detail(image) <= 20


@KEEPS
def test_every_size_made_later_is_of_the_blurred_file(editor: Client) -> None:
    photo = a_scene_photo()
    editor.post(f"/photos/{photo.pk}/blur/", sent(photo))
    rendition = Photo.objects.get(pk=photo.pk).get_rendition("original")
    with Image.open(io.BytesIO(Path(rendition.file.path).read_bytes())) as image:
        assert detail(image) <= 24


@KEEPS
def test_the_press_is_told_that_the_old_file_is_no_photo_any_more(editor: Client) -> None:
    photo = a_scene_photo()
    OutboxEntry.objects.all().delete()
    editor.post(f"/photos/{photo.pk}/blur/", sent(photo))
    keys = set(OutboxEntry.objects.values_list("key", flat=True))
    assert {f"photo:{photo.pk}", f"rendered:{photo.file_hash}"} <= keys


@KEEPS
def test_numbers_do_without_a_script(editor: Client) -> None:
    photo = a_scene_photo()
    wide, high = a_scene().size
    numbers = {
        "left": f"{100 * LEFT / wide:.2f}", "top": f"{100 * TOP / high:.2f}",
        "width": f"{100 * (RIGHT - LEFT) / wide + 1:.2f}", "height": f"{100 * (BOTTOM - TOP) / high + 1:.2f}",
    }  # fmt: skip
    assert editor.post(f"/photos/{photo.pk}/blur/", sent(photo, marks="", **numbers)).status_code == 302
    with Image.open(Photo.objects.get(pk=photo.pk).file.path) as image:
        assert detail(image) <= 20


REFUSED = {
    "nothing is marked": ({"marks": ""}, "Nothing in the photo is marked."),
    "marks beside the photo": (
        {"marks": '[{"type":"stroke","points":[[-900,-900]],"radius":3}]'}, "Nothing in the photo is marked.",
    ),
    "marks that are none": ({"marks": "[1]"}, "The marks arrived damaged"),
    "another file by now": ({"digest": "0" * 40}, "The photo was changed since this page was opened."),
}  # fmt: skip


@KEEPS
def test_a_photo_stays_what_it_is_when_what_was_sent_is_no_mark_of_it(editor: Client) -> None:
    photo = a_scene_photo()
    for what, (fields, sentence) in REFUSED.items():
        answer = editor.post(f"/photos/{photo.pk}/blur/", sent(photo, **fields))
        assert answer.status_code == 400, what
        assert sentence in answer.content.decode(), what
    assert Photo.objects.get(pk=photo.pk).file_hash == photo.file_hash
    assert Path(photo.file.path).exists()


@KEEPS
def test_who_may_not_change_photos_may_not_blur_them(client: Client) -> None:
    clear_newsroom()
    a_root()
    photo = a_scene_photo()
    assert client.post(f"/photos/{photo.pk}/blur/", sent(photo)).status_code == 302
    client.force_login(get_user_model().objects.create_user(username="reporter", password="a long password"))
    for url in (f"/photos/{photo.pk}/blur/", f"/photos/{photo.pk}/not-alike/"):
        assert client.post(url, sent(photo)).status_code in (302, 403)
    assert client.get("/photos/alike/").status_code in (302, 403)
    assert not Photo.objects.get(pk=photo.pk).is_blurred


@KEEPS
def test_a_file_that_is_gone_is_said_in_a_sentence(editor: Client) -> None:
    photo = a_scene_photo()
    Path(photo.file.path).unlink()
    answer = editor.post(f"/photos/{photo.pk}/blur/", sent(photo), follow=True)
    assert "missing or damaged" in answer.content.decode()


@KEEPS
def test_nothing_new_stays_behind_when_the_row_cannot_be_saved(editor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    photo = a_scene_photo()
    before = set(media_files())

    def fail(*_args: object, **_kwargs: object) -> None:
        raise OSError("The disk is full.")

    monkeypatch.setattr(Photo, "save", fail)
    editor.post(f"/photos/{photo.pk}/blur/", sent(photo))
    assert set(media_files()) == before


@KEEPS
def test_a_sealed_original_is_still_there_after_the_photo_was_blurred(
    editor: Client, settings: Any, tmp_path: Path
) -> None:
    from stet.kit.sealing import make_key
    from stet.newsroom.photos.originals import Originals

    (tmp_path / "public").write_bytes(make_key()[1])
    settings.STET_ORIGINALS = Originals(folder=tmp_path / "o", sealing_key=tmp_path / "public", is_kept=True)
    photo = a_scene_photo()
    editor.post(f"/photos/{photo.pk}/blur/", sent(photo))
    fresh = Photo.objects.get(pk=photo.pk)
    assert fresh.original == photo.original
    assert settings.STET_ORIGINALS.has(fresh.original)
    assert "kept sealed" in editor.get(f"/images/{photo.pk}/").content.decode()


def test_media_are_no_place_for_originals() -> None:
    assert not settings.STET.originals.is_relative_to(settings.MEDIA_ROOT)
