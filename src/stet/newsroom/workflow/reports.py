"""Wagtail's two reports of workflows, for an archive of 100,000 articles.

Wagtail looks for what was sent among all pages that somebody may change, and asks for the tasks of each row by itself.
Here it is the other way around: of the few pages that were ever sent those that somebody may change.
"""

from collections import defaultdict
from typing import Any

from django.db.models import CharField
from django.db.models.functions import Cast
from django.http import HttpRequest
from django.utils.translation import gettext
from wagtail.admin.views.reports import workflows
from wagtail.models import TaskState, WorkflowState, WorkflowTask

from stet.newsroom.home.filters import page_numbers
from stet.newsroom.roles.seeing import policy

_STATUSES = dict(TaskState.STATUS_CHOICES)
_NOT_STARTED = "Not started"
"""Wagtail's words, which it has in every language."""


def connect() -> None:
    """Once, when Django is ready."""
    workflows.get_editable_page_ids_query = sent_pages
    workflows.WorkflowView.decorate_paginated_queryset = _with_tasks


def sent_pages(request: HttpRequest) -> Any:
    """Numbers, as words, of the pages that were ever sent on and that somebody may change."""
    pages = policy.instances_user_has_permission_for(request.user, "change")
    sent = pages.filter(pk__in=page_numbers(WorkflowState.objects.all()))
    return sent.values_list(Cast("id", output_field=CharField()), flat=True)


def _with_tasks(_view: Any, rows: Any) -> list[WorkflowState]:
    """The rows whose page is still there, each with its tasks and how they stand."""
    states = [row for row in rows if row.content_object]
    said = TaskState.objects.filter(workflow_state__in=states).order_by("started_at", "id")
    last = {(state, task): status for state, task, status in said.values_list("workflow_state", "task", "status")}
    steps = WorkflowTask.objects.filter(workflow__in={state.workflow_id for state in states}).order_by("sort_order")
    names: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for workflow, task, name in steps.values_list("workflow", "task", "task__name"):
        names[workflow].append((task, name))
    for state in states:
        # What its template asks each of them for.
        state.all_tasks_with_status = [
            {"name": name, "status": status, "status_display": _STATUSES.get(status, gettext(_NOT_STARTED))}
            for task, name in names[state.workflow_id]
            for status in (last.get((state.pk, task)),)
        ]
    return states
