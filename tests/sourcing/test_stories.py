"""Pages read for the checks: what their words are, where they are mended, and how often the database is asked."""

import json
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from stet.letters.models import ListPage
from stet.newsroom.models import ArticlePage
from stet.sourcing.history import set_status
from stet.sourcing.models import ClaimLink, Mention
from stet.sourcing.stories import findings_of, read_stories, standing
from stet.sourcing.story import Kind, PlaceKind
from stet.sourcing.terms import Modality, Relation, Status, ValueKind
from tests.letters.builders import a_letter, a_list
from tests.letters.builders import story as told
from tests.press.builders import SmallPaper, an_article, stored, text
from tests.sourcing.builders import DAY, a_claim, a_source
from tests.sourcing.fake_assistant import FakeAssistant
from tests.sourcing.marked import a_marked_story, keep_mentions, mark

pytestmark = pytest.mark.django_db
READER = FakeAssistant()


def test_every_rich_text_of_a_body_is_read_in_order_with_its_block(paper: SmallPaper) -> None:
    body = stored(
        text("<p>One.</p><p>Two <b>bold</b> words.</p><ul><li>Three.</li></ul>"),
        ("subhead", {"text": "A subhead", "level": "2"}),
        ("fact_box", {"title": "Box", "text": "<p>Four &amp; five.</p>"}),
        ("timeline", {"title": "", "entries": [
            {"type": "item", "id": str(uuid4()), "value": {"when": "May", "title": "May", "text": "<p>Six.</p>"}}]}),
        ("gone_block", "<p>Of a block that there is not any more.</p>"),
    )  # fmt: skip
    article = an_article(paper.sections["en"][0], "blocks", body=body)
    passages = read_stories([article.pk])[article.pk].passages
    assert [one.words for one in passages] == ["One.", "Two bold words.", "Three.", "Four & five.", "Six."]
    anchors = [one.place.anchor for one in passages]
    numbers = [str(UUID(json.loads(body)[place]["id"])) for place in (0, 0, 0, 2, 3)]
    assert anchors == [f"#block-{number}-section" for number in numbers]
    assert passages[0].place.url == f"/pages/{article.pk}/edit/"


def test_a_draft_is_read_as_it_was_saved_last_and_a_printed_story_as_it_is_printed(paper: SmallPaper) -> None:
    draft = an_article(paper.sections["en"][0], "draft", published=None)
    printed = an_article(paper.sections["en"][0], "printed")
    for article in (draft, printed):
        article.title = "Anew"
        article.body = stored(text("<p>Later words.</p>"))
        article.save_revision()
    found = read_stories([draft.pk, printed.pk])
    assert [one.words for one in found[draft.pk].passages] == ["Later words."]
    assert [one.words for one in found[draft.pk].lines] == ["Anew"]
    assert [one.words for one in found[printed.pk].passages] == ["The text of printed."]
    assert [one.words for one in found[printed.pk].lines] == ["Printed"]


def test_a_story_that_was_never_saved_is_read_from_the_form(paper: SmallPaper) -> None:
    article = ArticlePage(title="New", locale=paper.sections["en"][0].locale)
    article.body = stored(text("<p>Around 600 were killed, said Anna Lind.</p>"))
    assert [one.kind for one in findings_of(article, reader=READER)] == [Kind.UNMARKED]


def a_hedged_claim() -> object:
    return a_claim(
        "Around 600 soldiers were killed at Zelen.", chain=(a_source("Anna Lind"),), value_kind=ValueKind.NUMBER,
        best=600, modality=Modality.REPORTEDLY,
    )  # fmt: skip


def test_a_hedge_is_missed_in_headlines_letters_and_translations(paper: SmallPaper) -> None:
    claim = a_hedged_claim()
    article = a_marked_story(
        paper.sections["en"][0], "killed", f"Some {mark('600 soldiers died', claim)}.", title="600 soldiers dead"
    )
    week: ListPage = a_list(paper, "The Week")
    letter = a_letter(week, body=json.dumps([
        told(article, teaser="The 600 soldiers of Zelen, and who counts them."),
        told(an_article(paper.sections["en"][0], "other"), headline="600 soldiers"),
    ]))  # fmt: skip
    translated = a_marked_story(
        paper.sections["ru"][0], "pogibli", f"Под Зеленью {mark('погибли 600', claim)}.", original=article, title="Бой"
    )
    found = [one for one in findings_of(article, reader=READER) if one.kind is Kind.UNHEDGED]
    assert [(one.place.kind, one.place.page) for one in found] == [
        (PlaceKind.HEADLINE, article.pk),
        (PlaceKind.TRANSLATION, translated.pk),
        (PlaceKind.LETTER, letter.pk),
    ]
    assert found[0].place.href == f"/pages/{article.pk}/edit/#id_title"
    assert found[2].place.href.startswith(f"/pages/{letter.pk}/edit/#block-")
    (of_letter,) = findings_of(letter, reader=READER)
    assert of_letter == found[2]


def test_other_pages_have_no_gaps(paper: SmallPaper) -> None:
    assert findings_of(paper.about, reader=READER) == ()


def test_a_mark_that_a_keeper_calls_changed_or_gone_is_told(paper: SmallPaper) -> None:
    claim = a_claim(chain=(a_source(),))
    article = a_marked_story(paper.sections["en"][0], "story", f"{mark('600', claim)} died.")
    Mention.objects.filter(page=article).update(state=Mention.State.CHANGED)
    Mention.objects.create(page=article, mark="gonegone", claim=claim, exact="the dead", state=Mention.State.GONE)
    assert [one.kind for one in findings_of(article, reader=READER)] == [Kind.CHANGED, Kind.GONE]


def test_an_old_figure_that_stands_flat_in_print_is_told_from_both_sides(paper: SmallPaper) -> None:
    claim = a_claim(chain=(a_source(),))
    section = paper.sections["en"][0]
    old = a_marked_story(section, "old", f"In May {mark('600 died', claim)} here.")
    a_marked_story(section, "draft", f"In May {mark('600 died', claim)} here.", published=None)
    new = a_marked_story(section, "new", f"The figure of {mark('600', claim)} was withdrawn.")
    assert findings_of(new, reader=READER) == findings_of(old, reader=READER) == ()
    set_status(claim, Status.WITHDRAWN, day=DAY)
    assert [one.kind for one in findings_of(old, reader=READER)] == [Kind.OUTDATED]
    (elsewhere,) = findings_of(new, reader=READER)
    assert (elsewhere.kind, elsewhere.place.page) == (Kind.ELSEWHERE, old.pk)


def test_where_a_claim_stands_is_told_newest_first(paper: SmallPaper) -> None:
    claim, rival = a_claim(chain=(a_source(),)), a_claim(chain=(a_source("Olof Hale"),))
    ClaimLink.objects.create(claim=rival, relation=Relation.CONTRADICTS, other=claim)
    section = paper.sections["en"][0]
    flat = a_marked_story(section, "flat", f"In May {mark('600 died', claim)} here.")
    a_marked_story(section, "draft", f"In May {mark('600 died', claim)} here.", published=None)
    both = a_marked_story(section, "both", f"{mark('600', claim)}, says one; {mark('150', rival, name='zzzzzz')}.")
    set_status(claim, Status.DISPUTED, day=DAY)
    rows = standing(claim)
    assert [(row.page, row.words, row.tells, row.is_outdated) for row in rows] == [
        (both.pk, "600", True, False),
        (flat.pk, "600 died", False, True),
    ]
    assert (rows[1].headline, rows[1].language) == ("Flat", "en")
    assert rows[1].url.startswith(f"/pages/{flat.pk}/edit/#block-")
    assert rows[1].published == flat.first_published_at
    assert standing(10_000_000) == ()


def test_relations_are_followed_to_find_a_circle(paper: SmallPaper) -> None:
    sources = [a_source(name) for name in ("Anna Lind", "Olof Hale", "Rita Voss", "Karl Bern")]
    claims = [a_claim(chain=(source,)) for source in sources]
    for here, there in zip(claims, [*claims[1:], claims[0]], strict=True):
        ClaimLink.objects.create(claim=here, relation=Relation.REPEATS, other=there)
    article = a_marked_story(paper.sections["en"][0], "story", f"{mark('600 died', claims[0])} here.")
    assert [one.kind for one in findings_of(article, reader=READER)] == [Kind.CIRCULAR]


def test_how_often_the_database_is_asked_does_not_depend_on_the_stories(paper: SmallPaper) -> None:
    section, week = paper.sections["en"][0], a_list(paper, "The Week")

    def lay(start: int, count: int) -> list[int]:
        numbers = []
        for number in range(start, start + count):
            claim, other = a_hedged_claim(), a_claim(chain=(a_source(f"S {number}"),))
            ClaimLink.objects.create(claim=claim, relation=Relation.REPEATS, other=other)
            set_status(claim, Status.WITHDRAWN, day=DAY)
            article = a_marked_story(section, f"s{number}", f"{mark('600 died', claim)} here.")
            an_article(paper.sections["ru"][0], f"r{number}", original=article)
            a_letter(week, f"Letter {number}", body=json.dumps([told(article, headline="600 soldiers dead")]))
            numbers.append(article.pk)
        return numbers

    few = lay(0, 1)
    with CaptureQueriesContext(connection) as one:
        read_stories(few)
    many = few + lay(1, 12)
    with CaptureQueriesContext(connection) as thirteen:
        found = read_stories(many)
    assert len(thirteen) <= len(one) <= 25
    assert all(len(story.lines) >= 3 for story in found.values())


def test_mentions_of_a_copied_mark_are_kept_apart(paper: SmallPaper) -> None:
    """The same name in two stories: each is its own story's mark."""
    claim = a_claim(chain=(a_source(),))
    first = a_marked_story(paper.sections["en"][0], "first", f"{mark('600 died', claim)} here.")
    second = a_marked_story(paper.sections["en"][0], "second", f"{mark('600 died', claim)} here.")
    Mention.objects.filter(page=first).update(state=Mention.State.CHANGED)
    keep_mentions(second)
    assert [one.kind for one in findings_of(first, reader=READER)] == [Kind.CHANGED]
    assert findings_of(second, reader=READER) == ()
