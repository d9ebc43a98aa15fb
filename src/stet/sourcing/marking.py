"""Marks in stories: read out of a story's text, named, and followed from version to version.

`marks_in` reads a body. `own_names` gives copies names of their own. `follow` writes the rows of `Mention` that say
where claims stand; nothing else writes them. It asks the database what a story's draft and its print say now, so that
it does not matter who changed them and how; `stet.sourcing.waking` calls it where Wagtail says that something changed,
and `follow_all` mends what no signal told.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Any

import msgspec
from django.db import transaction
from django.db.models import Q
from wagtail import blocks
from wagtail.models import Revision

from stet.newsroom.blocks import BodyBlock
from stet.newsroom.models import ArticlePage
from stet.sourcing import anchoring
from stet.sourcing.anchoring import Known, Mark, Passage, Quote, State
from stet.sourcing.models import Claim, Mention
from stet.sourcing.rich_text import LINK_TYPE, passages_in, written_anew

Change = Callable[[str], str]


def marks_in(body: Any) -> tuple[Mark, ...]:
    """The marks of a body, in order: over all its rich text, captions and boxes included.

    A body is what an article has, a list of stored blocks, or these as JSON.
    """
    return anchoring.marks_of(passages_of(body))


def passages_of(body: Any) -> tuple[Passage, ...]:
    """The passages of all rich text of a body, in order."""
    return tuple(passage for html in rich_texts(body) for passage in passages_in(html))


def rich_texts(body: Any) -> tuple[str, ...]:
    """All rich text of a body, in order."""
    found: list[str] = []

    def collect(html: str) -> str:
        found.append(html)
        return html

    _changed(stored_blocks(body), collect)
    return tuple(found)


def stored_blocks(body: Any) -> list[Any]:
    """The blocks of a body as they are stored."""
    if isinstance(body, str):
        body = json.loads(body) if body else []
    if not isinstance(body, list):
        body = list(body.get_prep_value()) if body else []
    kept: list[Any] = body
    return kept


def is_marked(body: Any) -> bool:
    """Whether a body may have marks at all; most have none, and cost nothing."""
    text = body if isinstance(body, str) else json.dumps(stored_blocks(body))
    return LINK_TYPE in text and "linktype" in text


# --- Names ---


def own_names(body: Any) -> list[Any] | None:
    """The blocks of a body in which each mark has its own name; None where that is so already."""
    if not is_marked(body):
        return None
    kept = stored_blocks(body)
    anew = [mark for mark in marks_in(kept) if mark.copy_of]
    return _written(kept, {id(mark): (mark.mark, mark.quote) for mark in anew}, anew) if anew else None


def without_quotes(body: Any) -> list[Any] | None:
    """The blocks of a body whose marks agree with nothing yet, as in a translation; None where it has no marks."""
    if not is_marked(body):
        return None
    kept = stored_blocks(body)
    marks = marks_in(kept)
    return _written(kept, {id(mark): (mark.mark, Quote(exact="")) for mark in marks}, marks) if marks else None


def _written(kept: list[Any], anew: dict[int, tuple[str, Quote]], marks: Sequence[Mark]) -> list[Any]:
    """The blocks with other names and quotes on these marks."""
    texts = rich_texts(kept)
    numbered = [(text, passage) for text, html in enumerate(texts) for passage in passages_in(html)]
    quotes: dict[int, dict[int, tuple[str, Quote]]] = {}
    for mark in marks:
        for span in mark.spans:
            text, passage = numbered[span.passage]
            piece = next(piece for piece in passage.pieces if piece.start == span.start)
            quotes.setdefault(text, {})[piece.element] = anew[id(mark)]
    counted = iter(range(len(texts)))
    return _changed(kept, lambda html: written_anew(html, quotes.get(next(counted), {})))


def _changed(kept: list[Any], change: Change) -> list[Any]:
    """Stored blocks with `change` made to each piece of rich text, in order."""
    changed: list[Any] = _stream(_body_block(), kept, change)
    return changed


@cache
def _body_block() -> BodyBlock:
    """The definition of a body; it takes long to make."""
    return BodyBlock()


def _stream(block: Any, value: Any, change: Change) -> Any:
    return [
        {**item, "value": _value(block.child_blocks[item["type"]], item.get("value"), change)}
        if isinstance(item, dict) and item.get("type") in block.child_blocks
        else item
        for item in value or ()
    ]


def _value(block: Any, value: Any, change: Change) -> Any:
    if isinstance(block, blocks.RichTextBlock):
        return change(value) if isinstance(value, str) else value
    if isinstance(block, blocks.StreamBlock):
        return _stream(block, value, change)
    if isinstance(block, blocks.ListBlock):
        return [_item(block, item, change) for item in value or ()]
    if isinstance(block, blocks.StructBlock) and isinstance(value, dict):
        anew = {name: _value(child, value[name], change) for name, child in block.child_blocks.items() if name in value}
        return {**value, **anew}
    return value


def _item(block: Any, item: Any, change: Change) -> Any:
    """An item of a list; older ones are stored without a wrapper."""
    if isinstance(item, dict) and item.get("type") == "item":
        return {**item, "value": _value(block.child_block, item.get("value"), change)}
    return _value(block.child_block, item, change)


# --- Following ---


def follow(page: ArticlePage) -> tuple[Known, ...]:
    """Have the rows say where claims stand in this story's draft and in its print; answer what they say."""
    with transaction.atomic():
        # Two at once: the second waits for the first, and looks at what that left.
        article = ArticlePage.objects.select_for_update().filter(pk=page.pk).first()
        if article is None:
            return ()
        rows = {row.mark: row for row in Mention.objects.filter(page_id=article.pk)}
        draft = _marks(_draft_of(article))
        in_print = _marks(article.body) if article.live else ()
        if not (rows or draft or in_print):
            return ()
        known = anchoring.reconcile(map(_known, rows.values()), draft=draft, in_print=in_print)
        return _kept(article.pk, rows, known)


def take_off(page: ArticlePage, names: Iterable[str]) -> None:
    """Forget marks that an editor took off on purpose, or whose loss was seen to. Marks of the draft stay."""
    with transaction.atomic():
        ArticlePage.objects.select_for_update().filter(pk=page.pk).first()
        rows = {row.mark: row for row in Mention.objects.filter(page_id=page.pk)}
        _kept(page.pk, rows, anchoring.taken_off(map(_known, rows.values()), names))


def follow_all() -> int:
    """Follow every story; answer how many rows were wrong. For what no signal told: bulk changes, restored backups."""
    before = _everything()
    for article in ArticlePage.objects.only("pk").iterator(chunk_size=500):
        follow(article)
    return len(before ^ _everything())


def _everything() -> set[tuple[Any, ...]]:
    columns = ("page_id", "mark", "claim_id", "exact", "prefix", "suffix", "state", "is_in_draft", "is_in_print")
    return set(Mention.objects.values_list(*columns))


def _marks(body: Any) -> tuple[Mark, ...]:
    return marks_in(body) if is_marked(body) else ()


def _draft_of(article: ArticlePage) -> Any:
    """The body that an editor would see."""
    content = Revision.objects.filter(pk=article.latest_revision_id).values_list("content", flat=True).first()
    return content.get("body") if content else article.body


def _known(row: Mention) -> Known:
    return Known(
        mark=row.mark, claim=row.claim_id, quote=Quote(exact=row.exact, prefix=row.prefix, suffix=row.suffix),
        state=State(row.state), is_in_draft=row.is_in_draft, is_in_print=row.is_in_print,
    )  # fmt: skip


def _kept(page: int, rows: dict[str, Mention], known: Sequence[Known]) -> tuple[Known, ...]:
    """Write what changed; a mark of a claim that does not exist has no row."""
    claims = set(Claim.objects.filter(pk__in={one.claim for one in known}).values_list("pk", flat=True))
    wanted = {one.mark: one for one in known if one.claim in claims}
    Mention.objects.filter(pk__in=[row.pk for name, row in rows.items() if name not in wanted]).delete()
    for name, one in wanted.items():
        if name not in rows or _known(rows[name]) != one:
            said: dict[str, Any] = {**msgspec.structs.asdict(one.quote), "claim_id": one.claim, "state": one.state}
            said |= {"is_in_draft": one.is_in_draft, "is_in_print": one.is_in_print}
            Mention.objects.update_or_create(page_id=page, mark=name, defaults=said)
    return tuple(wanted.values())


def lost_from(page: int, marks: Iterable[Mark]) -> tuple[Known, ...]:
    """Marks that a text lacks: the draft that was saved has them, or nobody has seen yet that they are gone."""
    here = {mark.copy_of or mark.mark for mark in marks} | {mark.mark for mark in marks}
    rows = Mention.objects.filter(Q(state=State.GONE) | Q(is_in_draft=True), page_id=page).exclude(mark__in=here)
    return tuple(map(_known, rows.order_by("pk")))
