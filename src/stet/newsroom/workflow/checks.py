"""What the desk looks at by itself before a story passes. Other rooms add checks of theirs.

A check is given the story as its editor has it and the step it stands at, and answers with sentences of what is open.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from stet.newsroom.models import ArticlePage, Photo


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing that is looked at."""

    key: str
    """Kept with a step that was passed."""
    name: str | Promise
    is_asked: Callable[[Any], bool]
    """Whether a step asks for it."""
    find: Callable[[Any, Any], Iterable[str]]
    """What is open in a story at a step, a sentence each."""


_checks: dict[str, Check] = {}


def register(check: Check) -> None:
    """Have a story looked at in one more way; the same key twice is once."""
    _checks[check.key] = check


def asked_by(task: Any) -> tuple[Check, ...]:
    """The checks that a step asks for, in the order they were registered."""
    return tuple(check for check in _checks.values() if check.is_asked(task))


# --- The newsroom's own ---


def _headline(page: Any, task: Any) -> Iterator[str]:
    longer = len(page.title) - task.longest_headline
    if longer > 0:
        yield ngettext(
            "The headline is %(count)d character longer than %(most)d.",
            "The headline is %(count)d characters longer than %(most)d.",
            longer,
        ) % {"count": longer, "most": task.longest_headline}


def _credit(page: Any, _task: Any) -> Iterator[str]:
    for photo, _alt in _photos(page):
        if not photo.credit.strip():
            yield _("The photo “%(title)s” has no credit.") % {"title": photo.title}


def _alt_text(page: Any, _task: Any) -> Iterator[str]:
    for photo, alt in _photos(page):
        if not (alt or photo.description).strip():
            yield _("The photo “%(title)s” has no alternative text.") % {"title": photo.title}


def _photos(page: Any) -> Iterator[tuple[Photo, str]]:
    """Every photo of a story and the alternative text that it has there, each once."""
    if not isinstance(page, ArticlePage):
        return
    if page.lead_photo is not None:
        yield page.lead_photo, page.lead_alt
    seen = set()
    for block in page.body:
        for value in block.value["photos"] if block.block_type == "gallery" else [block.value]:
            photo = value.get("photo") if hasattr(value, "get") else None
            if isinstance(photo, Photo) and photo.pk not in seen:
                seen.add(photo.pk)
                yield photo, value.get("alt") or ""


for _check in (
    Check(
        key="headline", name=gettext_lazy("The headline is not too long"), find=_headline,
        is_asked=lambda task: task.longest_headline > 0,
    ),
    Check(
        key="credit", name=gettext_lazy("Every photo has a credit"), find=_credit,
        is_asked=lambda task: task.photo_credit,
    ),
    Check(
        key="alt_text", name=gettext_lazy("Every photo has an alternative text"), find=_alt_text,
        is_asked=lambda task: task.alt_text,
    ),
):  # fmt: skip
    register(_check)
