"""A day at the desk with a story that must not get out early: embargoed, shared, bundled, killed; in a browser."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from stet.newsroom.models import ArticlePage, Bundle, BundleMember, FrontPlacement, Withdrawal
from stet.newsroom.sharing import views
from tests.newsroom.conftest import sign_in
from tests.newsroom.writing.conftest import SETTLED
from tests.press.builders import SmallPaper, a_paper, an_article, clear_newsroom


@pytest.fixture
def paper(live_server: LiveServer, keys: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[SmallPaper]:
    """A small paper."""
    clear_newsroom()
    made = a_paper()
    monkeypatch.setattr(views, "shared_base", lambda: live_server.url)
    yield made
    clear_newsroom()


@pytest.fixture
def page(browser: Browser, live_server: LiveServer, paper: SmallPaper) -> Iterator[Page]:
    """A tab at the desk, with an editor signed in."""
    context = browser.new_context(viewport={"width": 1280, "height": 1600})
    sign_in(context, live_server.url)
    tab = context.new_page()
    tab.set_default_timeout(60_000)
    yield tab
    context.close()


def from_menu(page: Page, item: str) -> None:
    """Choose something in the menu beside the story's title."""
    page.locator("header .w-slim-header [aria-label=Actions], header button[aria-label=Actions]").first.click()
    page.get_by_role("link", name=item).click()


def pressed_publish(page: Page) -> None:
    page.locator("footer [data-w-dropdown-target=toggle]").click()
    page.locator("footer button[name=action-publish]").click()


def live(article: ArticlePage) -> bool:
    return ArticlePage.objects.get(pk=article.pk).live


def test_a_story_is_embargoed_shared_corrected_and_killed(
    page: Page, browser: Browser, paper: SmallPaper, live_server: LiveServer
) -> None:
    article = an_article(paper.sections["en"][0], "ledger", published=None, title="The ledger")
    article.save_revision()
    edit = f"{live_server.url}/pages/{article.pk}/edit/"

    # Under embargo no button publishes it.
    page.goto(edit)
    until = timezone.localtime(timezone.now() + timedelta(hours=2))
    page.fill("[name=embargoed_until]", until.strftime("%Y-%m-%d %H:%M"))
    page.keyboard.press("Escape")
    pressed_publish(page)
    page.get_by_text("It was not published; the draft is saved.").wait_for()
    assert not live(article)

    # The embargo is taken off in the draft, and somebody outside reads it.
    page.fill("[name=embargoed_until]", "")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Save draft").click()
    page.locator(".messages").get_by_text("updated").first.wait_for()
    from_menu(page, "Share the draft")
    page.fill("[name=recipient]", "Counsel K.")
    page.get_by_role("button", name="Make a link").click()
    link = page.get_by_label("Link to the draft").input_value()
    outside = browser.new_context().new_page()
    outside.goto(link)
    assert "The ledger" not in outside.content()
    outside.get_by_role("button", name="Read it").click()
    outside.get_by_role("heading", name="The ledger").wait_for()
    assert outside.get_by_text("Copy of Counsel K.").count() >= 2
    assert outside.context.cookies() == []
    page.get_by_role("button", name="Revoke the link of Counsel K.").click()
    page.get_by_text("The link is revoked.").wait_for()
    outside.goto(link)
    outside.get_by_text("This link does not work any more.").wait_for()
    outside.context.close()

    # It is published, corrected, and killed.
    page.goto(edit)
    page.locator("[data-contentpath=body] .public-DraftEditor-content").first.wait_for()
    page.get_by_role("button", name="Add correction").click()
    page.locator("#panel-child-content-corrections-section [contenteditable=true]").first.click()
    page.keyboard.type("It was Tuesday, not Monday.")
    page.wait_for_function(SETTLED)
    pressed_publish(page)
    page.get_by_text("has been published").wait_for()
    assert live(article)
    assert "Tuesday" in ArticlePage.objects.get(pk=article.pk).corrections.get().text
    FrontPlacement.objects.create(page=paper.fronts["en"], article=article, sort_order=0)
    page.goto(f"{live_server.url}/articles/{article.pk}/kill/")
    page.get_by_text("Front: Paper en").wait_for()
    page.get_by_label("What readers are told").fill("It named the wrong man.")
    page.get_by_role("button", name="Kill it now").click()
    page.get_by_text("The story is withdrawn, and the notice is being printed in its place.").wait_for()
    assert not live(article)
    assert Withdrawal.objects.get().reason == "It named the wrong man."


def test_a_bundle_is_put_together_mended_and_let_go(page: Page, paper: SmallPaper, live_server: LiveServer) -> None:
    stories = [
        an_article(paper.sections["en"][0], slug, published=None, title=title)
        for slug, title in (("ledger", "The ledger"), ("names", "The names in it"))
    ]
    stories[1].embargoed_until = timezone.now() + timedelta(hours=2)
    for story in stories:
        story.save_revision()
    page.goto(f"{live_server.url}/bundles/")
    page.fill("[name=name]", "The ledger, whole")
    page.get_by_role("button", name="Begin a bundle").click()
    page.get_by_role("button", name="Choose a page").wait_for()
    bundle = Bundle.objects.get()
    BundleMember.objects.create(bundle=bundle, page=stories[1], revision=stories[1].latest_revision)
    page.get_by_role("button", name="Choose a page").click()
    for place in ("Paper en", "politics en"):
        page.locator(f'.modal-body a.navigate-pages[title*="{place}"]').click()
    page.locator(".modal-body a.choose-page", has_text=stories[0].title).click()
    page.locator(".modal").wait_for(state="detached")
    page.get_by_role("button", name="Put it in").click()
    for story in stories:
        page.locator("table.stet-bundle").get_by_text(story.title).wait_for()
    page.get_by_role("button", name="Go live now").click()
    page.get_by_text("Nothing of this bundle went live").wait_for()
    page.get_by_text("It is embargoed until").wait_for()
    assert not any(live(story) for story in stories)

    stories[1].embargoed_until = None
    stories[1].save_revision()
    page.goto(f"{live_server.url}/bundles/{bundle.pk}/")
    page.get_by_text("A later draft was saved").wait_for()
    page.get_by_role("button", name="Take the newest draft of The names in it").click()
    page.get_by_role("button", name="Look it over").click()
    page.get_by_text("Nothing holds it back").wait_for()
    page.get_by_role("button", name="Go live now").click()
    page.get_by_text("2 pages went live, all at once.").wait_for()
    assert all(live(story) for story in stories)
