"""Photos at the desk: many at once, stripped before they wait; rights that end; doubles; sealed originals."""

import os
import re
import time
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.test import Client
from django.utils import timezone
from wagtail.models import UploadedFile

from stet.kit import sealing
from stet.newsroom.models import ArticlePage, OutboxEntry, Photo
from stet.newsroom.photos import housekeeping
from stet.newsroom.photos.originals import INFO, Originals
from tests.newsroom import hostile_photos as hostile
from tests.newsroom.photos.builders import a_scene, copies, saved
from tests.newsroom.test_desk import form
from tests.newsroom.test_stripping import leftovers
from tests.press.builders import SmallPaper, a_root, an_article, clear_newsroom, stored

pytestmark = pytest.mark.filterwarnings(
    # Wagtail leaves the file open in which it makes a size of a photo, until the memory is needed.
    "ignore:.*SpooledTemporaryFile:pytest.PytestUnraisableExceptionWarning",
    "ignore:Unclosed file:ResourceWarning",
)

ADD = "/images/multiple/add/"
IPTC = hostile.iptc((1, 90, b"\x1b%G"), (2, 80, "Нина Сольберг".encode()), (2, 120, "Река вышла".encode()))


@pytest.fixture
def room(db: None) -> None:
    """A newsroom without photos, and nothing else in it."""
    cache.clear()  # Wagtail keeps sizes by a photo's number, which the database may give again in a test.
    clear_newsroom()
    a_root()


def a_scene_photo(seed: int = 1, **fields: Any) -> Photo:
    """A photo of the newsroom with a picture in it."""
    photo = Photo(title=f"Scene {seed}", description="A scene.", credit="Someone", **fields)
    photo.file = ContentFile(saved(a_scene(seed)), name=f"scene-{seed}.jpg")
    photo.save()
    return photo


def send(desk: Client, body: bytes, *, name: str = "river.jpg", title: str = "river") -> dict[str, Any]:
    """Upload one of many; what the page is told."""
    file = SimpleUploadedFile(name, body, content_type="image/jpeg")
    answer: dict[str, Any] = desk.post(ADD, {"title": title, "files[]": file}).json()
    return answer


def describe(desk: Client, number: int, **fields: str) -> dict[str, Any]:
    """Send the form of an upload."""
    sent = {"title": "A river", "description": "A river.", "tags": "", "collection": "1", **fields}
    names = {f"uploaded-image-{number}-{name}": value for name, value in sent.items()}
    answer: dict[str, Any] = desk.post(f"/images/multiple/create_from_uploaded_image/{number}/", names).json()
    return answer


def media_files() -> list[Path]:
    """All files that the newsroom keeps of photos."""
    return [file for file in Path(settings.MEDIA_ROOT).rglob("*") if file.is_file()]


# --- Many at once ---


def test_an_upload_is_stripped_before_it_waits_for_its_words(desk: Client, room: None) -> None:
    before = set(media_files())
    told = send(desk, hostile.jpeg())
    assert told["success"]
    fresh = set(media_files()) - before
    assert len(fresh) == 1
    for file in fresh:
        assert leftovers(file.read_bytes()) == [], file


def test_credit_and_caption_of_the_file_stand_in_the_form_and_become_the_photos(desk: Client, room: None) -> None:
    told = send(desk, hostile.with_iptc(saved(a_scene()), IPTC))
    assert "Нина Сольберг" in told["form"]
    assert "Река вышла" in told["form"]
    number = told["uploaded_file_id"]
    assert describe(desk, number, credit="Нина Сольберг", caption="Река вышла")["success"]
    photo = Photo.objects.get()
    assert (photo.title, photo.credit, photo.caption) == ("A river", "Нина Сольберг", "Река вышла")
    assert photo.look is not None
    assert photo.file_hash
    assert not UploadedFile.objects.exists()


def test_a_photo_without_credit_or_words_is_asked_for_them_and_waits(desk: Client, room: None) -> None:
    number = send(desk, saved(a_scene()))["uploaded_file_id"]
    told = describe(desk, number, credit="", description="")
    assert not told["success"]
    assert "Say who took the photo" in told["form"]
    assert not Photo.objects.exists()
    assert UploadedFile.objects.exists()


def test_no_photo_is_taken_in_by_the_page_for_many(desk: Client, room: None) -> None:
    for what, body in hostile.NO_PHOTOS.items():
        told = send(desk, body)
        assert not told["success"], what
        assert told["error_message"], what
    assert not UploadedFile.objects.exists()


def test_an_upload_never_lies_in_a_temporary_file(desk: Client, room: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: object, **_kwargs: object) -> None:
        raise AssertionError("A photo was written into a temporary file.")

    monkeypatch.setattr(TemporaryFileUploadHandler, "new_file", refuse)
    body = saved(a_scene()) + bytes(settings.FILE_UPLOAD_MAX_MEMORY_SIZE + 1)
    assert send(desk, body)["success"]


def test_a_file_that_is_too_large_is_refused_with_a_sentence(desk: Client, room: None, settings: Any) -> None:
    settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE = 1000
    told = send(desk, saved(a_scene()))
    assert not told["success"]
    assert "too big" in told["error_message"]


def test_uploads_that_nobody_described_go_after_a_week(desk: Client, room: None) -> None:
    send(desk, saved(a_scene(1)))
    send(desk, saved(a_scene(2)))
    old, young = UploadedFile.objects.order_by("pk")
    week_ago = time.time() - 8 * 86_400
    os.utime(old.file.path, (week_ago, week_ago))
    housekeeping.sweep(now=datetime.now(UTC))
    assert list(UploadedFile.objects.all()) == [young]
    assert not Path(old.file.path).exists()
    assert Path(young.file.path).exists()


# --- Those that look alike ---


def test_an_upload_that_looks_like_a_photo_is_told_so_with_a_link(desk: Client, room: None) -> None:
    photo, _other = a_scene_photo(), a_scene_photo(2)
    for how in ("half as large", "squeezed by a messenger"):
        told = send(desk, saved(copies(a_scene())[how]))
        assert re.findall(r'href="/images/(\d+)/"', told["form"]) == [str(photo.pk)], how
        assert describe(desk, told["uploaded_file_id"], credit="Someone")["success"]
        made = Photo.objects.latest("pk")
        assert made.similar_to == photo
        made.delete()


def test_photos_that_look_alike_are_listed_until_somebody_says_that_they_are_two(desk: Client, room: None) -> None:
    photo, double = a_scene_photo(), a_scene_photo()
    shown = desk.get("/photos/alike/").content.decode()
    assert f'/images/{photo.pk}/"' in shown
    assert f'/images/{double.pk}/"' in shown
    assert f'/images/{photo.pk}/"' in desk.get(f"/images/{double.pk}/").content.decode()
    assert desk.post(f"/photos/{double.pk}/not-alike/").status_code == 302
    assert "No two photos look alike" in desk.get("/photos/alike/").content.decode()


@pytest.mark.parametrize("pairs", [1, 6])
def test_the_list_of_doubles_asks_little(
    desk: Client, room: None, pairs: int, django_assert_max_num_queries: Any
) -> None:
    for seed in range(pairs):
        a_scene_photo(seed)
        a_scene_photo(seed)
    desk.get("/photos/alike/")  # what is small is made once
    with django_assert_max_num_queries(30):
        desk.get("/photos/alike/")


def test_photos_from_before_are_looked_at_a_few_at_a_time(room: None) -> None:
    photos = [a_scene_photo(1), a_scene_photo(2), a_scene_photo(1)]
    looks = [photo.look for photo in photos]
    nothing = dict.fromkeys(("look", "look_1", "look_2", "look_3", "look_4", "similar_to"))
    Photo.objects.update(was_looked_at=False, **nothing)
    OutboxEntry.objects.all().delete()
    assert housekeeping.look_at_old_ones(most=2) == 2
    assert housekeeping.look_at_old_ones(most=2) == 1
    assert housekeeping.look_at_old_ones(most=2) == 0
    assert all(photo.look is not None for photo in Photo.objects.all())
    assert len(looks) == 3
    assert Photo.objects.get(pk=photos[2].pk).similar_to == photos[0]
    assert not OutboxEntry.objects.exists(), "Nothing that is printed changed."


# --- Rights ---


def yesterday() -> date:
    """The day before today on the paper's clock."""
    return timezone.localdate() - timedelta(days=1)


@pytest.mark.parametrize("where", ["lead photo", "text", "gallery"])
def test_an_article_with_a_photo_whose_time_has_passed_is_not_published(
    desk: Client, paper: SmallPaper, where: str
) -> None:
    photo = a_scene_photo(usable_until=yesterday())
    fields: dict[str, Any] = {"lead_photo": photo}
    if where == "text":
        fields = {"body": stored(("photo", {"photo": photo.pk, "caption": "", "alt": "", "size": "column"}))}
    elif where == "gallery":
        item = {"type": "item", "id": "a", "value": {"photo": photo.pk, "caption": "", "alt": ""}}
        fields = {"body": stored(("gallery", {"title": "", "photos": [item]}))}
    article = an_article(paper.sections["en"][0], "flood", published=None, **fields)
    article.save_revision()
    sent = form(article, **({"lead_photo": str(photo.pk)} if where == "lead photo" else {}))
    if where != "lead photo":
        with pytest.raises(Exception, match="may be used until"):
            article.get_latest_revision().publish(user=get_user_model().objects.get(username="admin"))
    else:
        answer = desk.post(f"/pages/{article.pk}/edit/", {**sent, "action-publish": "1"}, follow=True)
        assert "was not published" in answer.content.decode()
        assert "may be used until" in answer.content.decode()
    assert not ArticlePage.objects.get(pk=article.pk).live


def test_an_article_that_readers_have_can_be_mended_whatever_its_photo(desk: Client, paper: SmallPaper) -> None:
    photo = a_scene_photo(usable_until=yesterday())
    article = an_article(paper.sections["en"][0], "flood", lead_photo=photo)
    sent = form(article, title="A mended flood", lead_photo=str(photo.pk))
    desk.post(f"/pages/{article.pk}/edit/", {**sent, "action-publish": "1"})
    assert ArticlePage.objects.get(pk=article.pk).title == "A mended flood"


def test_the_last_day_itself_is_a_day_on_which_it_may_be_used(desk: Client, paper: SmallPaper) -> None:
    photo = a_scene_photo(usable_until=timezone.localdate())
    article = an_article(paper.sections["en"][0], "flood", published=None)
    sent = form(article, lead_photo=str(photo.pk))
    desk.post(f"/pages/{article.pk}/edit/", {**sent, "action-publish": "1"})
    assert ArticlePage.objects.get(pk=article.pk).live


def test_what_is_scheduled_beyond_a_photos_last_day_is_held(desk: Client, paper: SmallPaper) -> None:
    photo = a_scene_photo(usable_until=timezone.localdate() + timedelta(days=3))
    article = an_article(paper.sections["en"][0], "flood", published=None)
    later = (timezone.localtime() + timedelta(days=9)).strftime("%Y-%m-%d %H:%M")
    sent = form(article, lead_photo=str(photo.pk), go_live_at=later)
    answer = desk.post(f"/pages/{article.pk}/edit/", {**sent, "action-publish": "1"}, follow=True)
    assert "may be used until" in answer.content.decode()
    assert not ArticlePage.objects.get(pk=article.pk).approved_schedule


RIGHTS = {
    "rights end next week": ({"usable_until": 7}, "leaves the paper by itself"),
    "rights have ended": ({"usable_until": -1}, "Readers do not see it any more"),
    "rights are not for letters": ({"not_in_letters": True}, "may not stand in newsletters"),
}


def test_the_editor_of_an_article_is_told_when_its_photos(desk: Client, paper: SmallPaper) -> None:
    photo = a_scene_photo()
    article = an_article(paper.sections["en"][0], "flood", lead_photo=photo)
    for what, (fields, sentence) in RIGHTS.items():
        days = fields.get("usable_until")
        photo.usable_until = None if days is None else timezone.localdate() + timedelta(days=days)
        photo.not_in_letters = fields.get("not_in_letters", False)
        photo.save()
        assert sentence in desk.get(f"/pages/{article.pk}/edit/").content.decode(), what
    plain = an_article(paper.sections["en"][0], "ebb", lead_photo=a_scene_photo(2))
    assert "stet-rights" not in desk.get(f"/pages/{plain.pk}/edit/").content.decode()


def test_the_list_of_photos_finds_those_whose_rights_end(desk: Client, room: None) -> None:
    today = timezone.localdate()
    a_scene_photo(1, usable_until=today + timedelta(days=3))
    a_scene_photo(2, usable_until=today - timedelta(days=3))
    a_scene_photo(3, not_in_letters=True)
    a_scene_photo(4, usable_until=today + timedelta(days=300))
    for value, expected in {"expiring": [1], "expired": [2], "not_in_letters": [3], "": [1, 2, 3, 4]}.items():
        for layout in ("grid", "list") if value == "expiring" else ("list",):
            shown = desk.get("/images/", {"rights": value, "layout": layout}).content.decode()
            assert sorted(map(int, set(re.findall(r"Scene (\d)", shown)))) == expected, (value, layout)
    assert "Rights have ended" in desk.get("/images/").content.decode()


@pytest.mark.parametrize("count", [1, 9])
def test_the_list_of_photos_asks_little(
    desk: Client, room: None, count: int, django_assert_max_num_queries: Any
) -> None:
    for seed in range(count):
        a_scene_photo(seed, usable_until=timezone.localdate())
    desk.get("/images/")
    with django_assert_max_num_queries(30):
        desk.get("/images/", {"rights": "expiring"})


# --- Originals ---


@pytest.fixture
def originals(settings: Any, tmp_path: Path) -> Originals:
    """Originals are kept, sealed; the private half of the key lies beside the public one."""
    private, public = sealing.make_key()
    (tmp_path / "key.pem").write_bytes(private)
    (tmp_path / "public").write_bytes(public)
    settings.STET_ORIGINALS = Originals(folder=tmp_path / "originals", sealing_key=tmp_path / "public", is_kept=True)
    made: Originals = settings.STET_ORIGINALS
    return made


def opened(originals: Originals, photo: Photo) -> sealing.Opened:
    """A photo's original, on the machine that has the key."""
    key = sealing.load_private_key(originals.sealing_key.with_name("key.pem"))
    return sealing.open_sealed(originals.file(photo.original).read_bytes(), private_key=key, info=INFO)


def test_by_default_no_original_is_kept(desk: Client, room: None) -> None:
    assert a_scene_photo().original == ""
    assert not settings.STET.originals.exists()


def test_a_sealed_original_is_the_file_as_it_was_uploaded(desk: Client, room: None, originals: Originals) -> None:
    body = hostile.jpeg()
    told = send(desk, body, name="DSC_0815.jpg")
    assert describe(desk, told["uploaded_file_id"], credit="Someone")["success"]
    photo = Photo.objects.get()
    found = opened(originals, photo)
    assert (found.body, found.name, found.media_type) == (body, "DSC_0815.jpg", "image/jpeg")
    sealed = originals.file(photo.original).read_bytes()
    assert hostile.SECRET.encode() not in sealed
    assert b"DSC_0815" not in sealed
    assert leftovers(Path(photo.file.path).read_bytes()) == []


def test_without_a_key_no_photo_is_taken_rather_than_one_without_its_original(
    desk: Client, room: None, originals: Originals
) -> None:
    originals.sealing_key.unlink()
    told = send(desk, saved(a_scene()))
    assert not told["success"]
    assert "stet keys evidence" in told["error_message"]
    assert not Photo.objects.exists()


def test_a_seal_of_evidence_does_not_open_as_a_photo(originals: Originals) -> None:
    public = sealing.load_public_key(originals.sealing_key)
    private = sealing.load_private_key(originals.sealing_key.with_name("key.pem"))
    sealed = sealing.seal(b"a list", name="a.txt", media_type="text/plain", public_key=public, info=b"stet evidence 1")
    with pytest.raises(sealing.SealBrokenError, match="does not open"):
        sealing.open_sealed(sealed, private_key=private, info=INFO)


@pytest.mark.django_db(transaction=True)
def test_an_original_goes_with_the_last_photo_made_of_it(originals: Originals) -> None:
    a_root()
    one, other = a_scene_photo(), a_scene_photo()
    assert one.original == other.original
    file = originals.file(one.original)
    one.delete()
    assert file.exists()
    other.delete()
    assert not file.exists()


def test_an_original_that_never_became_a_photo_goes_after_a_week(db: None, originals: Originals) -> None:
    photo = a_scene_photo()
    stray = originals.keep(b"bytes", name="a.jpg", media_type="image/jpeg", stripped=b"never a photo")
    housekeeping.sweep(now=datetime.now(UTC))
    assert originals.has(stray)
    housekeeping.sweep(now=datetime.now(UTC) + timedelta(days=8))
    assert not originals.has(stray)
    assert originals.has(photo.original)


def test_an_original_is_named_by_a_digest_and_by_nothing_else(originals: Originals) -> None:
    for name in ("../../keys/edition", "", "a" * 63, "Z" * 64):
        with pytest.raises(ValueError, match="named by a digest"):
            replace(originals).file(name)
