"""A step of a story's way that asks for a checklist, and what was ticked there."""

from typing import Any

from django import forms
from django.contrib.auth.models import AbstractBaseUser
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models import AbstractGroupApprovalTask, TaskState

from stet.newsroom.models.articles import ArticlePage


class KindsField(models.CharField):  # type: ignore[type-arg]
    """Kinds of articles, separated by spaces; ticked in a form."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"max_length": 200, "blank": True, "default": "", **kwargs})

    def formfield(self, **kwargs: Any) -> Any:
        """A box for each kind."""
        return _KindsFormField(
            label=kwargs.get("label", self.verbose_name), help_text=self.help_text, required=False,
            choices=ArticlePage.Kind.choices, widget=forms.CheckboxSelectMultiple,
        )  # fmt: skip


class _KindsFormField(forms.MultipleChoiceField):
    def prepare_value(self, value: Any) -> Any:
        return value.split() if isinstance(value, str) else value

    def clean(self, value: Any) -> Any:
        return " ".join(super().clean(value))


class CheckedTask(AbstractGroupApprovalTask):
    """Approval by a group that is given only with the checklist done."""

    photo_credit = models.BooleanField(_("every photo has a credit"), default=True)
    alt_text = models.BooleanField(_("every photo has an alternative text"), default=True)
    longest_headline = models.PositiveSmallIntegerField(
        _("longest headline"), default=90, help_text=_("In characters; 0 means any length.")
    )
    sourcing = models.BooleanField(
        _("sourcing is whole"), default=True, help_text=_("What is broken in it holds the story back.")
    )
    legal_kinds = KindsField(
        verbose_name=_("a lawyer reads"),
        help_text=_("Stories of these kinds. Whoever approves ticks that it was done."),
    )
    ticks = models.TextField(
        _("to be ticked by hand"), blank=True, max_length=2000, help_text=_("One line for each thing to look at.")
    )

    admin_form_fields = [
        *AbstractGroupApprovalTask.admin_form_fields,
        "photo_credit",
        "alt_text",
        "longest_headline",
        "sourcing",
        "legal_kinds",
        "ticks",
    ]

    class Meta:
        verbose_name = _("Checklist")
        verbose_name_plural = _("Checklists")

    @classmethod
    def get_description(cls) -> str:
        """Say what it does where steps are chosen."""
        return str(_("Members of the chosen groups approve, once everything on the list is done."))

    @classmethod
    def get_task_state_class(cls) -> type[TaskState]:
        """What was ticked is kept with the step."""
        return CheckedTaskState

    @property
    def lines(self) -> tuple[str, ...]:
        """What is ticked by hand."""
        return tuple(line.strip() for line in self.ticks.splitlines() if line.strip())

    def get_actions(self, obj: Any, user: AbstractBaseUser) -> list[tuple[str, Any, bool]]:
        """Sending back, and approving over the list; there is no approving past it."""
        actions = super().get_actions(obj, user)
        passing = [("approve", _("Check and approve"), True)] if actions else []
        return [action for action in actions if action[0] != "approve"] + passing

    def get_form_for_action(self, action: str) -> type[forms.Form]:
        """Approving asks for the ticks."""
        from stet.newsroom.workflow.forms import form_of

        plain: type[forms.Form] = super().get_form_for_action(action)
        return form_of(self) if action == "approve" else plain

    def get_template_for_action(self, action: str) -> str:
        """Approving shows the list."""
        return "newsroom/workflow/approve.html" if action == "approve" else super().get_template_for_action(action)

    def on_action(self, task_state: TaskState, user: AbstractBaseUser, action_name: str, **kwargs: Any) -> Any:
        """Approve, send back, or hold. Raises ChecksOpenError with everything that is open."""
        from stet.newsroom.workflow.passing import passed

        if action_name != "approve":
            return super().on_action(task_state, user, action_name, **kwargs)
        state = passed(self, task_state.specific, user=user, answers=kwargs)
        return super().on_action(state, user, "approve", comment=str(kwargs.get("comment") or ""))


class CheckedTaskState(TaskState):
    """A story at such a step, and what was ticked when it passed."""

    ticked: Any = models.JSONField(default=dict, blank=True)
    """{"checked": names of checks that found nothing, "ticked": lines ticked by hand, "legal_read": bool}"""

    exclude_fields_in_copy = ["ticked"]

    class Meta:
        verbose_name = _("story at a checklist")
        verbose_name_plural = _("stories at a checklist")
