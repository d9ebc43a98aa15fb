"""The list of articles: who finds what in it, by what it is narrowed, and how often the database is asked."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from wagtail.models import Revision

from stet.newsroom.models import ArticleByline, ArticlePage
from stet.newsroom.workflow.laying import lay_workflow
from tests.press.builders import NOON, SmallPaper, an_article, by

At = Callable[..., str]
ALL = {"Live", "Changed", "Draft", "Sent", "Scheduled", "Embargoed", "Gone", "По-русски"}


@pytest.fixture
def articles(paper: SmallPaper, people: dict[str, Any]) -> dict[str, ArticlePage]:
    """One of each state; a reporter's, but for the draft."""
    lay_workflow()
    politics, culture = paper.sections["en"]
    own = {"owner": people["reporter"]}
    made = {
        "live": by(an_article(politics, "live", **own), paper.people["en"]),
        "changed": an_article(culture, "changed", kind="opinion", **own),
        "draft": an_article(politics, "draft", published=None, owner=people["editor"]),
        "sent": an_article(culture, "sent", published=None, **own),
        "scheduled": an_article(culture, "scheduled", published=None, **own),
        "embargoed": an_article(culture, "embargoed", published=None, **own),
        "gone": an_article(culture, "gone", published=NOON - timedelta(days=400), **own),
        "russian": an_article(paper.sections["ru"][0], "po-russki", title="По-русски", **own),
    }
    ArticlePage.objects.filter(pk=made["gone"].pk).update(live=False)
    made["embargoed"].embargoed_until = timezone.now() + timedelta(hours=2)
    made["draft"].kind = "analysis"
    made["draft"].bylines = [ArticleByline(person=paper.people["en"])]
    made["draft"].topics.set([paper.topics["en"]])
    for name in ("changed", "draft", "sent", "scheduled", "embargoed"):
        made[name].save_revision(user=made[name].owner, clean=False)
    made["sent"].get_workflow().start(made["sent"], people["reporter"])
    Revision.objects.filter(pk=made["scheduled"].latest_revision_id).update(
        approved_go_live_at=timezone.now() + timedelta(days=1)
    )
    through = ArticlePage.topics.through
    through.objects.create(articlepage_id=made["live"].pk, topicpage_id=paper.topics["en"].pk)
    return made


def found(client: Client, **query: Any) -> set[str]:
    """The headlines of the list that a query leaves."""
    answer = client.get("/articles/results/", query)
    assert answer.status_code == 200
    return {article.draft_title for article in answer.context["object_list"]}


@pytest.fixture
def editor(people: dict[str, Any]) -> Client:
    client = Client()
    client.force_login(people["editor"])
    return client


STATES = {
    "live": {"Live", "Changed", "По-русски"},
    "changed": {"Changed"},
    "draft": {"Draft", "Sent", "Scheduled", "Embargoed"},
    "review": {"Sent"},
    "scheduled": {"Scheduled"},
    "embargoed": {"Embargoed"},
    "taken_down": {"Gone"},
}


def test_each_state_finds_the_articles_that_stand_so(articles: dict[str, ArticlePage], editor: Client) -> None:
    assert found(editor) == ALL
    assert {state: found(editor, status=state) for state in STATES} == STATES


def test_it_is_narrowed_by_what_a_newspaper_goes_by(
    articles: dict[str, ArticlePage], editor: Client, paper: SmallPaper
) -> None:
    politics, culture = paper.sections["en"]
    assert found(editor, section=politics.pk) == {"Live", "Draft"}
    assert found(editor, section=[politics.pk, paper.sections["ru"][0].pk]) == {"Live", "Draft", "По-русски"}
    assert found(editor, locale="ru") == {"По-русски"}
    assert found(editor, kind="opinion") == {"Changed"}
    assert found(editor, first_published_at_to="2025-12-31") == {"Gone"}
    assert found(editor, whose="mine") == {"Draft"}
    assert found(editor, section=culture.pk, kind="opinion", status="live") == {"Changed"}


def test_a_draft_is_found_by_what_its_editor_has_not_by_its_row(
    articles: dict[str, ArticlePage], editor: Client, paper: SmallPaper
) -> None:
    assert found(editor, byline=paper.people["en"].pk) == {"Live", "Draft"}
    assert found(editor, topic=paper.topics["en"].pk) == {"Live", "Draft"}
    assert found(editor, kind="analysis") == {"Draft"}
    assert "Draft" not in found(editor, kind="news")
    shown = editor.get("/articles/", {"status": "draft"})
    (draft,) = [one for one in shown.context["object_list"] if one.draft_title == "Draft"]
    assert (draft.byline_names, draft.get_kind_display()) == ("Ann en", "Analysis")


def test_words_are_looked_for_within_what_the_filters_leave(articles: dict[str, ArticlePage], editor: Client) -> None:
    assert found(editor, q="emb") == {"Embargoed"}
    assert found(editor, q="emb", status="live") == set()


def test_who_finds_more_than_is_looked_through_is_told(
    articles: dict[str, ArticlePage], editor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = "only the 1 that were written last were looked at"
    for most, is_told in ((2, False), (1, True)):
        monkeypatch.setattr("stet.newsroom.home.listing.MOST_FOUND", most)
        answer = editor.get("/articles/results/", {"q": "s"})
        assert len(answer.context["object_list"]) == most
        assert (told in answer.content.decode()) == is_told


def test_a_reporter_finds_no_draft_of_others_by_any_filter(
    articles: dict[str, ArticlePage], people: dict[str, Any], paper: SmallPaper
) -> None:
    other = Client()
    other.force_login(people["reporter"])
    ArticlePage.objects.filter(pk=articles["changed"].pk).update(owner=people["editor"], draft_title="Zanzibar")
    for query in (
        {}, {"kind": "analysis"}, {"byline": paper.people["en"].pk}, {"status": "changed"}, {"q": "draft"},
        {"id": articles["draft"].pk},
    ):  # fmt: skip
        assert "Draft" not in found(other, **query)
        assert b"Zanzibar" not in other.get("/articles/results/", query).content
    shown = other.get("/articles/").content.decode()
    assert "editor-1" not in shown
    assert "Realeditor" not in shown


def test_who_writes_no_page_has_no_list(people: dict[str, Any]) -> None:
    for role in ("finance", "photo"):
        client = Client()
        client.force_login(people[role])
        assert client.get("/articles/").status_code == 302
        assert client.get("/articles/write/").status_code in (302, 403)


def test_nonsense_in_the_address_is_answered_as_nothing(articles: dict[str, ArticlePage], editor: Client) -> None:
    for query in (
        {"status": "x"}, {"section": "x"}, {"byline": "9" * 30}, {"first_published_at_from": "never"}, {"p": "0"},
        {"ordering": "password"}, {"id": ["x", "9" * 40]}, {"q": "\x00"}, {"q": '"*('},
    ):  # fmt: skip
        assert editor.get("/articles/results/", query).status_code in (200, 400)


def test_one_section_opens_its_form_and_several_are_asked_for(
    people: dict[str, Any], editor: Client, paper: SmallPaper
) -> None:
    asked = editor.get("/articles/write/")
    assert "In which section?" in asked.content.decode()
    chosen = editor.get("/articles/write/", {"section": paper.sections["ru"][1].pk})
    assert chosen.headers["location"] == f"/pages/add/newsroom/articlepage/{paper.sections['ru'][1].pk}/"
    for section in (*paper.sections["ru"], paper.sections["en"][1]):
        section.delete()
    only = editor.get("/articles/write/")
    assert only.headers["location"] == f"/pages/add/newsroom/articlepage/{paper.sections['en'][0].pk}/"
