"""What an editor sees of a letter before it is printed: page, mail by day and in the dark, text, a proof."""

import base64
from email.message import EmailMessage

import pytest
from django.conf import settings

from stet.letters.models import LetterPage, ListPage
from stet.press import preview
from stet.press.preview import preview_mail, preview_page
from stet.theme.copy import MANAGE_URL, UNSUBSCRIBE_URL
from tests.press.builders import House, SmallPaper, a_photo, an_article
from tests.press.letter_builders import a_letter, a_list

MODES = ("", "mail", "mail-dark", "text")


@pytest.fixture
def letter(house: House, paper: SmallPaper, monkeypatch: pytest.MonkeyPatch) -> LetterPage:
    """A letter that is printed, with words that are not."""
    monkeypatch.setattr(preview, "_workplace", lambda: house.place)
    story = an_article(paper.sections["en"][0], "flood", title="Flood in Lomenna", lead_photo=a_photo())
    made = a_letter(a_list(paper.fronts["en"]), stories=(story,))
    house.print()
    page = LetterPage.objects.get(pk=made.pk)
    page.title = "A subject being written"
    return page


@pytest.mark.parametrize("mode", MODES)
def test_every_preview_shows_what_the_form_holds(letter: LetterPage, mode: str) -> None:
    shown = preview_page(letter, mode).decode()

    assert "A subject being written" in shown
    assert "Flood in Lomenna" in shown


@pytest.mark.parametrize("mode", MODES)
def test_no_preview_has_a_readers_own_links(letter: LetterPage, mode: str) -> None:
    shown = preview_page(letter, mode).decode()

    assert UNSUBSCRIBE_URL not in shown
    assert MANAGE_URL not in shown
    assert (f"{settings.STET_PAPER.base_url}/" in shown) or mode == ""


def test_a_mails_preview_shows_its_photos(letter: LetterPage) -> None:
    shown = preview_page(letter, "mail").decode()

    assert "cid:" not in shown
    assert shown.count('src="data:image/jpeg;base64,') == 1


def test_the_dark_preview_is_dark_wherever_it_is_looked_at(letter: LetterPage) -> None:
    assert "@media all" in preview_page(letter, "mail-dark").decode()
    assert "@media all" not in preview_page(letter, "mail").decode()


def test_a_preview_of_the_page_is_the_page(letter: LetterPage, house: House) -> None:
    letter.title = "First"

    shown = preview_page(letter).decode().rstrip()

    assert house.page("/letters/the-week/first/").startswith(shown.removesuffix("</html>"))


def test_a_letter_that_was_never_saved_and_its_list_that_is_a_draft_are_shown(
    letter: LetterPage, paper: SmallPaper
) -> None:
    draft_list = a_list(paper.fronts["en"], "daily", live=False, title="Daily brief")
    fresh = LetterPage(title="Not saved", slug="", locale=draft_list.locale, due_date=None)
    fresh.path, fresh.depth = f"{draft_list.path}0001", draft_list.depth + 1

    for mode in MODES:
        shown = preview_page(fresh, mode).decode()
        assert "Not saved" in shown
        assert "Daily brief" in shown


def test_a_lists_preview_shows_what_the_form_holds(letter: LetterPage) -> None:
    page: ListPage = letter.get_parent().specific
    page.promise = "Something else, every day."

    assert "Something else, every day." in preview_page(page).decode()


def test_a_proof_is_the_mail_with_its_photos_inside(letter: LetterPage, house: House) -> None:
    message = preview_mail(letter)

    assert isinstance(message, EmailMessage)
    assert message["Subject"] == "A subject being written"
    assert message["To"] is None
    text, html = message.get_body(("plain",)), message.get_body(("html",))
    assert text is not None
    assert html is not None
    assert "Flood in Lomenna" in text.get_content()
    assert 'src="cid:photo-1@stet.invalid"' in html.get_content()
    (photo,) = [part for part in message.walk() if part.get_content_maintype() == "image"]
    assert photo["Content-ID"] == "<photo-1@stet.invalid>"
    printed = (house.site / "letters" / "the-week" / "first" / "photo-1.jpg").read_bytes()
    assert base64.b64decode(photo.get_payload()) == printed
    for mark in (UNSUBSCRIBE_URL, MANAGE_URL):
        assert mark not in html.get_content() + text.get_content()


def test_a_proofs_parts_are_those_of_a_mail_with_alternatives(letter: LetterPage) -> None:
    kinds = [part.get_content_type() for part in preview_mail(letter).walk()]

    assert kinds == ["multipart/alternative", "text/plain", "multipart/related", "text/html", "image/jpeg"]
