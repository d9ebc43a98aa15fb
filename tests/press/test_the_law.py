"""The law: an incremental print leaves the same bytes as a full print of the same database at the same moment.

Hypothesis does to a newsroom what editors do to it in a year, in any order, printing now and then; after each print
the edition is compared with what a full print would make.
"""

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import ClassVar

from django.conf import settings
from django.core.management import call_command
from django.utils import timezone
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)
from msgspec.structs import replace as replace_fields
from taggit.models import Tag
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Revision

from stet.appeals.models import Appeal, Silence
from stet.mirrors.checks import State
from stet.mirrors.register import read_register, register_file
from stet.newsroom.embargo.rules import lift_embargoes
from stet.newsroom.live import posting
from stet.newsroom.models import (
    ArticleCorrection,
    ArticlePage,
    ArticleUpdate,
    FrontPlacement,
    LiveCoverage,
    LiveEntry,
    OutboxEntry,
    Photo,
    ReadMorePick,
    SectionPage,
    TopicPage,
)
from stet.newsroom.photos.blurring import Rectangle
from stet.newsroom.photos.replacing import blur
from stet.newsroom.withdrawing import withdraw
from tests.press.appeal_builders import an_appeal
from tests.press.builders import NOON, House, SmallPaper, a_photo, an_article, by, stored, text
from tests.press.mirror_builders import a_mirror, add, an_onion, found, register, retire

LANGUAGES = st.sampled_from(["en", "ru"])
MIRRORS = st.sampled_from(["tide", "shore", "reef", "onion"])
TAGS = st.lists(st.sampled_from(["courts", "floods", "trade"]), unique=True)
HOURS_AGO = st.integers(1, 24 * 80)


class NewsroomMachine(RuleBasedStateMachine):
    """Editors at work, and a press that follows them."""

    articles = Bundle("articles")
    photos = Bundle("photos")

    begin: ClassVar[Callable[[], SmallPaper]]
    """Puts a small paper back into the database."""

    @initialize()
    def open_the_paper(self) -> None:
        """Begin with a small paper and its first edition."""
        self.paper = self.begin()
        self.folder = Path(tempfile.mkdtemp())
        self.house = House(self.folder / "paper")
        self.number = 0
        self.clock = NOON
        self.colour = 0
        self.plain_paper = settings.STET_PAPER
        self.house.print()

    # --- What editors do ---

    @rule(
        target=articles,
        language=LANGUAGES,
        section=st.integers(0, 1),
        tags=TAGS,
        hours=HOURS_AGO,
        live=st.booleans(),
        in_topic=st.booleans(),
        signed=st.booleans(),
    )
    def write(
        self, language: str, section: int, tags: list[str], hours: int, live: bool, in_topic: bool, signed: bool
    ) -> int:
        """Create an article, live or a draft."""
        self.number += 1
        article = an_article(
            self.paper.sections[language][section],
            f"story-{self.number}",
            published=NOON - timedelta(hours=hours) if live else None,
        )
        article.tags.add(*tags)
        if in_topic:
            article.topics.add(self.paper.topics[language])
        article.save()
        if signed:
            by(article, self.paper.people[language])
        return article.pk

    @rule(article=articles, words=st.sampled_from(["flood", "verdict", "harvest"]), whole=st.booleans())
    def edit(self, article: int, words: str, whole: bool) -> None:
        """Publish other words, through a revision, as the desk does."""
        page = self._article(article)
        page.title = f"{words} {page.pk}"
        if whole:
            page.body = stored(text(f"<p>More about the {words}.</p>"))
        page.save_revision().publish()

    @rule(article=articles, words=st.sampled_from(["drafted", "sketched"]))
    def save_a_draft(self, article: int, words: str) -> None:
        """Save without publishing."""
        page = self._article(article)
        page.title = f"{words} {page.pk}"
        page.save_revision()

    @rule(article=articles, tags=TAGS)
    def tag(self, article: int, tags: list[str]) -> None:
        """Set other tags."""
        page = self._article(article)
        page.tags.set(tags)
        page.save()

    @rule(article=articles, has_notice=st.booleans())
    def unpublish(self, article: int, has_notice: bool) -> None:
        """Take an article down, with or without a notice."""
        page = self._article(article)
        if has_notice:
            withdraw(page, reason="It was wrong.")
        page.unpublish()

    @rule(article=articles)
    def restore(self, article: int) -> None:
        """Publish again what was taken down, or a draft for the first time."""
        page = self._article(article)
        if page.first_published_at is None:
            page.first_published_at = NOON
        page.save_revision().publish()

    @rule(article=consumes(articles))
    def delete(self, article: int) -> None:
        """Delete an article."""
        self._article(article).delete()

    @rule(article=articles, section=st.integers(0, 1))
    def move(self, article: int, section: int) -> None:
        """Move an article to a section."""
        page = self._article(article)
        target = SectionPage.objects.get(pk=self.paper.sections[page.locale.language_code][section].pk)
        if page.get_parent().pk != target.pk:
            page.move(target, pos="last-child")

    @rule(article=articles)
    def schedule(self, article: int) -> None:
        """Let other words, or a draft, go live later."""
        page = self._article(article)
        page.title = f"scheduled {page.pk}"
        page.go_live_at = timezone.now() + timedelta(hours=1)
        page.save_revision().publish()

    @rule()
    def the_hour_comes(self) -> None:
        """What was scheduled goes live, as Wagtail's own command does it; its clock is moved in the rows."""
        for revision in Revision.objects.filter(approved_go_live_at__isnull=False):
            revision.content["go_live_at"] = NOON.isoformat()
            revision.approved_go_live_at = NOON
            revision.save()
        call_command("publish_scheduled", verbosity=0)
        ArticlePage.objects.filter(live=True, first_published_at__gt=NOON + timedelta(days=1)).update(
            first_published_at=NOON
        )

    @rule(article=articles)
    def expire(self, article: int) -> None:
        """An article's time is over."""
        ArticlePage.objects.filter(pk=article, live=True).update(expire_at=NOON)
        call_command("publish_scheduled", verbosity=0)

    @rule(article=articles, hours=HOURS_AGO)
    def redate(self, article: int, hours: int) -> None:
        """Change the day an article was published, and with it its address."""
        ArticlePage.objects.filter(pk=article).update(first_published_at=NOON - timedelta(hours=hours))

    @rule(article=articles)
    def note_an_update(self, article: int) -> None:
        """Add an update note."""
        ArticleUpdate.objects.create(page=self._article(article), date=NOON.date(), text="<p>The court answered.</p>")

    @rule(article=articles, is_over=st.booleans())
    def hold_back(self, article: int, is_over: bool) -> None:
        """Put a row under embargo, as no button can; where its hour is over, the scheduler takes it off."""
        hour = timezone.now() + timedelta(hours=-1 if is_over else 1)
        ArticlePage.objects.filter(pk=article).update(embargoed_until=hour)
        lift_embargoes()

    @rule(article=articles)
    def let_go_together(self, article: int) -> None:
        """Let a draft and the front that leads with it go live as a bundle does."""
        page = self._article(article)
        page.title = f"together {page.pk}"
        page.save_revision().publish()
        front = self.paper.fronts[page.locale.language_code]
        front.title = f"Paper of {page.pk}"
        front.save()
        OutboxEntry.objects.create(key=f"together:{page.pk}")

    @rule(article=articles, words=st.sampled_from(["Rain", "Votes " * 300]), is_pinned=st.booleans())
    def post_live(self, article: int, words: str, is_pinned: bool) -> None:
        """Post an entry to a story, which is covered live from then on."""
        self.clock += timedelta(minutes=1)
        coverage = posting.begin(self._article(article), user=None, now=self.clock)
        entry = LiveEntry(coverage=coverage, headline="Now", text=f"<p>{words}</p>", is_pinned=is_pinned)
        posting.post(entry, user=None, now=self.clock)

    @rule(article=articles, number=st.integers(1, 4), what=st.sampled_from(["change", "take away", "end", "wait"]))
    def change_what_is_live(self, article: int, number: int, what: str) -> None:
        """Correct an entry, take it away, hand another one in, or end the coverage."""
        self.clock += timedelta(minutes=1)
        coverage = LiveCoverage.objects.filter(pk=article).first()
        entry = LiveEntry.objects.filter(coverage=article, number=number).first()
        if coverage is not None and what == "end":
            posting.end(coverage, user=None, now=self.clock)
        elif coverage is not None and what == "wait":
            posting.keep_waiting(LiveEntry(coverage=coverage, headline="Not yet"), user=None)
        elif entry is not None and what == "change":
            entry.headline, entry.correction = f"As of {self.clock.minute}", "It was Tuesday."
            posting.change(entry, user=None, now=self.clock)
        elif entry is not None and what == "take away":
            posting.take_away(entry, user=None, now=self.clock)

    @rule(article=articles)
    def correct(self, article: int) -> None:
        """Add a correction."""
        ArticleCorrection.objects.create(page_id=article, date=NOON.date(), text="<p>It was Tuesday.</p>")

    @rule(article=articles, other=articles)
    def pick(self, article: int, other: int) -> None:
        """Pick a story to read more of."""
        ReadMorePick.objects.create(page_id=article, article_id=other)

    @rule(article=articles, other=articles)
    def link(self, article: int, other: int) -> None:
        """Link to another story in the text."""
        page = self._article(article)
        page.body = stored(text(f'<p>As <a linktype="page" id="{other}">we wrote</a>.</p>'))
        page.save_revision().publish()

    @rule(article=articles)
    def translate(self, article: int) -> None:
        """Publish a translation, where there is none yet."""
        page = self._article(article)
        other = "ru" if page.locale.language_code == "en" else "en"
        if ArticlePage.objects.filter(translation_key=page.translation_key).count() > 1:
            return
        self.number += 1
        translation = an_article(
            self.paper.sections[other][0],
            f"translation-{self.number}",
            published=NOON,
            translation_key=page.translation_key,
        )
        translation.follow_original(page)

    @rule(article=articles)
    def put_on_the_front(self, article: int) -> None:
        """Place a story by hand."""
        front = self.paper.fronts[self._article(article).locale.language_code]
        FrontPlacement.objects.create(page=front, article_id=article)

    # --- What happens around the articles ---

    @rule(language=LANGUAGES, name=st.sampled_from(["The dam", "The flood"]))
    def rename_a_topic(self, language: str, name: str) -> None:
        """Give a topic another name."""
        page = TopicPage.objects.get(pk=self.paper.topics[language].pk)
        page.title = name
        page.save_revision().publish()

    @rule(article=articles)
    def take_the_photo_off(self, article: int) -> None:
        """An article loses its photo."""
        ArticlePage.objects.filter(pk=article).update(lead_photo=None)

    @rule(language=LANGUAGES, section=st.integers(0, 1), name=st.sampled_from(["Power", "Arts", "World"]))
    def rename_a_section(self, language: str, section: int, name: str) -> None:
        """Give a section another name."""
        page = SectionPage.objects.get(pk=self.paper.sections[language][section].pk)
        page.title = name
        page.save_revision().publish()

    @rule(
        language=LANGUAGES,
        name=st.sampled_from(["Ann Fell", "Ann Moor"]),
        kind=st.sampled_from(["name", "pen_name", "withheld"]),
    )
    def rename_a_person(self, language: str, name: str, kind: str) -> None:
        """Give a person another name, or none."""
        person = self.paper.people[language]
        person.name, person.kind = name, kind
        person.save()

    @rule(target=photos, article=articles)
    def add_a_photo(self, article: int) -> int:
        """Give an article a photo."""
        self.colour += 1
        photo = a_photo(f"#{self.colour * 40 % 256:02x}8040")
        ArticlePage.objects.filter(pk=article).update(lead_photo=photo)
        return photo.pk

    @rule(photo=photos, credit=st.sampled_from(["Nina / Example", "Otto / Example"]))
    def credit_a_photo(self, photo: int, credit: str) -> None:
        """Change a photo's credit."""
        Photo.objects.filter(pk=photo).update(credit=credit)

    @rule(photo=photos, days=st.sampled_from([None, -1, 0, 1, 2]), not_in_letters=st.booleans())
    def change_a_photos_rights(self, photo: int, days: int | None, not_in_letters: bool) -> None:
        """A photo may be used until a day, and in letters or not; a focal point is set with it."""
        until = None if days is None else self.house.now.date() + timedelta(days=days)
        point = None if days is None else 10 + days
        Photo.objects.filter(pk=photo).update(
            usable_until=until, not_in_letters=not_in_letters, focal_point_x=point, focal_point_y=point
        )

    @rule(photo=photos)
    def blur_a_photo(self, photo: int) -> None:
        """A photo gets other pixels."""
        blur(Photo.objects.get(pk=photo), (Rectangle(x=4, y=4, width=20, height=12),), "cover")

    @rule(photo=consumes(photos))
    def delete_a_photo(self, photo: int) -> None:
        """Delete a photo that may be in use."""
        Photo.objects.get(pk=photo).delete()

    @rule(licence=st.sampled_from(["", "CC BY 4.0"]))
    def change_the_settings(self, licence: str) -> None:
        """Start again with other settings."""
        settings.STET_PAPER = replace(settings.STET_PAPER, licence=licence)

    @rule(article=articles, number=st.integers(1, 3))
    def redirect(self, article: int, number: int) -> None:
        """Lead an old address to a story."""
        Redirect.objects.update_or_create(old_path=f"/old-{number}", site=None, defaults={"redirect_page_id": article})

    @rule(
        language=LANGUAGES,
        slot=st.sampled_from(["banner", "letter"]),
        scope=st.sampled_from(["all", "section", "tag"]),
        days=st.sampled_from([(None, None), (-3, 1), (1, 2), (0, None)]),
        live=st.booleans(),
    )
    def appeal(self, language: str, slot: str, scope: str, days: tuple[int | None, int | None], live: bool) -> None:
        """Ask readers for something, everywhere or in a part of the paper, for some days."""
        self.number += 1
        first, last = (self.house.now.date() + timedelta(days=n) if n is not None else None for n in days)
        tag, _is_new = Tag.objects.get_or_create(name="courts", slug="courts")
        an_appeal(
            self.paper, f"appeal-{self.number}", language=language, slot=slot, first_day=first, last_day=last,
            live=live,
            sections=(self.paper.sections[language][0],) if scope == "section" else (),
            tags=(tag,) if scope == "tag" else (),
        )  # fmt: skip

    @rule(number=st.integers(0, 3), what=st.sampled_from(["reword", "move", "unpublish", "publish", "delete"]))
    def change_an_appeal(self, number: int, what: str) -> None:
        """Change an appeal's words or its place, take it down, publish it again, delete it."""
        found = Appeal.objects.order_by("pk")[number : number + 1].first()
        if found is None:
            return
        if what == "delete":
            found.delete()
        elif what == "unpublish":
            found.unpublish()
        elif what == "publish":
            found.save_revision().publish()
        elif what == "reword":
            found.variants.update(title=f"Other words {self.number}")
        else:
            found.sections_in.set([self.paper.sections[found.locale.language_code][1]])
            found.save()

    @rule(is_silent=st.booleans())
    def silence(self, is_silent: bool) -> None:
        """Stop all asking, or let it go on."""
        Silence.objects.update_or_create(pk=1, defaults={"is_silent": is_silent})

    @rule(language=LANGUAGES, is_sensitive=st.booleans())
    def mark_a_section(self, language: str, is_sensitive: bool) -> None:
        """Mark a section as sensitive, or not."""
        SectionPage.objects.filter(pk=self.paper.sections[language][0].pk).update(is_sensitive=is_sensitive)

    @rule(article=articles)
    def mark_an_article(self, article: int) -> None:
        """Mark an article as sensitive."""
        ArticlePage.objects.filter(pk=article).update(is_sensitive=True)

    @rule(name=MIRRORS, is_listed=st.booleans(), days=st.integers(-10, 10))
    def add_a_mirror(self, name: str, is_listed: bool, days: int) -> None:
        """Name a mirror, where it is not named yet."""
        if all(one.name != name for one in read_register(self.house.folder).mirrors):
            mirror = an_onion() if name == "onion" else a_mirror(name, is_listed=is_listed)
            add(self.house.folder, replace_fields(mirror, added=NOON + timedelta(days=days)))

    @rule(name=MIRRORS, days=st.sampled_from([None, -5, 0, 5]))
    def retire_a_mirror(self, name: str, days: int | None) -> None:
        """Give a mirror up, or take that back."""
        retire(self.house.folder, name, None if days is None else NOON + timedelta(days=days))

    @rule(name=MIRRORS, state=st.sampled_from(State), minutes=st.integers(0, 200))
    def look_at_a_mirror(self, name: str, state: State, minutes: int) -> None:
        """A check finds something."""
        found(self.house.folder, name, state, self.house.now, published=self.house.now - timedelta(minutes=minutes))

    @rule(is_gone=st.booleans())
    def lose_the_register(self, is_gone: bool) -> None:
        """`mirrors.json` is gone, or begins anew."""
        register(self.house.folder)
        if is_gone:
            register_file(self.house.folder).unlink()

    @rule(hours=st.integers(1, 40))
    def wait(self, hours: int) -> None:
        """Let time pass."""
        self.house.now += timedelta(hours=hours)

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

    @precondition(lambda self: self.number > 3)
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
            settings.STET_PAPER = self.plain_paper
            shutil.rmtree(self.folder, ignore_errors=True)

    def _article(self, number: int) -> ArticlePage:
        page = ArticlePage.objects.get(pk=number)
        page.embargoed_until = None  # Editors take it off before they publish: no button lets it pass.
        return page


def test_an_incremental_print_is_a_full_print_byte_for_byte(paper_anew: Callable[[], SmallPaper]) -> None:
    class Beginning(NewsroomMachine):
        begin = staticmethod(paper_anew)

    run_state_machine_as_test(
        Beginning,
        settings=hypothesis_settings(
            max_examples=12, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
