"""Claims in the editor, in a browser: words marked by mouse and by keyboard, kept, changed, lost, offered."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from playwright.sync_api import Locator, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from stet.newsroom.models import ArticlePage
from stet.sourcing.anchoring import Quote, State
from stet.sourcing.editor import offers
from stet.sourcing.marking import marks_in
from stet.sourcing.models import Claim, Mention, Source
from stet.sourcing.reading import read_claims
from stet.sourcing.rich_text import opening_tag
from tests.press.builders import a_paper, an_article, clear_newsroom, stored, text
from tests.sourcing import simulated_assistant
from tests.sourcing.builders import a_claim, a_source, clear_sourcing

CHROMIUM = next((found for name in ("chromium", "chromium-browser") if (found := shutil.which(name))), None)
ENGLISH = "<p>Anna Lind said that 600 people were killed at Zelen. Nobody else has said so.</p><p>More later.</p>"
PERSIAN = "<p>آنا لیند گفت ۶۰۰ نفر در زلن کشته شدند. کس دیگری چنین نگفته است.</p>"

SELECT = """([start, end]) => {
  const input = window.stetSourcing.inputs()[0];
  const state = input.draftailEditor.getEditorState();
  const block = state.getCurrentContent().getFirstBlock();
  const selection = window.DraftJS.SelectionState.createEmpty(block.getKey());
  const wanted = selection.merge({anchorOffset: start, focusOffset: end, hasFocus: true});
  input.draftailEditor.onChange(window.DraftJS.EditorState.forceSelection(state, wanted));
}"""

SETTLED = """() => new Promise((resolve) => {
  const told = (raw) => JSON.stringify(
    [(raw ? raw.blocks : []).map((block) => [block.text, block.entityRanges]),
     Object.values(raw ? raw.entityMap : {}).map((entity) => entity.data)]);
  const now = (input) => window.DraftJS.convertToRaw(input.draftailEditor.getEditorState().getCurrentContent());
  const look = () =>
    window.stetSourcing.inputs().every((input) => told(JSON.parse(input.value)) === told(now(input)))
      ? resolve()
      : setTimeout(look, 50);
  look();
})"""
"""Draftail writes what was typed into the form's field a moment later."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """A browser at the desk, with an editor signed in."""

    page: Page
    url: str
    stories: dict[str, ArticlePage]

    def open(self, language: str = "en") -> None:
        """Open a story's form and wait until its text is there."""
        self.page.goto(f"{self.url}/pages/{self.stories[language].pk}/edit/")
        self.text.first.wait_for()
        self.panel.locator("[data-stet-story] h3").first.wait_for(state="attached")

    @property
    def text(self) -> Locator:
        """The story's text in the form."""
        return self.page.locator("[data-contentpath=body] .public-DraftEditor-content")

    @property
    def marks(self) -> Locator:
        """Marked words."""
        return self.page.locator("[data-contentpath=body] .stet-claim")

    @property
    def drawer(self) -> Locator:
        """The drawer."""
        return self.page.locator("dialog.stet-drawer")

    @property
    def panel(self) -> Locator:
        """The panel."""
        return self.page.locator("[data-stet-sourcing]")

    def select(self, start: int, end: int) -> None:
        """Put the selection on characters of the first paragraph, as a mouse would."""
        self.text.first.click()
        self.page.evaluate(SELECT, [start, end])

    def select_by_keys(self, start: int, end: int) -> None:
        """The same by keyboard."""
        self.text.first.click()
        self.page.keyboard.press("Control+Home")
        onward = "ArrowLeft" if self.text.locator(".public-DraftStyleDefault-rtl").count() else "ArrowRight"
        for number in range(end):
            # Draft.js draws anew after each key, and takes the next one then.
            self.page.keyboard.press(onward if number < start else f"Shift+{onward}", delay=60)

    def show_panel(self) -> None:
        """Open the panel."""
        if not self.panel.is_visible():
            self.page.locator("[data-side-panel-toggle=sourcing]").click()
        self.panel.wait_for()

    def save(self) -> None:
        """Save the draft and load the form anew."""
        self.page.evaluate(SETTLED)
        self.page.get_by_role("button", name="Save draft").click()
        self.page.locator(".messages").get_by_text("updated").first.wait_for()

    def marked(self, language: str = "en") -> list[tuple[str, str]]:
        """Words and states of the draft that was saved."""
        latest: Any = ArticlePage.objects.get(pk=self.stories[language].pk).get_latest_revision_as_object()
        return [(mark.words, str(mark.state)) for mark in marks_in(latest.body)]


@pytest.fixture
def desk(live_server: LiveServer, client: object, monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[Desk]:
    """An English and a Persian story, and an editor at the desk, who alone saves: nothing is under way beside it."""
    settings.WAGTAIL_AUTOSAVE_INTERVAL = 0
    clear_newsroom()
    paper = a_paper(("en", "fa"))
    stories = {
        code: an_article(paper.sections[code][0], f"zelen-{code}", body=stored(text(words)))
        for code, words in (("en", ENGLISH), ("fa", PERSIAN))
    }
    get_user_model().objects.create_superuser(username="lida", password="a long password")
    monkeypatch.setattr(offers, "assistant", lambda: simulated_assistant)
    # Playwright runs a loop of its own, beside which Django would not let the test look into the database.
    monkeypatch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        tab = browser.new_page(viewport={"width": 1440, "height": 1000})
        tab.set_default_timeout(20_000)
        tab.goto(f"{live_server.url}/login/")
        tab.fill("[name=username]", "lida")
        tab.fill("[name=password]", "a long password")
        tab.click("button[type=submit]")
        tab.wait_for_url(f"{live_server.url}/")
        errors: list[str] = []
        tab.on("pageerror", lambda error: errors.append(str(error)))
        tab.evaluate("localStorage.clear()")
        yield Desk(page=tab, url=live_server.url, stories=stories)
        assert not errors
        browser.close()
    clear_newsroom()
    clear_sourcing()


def test_words_are_marked_with_a_new_claim_and_the_mark_is_there_after_saving(desk: Desk) -> None:
    desk.open()
    desk.select(20, 34)
    desk.page.locator(".Draftail-ToolbarButton[name=CLAIM]").first.click()
    form = desk.drawer.locator("[data-stet-form]")
    form.wait_for()
    assert form.locator("[name=sentence]").input_value() == "600 people wer"
    form.locator("[name=sentence]").fill("Around 600 people were killed.")
    form.locator("[name=chain-0-name]").fill("Anna Lind")
    form.locator("[name=chain-0-role]").fill("lawmaker")
    form.get_by_role("button", name="They cite somebody").click()
    form.locator("[name=chain-1-name]").fill("the Border Agency")
    form.locator("[name=chain-1-kind]").select_option("body")
    form.locator("[name=chain-1-verb]").select_option("cited")
    form.locator("[name=value_kind]").select_option("number")
    form.locator("[name=best]").fill("600")
    form.locator("[name=unit]").fill("people")
    form.get_by_role("button", name="Make the claim").click()
    desk.drawer.wait_for(state="detached")
    assert desk.marks.all_inner_texts() == ["600 people wer"]
    desk.save()
    claim = read_claims([Claim.objects.get().pk]).popitem()[1]
    assert [(link.source.text("en").name, link.verb) for link in claim.chain] == [
        ("Anna Lind", "said"), ("the Border Agency", "cited"),
    ]  # fmt: skip
    assert (claim.text("en").sentence, claim.best, claim.text("en").unit) == (
        "Around 600 people were killed.",
        600,
        "people",
    )
    assert desk.marked() == [("600 people wer", "kept")]
    assert [row.state for row in Mention.objects.all()] == [State.KEPT]
    desk.open()
    assert desk.marks.all_inner_texts() == ["600 people wer"]
    desk.show_panel()
    assert "the Border Agency" in desk.panel.inner_text()


def test_words_changed_under_a_mark_are_reported_and_said_to_be_right_by_an_editor(desk: Desk) -> None:
    attach(desk, 20, 23, a_claim("Around 600 were killed.", chain=(a_source("Olof Hale"),)))
    desk.save()
    desk.open()
    desk.select(22, 22)
    desk.page.keyboard.type("5")
    desk.show_panel()
    desk.panel.get_by_text("words changed").wait_for()
    assert desk.marks.first.get_attribute("data-stet-state") == "changed"
    desk.save()
    assert desk.marked() == [("6050", "changed")]
    assert [row.state for row in Mention.objects.all()] == [State.CHANGED]
    desk.open()
    desk.show_panel()
    desk.panel.get_by_role("button", name="The words are right").click()
    desk.panel.get_by_text("words changed").wait_for(state="detached")
    desk.save()
    assert desk.marked() == [("6050", "kept")]


def attach(desk: Desk, start: int, end: int, claim: Claim, *, language: str = "en", by_keys: bool = False) -> None:
    """Mark words with a claim that is there, by keyboard."""
    desk.open(language)
    (desk.select_by_keys if by_keys else desk.select)(start, end)
    desk.page.keyboard.press("Control+Shift+L")
    desk.drawer.locator("[data-stet-search]").wait_for()
    desk.page.keyboard.type(claim.sentence_in(None)[:10])
    found = desk.drawer.locator(f"[data-stet-attach='{claim.pk}']")
    found.wait_for()
    while not found.evaluate("element => element === document.activeElement"):
        desk.page.keyboard.press("Tab")
    desk.page.keyboard.press("Enter")
    desk.drawer.wait_for(state="detached")
    desk.marks.first.wait_for()


def test_a_lost_mark_is_reported_and_put_back_on_the_same_words_only_when_an_editor_says_so(desk: Desk) -> None:
    attach(desk, 20, 23, a_claim())
    desk.save()
    desk.open()
    desk.select(20, 23)
    desk.page.keyboard.press("Backspace")
    desk.page.keyboard.type("600")
    desk.show_panel()
    again = desk.panel.get_by_role("button", name="mark them again")
    again.wait_for()
    assert desk.marks.count() == 0
    desk.save()
    assert desk.marked() == []
    assert [row.state for row in Mention.objects.all()] == [State.GONE]
    desk.open()
    desk.show_panel()
    again.click()
    again.wait_for(state="detached")
    desk.save()
    assert desk.marked() == [("600", "kept")]
    assert [row.state for row in Mention.objects.all()] == [State.KEPT]


def test_a_mark_taken_off_in_the_drawer_is_no_loss(desk: Desk) -> None:
    attach(desk, 20, 23, a_claim())
    desk.save()
    desk.open()
    desk.select(21, 21)
    desk.page.keyboard.press("Control+Shift+L")
    desk.drawer.get_by_text("Around 600 were killed.").first.wait_for()
    desk.drawer.get_by_role("button", name="Take the mark off").click()
    desk.drawer.wait_for(state="detached")
    assert desk.marks.count() == 0
    desk.save()
    assert desk.marked() == []
    assert not Mention.objects.exists()


def test_an_offer_becomes_source_claim_and_mark_with_one_press_and_another_stays_aside(desk: Desk) -> None:
    desk.open()
    desk.show_panel()
    desk.panel.get_by_role("button", name="Suggest").click()
    offer = desk.panel.locator("[data-stet-offer]")
    offer.wait_for()
    assert not Claim.objects.exists()
    desk.page.keyboard.press("a")
    form = desk.drawer.locator("[data-stet-form]")
    form.wait_for()
    assert form.locator("[name=chain-0-name]").input_value() == "Anna Lind"
    form.get_by_role("button", name="Make the claim").click()
    desk.drawer.wait_for(state="detached")
    words = "600 people were killed at Zelen"
    assert desk.marks.all_inner_texts() == [words]
    desk.save()
    assert desk.marked() == [(words, "kept")]
    assert [source.name_in("en") for source in Source.objects.all()] == ["Anna Lind"]
    desk.open()
    desk.show_panel()
    desk.panel.get_by_role("button", name="Suggest").click()
    desk.panel.get_by_text("nothing more to offer").wait_for()


def test_an_offer_that_was_put_aside_does_not_come_again(desk: Desk) -> None:
    desk.open()
    for _ in range(2):
        desk.show_panel()
        desk.panel.get_by_role("button", name="Suggest").click()
        desk.panel.locator("[data-stet-offers] :is(li, p)").first.wait_for()
        if desk.panel.locator("[data-stet-offer]").count():
            desk.page.keyboard.press("d")
            assert desk.panel.locator("[data-stet-offer]").count() == 0
    desk.panel.get_by_text("nothing more to offer").wait_for()
    kept = desk.page.evaluate("JSON.stringify(localStorage)")
    assert "600" not in kept.split("stet-aside")[1].split("]")[0]
    assert desk.marks.count() == 0


def test_the_drawer_keeps_the_keyboard_closes_with_escape_and_marks_nothing_then(desk: Desk) -> None:
    desk.open()
    desk.select(20, 23)
    desk.page.keyboard.press("Control+Shift+L")
    desk.drawer.locator("[data-stet-form]").wait_for()
    for _ in range(40):
        desk.page.keyboard.press("Tab")
        inside = (
            "document.activeElement === document.body || Boolean(document.activeElement.closest('dialog.stet-drawer'))"
        )
        assert desk.page.evaluate(inside)
    desk.page.keyboard.press("Escape")
    desk.drawer.wait_for(state="detached")
    assert desk.marks.count() == 0


def test_a_source_that_is_there_is_found_while_one_types_and_chosen_by_keyboard(desk: Desk) -> None:
    source = a_source("the Border Agency")
    desk.open()
    desk.select(20, 23)
    desk.page.keyboard.press("Control+Shift+L")
    name = desk.drawer.locator("[name=chain-0-name]")
    name.wait_for()
    name.press_sequentially("border")
    desk.drawer.get_by_role("option", name="the Border Agency").wait_for()
    desk.page.keyboard.press("ArrowDown")
    desk.page.keyboard.press("Enter")
    assert desk.drawer.locator("[name=chain-0-source]").input_value() == str(source.pk)
    assert not desk.drawer.locator("[name=chain-0-kind]").is_visible()
    desk.drawer.get_by_role("button", name="Make the claim").click()
    desk.drawer.wait_for(state="detached")
    assert [found.pk for found in Source.objects.all()] == [source.pk]


def test_what_is_missing_in_a_new_claim_is_said_and_nothing_typed_is_lost(desk: Desk) -> None:
    desk.open()
    desk.select(20, 23)
    desk.page.keyboard.press("Control+Shift+L")
    form = desk.drawer.locator("[data-stet-form]")
    form.locator("[name=sentence]").fill("Around 600 <script>alert(1)</script>")
    form.get_by_role("button", name="Make the claim").click()
    desk.drawer.get_by_text("Say who makes this claim").wait_for()
    assert form.locator("[name=sentence]").input_value() == "Around 600 <script>alert(1)</script>"
    assert not Claim.objects.exists()


def test_words_with_a_link_and_no_words_at_all_are_not_marked_and_it_is_said_why(desk: Desk) -> None:
    article = desk.stories["en"]
    article.body = stored(text('<p>See <a href="https://example.org/">what was said</a> there.</p>'))
    article.save()
    desk.open()
    desk.select(0, 10)
    desk.page.keyboard.press("Control+Shift+L")
    desk.page.get_by_role("alert").get_by_text("hold a link").wait_for()
    desk.select(0, 0)
    desk.page.keyboard.press("Control+Shift+L")
    desk.page.get_by_role("alert").get_by_text("Select the words first").wait_for()
    assert desk.drawer.count() == 0


def test_a_persian_story_is_marked_from_right_to_left(desk: Desk) -> None:
    attach(desk, 13, 16, a_claim("شمار کشتگان ۶۰۰ است.", language="fa"), language="fa", by_keys=True)
    assert desk.marks.all_inner_texts() == ["۶۰۰"]
    desk.save()
    assert desk.marked("fa") == [("۶۰۰", "kept")]


def test_only_the_text_of_a_story_has_the_button(desk: Desk) -> None:
    desk.open()
    buttons = desk.page.locator(".Draftail-ToolbarButton[name=CLAIM]")
    desk.select(20, 23)
    assert desk.page.locator("[data-contentpath=body] .Draftail-ToolbarButton[name=CLAIM]").first.is_visible()
    outside = "elements => elements.filter(e => !e.closest('[data-contentpath=body]') && e.offsetParent).length"
    assert buttons.evaluate_all(outside) == 0


def test_a_mark_over_two_paragraphs_is_one_mark(desk: Desk) -> None:
    article, quote = desk.stories["en"], Quote(exact="600 people")
    begin = opening_tag(a_claim().pk, "k3f9x2", quote)
    article.body = stored(text(f"<p>It was {begin}600</a></p><p>{begin}people</a> who died.</p>"))
    article.save()
    desk.open()
    assert desk.marks.evaluate_all("marks => marks.map(mark => mark.dataset.stetState)") == ["kept", "kept"]
    desk.select(8, 8)
    desk.page.keyboard.press("Control+Shift+L")
    desk.drawer.get_by_text("600 people", exact=True).wait_for()
    desk.drawer.get_by_role("button", name="Take the mark off").click()
    desk.drawer.wait_for(state="detached")
    assert desk.marks.count() == 0
    desk.save()
    assert desk.marked() == []
    # It is printed until the draft is; that it is gone from the draft is no loss.
    assert [(row.state, row.is_in_draft, row.is_in_print) for row in Mention.objects.all()] == [
        (State.KEPT, False, True)
    ]
