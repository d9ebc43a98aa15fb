"""The desk as editors use it: write, look, publish, take down; and what it does with input that nobody should send."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, connections
from django.test import Client
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from stet.newsroom.models import ArticlePage, Photo, Withdrawal
from tests.newsroom import hostile_photos as hostile
from tests.press.builders import SmallPaper, a_paper, an_article, clear_newsroom

STRANGE = {
    "control characters": "".join(map(chr, range(32))) + "\x7f\x85\u2028\u202e\ufeff",
    "a lone surrogate's look-alike": "\ufffd\ufffe",
    "markup": "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "a number": "1234567890",
    "JSON": '[{"type": "text"}]',
    "nothing": "",
}
EVERYDAY_FIELDS = (
    "title",
    "slug",
    "standfirst",
    "kind",
    "body",
    "topics",
    "tags",
    "updated_at",
    "source_url",
)


def form(article: ArticlePage | None = None, **fields: Any) -> dict[str, Any]:
    """What the desk's form for an article sends."""
    return nested_form_data(
        {
            "title": article.title if article else "A flood",
            "slug": article.slug if article else "a-flood",
            "short_headline": "", "standfirst": "", "kind": "news", "dateline": "", "lead_photo": "", "lead_alt": "",
            "lead_caption": rich_text(""), "body": streamfield([("text", rich_text("<p>The river rose.</p>"))]),
            "tags": "", "updated_at": "", "source": "", "source_url": "", "licence": "", "go_live_at": "",
            "expire_at": "", "seo_title": "", "search_description": "",
            "bylines": inline_formset([]), "picks": inline_formset([]), "corrections": inline_formset([]),
            "updates": inline_formset([]), "embargoed_until": "",
            "comments": inline_formset([]),
            **fields,
        }
    )  # fmt: skip


# --- A day's work ---


def test_an_editor_creates_edits_looks_and_publishes(keys: None, desk: Client, paper: SmallPaper) -> None:
    section = paper.sections["en"][0]
    answer = desk.post(f"/pages/add/newsroom/articlepage/{section.pk}/", form())
    assert answer.status_code == 302, answer.content.decode()[-3000:]
    article = ArticlePage.objects.get(slug="a-flood")
    assert not article.live
    assert desk.get(f"/pages/{article.pk}/edit/").status_code == 200
    edited = form(article, title="A flood in Lomenna")
    preview = f"/pages/{article.pk}/edit/preview/"
    assert desk.post(preview, edited).json()["is_valid"]
    shown = desk.get(preview + "?mode=").content.decode()
    assert "A flood in Lomenna" in shown
    assert "The river rose." in shown
    desk.post(f"/pages/{article.pk}/edit/", {**edited, "action-publish": "1"})
    article.refresh_from_db()
    assert (article.live, article.title) == (True, "A flood in Lomenna")


def test_a_headline_is_one_line_however_it_was_written(keys: None, desk: Client, paper: SmallPaper) -> None:
    address = f"/pages/add/newsroom/articlepage/{paper.sections['en'][0].pk}/"
    answer = desk.post(address, form(title=" A flood\r\nat  night\n"))
    assert answer.status_code == 302
    assert ArticlePage.objects.get().draft_title == "A flood at night"


def test_unpublishing_with_a_reason_leaves_a_notice(desk: Client, paper: SmallPaper) -> None:
    article = an_article(paper.sections["en"][0], "flood")
    page = f"/pages/{article.pk}/unpublish/"
    assert "withdrawal_reason" in desk.get(page).content.decode()
    desk.post(page, {"withdrawal_reason": "It was another river."})
    article.refresh_from_db()
    assert not article.live
    assert Withdrawal.objects.get().reason == "It was another river."


def test_unpublishing_without_a_reason_leaves_none(desk: Client, paper: SmallPaper) -> None:
    article = an_article(paper.sections["en"][0], "flood")
    desk.post(f"/pages/{article.pk}/unpublish/", {"withdrawal_reason": "  "})
    article.refresh_from_db()
    assert not article.live
    assert not Withdrawal.objects.exists()


def test_a_reason_that_is_too_long_is_said_and_takes_nothing_down(desk: Client, paper: SmallPaper) -> None:
    article = an_article(paper.sections["en"][0], "flood")
    answer = desk.post(f"/pages/{article.pk}/unpublish/", {"withdrawal_reason": "x" * 2001}, follow=True)
    assert "The notice is longer than 2,000 characters. Shorten it." in answer.content.decode()
    article.refresh_from_db()
    assert article.live
    assert not Withdrawal.objects.exists()


def test_a_translation_is_confirmed_by_a_post_of_somebody_who_may_edit(desk: Client, paper: SmallPaper) -> None:
    original = an_article(paper.sections["en"][0], "flood")
    original.save_revision().publish()
    translation = an_article(paper.sections["ru"][0], "potop")
    translation.follow_original(original)
    ArticlePage.objects.get(pk=original.pk).save_revision().publish()
    page = f"/articles/{translation.pk}/follow-original/"
    assert desk.get(page).status_code == 405
    guest = Client()
    assert guest.post(page).status_code == 302
    reporter = get_user_model().objects.create_user(username="reporter", password="a long password")
    guest.force_login(reporter)
    assert guest.post(page).status_code in (302, 403)
    assert ArticlePage.objects.get(pk=translation.pk).is_behind_original
    assert desk.post(page).status_code == 302
    assert not ArticlePage.objects.get(pk=translation.pk).is_behind_original


# --- Bad input ---


@pytest.mark.parametrize("what", STRANGE)
def test_no_field_of_an_article_brings_the_desk_down(desk: Client, paper: SmallPaper, what: str) -> None:
    page = f"/pages/add/newsroom/articlepage/{paper.sections['en'][0].pk}/"
    for field in EVERYDAY_FIELDS:
        answer = desk.post(page, {**form(slug=f"slug-{field}"), field: STRANGE[what]})
        assert answer.status_code in (200, 302, 400), (field, answer.status_code)


@pytest.mark.parametrize("field", ["body-0-type", "bylines-TOTAL_FORMS", "comments-TOTAL_FORMS"])
@pytest.mark.parametrize("value", ["", "many", "-1", "99999999999999999999", "\x00"])
def test_a_form_that_nobody_filled_in_is_refused_and_not_failed_on(
    desk: Client, paper: SmallPaper, field: str, value: str
) -> None:
    page = f"/pages/add/newsroom/articlepage/{paper.sections['en'][0].pk}/"
    answer = desk.post(page, {**form(), field: value})
    assert answer.status_code in (200, 302, 400)


def test_a_body_of_more_than_ten_megabytes_is_refused(desk: Client, paper: SmallPaper) -> None:
    page = f"/pages/add/newsroom/articlepage/{paper.sections['en'][0].pk}/"
    answer = desk.post(page, {**form(), "standfirst": "x" * 10_500_000})
    assert answer.status_code in (400, 413)
    assert b"Traceback" not in answer.content
    assert not ArticlePage.objects.exists()


@pytest.mark.parametrize(
    "what", ["a web page", "an SVG", "a JPEG that breaks off", "a PNG of 400 megapixels", "nothing at all"]
)
def test_the_form_for_photos_refuses_with_a_sentence(desk: Client, db: None, what: str) -> None:
    file = SimpleUploadedFile("innocent.jpg", hostile.NO_PHOTOS[what], content_type="image/jpeg")
    sent = {
        "title": "A photo",
        "file": file,
        "description": "A river.",
        "credit": "Someone",
        "collection": "1",
        "tags": "",
    }
    answer = desk.post("/images/add/", sent)
    assert answer.status_code == 200
    assert b"Traceback" not in answer.content
    assert not Photo.objects.exists()


# --- Four editors at once ---


def test_four_editors_at_once_never_meet_a_locked_database(keys: None, transactional_db: None) -> None:
    clear_newsroom()
    try:
        paper = a_paper(["en"])
        articles = [an_article(paper.sections["en"][n % 2], f"story-{n}") for n in range(4)]
        chief = get_user_model().objects.create_superuser(username="chief", email="", password="a long password")
        connections.close_all()
        with ThreadPoolExecutor(4) as editors:
            said = list(editors.map(lambda article: a_busy_hour(article, chief), articles))
        assert [problem for problems in said for problem in problems] == []
    finally:
        clear_newsroom()


def a_busy_hour(article: ArticlePage, who: Any) -> list[str]:
    """Previews and saves of one editor in turn; what went wrong."""
    desk = Client()
    problems = []
    try:
        desk.force_login(who)
        for number in range(8):
            filled = form(article, title=f"Story {number}")
            acts: list[Callable[[], Any]] = [
                lambda data=filled: desk.post(f"/pages/{article.pk}/edit/preview/", data),
                lambda: desk.get(f"/pages/{article.pk}/edit/preview/?mode="),
                lambda data=filled: desk.post(f"/pages/{article.pk}/edit/", {**data, "action-publish": "1"}),
            ]
            for act in acts:
                try:
                    status = act().status_code
                except OperationalError as error:
                    problems.append(str(error))
                else:
                    problems += [f"status {status}"] if status >= 500 else []
    finally:
        connections.close_all()
    return problems
