"""What the checklist of a story asks sourcing: whether anything in it is broken."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _


def register() -> None:
    """Have steps with a checklist ask it."""
    from stet.newsroom.workflow import checks

    name = _("Its sourcing is whole")
    checks.register(checks.Check(key="sourcing", name=name, is_asked=lambda task: task.sourcing, find=_broken))


def _broken(page: Any, _task: Any) -> Iterator[str]:
    from stet.sourcing.stories import findings_of  # not before all models are there

    for finding in findings_of(page):
        if finding.is_broken and finding.place.page == page.pk:
            yield finding.sentence
