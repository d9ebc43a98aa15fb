"""What whoever approves a story fills in: a box for each thing to look at, and a remark."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.forms import TaskStateCommentForm

LEGAL = "legal_read"
TICK = "tick"


def form_of(task: Any) -> type[forms.Form]:
    """The form of one step.

    The box for the lawyer is there where any kind is named. Whether it must be ticked depends on the story, which a
    form of Wagtail's does not know: `passing` asks.
    """
    fields: dict[str, Any] = {
        f"{TICK}_{number}": forms.BooleanField(label=line) for number, line in enumerate(task.lines)
    }
    if task.legal_kinds:
        fields[LEGAL] = forms.BooleanField(label=_("A lawyer has read this version"), required=False)
    order = [*fields, "comment"]
    return type("ChecklistForm", (TaskStateCommentForm,), {**fields, "field_order": order})
