"""How claims are said: chains as sentences, values, ranges, the picture, the files for machines."""

import csv
import io
import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from msgspec.structs import replace

from stet.theme.claims import chain, chain_text, range_words, value_words
from stet.theme.claims_jsonld import CONTEXT, claims_jsonld
from stet.theme.copy import ClaimRange, ClaimSource, ClaimStatus, ClaimValue, Correction, Link
from stet.theme.plot import plot
from stet.theme.question_data import COLUMNS, question_csv, question_json
from stet.theme.setting import load_theme
from tests.theme.builders import BARE_CLAIM, a_claim_note, a_question_page, an_article_with_claims, some_corrections

LIND = ClaimSource(name="Anna Lind", role="lawmaker", path="/sources/anna-lind/", kind="person", id="1")
AGENCY = ClaimSource(name="the Border Agency", kind="body", id="2", verb="cited")
OFFICIAL = ClaimSource(name="an official who was present", addressee="us", verb="told")
PAPER = ClaimSource(name="a decree", kind="document", id="3", verb="leaked")

CHAINS = {
    "one who speaks": ((LIND,), "Anna Lind, lawmaker"),
    "one who cites another": ((LIND, AGENCY), "Anna Lind, lawmaker, citing the Border Agency"),
    "three in a row": (
        (OFFICIAL, AGENCY, PAPER),
        "an official who was present, to us, citing the Border Agency, citing a decree (leaked)",
    ),
    "a side of its own": (
        (replace(AGENCY, interest="party to the conflict"),),
        "the Border Agency, party to the conflict",
    ),
    "nobody": ((), ""),
}
VALUES = {
    "a number": (ClaimValue(best=Decimal("600.0000"), unit="people"), "600 people"),
    "a number between two": (
        ClaimValue(low=Decimal(500), best=Decimal(600), high=Decimal(700), unit="people"), "600 people (500–700)",
    ),
    "two ends": (ClaimValue(low=Decimal(500), high=Decimal(700)), "500–700"),
    "a fraction": (ClaimValue(best=Decimal("2.5000"), unit="km"), "2.5 km"),
    "a day": (ClaimValue(day=date(2026, 11, 20)), "20 November 2026"),
    "yes": (ClaimValue(yes=True), "yes"),
    "no": (ClaimValue(yes=False), "no"),
    "words": (ClaimValue(text="a drone"), "a drone"),
    "nothing": (None, ""),
}  # fmt: skip


@pytest.mark.parametrize(("links", "words"), CHAINS.values(), ids=CHAINS)
def test_a_chain_is_a_sentence(links: tuple[ClaimSource, ...], words: str) -> None:
    assert chain_text(links, language="en") == words


@pytest.mark.parametrize(("value", "words"), VALUES.values(), ids=VALUES)
def test_a_value_is_said_in_a_few_words(value: ClaimValue | None, words: str) -> None:
    assert value_words(value, language="en") == words


def test_names_in_a_chain_are_links_where_they_have_pages_and_never_markup() -> None:
    hostile = ClaimSource(name="<b>x</b>", role='"&', path='/"onload')
    assert chain((hostile,), language="en") == '<a href="/&#34;onload">&lt;b&gt;x&lt;/b&gt;</a>, &#34;&amp;'


def test_a_range_in_persian_has_persian_digits() -> None:
    found = ClaimRange(unit="نفر", low=Decimal(300), high=Decimal(600), claims=2)
    assert range_words(found, language="fa") == "۳۰۰–۶۰۰ نفر"


# --- The picture ---


def test_the_picture_says_in_words_what_it_shows_and_leaves_out_what_no_longer_stands() -> None:
    svg = str(plot(a_question_page(), language="en"))
    assert svg.count("<circle") == 3
    assert 'role="img" aria-labelledby="plot-t plot-d"' in svg
    assert "They span 500–700 m." in svg
    assert "<g><title>19 Nov 2026 · Lida Orsova, Harsk correspondent, to us · 601 m (500–700)</title>" in svg


def test_in_persian_the_smallest_number_stands_at_the_right() -> None:
    page = a_question_page("fa", claims=tuple(_number(n, n * 100) for n in (1, 2)))
    first, second = str(plot(page, language="fa")).split("<circle")[1:3]
    assert float(first.split('"')[1]) > float(second.split('"')[1])


@pytest.mark.parametrize(
    "claims",
    [
        (),
        (BARE_CLAIM,),
        (a_claim_note(1),),
        (a_claim_note(1), a_claim_note(2, stands=False)),
        (a_claim_note(1), replace(BARE_CLAIM, value=ClaimValue(best=Decimal(1), unit="km"))),
    ],
    ids=["none", "without a value", "one", "one that stands", "two units"],
)
def test_where_there_is_nothing_to_compare_there_is_no_picture(claims: tuple[object, ...]) -> None:
    assert plot(a_question_page(claims=claims), language="en") == ""


def test_claims_of_one_number_are_drawn_all_the_same() -> None:
    page = a_question_page(claims=(_number(1, 5), _number(2, 5)))
    assert "nan" not in str(plot(page, language="en"))


def _number(number: int, best: int) -> object:
    return a_claim_note(number, value=ClaimValue(best=Decimal(best), unit="m"))


# --- Files for machines ---


def test_the_reference_names_every_field_of_a_claim() -> None:
    page = (Path(__file__).parents[2] / "docs/reference/claims.md").read_text()
    assert [name for name, meaning in COLUMNS.items() if f"| `{name}` | {meaning} |" not in page] == []


def test_a_question_says_the_same_in_both_of_its_files() -> None:
    page = a_question_page()
    rows = list(csv.DictReader(io.StringIO(question_csv(page).decode())))
    claims = json.loads(question_json(page, "u"))["claims"]
    assert [row["id"] for row in rows] == [claim["id"] for claim in claims]
    assert [Decimal(row["best"]) for row in rows] == [claim["best"] for claim in claims]
    assert rows[0]["who"] == "Lida Orsova, Harsk correspondent, to us, citing Tomas Venn (leaked)"
    assert [row["stands"] for row in rows] == ["true", "true", "true", "false"]


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_begins_as_a_formula(begin: str) -> None:
    page = a_question_page(claims=(a_claim_note(1, sentence=f"{begin}1+1"),))
    (row,) = csv.DictReader(io.StringIO(question_csv(page).decode(), newline=""))
    assert row["claim"].startswith("'")


def test_every_word_of_ours_in_a_claim_is_told_by_the_context() -> None:
    article = an_article_with_claims()
    graph = json.loads(claims_jsonld(article, article.claims))["@graph"]
    prefixes = {word.partition(":")[0] for node in graph for word in node if ":" in word}
    assert prefixes <= CONTEXT["@context"].keys()
    assert "https://schema.org" not in json.dumps(graph)


def test_a_source_without_a_name_has_no_identifier_for_machines() -> None:
    article = an_article_with_claims()
    (claim,) = (n for n in json.loads(claims_jsonld(article, article.claims[:1]))["@graph"] if "stet:chain" in n)
    assert claim["stet:chain"][1].keys() == {"@type", "description", "stet:verb", "stet:addressee"}


# --- Lists ---


def test_a_correction_of_a_claim_names_the_stories_it_stands_in() -> None:
    links = (Link(label="The dam", path="/dam/"), Link(label="The river", path="/river/"))
    gone = Correction(
        date=date(2026, 11, 22), text_html="<p>Why.</p>", claim="It held.", status="withdrawn", articles=links
    )
    html = load_theme().set_page(some_corrections(corrections=(gone,))).decode()
    assert "<h2><s>It held.</s></h2>" in html
    assert "<span>withdrawn</span>" in html
    assert html.index('href="/dam/"') < html.index('href="/river/"')


def test_the_last_event_is_the_status_today() -> None:
    page = an_article_with_claims(claims=(a_claim_note(history=(_reported(), _denied())),))
    html = load_theme().set_page(page).decode()
    assert "<b>denied by a party</b>" in html
    assert "<b>reported</b>" not in html


def _reported() -> ClaimStatus:
    return ClaimStatus(status="reported", date=date(2026, 11, 20))


def _denied() -> ClaimStatus:
    return ClaimStatus(status="denied", date=date(2026, 11, 21))
