"""Drafts shared with somebody outside: what the link shows, to whom, how long, and what is kept of it."""

import logging
import re
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.utils import timezone
from wagtail.models import GroupPagePermission, PageLogEntry

from stet.kit import clock
from stet.newsroom.embargo.rules import said
from stet.newsroom.models import ArticlePage, SharedDraft
from stet.newsroom.sharing import links, marks
from stet.newsroom.sharing import outside as outside_room
from stet.project import middleware, scheduler
from tests.newsroom.test_desk import form
from tests.press.builders import SmallPaper, a_photo, an_article, by, stored, text

pytestmark = pytest.mark.usefixtures("keys")
PARAGRAPH = (
    "The ministry knew of the crack in the dam eighty-five days before the water came, and nobody in the valley was "
    "told of it by those who had the letter of the engineers on their desks. "
)
LONG = [text(f"<p>{PARAGRAPH * 2} Part {n}.</p>") for n in range(9)]


def a_draft(paper: SmallPaper, **fields: Any) -> ArticlePage:
    values = {"title": "The eleventh page", "body": stored(*LONG), **fields}
    article = by(an_article(paper.sections["en"][0], "eleventh", published=None, **values), paper.people["en"])
    article.save_revision()
    return ArticlePage.objects.get(pk=article.pk)


def shared(desk: Client, article: ArticlePage, *, recipient: str = "Counsel K.", days: int = 3) -> str:
    """The path of a new link."""
    answer = desk.post(f"/articles/{article.pk}/share/", {"recipient": recipient, "days": days})
    found = re.search(r'value="http://[^"/]+(/shared/[^"]+)"', answer.content.decode())
    assert found, answer.content.decode()
    return found[1]


def a_colleague(name: str, *permissions: str, page: Any) -> Client:
    who = get_user_model().objects.create_user(username=name, password="a long password")
    group = Group.objects.create(name=name)
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    who.groups.add(group)
    for permission in permissions:
        GroupPagePermission.objects.create(
            group=group, page=page, permission=Permission.objects.get(codename=f"{permission}_page")
        )
    client = Client()
    client.force_login(who)
    return client


def words(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", answer.content.decode())).replace("\xa0", " ")


def test_an_outsider_reads_the_draft_and_nothing_is_left_with_them(desk: Client, paper: SmallPaper) -> None:
    article = a_draft(paper)
    path, guest = shared(desk, article), Client()
    first = guest.get(path)
    assert "eleventh" not in words(first), "Messengers fetch what is sent through them."
    answer = guest.post(path)
    shown = words(answer)
    assert "The eleventh page" in shown
    assert "Ann en" in shown
    assert all(f"Part {n}." in shown for n in range(9)), "In one piece, however long it is."
    day = said(timezone.now()).rpartition(",")[0]
    assert shown.count(f"Draft, not for publication. Copy of Counsel K., {day}.") >= 3
    for one in (first, answer):
        assert not one.cookies
        assert one.headers["Cache-Control"] == "no-store, private"
        assert one.headers["Referrer-Policy"] == "no-referrer"
        assert "noindex" in one.headers["X-Robots-Tag"]
        assert one.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert "<script" not in answer.content.decode()
    assert "/login" not in answer.content.decode()


def test_photos_lie_in_the_page(desk: Client, paper: SmallPaper) -> None:
    answer = Client().post(shared(desk, a_draft(paper, lead_photo=a_photo())))
    pictures = re.findall(r'<img src="([^"]{0,40})', answer.content.decode())
    assert pictures
    assert all(one.startswith("data:image/jpeg;base64,/9j/") for one in pictures), pictures


def test_what_is_written_later_is_not_shared(desk: Client, paper: SmallPaper) -> None:
    article = a_draft(paper)
    path = shared(desk, article)
    desk.post(f"/pages/{article.pk}/edit/", form(article, title="What only we know"))
    assert "What only we know" not in words(Client().post(path))


def test_only_a_digest_of_the_link_is_stored(desk: Client, paper: SmallPaper) -> None:
    token = shared(desk, a_draft(paper)).split("/")[2]
    assert len(token) >= 43
    kept = repr(SharedDraft.objects.values().get()) + repr(list(PageLogEntry.objects.values_list("data", flat=True)))
    assert token not in kept
    assert "Counsel" not in repr(list(PageLogEntry.objects.values_list("data", "label")))


@pytest.mark.parametrize("end", ["it expires", "it is revoked", "the draft is gone", "it was never one"])
def test_a_link_opens_nothing_once(end: str, desk: Client, paper: SmallPaper, monkeypatch: pytest.MonkeyPatch) -> None:
    article = a_draft(paper)
    path = shared(desk, article)
    row = SharedDraft.objects.get()
    if end == "it expires":
        now = timezone.now() + timedelta(days=3, minutes=1)
        monkeypatch.setattr(clock.SystemClock, "now", lambda self: now)
    elif end == "it is revoked":
        answer = desk.post(f"/shares/{row.pk}/revoke/", follow=True)
        assert "The link is revoked." in words(answer)
    elif end == "the draft is gone":
        SharedDraft.objects.update(revision=None)
    else:
        path = "/shared/" + "x" * 43 + "/"
    for answer in (Client().get(path), Client().post(path)):
        assert answer.status_code == 404
        assert "This link does not work any more." in words(answer)
        assert "eleventh" not in words(answer)


def test_before_an_embargos_hour_it_opens_nothing(desk: Client, paper: SmallPaper) -> None:
    until = timezone.now() + timedelta(hours=1)
    article = a_draft(paper, embargoed_until=until)
    page = desk.get(f"/articles/{article.pk}/share/")
    assert "opens nothing before that hour" in words(page)
    path = shared(desk, article)
    for answer in (Client().get(path), Client().post(path)):
        assert answer.status_code == 403
        assert f"There is nothing to read here before {said(until)}." in words(answer)
        assert "eleventh" not in words(answer)
    assert SharedDraft.objects.get().opened == 0


def test_an_embargo_that_is_set_afterwards_holds_links_that_are_out(desk: Client, paper: SmallPaper) -> None:
    article = a_draft(paper)
    path = shared(desk, article)
    article.embargoed_until = timezone.now() + timedelta(hours=1)
    article.save_revision()
    assert Client().post(path).status_code == 403


def test_of_readings_only_a_rough_number_and_a_day_are_shown(desk: Client, paper: SmallPaper) -> None:
    path = shared(desk, a_draft(paper))
    Client().get(path)
    assert "not opened yet" in words(desk.get("/shares/"))
    Client().post(path)
    assert "opened once" in words(desk.get("/shares/"))
    for _n in range(2):
        Client().post(path)
    assert "opened up to 5 times" in words(desk.get("/shares/"))
    actions = list(PageLogEntry.objects.filter(action__startswith="stet.share").values_list("action", flat=True))
    assert sorted(actions) == ["stet.share", "stet.share.opened"], "The first time alone is told."


def test_no_log_holds_the_token_whatever_goes_wrong(
    desk: Client, paper: SmallPaper, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level(logging.INFO)  # a newsroom's own logs hold less
    path = shared(desk, a_draft(paper))
    monkeypatch.setattr(outside_room, "TEXT", "stet.press.sharing.nothing_like_it")
    assert Client().post(path).status_code == 503
    assert "A shared draft could not be shown" in caplog.text
    SharedDraft.objects.update(expires=timezone.now())
    assert Client().post(path).status_code == 404
    assert path.split("/")[2] not in caplog.text


def test_who_may_not_publish_the_story_neither_shares_nor_sees_nor_revokes(desk: Client, paper: SmallPaper) -> None:
    article = a_draft(paper)
    shared(desk, article)
    row = SharedDraft.objects.get()
    reporter = a_colleague("reporter", "add", "change", page=paper.fronts["en"])
    other = a_colleague("other", "publish", page=paper.sections["en"][1])
    for client in (reporter, other):
        assert client.get(f"/articles/{article.pk}/share/").status_code == 302
        assert client.post(f"/shares/{row.pk}/revoke/").status_code == 302
    assert "Counsel K." not in words(other.get("/shares/"))
    assert SharedDraft.objects.get().revoked is None
    own = a_colleague("own", "publish", page=paper.sections["en"][0])
    assert "Counsel K." in words(own.get("/shares/"))


def test_the_list_asks_as_often_whatever_its_size(
    desk: Client, paper: SmallPaper, django_assert_max_num_queries: Any
) -> None:
    article, user = a_draft(paper), get_user_model().objects.get(username="admin")
    for size in (2, 30):
        while SharedDraft.objects.count() < size:
            links.share(article, recipient="K.", days=3, user=user, now=timezone.now())
        with django_assert_max_num_queries(30):
            desk.get("/shares/")


def test_links_that_ended_long_ago_are_forgotten(desk: Client, paper: SmallPaper) -> None:
    shared(desk, a_draft(paper))
    scheduler.forget_shares()
    assert SharedDraft.objects.count() == 1
    SharedDraft.objects.update(expires=timezone.now() - timedelta(days=91))
    scheduler.forget_shares()
    assert not SharedDraft.objects.exists()


OUTSIDE = {
    "a shared draft": ("drafts.example.org", "/shared/token/", True),
    "the sign-in page": ("drafts.example.org", "/login/", False),
    "what only begins like it": ("drafts.example.org", "/sharedx", False),
    "the desk under its own name": ("127.0.0.1:8001", "/login/", True),
}


@pytest.mark.parametrize("case", OUTSIDE)
def test_under_the_name_that_outsiders_know_the_desk_answers_for_drafts_alone(
    case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    host, path, is_let = OUTSIDE[case]
    desk = SimpleNamespace(shared_url="https://drafts.example.org")
    newsroom = SimpleNamespace(settings=SimpleNamespace(desk=desk), desk_url="http://127.0.0.1:8001")
    monkeypatch.setattr(middleware, "settings", SimpleNamespace(STET=newsroom))
    request = HttpRequest()
    monkeypatch.setattr(request, "get_host", lambda: host)
    request.path = path
    answer = middleware.only_shared_drafts(lambda _request: HttpResponse("let in"))(request)
    assert (answer.status_code, answer.content == b"let in") == ((200, True) if is_let else (404, False))


# --- Marks ---


def test_a_copied_paragraph_says_whose_copy_it_is(desk: Client, paper: SmallPaper) -> None:
    article = a_draft(paper)
    first, second = shared(desk, article, recipient="Counsel K."), shared(desk, article, recipient="Expert M.")
    for path, name, others in ((first, "Counsel K.", "Expert M."), (second, "Expert M.", "Counsel K.")):
        page = Client().post(path).content.decode()
        paragraphs = re.findall(r"<p>(The ministry.*?)</p>", page)
        told = words(desk.post("/shares/trace/", {"text": "Look at this:\n" + "\n".join(paragraphs[2:6])}))
        assert name in told
        assert others not in told


def test_without_marks_nobody_is_named(desk: Client, paper: SmallPaper) -> None:
    path = shared(desk, a_draft(paper))
    plain = " ".join(words(Client().post(path)).split())
    assert "There are no marks in this text" in words(desk.post("/shares/trace/", {"text": plain}))
    assert "There are no marks in this text" in words(desk.post("/shares/trace/", {"text": "Two words"}))
    foreign = marks.marked(PARAGRAPH * 12, 0b10110011100011110000111110000010)
    assert "of no link that is still listed" in words(desk.post("/shares/trace/", {"text": foreign}))


def test_marks_leave_tags_and_other_spaces_alone() -> None:
    html = '<p class="a b c d e f">One\u202ftwo <a href="/x y/">three  four</a>\tfive</p>'
    made = marks.marked(html, 2**32 - 1)
    assert made.replace("\u00a0", " ") == html
    assert re.findall("<[^>]*>", made) == re.findall("<[^>]*>", html)
