"""An editor at work on lists and letters, by the desk's own forms."""

import html
import re
import smtplib
from datetime import UTC, date, datetime, time, timedelta
from email import message_from_bytes
from email.policy import SMTP
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core import mail
from django.core.management import call_command
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation
from wagtail.models import GroupPagePermission, Locale, Page, Task, Workflow, WorkflowPage, WorkflowTask
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from stet.kit import clock
from stet.letters import proofs
from stet.letters.models import LetterPage, ListPage
from stet.letters.rows import given_subject
from stet.newsroom.models import ArticlePage
from stet.project.settings import Desk, Settings
from tests.letters.builders import FRIDAY, a_letter, a_list, block, story
from tests.letters.simulated_press import UNSET
from tests.mailroom.builders import a_sink
from tests.press.appeal_builders import an_appeal
from tests.press.builders import SmallPaper, a_photo, an_article

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _now(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is a Wednesday."""
    monkeypatch.setattr(clock.SystemClock, "now", lambda self: NOW)


def form(**fields: Any) -> dict[str, Any]:
    """What the desk's form for a letter sends."""
    values = {
        "title": "A flood in Lomenna", "slug": "2026-11-27", "preheader": "And what came after.",
        "due_date": "2026-11-27", "due_time": "", "is_local": "on", "is_sent": "on",
        "intro": rich_text("<p>Good morning.</p>"), "body": streamfield([]), "sign_off": rich_text(""),
        "search_description": "", "go_live_at": "", "expire_at": "",
        "comments": inline_formset([]), **fields,
    }  # fmt: skip
    return nested_form_data(values)


def story_form(article: ArticlePage, **fields: Any) -> tuple[str, dict[str, Any]]:
    """A picked story, as the form sends it."""
    return "story", {
        "article": str(article.pk),
        "headline": "",
        "teaser": "",
        "photo": "",
        "with_photo": "on",
        **fields,
    }


def read(answer: Any) -> str:
    """An answer's words, without markup."""
    assert answer.status_code == 200, answer.status_code
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]*>", " ", answer.content.decode())))


def edit(letter: LetterPage) -> str:
    return f"/pages/{letter.pk}/edit/"


def latest(letter: LetterPage) -> LetterPage:
    page: LetterPage = LetterPage.objects.get(pk=letter.pk).get_latest_revision_as_object()
    return page


def carried(letter: LetterPage) -> list[int]:
    return [block.value["article"].pk for block in latest(letter).body if block.block_type == "story"]


# --- The page of lists ---


def test_letters_stand_in_the_menu(desk: Client, paper: SmallPaper) -> None:
    assert "/letters/" in desk.get("/").content.decode()


def test_where_there_is_no_list_the_desk_says_what_a_list_is_and_offers_to_make_one(
    desk: Client, paper: SmallPaper
) -> None:
    page = desk.get("/letters/")
    assert "There is no list yet" in read(page)
    assert f"/pages/add/letters/listpage/{paper.fronts['en'].pk}/" in page.content.decode()


def test_a_list_is_shown_with_its_next_and_its_last_letter(desk: Client, week: ListPage) -> None:
    a_letter(week, "An older flood", due_date=date(2026, 11, 13))
    a_letter(week, "Last week", due_date=date(2026, 11, 20))
    a_letter(week, "This week", live=False)
    shown = read(desk.get("/letters/"))
    assert "The Week" in shown
    assert "Every week, Friday at 08:00 (UTC)" in shown
    assert "Next letter This week Draft Nov. 27, 2026 · 08:00" in shown
    assert "Last letter Last week Nov. 20, 2026 · 08:00" in shown
    assert "An older flood" not in shown


def test_a_list_without_letters_says_so(desk: Client, week: ListPage) -> None:
    shown = read(desk.get("/letters/"))
    assert "Next letter None was begun. Last letter None was sent." in shown


def test_a_list_that_is_a_draft_says_what_comes_first(desk: Client, paper: SmallPaper) -> None:
    a_list(paper, "Coming", live=False)
    shown = desk.get("/letters/").content.decode()
    assert "Publish this list first; then letters can be written." in shown
    assert "Write a letter" not in shown


STATES: dict[str, tuple[dict[str, Any], str]] = {
    "a draft": ({"live": False}, "Draft"),
    "a draft whose hour has passed": ({"live": False, "due_date": date(2026, 11, 20)}, "Draft, its hour has passed"),
    "a letter that waits": ({}, "Printed, waits for its hour"),
    "a letter that is only printed": ({"is_sent": False}, "Printed, and only that"),
}


@pytest.mark.parametrize("case", STATES)
def test_the_next_letter_says_how_it_stands(desk: Client, week: ListPage, case: str) -> None:
    fields, expected = STATES[case]
    a_letter(week, "This one", **fields)
    assert f"This one {expected} " in read(desk.get("/letters/"))


def test_what_a_draft_says_counts_and_not_what_was_published(desk: Client, week: ListPage) -> None:
    letter = a_letter(week, "Old subject", live=False)
    letter.title, letter.due_date = "New subject", date(2026, 12, 4)
    letter.save_revision()
    assert "New subject Draft Dec. 4, 2026" in read(desk.get("/letters/"))


def test_the_page_of_lists_asks_the_database_as_often_for_fifty_letters_as_for_one(
    desk: Client, week: ListPage, django_assert_num_queries: Any
) -> None:
    from django.db import connection

    a_letter(week, "First", live=False).save_revision()
    desk.get("/letters/")
    with CaptureQueriesContext(connection) as once:
        desk.get("/letters/")
    for number in range(12):
        a_letter(week, f"Letter {number}", live=bool(number % 2)).save_revision()
    with django_assert_num_queries(len(once)):
        desk.get("/letters/")


# --- Making a list ---


def list_form(**fields: Any) -> dict[str, Any]:
    values = {
        "title": "The Week", "slug": "the-week", "promise": "News, every Friday.", "about": rich_text(""),
        "cadence": "weekly", "weekday": "4", "hour": "08:00", "time_zone": "", "from_name": "", "has_photos": "on",
        "is_open": "on", "search_description": "", "go_live_at": "", "expire_at": "", "comments": inline_formset([]),
        **fields,
    }  # fmt: skip
    return nested_form_data(values)


def test_an_editor_makes_a_list(desk: Client, paper: SmallPaper) -> None:
    page = f"/pages/add/letters/listpage/{paper.fronts['en'].pk}/"
    assert desk.get(page).status_code == 200
    desk.post(page, {**list_form(), "action-publish": "1"})
    made = ListPage.objects.get()
    assert (made.key, made.live, made.weekday, made.is_open) == ("en.the-week", True, 4, True)


BAD_LISTS = {
    "a time zone that does not exist": ({"time_zone": "Mars/Olympus"}, "There is no such time zone."),
    "a day that is none": ({"weekday": "7"}, "Select a valid choice."),
    "an hour that is none": ({"hour": "25:00"}, "Enter a valid time."),
    "an address of the paper's own": ({"slug": "answer"}, "This address is used by the paper itself."),
    "a name with a control character": ({"title": "The\x07Week"}, "There is a character here"),
    "a sender with a control character": ({"from_name": "The\x1bShore"}, "There is a character here"),
}


@pytest.mark.parametrize("case", BAD_LISTS)
def test_a_list_is_refused_for(desk: Client, paper: SmallPaper, case: str) -> None:
    fields, sentence = BAD_LISTS[case]
    page = f"/pages/add/letters/listpage/{paper.fronts['en'].pk}/"
    assert sentence in read(desk.post(page, {**list_form(**fields), "action-publish": "1"}))
    assert not ListPage.objects.exists()


# --- Writing a letter ---


def test_an_editor_writes_checks_and_publishes_a_letter(desk: Client, paper: SmallPaper, week: ListPage) -> None:
    flood = an_article(paper.sections["en"][0], "flood", published=NOW - timedelta(hours=3))
    answer = desk.post(f"/letters/lists/{week.pk}/write/", follow=True)
    letter = LetterPage.objects.get()
    assert answer.redirect_chain == [(edit(letter), 302)]
    assert "1 story was gathered below." in read(answer)
    assert (letter.due_date, letter.slug, letter.live) == (FRIDAY, "2026-11-27", False)
    assert carried(letter) == [flood.pk]
    filled = form(body=streamfield([story_form(flood)]))
    preview = f"/pages/{letter.pk}/edit/preview/"
    assert desk.post(preview, filled).json()["is_valid"]
    modes = {mode: desk.get(f"{preview}?mode={mode}") for mode in ("", "mail", "mail-dark", "text")}
    assert modes[""].content == b"web: A flood in Lomenna"
    assert modes["mail-dark"].content == b"mail-dark: A flood in Lomenna"
    assert modes["text"]["content-type"] == "text/plain; charset=utf-8"
    desk.post(edit(letter), {**filled, "action-publish": "1"})
    letter.refresh_from_db()
    assert (letter.live, letter.title) == (True, "A flood in Lomenna")


def test_a_second_letter_is_begun_for_the_week_after(desk: Client, week: ListPage) -> None:
    for _ in range(2):
        desk.post(f"/letters/lists/{week.pk}/write/")
    days = LetterPage.objects.order_by("due_date").values_list("due_date", "slug")
    assert list(days) == [(FRIDAY, "2026-11-27"), (date(2026, 12, 4), "2026-12-04")]


def test_the_form_of_a_new_letter_has_its_day(desk: Client, week: ListPage) -> None:
    page = desk.get(f"/pages/add/letters/letterpage/{week.pk}/").content.decode()
    assert 'value="2026-11-27"' in page
    assert 'name="gather"' in page


def test_a_new_letter_is_gathered_into_from_its_form(desk: Client, paper: SmallPaper, week: ListPage) -> None:
    flood = an_article(paper.sections["en"][0], "flood", published=NOW - timedelta(hours=3))
    answer = desk.post(f"/pages/add/letters/letterpage/{week.pk}/", {**form(), "gather": "1"}, follow=True)
    letter = LetterPage.objects.get()
    assert "1 story was gathered below." in read(answer)
    assert (letter.title, carried(letter)) == ("A flood in Lomenna", [flood.pk])


def test_the_form_names_the_clock_of_the_list(desk: Client, paper: SmallPaper) -> None:
    page = a_list(paper, "Daily", time_zone="Asia/Tehran", hour=time(20, 30))
    sentence = "by the clock of the list: Asia/Tehran, where it was Nov. 25, 2026, 15:30 as this was opened."
    for path in (f"/pages/add/letters/letterpage/{page.pk}/", edit(a_letter(page, live=False))):
        shown = read(desk.get(path))
        assert sentence in shown
        assert "The list's own time if empty: 20:30." in shown


def test_an_hour_that_has_passed_says_whose_hour_it_was(desk: Client, paper: SmallPaper) -> None:
    page = a_list(paper, "Daily", time_zone="Asia/Tehran")
    letter = a_letter(page, live=False)
    answer = desk.post(edit(letter), {**form(due_date="2026-11-25", due_time="15:00"), "action-publish": "1"})
    sentence = "has passed: Nov. 25, 2026, 15:00 in Asia/Tehran, where it is Nov. 25, 2026, 15:30 now."
    assert sentence in read(answer)


# --- Its address and its first subject ---


def begun(desk: Client, week: ListPage) -> LetterPage:
    desk.post(f"/letters/lists/{week.pk}/write/")
    return LetterPage.objects.latest("pk")


def test_address_and_first_subject_follow_the_day(desk: Client, week: ListPage) -> None:
    letter = begun(desk, week)
    assert (letter.title, letter.slug) == ("The Week, Nov. 27, 2026", "2026-11-27")
    desk.post(edit(letter), form(title=letter.title, slug=letter.slug, due_date="2026-12-03"))
    assert (latest(letter).title, latest(letter).slug) == ("The Week, Dec. 3, 2026", "2026-12-03")
    a_letter(week, slug="2026-12-10")
    desk.post(edit(letter), form(slug="2026-12-03", due_date="2026-12-10"))
    assert (latest(letter).title, latest(letter).slug) == ("A flood in Lomenna", "2026-12-10-2")
    desk.post(edit(letter), {**form(slug="2026-12-10-2", due_date="2026-12-04"), "action-publish": "1"})
    letter.refresh_from_db()
    assert (letter.live, letter.printed_path()) == (True, "/letters/the-week/2026-12-04/")


def test_a_persian_letter_has_its_day_in_persian(desk: Client, paper: SmallPaper) -> None:
    assert begun(desk, a_list(paper, "هفته", language="ru", slug="hafteh")).title == "هفته, 27 ноября 2026 г."
    Locale.objects.filter(language_code="ru").update(language_code="fa")
    with translation.override("fa"):
        page = ListPage.objects.get(slug="hafteh")
    assert given_subject(page, FRIDAY) == "هفته، ۲۷ نوامبر ۲۰۲۶"


def test_a_form_that_stays_open_is_told_of_the_new_address(desk: Client, week: ListPage) -> None:
    """The desk saves what is written every other moment, and sends the form anew."""
    letter = begun(desk, week)
    filled = form(title=letter.title, slug=letter.slug, due_date="2026-12-03")
    answer = desk.post(edit(letter), filled, headers={"accept": "application/json"})
    updates = {"slug": "2026-12-03", "title": "The Week, Dec. 3, 2026"}
    assert answer.json()["field_updates"].items() >= updates.items()


KEPT: dict[str, tuple[str, bool]] = {
    "an address that an editor wrote": ("the-flood", False),
    "an address of another day that an editor wrote": ("2026-11-20", False),
    "the address of a letter that was published": ("2026-11-27", True),
}


@pytest.mark.parametrize("case", KEPT)
def test_a_later_day_leaves_as_it_is(desk: Client, week: ListPage, case: str) -> None:
    slug, is_published = KEPT[case]
    letter = begun(desk, week)
    desk.post(edit(letter), {**form(slug=slug), **({"action-publish": "1"} if is_published else {})})
    desk.post(edit(letter), form(slug=slug, due_date="2026-12-03"))
    assert (latest(letter).slug, latest(letter).due_date) == (slug, date(2026, 12, 3))


def test_the_form_of_a_new_letter_has_its_address(desk: Client, week: ListPage) -> None:
    page = f"/pages/add/letters/letterpage/{week.pk}/"
    assert 'name="slug" value="2026-11-27"' in desk.get(page).content.decode()
    desk.post(page, form(due_date="2026-12-03"))
    assert LetterPage.objects.get().slug == "2026-12-03"


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "1899-11-27"])
def test_a_day_that_nobody_means_is_refused(desk: Client, week: ListPage, day: str) -> None:
    letter = a_letter(week, live=False)
    assert "This is no day on which a letter can be sent." in read(desk.post(edit(letter), form(due_date=day)))
    assert desk.get(edit(letter)).status_code == 200


def test_a_draft_without_a_day_is_not_saved_and_says_why(desk: Client, week: ListPage) -> None:
    letter = a_letter(week, live=False)
    assert "This field is required." in read(desk.post(edit(letter), form(due_date="")))


def test_who_may_not_write_under_a_list_may_not_begin_a_letter(week: ListPage, db: None) -> None:
    client = a_colleague("reader")
    assert client.post(f"/letters/lists/{week.pk}/write/").status_code in (302, 403)
    assert not LetterPage.objects.exists()


def a_colleague(name: str, *permissions: str, page: Page | None = None) -> Client:
    """Somebody who may open the desk, and may do this below a page."""
    from django.contrib.auth.models import Permission

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


def test_a_colleague_without_rights_sees_no_letters(week: ListPage) -> None:
    letter = a_letter(week)
    client = a_colleague("reader")
    assert '"/letters/"' not in client.get("/").content.decode()
    assert "Write a letter" not in client.get("/letters/").content.decode()
    assert f"/pages/{week.pk}/" not in client.get("/letters/").content.decode()
    for page in ("check", "test"):
        assert client.get(f"/letters/{letter.pk}/{page}/").status_code in (302, 403)


def test_a_colleague_who_may_add_letters_sees_the_list(week: ListPage) -> None:
    client = a_colleague("writer", "add", page=week)
    assert "Write a letter" in read(client.get("/letters/"))
    client.post(f"/letters/lists/{week.pk}/write/")
    assert LetterPage.objects.get().owner.username == "writer"


# --- Gathering ---


def test_gathering_keeps_what_was_typed_and_adds_below(desk: Client, paper: SmallPaper, week: ListPage) -> None:
    mine = an_article(paper.sections["en"][0], "mine", published=NOW - timedelta(days=60))
    fresh = an_article(paper.sections["en"][0], "fresh", published=NOW - timedelta(hours=3))
    letter = a_letter(week, live=False)
    filled = form(title="Typed just now", body=streamfield([story_form(mine, headline="Mine"), ("divider", "Below")]))
    answer = desk.post(edit(letter), {**filled, "gather": "1"}, follow=True)
    assert "1 story was gathered below." in read(answer)
    assert "What stood in the letter stands there as before." in read(answer)
    assert latest(letter).title == "Typed just now"
    assert [block.block_type for block in latest(letter).body] == ["story", "divider", "story"]
    assert latest(letter).body[0].value["headline"] == "Mine"
    assert carried(letter) == [mine.pk, fresh.pk]


def test_gathering_twice_adds_nothing(desk: Client, paper: SmallPaper, week: ListPage) -> None:
    fresh = an_article(paper.sections["en"][0], "fresh", published=NOW - timedelta(hours=3))
    letter = a_letter(week, live=False)
    answer = desk.post(edit(letter), {**form(body=streamfield([story_form(fresh)])), "gather": "1"}, follow=True)
    assert "Nothing was added: no further story was published since the last letter." in read(answer)
    assert carried(letter) == [fresh.pk]


def test_gathering_takes_picks_first_and_only_of_the_lists_language(
    desk: Client, paper: SmallPaper, week: ListPage
) -> None:
    newer = an_article(paper.sections["en"][0], "newer", published=NOW - timedelta(hours=1))
    pick = an_article(paper.sections["en"][1], "pick", published=NOW - timedelta(days=2), is_pick=True)
    an_article(paper.sections["ru"][0], "russkaya", published=NOW - timedelta(hours=1))
    an_article(paper.sections["en"][0], "draft", published=None)
    an_article(paper.sections["en"][0], "old", published=NOW - timedelta(days=8))
    desk.post(f"/letters/lists/{week.pk}/write/")
    assert carried(LetterPage.objects.get()) == [pick.pk, newer.pk]


def test_gathering_begins_where_the_last_letter_was_settled(desk: Client, paper: SmallPaper, week: ListPage) -> None:
    """A letter written on Thursday evening for Friday: what was published in between is in the next one."""
    thursday = datetime(2026, 11, 19, 18, tzinfo=UTC)
    before = an_article(paper.sections["en"][0], "before", published=thursday - timedelta(hours=1))
    after = an_article(paper.sections["en"][0], "after", published=thursday + timedelta(hours=1))
    a_letter(week, "Last week", due_date=date(2026, 11, 20), first_published_at=thursday)
    desk.post(f"/letters/lists/{week.pk}/write/")
    letter = LetterPage.objects.get(due_date=FRIDAY)
    assert carried(letter) == [after.pk]
    assert before.pk not in carried(letter)


def test_gathering_takes_nothing_that_another_draft_of_the_list_carries(
    desk: Client, paper: SmallPaper, week: ListPage
) -> None:
    taken = an_article(paper.sections["en"][0], "taken", published=NOW - timedelta(hours=1))
    other = a_letter(week, "Other", live=False, due_date=date(2026, 12, 4))
    other.body = [story(taken)]
    other.save_revision()
    desk.post(f"/letters/lists/{week.pk}/write/")
    assert carried(LetterPage.objects.get(due_date=FRIDAY)) == []


def test_gathering_says_what_it_has_no_room_for(desk: Client, paper: SmallPaper, week: ListPage) -> None:
    for number in range(12):
        an_article(paper.sections["en"][0], f"story-{number}", published=NOW - timedelta(hours=number + 1))
    answer = desk.post(f"/letters/lists/{week.pk}/write/", follow=True)
    assert "10 stories were gathered below." in read(answer)
    assert "2 more were published; add them by hand if you want them." in read(answer)


def test_a_letter_that_somebody_locked_is_not_gathered_into(desk: Client, paper: SmallPaper, week: ListPage) -> None:
    an_article(paper.sections["en"][0], "fresh", published=NOW - timedelta(hours=3))
    letter = a_letter(week, live=False)
    colleague = get_user_model().objects.create_superuser(username="colleague", password="a long password")
    LetterPage.objects.filter(pk=letter.pk).update(locked=True, locked_by=colleague, locked_at=NOW)
    desk.post(edit(letter), {**form(), "gather": "1"})
    assert not letter.revisions.exists()


def test_two_editors_lose_nothing_when_both_gather(desk: Client, paper: SmallPaper, week: ListPage) -> None:
    an_article(paper.sections["en"][0], "fresh", published=NOW - timedelta(hours=3))
    letter = a_letter(week, live=False)
    other = Client()
    other.force_login(get_user_model().objects.create_superuser(username="other", password="a long password"))
    desk.post(edit(letter), {**form(title="Mine"), "gather": "1"})
    other.post(edit(letter), {**form(title="Theirs"), "gather": "1"})
    titles = [revision.as_object().title for revision in letter.revisions.order_by("pk")]
    assert titles == ["Mine", "Mine", "Theirs", "Theirs"]
    assert len(carried(letter)) == 1


# --- The order of stories ---


def test_stories_stand_in_the_order_in_which_the_form_sends_them(
    desk: Client, paper: SmallPaper, week: ListPage
) -> None:
    first, second = (an_article(paper.sections["en"][0], name) for name in ("first", "second"))
    letter = a_letter(week, live=False)
    filled = form(body=streamfield([story_form(first), story_form(second)]))
    filled |= {"body-0-order": "1", "body-1-order": "0"}
    desk.post(edit(letter), filled)
    assert carried(letter) == [second.pk, first.pk]


# --- Preflight ---


def test_the_form_names_what_is_to_be_mended_and_leads_there(desk: Client, paper: SmallPaper, week: ListPage) -> None:
    gone = an_article(paper.sections["en"][0], "gone", published=None)
    letter = a_letter(week, live=False, body=[story(gone)], preheader="")
    page = desk.get(edit(letter))
    assert "To mend: The story “Gone” is not published. Go there" in read(page)
    number = letter.body.get_prep_value()[0]["id"]
    assert f'href="#block-{number}-section"' in page.content.decode()
    assert 'href="#id_preheader"' in page.content.decode()


def test_a_letter_that_is_right_says_so(desk: Client, week: ListPage) -> None:
    letter = a_letter(week, live=False, intro="<p>Good morning.</p>")
    assert "Nothing to mend was found" in read(desk.get(edit(letter)))
    assert "Nothing to mend was found. The mail has 1 KB" in read(desk.get(f"/letters/{letter.pk}/check/"))


@pytest.mark.parametrize("button", ["action-publish", "action-submit"])
def test_a_letter_with_something_broken_is_not_published(
    desk: Client, paper: SmallPaper, week: ListPage, button: str
) -> None:
    gone = an_article(paper.sections["en"][0], "gone", published=None)
    letter = a_letter(week, live=False)
    answer = desk.post(edit(letter), {**form(body=streamfield([story_form(gone)])), button: "1"})
    assert "The story “Gone” is not published." in read(answer)
    letter.refresh_from_db()
    assert (letter.live, letter.current_workflow_state) == (False, None)


HOURS: dict[str, tuple[dict[str, Any], str]] = {
    "by each reader's clock": (
        {},
        "Sent on Nov. 27, 2026 at 08:00 by each reader's own clock; by that of the list, UTC,",
    ),
    "at once": (
        {"is_local": False},
        "Sent on Nov. 27, 2026 at 08:00 by the clock of the list, UTC, to everybody at once.",
    ),
    "never": ({"is_sent": False}, "It is only printed, and no mail goes out."),
}


@pytest.mark.parametrize("case", HOURS)
def test_the_check_says_by_whose_clock_a_letter_is_sent(desk: Client, week: ListPage, case: str) -> None:
    fields, sentence = HOURS[case]
    assert sentence in read(desk.get(f"/letters/{a_letter(week, live=False, **fields).pk}/check/"))


def test_the_same_letter_is_saved_as_a_draft(desk: Client, paper: SmallPaper, week: ListPage) -> None:
    gone = an_article(paper.sections["en"][0], "gone", published=None)
    letter = a_letter(week, live=False)
    assert desk.post(edit(letter), form(body=streamfield([story_form(gone)]))).status_code == 302
    assert carried(letter) == [gone.pk]


def test_a_warning_keeps_nothing_back(desk: Client, week: ListPage) -> None:
    letter = a_letter(week, live=False)
    desk.post(edit(letter), {**form(preheader="", title="x" * 79), "action-publish": "1"})
    assert LetterPage.objects.get(pk=letter.pk).live


def test_a_letter_is_not_published_straight_from_its_first_form_with_something_broken(
    desk: Client, week: ListPage
) -> None:
    page = f"/pages/add/letters/letterpage/{week.pk}/"
    answer = desk.post(page, {**form(intro=rich_text("<p>It rose TKTK metres.</p>")), "action-publish": "1"})
    assert "Something was left to be filled in: “ It rose TKTK metres.”" in read(answer).replace("“It", "“ It")
    assert not LetterPage.objects.exists()


def test_a_letter_that_the_press_can_not_set_is_not_published(desk: Client, week: ListPage) -> None:
    letter = a_letter(week, live=False)
    answer = desk.post(edit(letter), {**form(title=UNSET), "action-publish": "1"})
    assert "This letter can't be set as a mail: A photo is damaged." in read(answer)


def test_a_mend_of_a_letter_that_went_out_is_published(desk: Client, paper: SmallPaper, week: ListPage) -> None:
    gone = an_article(paper.sections["en"][0], "gone", published=None)
    letter = a_letter(week, due_date=date(2026, 11, 20), body=[story(gone)])
    filled = form(title="Mended", due_date="2026-11-20", body=streamfield([story_form(gone)]))
    desk.post(edit(letter), {**filled, "action-publish": "1"})
    assert LetterPage.objects.get(pk=letter.pk).title == "Mended"


LINKS: dict[str, tuple[str, str | None]] = {
    "a draft": ('<a linktype="page" id="{draft}">here</a>', "leads to a page that is not published"),
    "a page that was deleted": ('<a linktype="page" id="999999">here</a>', "leads to a page that is not published"),
    "a page": ('<a linktype="page" id="{live}">here</a>', None),
    "another site": ('<a href="https://example.org/">here</a>', None),
    "a telephone": ('<a href="tel:+37120000000">here</a>', None),
    "somebody's mailbox": ('<a href="mailto:a@example.org">here</a>', None),
    "an address that is none": (
        '<a href="https://exa mple">here</a>',
        "has an address that no mail program can follow",
    ),
    "a script": ('<a href="javascript:alert(1)">here</a>', "has an address that no mail program can follow"),
    "a number that is none": ('<a linktype="page" id="x">here</a>', "leads to a page that is not published"),
}


@pytest.mark.parametrize("case", LINKS)
def test_a_link_of_a_letter_that_leads_to(desk: Client, paper: SmallPaper, week: ListPage, case: str) -> None:
    source, expected = LINKS[case]
    live = an_article(paper.sections["en"][0], "flood")
    draft = an_article(paper.sections["en"][0], "draft", published=None)
    letter = a_letter(week, live=False, intro=f"<p>{source.format(live=live.pk, draft=draft.pk)}</p>")
    shown = read(desk.get(f"/letters/{letter.pk}/check/"))
    assert (f"The link “here” {expected}" in shown) if expected else "Nothing to mend was found." in shown


def test_an_address_of_the_paper_is_looked_for_in_its_edition(
    desk: Client, week: ListPage, settings: Any, tmp_path: Any
) -> None:
    site = tmp_path / "site"
    (site / "support").mkdir(parents=True)
    (site / "support" / "index.html").touch()
    (site / "index.html").touch()
    settings.STET = SimpleNamespace(site=site, settings=Settings())
    appeal = {"text": "<p>Help.</p>", "link_label": "Give", "link_url": "/support/"}
    for url in ("/support/", "/support", "/support/?from=letter#how", "http://127.0.0.1:8000/support/"):
        letter = a_letter(week, live=False, slug=str(hash(url)), body=[block("appeal", {**appeal, "link_url": url})])
        assert "leads to an address" not in read(desk.get(f"/letters/{letter.pk}/check/")), url
    for url in ("/suport/", "http://127.0.0.1:8000/suport/?a=b", "/../../etc/passwd", "/support/%00/", "/" + "x" * 400):
        letter = a_letter(week, live=False, slug=str(hash(url)), body=[block("appeal", {**appeal, "link_url": url})])
        shown = read(desk.get(f"/letters/{letter.pk}/check/"))
        assert "leads to an address of this paper where nothing stands" in shown, url


def test_a_letter_asks_by_one_of_the_papers_appeals(desk: Client, paper: SmallPaper, week: ListPage) -> None:
    appeal = an_appeal(paper, "spring", words=("Keep us going TKTK", "Another"))
    letter = a_letter(week, live=False)
    picked = {"appeal": str(appeal.pk), "text": rich_text(""), "link_label": "", "link_url": ""}
    answer = desk.post(edit(letter), form(body=streamfield([("appeal", picked)])))
    assert answer.status_code == 302, read(answer)

    stored = LetterPage.objects.get(pk=letter.pk).get_latest_revision_as_object().body.get_prep_value()[0]["value"]
    assert stored["appeal"] == appeal.pk
    shown = read(desk.get(f"/letters/{letter.pk}/check/"))
    assert "Something was left to be filled in: “Keep us going TKTK”" in shown, "Its words are the letter's."


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, "Choose an appeal, or say what you ask for."),
        ({"text": "<p>Help</p>", "link_label": "Give"}, "Say where the button leads."),
        ({"appeal": True, "link_url": "/about/"}, "The button of a chosen appeal leads to the support page."),
    ],
)
def test_an_appeal_in_a_letter_says_something_and_leads_somewhere(
    desk: Client, paper: SmallPaper, week: ListPage, fields: dict[str, Any], expected: str
) -> None:
    chosen = str(an_appeal(paper, "spring").pk) if fields.get("appeal") else ""
    values = {"text": "", "link_label": "", "link_url": "", **fields, "appeal": chosen}
    body = streamfield([("appeal", {**values, "text": rich_text(values["text"])})])
    answer = desk.post(edit(a_letter(week, live=False)), form(body=body))
    assert expected in html.unescape(answer.content.decode())


def test_preflight_knows_what_became_of_a_chosen_appeal(desk: Client, paper: SmallPaper, week: ListPage) -> None:
    found = {}
    changed = {
        "well": {}, "over": {"last_day": date(2026, 11, 26)}, "draft": {"live": False}, "russian": {"language": "ru"},
    }  # fmt: skip
    for name, fields in changed.items():
        appeal = an_appeal(paper, name, **fields)
        letter = a_letter(week, live=False, slug=name, body=[block("appeal", {"appeal": appeal.pk, "text": ""})])
        found[name] = read(desk.get(f"/letters/{letter.pk}/check/"))
    assert "Nothing to mend was found." in found["well"]
    assert "The appeal “Over” is over before the letter is sent" in found["over"]
    assert "The appeal “Draft” is not published" in found["draft"]
    assert "The appeal “Russian” is in another language than the letter." in found["russian"]

    appeal.delete()
    assert "The chosen appeal was deleted." in read(desk.get(f"/letters/{letter.pk}/check/"))


def test_a_photo_without_words_is_named_and_leads_to_the_photo(desk: Client, paper: SmallPaper, week: ListPage) -> None:
    photo = a_photo()
    type(photo).objects.filter(pk=photo.pk).update(description="")
    article = an_article(paper.sections["en"][0], "flood", lead_photo=photo, lead_alt="A field")
    letter = a_letter(week, live=False, body=[story(article)])
    assert "has no alternative text" not in read(desk.get(f"/letters/{letter.pk}/check/"))
    ArticlePage.objects.filter(pk=article.pk).update(lead_alt="")
    page = desk.get(f"/letters/{letter.pk}/check/")
    assert "The photo of “Flood” has no alternative text" in read(page)
    assert f'href="/images/{photo.pk}/"' in page.content.decode()
    ListPage.objects.update(has_photos=False)
    assert "has no alternative text" not in read(desk.get(f"/letters/{letter.pk}/check/"))


def test_a_story_that_waits_to_be_published_is_told_from_one_that_does_not(
    desk: Client, paper: SmallPaper, week: ListPage
) -> None:
    article = an_article(paper.sections["en"][0], "flood", published=None)
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    article.go_live_at = tomorrow
    article.save_revision().publish()
    letter = a_letter(week, live=False, due_date=tomorrow.date() + timedelta(days=2), body=[story(article)])
    assert "is published shortly before the letter is sent" in read(desk.get(f"/letters/{letter.pk}/check/"))


def test_a_letter_of_a_list_that_is_a_draft_leads_to_the_list(desk: Client, paper: SmallPaper) -> None:
    page = a_list(paper, "Coming", live=False)
    letter = a_letter(page, live=False)
    answer = desk.post(edit(letter), {**form(), "action-publish": "1"})
    assert "The list of this letter is not published. Publish it first." in read(answer)
    assert f'href="/pages/{page.pk}/edit/"' in desk.get(f"/letters/{letter.pk}/check/").content.decode()


def test_a_letter_close_to_another_is_told_of(desk: Client, week: ListPage) -> None:
    a_letter(week, "The other one")
    letter = a_letter(week, live=False, slug="second", intro="<p>Hello.</p>")
    assert "“The other one” of the same list is sent within an hour" in read(desk.get(f"/letters/{letter.pk}/check/"))


# --- Wagtail's own ---


def test_a_letter_is_scheduled_and_printed_when_its_hour_comes(
    desk: Client, week: ListPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    letter = a_letter(week, live=False)
    later = datetime.now(UTC) + timedelta(days=3)
    filled = form(due_date=f"{later + timedelta(days=2):%Y-%m-%d}", go_live_at=f"{later:%Y-%m-%d %H:%M}")
    desk.post(edit(letter), {**filled, "action-publish": "1"})
    letter = LetterPage.objects.get(pk=letter.pk)
    assert not letter.live
    assert "Scheduled to be printed" in read(desk.get("/letters/"))
    monkeypatch.setattr(timezone, "now", lambda: later + timedelta(minutes=1))
    call_command("publish_scheduled_pages")
    assert LetterPage.objects.get(pk=letter.pk).live


def test_versions_of_a_letter_are_compared_and_brought_back(desk: Client, paper: SmallPaper, week: ListPage) -> None:
    first, second = (an_article(paper.sections["en"][0], name) for name in ("first", "second"))
    letter = a_letter(week, live=False)
    for title, article in (("First", first), ("Second", second)):
        desk.post(edit(letter), form(title=title, body=streamfield([story_form(article)])))
    older, newer = letter.revisions.order_by("pk")
    compared = read(desk.get(f"/pages/{letter.pk}/revisions/compare/{older.pk}...{newer.pk}/"))
    assert "First" in compared
    assert "Second" in compared
    assert desk.get(f"/pages/{letter.pk}/revisions/{older.pk}/revert/").status_code == 200


def test_an_introduction_without_words_is_nothing(desk: Client, week: ListPage) -> None:
    letter = a_letter(week, live=False, intro='<p data-block-key="a"></p>')
    assert "There is nothing in this letter yet." in read(desk.get(f"/letters/{letter.pk}/check/"))


def test_a_letter_goes_through_a_workflow_with_a_comment(desk: Client, week: ListPage) -> None:
    workflow = Workflow.objects.create(name="Two pairs of eyes")
    from wagtail.models import GroupApprovalTask

    task: Task = GroupApprovalTask.objects.create(name="Second pair")
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    WorkflowPage.objects.create(workflow=workflow, page=week)
    letter = a_letter(week, live=False)
    desk.post(edit(letter), {**form(), "action-submit": "1"})
    letter = LetterPage.objects.get(pk=letter.pk)
    assert letter.current_workflow_state is not None
    approve = {"action-workflow-action": "1", "workflow-action-name": "approve", "workflow-action-extra-data": "{}"}
    broken = form(intro=rich_text("<p>TKTK</p>"))
    assert "Something was left" in read(desk.post(edit(letter), {**broken, **approve}))
    desk.post(edit(letter), {**form(), **approve})
    assert LetterPage.objects.get(pk=letter.pk).live


# --- A test to oneself ---


def test_a_test_is_sent_as_the_press_set_it(desk: Client, week: ListPage) -> None:
    letter = a_letter(week, live=False, intro="<p>Good morning.</p>")
    page = f"/letters/{letter.pk}/test/"
    assert "neither stored nor written into any log" in read(desk.get(page))
    answer = desk.post(page, {"address": "lida@example.com"}, follow=True)
    assert "The test is on its way to the address you gave." in read(answer)
    assert "lida@" not in read(answer)
    (sent,) = mail.outbox
    message = sent.message()
    assert (message["To"], message["Subject"]) == ("lida@example.com", "A flood")
    assert message["From"] == "Paper en <webmaster@localhost>"
    assert message["Date"]
    assert message["Message-ID"].endswith("@localhost>")
    assert message.get_body(("html",)).get_content().startswith("<html>")
    assert sent.recipients() == ["lida@example.com"]


BAD_ADDRESSES = {
    "nothing": ("", "This field is required."),
    "a word": ("lida", "This is no e-mail address."),
    "two addresses": ("a@example.com, b@example.com", "This is no e-mail address."),
    "a header": ("a@example.com\nBcc: b@example.com", "This is no e-mail address."),
    "a name and an address": ("Lida <a@example.com>", "This is no e-mail address."),
    "NUL": ("a\x00@example.com", "Null characters are not allowed."),
    "a megabyte": ("a" * 1_000_000 + "@example.com", "Ensure this value has at most 254 characters"),
}


@pytest.mark.parametrize("case", BAD_ADDRESSES)
def test_no_test_is_sent_to(desk: Client, week: ListPage, case: str) -> None:
    address, sentence = BAD_ADDRESSES[case]
    letter = a_letter(week, live=False)
    assert sentence in read(desk.post(f"/letters/{letter.pk}/test/", {"address": address}))
    assert mail.outbox == []


FAILURES: dict[str, tuple[Exception, str]] = {
    "nobody answers": (ConnectionRefusedError("lida@example.com"), "The mail server did not take the test."),
    "the address is refused": (
        smtplib.SMTPRecipientsRefused({"lida@example.com": (550, b"no")}),
        "The mail server refused this address or the paper's own.",
    ),
    "the desk may not sign in": (
        smtplib.SMTPAuthenticationError(535, b"lida@example.com"),
        "The mail server did not let the desk sign in.",
    ),
    "the server speaks nonsense": (
        smtplib.SMTPServerDisconnected("lida@example.com"),
        "The mail server did not take the test.",
    ),
}


@pytest.mark.parametrize("case", FAILURES)
def test_a_test_that_fails_says_so_without_the_address(
    desk: Client, week: ListPage, monkeypatch: pytest.MonkeyPatch, caplog: Any, case: str
) -> None:
    error, sentence = FAILURES[case]

    def fail(*_arguments: Any) -> None:
        raise error

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", fail)
    letter = a_letter(week, live=False)
    shown = read(desk.post(f"/letters/{letter.pk}/test/", {"address": "lida@example.com"}))
    assert sentence in shown
    assert "lida@example.com" not in caplog.text


def test_a_test_without_a_mail_server_says_where_to_set_one(desk: Client, week: ListPage, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    letter = a_letter(week, live=False)
    shown = read(desk.post(f"/letters/{letter.pk}/test/", {"address": "lida@example.com"}))
    assert "The desk knows no mail server." in shown


def test_a_test_goes_to_the_mail_server_that_letters_are_handed_to(
    desk: Client, week: ListPage, settings: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "smtp-password").write_text("a secret\n")
    mailroom = SimpleNamespace(
        smtp_host="mail.example.org", smtp_port=465, smtp_security="tls", smtp_user="paper", sender="a@example.org"
    )
    settings.STET = SimpleNamespace(settings=SimpleNamespace(mailroom=mailroom, desk=Desk()), keys=tmp_path)
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    used = []

    def send(connection: Any, messages: Any) -> int:
        used.append((connection.host, connection.port, connection.password, connection.use_ssl, connection.use_tls))
        assert messages[0].message()["From"] == "هفته <a@example.org>"
        return 1

    monkeypatch.setattr("django.core.mail.backends.smtp.EmailBackend.send_messages", send)
    ListPage.objects.filter(pk=week.pk).update(from_name="هفته")
    letter = a_letter(week, live=False)
    assert desk.post(f"/letters/{letter.pk}/test/", {"address": "lida@example.com"}).status_code == 302
    assert used == [("mail.example.org", 465, "a secret", True, False)]


def test_a_test_arrives_at_a_mail_server_whole_and_without_the_machines_name(
    desk: Client, week: ListPage, settings: Any, tmp_path: Any
) -> None:
    with a_sink() as sink:
        mailroom = SimpleNamespace(
            smtp_host="127.0.0.1", smtp_port=sink.port, smtp_security="none", smtp_user="", sender="a@example.org"
        )
        settings.STET = SimpleNamespace(settings=SimpleNamespace(mailroom=mailroom, desk=Desk()), keys=tmp_path)
        settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
        letter = a_letter(week, "Наводнение", live=False, preheader="سیل", intro="<p>Доброе утро.</p>")
        assert desk.post(f"/letters/{letter.pk}/test/", {"address": "lida@example.com"}).status_code == 302
        (received,), (session,) = sink.received, sink.sessions
    assert (received.envelope_from, received.envelope_to) == ("a@example.org", ("lida@example.com",))
    assert any(b"example.org" in line for line in session.commands if line.lower().startswith(b"ehlo"))
    message = message_from_bytes(received.message, policy=SMTP)
    assert message["Subject"] == "Наводнение"
    assert "Доброе утро." in message.get_body(("html",)).get_content()
    assert "سیل" in message.get_body(("plain",)).get_content()
    assert received.message.isascii()
    assert max(len(line) for line in received.lines) <= 998


def test_a_letter_that_can_not_be_set_is_not_sent_as_a_test(desk: Client, week: ListPage) -> None:
    letter = a_letter(week, UNSET, live=False)
    assert "A photo is damaged." in read(desk.post(f"/letters/{letter.pk}/test/", {"address": "lida@example.com"}))


def test_ten_tests_an_hour_are_sent_and_no_more(desk: Client, week: ListPage, monkeypatch: pytest.MonkeyPatch) -> None:
    letter = a_letter(week, live=False)
    page, filled = f"/letters/{letter.pk}/test/", {"address": "lida@example.com"}
    for _ in range(proofs.MOST_AN_HOUR):
        assert desk.post(page, filled).status_code == 302
    assert "You sent 10 tests within an hour." in read(desk.post(page, filled))
    monkeypatch.setattr(clock.SystemClock, "now", lambda self: NOW + timedelta(hours=1))
    assert desk.post(page, filled).status_code == 302
    assert len(mail.outbox) == 11


# --- What no form of the desk sends ---

HOSTILE = {
    "a script": "<script>alert(1)</script><p onclick=alert(1)>Hello</p>",
    "control characters": "".join(map(chr, range(1, 32))) + "\x7f\x85\u2028\u202e\ufeff",
    "NUL": "a\x00b",
    "300,000 characters": "x" * 300_000,
    "null": "null",
    "a list of lists": "[" * 20_000 + "]" * 20_000,
    "a number below zero": "-1",
    "more than any database counts to": "9" * 20,
    "the year 99999": "99999-12-31",
    "the year 1": "0001-01-01",
    "the year 9999": "9999-12-31",
}


@pytest.mark.parametrize("what", HOSTILE)
def test_no_field_of_a_letter_is_failed_on(desk: Client, paper: SmallPaper, week: ListPage, what: str) -> None:
    desk.raise_request_exception = False
    article = an_article(paper.sections["en"][0], "flood")
    letter = a_letter(week, live=False)
    appeal = {"text": rich_text("<p>Help</p>"), "link_label": "Give", "link_url": "/support/"}
    body = [story_form(article), ("divider", "More"), ("text", rich_text("<p>Hello</p>")), ("appeal", appeal)]
    filled = form(body=streamfield(body))
    turn = list(HOSTILE).index(what) % 3
    for number, field in enumerate(list(filled)[turn::3]):  # Each field has its turn with every third value.
        button = ("gather", "action-publish")[number % 2]
        answer = desk.post(edit(letter), {**filled, field: HOSTILE[what], button: "1"})
        assert answer.status_code != 500, (field, what)
        assert desk.get(f"/letters/{letter.pk}/check/").status_code == 200, (field, what)
    assert desk.get("/letters/").status_code == 200
    assert desk.get(edit(letter)).status_code == 200


def test_a_form_of_ten_megabytes_is_refused_in_words(desk: Client, week: ListPage) -> None:
    letter = a_letter(week, live=False)
    answer = desk.post(edit(letter), form(title="x" * 10_500_000))
    assert answer.status_code == 400
    assert "This form is too large" in answer.content.decode()


def test_what_an_editor_typed_is_shown_as_words_and_never_as_markup(desk: Client, week: ListPage) -> None:
    evil = "<script>alert('flood')</script>"
    letter = a_letter(week, evil, slug="x", live=False, intro="<p>Hello.</p>")
    a_letter(week, evil + "2", slug="y", live=False, intro="<p>TKTK <b>x</b></p>")
    for page in ("/letters/", f"/letters/{letter.pk}/check/", f"/letters/{letter.pk}/test/", edit(letter)):
        assert "<script>alert(" not in desk.get(page).content.decode(), page


@pytest.mark.parametrize("page", ["letters/9/check/", "letters/9/test/", "letters/99999999999999999999/check/"])
def test_a_letter_that_is_not_there_is_not_found(desk: Client, week: ListPage, page: str) -> None:
    assert desk.get(f"/{page}").status_code == 404


def test_a_letter_is_not_begun_by_a_link(desk: Client, week: ListPage) -> None:
    assert desk.get(f"/letters/lists/{week.pk}/write/").status_code == 405
