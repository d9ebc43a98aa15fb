"""A photo whose last day has passed leaves the paper by itself; a blurred one is printed anew, and the old one goes."""

from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.core.files.base import ContentFile

from stet.newsroom.models import Photo
from stet.newsroom.paper import current_paper
from stet.newsroom.photos.blurring import Rectangle
from stet.newsroom.photos.replacing import blur
from stet.press.printing import Outcome
from tests.newsroom.photos.builders import a_scene, saved
from tests.press.builders import NOON, House, SmallPaper, a_photo, an_article, stored, text
from tests.press.letter_builders import a_letter, a_list

LAST = date(2026, 3, 10)


def ends() -> datetime:
    """The first moment of the day after the last, where the paper is."""
    return datetime(2026, 3, 11, tzinfo=ZoneInfo(current_paper().time_zone))


def media(house: House) -> set[str]:
    """The photos that readers can get."""
    return {file.name for file in (house.site / "media").glob("*") if file.suffix in (".avif", ".webp", ".jpg")}


def follow(house: House) -> Outcome:
    """Print incrementally; the law holds afterwards."""
    outcome = house.print()
    assert house.check().ok, house.check()
    return outcome


@pytest.fixture
def photo() -> Photo:
    """A photo that may be used until the tenth of March."""
    made = a_photo(credit="Someone / Example")
    made.usable_until = LAST
    made.save()
    return made


def test_a_photo_leaves_the_paper_at_the_end_of_its_last_day(paper: SmallPaper, house: House, photo: Photo) -> None:
    lead = an_article(paper.sections["en"][0], "flood", lead_photo=photo)
    body = stored(text("<p>Before.</p>"), ("photo", {"photo": photo.pk, "caption": "", "alt": "", "size": "column"}))
    within = an_article(paper.sections["en"][0], "ebb", body=body)
    topic = paper.topics["en"]
    topic.photo = photo
    topic.save()
    house.print()
    paths = [str(lead.printed_path()), str(within.printed_path()), "/topics/dam/", "/"]
    mark = photo.file_hash[:20]
    for path in (*paths[:3], "/rss.xml"):
        assert mark in house.page(path), path
    assert media(house)
    house.now = ends() - timedelta(seconds=1)
    follow(house)
    assert mark in house.page(paths[0])
    house.now = ends()
    follow(house)
    for path in (*paths, "/rss.xml", "/atom.xml", "/feed.json"):
        assert mark not in house.page(path), path
        assert "Someone / Example" not in house.page(path), path
    assert "Before." in house.page(paths[1])
    assert not media(house)
    assert house.verify() == []


def test_a_photo_with_a_later_last_day_comes_back(paper: SmallPaper, house: House, photo: Photo) -> None:
    article = an_article(paper.sections["en"][0], "flood", lead_photo=photo)
    house.now = ends()
    house.print()
    assert not media(house)
    Photo.objects.filter(pk=photo.pk).update(usable_until=LAST + timedelta(days=30))
    follow(house)
    assert photo.file_hash[:20] in house.page(str(article.printed_path()))
    house.now = ends() + timedelta(days=30)
    follow(house)
    assert not media(house)


def test_a_photo_whose_last_day_is_brought_forward_goes_at_once(paper: SmallPaper, house: House, photo: Photo) -> None:
    an_article(paper.sections["en"][0], "flood", lead_photo=photo)
    house.print()
    Photo.objects.filter(pk=photo.pk).update(usable_until=(NOON - timedelta(days=5)).date())
    follow(house)
    assert not media(house)


def test_a_letter_leaves_out_what_may_not_stand_in_it_and_the_website_shows_it(
    paper: SmallPaper, house: House, photo: Photo
) -> None:
    free, bound = a_photo("#aa3311"), photo
    stories = [
        an_article(paper.sections["en"][0], slug, lead_photo=one) for slug, one in (("free", free), ("bound", bound))
    ]
    letter = a_letter(a_list(paper.fronts["en"]), stories=tuple(stories))
    house.print()
    folder = house.site / str(letter.printed_path()).lstrip("/")
    assert (folder / "photo-2.jpg").exists()
    Photo.objects.filter(pk=bound.pk).update(not_in_letters=True, usable_until=None)
    follow(house)
    assert (folder / "photo-1.jpg").exists()
    assert not (folder / "photo-2.jpg").exists()
    assert "Bound" in (folder / "mail.txt").read_text()
    assert bound.file_hash[:20] in house.page(str(stories[1].printed_path()))
    assert bound.file_hash[:20] not in (folder / "index.html").read_text()


def test_a_letter_loses_a_photo_after_its_last_day(paper: SmallPaper, house: House, photo: Photo) -> None:
    article = an_article(paper.sections["en"][0], "flood", lead_photo=photo)
    letter = a_letter(a_list(paper.fronts["en"]), stories=(article,))
    house.print()
    folder = house.site / str(letter.printed_path()).lstrip("/")
    assert (folder / "photo-1.jpg").exists()
    house.now = ends()
    follow(house)
    assert not (folder / "photo-1.jpg").exists()
    assert house.verify() == []


# --- Blurred ---


def a_scene_photo() -> Photo:
    """A photo with a face in it."""
    made = Photo(title="A scene", description="A scene.", credit="Someone")
    made.file = ContentFile(saved(a_scene()), name="scene.jpg")
    made.save()
    return made


def rendered(house: House) -> set[str]:
    """The digests of what the press rendered."""
    return {place.name for place in (house.folder / "renditions").glob("??/*")}


def test_a_blurred_photo_is_printed_anew_and_nothing_of_the_old_one_is_left(paper: SmallPaper, house: House) -> None:
    photo = a_scene_photo()
    article = an_article(paper.sections["en"][0], "flood", lead_photo=photo)
    house.print()
    old, before = photo.file_hash, media(house)
    pages = {file for file in house.site.rglob("*.html") if old[:20] in file.read_text()}
    assert pages
    inline = house.page(str(article.printed_path())).split("data:image/avif;base64,")[1][:400]
    blur(Photo.objects.get(pk=photo.pk), (Rectangle(x=0, y=0, width=320, height=240),), "blur")
    follow(house)
    assert not before & media(house)
    assert media(house)
    assert rendered(house) == {Photo.objects.get(pk=photo.pk).file_hash}
    for file in house.site.rglob("*"):
        if file.is_file() and file.suffix in (".html", ".xml", ".json"):
            assert old[:20] not in file.read_text(), file
            assert inline not in file.read_text(), file
    assert house.verify() == []


def test_what_was_rendered_of_a_deleted_photo_goes_and_that_of_its_twin_stays(paper: SmallPaper, house: House) -> None:
    one, twin, other = a_scene_photo(), a_scene_photo(), a_photo()
    for number, photo in enumerate((one, twin, other)):
        an_article(paper.sections["en"][0], f"story-{number}", lead_photo=photo)
    house.print()
    assert rendered(house) == {one.file_hash, other.file_hash}
    one.delete()
    follow(house)
    assert rendered(house) == {one.file_hash, other.file_hash}, "Its twin has the same file."
    twin.delete()
    follow(house)
    assert rendered(house) == {other.file_hash}


def test_a_press_that_lost_its_memory_keeps_nothing_of_photos_that_are_gone(paper: SmallPaper, house: House) -> None:
    photo = a_scene_photo()
    an_article(paper.sections["en"][0], "flood", lead_photo=photo)
    house.print()
    assert rendered(house)
    house.forget()
    Photo.objects.get(pk=photo.pk).delete()
    house.print()
    assert rendered(house) == set()
    assert not Path(photo.file.path).exists()


# --- The focal point ---


def test_where_a_list_cuts_a_photo_its_focal_point_stays_in_sight(paper: SmallPaper, house: House) -> None:
    photo = a_scene_photo()
    article = an_article(paper.sections["en"][0], "flood", lead_photo=photo)
    house.print()
    assert "object-position" not in house.page("/")
    photo.focal_point_x, photo.focal_point_y = 96, 60
    photo.focal_point_width, photo.focal_point_height = 20, 20
    photo.save()
    follow(house)
    assert "object-position:30% 25%" in house.page("/")
    assert "object-position:30% 25%" in house.page(str(article.printed_path()))
