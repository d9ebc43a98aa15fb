"""Rows of this room as frozen values, by the batch: a dozen queries for any number of claims."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q

from stet.kit import canonical
from stet.sourcing import keeping, models, terms, values


def read_claims(ids: Iterable[int]) -> dict[int, values.Claim]:
    """Claims by id, those that exist."""
    wanted = set(ids)
    rows = list(models.Claim.objects.filter(pk__in=wanted))
    texts: dict[int, dict[str, values.ClaimText]] = defaultdict(dict)
    columns = ("claim_id", "locale__language_code", "sentence", "unit", "value_text", "place", "verdict_text")
    for claim, code, sentence, unit, value_text, place, verdict_text in (
        models.ClaimText.objects.filter(claim_id__in=wanted).order_by("sort_order", "pk").values_list(*columns)
    ):
        texts[claim][code] = values.ClaimText(
            sentence=sentence, unit=unit, value_text=value_text, place=place, verdict_text=verdict_text
        )
    links = list(models.Attribution.objects.filter(claim_id__in=wanted).order_by("position"))
    told = _status_bodies(wanted)
    by_uids = {UUID(body["by"]) for bodies in told.values() for _day, body in bodies if body["by"]}
    evidence_uids = {UUID(body["evidence"]) for bodies in told.values() for _day, body in bodies if body["evidence"]}
    sources = _sources(Q(pk__in={link.source_id for link in links}) | Q(uid__in=by_uids))
    evidence = _evidence(Q(pk__in={link.evidence_id for link in links}) | Q(uid__in=evidence_uids))
    sources_by_uid = {source.uid: source for source in sources.values()}
    evidence_by_uid = {piece.uid: piece for piece in evidence.values()}
    chains: dict[int, list[values.Link]] = defaultdict(list)
    for link in links:
        chains[link.claim_id].append(
            values.Link(
                position=link.position, source=sources[link.source_id], verb=terms.Verb(link.verb),
                addressee=terms.Addressee(link.addressee), said_on=link.said_on,
                evidence=evidence.get(link.evidence_id) if link.evidence_id else None, cue=link.cue, roles=link.roles,
            )
        )  # fmt: skip
    to_others, from_others = _relations(wanted)
    return {
        row.pk: values.Claim(
            id=row.pk, uid=str(row.uid), question=row.question_id, value_kind=terms.ValueKind(row.value_kind),
            low=row.low, best=row.best, high=row.high, value_date=row.value_date, value_yes=row.value_yes,
            as_of=row.as_of, made_on=row.made_on, speech_act=terms.SpeechAct(row.speech_act),
            modality=terms.Modality(row.modality), verdict=terms.Verdict(row.verdict), texts=texts[row.pk],
            chain=tuple(chains[row.pk]),
            events=tuple(_event(day, body, sources_by_uid, evidence_by_uid) for day, body in told[row.pk]),
            is_printed=row.is_printed, relations=tuple(to_others[row.pk]), related_from=tuple(from_others[row.pk]),
        )
        for row in rows
    }  # fmt: skip


def _status_bodies(claims: set[int]) -> dict[int, list[tuple[date, dict[str, Any]]]]:
    found: dict[int, list[tuple[date, dict[str, Any]]]] = defaultdict(list)
    records = models.Record.objects.filter(claim_id__in=claims, kind=models.Record.Kind.STATUS).order_by("number")
    for claim, day, body in records.values_list("claim_id", "day", "body"):
        found[claim].append((day, canonical.read(body.encode())))
    return found


def _event(
    day: date, body: dict[str, Any], sources: dict[str, values.Source], evidence: dict[str, values.Evidence]
) -> values.StatusEvent:
    return values.StatusEvent(
        status=terms.Status(body["status"]), day=day, by=sources.get(body["by"]) if body["by"] else None,
        evidence=evidence.get(body["evidence"]) if body["evidence"] else None, notes=body["notes"],
        reason=body["reason"],
    )  # fmt: skip


_Related = dict[int, list[tuple[terms.Relation, int]]]


def _relations(claims: set[int]) -> tuple[_Related, _Related]:
    to_others: _Related = defaultdict(list)
    from_others: _Related = defaultdict(list)
    query = models.ClaimLink.objects.filter(Q(claim_id__in=claims) | Q(other_id__in=claims)).order_by("pk")
    for claim, relation, other in query.values_list("claim_id", "relation", "other_id"):
        to_others[claim].append((terms.Relation(relation), other))
        from_others[other].append((terms.Relation(relation), claim))
    return to_others, from_others


def read_sources(ids: Iterable[int]) -> dict[int, values.Source]:
    """Sources by id, those that exist; two queries."""
    return _sources(Q(pk__in=set(ids)))


def _sources(which: Q) -> dict[int, values.Source]:
    rows = models.Source.objects.filter(which)
    kinds = {pk: (str(uid), kind) for pk, uid, kind in rows.values_list("pk", "uid", "kind")}
    texts: dict[int, dict[str, values.SourceText]] = defaultdict(dict)
    columns = ("source_id", "locale__language_code", "name", "role", "interest", "slug")
    names = models.SourceName.objects.filter(source_id__in=kinds).order_by("sort_order", "pk")
    for source, code, name, role, interest, slug in names.values_list(*columns):
        is_unnamed = kinds[source][1] == terms.SourceKind.UNNAMED
        texts[source][code] = values.SourceText(
            name=name, role=role, interest=interest, slug="" if is_unnamed else slug
        )
    return {
        pk: values.Source(id=pk, uid=uid, kind=terms.SourceKind(kind), texts=texts[pk])
        for pk, (uid, kind) in kinds.items()
    }


def read_evidence(ids: Iterable[int]) -> dict[int, values.Evidence]:
    """Evidence by id, what exists; one query."""
    return _evidence(Q(pk__in=set(ids)))


def _evidence(which: Q) -> dict[int, values.Evidence]:
    return {row.pk: _piece(row) for row in models.Evidence.objects.filter(which)}


def _piece(row: models.Evidence) -> values.Evidence:
    """A piece as a value; of sealed evidence nothing is told but that there is some."""
    is_sealed = row.visibility == terms.Visibility.SEALED
    return values.Evidence(
        id=row.pk, uid=str(row.uid), title="" if is_sealed else row.title, url="" if is_sealed else row.url,
        captured=row.captured_at.date().isoformat() if row.captured_at and not is_sealed else "",
        sha256="" if is_sealed else row.sha256, file_name="" if is_sealed else row.file_name,
        visibility=terms.Visibility(row.visibility), authenticity=terms.Authenticity(row.authenticity),
        verified_by="" if is_sealed else row.verified_by, media_type=row.media_type,
        is_printable=keeping.is_printable(row), redaction="" if is_sealed else row.redaction,
    )  # fmt: skip


def read_questions(ids: Iterable[int] | None = None) -> dict[int, values.Question]:
    """Questions by id, all or those of the given ids that exist; three queries."""
    query = models.Question.objects.all() if ids is None else models.Question.objects.filter(pk__in=set(ids))
    rows = {pk: (str(uid), is_printed) for pk, uid, is_printed in query.values_list("pk", "uid", "is_printed")}
    texts: dict[int, dict[str, values.QuestionText]] = defaultdict(dict)
    words = models.QuestionText.objects.filter(question_id__in=rows).order_by("sort_order", "pk")
    for question, code, text, slug, intro in words.values_list(
        "question_id", "locale__language_code", "text", "slug", "intro"
    ):
        texts[question][code] = values.QuestionText(text=text, slug=slug, intro=intro)
    claims: dict[int, list[int]] = defaultdict(list)
    answering = models.Claim.objects.filter(question_id__in=rows).order_by("pk")
    for question, claim in answering.values_list("question_id", "pk"):
        claims[question].append(claim)
    return {
        pk: values.Question(id=pk, uid=uid, is_printed=is_printed, texts=texts[pk], claims=tuple(claims[pk]))
        for pk, (uid, is_printed) in rows.items()
    }


def read_rivals(question: int) -> tuple[values.Claim, ...]:
    """The claims of a question with what ranges and roots are computed from, and no more; four queries, however many.

    Their chains hold the root alone, their events the last status.
    """
    of_question = models.Claim.objects.filter(question_id=question)
    rows = {row.pk: row for row in of_question.order_by("pk")}
    units: dict[int, dict[str, values.ClaimText]] = defaultdict(dict)
    worded = models.ClaimText.objects.filter(claim__question_id=question).order_by("sort_order", "pk")
    for claim, code, unit in worded.values_list("claim_id", "locale__language_code", "unit"):
        units[claim][code] = values.ClaimText(sentence="", unit=unit)
    roots: dict[int, values.Link] = {}
    links = models.Attribution.objects.filter(claim__question_id=question).order_by("claim_id", "position")
    for claim, position, pk, uid, kind in links.values_list(
        "claim_id", "position", "source_id", "source__uid", "source__kind"
    ):
        source = values.Source(id=pk, uid=str(uid), kind=terms.SourceKind(kind), texts={})
        roots[claim] = values.Link(position=position, source=source, verb=terms.Verb.SAID)
    last: dict[int, values.StatusEvent] = {}
    records = models.Record.objects.filter(claim__question_id=question, kind=models.Record.Kind.STATUS)
    for claim, day, body in records.order_by("claim_id", "number").values_list("claim_id", "day", "body"):
        last[claim] = values.StatusEvent(status=terms.Status(canonical.read(body.encode())["status"]), day=day)
    return tuple(
        values.Claim(
            id=pk, uid=str(row.uid), question=question, value_kind=terms.ValueKind(row.value_kind), low=row.low,
            best=row.best, high=row.high, value_date=row.value_date, value_yes=row.value_yes, as_of=row.as_of,
            made_on=row.made_on, speech_act=terms.SpeechAct(row.speech_act), modality=terms.Modality(row.modality),
            verdict=terms.Verdict(row.verdict), texts=units[pk], chain=(roots[pk],) if pk in roots else (),
            events=(last[pk],) if pk in last else (),
        )
        for pk, row in rows.items()
    )  # fmt: skip
