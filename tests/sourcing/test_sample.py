"""The sample newsroom's story: laid once, whole in its sourcing but for what it is to show."""

import importlib.util
import re
from pathlib import Path

import pytest

from stet.newsroom.models import ArticlePage, SectionPage
from stet.sourcing.computing import independent_roots, ranges
from stet.sourcing.history import verify
from stet.sourcing.models import Claim, Evidence, Question, Source
from stet.sourcing.reading import read_claims, read_questions
from stet.sourcing.sample import article_files, lay_sourcing, sample_folder
from stet.sourcing.stories import findings_of, read_stories, standing
from stet.sourcing.story import Kind
from stet.sourcing.terms import SpeechAct, Status
from tests.press.builders import SmallPaper, a_paper, clear_newsroom
from tests.sourcing.fake_assistant import FakeAssistant
from tests.sourcing.marked import keep_mentions

SECTIONS = {"en": ("world", "society"), "ru": ("mir",), "fa": ("jahan",)}


@pytest.fixture
def sample(db: None) -> SmallPaper:
    """A small paper with the sections of the sample, and the story in it."""
    clear_newsroom()
    paper = a_paper(("en", "ru", "fa"))
    for language, slugs in SECTIONS.items():
        front = paper.fronts[language]
        for slug in slugs:
            front.add_child(instance=SectionPage(title=slug, slug=slug, locale=front.locale))
    assert lay_sourcing() == 4
    for article in ArticlePage.objects.all():
        keep_mentions(article)
    return paper


def article(slug: str) -> ArticlePage:
    return ArticlePage.objects.get(slug=slug)


def test_it_is_laid_once(sample: SmallPaper) -> None:
    counts = [model.objects.count() for model in (Source, Question, Claim, Evidence, ArticlePage)]
    assert lay_sourcing() == 0
    assert counts == [model.objects.count() for model in (Source, Question, Claim, Evidence, ArticlePage)]
    assert counts == [13, 3, 9, 3, 4]
    verify()


def test_translations_know_their_original_and_readers_see_the_days_of_the_sample(sample: SmallPaper) -> None:
    original = article("dead-at-zelen")
    for slug in ("pogibshie-v-zeleni", "koshtegan-zelen"):
        assert article(slug).original == original
        assert not article(slug).is_behind_original
        assert article(slug).translation_key == original.translation_key
    assert {str(one.first_published_at.date()) for one in ArticlePage.objects.all()} == {"2026-11-13", "2026-11-24"}
    assert original.printed_path() == "/2026/11/24/dead-at-zelen/"


def test_the_chain_and_the_conflict_are_data(sample: SmallPaper) -> None:
    claims = read_claims(Claim.objects.values_list("pk", flat=True))
    by_sentence = {claim.text("en").sentence: claim for claim in claims.values()}
    around = by_sentence["Around 600 soldiers from Velmora have been killed in Drennia."]
    assert [link.source.text("en").name for link in around.chain] == ["Edda Rosling", "the Information Service"]
    (question,) = [one for one in read_questions().values() if "killed" in one.texts["en"].text]
    rivals = [claims[number] for number in question.claims]
    assert (len(rivals), independent_roots(rivals)) == (5, 3)
    (span,) = ranges(rivals, "en")
    assert (span.low, span.high, span.claims) == (212, 600, 4)
    signs = next(claim for claim in claims.values() if claim.speech_act is SpeechAct.SEES_NO_SIGNS)
    assert "sees no signs" in signs.text("en").sentence
    presence = by_sentence["Soldiers from Velmora are fighting in Drennia."]
    assert [(event.status, event.day.isoformat()) for event in presence.events] == [
        (Status.REPORTED, "2025-11-06"),
        (Status.DENIED, "2025-11-20"),
        (Status.CONFIRMED, "2026-04-17"),
    ]


@pytest.mark.parametrize("slug", ["dead-at-zelen", "pogibshie-v-zeleni", "koshtegan-zelen"])
def test_every_claim_is_marked_in_each_language_and_nothing_is_broken(sample: SmallPaper, slug: str) -> None:
    story = read_stories([article(slug).pk])[article(slug).pk]
    least = {"dead-at-zelen": 9, "pogibshie-v-zeleni": 9, "koshtegan-zelen": 7}[slug]
    assert len(story.marked) >= least
    assert not story.lost
    kinds = {finding.kind for finding in findings_of(article(slug), reader=FakeAssistant())}
    assert kinds <= {Kind.ELSEWHERE, Kind.UNMARKED}


def test_the_old_figure_is_what_the_report_finds(sample: SmallPaper) -> None:
    (found,) = findings_of(article("the-dead-of-lomenna"), reader=FakeAssistant())
    assert (found.kind, found.is_broken) == (Kind.OUTDATED, True)
    assert "though the claim was withdrawn on Nov. 17, 2026" in found.sentence
    withdrawn = Claim.objects.get(pk=found.claim)
    assert [row.page for row in standing(withdrawn) if row.is_outdated] == [article("the-dead-of-lomenna").pk]
    assert len(standing(withdrawn)) == 4


def test_the_box_of_what_is_known_has_a_mark(sample: SmallPaper) -> None:
    body = article("dead-at-zelen").body.get_prep_value()
    (box,) = [block["value"] for block in body if block["type"] == "known"]
    assert (len(box["known"]), len(box["unknown"])) == (3, 3)
    assert 'linktype="claim"' in box["known"][0]["value"]


def test_a_mark_carries_the_quote_of_its_words(sample: SmallPaper) -> None:
    first = article("dead-at-zelen").body.get_prep_value()[0]["value"]
    quote = (
        'exact="Around 600 soldiers from Velmora have been killed" prefix="" suffix=" in the Zelen province of Drenni"'
    )
    assert re.match(rf'<p><a linktype="claim" id="\d+" mark="[a-z0-9]{{10}}" {quote}>Around 600 ', first)


def test_the_page_of_the_order_is_the_one_that_is_drawn() -> None:
    tool = Path(__file__).parents[2] / "tools" / "draw_sample_order.py"
    spec = importlib.util.spec_from_file_location("draw_sample_order", tool)
    assert spec is not None
    assert spec.loader is not None
    drawing = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(drawing)
    assert (sample_folder() / "order-114.pdf").read_bytes() == drawing.drawn()


@pytest.mark.parametrize("file", article_files(), ids=lambda file: file.stem)
def test_every_mark_of_a_file_names_a_claim(file: Path) -> None:
    records = (sample_folder() / "records.toml").read_text(encoding="utf-8")
    for code in re.findall(r"\(claim:([^)]+)\)", file.read_text(encoding="utf-8")):
        assert f"[claims.{code}]" in records
