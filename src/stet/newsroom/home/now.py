"""What the desk's home says: what waits for somebody, what is in progress, what goes live today, what just did.

The rules:
 * Of each there are a few, and a link to all; how often the database is asked depends on nothing.
 * Somebody sees what they may see: of others' drafts not even the headline.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.models import AbstractGroupApprovalTask, Page, Revision, TaskState, WorkflowState

from stet.newsroom.bundles.views import bundles_of
from stet.newsroom.bundles.views import may_see as may_see_bundles
from stet.newsroom.embargo.rules import with_embargo
from stet.newsroom.home.editions import edition_number, is_printed
from stet.newsroom.home.rows import MOST_ROWS, Row, called, row_of
from stet.newsroom.models import ArticlePage
from stet.newsroom.roles.seeing import drafts_seen_by

Codes = dict[int, str]
"""Languages, by the number of their row."""


# --- What waits ---


def waiting(user: Any, codes: Codes) -> list[Row]:
    """What somebody is asked to look at, what was sent back to them, and bundles that were held back."""
    rows = [*_held_bundles(user), *_sent_back(user, codes), *_to_review(user, codes)]
    return rows[: 2 * MOST_ROWS]


def reviewable_by(user: Any) -> Any:
    """Steps that wait for somebody: those of their groups, and all for administrators.

    Wagtail asks for each kind of step and each step by itself; every kind here is one that groups approve.
    """
    waiting = TaskState.objects.filter(status=TaskState.STATUS_IN_PROGRESS, task__active=True)
    if user.is_superuser:
        return waiting
    asked = Q()
    for kind in AbstractGroupApprovalTask.__subclasses__():
        steps = kind._default_manager.filter(groups__in=user.groups.values("pk"))
        asked |= Q(task_id__in=steps.values("pk"))
    return waiting.filter(asked)


def _to_review(user: Any, codes: Codes) -> Iterator[Row]:
    states = reviewable_by(user).select_related("task", "revision__user").prefetch_related("revision__content_object")
    finder = AdminURLFinder(user)
    for state in states.order_by("started_at")[: 2 * MOST_ROWS]:
        thing = state.revision.content_object
        if thing is not None:
            yield Row(
                title=str(state.revision.object_str or thing), url=_url(thing, finder), note=str(state.task.name),
                moment=state.started_at, by=called(state.revision.user), language=_language(thing, codes),
            )  # fmt: skip


def _url(thing: Any, finder: AdminURLFinder) -> str:
    """Where it is worked on. Who is asked to approve a page may open its form."""
    if isinstance(thing, Page):
        return reverse("wagtailadmin_pages:edit", args=[thing.pk])
    return finder.get_edit_url(thing) or ""


def _language(thing: Any, codes: Codes) -> str:
    return codes.get(getattr(thing, "locale_id", 0), "")


def _sent_back(user: Any, codes: Codes) -> Iterator[Row]:
    states = WorkflowState.objects.filter(status=WorkflowState.STATUS_NEEDS_CHANGES, requested_by=user)
    states = states.select_related("current_task_state__task", "current_task_state__finished_by")
    finder = AdminURLFinder(user)
    for state in states.prefetch_related("content_object").order_by("-pk")[:MOST_ROWS]:
        thing, step = state.content_object, state.current_task_state
        if thing is not None:
            title = thing.get_admin_display_title() if isinstance(thing, Page) else str(thing)
            note = _("sent back by %(step)s") % {"step": step.task.name} if step else _("sent back")
            yield Row(
                title=title, url=_url(thing, finder), note=note, moment=step.finished_at if step else None,
                by=called(step.finished_by) if step else "", language=_language(thing, codes), is_pressing=True,
            )  # fmt: skip


def _held_bundles(user: Any) -> Iterator[Row]:
    if may_see_bundles(user):
        for bundle in bundles_of(user).filter(went_live=None, goes_live=None).exclude(problems={})[:MOST_ROWS]:
            url = reverse("newsroom_bundle", args=[bundle.pk])
            yield Row(title=bundle.name, url=url, note=_("bundle, held back"), is_pressing=True)


# --- What is in progress ---


def in_progress(user: Any, codes: Codes) -> list[Row]:
    """What somebody writes: their own drafts, and what they wrote last."""
    return _drafts(_written_by(user) & drafts_seen_by(user), user, codes)


def in_progress_elsewhere(user: Any, codes: Codes) -> list[Row]:
    """What colleagues write, for those who may change it."""
    return _drafts(drafts_seen_by(user) & ~_written_by(user), user, codes)


def _written_by(user: Any) -> Q:
    return Q(owner_id=user.pk) | Q(latest_revision__user_id=user.pk)


def _drafts(which: Q, user: Any, codes: Codes) -> list[Row]:
    pages = ArticlePage.objects.filter(which, has_unpublished_changes=True)
    pages = pages.select_related("latest_revision__user").defer("body", "latest_revision__content")
    pages = pages.prefetch_workflow_states().annotate_approved_schedule()
    return [
        row_of(
            page, user=user, codes=codes, note=_state(page), moment=page.latest_revision_created_at,
            by=called(page.latest_revision.user) if page.latest_revision else "",
        )
        for page in pages.order_by("-latest_revision_created_at")[:MOST_ROWS]
    ]  # fmt: skip


def _state(page: ArticlePage) -> str:
    """How a draft stands, and at which step it is."""
    step = page.current_workflow_task_state
    state = str(page.status_string)
    if step is None or step.status != step.STATUS_IN_PROGRESS:
        return state
    return with_embargo(_("at the step “%(step)s”") % {"step": step.task.name}, page)


# --- What goes live ---


def scheduled(user: Any, codes: Codes) -> list[Row]:
    """What goes live or comes down before the end of the paper's day, and what should have by now."""
    until = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    rows = [*_pages_today(user, until, codes), *_bundles_today(user, until)]
    return sorted(rows, key=lambda row: row.moment or until)[: 2 * MOST_ROWS]


def _pages_today(user: Any, until: datetime, codes: Codes) -> Iterator[Row]:
    revisions = Revision.page_revisions.filter(approved_go_live_at__lt=until).order_by("approved_go_live_at")
    due = dict(revisions.values_list("object_id", "approved_go_live_at")[: 4 * MOST_ROWS])
    today = Q(pk__in=[int(number) for number in due]) | Q(live=True, expire_at__lt=until)
    for page in Page.objects.filter(drafts_seen_by(user)).filter(today)[: 4 * MOST_ROWS]:
        if str(page.pk) in due:
            moment = due[str(page.pk)]
            yield row_of(page, user=user, codes=codes, note=pgettext("a story", "goes live"), moment=moment)
        if page.live and page.expire_at and page.expire_at < until:
            moment = page.expire_at
            yield row_of(page, user=user, codes=codes, note=pgettext("a story", "comes down"), moment=moment)


def _bundles_today(user: Any, until: datetime) -> Iterator[Row]:
    if may_see_bundles(user):
        for bundle in bundles_of(user).filter(went_live=None, goes_live__lt=until)[:MOST_ROWS]:
            url = reverse("newsroom_bundle", args=[bundle.pk])
            yield Row(title=bundle.name, url=url, note=_("bundle, goes live"), moment=bundle.goes_live)


# --- What readers have ---


def just_published(user: Any, codes: Codes) -> list[Row]:
    """The newest of what readers have, and the number of the edition that has it."""
    articles = ArticlePage.objects.filter(live=True, last_published_at__isnull=False).select_related("locale")
    articles = articles.defer("body").prefetch_workflow_states()
    seq = edition_number()
    return [
        row_of(
            article, user=user, codes=codes, moment=article.last_published_at, live_url=article.get_url() or "",
            note=_edition(article, seq),
        )
        for article in articles.order_by("-last_published_at")[:MOST_ROWS]
    ]  # fmt: skip


def _edition(article: ArticlePage, seq: int | None) -> str:
    if seq is None or not is_printed(article):
        return _("waits to be printed")
    return _("in edition %(number)s") % {"number": seq}
