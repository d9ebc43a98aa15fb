"""Bundles: several drafts go live at one instant, in one transaction and one edition, or none of them does."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.utils import timezone
from wagtail.models import ModelLogEntry, Page

from stet.newsroom.bundles import publishing
from stet.newsroom.embargo.rules import said
from stet.newsroom.models import ArticlePage, Bundle, FrontPlacement, OutboxEntry
from stet.project import scheduler
from tests.letters.builders import a_letter, a_list, story
from tests.newsroom.test_embargo import as_typed
from tests.newsroom.test_sharing import a_colleague, words
from tests.press.builders import House, SmallPaper, a_photo, an_article

HOUR = timedelta(hours=1)
pytestmark = pytest.mark.usefixtures("keys")


@pytest.fixture
def house(tmp_path: Path) -> House:
    """A press in a folder of its own."""
    return House(tmp_path / "house")


def drafts(paper: SmallPaper) -> dict[str, Any]:
    """A story in two languages, a front that leads with it, and a letter that tells of it; none of it is live."""
    english = an_article(paper.sections["en"][0], "ledger", published=None, title="The ledger")
    russian = an_article(
        paper.sections["ru"][0], "kniga", published=None, title="Книга счетов", translation_key=english.translation_key
    )
    front = paper.fronts["en"]
    front.tagline = "All about the ledger"
    front.placements.add(FrontPlacement(article=english))
    letter = a_letter(
        a_list(paper, "The Week"), "The ledger, whole", live=False, body=[story(english)],
        due_date=timezone.localdate() + timedelta(days=3),
    )  # fmt: skip
    made = {"english": english, "russian": russian, "front": front, "letter": letter}
    for page in made.values():
        page.save_revision()
    return made


def a_bundle(desk: Client, pages: Any, name: str = "The ledger") -> Bundle:
    desk.post("/bundles/", {"name": name})
    bundle = Bundle.objects.get(name=name)
    for page in pages:
        desk.post(f"/bundles/{bundle.pk}/add/", {"page": page.pk})
    return bundle


def is_live(page: Any) -> bool:
    return Page.objects.get(pk=page.pk).live


def test_everything_appears_in_one_edition(desk: Client, paper: SmallPaper, house: House) -> None:
    for number in range(3):
        an_article(paper.sections["en"][0], f"before-{number}")
    made = drafts(paper)
    house.print(anew=True)
    bundle = a_bundle(desk, made.values())
    assert "The ledger" not in house.page("/")
    before = house.place.edition.pointer()
    answer = desk.post(f"/bundles/{bundle.pk}/go/", follow=True)
    assert "4 pages went live, all at once." in words(answer)
    memory = house.memory()
    press = house.place.press(memory)
    with house.place.edition:
        outcome = press.follow(house.now)
        assert before is not None
        assert outcome.pointer is not None
        assert outcome.pointer.seq == before.seq + 1
        front = house.page("/")
        assert "All about the ledger" in front
        assert "The ledger" in front
        assert "Книга счетов" in house.page("/ru/")
        assert "The ledger" in house.page(made["letter"].printed_path())
        for page in ("english", "russian"):
            assert house.has(ArticlePage.objects.get(pk=made[page].pk).printed_path() or "")
        left = {name for priority in range(3) for name in memory.next_jobs(priority)}
        assert all(name.startswith(("search:", "segments:")) for name in left), "A search may follow; nothing else."
        while press.follow(house.now).left:
            pass
    memory.close()
    assert house.check().ok
    assert house.verify() == []


def test_one_key_in_the_outbox_says_that_it_belongs_together(desk: Client, paper: SmallPaper) -> None:
    bundle = a_bundle(desk, drafts(paper).values())
    OutboxEntry.objects.all().delete()
    desk.post(f"/bundles/{bundle.pk}/look/")
    assert not OutboxEntry.objects.exists(), "Looking it over changes nothing."
    desk.post(f"/bundles/{bundle.pk}/go/")
    assert OutboxEntry.objects.filter(key=f"together:{bundle.pk}").count() == 1


def test_if_one_is_held_back_none_goes_and_everything_that_is_wrong_is_said(
    desk: Client, paper: SmallPaper, house: House
) -> None:
    made, until = drafts(paper), timezone.now() + HOUR
    house.print(anew=True)
    made["russian"].embargoed_until = until
    made["russian"].save_revision()
    made["letter"].intro = "<p>It rose TKTK metres.</p>"
    made["letter"].save_revision()
    silent = an_article(paper.sections["en"][1], "silent", published=None)
    silent.lead_photo = a_photo(credit="Someone")
    silent.lead_photo.description = ""
    silent.lead_photo.save()
    silent.save_revision(clean=False)
    bundle = a_bundle(desk, [*made.values(), silent])
    for button in ("look", "go"):
        shown = words(desk.post(f"/bundles/{bundle.pk}/{button}/"))
        assert "Nothing of this bundle went live" in shown
        assert f"It is embargoed until {said(until)}." in shown
        assert "Something was left to be filled in" in shown
        assert "This photo has no alternative text." in shown
    assert not any(is_live(page) for name, page in made.items() if name != "front")
    assert house.print().written == 0
    assert Bundle.objects.get().went_live is None


def test_it_goes_live_by_itself_at_its_hour(desk: Client, paper: SmallPaper, monkeypatch: pytest.MonkeyPatch) -> None:
    made, hour = drafts(paper), (timezone.now() + HOUR).replace(second=0, microsecond=0)
    made["english"].embargoed_until = hour
    made["english"].save_revision()
    bundle = a_bundle(desk, made.values())
    early = desk.post(f"/bundles/{bundle.pk}/approve/", {"hour": as_typed(hour - HOUR / 2)})
    assert f"It is embargoed until {said(hour)}." in words(early)
    late = desk.post(f"/bundles/{bundle.pk}/approve/", {"hour": as_typed(hour - 3 * HOUR)})
    assert "This hour has passed." in words(late)
    answer = desk.post(f"/bundles/{bundle.pk}/approve/", {"hour": as_typed(hour)}, follow=True)
    assert f"goes live {said(hour)}" in words(answer)
    scheduler.publish_bundles()
    assert not is_live(made["english"])
    monkeypatch.setattr(timezone, "now", lambda: hour + HOUR / 60)
    monkeypatch.setattr("stet.kit.clock.SystemClock.now", lambda self: hour + HOUR / 60)
    scheduler.publish_bundles()
    assert all(is_live(page) for page in made.values())
    assert "live since" in words(desk.get(f"/bundles/{bundle.pk}/"))
    actions = list(ModelLogEntry.objects.for_instance(bundle).order_by("timestamp").values_list("action", flat=True))
    assert actions == ["stet.bundle.approve", "stet.bundle.live"]


def test_no_bundle_is_approved_for_an_hour_beyond_a_photos_last_day(desk: Client, paper: SmallPaper) -> None:
    photo = a_photo()
    photo.usable_until = timezone.localdate() + timedelta(days=1)
    photo.save()
    story = an_article(paper.sections["en"][0], "ledger", published=None, lead_photo=photo)
    story.save_revision()
    bundle = a_bundle(desk, [story])
    late = timezone.now() + timedelta(days=3)
    answer = desk.post(f"/bundles/{bundle.pk}/approve/", {"hour": as_typed(late)})
    assert "may be used until" in words(answer)
    assert Bundle.objects.get().goes_live is None


def test_what_is_held_back_at_its_hour_waits_for_a_person_and_says_why(desk: Client, paper: SmallPaper) -> None:
    made = drafts(paper)
    bundle = a_bundle(desk, made.values())
    desk.post(f"/bundles/{bundle.pk}/approve/", {"hour": as_typed(timezone.now() + HOUR)})
    made["russian"].latest_revision.delete()
    Bundle.objects.update(goes_live=timezone.now() - HOUR)
    scheduler.publish_bundles()
    assert not is_live(made["english"])
    shown = words(desk.get(f"/bundles/{bundle.pk}/"))
    assert "held back" in shown
    assert "Its draft is gone. Take the newest one." in shown
    assert "held back" in words(desk.get("/bundles/"))
    (member,) = bundle.members.filter(page=made["russian"].pk)
    ArticlePage.objects.get(pk=made["russian"].pk).save_revision()
    desk.post(f"/bundles/{bundle.pk}/{member.pk}/renew/")
    desk.post(f"/bundles/{bundle.pk}/go/")
    assert all(is_live(page) for page in made.values())


def test_a_later_draft_waits_until_somebody_takes_it(desk: Client, paper: SmallPaper) -> None:
    english = drafts(paper)["english"]
    bundle = a_bundle(desk, [english])
    english.title = "Another headline"
    english.save_revision()
    shown = words(desk.get(f"/bundles/{bundle.pk}/"))
    assert "A later draft was saved" in shown
    assert "Another headline" not in shown
    desk.post(f"/bundles/{bundle.pk}/{bundle.members.get().pk}/renew/")
    assert "Another headline" in words(desk.get(f"/bundles/{bundle.pk}/"))
    desk.post(f"/bundles/{bundle.pk}/go/")
    assert ArticlePage.objects.get(pk=english.pk).title == "Another headline"


def test_an_hour_of_a_drafts_own_is_refused(desk: Client, paper: SmallPaper) -> None:
    english = drafts(paper)["english"]
    english.go_live_at = timezone.now() + HOUR
    english.save_revision()
    bundle = a_bundle(desk, [english])
    assert "It has an hour of its own" in words(desk.post(f"/bundles/{bundle.pk}/go/"))


def test_an_approval_is_taken_back_and_nothing_of_it_can_be_changed_before(desk: Client, paper: SmallPaper) -> None:
    made = drafts(paper)
    bundle = a_bundle(desk, [made["english"]])
    desk.post(f"/bundles/{bundle.pk}/approve/", {"hour": as_typed(timezone.now() + HOUR)})
    desk.post(f"/bundles/{bundle.pk}/add/", {"page": made["russian"].pk})
    desk.post(f"/bundles/{bundle.pk}/forget/")
    assert bundle.members.count() == 1
    desk.post(f"/bundles/{bundle.pk}/take-back/")
    assert not Bundle.objects.filter(goes_live__isnull=False).exists()
    desk.post(f"/bundles/{bundle.pk}/{bundle.members.get().pk}/drop/")
    assert bundle.members.count() == 0
    assert "There is nothing in this bundle yet." in words(desk.post(f"/bundles/{bundle.pk}/go/"))
    desk.post(f"/bundles/{bundle.pk}/forget/")
    assert not Bundle.objects.exists()
    assert ArticlePage.objects.filter(pk=made["english"].pk).exists()


def test_it_goes_live_once(desk: Client, paper: SmallPaper) -> None:
    bundle = a_bundle(desk, [drafts(paper)["english"]])
    desk.post(f"/bundles/{bundle.pk}/go/")
    assert "This bundle went live already." in words(desk.post(f"/bundles/{bundle.pk}/go/"))


def test_who_may_not_publish_all_of_it_neither_sees_nor_changes_it(desk: Client, paper: SmallPaper) -> None:
    made = drafts(paper)
    bundle = a_bundle(desk, [made["english"], made["russian"]])
    reporter = a_colleague("reporter", "add", "change", page=paper.fronts["en"])
    english = a_colleague("english", "publish", page=paper.fronts["en"])
    for client in (reporter, english):
        for path in ("", "go/", "look/", "forget/", "approve/", "take-back/"):
            answer = client.post(f"/bundles/{bundle.pk}/{path}") if path else client.get(f"/bundles/{bundle.pk}/")
            assert answer.status_code == 302, path
    assert reporter.get("/bundles/").status_code == 302
    assert f"/bundles/{bundle.pk}/" not in english.get("/bundles/").content.decode()
    own = a_bundle(english, [made["english"], made["russian"]], name="Own")
    assert list(own.members.values_list("page", flat=True)) == [made["english"].pk]
    assert not is_live(made["english"])


def test_whoever_approved_it_must_be_somebody_who_still_may(desk: Client, paper: SmallPaper) -> None:
    bundle = a_bundle(desk, [drafts(paper)["english"]])
    desk.post(f"/bundles/{bundle.pk}/approve/", {"hour": as_typed(timezone.now() + HOUR)})
    Bundle.objects.update(goes_live=timezone.now() - HOUR)
    get_user_model().objects.filter(username="admin").update(is_superuser=False)
    assert publishing.publish_due() == 0
    assert "You may not publish this page." in str(Bundle.objects.get().problems)


def test_the_lists_ask_as_often_whatever_their_size(
    desk: Client, paper: SmallPaper, django_assert_max_num_queries: Any
) -> None:
    for size in (2, 20):
        for number in range(size):
            Bundle.objects.create(name=f"{size}-{number}")
        with django_assert_max_num_queries(30):
            desk.get("/bundles/")
    bundle = Bundle.objects.create(name="Large")
    for size in (2, 20):
        for number in range(size):
            article = an_article(paper.sections["en"][0], f"part-{size}-{number}", published=None)
            bundle.members.create(page=article, revision=article.save_revision())
        with django_assert_max_num_queries(30):
            desk.get(f"/bundles/{bundle.pk}/")
