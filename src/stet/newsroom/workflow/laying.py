"""A newsroom's first way of a story: desk, copy desk, publishing. From then on it is the newsroom's own."""

from typing import Any

from django.db import transaction
from django.db.models.signals import post_save
from django.utils.translation import gettext as _
from wagtail.models import Page, Workflow, WorkflowPage, WorkflowTask

from stet.newsroom.models import ArticlePage, CheckedTask, FrontPage
from stet.newsroom.roles.laying import group_of

WAGTAILS = "Moderators approval"
"""What Wagtail's own first workflow is called; it stands on the page above all fronts."""
LEGAL_KINDS = (ArticlePage.Kind.ANALYSIS, ArticlePage.Kind.OPINION)


@transaction.atomic
def lay_workflow() -> None:
    """Make the three steps, once, and give them to fronts that have no way of their own.

    Its words are said in the language that is active: they are the newsroom's, and it may change them.
    """
    if CheckedTask.objects.exists() or group_of("editor") is None or group_of("publisher") is None:
        return
    workflow = Workflow.objects.create(name=_("From the reporter to readers"))
    for order, task in enumerate(_steps()):
        WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=order)
    if not _has_own_way():
        for front in FrontPage.objects.filter(workflowpage=None):
            WorkflowPage.objects.create(page=front, workflow=workflow)


def _steps() -> tuple[CheckedTask, ...]:
    editors, publishers = group_of("editor"), group_of("publisher")
    desk = CheckedTask.objects.create(
        name=_("Desk"), photo_credit=False, alt_text=False, ticks=_("The story says what the headline promises")
    )
    copy_desk = CheckedTask.objects.create(
        name=_("Copy desk"),
        sourcing=False,
        ticks="\n".join((_("Names and figures were looked up"), _("Nobody is named who must not be"))),
    )
    publishing = CheckedTask.objects.create(name=_("Publishing"), legal_kinds=" ".join(LEGAL_KINDS))
    for task in (desk, copy_desk):
        task.groups.set([editors, publishers])
    publishing.groups.set([publishers])
    return desk, copy_desk, publishing


def _has_own_way() -> bool:
    """Whether somebody chose a workflow for the whole paper already."""
    return bool(WorkflowPage.objects.filter(page__depth=1).exclude(workflow__name=WAGTAILS).exists())


def connect() -> None:
    """Have fronts that are made later follow the same way."""
    post_save.connect(_on_new_front, sender=FrontPage, dispatch_uid="the way of stories on fronts")


def _on_new_front(instance: Page, created: bool, **_signal: Any) -> None:  # noqa: FBT001 - Django's signature
    workflow = Workflow.objects.active().filter(workflow_tasks__task__checkedtask__isnull=False).first()
    if created and workflow is not None and not _has_own_way():
        WorkflowPage.objects.get_or_create(page_id=instance.pk, defaults={"workflow": workflow})
