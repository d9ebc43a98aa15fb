"""Killing a story: withdrawn at once, with a reason, before everything else; and who carried it is said."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client, TestCase
from django.utils import timezone
from wagtail.models import PageLogEntry

from stet.letters.models import LetterPage
from stet.mirrors.asking import Wish, asked
from stet.mirrors.register import Mirror, Register, write_register
from stet.newsroom.killing import killing
from stet.newsroom.models import ArticlePage, Bundle, FrontPlacement, ReadMorePick, SharedDraft, Withdrawal
from stet.press import printing
from stet.project import scheduler
from tests.letters.builders import a_letter, a_list, story
from tests.newsroom.test_desk import form
from tests.newsroom.test_sharing import a_colleague, shared, words
from tests.press.builders import House, SmallPaper, a_photo, an_article

REASON = "It named the wrong man."


@pytest.fixture
def house(tmp_path: Path) -> House:
    """A press in a folder of its own."""
    return House(tmp_path / "house")


@pytest.fixture
def article(paper: SmallPaper) -> ArticlePage:
    """A live story."""
    made = an_article(paper.sections["en"][0], "wrong-man", title="The wrong man")
    made.save_revision().publish()
    return ArticlePage.objects.get(pk=made.pk)


def kill(desk: Client, article: ArticlePage, **fields: str) -> Any:
    return desk.post(f"/articles/{article.pk}/kill/", {f"reason_{article.pk}": REASON, **fields}, follow=True)


def carried(paper: SmallPaper, article: ArticlePage) -> dict[str, LetterPage]:
    """The story on the front, beside another one, and in three letters."""
    FrontPlacement.objects.create(page=paper.fronts["en"], article=article, sort_order=0)
    other = an_article(paper.sections["en"][0], "other", title="Another story")
    ReadMorePick.objects.create(page=other, article=article, sort_order=0)
    week, today = a_list(paper, "The Week"), timezone.localdate()
    made = {
        "Sent last week": {"due_date": today - timedelta(days=7)},
        "Goes next week": {"due_date": today + timedelta(days=7)},
        "Still written": {"due_date": today + timedelta(days=14), "live": False},
    }
    letters = {name: a_letter(week, name, body=[story(article)], **fields) for name, fields in made.items()}
    gathered = a_letter(week, "Gathered since", due_date=today + timedelta(days=21), live=False)
    gathered.body = a_letter(week, "for its blocks", due_date=today + timedelta(days=28), body=[story(article)]).body
    gathered.save_revision()  # The desk gathers into a draft, and the row stays as it was.
    LetterPage.objects.get(title="for its blocks").delete()
    return {**letters, "Gathered since": gathered}


def test_the_page_says_who_carries_it_and_the_next_one_what_is_left_to_do(
    desk: Client, paper: SmallPaper, article: ArticlePage
) -> None:
    carried(paper, article)
    shown = words(desk.get(f"/articles/{article.pk}/kill/"))
    for one in (
        "Front: Paper en",
        "Read more, by hand: Another story",
        "Letter: Sent last week",
        "Letter: Goes next week",
    ):
        assert one in shown, one
    after = words(kill(desk, article))
    assert REASON in after
    beyond, _, others = after.partition("Carried it")
    assert "Sent last week · sent on" in beyond.partition("Went out with it")[2]
    assert "Goes next week · goes out on" in others
    assert "Still written · a draft" in others
    assert "Gathered since · a draft" in others
    entry = PageLogEntry.objects.get(page=article.pk, action="stet.kill")
    assert entry.data["reason"] == REASON
    assert len(entry.data["carriers"]) == 6
    assert entry.user.get_username() == "admin"


def test_nothing_is_killed_without_a_reason(desk: Client, article: ArticlePage) -> None:
    desk.post(f"/articles/{article.pk}/kill/", {f"reason_{article.pk}": "  "})
    assert ArticlePage.objects.get(pk=article.pk).live
    assert not Withdrawal.objects.exists()


def test_the_notice_is_printed_in_the_first_edition_alone_and_everything_follows(
    desk: Client, paper: SmallPaper, article: ArticlePage, house: House
) -> None:
    letters = carried(paper, article)
    house.print(anew=True)
    path = article.printed_path() or ""
    assert "The wrong man" in house.page("/")
    kill(desk, article)
    memory = house.memory()
    press = house.place.press(memory)
    with house.place.edition:
        first = press.follow(house.now)
        assert first.left, "What shows the story elsewhere waits for the next edition."
        assert "This article was withdrawn" in house.page(path)
        assert REASON in house.page(path)
        assert "The wrong man" in house.page("/")
        assert not house.has(f"{path}article.json")
        while press.follow(house.now).left:
            pass
    memory.close()
    assert "The wrong man" not in house.page("/")
    assert "wrong man" not in house.page(letters["Sent last week"].printed_path()).replace(REASON, "")
    assert house.check().ok
    assert house.verify() == []


def test_a_kill_goes_before_a_queue_of_everything(
    desk: Client, paper: SmallPaper, article: ArticlePage, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(printing, "SOON_UP_TO", 3)
    house.print(anew=True)
    front = paper.fronts["en"]
    front.title = "Another name of the paper"
    front.save()
    kill(desk, article)
    memory = house.memory()
    press = house.place.press(memory)
    with house.place.edition:
        assert press.follow(house.now).written == 1, "The notice, and nothing of the new name."
    memory.close()
    assert REASON in house.page(article.printed_path() or "")
    house.print()
    assert house.check().ok


def test_mirrors_are_asked_to_carry_at_once(
    desk: Client, article: ArticlePage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = [
        Mirror(name=name, target=target, public=f"https://{name}.example.org", added=timezone.now())
        for name, target in (("north", "folder:/srv/north"), ("onion-1", ""))
    ]
    write_register(tmp_path, Register(mirrors=tuple(known)))
    monkeypatch.setattr(killing, "newsroom_folder", lambda: tmp_path)
    with TestCase.captureOnCommitCallbacks(execute=True):
        answer = kill(desk, article)
    assert asked(tmp_path, "north") == {Wish.CARRY}
    assert "1 mirror was told" in words(answer)


def test_a_broken_register_of_mirrors_stops_no_kill(
    desk: Client, article: ArticlePage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mirrors.json").write_text("{damaged")
    monkeypatch.setattr(killing, "newsroom_folder", lambda: tmp_path)
    with TestCase.captureOnCommitCallbacks(execute=True):
        kill(desk, article)
    assert not ArticlePage.objects.get(pk=article.pk).live


def test_translations_go_with_it_where_their_reason_is_written(
    desk: Client, paper: SmallPaper, article: ArticlePage
) -> None:
    russian = an_article(
        paper.sections["ru"][0], "ne-tot", title="Не тот человек", translation_key=article.translation_key
    )
    assert "Не тот человек" in words(desk.get(f"/articles/{article.pk}/kill/"))
    after = words(kill(desk, article))
    assert "Translations that still stand" in after
    assert "Не тот человек" in after.partition("Translations that still stand")[2]
    article.refresh_from_db()
    article.save_revision().publish()
    kill(desk, article, **{f"reason_{russian.pk}": "Назван не тот."})
    assert not ArticlePage.objects.filter(live=True).exists()
    assert set(Withdrawal.objects.values_list("reason", flat=True)) == {REASON, "Назван не тот."}


@pytest.mark.usefixtures("keys")
def test_links_that_it_was_shared_by_end(desk: Client, article: ArticlePage) -> None:
    path = shared(desk, article)
    kill(desk, article)
    assert SharedDraft.objects.get().revoked is not None
    assert Client().post(path).status_code == 404


def test_published_again_it_stands_with_a_note_that_says_so(desk: Client, article: ArticlePage, house: House) -> None:
    kill(desk, article)
    house.print()
    desk.post(f"/pages/{article.pk}/edit/", {**form(article, title="The right man"), "action-publish": "1"})
    house.print()
    page = house.page(article.printed_path() or "")
    assert "The right man" in page
    assert "Update, <time" in page
    assert "This story was withdrawn on" in page
    assert REASON in page
    assert not Withdrawal.objects.exists()
    assert PageLogEntry.objects.filter(page=article.pk, action="stet.return").count() == 1
    assert house.check().ok
    again = ArticlePage.objects.get(pk=article.pk)
    again.save_revision().publish()
    assert again.updates.count() == 1, "It is said once."


def test_the_notice_stays_while_a_photo_holds_the_story_back(
    desk: Client, paper: SmallPaper, article: ArticlePage
) -> None:
    photo = a_photo()
    photo.usable_until = timezone.localdate() - timedelta(days=1)
    photo.save()
    kill(desk, article)
    again = {**form(article, lead_photo=str(photo.pk)), "action-publish": "1"}
    answer = desk.post(f"/pages/{article.pk}/edit/", again)
    assert any("may be used until" in str(told) for told in get_messages(answer.wsgi_request))
    assert not ArticlePage.objects.get(pk=article.pk).live
    assert Withdrawal.objects.get().reason == REASON


def test_who_may_not_publish_the_story_kills_nothing(paper: SmallPaper, article: ArticlePage) -> None:
    reporter = a_colleague("reporter", "add", "change", page=paper.fronts["en"])
    other = a_colleague("other", "publish", page=paper.sections["en"][1])
    for client in (reporter, other):
        assert client.get(f"/articles/{article.pk}/kill/").status_code == 302
        kill(client, article)
        assert client.get(f"/articles/{article.pk}/killed/").status_code == 302
    assert ArticlePage.objects.get(pk=article.pk).live


def test_neither_a_colleagues_lock_nor_a_scheduled_draft_keeps_it_up(desk: Client, article: ArticlePage) -> None:
    article.go_live_at = timezone.now() + timedelta(hours=1)
    article.save_revision().publish()
    locked = ArticlePage.objects.get(pk=article.pk)
    locked.locked = True
    locked.save()
    assert locked.live
    assert locked.approved_schedule
    kill(desk, article)
    killed = ArticlePage.objects.get(pk=article.pk)
    assert not killed.live
    assert not killed.approved_schedule, "It would come back by itself."


def test_no_bundle_brings_it_back_by_itself(desk: Client, article: ArticlePage) -> None:
    article.title = "The wrong man, again"
    bundle = Bundle.objects.create(name="Later", goes_live=timezone.now() + timedelta(hours=1))
    bundle.members.create(page=article, revision=article.save_revision())
    kill(desk, article)
    Bundle.objects.filter(goes_live__isnull=False).update(goes_live=timezone.now() - timedelta(hours=1))
    scheduler.publish_bundles()
    assert not ArticlePage.objects.get(pk=article.pk).live
    assert "This story was killed." in words(desk.get(f"/bundles/{bundle.pk}/"))


def test_what_is_not_published_cannot_be_killed(desk: Client, paper: SmallPaper) -> None:
    draft = an_article(paper.sections["en"][0], "draft", published=None)
    assert "so there is nothing to kill" in words(kill(desk, draft))


# --- Update notes and corrections ---


def test_a_correction_and_an_update_note_are_printed_where_they_belong(
    desk: Client, article: ArticlePage, house: House
) -> None:
    article.corrections.create(date=timezone.localdate(), text="<p>It was Tuesday, not Monday.</p>")
    article.updates.create(date=timezone.localdate(), text="<p>The court has answered.</p>")
    article.save()
    house.print()
    path = article.printed_path() or ""
    page = house.page(path)
    for one in (
        "Correction, <time",
        "It was Tuesday",
        "Update, <time",
        "The court has answered.",
        '"CorrectionComment"',
    ):
        assert one in page, one
    assert "It was Tuesday" in house.page("/corrections/")
    assert "It was Tuesday" in house.page("/corrections/atom.xml")
    assert "court has answered" not in house.page("/corrections/")
    assert '"updates":[{"date":' in house.page(f"{path}article.json")
    assert house.check().ok
