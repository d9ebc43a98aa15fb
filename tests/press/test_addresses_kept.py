"""Whatever gets another address: the old one leads on, as the desk does it and as it is printed."""

import io
import re
from collections.abc import Callable, Iterator
from typing import Any

import openpyxl
import pytest
from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, Site

from stet.newsroom.models import ArticlePage, Person
from tests.press.builders import House, SmallPaper, an_article, by
from tests.press.letter_builders import a_letter, a_list


@pytest.fixture(autouse=True)
def _site(paper: SmallPaper) -> Iterator[None]:
    """The desk's site begins at the first front, and the other fronts are its translations, as in a newsroom."""
    paper.fronts["ru"].translation_key = paper.fronts["en"].translation_key
    paper.fronts["ru"].save()
    site = Site.objects.create(hostname="localhost", root_page=paper.fronts["en"], is_default_site=True)
    Site.clear_site_root_paths_cache()
    yield
    site.delete()
    Site.clear_site_root_paths_cache()


def rename(page: Any, slug: str) -> str:
    """Give a page another slug, as publishing does; its old address."""
    fresh = Page.objects.get(pk=page.pk).specific
    old = str(fresh.printed_path())
    fresh.slug = slug
    fresh.save_revision().publish()
    return old


def leads_to(house: House, old: str) -> str:
    """Where the sheet at an old address leads."""
    found = re.search(r'http-equiv="refresh" content="0; ?url=([^"]+)"', house.page(old), re.IGNORECASE)
    assert found, house.page(old)[:2000]
    return found.group(1)


def follow(house: House) -> None:
    """Print incrementally; the law holds afterwards."""
    house.print()
    assert house.check().ok, house.check()


MOVED: dict[str, Callable[[SmallPaper], Any]] = {
    "an article": lambda paper: an_article(paper.sections["en"][0], "flood"),
    "an article in another language": lambda paper: an_article(paper.sections["ru"][0], "потоп"),
    "a section": lambda paper: paper.sections["en"][1],
    "a topic": lambda paper: paper.topics["ru"],
    "a page": lambda paper: paper.about,
    "a list of letters": lambda paper: a_list(paper.fronts["en"]),
    "a letter": lambda paper: a_letter(a_list(paper.fronts["en"])),
}


@pytest.mark.parametrize("what", MOVED)
def test_an_old_address_leads_on_from(paper: SmallPaper, house: House, what: str) -> None:
    page = MOVED[what](paper)
    house.print()
    old = rename(page, "elsewhere")
    follow(house)
    new = str(Page.objects.get(pk=page.pk).specific.printed_path())
    assert "elsewhere" in new
    assert leads_to(house, old).endswith(new)
    assert house.has(new)
    again = rename(page, "yonder")
    follow(house)
    newest = str(Page.objects.get(pk=page.pk).specific.printed_path())
    assert leads_to(house, old).endswith(newest)
    assert leads_to(house, again).endswith(newest)


def test_what_comes_back_to_its_old_address_stands_there_itself(paper: SmallPaper, house: House) -> None:
    article = an_article(paper.sections["en"][0], "flood")
    house.print()
    old = rename(article, "ebb")
    follow(house)
    other = rename(article, "flood")
    follow(house)
    assert "The text of flood." in house.page(old)
    assert leads_to(house, other).endswith(old)


def test_an_article_that_moves_to_another_section_keeps_its_address_and_needs_no_redirect(
    paper: SmallPaper, house: House
) -> None:
    article = an_article(paper.sections["en"][0], "flood")
    house.print()
    ArticlePage.objects.get(pk=article.pk).move(paper.sections["en"][1], pos="last-child")
    follow(house)
    assert "The text of flood." in house.page(str(article.printed_path()))
    assert not Redirect.objects.exists()


def test_the_letters_of_a_renamed_list_lead_on_too(paper: SmallPaper, house: House) -> None:
    the_list = a_list(paper.fronts["en"])
    letter = a_letter(the_list)
    house.print()
    old = str(letter.printed_path())
    rename(the_list, "weekly")
    follow(house)
    assert leads_to(house, old).endswith("/letters/weekly/first/")


def test_a_persons_old_address_leads_on_and_back_again(paper: SmallPaper, house: House) -> None:
    person = paper.people["en"]
    by(an_article(paper.sections["en"][0], "flood"), person)
    house.print()
    person.slug = "ann-lind"
    person.save()
    follow(house)
    assert leads_to(house, "/people/ann/").endswith("/people/ann-lind/")
    person.slug = "ann-l"
    person.save()
    follow(house)
    assert leads_to(house, "/people/ann/").endswith("/people/ann-l/")
    assert leads_to(house, "/people/ann-lind/").endswith("/people/ann-l/")
    person.slug = "ann"
    person.save()
    follow(house)
    assert "Ann en" in house.page("/people/ann/")
    assert leads_to(house, "/people/ann-l/").endswith("/people/ann/")


def test_a_person_who_is_to_be_unnamed_leaves_no_trail(paper: SmallPaper, house: House) -> None:
    person = paper.people["en"]
    person.kind, person.name, person.slug = Person.Kind.WITHHELD, "Withheld", "somebody"
    person.save()
    assert not Redirect.objects.exists()


# --- Many at once ---

HEADS = ("old", "new")
LINES = (
    ("/2014/08/first-story", "https://example.org/people/ann/"),
    ("https://old.example.com/archive/second.html", "https://example.org/about/"),
    ("/третья-история/", "https://example.org/topics/dam/"),
)


def as_csv() -> bytes:
    """The lines as a file of commas."""
    return "\n".join(",".join(line) for line in (HEADS, *LINES)).encode()


def as_tsv() -> bytes:
    """The lines as a file of tabs."""
    return "\n".join("\t".join(line) for line in (HEADS, *LINES)).encode()


def as_xlsx() -> bytes:
    """The lines as a table of a spreadsheet."""
    book = openpyxl.Workbook()
    for line in (HEADS, *LINES):
        book.active.append(line)
    body = io.BytesIO()
    book.save(body)
    return body.getvalue()


@pytest.mark.parametrize("ending", ["csv", "tsv", "xlsx"])
def test_old_addresses_are_taken_in_from_a_file_of_kind(
    paper: SmallPaper, house: House, client: Client, ending: str
) -> None:
    chief = get_user_model().objects.create_superuser(username="chief", email="", password="a long password")
    client.force_login(chief)
    file = SimpleUploadedFile(f"old.{ending}", {"csv": as_csv, "tsv": as_tsv, "xlsx": as_xlsx}[ending]())
    confirm = client.post("/redirects/import/", {"import_file": file}).content.decode()
    hidden = dict(re.findall(r'name="(import_file_name|input_format)" value="([^"]+)"', confirm))
    assert len(hidden) == 2, confirm
    answer = client.post(
        "/redirects/import/process/", {**hidden, "from_index": "0", "to_index": "1", "permanent": "on"}
    )
    assert answer.status_code == 302, answer.content.decode()
    assert Redirect.objects.count() == 3
    follow(house)
    assert leads_to(house, "/2014/08/first-story/") == "https://example.org/people/ann/"
    assert leads_to(house, "/archive/second.html") == "https://example.org/about/"
    assert leads_to(house, "/третья-история/") == "https://example.org/topics/dam/"
