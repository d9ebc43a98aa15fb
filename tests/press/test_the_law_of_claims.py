"""The law, of claims: whatever editors do to claims, their sources and the stories they stand in, an incremental print
leaves the same bytes as a full one.
"""

import shutil
import tempfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import ClassVar

from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from stet.newsroom.models import ArticlePage
from stet.newsroom.withdrawing import withdraw
from stet.sourcing.history import NewLink, set_chain, set_status
from stet.sourcing.models import Claim, ClaimLink, ClaimText, Evidence, Question, QuestionText, Source, SourceName
from stet.sourcing.terms import Relation, SourceKind, Status, Verb, Visibility
from tests.press.builders import NOON, House, SmallPaper, stored, text
from tests.press.claim_builders import a_story, paragraph
from tests.sourcing.builders import DAY, a_claim, a_question, a_source, locale

LANGUAGES = st.sampled_from(["en", "ru"])


class ClaimsMachine(RuleBasedStateMachine):
    """Editors at work with claims, and a press that follows them."""

    claims = Bundle("claims")
    sources = Bundle("sources")
    questions = Bundle("questions")
    articles = Bundle("articles")

    begin: ClassVar[Callable[[], SmallPaper]]
    """Puts a small paper back into the database."""

    @initialize(target=claims)
    def open_the_paper(self) -> int:
        """Begin with a small paper, one claim, and a first edition."""
        self.paper = self.begin()
        self.folder = Path(tempfile.mkdtemp())
        self.house = House(self.folder / "paper")
        self.number = 0
        self.day = DAY
        self.house.print()
        return a_claim().pk

    def _next(self) -> int:
        self.number += 1
        return self.number

    # --- Records ---

    @rule(target=claims, language=LANGUAGES, is_printed=st.booleans(), best=st.sampled_from([None, 300, 600]))
    def record(self, language: str, is_printed: bool, best: int | None) -> int:
        """Record a claim that stands nowhere yet."""
        kind = {"value_kind": "number", "best": best} if best else {}
        return a_claim(f"Claim {self._next()}.", language=language, is_printed=is_printed, unit="people", **kind).pk

    @rule(target=sources, kind=st.sampled_from([SourceKind.PERSON, SourceKind.BODY, SourceKind.UNNAMED]))
    def meet(self, kind: SourceKind) -> int:
        """A source that is new."""
        number = self._next()
        return a_source(f"Source {number}", kind=kind, slug="" if kind is SourceKind.UNNAMED else f"s-{number}").pk

    @rule(target=questions, language=LANGUAGES)
    def ask(self, language: str) -> int:
        """A question that is new."""
        number = self._next()
        return a_question(f"Question {number}?", slug=f"q-{number}", language=language).pk

    @rule(claim=claims, source=sources, other=sources)
    def attribute(self, claim: int, source: int, other: int) -> None:
        """Say who says so."""
        links = [NewLink(source=Source.objects.get(pk=source), said_on=self.day)]
        if other != source:
            links.append(NewLink(source=Source.objects.get(pk=other), verb=Verb.CITED, evidence=self._evidence()))
        set_chain(Claim.objects.get(pk=claim), links, day=self.day)

    @rule(claim=claims, status=st.sampled_from(list(Status)), noted=st.booleans())
    def status(self, claim: int, status: Status, noted: bool) -> None:
        """Something becomes of a claim."""
        self.day += timedelta(days=1)
        notes = {"en": f"Note {self._next()}."} if noted else {}
        set_status(Claim.objects.get(pk=claim), status, day=self.day, notes=notes, reason="Seen.")

    @rule(claim=claims, other=claims, relation=st.sampled_from(list(Relation)))
    def relate(self, claim: int, other: int, relation: Relation) -> None:
        """One claim stands to another."""
        if claim != other:
            ClaimLink.objects.get_or_create(claim_id=claim, other_id=other, relation=relation)

    @rule(claim=claims, question=questions)
    def answer(self, claim: int, question: int) -> None:
        """A claim answers a question."""
        if Question.objects.filter(pk=question).exists():
            Claim.objects.filter(pk=claim).update(question=question)

    @rule(claim=claims, is_printed=st.booleans())
    def show(self, claim: int, is_printed: bool) -> None:
        """Show a claim without a story, or not."""
        Claim.objects.filter(pk=claim).update(is_printed=is_printed)

    @rule(claim=claims, language=LANGUAGES)
    def translate_a_claim(self, claim: int, language: str) -> None:
        """Say a claim in another language, or in other words."""
        words = {"sentence": f"Said anew {self._next()}."}
        ClaimText.objects.update_or_create(claim_id=claim, locale=locale(language), defaults=words)

    @rule(source=sources, language=LANGUAGES, has_page=st.booleans())
    def name_a_source(self, source: int, language: str, has_page: bool) -> None:
        """Name a source in another language, or otherwise."""
        number = self._next()
        slug = f"s-{number}" if has_page and not Source.objects.get(pk=source).is_unnamed else ""
        words = {"name": f"Name {number}", "slug": slug}
        SourceName.objects.update_or_create(source_id=source, locale=locale(language), defaults=words)

    @rule(source=sources, kind=st.sampled_from([SourceKind.PERSON, SourceKind.UNNAMED]))
    def name_or_unname(self, source: int, kind: SourceKind) -> None:
        """Make a source an unnamed one, or one with a name."""
        Source.objects.filter(pk=source).update(kind=kind)

    @rule(question=questions, language=LANGUAGES, has_page=st.booleans())
    def word_a_question(self, question: int, language: str, has_page: bool) -> None:
        """Ask in another language, or otherwise, or without a page."""
        if Question.objects.filter(pk=question).exists():
            number = self._next()
            words = {"text": f"Anew {number}?", "slug": f"q-{number}" if has_page else ""}
            QuestionText.objects.update_or_create(question_id=question, locale=locale(language), defaults=words)

    @rule(question=questions, is_printed=st.booleans())
    def print_a_question(self, question: int, is_printed: bool) -> None:
        """Give a question a page, or take it."""
        Question.objects.filter(pk=question).update(is_printed=is_printed)

    @rule(question=questions)
    def drop_a_question(self, question: int) -> None:
        """Delete a question; its claims stay."""
        Question.objects.filter(pk=question).delete()

    @rule(visibility=st.sampled_from(list(Visibility)))
    def hide_evidence(self, visibility: Visibility) -> None:
        """Change who may see evidence."""
        Evidence.objects.update(visibility=visibility)

    def _evidence(self) -> Evidence | None:
        """A text that lies in the newsroom's folder, the same bytes for all."""
        body, digest = b"A list of names.\n", "4d" * 32
        file = self.house.folder / "evidence" / "original" / digest[:2] / digest
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(body)
        return Evidence.objects.create(
            title=f"List {self._next()}", visibility=Visibility.PUBLIC, sha256=digest, media_type="text/plain",
            size_bytes=len(body),
        )  # fmt: skip

    # --- Stories ---

    @rule(target=articles, language=LANGUAGES, claim=claims, other=claims, hours=st.integers(1, 900))
    def write(self, language: str, claim: int, other: int, hours: int) -> int:
        """Publish a story in which claims are marked."""
        section = self.paper.sections[language][0]
        published = NOON - timedelta(hours=hours)
        return a_story(section, f"story-{self._next()}", claim, other, 999_999, published=published).pk

    @rule(article=articles, claim=claims, is_marked=st.booleans())
    def rewrite(self, article: int, claim: int, is_marked: bool) -> None:
        """Mark other words of a story, or none."""
        page = ArticlePage.objects.get(pk=article)
        page.body = stored(paragraph(claim) if is_marked else text("<p>Nothing.</p>"))
        page.save_revision().publish()

    @rule(article=articles, has_notice=st.booleans())
    def unpublish(self, article: int, has_notice: bool) -> None:
        """Take a story down."""
        page = ArticlePage.objects.get(pk=article)
        if has_notice:
            withdraw(page, reason="It was wrong.")
        page.unpublish()

    @rule(article=articles)
    def restore(self, article: int) -> None:
        """Publish it again, under another headline."""
        page = ArticlePage.objects.get(pk=article)
        page.title = f"Again {self._next()}"
        page.save_revision().publish()

    @rule(article=articles)
    def translate(self, article: int) -> None:
        """Publish a translation with the same marks, where there is none yet."""
        page = ArticlePage.objects.get(pk=article)
        other = "ru" if page.locale.language_code == "en" else "en"
        if ArticlePage.objects.filter(translation_key=page.translation_key).count() == 1:
            section, slug = self.paper.sections[other][0], f"translation-{self._next()}"
            translation = a_story(section, slug, translation_key=page.translation_key)
            ArticlePage.objects.filter(pk=translation.pk).update(body=page.body.get_prep_value())

    # --- What the press does ---

    @rule()
    def print(self) -> None:
        """Follow."""
        self.house.print()

    @rule()
    def print_and_compare(self) -> None:
        """Follow, and hold it to the law."""
        self.house.print()
        report = self.house.check()
        assert report.ok, report.sentence

    @rule()
    def lose_the_memory(self) -> None:
        """Delete journal and index; they come back."""
        self.house.forget()

    def teardown(self) -> None:
        """Hold the last state to the law, and clean up."""
        if not hasattr(self, "house"):
            return
        try:
            self.print_and_compare()
            assert self.house.verify() == []
        finally:
            shutil.rmtree(self.folder, ignore_errors=True)


def test_an_incremental_print_of_claims_is_a_full_print_byte_for_byte(paper_anew: Callable[[], SmallPaper]) -> None:
    class Beginning(ClaimsMachine):
        begin = staticmethod(paper_anew)

    run_state_machine_as_test(
        Beginning,
        settings=hypothesis_settings(
            max_examples=10, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
