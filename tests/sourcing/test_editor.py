"""What the editor's scripts ask the desk: who may, what is answered, and that hostile input does no harm."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.test import Client
from wagtail.models import GroupPagePermission

from stet.newsroom.models import ArticlePage
from stet.sourcing.anchoring import Quote, State, marks_of, quote_of
from stet.sourcing.editor import offers
from stet.sourcing.editor.panel import TAKEN_OFF
from stet.sourcing.editor.texts import MOST_CHARACTERS, Posted, draft_of, units
from stet.sourcing.models import Claim, Mention, Source
from stet.sourcing.reading import read_claims
from stet.sourcing.terms import SourceKind, Status
from tests.press.builders import SmallPaper, an_article
from tests.sourcing import simulated_assistant
from tests.sourcing.builders import a_claim, a_question, a_source
from tests.sourcing.test_marking import draft, marked

pytestmark = pytest.mark.django_db
PLACE = "/sourcing/marks/"
VIEWS = ("words", "mark", "claims", "sources", "questions", "new", "story", "suggest", "seen")
CHAIN = {"chain-TOTAL_FORMS": "1", "chain-INITIAL_FORMS": "0", "chain-0-name": "Anna Lind", "chain-0-kind": "person"}
NEW = {
    "language": "en", "words": "600", "sentence": "Around 600 were killed.", "speech_act": "asserts",
    "modality": "flat", "value_kind": "none", **CHAIN,
}  # fmt: skip


def posted(*lines: str, page: int | None = None, language: str = "en", **more: Any) -> dict[str, Any]:
    """A story as the script sends it: a paragraph each, no marks."""
    return {"page": page, "language": language, "texts": [[[[line, None]] for line in lines]], **more}


def send(client: Client, name: str, body: object) -> Any:
    """Post JSON."""
    return client.post(f"{PLACE}{name}/", json.dumps(body), content_type="application/json")


@pytest.fixture
def client_of(paper: SmallPaper) -> Callable[..., Client]:
    """Who is signed in at the desk, with these rights."""

    def made(*rights: str, pages: Any = None) -> Client:
        user = get_user_model().objects.create_user(username="olof", password="a long password")
        group = Group.objects.create(name="some")
        group.permissions.add(Permission.objects.get(codename="access_admin"))
        group.permissions.add(*Permission.objects.filter(codename__in=rights, content_type__app_label="sourcing"))
        user.groups.add(group)
        for right in ("add_page", "change_page") if pages else ():
            permission = Permission.objects.get(codename=right, content_type__app_label="wagtailcore")
            GroupPagePermission.objects.create(group=group, page=pages, permission=permission)
        client = Client()
        client.force_login(user)
        return client

    return made


# --- Who may ---


@pytest.mark.parametrize("name", VIEWS)
def test_nobody_asks_without_signing_in_nor_by_an_address(
    name: str, client: Client, desk: Client, paper: SmallPaper
) -> None:
    assert client.post(f"{PLACE}{name}/").status_code == 302
    assert desk.get(f"{PLACE}{name}/").status_code == 405


@pytest.mark.parametrize("name", VIEWS)
def test_who_may_write_no_page_is_told_nothing(name: str, client_of: Callable[..., Client]) -> None:
    reader = client_of("add_claim", "add_source")
    answer = reader.post(f"{PLACE}{name}/", {"language": "en"})
    assert answer.status_code == 302
    assert answer["Location"] == "/"
    assert reader.post(f"{PLACE}{name}/", headers={"x-requested-with": "XMLHttpRequest"}).status_code == 403


@pytest.mark.parametrize("name", VIEWS)
def test_a_request_without_the_forms_secret_is_refused(name: str, paper: SmallPaper) -> None:
    user = get_user_model().objects.create_superuser(username="lida", password="a long password")
    client = Client(enforce_csrf_checks=True)
    client.force_login(user)
    assert client.post(f"{PLACE}{name}/", {"language": "en"}).status_code == 403


def test_a_writer_attaches_claims_and_makes_them_only_with_the_right_to(
    paper: SmallPaper, client_of: Callable[..., Client]
) -> None:
    writer = client_of(pages=paper.fronts["en"])
    printed = an_article(paper.sections["en"][0], "printed")
    Mention.objects.create(page=printed, mark="a", claim=a_claim(), exact="600", is_in_print=True)
    drawer = writer.post(f"{PLACE}words/", {"language": "en", "words": "600"}).content.decode()
    assert "Around 600 were killed." in drawer
    assert "data-stet-form" not in drawer
    assert writer.post(f"{PLACE}new/", NEW).status_code == 302
    assert Claim.objects.count() == 1


def test_who_may_make_claims_and_no_sources_names_those_that_are_there(
    paper: SmallPaper, client_of: Callable[..., Client]
) -> None:
    writer, source = client_of("add_claim", pages=paper.fronts["en"]), a_source()
    assert writer.post(f"{PLACE}new/", NEW).status_code == 302
    assert not Claim.objects.exists()
    assert writer.post(f"{PLACE}new/", {**NEW, "chain-0-source": source.pk}).status_code == 200
    assert Claim.objects.count() == Source.objects.count() == 1


def test_a_story_that_one_may_not_write_is_not_told_of(paper: SmallPaper, client_of: Callable[..., Client]) -> None:
    russian = an_article(paper.sections["ru"][0], "other")
    writer = client_of(pages=paper.fronts["en"])
    assert send(writer, "story", posted("Text.", page=russian.pk)).status_code == 302
    assert send(writer, "suggest", posted("Text.", page=russian.pk)).status_code == 302


# --- The drawer ---


def test_a_claim_is_made_with_its_chain_question_and_value(desk: Client, paper: SmallPaper) -> None:
    agency, question = a_source("the Border Agency", kind=SourceKind.BODY), a_question()
    sent = {
        **NEW, "chain-TOTAL_FORMS": "3", "chain-1-source": agency.pk, "chain-1-name": "the Border Agency",
        "chain-1-verb": "cited", "chain-1-cue": "according to", "chain-1-role": "mandated", "chain-2-name": "",
        "question": question.pk, "question_text": "How many", "value_kind": "number", "low": "500", "best": "600",
        "high": "700", "unit": "people", "value_text": "left over", "modality": "purportedly", "as_of": "2026-11-20",
    }  # fmt: skip
    answer = desk.post(f"{PLACE}new/", sent)
    claim = read_claims([answer.json()["claim"]])[answer.json()["claim"]]
    assert [(link.source.text("en").name, link.verb, link.cue, dict(link.roles)) for link in claim.chain] == [
        ("Anna Lind", "said", "", {}), ("the Border Agency", "cited", "according to", {"en": "mandated"}),
    ]  # fmt: skip
    assert (claim.low, claim.best, claim.high, claim.text("en").unit, claim.text("en").value_text) == (
        500,
        600,
        700,
        "people",
        "",
    )
    assert (claim.question, claim.status) == (question.pk, Status.PURPORTED)


WRONG = {
    "no sentence": ({"sentence": ""}, "This field is required"),
    "nobody who says so": ({"chain-0-name": ""}, "Say who makes this claim"),
    "a number that is not given": ({"value_kind": "number"}, "Give the number"),
    "a lowest above the highest": ({"value_kind": "number", "low": "9", "high": "7"}, "The lowest comes first"),
    "a question that is not chosen": ({"question_text": "How many?"}, "Choose one of the questions"),
    "a source that went": ({"chain-0-source": "999999"}, "not there any more"),
    "a circle": ({"chain-TOTAL_FORMS": "2", "chain-0-source": "S", "chain-1-source": "S"}, "comes back to a source"),
    "a sentence too long": ({"sentence": "x" * 401}, "at most 400 characters"),
    "a language the paper has not": ({"language": "xx"}, "no such language"),
    "too long a chain": ({"chain-TOTAL_FORMS": "9", **{f"chain-{n}-name": f"Name {n}" for n in range(9)}}, "at most 8"),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_with_a_new_claim_is_said_and_nothing_is_made(case: str, desk: Client, paper: SmallPaper) -> None:
    source, (changes, said) = a_source(), WRONG[case]
    changes = {name: str(source.pk) if value == "S" else value for name, value in changes.items()}
    answer = desk.post(f"{PLACE}new/", {**NEW, **changes})
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not Claim.objects.exists()
    assert Source.objects.count() == 1


HOSTILE = [
    '"><script>alert(1)</script>',
    "{{ 7*7 }}",
    "'; DROP TABLE sourcing_claim; --",
    "\u202eevil\u202c",
    "a\0b",
    "😀" * 40,
]


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_are_words(words: str, desk: Client, paper: SmallPaper) -> None:
    source = a_source(words.replace("\0", ""))
    claim = a_claim(words.replace("\0", ""), chain=(source,))
    asked = {
        "language": "en",
        "words": words,
        "claim": claim.pk,
        "exact": words,
        "offer": json.dumps({"sentence": words}),
    }
    for name in ("words", "mark", "claims", "sources", "questions"):
        answer = desk.post(f"{PLACE}{name}/", asked)
        assert answer.status_code == 200
        assert "<script>" not in answer.content.decode() or answer["Content-Type"] == "application/json"


@pytest.mark.parametrize("body", ["", "{", "[]", '{"language": 1}', '{"language": "en", "texts": [[["x"]]]}'])
def test_what_is_no_story_is_refused(body: str, desk: Client, paper: SmallPaper) -> None:
    for name in ("story", "suggest"):
        assert desk.post(f"{PLACE}{name}/", body, content_type="application/json").status_code == 400
        assert desk.post(f"{PLACE}{name}/", {"texts": body}).status_code == 400  # a form with files is read already


def test_a_story_longer_than_a_book_is_refused(desk: Client, paper: SmallPaper) -> None:
    assert send(desk, "story", posted("x" * (MOST_CHARACTERS + 1))).status_code == 400


# --- The panel ---


def test_the_panel_lists_claims_in_order_with_chain_status_roots_and_gaps(desk: Client, story: ArticlePage) -> None:
    first = a_claim("Around 600 were killed.", chain=(a_source("Anna Lind"), a_source("the Border Agency")))
    second = a_claim("Nobody was killed.", status=Status.CONFIRMED)
    mark = {"id": str(first.pk), "mark": "k3f9x2", "exact": "600", "prefix": "", "suffix": ""}
    other = {"id": str(second.pk), "mark": "second", "exact": "Nobody", "prefix": "", "suffix": ""}
    dangling = {"id": "999999", "mark": "third0", "exact": "more", "prefix": "", "suffix": ""}
    lines = [[["Around ", None], ["600", mark], [" or ", None], ["more", dangling]], [["No", other], [" one", None]]]
    told = send(desk, "story", {"page": story.pk, "language": "en", "texts": [lines]}).json()
    assert told["marks"] == {"k3f9x2": "kept", "third0": "kept", "second": "changed"}
    assert told["gaps"] == 2
    page = told["html"]
    assert page.index("Around 600 were killed.") < page.index("not there any more") < page.index("Nobody was killed.")
    assert "the Border Agency" in page
    assert "1 independent root" in page
    for gap in ("no chain", "called confirmed and has no evidence", "words changed"):
        assert gap in page


def test_a_mark_that_is_gone_is_listed_with_the_place_where_its_quote_stands_until_it_is_seen(
    desk: Client, story: ArticlePage
) -> None:
    draft(story, marked(a_claim()))
    draft(story, "<p>Around 600 were killed.</p>")
    told = send(desk, "story", posted("😀 Around 600 were killed.", page=story.pk)).json()
    assert told["gaps"] == 1
    assert "k3f9x2" in told["html"]
    # The script counts the sign before the words as two.
    assert " 0 0 10 13" in told["html"]
    assert desk.post(f"{PLACE}seen/", {"page": story.pk, "mark": "k3f9x2"}).status_code == 204
    assert not Mention.objects.exists()
    assert send(desk, "story", posted("Around 600 were killed.", page=story.pk)).json()["gaps"] == 0


def test_a_mark_that_is_in_the_form_again_is_not_called_gone(desk: Client, story: ArticlePage) -> None:
    claim = a_claim()
    draft(story, marked(claim))
    draft(story, "<p>Nothing.</p>")
    mark = {"id": str(claim.pk), "mark": "k3f9x2", "exact": "600", "prefix": "", "suffix": ""}
    told = send(desk, "story", {"page": story.pk, "language": "en", "texts": [[[["600", mark]]]]}).json()
    assert "Lost marks" not in told["html"]


def test_findings_of_the_checks_are_shown_with_a_way_to_each(desk: Client, story: ArticlePage) -> None:
    draft(story, "<p>Around 600 were killed, said Anna Lind.</p>")
    told = send(desk, "story", posted("Text.", page=story.pk)).json()
    assert "To look at, in the version saved last" in told["html"]
    assert f'<a href="/pages/{story.pk}/edit/' in told["html"]


def test_the_forms_of_a_story_have_the_panel_and_other_pages_have_not(
    desk: Client, story: ArticlePage, paper: SmallPaper
) -> None:
    section = paper.sections["en"][0]
    revision = draft(story, "<p>Text.</p>")
    with_panel = [
        f"/pages/{story.pk}/edit/", f"/pages/add/newsroom/articlepage/{section.pk}/",
        f"/pages/{story.pk}/revisions/{revision.pk}/revert/",
    ]  # fmt: skip
    for address in with_panel:
        page = desk.get(address).content.decode()
        assert 'data-side-panel="sourcing"' in page, address
        assert '"language": "en"' in page, address
    assert 'data-side-panel="sourcing"' not in desk.get(f"/pages/{paper.about.pk}/edit/").content.decode()


def test_marks_named_in_a_saved_form_are_no_loss(desk: Client, story: ArticlePage) -> None:
    from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

    draft(story, marked(a_claim()))
    nothing = {"TOTAL_FORMS": 0, "INITIAL_FORMS": 0, "MIN_NUM_FORMS": 0, "MAX_NUM_FORMS": 10}
    fields: dict[str, Any] = {
        "title": "Story", "slug": "story", "kind": "news", "lead_caption": rich_text(""), TAKEN_OFF: "k3f9x2 '--",
        "body": streamfield([("text", rich_text("<p>Around 600.</p>"))]), "comments": nothing,
        **dict.fromkeys(("bylines", "picks", "corrections", "updates"), nothing),
    }  # fmt: skip
    answer = desk.post(f"/pages/{story.pk}/edit/", nested_form_data(fields))
    assert answer.status_code == 302
    assert not Mention.objects.exists()


# --- Offers ---


@pytest.fixture
def assistant(monkeypatch: pytest.MonkeyPatch) -> None:
    """A simulated assistant."""
    monkeypatch.setattr(offers, "assistant", lambda: simulated_assistant)


def test_offers_come_in_order_with_source_and_chain_and_make_nothing(
    desk: Client, story: ArticlePage, assistant: None
) -> None:
    known = a_source("Anna Lind")
    lines = ("😀 Olof Hale said that nobody came.", "Anna Lind said that 600 were killed.")
    found = offers.offers_for(Posted(language="en", page=story.pk, texts=[[[(line, None)] for line in lines]]))
    assert [(one.words, one.links[0].name, one.links[0].source) for one in found] == [
        ("nobody came", "Olof Hale", None), ("600 were killed", "Anna Lind", known.pk),
    ]  # fmt: skip
    assert (found[0].place.line, found[0].place.start, found[0].place.end) == (0, 23, 34)
    page = send(desk, "suggest", posted(*lines, page=story.pk)).content.decode()
    assert page.index("nobody came") < page.index("600 were killed")
    assert not Claim.objects.exists()
    rest = send(desk, "suggest", posted(*lines, page=story.pk, dismissed=[found[0].key])).content.decode()
    assert "nobody came" not in rest


def test_words_that_are_marked_are_not_offered(story: ArticlePage, assistant: None) -> None:
    mark = {"id": "7", "mark": "k3f9x2", "exact": "600", "prefix": "", "suffix": ""}
    line: list[Any] = [("Anna Lind said that ", None), ("600", mark), (" were killed.", None)]
    assert offers.offers_for(Posted(language="en", texts=[[line]])) == ()


def test_a_language_that_the_assistant_does_not_read_is_named(
    desk: Client, story: ArticlePage, assistant: None
) -> None:
    page = send(desk, "suggest", posted("متن", page=story.pk, language="fa")).content.decode()
    assert "does not read this language" in page


def test_where_the_assistant_does_not_read_the_language_words_are_marked_by_hand(
    desk: Client, story: ArticlePage
) -> None:
    assert "by hand" in send(desk, "suggest", posted("متن.", page=story.pk, language="fa")).content.decode()


# --- What was sent ---


def test_a_form_says_the_same_of_its_marks_as_the_stored_text(story: ArticlePage) -> None:
    mark = {"id": "7", "mark": "k3f9x2", "exact": "about 600", "prefix": "", "suffix": ""}
    lines: list[Any] = [[("It was ", None), ("about", mark)], [("", None)], [("600", mark), (" died", None)]]
    [found] = marks_of(draft_of(Posted(language="en", texts=[lines])).passages)
    assert (found.state, found.words) == (State.KEPT, "about 600")
    [apart] = marks_of(draft_of(Posted(language="en", texts=[[lines[0]], [lines[2]]])).passages)
    assert (apart.state, apart.words) == (State.CHANGED, "about … 600")


def test_javascript_counts_a_sign_beyond_the_first_plane_as_two() -> None:
    assert [units(words) for words in ("", "a", "😀", "می‌", "👩‍🚀")] == [0, 1, 2, 3, 5]
    assert quote_of("😀600", 1, 4) == Quote(exact="600", prefix="😀", suffix="")
