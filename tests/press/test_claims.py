"""Who says what is printed: marks, the list, questions, sources, and what a changed claim prints anew."""

import csv
import io
import json
import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import brotli
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from stet.newsroom.models import ArticlePage
from stet.press import preview
from stet.press.preview import preview_page
from stet.sourcing.history import NewLink, set_chain, set_status
from stet.sourcing.models import Attribution, Claim, ClaimLink, ClaimText, Evidence, QuestionText, Source, SourceName
from stet.sourcing.terms import Relation, SourceKind, Status, ValueKind, Verb, Visibility
from tests.press.builders import NOON, House, SmallPaper, an_article, stored, text
from tests.press.claim_builders import a_story, mark, paragraph
from tests.press.letter_builders import a_letter, a_list
from tests.sourcing.builders import a_claim, a_question, a_source, locale

STORY, QUESTION = "/2026/03/01/flood/", "/questions/killed-at-zelen/"
RUSSIAN_STORY, RUSSIAN_QUESTION = "/ru/2026/03/01/potop/", "/ru/questions/skolko/"
LATER = date(2026, 11, 25)
HOSTILE = "<script>alert(1)</script>\"' onload=x &lt;"


def files(house: House) -> dict[str, bytes]:
    """Everything that is printed, but for what says which edition it is."""
    found = (path for path in house.site.rglob("*") if path.is_file())
    return {
        f"/{path.relative_to(house.site)}".removesuffix("index.html"): path.read_bytes()
        for path in found
        if ".well-known" not in path.parts
    }


def changed_by(house: House, act: Callable[[], object]) -> set[str]:
    """The sheets that a change writes, takes away or adds."""
    before = files(house)
    act()
    house.print()
    after = files(house)
    return {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}


def anywhere(house: House, words: str) -> list[str]:
    """The sheets in which words stand."""
    return sorted(path for path, body in files(house).items() if words.encode() in body)


# --- In an article ---


def test_marked_words_lead_to_who_says_so_and_back(house: House, paper: SmallPaper) -> None:
    agency = a_source("Border Agency", kind=SourceKind.BODY, slug="border-agency")
    claim = a_claim(chain=(a_source(role="lawmaker", slug="anna-lind"), agency))
    a_story(paper.sections["en"][0], "flood", claim)
    house.print()
    html = house.page(STORY)
    lind, border = '<a href="/sources/anna-lind/">Anna Lind</a>', '<a href="/sources/border-agency/">Border Agency</a>'
    assert '<a class="claim" id="c1" href="#s1">words 1</a>' in html
    assert '<li id="s1"' in html
    assert 'href="#c1"' in html
    assert f"{lind}, lawmaker, citing {border}" in html
    assert house.check().ok
    assert house.verify() == []


def test_a_preview_of_a_draft_lists_who_says_so(
    house: House, paper: SmallPaper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preview, "_workplace", lambda: house.place)
    claim = a_claim(chain=(a_source(),))
    draft = a_story(paper.sections["en"][0], "flood", claim, published=None)
    html = preview_page(draft).decode()
    assert '<a class="claim" id="c1" href="#s1">words 1</a>' in html
    assert '<q>Around 600 were killed.</q>\u00a0— <a href="/sources/anna-lind/">Anna Lind</a>' in html


def test_a_mark_whose_claim_is_unknown_is_printed_as_plain_words(house: House, paper: SmallPaper) -> None:
    body = f"<p>{mark(999_999, 'these words')} and {mark(10**30, 'those')} stay.</p>"
    an_article(paper.sections["en"][0], "flood", body=stored(text(body)))
    house.print()
    assert "<p>these words and those stay.</p>" in house.page(STORY)
    assert "Who says this" not in house.page(STORY)
    assert not house.has(f"{STORY}claims.jsonld")


def test_a_claim_marked_twice_is_listed_once_with_two_ways_back(house: House, paper: SmallPaper) -> None:
    claim = a_claim()
    a_story(paper.sections["en"][0], "flood", claim, claim)
    house.print()
    html = house.page(STORY)
    assert re.findall(r'<a class="claim" id="([\w-]+)" href="#s1">', html) == ["c1", "c1-2"]
    assert html.count("<li id=") == 1
    assert 'href="#c1"' in html
    assert 'href="#c1-2"' in html


def test_a_claim_that_was_withdrawn_says_so_at_the_words_and_on_top_of_the_list(
    house: House, paper: SmallPaper
) -> None:
    claim = a_claim()
    a_story(paper.sections["en"][0], "flood", claim)
    a_story(paper.sections["ru"][0], "potop", claim)
    house.print()
    set_status(claim, Status.WITHDRAWN, day=LATER, notes={"en": "It was taken back."}, reason="They called us.")
    house.print()
    html = house.page(STORY)
    assert '>words 1</a> <small class="fate">(withdrawn)</small>' in html
    assert '<small class="fate">(отозвано)</small>' in house.page("/ru/2026/03/01/potop/")
    assert "1 claim changed since this was published." in html
    assert "It was taken back." in html
    assert "They called us." not in str(files(house))
    assert house.check().ok


def test_what_others_say_and_how_many_roots_there_are_stand_beside_a_claim(house: House, paper: SmallPaper) -> None:
    agency = a_source("Wire")
    claims = [a_claim(f"Said {n}.", chain=(a_source(f"Paper {n}"), agency)) for n in range(3)]
    other = a_claim("Nobody was.", chain=(a_source("Ministry"),), is_printed=True)
    for one in claims[1:]:
        ClaimLink.objects.create(claim=one, other=claims[0], relation=Relation.CORROBORATES)
    ClaimLink.objects.create(claim=other, other=claims[0], relation=Relation.CONTRADICTS)
    a_story(paper.sections["en"][0], "flood", *claims)
    house.print()
    html = house.page(STORY)
    assert "All who say so go back to 1 source." in html
    assert "Against it: <q>Nobody was.</q>" in html


def test_a_claim_that_stands_in_no_published_story_is_printed_nowhere(house: House, paper: SmallPaper) -> None:
    question = a_question()
    known = a_claim("It is known.", question=question)
    secret = a_claim("Nobody knows this yet.", chain=(a_source("Deep Source", slug="deep"),), question=question)
    ClaimLink.objects.create(claim=secret, other=known, relation=Relation.CONTRADICTS)
    ClaimLink.objects.create(claim=secret, other=known, relation=Relation.CORROBORATES)
    a_story(paper.sections["en"][0], "flood", known)
    draft = a_story(paper.sections["en"][0], "draft", secret, published=None)
    house.print()
    for words in ("Nobody knows this yet.", "Deep Source", "/sources/deep/", str(secret.uid)):
        assert anywhere(house, words) == [], words
    draft.live, draft.first_published_at = True, NOON
    draft.save()
    house.print()
    assert "Against it: <q>Nobody knows this yet.</q>" in house.page(STORY)
    assert house.has("/sources/deep/")
    assert house.check().ok


def test_an_unnamed_source_has_no_page_no_role_and_no_name_for_machines(house: House, paper: SmallPaper) -> None:
    unnamed = a_source("an official who was present", kind=SourceKind.UNNAMED, role="Deputy", slug="deputy")
    claim = a_claim()
    set_chain(claim, [NewLink(source=unnamed)], day=LATER)
    Attribution.objects.filter(claim=claim).update(roles={"en": "Deputy head"})  # told before it became unnamed
    a_story(paper.sections["en"][0], "flood", claim)
    house.print()
    assert "an official who was present" in house.page(STORY)
    for words in ("Deputy", "/sources/deputy/", str(unnamed.uid)):
        assert anywhere(house, words) == [], words


def test_a_long_article_lists_in_each_part_what_is_marked_there(house: House, paper: SmallPaper) -> None:
    claims = [a_claim(f"Claim number {n}.", chain=(a_source(f"Source {n}"),)) for n in range(30)]
    filler = "<p>" + "Words of a long read, all of them different. " * 12 + "</p>"
    body = "".join(f"<p>{mark(one, f'mark {n}')} stands.</p>{filler}" for n, one in enumerate(claims))
    an_article(paper.sections["en"][0], "flood", body=stored(text(body)))
    house.print()
    parts = [path for path in files(house) if re.fullmatch(rf"{STORY}(\d+/)?", path)]
    numbers: list[str] = []
    for path in sorted(parts):
        html = house.page(path)
        marked, listed = re.findall(r'href="#s(\d+)"', html), re.findall(r'<li id="s(\d+)"', html)
        assert marked == listed, path
        assert len(brotli.compress(html.encode())) <= 9_000, path
        numbers += listed
    assert len(parts) > 1
    assert numbers == [str(n) for n in range(1, 31)]


def test_a_paragraph_with_a_hundred_marks_stays_within_the_budget(house: House, paper: SmallPaper) -> None:
    claims = [
        a_claim(f"{number * 7919 % 10_007} of {number * 104_729 % 99_991}.", chain=(a_source(f"S{number * 31 % 97}"),))
        for number in range(100)
    ]
    a_story(paper.sections["en"][0], "flood", *claims)
    house.print()
    html = house.page(STORY)
    assert len(brotli.compress(html.encode())) <= 9_000
    assert html.count('class="claim"') == 100
    assert len(json.loads(house.page(f"{STORY}claims.jsonld"))["@graph"]) == 101


def test_hostile_words_in_every_field_stay_words(house: House, paper: SmallPaper) -> None:
    question = a_question(HOSTILE[:300])
    source = a_source(HOSTILE[:200], role=HOSTILE, interest=HOSTILE, slug="hostile")
    claim = a_claim(HOSTILE, chain=(source,), question=question, value_kind=ValueKind.TEXT, unit=HOSTILE[:50])
    ClaimText.objects.update(value_text=f"=cmd|{HOSTILE}", place=HOSTILE, verdict_text=HOSTILE)
    set_status(claim, Status.CORRECTED, day=LATER, notes={"en": HOSTILE}, by=source)
    ClaimLink.objects.create(claim=a_claim(HOSTILE, is_printed=True), other=claim)
    Evidence.objects.create(title=HOSTILE, url="javascript:alert(1)", visibility=Visibility.PUBLIC)
    set_chain(claim, [NewLink(source=source, evidence=Evidence.objects.get())], day=LATER)
    a_story(paper.sections["en"][0], "flood", claim)
    house.print()
    for path in (STORY, QUESTION, "/sources/hostile/", "/questions/", "/corrections/"):
        html = re.sub(r"<script.*?</script>", "", house.page(path), flags=re.DOTALL)
        assert "alert(1)" in house.page(path), path
        assert "<script>alert" not in re.sub(r"<script type=.*?</script>", "", house.page(path)), path
        assert "javascript:" not in html, path
        assert "\"' onload" not in html, path
    (row,) = csv.DictReader(io.StringIO(house.page(f"{QUESTION}question.csv")))
    assert row["value"].startswith("'=cmd")


# --- For machines ---


def test_claims_are_told_to_machines_with_chain_history_and_relations(house: House, paper: SmallPaper) -> None:
    agency = a_source("Border Agency", kind=SourceKind.BODY, slug="border-agency")
    claim = a_claim("Around 600 were killed.", chain=(a_source(slug="anna-lind"), agency), verdict="false")
    other = a_claim("Nobody was killed.")
    ClaimLink.objects.create(claim=claim, other=other, relation=Relation.CONTRADICTS)
    a_story(paper.sections["en"][0], "flood", claim, other)
    house.print()
    assert f'<link rel="alternate" type="application/ld+json" href="{STORY}claims.jsonld">' in house.page(STORY)
    found = json.loads(house.page(f"{STORY}claims.jsonld"))
    story, first, second, review = found["@graph"]
    base = story["@id"].removesuffix(STORY)
    assert found["@context"] == f"{base}/claims-context.jsonld"
    assert json.loads(house.page("/claims-context.jsonld"))["@context"]["@vocab"] == "https://schema.org/"
    assert story["hasPart"] == [{"@id": f"urn:uuid:{one.uid}"} for one in (claim, other)]
    assert first["text"] == {"@value": "Around 600 were killed.", "@language": "en"}
    assert first["author"]["name"] == "Anna Lind"
    assert first["prov:wasQuotedFrom"]["name"] == first["prov:hadPrimarySource"]["name"] == "Border Agency"
    assert [link["stet:verb"] for link in first["stet:chain"]] == ["said", "cited"]
    assert first["stet:contradicts"] == [{"@id": f"urn:uuid:{other.uid}"}]
    assert first["firstAppearance"] == {"@id": story["@id"]}
    assert "prov:wasAttributedTo" not in second
    assert (review["@type"], review["reviewRating"]["ratingValue"]) == ("ClaimReview", 1)
    twin = json.loads(house.page(f"{STORY}article.json"))
    assert [one["status"] for one in twin["claims"]] == ["reported", "reported"]
    assert [one["name"] for one in twin["info_sources"]] == ["Anna Lind", "Border Agency"]
    assert '<a class="claim" id="c1" href="#s1">words 1</a>' in twin["body"][0]["html"]


def test_feeds_letters_and_other_pages_have_the_words_without_a_mark(house: House, paper: SmallPaper) -> None:
    claim = a_claim()
    story = a_story(paper.sections["en"][0], "flood", claim)
    front = paper.fronts["en"]
    front.notice = f"<p>{mark(claim, 'On top')}</p>"
    front.save()
    topic = paper.topics["en"]
    topic.summary = f"<p>{mark(claim, 'In short')}</p>"
    topic.save()
    the_list = a_list(front)
    a_letter(the_list, stories=(story,), intro=f"<p>Dear {mark(claim, 'reader words')}.</p>")
    house.print()
    printed = files(house)
    marked = {path for path, body in printed.items() if b'class="claim"' in body or b'class=\\"claim' in body}
    assert marked == {STORY, f"{STORY}article.json"}
    assert b"linktype" not in b"".join(printed.values())
    mail = next(path for path in printed if path.endswith("mail.html"))
    assert b"reader words" in printed[mail]
    assert b"#s1" not in printed[mail]
    assert "words 1" in house.page("/rss.xml")


def test_evidence_is_printed_where_it_is_public_and_stands_with_a_printed_claim(
    house: House, paper: SmallPaper
) -> None:
    shown, hidden, unused = (_a_text(house, name) for name in ("shown", "hidden", "unused"))
    Evidence.objects.filter(pk=hidden.pk).update(visibility=Visibility.STAFF)
    source = a_source()
    for piece in (shown, hidden):
        claim = a_claim(f"With {piece.title}.")
        set_chain(claim, [NewLink(source=source, evidence=piece)], day=LATER)
        a_story(paper.sections["en"][0], f"story-{piece.title}", claim)
    draft = a_claim("A draft.")
    set_chain(draft, [NewLink(source=source, evidence=unused)], day=LATER)
    ClaimLink.objects.create(claim=draft, other=Claim.objects.get(texts__sentence="With shown."))
    house.print()
    path = f"/evidence/{shown.sha256[:32]}.txt"
    assert f'<a href="{path}">shown</a>' in house.page("/2026/03/01/story-shown/")
    assert [name for name in files(house) if name.startswith("/evidence/")] == [path]
    Evidence.objects.filter(pk=shown.pk).update(visibility=Visibility.SEALED)
    house.print()
    assert [name for name in files(house) if name.startswith("/evidence/")] == []
    assert house.check().ok


def test_evidence_stays_where_another_piece_that_is_shown_has_the_same_bytes(house: House, paper: SmallPaper) -> None:
    one, other = _a_text(house, "one"), _a_text(house, "other")
    Evidence.objects.filter(pk=other.pk).update(sha256=one.sha256, size_bytes=3)
    source = a_source()
    for piece in (one, other):
        claim = a_claim(f"With {piece.title}.")
        set_chain(claim, [NewLink(source=source, evidence=piece)], day=LATER)
        a_story(paper.sections["en"][0], f"story-{piece.title}", claim)
    house.print()
    path = f"/evidence/{one.sha256[:32]}.txt"
    for piece in (one, other):
        Evidence.objects.filter(pk=piece.pk).update(visibility=Visibility.STAFF)
        house.print()
        assert house.has(path) == (piece == one)
        assert house.check().ok
        assert house.verify() == []
        if piece == one:
            Evidence.objects.filter(pk=piece.pk).update(visibility=Visibility.PUBLIC)
            house.print()
            Evidence.objects.filter(pk=piece.pk).update(visibility=Visibility.STAFF)
            house.print()
            assert house.has(path), "Whichever of them printed it last."


def _a_text(house: House, name: str) -> Evidence:
    body, digest = name.encode(), name.encode().hex().ljust(64, "0")
    file = house.folder / "evidence" / "original" / digest[:2] / digest
    file.parent.mkdir(parents=True, exist_ok=True)
    Path(file).write_bytes(body)
    return Evidence.objects.create(
        title=name, visibility=Visibility.PUBLIC, sha256=digest, media_type="text/plain", size_bytes=len(body)
    )


# --- Questions and sources ---


def numbered(count: int, question: Any, *, first: int = 1, **fields: Any) -> list[Claim]:
    """Claims that give a number, a day apart."""
    return [
        a_claim(
            f"There were {n}.", unit="people", question=question, value_kind=ValueKind.NUMBER, best=n,
            as_of=date(2026, 1, 1) + timedelta(days=n), is_printed=True, **fields,
        )
        for n in range(first, first + count)
    ]  # fmt: skip


def test_a_question_shows_rival_claims_and_their_range(house: House, paper: SmallPaper) -> None:
    question = a_question()
    number = {"question": question, "value_kind": ValueKind.NUMBER, "unit": "people"}
    first = a_claim("Six hundred.", chain=(a_source(slug="anna"),), best=600, **number)
    ministry = a_source("Ministry", slug="ministry")
    second = a_claim("Three to four hundred.", chain=(ministry,), low=300, high=400, **number)
    gone = a_claim("Nine thousand.", best=9000, status=Status.WITHDRAWN, **number)
    a_story(paper.sections["en"][0], "flood", first, second, gone)
    house.print()
    html = house.page(QUESTION)
    assert "<b>300–600 people</b>" in html
    assert "those that stand go back to 2 independent sources" in html
    assert html.count("<circle") == 1
    assert html.count("<path") == 3
    assert "<s>9,000 people</s>" in html
    data = json.loads(house.page(f"{QUESTION}question.json"))
    assert data["ranges"] == [{"unit": "people", "low": 300, "high": 600, "claims": 2}]
    assert [claim["stands"] for claim in data["claims"]] == [True, True, False]
    assert f'href="{QUESTION}"' in house.page("/questions/")
    assert 'href="/questions/"' in house.page("/archive/")
    assert QUESTION in house.page("/sitemaps/claims.xml")
    assert "/sources/ministry/" in house.page("/sitemaps/claims.xml")
    assert house.check().ok


def test_page_one_of_a_question_never_changes(house: House, paper: SmallPaper) -> None:
    question, source = a_question(), a_source(slug="anna")
    numbered(45, question, chain=(source,))
    house.print()
    pages = (f"{QUESTION}archive/1/", "/sources/anna/archive/1/")
    before = [house.page(path) for path in pages]
    assert "There were 1." in before[0]
    assert "There were 21." not in before[0]
    numbered(30, question, first=46, chain=(source,))
    house.print()
    assert [house.page(path) for path in pages] == before
    assert house.has(f"{QUESTION}archive/3/")
    assert "There were 75." in house.page(QUESTION)
    assert house.check().ok
    for path, body in files(house).items():
        if path.endswith("/"):
            assert len(brotli.compress(body)) <= 9_000, path


def test_a_question_and_a_source_say_where_they_stand_in_other_languages(house: House, paper: SmallPaper) -> None:
    question, source = a_question(), a_source(slug="anna")
    QuestionText.objects.create(question=question, locale=locale("ru"), text="Сколько?", slug="skolko")
    SourceName.objects.create(source=source, locale=locale("ru"), name="Анна Линд", slug="anna")
    numbered(1, question, chain=(source,))
    house.print()
    for path, other in {QUESTION: "/ru/questions/skolko/", "/ru/sources/anna/": "/sources/anna/"}.items():
        assert re.search(rf'hreflang="(ru|en)" href="[^"]*{other}"', house.page(path)), path
    assert "Анна Линд" in house.page("/ru/questions/skolko/")
    assert 'lang="en"' in house.page("/ru/questions/skolko/")


def test_a_question_whose_claims_are_all_hidden_has_no_page(house: House, paper: SmallPaper) -> None:
    question = a_question()
    claim = numbered(1, question)[0]
    house.print()
    assert house.has(QUESTION)
    Claim.objects.filter(pk=claim.pk).update(is_printed=False)
    house.print()
    assert not house.has(QUESTION)
    assert not house.has("/questions/")
    assert QUESTION not in house.page("/sitemaps/claims.xml")
    assert house.check().ok


# --- What a change prints anew ---


@pytest.fixture
def standing(house: House, paper: SmallPaper) -> Claim:
    """A claim that stands in a story and its translation, answers a question and has a source; and other stories."""
    question, source = a_question(), a_source(slug="anna")
    QuestionText.objects.create(question=question, locale=locale("ru"), text="Сколько?", slug="skolko")
    claim = a_claim(chain=(source,), question=question)
    story = a_story(paper.sections["en"][0], "flood", claim)
    a_story(paper.sections["ru"][0], "potop", claim, translation_key=story.translation_key)
    bystander = a_claim("Another.", chain=(a_source("Other", slug="other"),))
    a_story(paper.sections["en"][0], "bystander", bystander)
    an_article(paper.sections["en"][0], "plain")
    house.print()
    return claim


STANDS_ON = {
    *(f"{story}{name}" for story in (STORY, RUSSIAN_STORY) for name in ("", "article.json", "claims.jsonld")),
    *(f"{page}{name}" for page in (QUESTION, RUSSIAN_QUESTION) for name in ("", "question.csv", "question.json")),
    "/sources/anna/",
}
CORRECTIONS = {
    f"{prefix}/corrections/{name}" for prefix in ("", "/ru") for name in ("", "rss.xml", "atom.xml", "feed.json")
}


def test_a_status_prints_anew_exactly_the_sheets_on_which_the_claim_stands(house: House, standing: Claim) -> None:
    notes = {"en": "A second list has 588 names.", "ru": "Во втором списке 588 имён."}
    assert changed_by(house, lambda: set_status(standing, Status.CORROBORATED, day=LATER, notes=notes)) == STANDS_ON
    assert house.check().ok


def test_a_withdrawn_claim_also_stands_in_the_lists_and_feeds_of_corrections(house: House, standing: Claim) -> None:
    notes = {"en": "They took it back.", "ru": "Они это отозвали."}
    changed = changed_by(house, lambda: set_status(standing, Status.WITHDRAWN, day=LATER, notes=notes))
    assert changed == STANDS_ON | CORRECTIONS
    html = house.page("/corrections/")
    assert "<s>Around 600 were killed.</s>" in html
    assert f'<a href="{STORY}">Flood</a>' in html
    assert "They took it back." in house.page("/corrections/feed.json")
    assert "Они это отозвали." in house.page("/ru/corrections/")
    assert house.check().ok


def test_a_renamed_source_is_renamed_wherever_it_speaks(house: House, standing: Claim) -> None:
    act = SourceName.objects.filter(name="Anna Lind").update
    assert changed_by(house, lambda: act(name="Anna Moor")) == STANDS_ON
    assert anywhere(house, "Anna Lind") == []


def test_saving_a_claim_or_a_draft_without_a_change_prints_nothing(house: House, standing: Claim) -> None:
    assert changed_by(house, Claim.objects.get(pk=standing.pk).save) == set()
    page = ArticlePage.objects.get(slug="flood")
    page.body = stored(paragraph(a_claim("Of a draft.")))
    assert changed_by(house, page.save_revision) == set()


def test_stories_go_first(house: House, standing: Claim) -> None:
    set_status(standing, Status.DENIED, day=LATER)
    with house.place.edition:
        memory = house.memory()
        left = house.place.press(memory).follow(house.now).left
        memory.close()
    assert "denied by a party" in house.page(STORY)
    assert "denied by a party" not in house.page(QUESTION)
    assert left > 0
    house.print()
    assert "denied by a party" in house.page(QUESTION)


# --- By the batch ---


def queries_of(house: House) -> list[str]:
    """What a full print asks the tables of claims."""
    with CaptureQueriesContext(connection) as captured:
        house.print(anew=True)
    return [one["sql"] for one in captured.captured_queries if "sourcing_" in one["sql"]]


def test_claims_are_read_by_the_batch(house: House, paper: SmallPaper) -> None:
    sources = [a_source(f"Source {n}") for n in range(4)]
    a_story(paper.sections["en"][0], "first", *(a_claim(f"First {n}.", chain=(sources[n],)) for n in range(4)))
    few = len(queries_of(house))
    for number in range(8):
        claims = [a_claim(f"Claim {number} {n}.", chain=(sources[n],)) for n in range(4)]
        a_story(paper.sections["en"][0], f"story-{number}", *claims)
    assert len(queries_of(house)) == few


def test_an_archive_without_claims_asks_nothing_of_any(house: House, paper: SmallPaper) -> None:
    linked = stored(text('<p>A <a linktype="page" id="3">link</a>.</p>'))
    for number in range(5):
        an_article(paper.sections["en"][0], f"story-{number}", body=linked)
    house.print()
    page = ArticlePage.objects.get(slug="story-1")
    page.title = "Another headline"
    page.save()
    with CaptureQueriesContext(connection) as captured:
        house.print()
    asked = [one["sql"] for one in captured.captured_queries if "sourcing_" in one["sql"]]
    tables = {table for sql in asked for table in re.findall(r'FROM "(sourcing_\w+)"', sql)}
    assert tables <= {"sourcing_question"}
    assert "Another headline" in house.page("/2026/03/01/story-1/")


def test_sources_in_the_chains_of_printed_claims_stay_named(house: House, paper: SmallPaper) -> None:
    claim = a_claim(chain=(a_source(slug="anna"), a_source("Wire", kind=SourceKind.OUTLET, slug="wire")))
    a_story(paper.sections["en"][0], "flood", claim)
    house.print()
    assert house.has("/sources/wire/")
    Source.objects.filter(kind=SourceKind.OUTLET).update(kind=SourceKind.UNNAMED)
    house.print()
    assert not house.has("/sources/wire/")
    assert anywhere(house, "/sources/wire/") == []
    assert Verb.CITED.value in json.dumps(json.loads(house.page(f"{STORY}claims.jsonld")))
    assert house.check().ok
