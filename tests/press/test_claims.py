"""Who says what is printed: marks, the list, questions, sources, and what a changed claim prints anew."""

from stet.sourcing.terms import SourceKind, ValueKind
from tests.press.builders import House, SmallPaper
from tests.press.claim_builders import a_story
from tests.sourcing.builders import a_claim, a_question, a_source

STORY = "/2026/03/01/flood/"


def test_marked_words_lead_to_who_says_so_and_back(house: House, paper: SmallPaper) -> None:
    agency = a_source("Border Agency", kind=SourceKind.BODY, slug="border-agency")
    claim = a_claim(chain=(a_source(role="lawmaker", slug="anna-lind"), agency))
    a_story(paper.sections["en"][0], "flood", claim)
    house.print()
    html = house.page(STORY)
    assert '<a class="claim" id="c1" href="#s1">words 1</a>' in html
    assert '<li id="s1"' in html
    assert 'href="#c1"' in html
    assert (
        '<a href="/sources/anna-lind/">Anna Lind</a>, lawmaker, citing <a href="/sources/border-agency/">Border Agency</a>'
        in html
    )
    assert house.check().ok
    assert house.verify() == []


def test_a_question_shows_rival_claims_and_their_range(house: House, paper: SmallPaper) -> None:
    question = a_question()
    number = {"question": question, "value_kind": ValueKind.NUMBER, "unit": "people"}
    first = a_claim("Six hundred were killed.", chain=(a_source(slug="anna"),), best=600, **number)
    second = a_claim(
        "Three to four hundred.", chain=(a_source("Ministry", slug="ministry"),), low=300, high=400, **number
    )
    a_story(paper.sections["en"][0], "flood", first, second)
    house.print()
    html = house.page("/questions/killed-at-zelen/")
    assert "300–600 people" in html
    assert "<svg" in html
    assert house.has("/questions/killed-at-zelen/question.csv")
    assert house.has("/questions/")
    assert house.has("/sources/ministry/")
    assert house.check().ok
