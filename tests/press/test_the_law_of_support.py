"""The law, with giving: editors make and change support pages, and the private wing tells, while all else goes on."""

from collections.abc import Callable
from dataclasses import replace

from django.conf import settings
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule, run_state_machine_as_test
from wagtail.models import PageViewRestriction

from stet.appeals.models import SupportPage
from tests.press.builders import SmallPaper, stored, text
from tests.press.support_builders import BANK, CARD, EUR, JPY, USD, a_support_page, currencies, methods, tell, warnings
from tests.press.test_the_law import LANGUAGES, NewsroomMachine

CURRENCIES = st.lists(st.sampled_from([USD, EUR, JPY]), min_size=1, max_size=3, unique_by=lambda one: one["currency"])


class SupportMachine(NewsroomMachine):
    """Editors at work on support pages too."""

    @initialize()
    def open_the_paper(self) -> None:
        """A paper with a frontdesk."""
        super().open_the_paper()
        settings.STET_PAPER = replace(settings.STET_PAPER, frontdesk_url="https://join.example.org")
        self.house.print()

    def _pages(self, language: str) -> list[SupportPage]:
        return list(SupportPage.objects.filter(locale__language_code=language))

    @rule(language=LANGUAGES, offered=CURRENCIES, is_open=st.booleans())
    def make_a_support_page(self, language: str, offered: list[dict[str, str]], is_open: bool) -> None:
        """The one of a language, where it has none."""
        if not self._pages(language):
            a_support_page(self.paper.fronts[language], currencies=currencies(*offered), is_open=is_open)

    @rule(
        language=LANGUAGES,
        offered=CURRENCIES,
        label=st.sampled_from(["FAR SHORE", "NEAR SHORE"]),
        warned=st.lists(st.sampled_from(["XV", "XW"]), unique=True),
        has_bank=st.booleans(),
        is_open=st.booleans(),
        has_ticker=st.booleans(),
    )
    def change_a_support_page(
        self, language: str, offered: list[dict[str, str]], label: str, warned: list[str], has_bank: bool,
        is_open: bool, has_ticker: bool,
    ) -> None:  # fmt: skip
        """Everything that is printed of it, through a revision."""
        for page in self._pages(language):
            page.currencies, page.statement_label, page.warnings = currencies(*offered), label, warnings(*warned)
            page.methods = methods(CARD, BANK) if has_bank else methods(CARD)
            page.is_open, page.has_ticker = is_open, has_ticker
            page.save_revision().publish()

    @rule(language=LANGUAGES, live=st.booleans())
    def take_a_support_page_down_or_up(self, language: str, live: bool) -> None:
        """Unpublish it, or publish it again."""
        for page in self._pages(language):
            page.save_revision().publish() if live else page.unpublish()

    @rule(language=LANGUAGES)
    def delete_a_support_page(self, language: str) -> None:
        """Delete it."""
        for page in self._pages(language):
            page.delete()

    @rule(language=LANGUAGES)
    def make_a_support_page_private(self, language: str) -> None:
        """A private page is not printed; a second time it is private no more."""
        for page in self._pages(language):
            dropped, _ = PageViewRestriction.objects.filter(page=page).delete()
            if not dropped:
                PageViewRestriction.objects.create(page=page, restriction_type="login")

    @rule(article=NewsroomMachine.articles, language=LANGUAGES)
    def link_to_a_support_page(self, article: int, language: str) -> None:
        """Link to it from an article's text."""
        for page in self._pages(language):
            story = self._article(article)
            story.body = stored(text(f'<p><a linktype="page" id="{page.pk}">Help us</a>.</p>'))
            story.save_revision().publish()

    @rule(supporters=st.sampled_from([None, 20, 1240]))
    def tell_a_tally(self, supporters: int | None) -> None:
        """The ledger counted."""
        tell(self.house.folder, "tally", {"supporters": supporters})

    @rule(
        languages=st.lists(LANGUAGES, unique=True), asking=st.sampled_from(["closed", "warning"]), is_told=st.booleans()
    )
    def designate(self, languages: list[str], asking: str, is_told: bool) -> None:
        """A country made giving a crime, or it did not."""
        countries = [{"country": "XV", "languages": languages, "asking": asking}] if is_told else []
        tell(self.house.folder, "designation", {"version": 1, "designations": countries})

    @rule(codes=st.sampled_from([None, [], ["EUR"], ["EUR", "JPY"]]))
    def tell_ways(self, codes: list[str] | None) -> None:
        """The ledger has another account, or none whose currencies are limited."""
        limited = {} if codes is None else {"practice": codes, "bank": codes}
        tell(self.house.folder, "ways", {"version": 1, "currencies": limited})

    @rule(url=st.sampled_from(["", "https://join.example.org"]))
    def move_the_frontdesk(self, url: str) -> None:
        """Start again with a frontdesk, or without one."""
        settings.STET_PAPER = replace(settings.STET_PAPER, frontdesk_url=url)


def test_an_incremental_print_of_support_pages_is_a_full_print_byte_for_byte(
    paper_anew: Callable[[], SmallPaper],
) -> None:
    class Beginning(SupportMachine):
        begin = staticmethod(paper_anew)

    run_state_machine_as_test(
        Beginning,
        settings=hypothesis_settings(
            max_examples=8, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
