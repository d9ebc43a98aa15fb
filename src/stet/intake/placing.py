"""Records become the newsroom's rows: photos, people, pages, redirects, in the order in which they refer to each other.

The rules:
 * A record is placed in one transaction. A run that is cut off leaves what it placed, and the next run goes on.
 * Every page gets one revision, published where the record is live; nothing is sent, printed or logged.

What is placed, brought up to date, or left to the desk is decided in `placing_run`; each kind of record has a module.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any

from django.db import transaction
from wagtail.signal_handlers import disable_reference_index_auto_update

from stet.intake import records
from stet.intake.placing_files import place_file
from stet.intake.placing_fronts import open_fronts, place_front
from stet.intake.placing_pages import finish_page, place_page, place_section, unfinished
from stet.intake.placing_people import place_person
from stet.intake.placing_redirects import place_redirect
from stet.intake.placing_run import Run
from stet.intake.records import Archive
from stet.intake.report import LossReport, Outcome

Progress = Callable[[str, int, int], None]
"""Told after each step: what is being placed, how many are done, how many there are."""

_Step = tuple[str, Iterable[Any], Callable[[Any], None]]


def place(archive: Archive, report: LossReport, *, now: datetime, progress: Progress | None = None) -> None:
    """Place everything in the archive and settle each record in the report."""
    run = Run(archive, report, now=now)
    # The index would be told at each of a page's saves; `publish` tells it once.
    with disable_reference_index_auto_update():
        with transaction.atomic():
            open_fronts(run)
        for what, things, place_one in _steps(run):
            waiting = tuple(things)
            for done, thing in enumerate(waiting, start=1):
                with transaction.atomic():
                    place_one(thing)
                if progress:
                    progress(what, done, len(waiting))


def _steps(run: Run) -> Iterator[_Step]:
    """(what is placed, the records, how one is placed); each step is asked for when the one before is done."""
    archive = run.archive
    yield "photos and files", archive.media, lambda record: place_file(run, record)
    yield "people", archive.people, lambda record: place_person(run, record)
    yield "sections", archive.sections, lambda record: place_section(run, record)
    yield "topics", archive.topics, lambda record: place_page(run, record)
    yield "articles", _originals_first(archive.articles), lambda record: place_page(run, record)
    yield "pages", archive.pages, lambda record: place_page(run, record)
    yield "tags", archive.tags, lambda record: _count_tag(run, record)
    yield "links between pages", unfinished(run), lambda waiting: finish_page(run, *waiting)
    yield "fronts", archive.fronts, lambda record: place_front(run, record)
    yield "old addresses", archive.redirects, lambda record: place_redirect(run, record)


def _originals_first(articles: Iterable[records.Article]) -> list[records.Article]:
    return sorted(articles, key=lambda article: (article.original is not None, article.source_id))


def _count_tag(run: Run, record: records.Tag) -> None:
    """Settle a tag; it was made with the articles that have it."""
    kind = record.kind or run.kind("tag")
    run.report.read(kind)
    was_here = record.name.casefold() in run.tags_before
    run.settle(kind, record, record.name, Outcome.ALREADY if was_here else Outcome.TAKEN)
