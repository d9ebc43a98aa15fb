"""Claims as copy: marked words in an article's text, and who says what, citing whom.

The rules:
 * What a page shows of a claim is read through `Reading`, so the page is stale when the claim, one of its sources, its
   evidence, or a claim beside it changes.
 * A claim that stands in a published story is public. Any other is shown beside others only where an editor said so:
   what is being written is nobody's business yet.
 * Of an unnamed source readers get the description. Of evidence they get what is public. Of a status they get its note;
   its reason is the newsroom's.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time
from html import escape

import msgspec

from stet.newsroom import addresses
from stet.press.facts import Facts
from stet.press.job import Reading
from stet.press.richtext import mark_address, plain
from stet.press.rows import gone_claims, open_claims, questions_of
from stet.press.world import QuestionRow
from stet.sourcing import values
from stet.sourcing.computing import AGREES, agreeing, changed_since, independent_roots
from stet.sourcing.terms import Relation, Status, ValueKind, Verdict
from stet.theme import copy
from stet.theme.claims import anchor

MOST_OTHERS = 4
"""Other claims that an item of the list names; the question's page has all of them."""
MOST_ARTICLES = 5
"""Stories that a claim on a page of a question or source names; the oldest first, where it appeared."""
MOST_AGREEING = 200
"""Claims followed from one to those that agree with it."""

_ANCHOR = re.compile(rb'\bid=\\"(c(\d+)(?:-\d+)?)\\"')
_BOTH_WAYS = frozenset({Relation.CONTRADICTS})
_FROM_OTHERS = frozenset({Relation.NARROWS, Relation.UPDATES, Relation.ANSWERS})


class Marks:
    """The marks of one article: numbers its claims in the order in which they are first marked."""

    def __init__(self, reading: Reading, language: str) -> None:
        self._reading = reading
        self._language = language
        self._resolve = reading.resolver()
        self._numbers: dict[int, int] = {}
        self._occurrences: dict[int, int] = {}
        self.claims: list[values.Claim] = []
        """In the order of their numbers, which count from 1."""

    def resolve(self, kind: str, number: int) -> str | None:
        """As the reading resolves links, and marks too."""
        if kind != "claim":
            return self._resolve(kind, number)
        claim = self._reading.claim(number)
        if claim is None:
            return None
        if number not in self._numbers:
            self.claims.append(claim)
            self._numbers[number] = len(self.claims)
        self._occurrences[number] = occurrence = self._occurrences.get(number, 0) + 1
        status = "" if claim.stands else str(claim.status)
        return mark_address(self._numbers[number], occurrence, status=status, language=self._language)


def article_notes(marks: Marks, facts: Facts, reading: Reading) -> tuple[copy.ClaimNote, ...]:
    """Everything that readers may know of an article's claims, by number."""
    printed = facts.modified.astimezone(reading.world.paper.zone).date()
    return tuple(
        msgspec.structs.replace(
            note(claim, facts.language, reading, with_others=True),
            number=number,
            marks=(anchor(number, 1),),
            has_changed=bool(changed_since(claim, printed)),
            first_path=_first_path(claim, reading),
        )
        for number, claim in enumerate(marks.claims, 1)
    )


def _first_path(claim: values.Claim, reading: Reading) -> str:
    """The story in which a claim stood first."""
    oldest, _has_later = reading.ranked(f"claim:{claim.id}", 0, 1)
    return oldest[0].path if oldest else ""


def notes_in(part: copy.Article, notes: Sequence[copy.ClaimNote]) -> tuple[copy.ClaimNote, ...]:
    """The claims that are marked in a part, each with its marks there."""
    if not notes:
        return ()
    found: dict[int, list[str]] = {}
    for at, number in _ANCHOR.findall(msgspec.json.encode((part.photo, part.body))):
        found.setdefault(int(number), []).append(at.decode())
    return tuple(msgspec.structs.replace(one, marks=tuple(found[one.number])) for one in notes if one.number in found)


def shortened(notes: Iterable[copy.ClaimNote]) -> tuple[copy.ClaimNote, ...]:
    """The same in a sentence each, for a page that would be too heavy."""
    return tuple(
        msgspec.structs.replace(one, is_short=True, others=(), evidence=(), history=one.history[-1:]) for one in notes
    )


# --- One claim ---


def note(
    claim: values.Claim, language: str, reading: Reading, *, with_others: bool = False, with_articles: bool = False
) -> copy.ClaimNote:
    """A claim as readers see it in one language."""
    text = claim.text(language)
    question = reading.question(claim.question)
    head = question.heads.get(language) if question else None
    return copy.ClaimNote(
        id=claim.uid,
        sentence=plain(text.sentence),
        language=language if language in claim.texts else next(iter(claim.texts), language),
        chain=chain(claim, language, reading),
        as_of=claim.as_of,
        made=claim.made_on,
        place=plain(text.place),
        value=value(claim, language),
        speech_act=str(claim.speech_act),
        modality=str(claim.modality),
        history=tuple(_status(event, language) for event in claim.events),
        stands=claim.stands,
        roots=roots(claim, reading) if with_others else 0,
        others=_others(claim, language, reading) if with_others else (),
        question=copy.Link(label=head.text, path=head.path) if head else None,
        evidence=tuple(_evidence(claim, reading)),
        articles=articles(claim, language, reading) if with_articles else (),
        verdict="" if claim.verdict is Verdict.NONE else str(claim.verdict),
        verdict_text=plain(text.verdict_text),
        relations=tuple(
            (str(relation), other.uid)
            for relation, number in (claim.relations if with_others else ())
            if (other := reading.claim(number)) is not None and reading.is_shown(other)
        ),
    )


def chain(claim: values.Claim, language: str, reading: Reading) -> tuple[copy.ClaimSource, ...]:
    """Who says so, citing whom."""
    return tuple(_source(link, language, reading) for link in claim.chain)


def _source(link: values.Link, language: str, reading: Reading) -> copy.ClaimSource:
    text = link.source.text(language)
    is_unnamed = link.source.is_unnamed
    return copy.ClaimSource(
        name=plain(text.name),
        kind=str(link.source.kind),
        id="" if is_unnamed else link.source.uid,
        role="" if is_unnamed else plain(link.roles.get(language) or text.role),
        interest="" if is_unnamed else plain(text.interest),
        path=page_of_source(link.source, language, reading),
        verb=str(link.verb),
        addressee=str(link.addressee),
        said_on=link.said_on,
    )


def page_of_source(source: values.Source, language: str, reading: Reading) -> str | None:
    """Where a source's page stands in a language; None where it has none."""
    own = source.texts.get(language)
    if source.is_unnamed or own is None or not own.slug:
        return None
    return addresses.source_path(reading.world.paper.prefix(language), own.slug)


def value(claim: values.Claim, language: str) -> copy.ClaimValue | None:
    """What a claim says is so."""
    text = claim.text(language)
    match claim.value_kind:
        case ValueKind.NUMBER:
            return copy.ClaimValue(low=claim.low, best=claim.best, high=claim.high, unit=plain(text.unit))
        case ValueKind.DATE:
            return copy.ClaimValue(day=claim.value_date)
        case ValueKind.YES_NO:
            return copy.ClaimValue(yes=claim.value_yes)
        case ValueKind.TEXT:
            return copy.ClaimValue(text=plain(text.value_text))
        case _:
            return None


def _status(event: values.StatusEvent, language: str) -> copy.ClaimStatus:
    return copy.ClaimStatus(
        status=str(event.status),
        date=event.day,
        note=plain(event.notes.get(language)),
        by=plain(event.by.text(language).name) if event.by else "",
    )


def _evidence(claim: values.Claim, reading: Reading) -> Iterator[copy.ClaimEvidence]:
    """Public evidence for a claim: of its chain, then of what became of it; each piece once."""
    pieces = [*(link.evidence for link in claim.chain), *(event.evidence for event in claim.events)]
    for piece in {piece.id: piece for piece in pieces if piece is not None and piece.is_public}.values():
        path = reading.evidence_path(piece.id)
        row = reading.materials.evidence_file(piece.id)
        web = piece.url if piece.url.startswith(("https://", "http://")) else ""
        yield copy.ClaimEvidence(
            title=plain(piece.title),
            target=path or web,
            sha256=row.sha256 if row else piece.sha256,
            captured=piece.captured,
            authenticity=str(piece.authenticity),
            verified_by=plain(piece.verified_by),
        )


def articles(claim: values.Claim, language: str, reading: Reading) -> tuple[copy.Link, ...]:
    """The stories of a language in which a claim is marked, oldest first."""
    standing = articles_of(claim.id, language, reading)
    return tuple(copy.Link(label=facts.headline, path=facts.path) for facts in standing[:MOST_ARTICLES])


def articles_of(claim: int, language: str, reading: Reading) -> list[Facts]:
    """The published stories of a language that mark a claim, oldest first."""
    return [facts for facts in reading.whole(f"claim:{claim}") if facts.language == language]


# --- Claims beside it ---


def roots(claim: values.Claim, reading: Reading) -> int:
    """From how many independent sources a claim and all that agree with it come; 0 where none does."""
    group = agreeing(claim, _agreeing_known(claim, reading))
    return independent_roots(group) if len(group) > 1 else 0


def _agreeing_known(claim: values.Claim, reading: Reading) -> dict[int, values.Claim]:
    """The claims that readers may see and that agree with it, through others too, by id."""
    known, waiting = {claim.id: claim}, [claim]
    while waiting and len(known) < MOST_AGREEING:
        here = waiting.pop(0)
        for relation, number in (*here.relations, *here.related_from):
            if relation in AGREES and number not in known:
                other = reading.claim(number)
                if other is not None and reading.is_shown(other):
                    known[number] = other
                    waiting.append(other)
    return known


def _others(claim: values.Claim, language: str, reading: Reading) -> tuple[copy.OtherClaim, ...]:
    """What others say against a claim, or after it: the first few, by id."""
    found = {number: relation for relation, number in claim.relations if relation in _BOTH_WAYS}
    found |= {number: relation for relation, number in claim.related_from if relation in _BOTH_WAYS | _FROM_OTHERS}
    made = []
    for number in sorted(found):
        other = reading.claim(number)
        if other is not None and reading.is_shown(other):
            made.append(
                copy.OtherClaim(
                    relation=str(found[number]),
                    sentence=plain(other.text(language).sentence),
                    language=language if language in other.texts else next(iter(other.texts), language),
                    chain=chain(other, language, reading),
                    status=str(other.status),
                )
            )
        if len(made) == MOST_OTHERS:
            break
    return tuple(made)


def by_day(claim: values.Claim) -> tuple[date, int]:
    """The order of rival claims: by the day they speak of, else the day they were recorded."""
    return claim.as_of or claim.made_on, claim.id


def latest(notes: Iterable[copy.ClaimNote]) -> datetime:
    """The time that a page of claims carries in its signature: the newest day of what became of them."""
    newest = max(note.history[-1].date if note.history else note.made for note in notes)
    return datetime.combine(newest, time(), tzinfo=UTC)


# --- Which claims are shown at all ---


def shown_claims(reading: Reading) -> set[int]:
    """All claims that readers may see; noted as one key."""
    reading.read("shown-claims")
    made = reading.materials.made
    if "shown-claims" not in made:
        made["shown-claims"] = open_claims() | {
            int(listing.partition(":")[2]) for listing in reading.memory.listings("claim:")
        }
    found: set[int] = made["shown-claims"]
    return found


def shown_questions(reading: Reading) -> list[QuestionRow]:
    """Questions that have a page, the newest first."""
    shown, made = shown_claims(reading), reading.materials.made
    if "shown-questions" not in made:
        made["shown-questions"] = questions_of(shown) if shown and reading.world.questions else set()
    rows = sorted(reading.world.questions.values(), key=lambda row: row.id, reverse=True)
    return [row for row in rows if row.id in made["shown-questions"]]


# --- Claims that no longer stand ---


def claim_corrections(language: str, reading: Reading) -> list[tuple[date, int, copy.Correction]]:
    """What the list of corrections says of claims: (day, place of the first story it stands in, correction)."""
    found = []
    standing = {number: articles_of(number, language, reading) for number in gone_claims()}
    reading.materials.load_claims((number for number, facts in standing.items() if facts), with_others=False)
    for number, facts in standing.items():
        claim = reading.claim(number) if facts else None
        for event in claim.events if claim else ():
            if claim is not None and event.status in (Status.CORRECTED, Status.WITHDRAWN):
                told = plain(event.notes.get(language))
                correction = copy.Correction(
                    date=event.day,
                    text_html=f"<p>{escape(told)}</p>" if told else "",
                    claim=plain(claim.text(language).sentence),
                    status=str(event.status),
                    articles=tuple(copy.Link(label=one.headline, path=one.path) for one in facts),
                )
                found.append((event.day, facts[0].place, correction))
    return found
