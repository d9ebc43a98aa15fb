"""A browser at the desk, with a story open in three languages."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Locator, Page
from pytest_django.live_server_helper import LiveServer

from stet.newsroom.models import ArticlePage
from tests.newsroom.conftest import sign_in
from tests.press.builders import a_paper, an_article, clear_newsroom, stored, text

TEXTS = {
    "en": '<p>The river rose. "The dam held," she said - and the river rose again.</p>'
    "<p>More of the River later...</p>",
    "ru": "<p>Река поднялась. \"Плотина стоит\", - сказала она. В реке много воды.</p>",
    "fa": "<p>رودخانه بالا آمد. \"سد می‌ماند\" - او گفت.</p>",
}  # fmt: skip
PASTE = """([html, text]) => {
  const data = new DataTransfer();
  if (html) data.setData("text/html", html);
  data.setData("text/plain", text);
  const options = {clipboardData: data, bubbles: true, cancelable: true};
  document.activeElement.dispatchEvent(new ClipboardEvent("paste", options));
}"""
SETTLED = """() => {
  const isOwn = (range) => !/^(COMMENT|STYLE_RERENDER)/.test(range.style);
  const line = (block) => [block.text, block.type, block.inlineStyleRanges.filter(isOwn), block.entityRanges.length];
  const told = (said) => JSON.stringify((said ? said.blocks : []).map(line));
  return [...document.querySelectorAll("input[type=hidden]")].filter((i) => i.draftailEditor).every((input) => {
    const now = window.DraftJS.convertToRaw(input.draftailEditor.getEditorState().getCurrentContent());
    const value = JSON.parse(input.value);
    return told(now) === told(value) || (!value && now.blocks.every((block) => !block.text));
  });
}"""
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

    @property
    def text(self) -> Locator:
        """The story's text in the form."""
        return self.page.locator("[data-contentpath=body] .public-DraftEditor-content")

    def paste(self, html: str, text: str = "") -> None:
        """Paste what another program copied, where the cursor is."""
        self.page.evaluate(PASTE, [html, text or "words"])

    def settle(self) -> None:
        """Wait until the form holds what the editors show."""
        self.page.wait_for_function(SETTLED)

    def value(self) -> str:
        """What the form would send for the first text of the body."""
        self.settle()
        return str(self.page.locator("[name=body-0-value]").input_value())

    def save(self) -> None:
        """Save the draft and load the form anew."""
        self.settle()
        self.page.get_by_role("button", name="Save draft").click()
        self.page.locator(".messages").get_by_text("updated").first.wait_for()

    def saved(self, language: str = "en") -> Any:
        """The draft that was saved."""
        return ArticlePage.objects.get(pk=self.stories[language].pk).get_latest_revision_as_object()

    def body(self, language: str = "en") -> str:
        """The first text of the draft that was saved."""
        return str(self.saved(language).body[0].value.source)


@pytest.fixture
def interval(monkeypatch: pytest.MonkeyPatch) -> None:
    """The editor alone saves; a test that is about saving by itself says otherwise."""
    monkeypatch.setattr(settings, "WAGTAIL_AUTOSAVE_INTERVAL", 0, raising=False)


@pytest.fixture
def desk(interval: None, keys: None, live_server: LiveServer, browser: Browser) -> Iterator[Desk]:
    """An editor at the desk, and a story in each language."""
    clear_newsroom()
    paper = a_paper(tuple(TEXTS))
    stories = {
        code: an_article(paper.sections[code][0], f"river-{code}", body=stored(text(words)))
        for code, words in TEXTS.items()
    }
    context = browser.new_context(viewport={"width": 1440, "height": 1000})
    sign_in(context, live_server.url)
    tab = context.new_page()
    tab.set_default_timeout(60_000)
    errors: list[str] = []
    tab.on("pageerror", lambda error: errors.append(str(error)))
    yield Desk(page=tab, url=live_server.url, stories=stories)
    context.close()
    clear_newsroom()
    assert not errors
