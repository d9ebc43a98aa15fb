"""What the desk says when it cannot do what it was asked, and what it notes."""

import errno
import logging
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, connection
from django.test import Client
from wagtail.models import Locale
from wagtail.test.utils.form_data import rich_text, streamfield
from wagtail.users.models import UserProfile

from stet.newsroom import views
from stet.newsroom.models import ArticlePage, Photo
from tests.newsroom.hostile_photos import picture, saved
from tests.newsroom.test_desk import form
from tests.press.builders import SmallPaper, an_article

SECRET = "hunter2"
STILL_THERE = "What you wrote is still in your browser"


@pytest.fixture
def article(paper: SmallPaper) -> ArticlePage:
    """A story that is being written."""
    return an_article(paper.sections["en"][0], "flood")


def damaged(desk: Client, article: ArticlePage, **more: Any) -> Any:
    """What is answered to a form that arrived damaged."""
    return desk.post(f"/pages/{article.pk}/edit/", {**form(article), "body-count": SECRET}, **more)


def a_failing(monkeypatch: pytest.MonkeyPatch, desk: Client, article: ArticlePage, fail: Callable[..., Any]) -> Any:
    """What is answered when Stet's own view fails."""
    monkeypatch.setattr(views, "redirect", fail)
    desk.raise_request_exception = False
    return desk.post(f"/articles/{article.pk}/follow-original/")


def raising(error: Exception) -> Callable[..., Any]:
    """A function that raises this."""

    def fail(*_arguments: Any, **_named: Any) -> Any:
        raise error

    return fail


def reference(answer: Any) -> str:
    """What the page asks an editor to tell."""
    return str(answer.content.decode().partition("<code>")[2].partition("</code>")[0])


def test_a_damaged_form_is_answered_with_where_the_text_is(desk: Client, article: ArticlePage) -> None:
    answer = damaged(desk, article)
    assert answer.status_code == 400
    said = answer.content.decode()
    assert "The desk could not read this form" in said
    assert STILL_THERE in said
    assert not article.revisions.exists()


def test_the_log_names_class_place_and_reference_but_nothing_that_was_written(
    desk: Client, article: ArticlePage, caplog: pytest.LogCaptureFixture
) -> None:
    answer = damaged(desk, article)
    notes = [record for record in caplog.records if record.name == "stet.desk"]
    assert [record.levelno for record in notes] == [logging.WARNING]
    note = notes[0].getMessage()
    assert reference(answer) in note
    assert "ValueError at wagtail/blocks/stream_block.py:" in note
    assert SECRET not in caplog.text


def test_the_desks_scripts_get_the_same_in_their_own_format(desk: Client, article: ArticlePage) -> None:
    told = damaged(desk, article, headers={"accept": "application/json"}).json()
    assert (told["success"], told["error_code"]) == (False, "unreadable_form")
    assert told["error_message"].startswith("The desk could not read this form. ")


def test_the_page_speaks_the_editors_language(desk: Client, article: ArticlePage, admin_user: Any) -> None:
    UserProfile.objects.update_or_create(user=admin_user, defaults={"preferred_language": "fa"})
    assert '<html lang="fa" dir="rtl"' in damaged(desk, article).content.decode()


def test_a_bug_of_stets_own_is_said_to_be_one_and_noted_as_one(
    desk: Client, article: ArticlePage, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    answer = a_failing(monkeypatch, desk, article, raising(ValueError(SECRET)))
    assert answer.status_code == 500
    said = answer.content.decode()
    assert "Something broke at the desk" in said
    assert STILL_THERE in said
    assert SECRET not in said
    assert "Traceback" not in said
    notes = [record for record in caplog.records if record.name == "stet.desk"]
    assert [record.levelno for record in notes] == [logging.ERROR]
    assert reference(answer) in notes[0].getMessage()
    assert "newsroom/views.py:" in notes[0].getMessage()
    assert SECRET not in caplog.text


def test_what_a_failing_view_wrote_is_taken_back(
    desk: Client, article: ArticlePage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def rename_and_fail(*_arguments: Any) -> Any:
        ArticlePage.objects.filter(pk=article.pk).update(title="Half done")
        raise ValueError(SECRET)

    assert a_failing(monkeypatch, desk, article, rename_and_fail).status_code == 500
    article.refresh_from_db()
    assert article.title == "Flood"


def test_a_failing_view_without_any_input_is_a_bug(desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wagtail.admin.views.home.get_site_for_user", raising(ValueError(SECRET)))
    desk.raise_request_exception = False
    assert desk.get("/").status_code == 500


@pytest.mark.parametrize("mode", ["", "weight"])
def test_a_page_of_a_language_without_a_front_says_why_it_is_not_shown(
    keys: None, desk: Client, paper: SmallPaper, mode: str
) -> None:
    desk.raise_request_exception = False
    article = an_article(paper.sections["ru"][0], "story")
    article.save_revision()
    assert desk.get(f"/pages/{article.pk}/view_draft/", {"mode": mode}).status_code == 200
    paper.fronts["ru"].unpublish()
    for page in (article, paper.about, paper.sections["ru"][0]):
        is_russian = page.locale.language_code == "ru"
        page.save_revision()
        answer = desk.get(f"/pages/{page.pk}/view_draft/")
        assert answer.status_code == (409 if is_russian else 200), page
        assert ("the front of its language" in answer.content.decode()) == is_russian


def test_a_form_that_names_a_page_that_is_not_there_is_refused(desk: Client, article: ArticlePage) -> None:
    desk.raise_request_exception = False
    answer = desk.post(f"/pages/{article.pk}/copy/", {"new_title": "Copy", "new_slug": "copy", "new_parent_page": "99"})
    assert answer.status_code == 400
    assert "Nothing was saved" in answer.content.decode()


def test_only_a_form_deletes(desk: Client, article: ArticlePage) -> None:
    spare = Locale.objects.create(language_code="fa")
    for address in (f"/locales/delete/{spare.pk}/", f"/pages/{article.pk}/delete/", f"/pages/{article.pk}/edit/"):
        assert {desk.delete(address).status_code, desk.put(address).status_code} == {405}, address
    assert Locale.objects.filter(pk=spare.pk).exists()
    assert desk.delete(f"/pages/{article.pk}/edit/preview/").status_code == 200  # the desk's own script


def test_an_address_that_leads_nowhere_has_a_page(desk: Client) -> None:
    answer = desk.get("/media/no/such/photo.jpg")
    assert answer.status_code == 404
    assert "There is no such page at the desk" in answer.content.decode()


def test_a_file_with_a_name_that_no_disk_has_is_not_there(desk: Client, db: None) -> None:
    assert desk.get(f"/media/{'x' * 5_000}").status_code == 404


def test_an_address_that_cannot_be_read_has_a_page(desk: Client, db: None) -> None:
    answer = desk.get("/images/chooser/chosen/x/")
    assert answer.status_code == 400
    assert "The desk could not read this address" in answer.content.decode()


def test_a_form_of_another_session_is_refused_with_where_the_text_is(admin_user: Any, article: ArticlePage) -> None:
    desk = Client(enforce_csrf_checks=True)
    desk.force_login(admin_user)
    answer = desk.post(f"/pages/{article.pk}/edit/", form(article))
    assert answer.status_code == 403
    assert STILL_THERE in answer.content.decode()


@pytest.mark.parametrize(
    "fields", [{"standfirst": "x" * 10_500_000}, {f"more-{n}": "" for n in range(10_100)}], ids=["bytes", "fields"]
)
def test_a_form_that_is_too_large_is_refused_with_the_limits(
    desk: Client, article: ArticlePage, fields: dict[str, str]
) -> None:
    body = form(article) | fields
    answer = desk.post(f"/pages/{article.pk}/edit/", body)
    assert answer.status_code == 400
    assert "A text may have 10 MB, without its photos, and 10,000 fields." in answer.content.decode()
    assert STILL_THERE in answer.content.decode()


def test_a_text_of_nine_megabytes_is_taken(keys: None, desk: Client, article: ArticlePage) -> None:
    body = streamfield([("text", rich_text(f"<p>{'word ' * 200_000}</p>")) for _ in range(8)])
    answer = desk.post(f"/pages/{article.pk}/edit/", form(article, body=body))
    assert answer.status_code == 302
    assert len(article.revisions.get().content["body"]) > 8_000_000


# --- Disks and databases ---


def test_a_full_disk_is_said_and_the_old_text_stands(desk: Client, article: ArticlePage) -> None:
    pages = connection.cursor().execute("PRAGMA page_count").fetchone()[0]
    connection.cursor().execute(f"PRAGMA max_page_count={pages}")
    try:
        body = streamfield([("text", rich_text(f"<p>{'word ' * 200_000}</p>"))])
        answer = desk.post(f"/pages/{article.pk}/edit/", form(article, body=body, title="New"))
    finally:
        connection.cursor().execute("PRAGMA max_page_count=1073741823")
    assert answer.status_code == 503
    assert "The disk is full" in answer.content.decode()
    assert STILL_THERE in answer.content.decode()
    assert not article.revisions.exists()


def test_a_database_that_may_not_be_written_is_said(desk: Client, article: ArticlePage) -> None:
    desk.get("/")
    connection.cursor().execute("PRAGMA query_only=1")
    try:
        answer = desk.post(f"/pages/{article.pk}/edit/", form(article, title="New"))
    finally:
        connection.cursor().execute("PRAGMA query_only=0")
    assert answer.status_code == 503
    assert "The desk may not write to its disk" in answer.content.decode()


def test_a_database_that_does_not_answer_is_said(
    desk: Client, article: ArticlePage, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = a_failing(monkeypatch, desk, article, raising(OperationalError("database is locked")))
    assert answer.status_code == 503
    assert "The database does not answer" in answer.content.decode()


@pytest.mark.parametrize(
    ("number", "said"),
    [(errno.ENOSPC, "The disk is full"), (errno.EROFS, "The desk may not write"), (errno.EACCES, "may not write")],
)
def test_a_photo_that_finds_no_room_is_not_half_taken(
    desk: Client, db: None, monkeypatch: pytest.MonkeyPatch, number: int, said: str
) -> None:
    monkeypatch.setattr(FileSystemStorage, "_save", raising(OSError(number, "no")))
    file = SimpleUploadedFile("river.jpg", saved(picture(), "JPEG"), content_type="image/jpeg")
    sent = {"title": "A", "file": file, "description": "A river.", "credit": "Someone", "collection": "1", "tags": ""}
    answer = desk.post("/images/add/", sent)
    assert answer.status_code == 503
    assert said in answer.content.decode()
    assert not Photo.objects.exists()


# --- Two editors at once ---


def opened(article: ArticlePage) -> dict[str, str]:
    """What the form says about the version it was opened on."""
    latest = ArticlePage.objects.get(pk=article.pk).latest_revision
    return {"loaded_revision_id": str(latest.pk), "loaded_revision_created_at": latest.created_at.isoformat()}


def test_who_saves_over_another_version_is_told_and_it_is_kept(
    keys: None, desk: Client, article: ArticlePage, admin_user: Any
) -> None:
    article.save_revision()
    before, page = opened(article), f"/pages/{article.pk}/edit/"
    desk.post(page, form(article, title="Hers") | before)
    answer = desk.post(page, form(article, title="His") | before, follow=True)
    said = answer.content.decode()
    assert f"{admin_user.get_username()} saved another version while you wrote." in said
    assert "/revisions/compare/" in said
    assert [one.content["title"] for one in article.revisions.order_by("pk")] == ["Flood", "Hers", "His"]


def test_who_saves_the_latest_version_is_told_nothing(keys: None, desk: Client, article: ArticlePage) -> None:
    article.save_revision()
    answer = desk.post(f"/pages/{article.pk}/edit/", form(article, title="Hers") | opened(article), follow=True)
    assert "while you wrote" not in answer.content.decode()


def test_the_desks_script_does_not_save_over_another_version(keys: None, desk: Client, article: ArticlePage) -> None:
    article.save_revision()
    before, page = opened(article), f"/pages/{article.pk}/edit/"
    desk.post(page, form(article, title="Hers") | before)
    answer = desk.post(page, form(article, title="His") | before, headers={"accept": "application/json"})
    assert (answer.status_code, answer.json()["error_code"]) == (400, "invalid_revision")
    assert [one.content["title"] for one in article.revisions.order_by("pk")] == ["Flood", "Hers"]


# --- Lists that are sorted and narrowed while words are looked for ---


@pytest.mark.parametrize(
    "where",
    [
        "/snippets/newsroom/person/?q=ann&ordering=name",
        "/snippets/newsroom/person/?q=ann&ordering=-role&kind=name",
        "/images/?q=river&ordering=file_size",
        "/images/chooser/?q=river&tag=dam",
    ],
)
def test_a_list_can_be_searched_and_sorted_at_once(desk: Client, paper: SmallPaper, where: str) -> None:
    assert desk.get(where).status_code == 200
