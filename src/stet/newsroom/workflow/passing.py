"""Whether a story passes a checklist, and what is kept of that."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from wagtail.log_actions import log

from stet.newsroom.errors import ChecksOpenError
from stet.newsroom.workflow.checks import Check, asked_by
from stet.newsroom.workflow.forms import LEGAL, TICK

CHECKED = "newsroom.checked"
"""The entry in a page's history."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """One check and what it found."""

    check: Check
    open: tuple[str, ...]


def look(task: Any, page: Any) -> tuple[Looked, ...]:
    """What the desk sees by itself in a story as its editor has it."""
    draft = page.get_latest_revision_as_object()
    return tuple(Looked(check=check, open=tuple(check.find(draft, task))) for check in asked_by(task))


def needs_legal_read(task: Any, page: Any) -> bool:
    """Whether a lawyer has to read a story of this kind."""
    draft = page.get_latest_revision_as_object()
    return getattr(draft, "kind", None) in task.legal_kinds.split()


def passed(task: Any, state: Any, *, user: Any, answers: Mapping[str, Any]) -> Any:
    """Keep what was ticked and answer the story's step, which may be approved. Raises ChecksOpenError."""
    page = state.workflow_state.content_object
    looked = look(task, page)
    sentences = [sentence for one in looked for sentence in one.open]
    unticked = [line for number, line in enumerate(task.lines) if answers.get(f"{TICK}_{number}") is not True]
    sentences += [_("Not ticked: %(line)s.") % {"line": line} for line in unticked]
    legal_read = answers.get(LEGAL) is True
    if needs_legal_read(task, page) and not legal_read:
        sentences.append(_("A lawyer has to read a story of this kind; tick that it was done."))
    if sentences:
        headline = page.get_latest_revision_as_object().title
        raise ChecksOpenError(page=page.pk, headline=headline, sentences=tuple(sentences))
    state.ticked = {
        "checked": [one.check.key for one in looked], "ticked": list(task.lines), "legal_read": legal_read
    }  # fmt: skip
    state.save(update_fields=["ticked"])
    log(page, CHECKED, user=user, data={"task": task.name, **state.ticked})
    return state
