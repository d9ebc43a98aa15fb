"""What a reporter sees of others: no draft, no name, no claim that only somebody else's draft carries."""

import html
import re
from typing import Any

import pytest
from django.test import Client
from wagtail.models import Page

from stet.newsroom.models import ArticlePage
from stet.sourcing.models import Mention
from stet.sourcing.recording import find_claims, find_questions, find_sources
from tests.newsroom.roles.world import World, a_world, signed_in
from tests.sourcing.builders import a_claim, a_question, a_source

pytestmark = [
    # Files of renditions, which Wagtail leaves to be closed with the last reference to them.
    pytest.mark.filterwarnings("ignore:.*SpooledTemporaryFile:pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore:Unclosed file:ResourceWarning"),
    pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning"),
    pytest.mark.filterwarnings("ignore:.*FileIO:pytest.PytestUnraisableExceptionWarning"),
]
SECRET = "Zanzibar affair"
REAL = "Nadia Secret"


@pytest.fixture
def world(db: None, keys: None) -> World:
    """A newsroom in which somebody else writes on two things."""
    made = a_world()
    for name in ("theirs", "live"):
        page = made.pages[name]
        page.title = f"{SECRET} of {name}"
        page.save_revision(user=page.owner, clean=False)
    ArticlePage.objects.filter(pk=made.pages["theirs"].pk).update(title=SECRET, draft_title=SECRET)
    return made


@pytest.fixture
def reporter(world: World) -> Client:
    return signed_in(world.people["reporter"])


def words(answer: Any) -> str:
    return html.unescape(re.sub(r"\s+", " ", answer.content.decode()))


PLACES = {
    "the home": "/",
    "the list of a section": "/pages/{section}/",
    "the list of a section, searched": "/pages/{section}/?q=Zanzibar",
    "the list of everything": "/pages/",
    "the articles": "/articles/",
    "the articles, searched": "/articles/?q=Zanzibar",
    "the articles, drafts": "/articles/?status=draft",
    "the articles, changing": "/articles/?status=changed",
    "the search": "/pages/search/?q=Zanzibar",
    "the list of articles": "/pages/usage/newsroom/articlepage/",
    "the menu's explorer": "/api/main/pages/?child_of={section}&for_explorer=1",
    "the desk's interface": "/api/main/pages/?search=Zanzibar",
    "the desk's interface, all": "/api/main/pages/?limit=20",
    "the chooser": "/choose-page/{section}/",
    "the chooser, searched": "/choose-page/search/?q=Zanzibar",
    "the report of workflows": "/reports/workflow/",
    "the report of steps": "/reports/workflow_tasks/",
    "gaps in sourcing": "/sourcing/gaps/",
    "the use of a photo": "/images/usage/{my photo}/",
    "photos": "/images/",
    "letters": "/letters/",
}


def at(world: World, place: str) -> str:
    numbers = {name: row.pk for name, row in {**world.pages, **world.things}.items()}
    return re.sub(r"{([a-z ]+)}", lambda found: str(numbers[found[1]]), PLACES[place])


def test_others_drafts_and_names_stand_nowhere(world: World, reporter: Client) -> None:
    world.pages["live"].lead_photo_id = world.things["my photo"].pk
    for place in PLACES:
        answer = reporter.get(at(world, place))
        shown = words(answer)
        assert answer.status_code == 200, place
        assert not [secret for secret in (SECRET, REAL, "other-1") if secret in shown], place


def test_an_editor_sees_both(world: World) -> None:
    shown = words(signed_in(world.people["editor"]).get(at(world, "the list of a section")))
    assert f"{SECRET} of live" in shown
    assert SECRET in shown
    assert REAL in shown


def test_a_live_story_that_is_being_changed_goes_by_what_readers_have(world: World, reporter: Client) -> None:
    shown = words(reporter.get(at(world, "the list of a section")))
    assert ">Live<" in re.sub(r"\s*([<>])\s*", r"\1", shown) or "Live" in shown
    assert "Mine" in shown


def test_a_story_cannot_be_looked_for_by_whose_it_is(world: World, reporter: Client) -> None:
    section, other = world.pages["section"].pk, world.things["user"].pk
    plain = reporter.get(f"/pages/{section}/results/")
    asked = reporter.get(f"/pages/{section}/results/?owner={other}")
    assert {page.pk for page in plain.context["pages"]} == {page.pk for page in asked.context["pages"]}
    editor = signed_in(world.people["editor"]).get(f"/pages/{section}/results/?owner={other}")
    assert world.pages["mine"].pk not in {page.pk for page in editor.context["pages"]}


def test_colleagues_on_the_same_story_go_by_their_sign_in_names(world: World, reporter: Client) -> None:
    mine, editor = world.pages["mine"], world.people["editor"]
    mine.save_revision(user=editor, clean=False, log_action=True)
    history = words(reporter.get(f"/pages/{mine.pk}/history/"))
    assert "editor-1" in history
    assert "Realeditor" not in history
    assert "Realeditor" in words(signed_in(world.people["publisher"]).get(f"/pages/{mine.pk}/history/"))


def test_who_else_is_here_goes_by_a_sign_in_name(world: World, reporter: Client) -> None:
    mine = world.pages["mine"]
    ping = f"/editing-sessions/ping/newsroom/articlepage/{mine.pk}/999/"
    signed_in(world.people["editor"]).post(ping)
    shown = words(reporter.post(ping))
    assert "Realeditor" not in shown
    assert "editor-1" in shown


def test_several_drafts_cannot_be_deleted_or_published_at_once_by_who_may_not(world: World, reporter: Client) -> None:
    for action in ("delete", "publish", "unpublish", "move"):
        numbers = [world.pages["theirs"].pk, world.pages["live"].pk]
        shown = words(reporter.get(f"/bulk/wagtailcore/page/{action}/", {"id": numbers}))
        reporter.post(f"/bulk/wagtailcore/page/{action}/?id={numbers[0]}&id={numbers[1]}")
        assert SECRET not in shown
    assert Page.objects.filter(pk__in=numbers).count() == 2
    assert ArticlePage.objects.get(pk=world.pages["live"].pk).live


def test_a_document_is_handed_to_nobody_who_is_not_signed_in(world: World) -> None:
    document = world.things["document"]
    assert Client().get(f"/documents/{document.pk}/{document.filename}").status_code == 403


# --- Claims ---


def test_claims_of_others_drafts_are_not_offered(world: World) -> None:
    reporter = world.people["reporter"]
    source = a_source("Minister Zed")
    hidden = a_claim("The dam was mined.", chain=(source,))
    hidden.question = a_question("Was the dam mined?", slug="mined")
    hidden.save()
    found = find_claims("", language="en", user=reporter)
    assert hidden.pk not in {one.id for one in found}
    assert source.pk not in {one.id for one in find_sources("Minister", language="en", user=reporter)}
    assert hidden.question_id not in {one.id for one in find_questions("", language="en", user=reporter)}
    assert hidden.pk in {one.id for one in find_claims("", language="en", user=world.people["editor"])}
    Mention.objects.create(page=world.pages["live"], mark="a", claim=hidden, exact="mined", is_in_print=True)
    assert hidden.pk in {one.id for one in find_claims("", language="en", user=reporter)}
    assert source.pk in {one.id for one in find_sources("Minister", language="en", user=reporter)}
    assert hidden.question_id in {one.id for one in find_questions("", language="en", user=reporter)}


def test_a_claim_is_not_told_by_its_number(world: World, reporter: Client) -> None:
    hidden = a_claim("The dam was mined.", chain=(a_source(),))
    asked = {"claim": hidden.pk, "words": "x", "language": "en"}
    assert "The dam was mined" not in words(reporter.post("/sourcing/marks/mark/", asked))
    editor = signed_in(world.people["editor"])
    assert "The dam was mined" in words(editor.post("/sourcing/marks/mark/", asked))
