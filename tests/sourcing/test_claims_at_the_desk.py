"""An editor at work on claims, by the desk's own forms."""

import html
import re
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.test.utils.form_data import inline_formset, nested_form_data

from stet.kit import clock
from stet.newsroom.models import ArticlePage
from stet.sourcing.history import NewLink, set_chain, set_status, verify
from stet.sourcing.models import Attribution, Claim, ClaimLink, ClaimText, Mention, Question, Record, Source
from stet.sourcing.reading import read_claims
from stet.sourcing.recording import new_source
from stet.sourcing.terms import Relation, SourceKind, Status, ValueKind, Verb
from tests.press.builders import SmallPaper
from tests.sourcing.builders import DAY, a_claim, a_question, a_source, locale

LIST, ADD = "/snippets/sourcing/claim/", "/snippets/sourcing/claim/add/"
NOW = datetime(2026, 12, 3, 12, tzinfo=UTC)
BLANK = {"unit": "", "place": "", "value_text": "", "verdict_text": ""}


@pytest.fixture(autouse=True)
def _now(monkeypatch: pytest.MonkeyPatch, paper: SmallPaper) -> None:
    """It is a Thursday."""
    monkeypatch.setattr(clock.SystemClock, "now", lambda self: NOW)


def edit(claim: Claim) -> str:
    return f"{LIST}edit/{claim.pk}/"


def status_page(claim: Claim) -> str:
    return f"/sourcing/claims/{claim.pk}/status/"


def rows(prefix: str, given: list[dict[str, Any]], *, initial: int = 0) -> dict[str, Any]:
    sent: dict[str, Any] = {
        f"{prefix}-TOTAL_FORMS": len(given), f"{prefix}-INITIAL_FORMS": initial, f"{prefix}-MIN_NUM_FORMS": 0,
        f"{prefix}-MAX_NUM_FORMS": 100,
    }  # fmt: skip
    for number, one in enumerate(given):
        sent |= {f"{prefix}-{number}-{name}": value for name, value in one.items()}
    return sent


def link(source: Any, order: int, **more: Any) -> dict[str, Any]:
    pk = source.pk if isinstance(source, Source) else source
    return {
        "source": pk,
        "verb": "said",
        "addressee": "unknown",
        "said_on": "",
        "evidence": "",
        "cue": "",
        "ORDER": order,
        **more,
    }


def form(
    links: list[dict[str, Any]],
    *,
    claim: Claim | None = None,
    relations: list[dict[str, Any]] | None = None,
    **fields: Any,
) -> dict[str, Any]:
    texts = fields.pop("texts", [{"locale": locale("en").pk, "sentence": "Around 600 were killed."}])
    initial = 0
    if claim is not None:
        for text, row in zip(texts, claim.texts.all(), strict=False):
            text["id"] = row.pk
        initial = claim.texts.count()
    sent = nested_form_data({
        "value_kind": "none", "low": "", "best": "", "high": "", "value_date": "", "value_yes": "unknown", "as_of": "",
        "speech_act": "asserts", "modality": "flat", "verdict": "none", "question": "",
        "texts": inline_formset([{**BLANK, **text} for text in texts], initial=initial),
        **fields,
    })  # fmt: skip
    standing = Attribution.objects.filter(claim=claim).count() if claim else 0
    return {**sent, **rows("chain", links, initial=min(standing, len(links))), **rows("relations", relations or [])}


def words(answer: Any) -> str:
    """An answer's words, without markup."""
    assert answer.status_code == 200, answer.status_code
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]*>", " ", answer.content.decode())))


def test_an_empty_list_says_what_a_claim_is(desk: Client) -> None:
    shown = words(desk.get(LIST))
    assert "A claim is one sentence that somebody says is so" in shown
    menu = desk.get("/").content.decode()
    assert all(f"/snippets/sourcing/{record}/" in menu for record in ("claim", "question", "source", "evidence"))


def test_a_claim_is_made_with_its_chain_in_order(desk: Client) -> None:
    agency, lawmaker = a_source("the Border Agency"), a_source("Anna Lind")
    sent = form(
        [link(agency, 2, verb="cited", roles_en="the agency then"),
         link(lawmaker, 1, said_on="2026-11-19", cue="according to")],
        value_kind="number", best="600",
    )  # fmt: skip
    answer = desk.post(ADD, sent)
    assert answer.status_code == 302, words(answer)
    claim = Claim.objects.get()
    value = read_claims([claim.pk])[claim.pk]
    assert [(one.source.text("en").name, one.verb, one.cue, dict(one.roles)) for one in value.chain] == [
        ("Anna Lind", Verb.SAID, "according to", {}),
        ("the Border Agency", Verb.CITED, "", {"en": "the agency then"}),
    ]
    assert (value.status, value.events[0].day, value.best) == (Status.REPORTED, date(2026, 12, 3), 600)
    assert Record.objects.filter(editor__username="admin").count() == 2
    verify([claim])


def test_a_chain_is_put_into_another_order_and_the_first_one_stays_in_the_history(desk: Client) -> None:
    first, second = a_source("Anna Lind"), a_source("the Border Agency")
    claim = a_claim(chain=(first, second))
    desk.get(edit(claim))
    sent = form([link(first, 2, verb="said"), link(second, 1, verb="cited")], claim=claim, chain_record=2)
    assert desk.post(edit(claim), sent).status_code == 302
    assert [row.source for row in Attribution.objects.filter(claim=claim)] == [second, first]
    assert Record.objects.filter(claim=claim, kind="chain").count() == 2
    shown = words(desk.get(edit(claim)))
    assert "Nobody altered this history" in shown
    verify([claim])


def test_saving_without_a_change_adds_no_record(desk: Client) -> None:
    source = a_source()
    claim = a_claim(chain=(source,))
    assert desk.post(edit(claim), form([link(source, 1)], claim=claim, chain_record=2)).status_code == 302
    assert Record.objects.filter(claim=claim).count() == 2


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "a number without one": ({"value_kind": "number"}, "Give the number, or the lowest and the highest."),
    "a range that ends before it begins": (
        {"value_kind": "number", "low": "9", "high": "5"}, "The lowest comes first, the highest last."),
    "a date without one": ({"value_kind": "date"}, "Give the date that is claimed."),
    "a sentence that is empty": ({"texts": [{"locale": "1", "sentence": ""}]}, "This field is required."),
    "a sentence that is too long": ({"texts": [{"locale": "1", "sentence": "x" * 401}]}, "at most 400 characters"),
    "a number that is none": ({"value_kind": "number", "best": "many"}, "Enter a number."),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_what_contradicts_itself_is_said_at_its_field_and_nothing_typed_is_lost(desk: Client, case: str) -> None:
    fields, sentence = REFUSED[case]
    source = a_source()
    shown = desk.post(ADD, form([link(source, 1, cue="according to him")], **fields))
    assert sentence in words(shown)
    assert "according to him" in shown.content.decode()
    assert "Anna Lind" in shown.content.decode()
    assert not Claim.objects.exists()


def test_a_circular_chain_is_said_at_the_second_link(desk: Client) -> None:
    source, other = a_source(), a_source("the Border Agency")
    shown = desk.post(ADD, form([link(source, 1), link(other, 2), link(source, 3, cue="again")]))
    assert "This chain comes back to a source that it named before" in words(shown)
    assert "again" in shown.content.decode()
    assert not Claim.objects.exists()


def test_a_claim_without_a_source_is_refused(desk: Client) -> None:
    assert "Say who makes this claim" in words(desk.post(ADD, form([])))
    assert "Say who makes this claim, or take this link out." in words(desk.post(ADD, form([link("", 1)])))
    shown = words(desk.post(ADD, form([link("99999999999999999999", 1)])))
    assert "not one of the available choices" in shown
    assert not Claim.objects.exists()


def test_nine_links_are_too_many_and_none_is_lost(desk: Client) -> None:
    sources = [a_source(f"Source {number}") for number in range(9)]
    shown = desk.post(ADD, form([link(source, number) for number, source in enumerate(sources, 1)]))
    assert "at most 8" in words(shown)
    assert "Source 8" in shown.content.decode()


def test_somebody_elses_chain_is_not_overwritten_unseen(desk: Client) -> None:
    mine, theirs = a_source("Anna Lind"), a_source("Olof Hale")
    claim = a_claim(chain=(a_source("the Border Agency"),))
    set_chain(claim, [NewLink(source=theirs)], day=DAY)
    sent = form([link(mine, 1)], claim=claim, chain_record=2)
    shown = desk.post(edit(claim), sent)
    assert "Somebody set another chain while you wrote" in words(shown)
    assert Attribution.objects.get(claim=claim).source == theirs
    again = re.search(r'name="chain_record" value="(\d+)"', shown.content.decode())
    assert again is not None
    assert desk.post(edit(claim), {**sent, "chain_record": again[1]}).status_code == 302
    assert Attribution.objects.get(claim=claim).source == mine


def test_somebody_elses_chain_stays_where_nobody_changed_it_here(desk: Client) -> None:
    before, theirs = a_source("Anna Lind"), a_source("Olof Hale")
    claim = a_claim(chain=(before,))
    set_chain(claim, [NewLink(source=theirs)], day=DAY)
    assert desk.post(edit(claim), form([link(before, 1)], claim=claim, chain_record=2)).status_code == 302
    assert Attribution.objects.get(claim=claim).source == theirs


def test_a_status_is_added_with_its_reason_its_note_and_who_said_so(desk: Client) -> None:
    ministry = a_source("the Defence Ministry", kind=SourceKind.BODY)
    claim = a_claim(chain=(a_source(),))
    sent = {
        "status": "denied",
        "day": "2026-12-02",
        "by": ministry.pk,
        "evidence": "",
        "reason": "They rang us.",
        "notes_en": "The ministry denies it.",
        "notes_ru": "Министерство отрицает.",
    }
    answer = desk.post(status_page(claim), sent)
    assert answer.status_code == 302, words(answer)
    event = read_claims([claim.pk])[claim.pk].events[-1]
    assert (event.status, event.day, event.reason) == (Status.DENIED, date(2026, 12, 2), "They rang us.")
    assert dict(event.notes) == {"en": "The ministry denies it.", "ru": "Министерство отрицает."}
    shown = words(desk.get(edit(claim)))
    assert all(
        text in shown
        for text in ("denied by a party", "the Defence Ministry", "Министерство отрицает.", "They rang us.")
    )
    verify([claim])


@pytest.mark.parametrize(
    ("day", "sentence"),
    [
        ("2026-11-19", "The status of 2026-11-20 came after that day"),
        ("2026-12-04", "has not come yet"),
        ("yesterday", "Enter a valid date"),
    ],
)
def test_a_status_on_a_day_that_cannot_be_is_said_at_the_day(desk: Client, day: str, sentence: str) -> None:
    claim = a_claim(chain=(a_source(),))
    shown = desk.post(
        status_page(claim), {"status": "denied", "day": day, "reason": "They rang us.", "notes_en": "Denied."}
    )
    assert sentence in words(shown)
    assert "They rang us." in shown.content.decode()
    assert Record.objects.filter(kind="status").count() == 1


def test_relations_are_seen_from_both_sides(desk: Client) -> None:
    source = a_source()
    claim, other = (
        a_claim("Around 600 were killed.", chain=(source,)),
        a_claim("Nobody was killed.", chain=(a_source("Olof Hale"),)),
    )
    sent = form(
        [link(source, 1)], claim=claim, chain_record=2, relations=[{"relation": "contradicts", "other": other.pk}]
    )
    assert desk.post(edit(claim), sent).status_code == 302
    assert ClaimLink.objects.values_list("claim", "relation", "other").get() == (claim.pk, "contradicts", other.pk)
    assert "contradicts Nobody was killed." in words(desk.get(edit(claim)))
    assert "Around 600 were killed. contradicts this one" in words(desk.get(edit(other)))
    twice = [{"relation": "contradicts", "other": other.pk}] * 2
    assert "This relation is there already" in words(
        desk.post(edit(claim), form([link(source, 1)], claim=claim, chain_record=2, relations=twice))
    )
    itself = [{"relation": "repeats", "other": claim.pk}]
    assert "This is the claim itself" in words(
        desk.post(edit(claim), form([link(source, 1)], claim=claim, chain_record=2, relations=itself))
    )
    assert desk.post(edit(claim), form([link(source, 1)], claim=claim, chain_record=2)).status_code == 302
    assert not ClaimLink.objects.exists()


def test_three_outlets_that_cite_one_agency_are_one_root(desk: Client) -> None:
    agency = a_source("the Border Agency")
    claims = [a_claim(f"As {name} says.", chain=(a_source(name), agency)) for name in ("One", "Two", "Three")]
    for later in claims[1:]:
        ClaimLink.objects.create(claim=later, relation=Relation.REPEATS, other=claims[0])
    assert "Independent roots 1 · everybody who agrees cites the same source" in words(desk.get(edit(claims[0])))


def test_a_claim_says_where_else_it_stands(desk: Client, story: ArticlePage) -> None:
    claim = a_claim(chain=(a_source(),))
    assert "In no printed story yet" in words(desk.get(edit(claim)))
    Mention.objects.create(page=story, mark="k3f9x2", claim=claim, exact="around 600", is_in_print=True)
    shown = words(desk.get(edit(claim)))
    assert story.title in shown
    assert "around 600" in shown


def test_a_claim_is_withdrawn_and_never_deleted(desk: Client) -> None:
    claim = a_claim(chain=(a_source(),))
    assert desk.post(f"{LIST}delete/{claim.pk}/").status_code in (302, 403)
    desk.post(f"/bulk/sourcing/claim/delete/?id={claim.pk}")
    assert Claim.objects.exists()
    assert f"{LIST}delete/" not in desk.get(LIST).content.decode()


def test_the_list_shows_who_says_so_citing_whom_and_is_filtered(desk: Client) -> None:
    question = a_question()
    claim = a_claim(chain=(a_source("Anna Lind"), a_source("the Border Agency")), question=question)
    denied = a_claim("Отрицают.", language="ru", chain=(a_source("Olof Hale"),))
    set_status(denied, Status.DENIED, day=DAY, reason='"status":"reported"}')
    shown = words(desk.get(LIST))
    assert "Anna Lind citing the Border Agency" in shown
    for query, expected in {
        "status=denied": {denied}, "status=reported": {claim}, f"question={question.pk}": {claim},
        f"language={locale('ru').pk}": {denied}, "q=killed": {claim}, "q=ОТРИЦ": {denied},
        "status=denied&q=killed": set(),
        "q=%22*%00": None, "status=nope": None, "question=x": None, "language=99999999999999999999": None,
    }.items():  # fmt: skip
        answer = desk.get(f"{LIST}?{query}")
        assert answer.status_code == 200, query
        if expected is not None:
            assert set(answer.context["object_list"]) == expected, query


def test_a_page_of_the_list_takes_as_many_queries_for_many_claims_as_for_few(desk: Client) -> None:
    agency = a_source("the Border Agency")

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as taken:
            assert desk.get(LIST).status_code == 200
        return len(taken)

    a_claim(chain=(a_source(), agency))
    desk.get(LIST)
    few = queries()
    for number in range(12):
        a_claim(f"Claim {number}", chain=(a_source(f"Source {number}"), agency), question=a_question(slug=f"q{number}"))
    assert queries() == few


def many_claims(count: int, question: Question) -> None:
    """Claims in bulk, each with a sentence, a source of three, and a status; below the services, for speed."""
    sources = [a_source(f"Source {number}") for number in range(3)]
    first = (Claim.objects.order_by("-pk").values_list("pk", flat=True).first() or 0) + 1
    claims = Claim.objects.bulk_create(
        Claim(pk=first + n, question=question, value_kind=ValueKind.NUMBER, best=n, as_of=DAY) for n in range(count)
    )
    english = locale("en")
    ClaimText.objects.bulk_create(
        ClaimText(claim=c, locale=english, sentence=f"{c.best} were killed.", unit="people") for c in claims
    )
    Attribution.objects.bulk_create(Attribution(claim=c, position=1, source=sources[c.pk % 3]) for c in claims)
    body = '{"by":null,"evidence":null,"notes":{},"reason":"","status":"reported"}'
    Record.objects.bulk_create(
        Record(claim=c, number=1, kind="status", day=DAY, body=body, digest="0" * 64) for c in claims
    )


def test_ten_thousand_claims_on_a_question_are_shown_by_the_page(desk: Client) -> None:
    question = a_question()
    many_claims(10_000, question)
    with CaptureQueriesContext(connection) as taken:
        shown = desk.get(f"{LIST}?question={question.pk}&status=reported")
    assert len(shown.context["object_list"]) == 25
    assert len(taken) < 60
    with CaptureQueriesContext(connection) as taken:
        page = desk.get(f"/snippets/sourcing/question/edit/{question.pk}/")
    told = words(page)
    assert "10,000 claims · 3 independent roots · 0–9999 people" in told.replace("10000", "10,000")
    assert len(page.content) < 400_000
    assert len(taken) < 80


HOSTILE = "<script>alert(1)</script>\u202e{{ 7*7 }}'\"--%s"


def test_hostile_text_in_every_field_is_shown_as_text(desk: Client) -> None:
    source = new_source(name=HOSTILE, language="en", role=HOSTILE)
    texts = [
        {
            "locale": locale("en").pk,
            "sentence": HOSTILE,
            "unit": HOSTILE[:50],
            "place": HOSTILE,
            "value_text": HOSTILE,
            "verdict_text": HOSTILE,
        }
    ]
    answer = desk.post(ADD, form([link(source, 1, cue=HOSTILE, roles_en=HOSTILE)], texts=texts))
    assert answer.status_code == 302, words(answer)
    claim = Claim.objects.get()
    desk.post(status_page(claim), {"status": "disputed", "day": "2026-12-03", "reason": HOSTILE, "notes_en": HOSTILE})
    for page in (LIST, edit(claim), status_page(claim)):
        content = desk.get(page).content.decode()
        assert "<script>alert(1)" not in content
        assert "alert(1)" in content
    verify([claim])


def test_editors_keep_records_and_strangers_do_not(client: Client) -> None:
    claim = a_claim(chain=(a_source(),))
    editor = get_user_model().objects.create_user("mira", password="x")
    client.force_login(editor)
    assert client.get(status_page(claim)).status_code in (302, 403)
    editor.groups.add(Group.objects.get(name="Editors"))
    client.force_login(editor)
    assert client.get(status_page(claim)).status_code == 200
    assert client.get(ADD).status_code == 200
    assert client.post(f"/snippets/sourcing/source/delete/{Source.objects.get().pk}/").status_code in (302, 403)
    assert Source.objects.exists()
