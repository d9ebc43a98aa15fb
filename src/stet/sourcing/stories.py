"""Stories read for the checks: pages in, frozen values out, by the batch.

How often the database is asked does not depend on how many stories there are, nor on how many claims and letters.
"""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

import msgspec
from django.db.models import Q
from django.urls import reverse
from wagtail import blocks
from wagtail.models import Page, Revision

from stet.newsroom.models import ArticlePage
from stet.newsroom.retelling import Retelling, retellings, retold_in
from stet.sourcing.assisting import Assistant, assistant
from stet.sourcing.checks import NO_LONGER, check
from stet.sourcing.flatness import sentence_around, tells_what_became
from stet.sourcing.models import Claim, ClaimLink, Mention
from stet.sourcing.passages import passages_in
from stet.sourcing.reading import read_claims
from stet.sourcing.story import Finding, Kind, Line, Lost, Marked, Passage, Place, PlaceKind, Story
from stet.sourcing.values import Claim as ClaimValue

FURTHEST = 6
"""Relations that are followed from a claim: a circle through more claims is not seen."""
MOST_CLAIMS = 2_000
"""Claims that are read for one batch of stories, those that are marked first."""
MOST_ELSEWHERE = 200
"""Places in print that are looked at for one batch of stories, or told of one claim."""
_COLUMNS = ("pk", "title", "short_headline", "standfirst", "body", "locale__language_code", "live")


class _Content(msgspec.Struct, frozen=True, kw_only=True):
    """What a story says, as a row, a revision or a form has it."""

    page: int
    title: str
    short_headline: str
    standfirst: str
    body: list[dict[str, Any]]
    language: str
    is_in_print: bool


def findings_of(page: Any, *, reader: Assistant | None = None) -> tuple[Finding, ...]:
    """Every gap of a page as its editor has it, saved or not: a story's own, or those of stories told in a letter."""
    reader = reader or assistant()
    page = page.specific
    if isinstance(page, ArticlePage):
        content = _of_page(page)
        return check(_stories([content], {content.page} - {0})[content.page], reader=reader)
    lines = retold_in(page)
    told = {line.article for line in lines}
    stories = _stories(_rows(told), set(), retold=lines) if told else {}
    found = [finding for story in stories.values() for finding in check(story, reader=reader)]
    return tuple(one for one in found if one.kind is Kind.UNHEDGED and one.place.kind is PlaceKind.LETTER)


def read_stories(pages: Iterable[int]) -> dict[int, Story]:
    """Stories by page: those in print as they are printed, others as they were drafted last."""
    contents = list(_rows(pages))
    return _stories(contents, {content.page for content in contents if not content.is_in_print})


# --- What a story says ---


def _rows(pages: Iterable[int]) -> Iterator[_Content]:
    rows = list(ArticlePage.objects.filter(pk__in=set(pages)).values_list(*_COLUMNS, "latest_revision_id"))
    latest = {revision for *_row, is_live, revision in rows if revision and not is_live}
    revised = dict(Revision.objects.filter(pk__in=latest).values_list("pk", "content")) if latest else {}
    for *row, revision in rows:
        content = _of_row(row)
        yield _drafted(content, revised[revision]) if revision in revised else content


def _of_row(row: list[Any]) -> _Content:
    pk, title, short_headline, standfirst, body, language, is_live = row
    return _Content(
        page=pk, title=title, short_headline=short_headline, standfirst=standfirst, body=_raw(body), language=language,
        is_in_print=is_live,
    )  # fmt: skip


def _drafted(content: _Content, revision: Mapping[str, Any]) -> _Content:
    fields = {name: revision[name] for name in ("title", "short_headline", "standfirst") if name in revision}
    body = revision.get("body")
    return msgspec.structs.replace(content, **fields, **({"body": json.loads(body)} if isinstance(body, str) else {}))


def _of_page(page: ArticlePage) -> _Content:
    return _Content(
        page=page.pk or 0, title=page.title or "", short_headline=page.short_headline or "",
        standfirst=page.standfirst or "", body=_raw(page.body),
        language=page.locale.language_code if page.locale_id else "", is_in_print=False,
    )  # fmt: skip


def _raw(body: Any) -> list[dict[str, Any]]:
    return list(body.get_prep_value()) if body else []


def _rich_texts(body: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    """Every piece of rich text in a body, with the anchor of its block, in order."""
    kinds = ArticlePage._meta.get_field("body").stream_block.child_blocks
    for block in body:
        if (kind := kinds.get(block.get("type"))) is not None:
            anchor = f"#block-{block['id']}-section" if block.get("id") else ""
            for html in _rich_in(kind, block.get("value")):
                yield anchor, html


def _rich_in(kind: blocks.Block, value: Any) -> Iterator[str]:
    if isinstance(kind, blocks.RichTextBlock):
        yield str(value or "")
    elif isinstance(kind, blocks.StructBlock) and isinstance(value, dict):
        for name, child in kind.child_blocks.items():
            yield from _rich_in(child, value.get(name))
    elif isinstance(kind, blocks.ListBlock) and isinstance(value, list):
        for item in value:
            yield from _rich_in(kind.child_block, item["value"] if _is_wrapped(item) else item)


def _is_wrapped(item: Any) -> bool:
    return isinstance(item, dict) and item.get("type") == "item" and "value" in item


def _passages(content: _Content, kind: PlaceKind, changed: Collection[str] = ()) -> tuple[Passage, ...]:
    found = [
        (anchor, words.words, [msgspec.structs.replace(mark, is_changed=mark.mark in changed) for mark in words.marks])
        for anchor, html in _rich_texts(content.body)
        for words in passages_in(html)
    ]
    beside = tuple(sorted({mark.claim for _anchor, _words, marks in found for mark in marks}))
    return tuple(
        Passage(
            place=_place(content, kind, anchor),
            words=words,
            language=content.language,
            marks=tuple(marks),
            beside=beside,
        )
        for anchor, words, marks in found
    )


def _place(content: _Content, kind: PlaceKind, anchor: str) -> Place:
    return Place(kind=kind, page=content.page, url=_form(content.page), anchor=anchor, name=content.title)


def _form(page: int) -> str:
    return reverse("wagtailadmin_pages:edit", args=[page]) if page else ""


# --- Where it is told once more ---


def _own_lines(content: _Content, kinds: tuple[PlaceKind, PlaceKind, PlaceKind]) -> Iterator[Line]:
    fields = (("title", content.title), ("short_headline", content.short_headline), ("standfirst", content.standfirst))
    for kind, (field, words) in zip(kinds, fields, strict=True):
        if words.strip():
            yield Line(place=_place(content, kind, f"#id_{field}"), words=words, language=content.language)


def _translated_lines(content: _Content) -> Iterator[Line]:
    """A translation's headlines, and each of its sentences that a claim is marked on."""
    kind = PlaceKind.TRANSLATION
    yield from _own_lines(content, (kind, kind, kind))
    for passage in _passages(content, kind):
        for mark in passage.marks:
            sentence = sentence_around(passage.words, mark.start, mark.end)
            yield Line(place=passage.place, words=sentence, language=content.language, states=(mark.claim,))


def _translations(pages: Collection[int]) -> dict[int, list[_Content]]:
    found: dict[int, list[_Content]] = defaultdict(list)
    rows = ArticlePage.objects.filter(original_id__in=pages).order_by("pk").values_list(*_COLUMNS, "original_id")
    for *row, original in rows:
        found[original].append(_of_row(row))
    return found


def _told_line(line: Retelling, language: str) -> Line:
    place = Place(kind=PlaceKind.LETTER, page=line.page, url=_form(line.page), anchor=line.anchor, name=line.name)
    return Line(place=place, words=line.words, language=language)


# --- The stories ---


def _stories(
    contents: Iterable[_Content], drafts: Collection[int], *, retold: Iterable[Retelling] | None = None
) -> dict[int, Story]:
    """The contents as stories; of `drafts` counts what was found in the draft, of letters only `retold` if given."""
    contents = list(contents)
    saved = [content.page for content in contents if content.page]
    mentions: dict[int, list[Mention]] = defaultdict(list)
    for row in Mention.objects.filter(page_id__in=saved).exclude(state=Mention.State.KEPT).order_by("pk"):
        mentions[row.page_id].append(row)
    passages = {
        content.page: _passages(
            content,
            PlaceKind.TEXT,
            {
                row.mark
                for row in mentions[content.page]
                if row.state == Mention.State.CHANGED and content.page in drafts
            },
        )
        for content in contents
    }
    translations = _translations(saved)
    told: dict[int, list[Retelling]] = defaultdict(list)
    for line in retellings(saved) if retold is None else retold:
        told[line.article].append(line)
    claims = _read_related({mark.claim for found in passages.values() for one in found for mark in one.marks})
    doubtful = {number for number, claim in claims.items() if claim.status in NO_LONGER}
    elsewhere = _in_print(doubtful)
    return {
        content.page: Story(
            page=content.page,
            language=content.language,
            name=content.title,
            url=_form(content.page),
            is_in_print=content.is_in_print,
            passages=passages[content.page],
            lines=(
                *_own_lines(content, (PlaceKind.HEADLINE, PlaceKind.SHORT_HEADLINE, PlaceKind.STANDFIRST)),
                *(line for other in translations[content.page] for line in _translated_lines(other)),
                *(_told_line(line, content.language) for line in told[content.page]),
            ),
            lost=_lost(mentions[content.page], passages[content.page]),
            elsewhere=_others(elsewhere, content.page, passages[content.page]),
            claims=claims,
        )
        for content in contents
    }


def _lost(rows: Iterable[Mention], passages: Iterable[Passage]) -> tuple[Lost, ...]:
    there = {mark.mark for passage in passages for mark in passage.marks}
    return tuple(
        Lost(mark=row.mark, claim=row.claim_id, exact=row.exact)
        for row in rows
        if row.state == Mention.State.GONE and row.mark not in there
    )


def _others(printed: Iterable[Passage], page: int, passages: Iterable[Passage]) -> tuple[Passage, ...]:
    """Printed passages of other pages with this story's claims; only the marks of those are left on them."""
    own = {mark.claim for passage in passages for mark in passage.marks}
    found = []
    for passage in printed:
        marks = tuple(mark for mark in passage.marks if mark.claim in own)
        if marks and passage.place.page != page:
            found.append(msgspec.structs.replace(passage, marks=marks))
    return tuple(found)


def _in_print(claims: Collection[int]) -> tuple[Passage, ...]:
    """The passages in print that these claims are marked on, newest story first."""
    if not claims:
        return ()
    rows = Mention.objects.filter(claim_id__in=claims, is_in_print=True, page__live=True).order_by("-page_id", "pk")
    pages = list(dict.fromkeys(rows.values_list("page_id", flat=True)[:MOST_ELSEWHERE]))
    printed = ArticlePage.objects.filter(pk__in=pages).order_by("-pk").values_list(*_COLUMNS)
    found = [passage for row in printed for passage in _passages(_of_row(list(row)), PlaceKind.TEXT)]
    return tuple(passage for passage in found if any(mark.claim in claims for mark in passage.marks))


def _read_related(marked: Collection[int]) -> dict[int, ClaimValue]:
    """The claims and those they are related to, through others too."""
    known = {number for number in marked if number}
    fresh = set(known)
    for _round in range(FURTHEST):
        if not fresh or len(known) >= MOST_CLAIMS:
            break
        pairs = ClaimLink.objects.filter(Q(claim_id__in=fresh) | Q(other_id__in=fresh)).values_list(
            "claim_id", "other_id"
        )
        fresh = {number for pair in pairs[:MOST_CLAIMS] for number in pair} - known
        known |= fresh
    return read_claims(known) if known else {}


# --- Where a claim stands ---


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """One place in print where a claim stands."""

    page: int
    headline: str
    language: str
    published: datetime | None
    words: str
    """The marked words as they are printed."""
    mark: str
    url: str
    """The desk's form of that story, at the block."""
    tells: bool
    """Whether that story says what became of the claim, or who says otherwise."""
    is_outdated: bool
    """Whether the claim does not hold any more and the story does not say so."""


def standing(claim: Claim | int, *, most: int = MOST_ELSEWHERE) -> tuple[Standing, ...]:
    """Where else a claim stands: each marked place in print, newest story first."""
    number = claim if isinstance(claim, int) else claim.pk
    value = read_claims([number]).get(number)
    if value is None:
        return ()
    passages = _in_print({number})
    pages = {passage.place.page for passage in passages}
    published = dict(Page.objects.filter(pk__in=pages).values_list("pk", "first_published_at"))
    found = []
    for passage in passages:
        tells = tells_what_became(passage, value)
        for mark in passage.marks:
            if mark.claim == number:
                found.append(_standing(passage, mark, value, published, tells=tells))
    return tuple(found[:most])


def _standing(
    passage: Passage, mark: Marked, claim: ClaimValue, published: Mapping[int, datetime | None], *, tells: bool
) -> Standing:
    place = passage.place
    return Standing(
        page=place.page, headline=place.name, language=passage.language, published=published.get(place.page),
        words=passage.words[mark.start : mark.end], mark=mark.mark, url=place.href, tells=tells,
        is_outdated=claim.status in NO_LONGER and not tells,
    )  # fmt: skip
