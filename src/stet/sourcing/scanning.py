"""Gaps over the whole site, a stretch of stories at a time, newest first.

Nothing is stored of what was found: what is shown is so at this moment. A stretch is bounded, so that an archive of any
size is read page by page; whoever wants all of it takes the spreadsheet.
"""

from collections.abc import Collection, Iterator

import msgspec
from django.db.models import Q, QuerySet
from wagtail.models import Page

from stet.newsroom.models import ArticlePage, SectionPage
from stet.sourcing.assisting import assistant
from stet.sourcing.checks import check
from stet.sourcing.indexes import IsMarked
from stet.sourcing.models import Mention
from stet.sourcing.stories import read_stories
from stet.sourcing.story import Finding, Kind, Severity

BATCH = 100
"""Stories read at once."""
MOST_LOOKED = 400
"""Stories looked at for one page of the report."""
ENOUGH = 50
"""Rows of one page; the last story is told whole."""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A finding with its story."""

    finding: Finding
    headline: str
    section: str
    language: str
    is_in_print: bool


class Stretch(msgspec.Struct, frozen=True, kw_only=True):
    """What was found in some stories."""

    rows: tuple[Row, ...]
    looked: int
    """How many stories were looked at."""
    before: int | None
    """The story with which the next stretch begins comes before this one; None at the end."""


def with_claims(stories: QuerySet[ArticlePage]) -> QuerySet[ArticlePage]:
    """Those that have a claim marked, or had one."""
    marked, mentioned = ArticlePage.objects.filter(IsMarked("body")).values("pk"), Mention.objects.values("page_id")
    return stories.filter(Q(pk__in=marked) | Q(pk__in=mentioned))


def stretch(
    stories: QuerySet[ArticlePage],
    *,
    before: int | None = None,
    kind: Kind | None = None,
    severity: Severity | None = None,
) -> Stretch:
    """The next gaps, until there are enough or enough stories were looked at."""
    rows: list[Row] = []
    looked = 0
    while looked < MOST_LOOKED and len(rows) < ENOUGH:
        numbers = _numbers(stories, before)
        looked += len(numbers)
        for number, found in _found(numbers, kind, severity):
            if len(rows) >= ENOUGH:
                return Stretch(rows=tuple(rows), looked=looked, before=before)
            rows += found
            before = number
        if len(numbers) < BATCH:
            return Stretch(rows=tuple(rows), looked=looked, before=None)
        before = numbers[-1]
    return Stretch(rows=tuple(rows), looked=looked, before=before)


def everything(
    stories: QuerySet[ArticlePage], *, kind: Kind | None = None, severity: Severity | None = None
) -> Iterator[Row]:
    """Every gap there is, a batch at a time."""
    before = None
    while numbers := _numbers(stories, before):
        for _number, found in _found(numbers, kind, severity):
            yield from found
        before = numbers[-1]


def _numbers(stories: QuerySet[ArticlePage], before: int | None) -> list[int]:
    query = stories.order_by("-pk") if before is None else stories.filter(pk__lt=before).order_by("-pk")
    return list(query.values_list("pk", flat=True)[:BATCH])


def _found(numbers: Collection[int], kind: Kind | None, severity: Severity | None) -> Iterator[tuple[int, list[Row]]]:
    """Each story with what was found in it. What stands in others is told there, not twice."""
    stories, sections, reader = read_stories(numbers), _sections(numbers), assistant()
    for number in numbers:
        if (story := stories.get(number)) is None:
            continue
        yield (
            number,
            [
                Row(
                    finding=finding, headline=story.name, section=sections.get(number, ""), language=story.language,
                    is_in_print=story.is_in_print,
                )
                for finding in check(story, reader=reader)
                if finding.kind is not Kind.ELSEWHERE
                and (kind is None or finding.kind is kind)
                and (severity is None or finding.severity is severity)
            ],
        )  # fmt: skip


def _sections(numbers: Collection[int]) -> dict[int, str]:
    """The section of each story; two queries."""
    paths = dict(Page.objects.filter(pk__in=numbers).values_list("pk", "path"))
    parents = {number: path[: -Page.steplen] for number, path in paths.items()}
    titles = dict(SectionPage.objects.filter(path__in=set(parents.values())).values_list("path", "title"))
    return {number: titles.get(path, "") for number, path in parents.items()}
