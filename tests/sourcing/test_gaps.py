"""The report of gaps over the whole site, by the desk's own pages."""

import csv
import io
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import GroupPagePermission, Page

from stet.newsroom.models import ArticlePage
from stet.sourcing import scanning
from stet.sourcing.history import set_status
from stet.sourcing.indexes import IsMarked
from stet.sourcing.terms import Status
from tests.letters.test_desk import read
from tests.press.builders import SmallPaper, an_article, stored, text
from tests.sourcing.builders import DAY, a_claim, a_source
from tests.sourcing.marked import a_marked_story, mark

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain_assistant")]
REPORT = "/sourcing/gaps/"
UNMARKED = "Somebody is said to say this, and no claim is marked on it"


def a_paper_with_gaps(paper: SmallPaper) -> dict[str, ArticlePage]:
    claim = a_claim(chain=(a_source(),))
    set_status(claim, Status.WITHDRAWN, day=DAY)
    politics, culture = paper.sections["en"]
    return {
        "flat": a_marked_story(
            politics, "flat", f"{mark('600 died', claim)} here.", "It rained for days, said Rita Voss."
        ),
        "dangling": a_marked_story(culture, "dangling", f"{mark('150 died', 999_999)} here."),
        "draft": a_marked_story(culture, "draft", f"{mark('600 fell', claim)} here.", published=None),
        "russian": a_marked_story(paper.sections["ru"][0], "russian", f"{mark('600 погибли', claim)}."),
        "none": an_article(politics, "none", body=stored(text("<p>The bridge was mined, said Anna Lind, in May.</p>"))),
    }  # fmt: skip


def rows(answer: Any) -> list[tuple[str, str]]:
    """Each row's sentence and where it leads."""
    return [(row.finding.sentence, row.finding.place.href) for row in answer.context["object_list"]]


def pages(answer: Any) -> set[str]:
    return {row.headline for row in answer.context["object_list"]}


def test_every_gap_of_stories_with_claims_is_a_row_that_leads_to_its_place(desk: Client, paper: SmallPaper) -> None:
    stories = a_paper_with_gaps(paper)
    answer = desk.get(REPORT)
    assert pages(answer) == {"Flat", "Dangling", "Draft", "Russian"}
    assert len(rows(answer)) == 5
    sentence, href = next(row for row in rows(answer) if "150 died" in row[0])
    block = stories["dangling"].body.get_prep_value()[0]["id"]
    assert href == f"/pages/{stories['dangling'].pk}/edit/#block-{block}-section"
    assert f'href="{href}"' in answer.content.decode()
    shown = read(answer)
    assert sentence in shown
    assert (
        "“600 died” still stands, though the claim was withdrawn on Nov. 20, 2026. broken Flat politics en en" in shown
    )


@pytest.mark.parametrize(
    ("query", "expected"),
    {
        "by kind": ("kind=dangling", {"Dangling"}),
        "by severity": ("severity=look", {"Flat"}),
        "by section": ("section={culture}", {"Dangling", "Draft"}),
        "by language": ("locale={ru}", {"Russian"}),
        "in print": ("stories=printed", {"Flat", "Dangling", "Russian"}),
        "drafts": ("stories=drafts", {"Draft"}),
        "attributions are looked for in stories without claims too": ("kind=unmarked", {"Flat", "None"}),
        "both": ("kind=outdated&stories=drafts", {"Draft"}),
        "what is no kind": ("kind=%27%22--", {"Flat", "Dangling", "Draft", "Russian"}),
        "what is no number": ("before=abc", {"Flat", "Dangling", "Draft", "Russian"}),
    }.values(),
)
def test_rows_are_filtered(desk: Client, paper: SmallPaper, query: str, expected: set[str]) -> None:
    a_paper_with_gaps(paper)
    culture, ru = paper.sections["en"][1].pk, paper.sections["ru"][0].locale_id
    answer = desk.get(f"{REPORT}?{query.format(culture=culture, ru=ru)}")
    assert answer.status_code == 200
    assert pages(answer) == expected


def test_a_part_of_the_page_comes_alone_when_filters_change(desk: Client, paper: SmallPaper) -> None:
    a_paper_with_gaps(paper)
    answer = desk.get(f"{REPORT}results/?kind=dangling&_w_filter_fragment=1")
    assert "150 died" in read(answer)
    assert "<html" not in answer.content.decode()


def test_nothing_found_is_said(desk: Client, paper: SmallPaper) -> None:
    shown = read(desk.get(REPORT))
    assert "There is no story with claims here." in shown
    assert "only if you choose the gap “attribution without a claim”" in shown
    a_marked_story(paper.sections["en"][0], "whole", f"{mark('600 died', a_claim(chain=(a_source(),)))} here.")
    assert "Nothing was found: the sourcing of these stories is whole." in read(desk.get(REPORT))


def test_the_whole_report_is_to_be_had_as_a_spreadsheet(desk: Client, paper: SmallPaper) -> None:
    a_paper_with_gaps(paper)
    answer = desk.get(f"{REPORT}?export=csv&severity=broken")
    assert answer["Content-Disposition"] == 'attachment; filename="gaps-in-sourcing.csv"'
    lines = list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode())))
    assert [line["Story"] for line in lines] == ["Russian", "Draft", "Dangling", "Flat"]
    assert lines[2]["Address"].startswith("http")
    assert [line["In print"] for line in lines] == ["yes", "no", "yes", "yes"]
    assert desk.get(f"{REPORT}?export=xlsx").status_code == 200


def test_a_spreadsheet_speaks_the_editors_language(desk: Client, paper: SmallPaper, admin_user: Any) -> None:
    """It is written while it is sent: when the page's own language has gone."""
    from wagtail.users.models import UserProfile

    a_paper_with_gaps(paper)
    UserProfile.objects.update_or_create(user=admin_user, defaults={"preferred_language": "ru"})
    lines = b"".join(desk.get(f"{REPORT}?export=csv").streaming_content).decode()
    assert "600 died" in lines
    assert "still stands" not in lines


# --- An archive ---


def test_an_archive_is_read_a_stretch_at_a_time(
    desk: Client, paper: SmallPaper, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each page ends with a whole story, and the next one begins with the story after it."""
    monkeypatch.setattr(scanning, "BATCH", 3)
    monkeypatch.setattr(scanning, "ENOUGH", 4)
    for number in range(11):
        a_marked_story(
            paper.sections["en"][0], f"s{number}", f"{mark('a', 9_999)} and {mark('b', 9_998, name='zzzzzz')}."
        )
    seen: list[str] = []
    url, turns = REPORT, 0
    while url:
        answer = desk.get(url)
        seen += [row.headline for row in answer.context["object_list"]]
        url, turns = answer.context["next_url"], turns + 1
    assert seen == [f"S{number}" for number in reversed(range(11)) for _twice in range(2)]
    assert turns == 6


def test_a_stretch_without_a_finding_says_that_older_stories_are_left(
    desk: Client, paper: SmallPaper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scanning, "BATCH", 2)
    monkeypatch.setattr(scanning, "MOST_LOOKED", 4)
    claim = a_claim(chain=(a_source(),))
    a_marked_story(paper.sections["en"][0], "broken", f"{mark('150', 999_999)} died.")
    for number in range(4):
        a_marked_story(paper.sections["en"][0], f"s{number}", f"{mark('600 died', claim)} here.")
    answer = desk.get(REPORT)
    assert "4 stories were looked at, and nothing was found in them. Older ones are left." in read(answer)
    assert pages(desk.get(answer.context["next_url"])) == {"Broken"}


def test_a_page_of_the_report_asks_the_database_as_often_for_ten_thousand_stories_as_for_a_hundred(
    desk: Client, paper: SmallPaper
) -> None:
    section = paper.sections["en"][0]
    model = a_marked_story(section, "model", f"{mark('600', 999_999)} died, said Anna Lind, in May.")
    fields = {field.attname: getattr(model, field.attname) for field in ArticlePage._meta.concrete_fields}

    def lay(start: int, count: int) -> None:
        """Rows only: a tree of ten thousand pages, without what the desk does for each."""
        own = {"page_ptr", "page_ptr_id", "id"}
        base = {f.attname: fields[f.attname] for f in Page._meta.concrete_fields if f.attname not in own}
        numbers = range(start, start + count)
        made = Page.objects.bulk_create([
            Page(**{**base, "path": f"{section.path}{number:04d}", "slug": f"n{number}", "url_path": f"/n{number}/",
                    "translation_key": uuid4()})
            for number in numbers
        ])  # fmt: skip
        columns = [f for f in ArticlePage._meta.local_concrete_fields if f.attname != "page_ptr_id"]
        names = ", ".join(connection.ops.quote_name(f.column) for f in columns)
        article = connection.ops.quote_name(ArticlePage._meta.db_table)
        with connection.cursor() as cursor:
            for page in made:
                cursor.execute(
                    f"INSERT INTO {article} (page_ptr_id, {names}) SELECT %s, {names} FROM {article} "
                    "WHERE page_ptr_id = %s",
                    [page.pk, model.pk],
                )

    lay(100, 100)
    with CaptureQueriesContext(connection) as few:
        assert len(rows(desk.get(REPORT))) >= scanning.ENOUGH
    lay(200, 9_800)
    with CaptureQueriesContext(connection) as many:
        assert len(rows(desk.get(REPORT))) >= scanning.ENOUGH
    assert len(many) <= len(few) <= 60


# --- Who may see it ---


def an_editor(paper: SmallPaper, *sections: Page) -> Client:
    user = get_user_model().objects.create_user(username="ed", password="a long password")
    group = Group.objects.create(name="Of one section")
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    for section in sections:
        GroupPagePermission.objects.create(
            group=group, page=section, permission=Permission.objects.get(codename="change_page")
        )
    user.groups.add(group)
    client = Client()
    client.force_login(user)
    return client


def test_editors_see_the_gaps_of_stories_that_they_may_change(paper: SmallPaper) -> None:
    stories = a_paper_with_gaps(paper)
    editor = an_editor(paper, paper.sections["en"][1])
    assert pages(editor.get(REPORT)) == {"Dangling", "Draft"}
    assert "Gaps in sourcing" in editor.get("/").content.decode()
    assert editor.get(f"/sourcing/stories/{stories['draft'].pk}/gaps/").status_code == 200
    assert editor.get(f"/sourcing/stories/{stories['flat'].pk}/gaps/", follow=True).redirect_chain[0][0] == "/"


def test_who_may_change_nothing_sees_no_report(paper: SmallPaper) -> None:
    a_paper_with_gaps(paper)
    answer = an_editor(paper).get(REPORT)
    assert answer.status_code == 302
    assert Client().get(REPORT).status_code == 302


def test_the_gaps_of_one_story_stand_on_a_page_of_their_own(desk: Client, paper: SmallPaper) -> None:
    stories = a_paper_with_gaps(paper)
    shown = read(desk.get(f"/sourcing/stories/{stories['flat'].pk}/gaps/"))
    assert "To mend: “600 died” still stands, though the claim was withdrawn on Nov. 20, 2026. Go there" in shown
    assert f"{UNMARKED}: “It rained for days, said Rita Voss”. Go there" in shown
    assert "“600 погибли” still stands in “Russian”" in shown
    whole = an_article(paper.sections["en"][0], "whole")
    assert "Nothing was found: the sourcing is whole." in read(desk.get(f"/sourcing/stories/{whole.pk}/gaps/"))
    assert desk.get("/sourcing/stories/99999/gaps/").status_code == 404


def test_the_report_is_among_the_reports(desk: Client, paper: SmallPaper) -> None:
    assert "/sourcing/gaps/" in desk.get("/").content.decode()


def test_hostile_words_are_shown_as_words(desk: Client, paper: SmallPaper) -> None:
    a_marked_story(
        paper.sections["en"][0], "hostile", f"{mark('&lt;script&gt;alert(1)&lt;/script&gt;', 9_999)}",
        title="<img src=x onerror=alert(1)>",
    )  # fmt: skip
    shown = desk.get(REPORT).content.decode()
    assert "<script>alert(1)" not in shown
    assert "<img src=x" not in shown
    assert "“&lt;script&gt;alert(1)&lt;/script&gt;” is marked" in shown


def test_whether_a_text_has_a_claim_marked_is_told_by_an_index(paper: SmallPaper) -> None:
    stories = a_paper_with_gaps(paper)
    found = ArticlePage.objects.filter(IsMarked("body")).order_by()
    assert set(found.values_list("pk", flat=True)) == {
        stories[name].pk for name in ("flat", "dangling", "draft", "russian")
    }
    assert "stet_article_marked" in found.values("pk").explain()
