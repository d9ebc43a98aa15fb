"""Pages of the paper looked at before they are printed, as a request."""

import base64
import hashlib
import re

from django.test import Client

from stet.newsroom.models import ArticlePage
from tests.press.builders import a_paper, an_article, clear_newsroom


def a_story() -> ArticlePage:
    clear_newsroom()
    return an_article(a_paper().sections["en"][0], "flood")


def test_a_page_in_the_dark_has_no_day_and_its_policy_names_the_style_it_has(keys: None, admin_client: Client) -> None:
    story = a_story()
    day = admin_client.get(f"/pages/{story.pk}/view_draft/").content.decode()
    dark = story.serve_preview(None, "dark").content.decode()  # type: ignore[arg-type]  # it asks nothing of a request
    assert "prefers-color-scheme:dark" in day.replace(" ", "")
    assert "prefers-color-scheme:dark" not in dark.replace(" ", "")
    assert '<meta name="color-scheme" content="dark">' in dark
    for html in (day, dark):
        style = re.search(r"<style>(.*?)</style>", html, re.DOTALL)
        assert style
        digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
        assert f"style-src 'sha256-{digest}'" in html


def test_fronts_sections_topics_and_static_pages_are_looked_at_in_the_dark_too(keys: None, db: None) -> None:
    story = a_story()
    section = story.get_parent().specific
    front = section.get_parent().specific
    for page in (section, front):
        assert [mode for mode, _label in page.preview_modes] == ["", "dark"]
        assert b'content="dark"' in page.serve_preview(None, "dark").content
