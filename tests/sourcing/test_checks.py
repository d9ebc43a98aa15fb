"""What is found in a story's sourcing, case by case; no database is asked."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation

from stet.sourcing.checks import check
from stet.sourcing.passages import passages_in
from stet.sourcing.story import Kind, Line, Lost, Passage, Place, PlaceKind, Severity, Story
from stet.sourcing.terms import (
    Authenticity,
    Modality,
    Relation,
    SourceKind,
    SpeechAct,
    Status,
    ValueKind,
    Verb,
    Verdict,
    Visibility,
)
from stet.sourcing.values import Claim, ClaimText, Evidence, Link, Source, SourceText, StatusEvent
from tests.sourcing.fake_assistant import FakeAssistant

DAY = date(2026, 11, 20)
NAMES = {
    1: ("Anna Lind", "Анна Линд"),
    2: ("the Border Agency", "Пограничное агентство"),
    3: ("Olof Hale", "Олоф Хале"),
    4: ("the Defence Ministry", "Министерство обороны"),
}
EVIDENCE = Evidence(
    id=1, uid="e1", title="The list", url="", captured="", sha256="", file_name="list.pdf",
    visibility=Visibility.PUBLIC, authenticity=Authenticity.SEEN, verified_by="",
)  # fmt: skip


def a_source(number: int) -> Source:
    english, russian = NAMES[number]
    texts = {"en": SourceText(name=english), "ru": SourceText(name=russian)}
    return Source(id=number, uid=f"s{number}", kind=SourceKind.PERSON, texts=texts)


def a_claim(
    number: int = 1,
    chain: tuple[int, ...] = (1, 2),
    *,
    best: int | None = 600,
    status: Status = Status.REPORTED,
    by: int | None = None,
    evidence: Evidence | None = None,
    sentence: str = "Around 600 soldiers were killed at Zelen.",
    russian: str = "Около 600 солдат погибли под Зеленью.",
    **fields: Any,
) -> Claim:
    event = StatusEvent(status=status, day=DAY, by=a_source(by) if by else None)
    links = tuple(
        Link(position=place, source=a_source(one), verb=Verb.SAID, evidence=evidence if place == 1 else None)
        for place, one in enumerate(chain, 1)
    )
    values: dict[str, Any] = {
        "modality": Modality.FLAT, "value_kind": ValueKind.NUMBER if best else ValueKind.NONE,
        "best": Decimal(best) if best else None, **fields,
    }  # fmt: skip
    return Claim(
        id=number, uid=f"c{number}", question=None, made_on=DAY, speech_act=SpeechAct.ASSERTS, verdict=Verdict.NONE,
        texts={"en": ClaimText(sentence=sentence), "ru": ClaimText(sentence=russian)}, chain=links, events=(event,),
        **values,
    )  # fmt: skip


def mark(words: str, claim: int = 1, *, exact: str | None = None, name: str = "k3f9x2") -> str:
    """Words with a mark, as they are stored."""
    return f'<a linktype="claim" id="{claim}" mark="{name}" exact="{exact or words}">{words}</a>'


KINDS = {"headline": PlaceKind.HEADLINE, "standfirst": PlaceKind.STANDFIRST, "letter": PlaceKind.LETTER}


@dataclass
class Case:
    """A story in a few strokes, and the kinds found in it."""

    text: str = ""
    claims: tuple[Claim, ...] = ()
    found: tuple[Kind, ...] = ()
    says: str = ""
    severity: Severity | None = None
    language: str = "en"
    lines: dict[str, str] = field(default_factory=dict)
    translation: str = ""
    elsewhere: str = ""
    lost: tuple[Lost, ...] = ()


def a_story(case: Case) -> Story:
    def passages(html: str, page: int, name: str) -> tuple[Passage, ...]:
        found = passages_in(html)
        beside = tuple(mark.claim for one in found for mark in one.marks)
        place = Place(kind=PlaceKind.TEXT, page=page, url=f"/pages/{page}/edit/", anchor="#block-7-section", name=name)
        return tuple(
            Passage(place=place, words=one.words, language=case.language, marks=one.marks, beside=beside)
            for one in found
        )

    lines = [
        Line(place=Place(kind=KINDS[kind], page=8, name="The Week"), words=words, language=case.language)
        for kind, words in case.lines.items()
    ]
    if case.translation:
        lines.append(
            Line(place=Place(kind=PlaceKind.TRANSLATION, page=9), words=case.translation, language="ru")
        )  # fmt: skip
    return Story(
        page=7, language=case.language, name="A story", url="/pages/7/edit/",
        passages=passages(case.text, 7, "A story"), lines=tuple(lines), lost=case.lost,
        elsewhere=passages(case.elsewhere, 9, "An older story"),
        claims={claim.id: claim for claim in case.claims},
    )  # fmt: skip


HEDGED = mark("600 were killed")
PURPORTED = a_claim(
    best=None, modality=Modality.PURPORTEDLY, sentence="Olof Hale signed an order to shell the bridge at Zelen.",
    russian="Олоф Хале подписал приказ обстрелять мост под Зеленью.", chain=(3,),
)  # fmt: skip

CASES = {
    # attribution
    "Who says something and is not marked, is a gap": Case(
        "<p>Around 600 soldiers were killed, according to Anna Lind.</p>", found=(Kind.UNMARKED,),
        says="Somebody is said to say this, and no claim is marked on it: “Around 600 soldiers were killed, according "
        "to Anna Lind”.",
        severity=Severity.LOOK,
    ),
    "so it is in Russian": Case(
        "<p>Погибли около 600 солдат, по словам Анны Линд.</p>", found=(Kind.UNMARKED,), language="ru",
        says="“Погибли около 600 солдат, по словам Анны Линд”",
    ),
    "What is marked is no gap": Case(
        f"<p>Around {mark('600 soldiers were killed')}, according to Anna Lind.</p>", (a_claim(),)
    ),
    "A mark on who says it is enough": Case(
        f"<p>Around 600 were killed, {mark('according to Anna Lind')}.</p>", (a_claim(),)
    ),
    "A mark on another sentence is not": Case(
        f"<p>Around 600 were killed, said Anna Lind. {mark('It rained.')}</p>", (a_claim(),), (Kind.UNMARKED,)
    ),
    "words in quotation marks are told with the inner ones": Case(
        "<p>“We saw six hundred”, said Anna Lind.</p>", found=(Kind.UNMARKED,),
        says="“‘We saw six hundred’, said Anna Lind”",
    ),
    "Who declines to say something claims nothing": Case("<p>Who gave the order, would not say Anna Lind.</p>"),
    "A word or two are no claim": Case("<p>Of course, said Anna Lind.</p>"),
    "A language that nobody reads has no such gap": Case(
        "<p>Around 600 were killed, said Anna Lind.</p>", language="de"
    ),
    # marks
    "A mark whose claim was deleted is broken": Case(
        f"<p>{mark('600 were killed', 12)}</p>", found=(Kind.DANGLING,), severity=Severity.BROKEN,
        says="“600 were killed” is marked with a claim that is not there any more. Take the mark off.",
    ),
    "A mark with no number at all is broken too": Case(
        '<p><a linktype="claim" id="x" mark="k3f9x2" exact="600">600</a></p>', found=(Kind.DANGLING,)
    ),
    "Words that were changed below a mark are told": Case(
        f"<p>{mark('900 were killed', exact='600 were killed')}</p>", (a_claim(),), (Kind.CHANGED,),
        says="A claim was marked on “600 were killed”, where it says “900 were killed” by now.",
        severity=Severity.BROKEN,
    ),
    "Words that nobody has confirmed, as in a translation just begun, are told": Case(
        '<p><a linktype="claim" id="1" mark="k3f9x2" exact="">600</a></p>', (a_claim(),), (Kind.CHANGED,),
        says="A claim is marked on “600”, and nobody has said yet that these words state it.",
    ),
    "A mark in two pieces that follow one another is one": Case(
        f"<p>{mark('600 ', exact='600 were killed')}{mark('were killed', exact='600 were killed')}</p>", (a_claim(),)
    ),
    "a space more is no change": Case(f"<p>{mark('600  were killed', exact='600 were killed')}</p>", (a_claim(),)),
    "bold is no change": Case(f"<p>{mark('600 <b>were</b> killed', exact='600 were killed')}</p>", (a_claim(),)),
    "Words that are gone are told": Case(
        "<p>It rained.</p>", (a_claim(),), (Kind.GONE,), lost=(Lost(mark="k3f9x2", claim=1, exact="600 were killed"),),
        says="The words “600 were killed” are gone, and with them the mark of a claim.", severity=Severity.LOOK,
    ),
    # officially confirmed
    "Confirmed without evidence is broken": Case(
        f"<p>{HEDGED}</p>", (a_claim(status=Status.CONFIRMED, by=4),), (Kind.UNCONFIRMED,),
        says="is called officially confirmed, and there is no evidence for it.", severity=Severity.BROKEN,
    ),
    "Confirmed with evidence by another source is whole": Case(
        f"<p>{HEDGED}</p>", (a_claim(status=Status.CONFIRMED, by=4, evidence=EVIDENCE),)
    ),
    "Confirmed by the root itself is one source": Case(
        f"<p>{HEDGED}</p>", (a_claim(status=Status.CONFIRMED, by=2, evidence=EVIDENCE),), (Kind.UNCONFIRMED,),
        says="all that say it have it from one source.", severity=Severity.LOOK,
    ),
    "Outlets that cite one agency are one source": Case(
        f"<p>{HEDGED}</p>",
        (
            a_claim(chain=(1, 2), status=Status.CONFIRMED, evidence=EVIDENCE, related_from=((Relation.REPEATS, 2),)),
            a_claim(2, chain=(3, 2), relations=((Relation.REPEATS, 1),)),
        ),
        (Kind.UNCONFIRMED,),
    ),
    "A claim that corroborates it from elsewhere is a second source": Case(
        f"<p>{HEDGED}</p>",
        (
            a_claim(status=Status.CONFIRMED, evidence=EVIDENCE, related_from=((Relation.CORROBORATES, 2),)),
            a_claim(2, chain=(3,), relations=((Relation.CORROBORATES, 1),)),
        ),
    ),
    "Reported without evidence is no gap": Case(f"<p>{HEDGED}</p>", (a_claim(),)),
    # circles
    "Two that cite each other are a circle": Case(
        f"<p>{HEDGED}</p>",
        (
            a_claim(chain=(1, 2), relations=((Relation.REPEATS, 2),)),
            a_claim(2, chain=(2, 1), related_from=((Relation.REPEATS, 1),)),
        ),
        (Kind.CIRCULAR,), says="goes round in a circle: in the end its sources have it from each other.",
        severity=Severity.BROKEN,
    ),
    "Three that repeat each other are a circle": Case(
        f"<p>{HEDGED}</p>",
        (
            a_claim(chain=(1,), relations=((Relation.REPEATS, 2),), related_from=((Relation.REPEATS, 3),)),
            a_claim(2, chain=(2,), relations=((Relation.REPEATS, 3),), related_from=((Relation.REPEATS, 1),)),
            a_claim(3, chain=(3,), relations=((Relation.REPEATS, 1),), related_from=((Relation.REPEATS, 2),)),
        ),
        (Kind.CIRCULAR,),
    ),
    "A chain that comes back to a source is a circle": Case(
        f"<p>{HEDGED}</p>", (a_claim(chain=(1, 2, 1)),), (Kind.CIRCULAR,)
    ),
    "A source that says it twice is none": Case(
        f"<p>{HEDGED}</p>",
        (
            a_claim(chain=(1, 2), relations=((Relation.REPEATS, 2),)),
            a_claim(2, chain=(2,), related_from=((Relation.REPEATS, 1),)),
        ),
    ),
    "Two that contradict each other are none": Case(
        f"<p>{HEDGED}</p>",
        (
            a_claim(chain=(1, 2), relations=((Relation.CONTRADICTS, 2),)),
            a_claim(2, chain=(2, 1), related_from=((Relation.CONTRADICTS, 1),)),
        ),
    ),
    # hedges
    "A hedge that the headline leaves out is a gap": Case(
        f"<p>Around {HEDGED}, reportedly.</p>", (a_claim(),), (Kind.UNHEDGED,), severity=Severity.LOOK,
        lines={"headline": "Some 600 soldiers killed in a night"},
        says="The text hedges “Around 600 soldiers were killed at Zelen.”; the headline says it flat.",
    ),
    "in the standfirst too": Case(
        f"<p>Reportedly {HEDGED}.</p>", (a_claim(),), (Kind.UNHEDGED,), says="the standfirst says it flat",
        lines={"standfirst": "The river rose. 600 soldiers died before it was over."},
    ),
    "in a letter too": Case(
        f"<p>Reportedly {HEDGED}.</p>", (a_claim(),), (Kind.UNHEDGED,),
        says="the letter “The Week” says it flat: “600 soldiers dead at Zelen”.",
        lines={"letter": "600 soldiers dead at Zelen"},
    ),
    "in a translation too": Case(
        f"<p>Reportedly {HEDGED}.</p>", (a_claim(),), (Kind.UNHEDGED,), translation="Под Зеленью погибли 600 солдат",
        says="the translation says it flat: “Под Зеленью погибли 600 солдат”.",
    ),
    "and in a Russian story": Case(
        f"<p>Погибли якобы {mark('около 600 солдат')}.</p>", (a_claim(),), (Kind.UNHEDGED,), language="ru",
        lines={"headline": "Под Зеленью погибли 600 солдат"}, says="“Около 600 солдат погибли под Зеленью.”",
    ),
    "A headline that hedges is none": Case(
        f"<p>Reportedly {HEDGED}.</p>", (a_claim(),), lines={"headline": "600 soldiers reportedly killed at Zelen"}
    ),
    "nor one that says who says it": Case(
        f"<p>Reportedly {HEDGED}.</p>", (a_claim(),), lines={"headline": "Anna Lind: 600 soldiers killed at Zelen"}
    ),
    "nor one that asks": Case(
        f"<p>Reportedly {HEDGED}.</p>", (a_claim(),), lines={"headline": "Were 600 soldiers killed at Zelen?"}
    ),
    "nor one with another number": Case(
        f"<p>Reportedly {HEDGED}.</p>", (a_claim(),), lines={"headline": "150 soldiers were killed at Zelen"}
    ),
    "nor one with the number of something else": Case(
        f"<p>Reportedly {HEDGED}.</p>", (a_claim(),), lines={"headline": "Bread costs 600 again"}
    ),
    "A hedge in another sentence is not this claim's": Case(
        f"<p>It reportedly rained. In Zelen {HEDGED}.</p>", (a_claim(),), lines={"headline": "600 soldiers killed"}
    ),
    "A claim that is purported by itself is hedged": Case(
        f"<p>A paper, {mark('signed by Olof Hale')}.</p>", (PURPORTED,), (Kind.UNHEDGED,),
        lines={"headline": "The order to shell the bridge was signed in May"},
    ),
    "a headline with two of its words is not the claim": Case(
        f"<p>A paper, {mark('signed by Olof Hale')}.</p>", (PURPORTED,), lines={"headline": "The bridge at Zelen holds"}
    ),
    # what became of it
    "A claim that was withdrawn and still stands is broken": Case(
        f"<p>{HEDGED}</p>", (a_claim(status=Status.WITHDRAWN),), (Kind.OUTDATED,), severity=Severity.BROKEN,
        says="“600 were killed” still stands, though the claim was withdrawn on Nov. 20, 2026.",
    ),
    "one that was denied is to be looked at": Case(
        f"<p>{HEDGED}</p>", (a_claim(status=Status.DENIED),), (Kind.OUTDATED,), severity=Severity.LOOK
    ),
    "unless the passage says so": Case(f"<p>{HEDGED}, which the agency denied.</p>", (a_claim(status=Status.DENIED),)),
    "so in Russian": Case(
        f"<p>{mark('Погибли 600')}; ведомство это опровергло.</p>", (a_claim(status=Status.DENIED),), language="ru"
    ),
    "or the story has who says otherwise": Case(
        f"<p>{HEDGED}.</p><p>{mark('It was 150', 2, name='zzzzzz')}.</p>",
        (
            a_claim(status=Status.DISPUTED, related_from=((Relation.CONTRADICTS, 2),)),
            a_claim(2, chain=(4,), best=150, relations=((Relation.CONTRADICTS, 1),)),
        ),
    ),
    "A claim that stands flat in another story is told here": Case(
        f"<p>{mark('600', 1)}, a figure since withdrawn.</p>", (a_claim(status=Status.WITHDRAWN),), (Kind.ELSEWHERE,),
        elsewhere=f"<p>{HEDGED} at the river.</p>", severity=Severity.LOOK,
        says="“600 were killed” still stands in “An older story”, though the claim was withdrawn on Nov. 20, 2026.",
    ),
    "not where that story says so": Case(
        f"<p>{mark('600', 1)}, a figure since withdrawn.</p>", (a_claim(status=Status.WITHDRAWN),),
        elsewhere=f"<p>{HEDGED}, we wrote at first.</p>",
    ),
    "A claim that holds may stand anywhere": Case(f"<p>{HEDGED}</p>", (a_claim(),), elsewhere=f"<p>{HEDGED}</p>"),
    # nothing
    "A story without words has no gap": Case(),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_gaps_are_found_and_nothing_else_is(case: Case) -> None:
    found = check(a_story(case), reader=FakeAssistant())
    assert tuple(finding.kind for finding in found) == case.found
    for finding in found:
        assert case.says in finding.sentence
        assert case.severity in (None, finding.severity)
        assert finding.place.page


def test_a_finding_leads_to_the_block_it_is_mended_in() -> None:
    story = a_story(CASES["Words that were changed below a mark are told"])
    (finding,) = check(story, reader=FakeAssistant())
    assert finding.place.href == "/pages/7/edit/#block-7-section"
    assert (finding.claim, finding.mark) == (1, "k3f9x2")


def test_words_of_a_story_keep_their_direction_in_a_sentence_that_runs_from_right_to_left() -> None:
    with translation.override("fa"):
        (finding,) = check(a_story(CASES["A mark whose claim was deleted is broken"]), reader=FakeAssistant())
    assert "\u2068600 were killed\u2069" in finding.sentence


def test_what_is_broken_comes_first() -> None:
    case = Case(f"<p>Around 600 were killed, said Anna Lind.</p><p>{mark('It rained', 12)}</p>")
    assert [one.kind for one in check(a_story(case), reader=FakeAssistant())] == [Kind.DANGLING, Kind.UNMARKED]


class Silent:
    """An assistant that does not read the story's language."""

    def suggest(self, text: str, *, language: str) -> tuple[()]:
        return ()

    def hedges(self, text: str, *, language: str) -> tuple[()]:
        return ()

    def languages(self) -> tuple[()]:
        return ()


def test_in_a_language_that_the_assistant_does_not_read_marks_and_claims_are_checked_all_the_same() -> None:
    case = Case(f"<p>{HEDGED}, said Anna Lind.</p>", (a_claim(chain=(1, 2, 1)),), lines={"headline": "600 killed"})
    assert [one.kind for one in check(a_story(case), reader=Silent())] == [Kind.CIRCULAR]


def test_ten_thousand_claims_that_repeat_one_another_are_followed_to_the_end() -> None:
    """No recursion, and no claim is followed twice."""
    count = 10_000
    many = tuple(
        a_claim(number, chain=(1 + number % 3,), relations=((Relation.REPEATS, number % count + 1),),
                related_from=((Relation.REPEATS, (number - 2) % count + 1),))
        for number in range(1, count + 1)
    )  # fmt: skip
    (finding,) = check(a_story(Case(f"<p>{HEDGED}</p>", many)), reader=FakeAssistant())
    assert finding.kind is Kind.CIRCULAR


@pytest.mark.parametrize(
    "words", ["<script>alert(1)</script>", "‮" * 300, "600 " * 500, "\x00 & < > \" '", "%s %(x)s {0}"]
)
def test_hostile_words_are_told_as_words(words: str) -> None:
    claim = a_claim(chain=(1, 2, 1), sentence=words)
    story = a_story(Case(f"<p>{mark('600', exact='x')}</p>", (claim,), lines={"headline": words}))
    kinds = {one.kind for one in check(story, reader=FakeAssistant())}
    assert kinds == {Kind.CIRCULAR, Kind.CHANGED}
    assert all(len(one.sentence) < 400 for one in check(story, reader=FakeAssistant()))
