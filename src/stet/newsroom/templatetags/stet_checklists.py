"""What the dialogue of a checklist shows of the story that stands at it."""

from typing import Any

from django import template

from stet.newsroom.workflow.forms import LEGAL
from stet.newsroom.workflow.passing import look, needs_legal_read

register = template.Library()


@register.simple_tag
def checklist(task_state: Any) -> dict[str, Any]:
    """What was looked at, whether anything is open, and the field that is not asked of this story."""
    task, page = task_state.task.specific, task_state.workflow_state.content_object
    looked = look(task, page)
    return {
        "looked": looked,
        "is_open": any(one.open for one in looked),
        "left_out": None if needs_legal_read(task, page) else LEGAL,
    }
