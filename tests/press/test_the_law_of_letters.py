"""The law, with letters: editors make lists, pick stories and send letters while everything else goes on as before."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, time, timedelta

from django.conf import settings
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, consumes, initialize, rule, run_state_machine_as_test
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import PageViewRestriction

from stet.letters.models import LetterPage, ListPage
from stet.newsroom.models import StaticPage
from tests.press.builders import SmallPaper, stored, text
from tests.press.letter_builders import FRIDAY, a_letter, a_list, a_policy, a_story
from tests.press.test_the_law import LANGUAGES, NewsroomMachine


class LettersMachine(NewsroomMachine):
    """Editors at work on letters too."""

    lists = Bundle("lists")
    letters = Bundle("letters")

    @initialize(target=lists)
    def open_the_paper(self) -> int:  # type: ignore[override]  # this machine begins with a list
        """A paper with a frontdesk and a list."""
        super().open_the_paper()
        self.made = 0
        settings.STET_PAPER = replace(settings.STET_PAPER, frontdesk_url="https://join.example.org")
        self.house.print()
        return a_list(self.paper.fronts["en"]).pk

    # --- Lists ---

    @rule(target=lists, language=LANGUAGES, is_open=st.booleans(), photos=st.booleans())
    def make_a_list(self, language: str, is_open: bool, photos: bool) -> int:
        """Another list."""
        self.made += 1
        return a_list(self.paper.fronts[language], f"list-{self.made}", is_open=is_open, has_photos=photos).pk

    @rule(of=lists, name=st.sampled_from(["Daily", "Weekly"]), hour=st.integers(6, 9), is_open=st.booleans())
    def change_a_list(self, of: int, name: str, hour: int, is_open: bool) -> None:
        """Another name and hour; open or closed."""
        page = self._list(of)
        page.title, page.hour, page.is_open = f"{name} {page.pk}", time(hour), is_open
        page.save_revision().publish()

    @rule(of=lists)
    def readdress_a_list(self, of: int) -> None:
        """Another slug, and with it another address for each of its letters."""
        self.made += 1
        page = self._list(of)
        page.slug = f"list-{self.made}"
        page.save_revision().publish()

    @rule(of=lists, live=st.booleans())
    def take_a_list_down_or_up(self, of: int, live: bool) -> None:
        """Unpublish a list, or publish it again."""
        page = self._list(of)
        page.save_revision().publish() if live else page.unpublish()

    @rule(of=lists, other=lists)
    def put_a_list_before_another(self, of: int, other: int) -> None:
        """The first open list of a language is the one in the foot of each page."""
        one, two = self._list(of), self._list(other)
        if one.pk != two.pk and one.get_parent() == two.get_parent():
            one.move(two, pos="left")

    @rule(of=lists)
    def make_a_list_private(self, of: int) -> None:
        """Nothing below a private page is printed; a second time it is private no more."""
        page = self._list(of)
        dropped, _ = PageViewRestriction.objects.filter(page_id=of).delete()
        if not dropped:
            PageViewRestriction.objects.create(page=page, restriction_type="login")

    @rule(language=LANGUAGES, version=st.sampled_from(["1", "2"]))
    def change_the_policy(self, language: str, version: str) -> None:
        """Another version of the privacy policy, or the first."""
        known = StaticPage.objects.filter(slug="privacy", locale__language_code=language).first()
        if known is None:
            a_policy(self.paper.fronts[language], version)
        else:
            known.version = version
            known.save_revision().publish()

    @rule(url=st.sampled_from(["", "https://join.example.org", "https://join.example.com"]))
    def move_the_frontdesk(self, url: str) -> None:
        """Start again with another address of the frontdesk, or none."""
        settings.STET_PAPER = replace(settings.STET_PAPER, frontdesk_url=url)

    # --- Letters ---

    @rule(target=letters, of=lists, live=st.booleans(), days=st.integers(0, 40), sent=st.booleans())
    def write_a_letter(self, of: int, live: bool, days: int, sent: bool) -> int:
        """A letter without stories, live or a draft."""
        self.made += 1
        due = FRIDAY - timedelta(days=days)
        return a_letter(self._list(of), f"letter-{self.made}", live=live, due_date=due, is_sent=sent).pk

    @rule(letter=letters, story=NewsroomMachine.articles, other=NewsroomMachine.articles, with_photo=st.booleans())
    def pick_stories(self, letter: int, story: int, other: int, with_photo: bool) -> None:
        """Pick two stories, one under a headline of the letter's own, and link to one in the text."""
        page = self._letter(letter)
        page.body = stored(
            a_story(story, with_photo=with_photo),
            ("divider", "Also"),
            a_story(other, headline="In other words"),
            text(f'<p>As <a linktype="page" id="{story}">we wrote</a>.</p>'),
        )
        page.save_revision().publish()

    @rule(letter=letters, photo=NewsroomMachine.photos, story=NewsroomMachine.articles)
    def give_a_story_another_photo(self, letter: int, photo: int, story: int) -> None:
        """A photo of the letter's own."""
        page = self._letter(letter)
        page.body = stored(a_story(story, photo=photo))
        page.save_revision().publish()

    @rule(letter=letters, subject=st.sampled_from(["Harvest", "Verdict"]), hour=st.sampled_from([None, 7, 10]))
    def edit_a_letter(self, letter: int, subject: str, hour: int | None) -> None:
        """Another subject and hour."""
        page = self._letter(letter)
        page.title, page.due_time = subject, None if hour is None else time(hour)
        page.save_revision().publish()

    @rule(letter=letters, words=st.sampled_from(["One.", "Two."]))
    def write_past_the_desk(self, letter: int, words: str) -> None:
        """A script changes a letter: no revision, no signal."""
        LetterPage.objects.filter(pk=letter).update(intro=f"<p>{words}</p>")

    @rule(letter=letters, live=st.booleans())
    def take_a_letter_down_or_up(self, letter: int, live: bool) -> None:
        """Unpublish a letter, or publish it again."""
        page = self._letter(letter)
        page.save_revision().publish() if live else page.unpublish()

    @rule(letter=letters, of=lists)
    def move_a_letter(self, letter: int, of: int) -> None:
        """Move a letter to another list."""
        page, target = self._letter(letter), self._list(of)
        if page.get_parent().pk != target.pk and page.locale_id == target.locale_id:
            page.move(target, pos="last-child")

    @rule(letter=consumes(letters))
    def delete_a_letter(self, letter: int) -> None:
        """Delete a letter."""
        self._letter(letter).delete()

    @rule(letter=letters, days=st.integers(0, 9))
    def put_a_letter_off(self, letter: int, days: int) -> None:
        """Another day."""
        LetterPage.objects.filter(pk=letter).update(due_date=date(2026, 3, 1) + timedelta(days=days))

    @rule(letter=letters, of=lists, article=NewsroomMachine.articles)
    def link_to_letters(self, letter: int, of: int, article: int) -> None:
        """An article links to a letter and to a list."""
        page = self._article(article)
        links = "".join(f'<a linktype="page" id="{n}">here</a> ' for n in (letter, of))
        page.body = stored(text(f"<p>Sign up {links}</p>"))
        page.save_revision().publish()

    @rule(letter=letters, number=st.integers(1, 3))
    def redirect_to_a_letter(self, letter: int, number: int) -> None:
        """Lead an old address, which a list may take, to a letter."""
        Redirect.objects.update_or_create(
            old_path=f"/letters/list-{number}", site=None, defaults={"redirect_page_id": letter}
        )

    def _list(self, number: int) -> ListPage:
        return ListPage.objects.get(pk=number)

    def _letter(self, number: int) -> LetterPage:
        return LetterPage.objects.get(pk=number)


def test_an_incremental_print_of_letters_is_a_full_print_byte_for_byte(paper_anew: Callable[[], SmallPaper]) -> None:
    class Beginning(LettersMachine):
        begin = staticmethod(paper_anew)

    run_state_machine_as_test(
        Beginning,
        settings=hypothesis_settings(
            max_examples=8, stateful_step_count=50, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
