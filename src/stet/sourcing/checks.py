"""Gaps in a story's sourcing. Pure: a frozen story in, findings out.

The rules:
 * A finding is one sentence, and says where it is mended. What readers get wrong is *broken*; what an editor may well
   have meant is something to *look* at.
 * The text is never changed here, and no claim is.
 * An attribution in the text asks for a claim where nothing of it is marked: neither who says it, nor what. Whoever
   declines to say something claims nothing.
 * A claim that is called officially confirmed has evidence, and more than one independent root: those of the claims
   that agree with it, and whoever confirmed it.
 * What the text hedges is hedged wherever the story is told once more. `flatness` says when a line states a claim flat.
 * A claim that is denied or disputed by now, or that was corrected, withdrawn or superseded, still stands where its
   passage says nothing of that.
"""

from collections.abc import Callable, Iterable, Iterator

from django.utils.formats import date_format
from django.utils.translation import get_language_bidi, pgettext
from django.utils.translation import gettext as _

from stet.sourcing.assisting import Assistant
from stet.sourcing.circles import is_in_circle
from stet.sourcing.computing import agreeing
from stet.sourcing.flatness import is_flat, is_hedged, states, tells_what_became
from stet.sourcing.story import Finding, Kind, Marked, Passage, PlaceKind, Severity, Story
from stet.sourcing.terms import GONE, SpeechAct, Status
from stet.sourcing.values import Claim

SHOWN = 80
"""Characters of somebody's words inside a finding."""
FEWEST_WORDS = 3
"""Of what is said, for it to be a claim: "he said yes" is none."""
_INNER_QUOTES = str.maketrans("“”«»", "‘’‹›")
NO_LONGER = GONE | {Status.DENIED, Status.DISPUTED}

Check = Callable[[Story, Assistant], Iterator[Finding]]


def check(story: Story, *, reader: Assistant) -> tuple[Finding, ...]:
    """Everything there is to say of a story, what is broken first."""
    findings = [finding for one in CHECKS for finding in one(story, reader)]
    return tuple(sorted(dict.fromkeys(findings), key=lambda finding: not finding.is_broken))


def broken(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Those that are more than something to look at."""
    return tuple(finding for finding in findings if finding.is_broken)


# --- Marks ---


def _dangling(story: Story, _reader: Assistant) -> Iterator[Finding]:
    for passage in story.passages:
        for mark in passage.marks:
            if mark.claim not in story.claims:
                sentence = _("“%(words)s” is marked with a claim that is not there any more. Take the mark off.")
                yield _at(passage, mark, Kind.DANGLING, Severity.BROKEN, sentence % {"words": _marked(passage, mark)})


def _changed(story: Story, _reader: Assistant) -> Iterator[Finding]:
    for passage in story.passages:
        for mark in passage.marks:
            words = passage.words[mark.start : mark.end]
            if mark.is_changed or " ".join(words.split()) != " ".join(mark.exact.split()):
                sentence = (
                    _(
                        "A claim was marked on “%(before)s”, where it says “%(now)s” by now. Say that the words are "
                        "right, or mark others."
                    )
                    if mark.exact.strip()
                    else _("A claim is marked on “%(now)s”, and nobody has said yet that these words state it.")
                )
                told = {"before": _short(mark.exact), "now": _short(words)}
                yield _at(passage, mark, Kind.CHANGED, Severity.BROKEN, sentence % told)


def _gone(story: Story, _reader: Assistant) -> Iterator[Finding]:
    for lost in story.lost:
        sentence = _("The words “%(words)s” are gone, and with them the mark of a claim.") % {
            "words": _short(lost.exact)
        }
        yield Finding(
            kind=Kind.GONE,
            severity=Severity.LOOK,
            place=story.text,
            sentence=sentence,
            claim=lost.claim,
            mark=lost.mark,
        )


def _unmarked(story: Story, reader: Assistant) -> Iterator[Finding]:
    if story.language not in reader.languages():
        return
    for passage in story.passages:
        for one in reader.suggest(passage.words, language=story.language):
            sources = [link.source for link in one.links] + [link.cue for link in one.links] + [one.source]
            spans = [span for span in (one.content, one.cue, *sources) if span is not None]
            words = passage.words[one.content.start : one.content.end]
            is_marked = any(_touch(mark, span) for mark in passage.marks for span in spans)
            if is_marked or len(words.split()) < FEWEST_WORDS or one.speech_act == SpeechAct.DECLINES:
                continue
            said = passage.words[min(span.start for span in spans) : max(span.end for span in spans)]
            sentence = _("Somebody is said to say this, and no claim is marked on it: “%(words)s”.")
            yield Finding(
                kind=Kind.UNMARKED, severity=Severity.LOOK, place=passage.place,
                sentence=sentence % {"words": _short(said)},
            )  # fmt: skip


def _touch(mark: Marked, span: object) -> bool:
    return bool(mark.start < span.end and span.start < mark.end)  # type: ignore[attr-defined]


# --- Claims ---


def _unconfirmed(story: Story, _reader: Assistant) -> Iterator[Finding]:
    for passage, mark, claim in _claims(story):
        if claim.status is not Status.CONFIRMED:
            continue
        told = {"claim": _sentence(claim, story)}
        if not _evidence(claim):
            sentence = _("“%(claim)s” is called officially confirmed, and there is no evidence for it.")
            yield _at(passage, mark, Kind.UNCONFIRMED, Severity.BROKEN, sentence % told)
        elif len(_roots(claim, story)) < 2:
            sentence = _("“%(claim)s” is called officially confirmed, and all that say it have it from one source.")
            yield _at(passage, mark, Kind.UNCONFIRMED, Severity.LOOK, sentence % told)


def _evidence(claim: Claim) -> bool:
    return any(link.evidence for link in claim.chain) or any(event.evidence for event in claim.events)


def _roots(claim: Claim, story: Story) -> set[str]:
    """Roots of all claims that agree, and whoever confirmed one of them."""
    found = set()
    for one in agreeing(claim, story.claims):
        if one.stands:
            found |= {one.root.uid} if one.root else set()
            found |= {event.by.uid for event in one.events if event.status is Status.CONFIRMED and event.by}
    return found


def _circular(story: Story, _reader: Assistant) -> Iterator[Finding]:
    for passage, mark, claim in _claims(story):
        if is_in_circle(claim, story.claims):
            sentence = _("“%(claim)s” goes round in a circle: in the end its sources have it from each other.")
            told = {"claim": _sentence(claim, story)}
            yield _at(passage, mark, Kind.CIRCULAR, Severity.BROKEN, sentence % told)


# --- What is said elsewhere ---


def _unhedged(story: Story, reader: Assistant) -> Iterator[Finding]:
    seen = set()
    for passage in story.passages:
        for mark in passage.marks:
            claim = story.claims.get(mark.claim)
            if claim is None or claim.id in seen or not is_hedged(passage, mark, claim, reader):
                continue
            seen.add(claim.id)
            for line in story.lines:
                if states(line, claim) and is_flat(line, claim, reader):
                    told = {
                        "claim": _sentence(claim, story),
                        "words": _short(line.words),
                        "name": _short(line.place.name),
                    }
                    yield Finding(
                        kind=Kind.UNHEDGED, severity=Severity.LOOK, place=line.place, claim=claim.id, mark=mark.mark,
                        sentence=_unhedged_at(line.place.kind) % told,
                    )  # fmt: skip


def _unhedged_at(kind: PlaceKind) -> str:
    match kind:
        case PlaceKind.HEADLINE:
            return _("The text hedges “%(claim)s”; the headline says it flat.")
        case PlaceKind.SHORT_HEADLINE:
            return _("The text hedges “%(claim)s”; the short headline says it flat.")
        case PlaceKind.STANDFIRST:
            return _("The text hedges “%(claim)s”; the standfirst says it flat.")
        case PlaceKind.LETTER:
            return _("The text hedges “%(claim)s”; the letter “%(name)s” says it flat: “%(words)s”.")
        case _:
            return _("The text hedges “%(claim)s”; the translation says it flat: “%(words)s”.")


def _outdated(story: Story, _reader: Assistant) -> Iterator[Finding]:
    for passage, mark, claim in _standing(story, story.passages):
        severity = Severity.BROKEN if claim.status in GONE else Severity.LOOK
        told = {"words": _marked(passage, mark), "became": became(claim)}
        sentence = _("“%(words)s” still stands, though the claim %(became)s.") % told
        yield _at(passage, mark, Kind.OUTDATED, severity, sentence)


def _elsewhere(story: Story, _reader: Assistant) -> Iterator[Finding]:
    for passage, mark, claim in _standing(story, story.elsewhere):
        told = {"words": _marked(passage, mark), "became": became(claim), "name": _short(passage.place.name)}
        sentence = _("“%(words)s” still stands in “%(name)s”, though the claim %(became)s.") % told
        yield _at(passage, mark, Kind.ELSEWHERE, Severity.LOOK, sentence)


def _standing(story: Story, passages: Iterable[Passage]) -> Iterator[tuple[Passage, Marked, Claim]]:
    for passage in passages:
        for mark in passage.marks:
            claim = story.claims.get(mark.claim)
            if claim and claim.status in NO_LONGER and not tells_what_became(passage, claim):
                yield passage, mark, claim


def became(claim: Claim) -> str:
    """What became of a claim that does not hold any more, with the day, as part of a sentence."""
    day = {"day": date_format(claim.events[-1].day, "DATE_FORMAT")}
    match claim.status:
        case Status.DENIED:
            return pgettext("the claim …", "was denied on %(day)s") % day
        case Status.DISPUTED:
            return pgettext("the claim …", "was disputed on %(day)s") % day
        case Status.CORRECTED:
            return pgettext("the claim …", "was corrected on %(day)s") % day
        case Status.WITHDRAWN:
            return pgettext("the claim …", "was withdrawn on %(day)s") % day
        case _:
            return pgettext("the claim …", "was superseded on %(day)s") % day


CHECKS: tuple[Check, ...] = (
    _dangling, _changed, _circular, _unconfirmed, _outdated, _unhedged, _elsewhere, _gone, _unmarked,
)  # fmt: skip
"""All of them, in the order in which their findings are told."""


def _claims(story: Story) -> Iterator[tuple[Passage, Marked, Claim]]:
    """Each claim of the text once, where it is marked first."""
    for number, (passage, mark) in story.marked.items():
        if number in story.claims:
            yield passage, mark, story.claims[number]


def _at(passage: Passage, mark: Marked, kind: Kind, severity: Severity, sentence: str) -> Finding:
    return Finding(
        kind=kind, severity=severity, place=passage.place, sentence=sentence, claim=mark.claim, mark=mark.mark
    )


def _sentence(claim: Claim, story: Story) -> str:
    return _short(claim.text(story.language).sentence)


def _marked(passage: Passage, mark: Marked) -> str:
    return _short(passage.words[mark.start : mark.end])


def _short(words: str) -> str:
    """Words inside quotation marks, on one line: their own marks become the inner ones."""
    one_line = " ".join(words.translate(_INNER_QUOTES).split())
    shown = one_line if len(one_line) <= SHOWN else one_line[: SHOWN - 1].rstrip() + "…"
    return (
        f"\u2068{shown}\u2069" if get_language_bidi() else shown
    )  # they run their own way in a sentence that runs left
