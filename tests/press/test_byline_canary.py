"""A byline that is withheld: the real name is planted wherever the desk knows it, and looked for in what goes out."""

import gzip
import html
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import brotli
import pytest
from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from wagtail.test.utils.form_data import inline_formset, rich_text, streamfield

from stet.newsroom.models import ArticlePage, Person, Photo
from stet.newsroom.roles.laying import group_of, lay_roles
from stet.newsroom.workflow.laying import lay_workflow
from tests.newsroom import hostile_photos as hostile
from tests.newsroom.roles.world import signed_in
from tests.newsroom.test_desk import form
from tests.press.builders import House, SmallPaper
from tests.press.letter_builders import a_letter, a_list

# Wagtail leaves the file open in which it makes a size of a photo.
pytestmark = pytest.mark.filterwarnings(
    "ignore:.*SpooledTemporaryFile:pytest.PytestUnraisableExceptionWarning", "ignore:.*nclosed file:ResourceWarning"
)

FIRST, LAST, SIGN_IN, MAIL = "Zelda", "Quillfeather", "zq-canary", "zq@home.example.org"
REAL_NAME = (LAST, MAIL)
"""What no colleague below editor is told."""
PLANTED = (FIRST, *REAL_NAME, SIGN_IN)
"""What stands nowhere in print."""
BELOW_EDITOR = ("photo", "letters", "appeals", "reporter")


@pytest.fixture
def reporter(paper: SmallPaper) -> Any:
    """The account of somebody whose byline is withheld."""
    lay_roles()
    lay_workflow()
    account = get_user_model().objects.create(username=SIGN_IN, first_name=FIRST, last_name=LAST, email=MAIL)
    account.groups.add(group_of("reporter"))
    return account


@pytest.fixture
def correspondent(paper: SmallPaper) -> Person:
    """The same person, as readers may know them."""
    person: Person = Person.objects.create(
        name="Our correspondent", slug="our-correspondent", kind="withheld", locale=paper.fronts["en"].locale
    )
    return person


@pytest.fixture
def story(reporter: Any, correspondent: Person, paper: SmallPaper) -> ArticlePage:
    """A story by that person: written, given a photo out of their own camera, sent in, published, corrected."""
    own, editor = signed_in(reporter), signed_in(an_editor())
    photo = uploaded(own)
    section = paper.sections["en"][0]
    filled = form(
        bylines=inline_formset([{"person": str(correspondent.pk), "role": ""}]),
        lead_photo=str(photo.pk),
        lead_alt="A river",
        body=streamfield(
            [
                ("text", rich_text("<p>The river rose.</p>")),
                ("photo", {"photo": str(photo.pk), "alt": "A river", "caption": rich_text(""), "size": "wide"}),
            ]
        ),
    )
    answer = own.post(f"/pages/add/newsroom/articlepage/{section.pk}/", {**filled, "action-submit": "1"})
    assert answer.status_code == 302, answer.content.decode()[-2000:]
    article = ArticlePage.objects.get(slug="a-flood")
    assert article.owner == reporter
    records = [{"date": "2026-03-02", "text": rich_text("<p>It was Monday.</p>")}]
    again = form(
        article,
        **{name: value for name, value in plain(filled).items() if name.startswith(("lead_", "body", "bylines"))},
        corrections=inline_formset(records),
    )
    answer = editor.post(f"/pages/{article.pk}/edit/", {**again, "action-publish": "1"})
    assert answer.status_code == 302, answer.content.decode()[-2000:]
    article.refresh_from_db()
    assert article.live
    return article


def plain(filled: dict[str, Any]) -> dict[str, Any]:
    """The fields that a form sends, without the number of its rows that it began with."""
    return {name: value for name, value in filled.items() if not name.endswith("INITIAL_FORMS")}


def an_editor() -> Any:
    """Somebody who publishes."""
    return get_user_model().objects.create(username="desk-1", is_superuser=True, is_staff=True)


def uploaded(own: Client) -> Photo:
    """A photo in whose file the name stands: as artist, as creator, and in the name of the file."""
    body = hostile.saved(hostile.picture((1200, 800)), "JPEG", exif=named_exif())
    body = hostile.with_iptc(body, hostile.iptc((2, 80, f"{FIRST} {LAST}".encode()), (2, 122, MAIL.encode())))
    assert LAST.encode() in body
    file = SimpleUploadedFile(f"{FIRST}-{LAST}-0042.jpg", body, content_type="image/jpeg")
    told = {"title": "The dam", "description": "A river", "credit": "The Far Shore", "caption": "", "collection": "1"}
    answer = own.post("/images/add/", {**told, "file": file, "tags": "", "licence": "", "usable_until": ""})
    assert answer.status_code == 302, answer.content.decode()[-2000:]
    return Photo.objects.get(title="The dam")


def named_exif() -> Any:
    """Who took it."""
    found = hostile.exif()
    found[hostile.ARTIST] = f"{FIRST} {LAST} <{MAIL}>"
    return found


# --- What goes out ---


def test_the_name_stands_in_no_sheet_and_no_file_of_the_edition(
    house: House, story: ArticlePage, reporter: Any, paper: SmallPaper
) -> None:
    a_letter(a_list(paper.fronts["en"]), stories=(story,), owner=reporter)
    house.print()
    assert house.verify() == []
    page = house.page(story.printed_path() or "")
    assert "Our correspondent" in page
    assert "It was Monday." in page
    kinds = {Path(name).suffix for name, _body in everything(house.site)}
    assert {".html", ".json", ".xml", ".webp"} <= kinds
    assert [name for name, body in everything(house.site) if planted(name) or planted(body)] == []


def test_a_name_that_was_printed_once_goes_with_the_byline(
    house: House, story: ArticlePage, correspondent: Person, paper: SmallPaper
) -> None:
    Person.objects.filter(pk=correspondent.pk).update(
        name=f"{FIRST} {LAST}", slug=f"{FIRST}-{LAST}".lower(), kind="name"
    )
    person = Person.objects.get(pk=correspondent.pk)
    house.print()
    assert any(planted(body) for _name, body in everything(house.site))
    form_of = {"slug": "our-correspondent", "name": "Our correspondent", "kind": "withheld"}
    desk = signed_in(an_editor_again())
    sent = {**form_of, "role": "", "photo": "", "bio": rich_text(""), "contact": ""}
    assert desk.post(f"/snippets/newsroom/person/edit/{person.pk}/", sent).status_code == 302
    house.print()
    assert house.verify() == []
    assert [name for name, body in linked(house) if planted(name) or planted(body)] == []


def an_editor_again() -> Any:
    """The editor who is there already."""
    return get_user_model().objects.get(username="desk-1")


def linked(house: House) -> Iterator[tuple[str, bytes]]:
    """The sheets of the newest edition. What an older one had is kept for a while, and then goes."""
    from stet.edition.folder import EditionFolder

    with EditionFolder(house.newsroom.edition) as edition:
        for entry in edition.entries():
            yield entry.path, edition.file(entry.path).read_bytes()


# --- What colleagues are told ---

PLACES = (
    "/", "/pages/{section}/", "/pages/{section}/?q=flood", "/pages/{story}/history/", "/pages/{story}/edit/",
    "/pages/{story}/usage/", "/pages/{story}/revisions/compare/earliest...latest/", "/pages/{story}/workflow_history/",
    "/pages/usage/newsroom/articlepage/", "/reports/site-history/", "/reports/site-history/?export=csv",
    "/reports/site-history/?export=xlsx", "/reports/aging-pages/?export=csv", "/reports/workflow/",
    "/reports/workflow/?export=csv", "/reports/workflow_tasks/?export=csv", "/reports/locked/?export=csv",
    "/images/", "/images/{photo}/", "/images/usage/{photo}/", "/images/chooser/", "/choose-page/{section}/",
    "/api/main/pages/?limit=20", "/api/main/pages/{story}/", "/api/main/images/",
    "/snippets/newsroom/person/", "/snippets/newsroom/person/edit/{person}/", "/users/", "/letters/",
)  # fmt: skip


def test_an_editor_is_told_the_name_and_no_colleague_below(
    story: ArticlePage, correspondent: Person, paper: SmallPaper
) -> None:
    numbers = {
        "section": paper.sections["en"][0].pk, "story": story.pk, "photo": story.lead_photo_id,
        "person": correspondent.pk,
    }  # fmt: skip
    places = [place.format(**numbers) for place in PLACES]
    assert f"/pages/{story.pk}/history/" in named(signed_in(an_editor_again()), places)
    for role in BELOW_EDITOR:
        colleague = get_user_model().objects.create(username=f"{role}-1")
        colleague.groups.add(group_of(role))
        assert named(signed_in(colleague), places) == [], role


def named(colleague: Client, places: list[str]) -> list[str]:
    """The addresses of the desk that tell somebody the name."""
    colleague.raise_request_exception, found = False, []
    for place in places:
        answer = colleague.get(place, follow=True)
        assert answer.status_code in (200, 403, 404), place
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        told = html.unescape(readable(body)).lower()
        found += [place] if any(word.lower() in told for word in REAL_NAME) else []
    assert colleague.get("/").status_code == 200
    return found


# --- Looking for it ---


def everything(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Each file of a folder, opened where it is packed: its name in the folder, and what it holds."""
    for file in sorted(folder.rglob("*")):
        if file.is_file():
            yield str(file.relative_to(folder)), unpacked(file.suffix, file.read_bytes())


def unpacked(suffix: str, body: bytes) -> bytes:
    """The bytes, without their compression."""
    match suffix:
        case ".gz":
            return gzip.decompress(body)
        case ".br":
            return brotli.decompress(body)
        case ".zip" | ".epub" | ".xlsx":
            with zipfile.ZipFile(io.BytesIO(body)) as packed:
                return b"\n".join(packed.read(name) for name in packed.namelist())
        case _:
            return body


def readable(body: bytes) -> str:
    """An answer of the desk as text: a spreadsheet is a ZIP."""
    return unpacked(".xlsx" if body.startswith(b"PK") else "", body).decode(errors="replace")


def planted(where: str | bytes) -> bool:
    """Whether what was planted stands there, in any of the ways in which text is stored."""
    body = where.encode() if isinstance(where, str) else where
    forms = (form for word in PLANTED for form in (word, word.lower(), word.upper()))
    return any(form.encode(coding) in body for form in forms for coding in ("utf-8", "utf-16-le", "utf-16-be"))
