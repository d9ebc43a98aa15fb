"""Lists and letters as rows: what they are called, where they stand, what a copy keeps and what it does not."""

from datetime import date, datetime, time
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from wagtail.models import Page

from stet.letters.addresses import is_mailable_url
from stet.letters.models import LetterPage, ListPage
from stet.newsroom.models import OutboxEntry
from tests.letters.builders import FRIDAY, a_letter, a_list, story
from tests.press.builders import SmallPaper, an_article

# --- A list's key ---


def test_a_list_gets_its_key_when_it_is_made(week: ListPage) -> None:
    assert ListPage.objects.get(pk=week.pk).key == "en.the-week"


def test_a_key_stays_when_the_address_changes(week: ListPage) -> None:
    week.slug = "weekly"
    week.save_revision().publish()
    assert ListPage.objects.get(pk=week.pk).key == "en.the-week"
    assert week.printed_path() == "/letters/weekly/"


def test_a_key_that_is_taken_is_numbered(paper: SmallPaper, week: ListPage) -> None:
    week.slug = "weekly"
    week.save()
    assert a_list(paper, "The Week").key == "en.the-week-2"


def test_a_key_is_ascii_whatever_the_address(paper: SmallPaper) -> None:
    assert a_list(paper, "Неделя", language="ru", slug="неделя").key == "ru.list"
    assert a_list(paper, "День", language="ru", slug="день").key == "ru.list-2"


def test_a_key_is_short_however_long_the_address(paper: SmallPaper) -> None:
    first = a_list(paper, "Long", slug="x" * 255)
    assert len(first.key) <= 140


def test_a_draft_has_its_key_from_the_first_save(paper: SmallPaper) -> None:
    assert a_list(paper, "The Week", live=False).key == "en.the-week"


def test_a_copy_of_a_list_has_a_key_of_its_own_in_every_revision(week: ListPage) -> None:
    letter = a_letter(week)
    week.save_revision()
    letter.save_revision()
    copied = week.copy(recursive=True, update_attrs={"slug": "the-month", "title": "The Month"})
    assert ListPage.objects.get(pk=copied.pk).key == "en.the-month"
    assert {r.as_object().key for r in copied.revisions.all()} == {"en.the-month"}
    twin = LetterPage.objects.child_of(copied).get()
    assert twin.letter_id != letter.letter_id
    assert {r.as_object().letter_id for r in twin.revisions.all()} == {twin.letter_id}


def test_a_translation_of_a_list_has_a_key_of_its_own(paper: SmallPaper, week: ListPage) -> None:
    translation = week.copy_for_translation(paper.fronts["ru"].locale, copy_parents=True)
    assert ListPage.objects.get(pk=translation.pk).key == "ru.the-week"


def test_an_alias_of_a_letter_has_a_number_of_its_own(week: ListPage) -> None:
    letter = a_letter(week)
    alias = letter.create_alias(update_slug="alias")
    letter.title = "Another flood"
    letter.save_revision().publish()
    alias.refresh_from_db()
    assert (alias.title, alias.letter_id != letter.letter_id) == ("Another flood", True)


# --- Where they stand ---


def test_lists_and_letters_have_addresses_of_their_language(paper: SmallPaper, week: ListPage) -> None:
    other = a_list(paper, "Неделя", language="ru", slug="nedelya")
    assert week.printed_path() == "/letters/the-week/"
    assert a_letter(week, slug="2026-11-27").printed_path() == "/letters/the-week/2026-11-27/"
    assert other.printed_path() == "/ru/letters/nedelya/"
    assert a_letter(other, slug="2026-11-27").printed_path() == "/ru/letters/nedelya/2026-11-27/"


@pytest.mark.parametrize(("kind", "slug"), [("list", "answer"), ("list", "archive"), ("letter", "archive")])
def test_an_address_that_the_press_uses_is_refused(paper: SmallPaper, week: ListPage, kind: str, slug: str) -> None:
    with pytest.raises(ValidationError, match="used by the paper itself"):
        a_list(paper, "X", slug=slug) if kind == "list" else a_letter(week, slug=slug)


def test_no_section_or_page_may_be_called_letters(paper: SmallPaper) -> None:
    paper.about.slug = "letters"
    with pytest.raises(ValidationError, match="used by the paper itself"):
        paper.about.full_clean()


# --- When they come ---


def test_a_letter_is_due_at_its_own_time_or_the_lists(week: ListPage) -> None:
    assert a_letter(week).due == datetime(2026, 11, 27, 8, 0)
    assert a_letter(week, "Later", due_time=time(17, 30)).due == datetime(2026, 11, 27, 17, 30)


def test_a_lists_time_zone_is_the_papers_unless_it_has_its_own(paper: SmallPaper, week: ListPage) -> None:
    assert week.zone_name == "UTC"
    assert a_list(paper, "Daily", time_zone="Asia/Tehran").zone_name == "Asia/Tehran"


@pytest.mark.parametrize("name", ["Nowhere", "../../etc/passwd", "utc\n", "Europe/riga"])
def test_a_time_zone_that_does_not_exist_is_refused(paper: SmallPaper, name: str) -> None:
    with pytest.raises(ValidationError, match="no such time zone"):
        a_list(paper, "Daily", time_zone=name)


# --- What a mail's header may hold ---


@pytest.mark.parametrize("ending", ["\nBcc: x", "\r\nBcc: x", "\x00", "\u2028", "\x1b[2J"])
def test_a_line_that_would_become_a_header_is_refused(paper: SmallPaper, week: ListPage, ending: str) -> None:
    for fields in ({"subject": "A" + ending}, {"preheader": "A" + ending}):
        with pytest.raises(ValidationError, match="a character"):
            a_letter(week, slug="x", **fields)
    with pytest.raises(ValidationError, match="a character"):
        a_list(paper, "Daily", from_name="A" + ending)


def test_a_persian_half_space_and_a_mark_of_direction_are_taken(week: ListPage) -> None:
    assert a_letter(week, "خبرنامه\u200cها \u200e2026\u200f", slug="x").pk


ADDRESSES = {
    "https://example.org/support": True,
    "http://example.org:8080/?a=b#c": True,
    "https://пример.example/": True,
    "/support/": True,
    "//example.org/": False,
    "/\\example.org": False,
    "javascript:alert(1)": False,
    "mailto:a@example.org": False,
    "https://": False,
    "https://exa mple.org": False,
    "https://example..org": False,
    "https://example.org:99999/": False,
    "https://[::1": False,
    "https://example.org/\n": False,
    "example.org": False,
    "": False,
}


@pytest.mark.parametrize("url", ADDRESSES)
def test_a_link_of_a_letter_leads_to_the_web_or_into_the_paper(url: str) -> None:
    assert is_mailable_url(url) is ADDRESSES[url]


# --- The press hears of them ---


@pytest.mark.parametrize("what", ["list", "letter"])
def test_a_change_leaves_its_key_in_the_outbox(paper: SmallPaper, week: ListPage, what: str) -> None:
    page: Any = week if what == "list" else a_letter(week)
    OutboxEntry.objects.all().delete()
    table, column = ("letters_listpage", "promise") if what == "list" else ("letters_letterpage", "preheader")
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET {column} = 'x' WHERE page_ptr_id = %s", [page.pk])
    assert set(OutboxEntry.objects.values_list("key", flat=True)) == {f"page:{page.pk}"}


def test_a_letter_is_saved_and_found_with_its_stories(paper: SmallPaper, week: ListPage) -> None:
    article = an_article(paper.sections["en"][0], "flood")
    letter = a_letter(week, body=[story(article)])
    page = Page.objects.get(pk=letter.pk).specific
    assert page.body[0].value["article"].pk == article.pk
    assert (page.due_date, page.is_local, page.is_sent) == (FRIDAY, True, True)
    assert page.due_date == date(2026, 11, 27)
