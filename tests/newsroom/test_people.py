"""The desk's form for a person."""

from typing import Any

from django.test import Client
from wagtail.test.utils.form_data import rich_text

from stet.newsroom.models import Person
from tests.press.builders import SmallPaper

ADD = "/snippets/newsroom/person/add/"


def form(slug: str, **fields: Any) -> dict[str, Any]:
    """What the desk's form for a person sends."""
    return {"name": "Ann", "slug": slug, "kind": "name", "role": "", "photo": "", "bio": rich_text(""),
            "contact": "", **fields}  # fmt: skip


def test_the_form_refuses_the_address_of_somebody_else_in_their_language(desk: Client, paper: SmallPaper) -> None:
    taken, elsewhere = paper.people["en"].slug, "elsewhere"
    Person.objects.create(name="Anna", slug=elsewhere, locale=paper.people["ru"].locale)
    other = Person.objects.create(name="Bo", slug="somebody-else", locale=paper.people["en"].locale)
    for where in (ADD, f"/snippets/newsroom/person/edit/{other.pk}/"):
        answer = desk.post(where, form(taken))
        assert answer.status_code == 200
        assert "Somebody else in this language has this address." in answer.content.decode()
    assert Person.objects.filter(slug=taken, locale=paper.people["en"].locale).count() == 1
    assert desk.post(ADD, form(elsewhere)).status_code == 302


def test_a_person_keeps_their_own_address(desk: Client, paper: SmallPaper) -> None:
    person = paper.people["en"]
    answer = desk.post(f"/snippets/newsroom/person/edit/{person.pk}/", form(person.slug, role="Editor"))
    assert answer.status_code == 302
    person.refresh_from_db()
    assert person.role == "Editor"
