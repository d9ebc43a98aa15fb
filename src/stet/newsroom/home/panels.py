"""The panels of the desk's home, and its lines under the paper's name. Empty ones are left out."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin.site_summary import SummaryItem
from wagtail.admin.ui.components import Component

from stet.kit.errors import StetError
from stet.mirrors.checking import read_here
from stet.mirrors.checks import State, read_check
from stet.mirrors.register import read_register
from stet.newsroom.home import due, now, saved
from stet.newsroom.home.rows import MOST_ROWS, Row, languages
from stet.newsroom.home.views import last_section, sections_to_write_in
from stet.newsroom.mirrors.views import may_see as may_see_mirrors
from stet.newsroom.mirrors.views import newsroom_folder
from stet.newsroom.paper import current_paper
from stet.newsroom.roles.seeing import may_change_others, policy


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One of the things that the home answers."""

    name: str
    heading: Any
    rows: Callable[[Any, dict[int, str]], list[Row]]
    more: str = ""
    """The list's filters that show all of them."""


QUESTIONS = (
    Question(name="waiting", heading=gettext_lazy("Waiting for you"), rows=now.waiting),
    Question(name="due", heading=gettext_lazy("Corrections due"), rows=due.corrections_due),
    Question(name="progress", heading=gettext_lazy("You are writing"), rows=now.in_progress, more="whose=mine"),
    Question(name="today", heading=gettext_lazy("Today, by the clock"), rows=now.scheduled, more="status=scheduled"),
    Question(name="published", heading=gettext_lazy("Just published"), rows=now.just_published, more="status=live"),
)
ELSEWHERE = Question(
    name="elsewhere", heading=gettext_lazy("Others are writing"), rows=now.in_progress_elsewhere, more="status=draft"
)


class RowsPanel(Component):
    """One question, answered."""

    template_name = "newsroom/home/rows.html"

    def __init__(self, question: Question, rows: list[Row], *, order: int, several_languages: bool) -> None:
        self.question, self.rows, self.order = question, rows, order
        self._several_languages = several_languages

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:  # noqa: ARG002 - Wagtail's signature
        """The rows."""
        more = self.question.more
        is_more = len(self.rows) >= MOST_ROWS and bool(more)
        return {
            "name": self.question.name, "heading": self.question.heading, "rows": self.rows,
            "several_languages": self._several_languages,
            "more_url": f"{reverse('newsroom_articles')}?{more}" if is_more else "",
        }  # fmt: skip


class WritePanel(Component):
    """One button to write, the views that somebody saved, and a word where nothing waits."""

    order = 10
    template_name = "newsroom/home/begin.html"

    def __init__(self, *, is_quiet: bool) -> None:
        self._is_quiet = is_quiet

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        """Where one may write."""
        user = parent_context["request"].user
        sections = sections_to_write_in(user)
        return {
            "sections": sections,
            "last": last_section(user, sections),
            "several_languages": len({section.locale_id for section in sections}) > 1,
            "saved_views": saved.views_of(user),
            "is_quiet": self._is_quiet,
        }


def lay_out(request: HttpRequest, panels: list[Any]) -> None:
    """Put the answers in place of Wagtail's panels, which ask more often the more there is."""
    panels[:] = [panel for panel in panels if not type(panel).__module__.startswith("wagtail.admin.views.home")]
    user: Any = request.user
    if not policy.user_has_any_permission(user, {"add", "change", "publish"}):
        return
    questions = (*QUESTIONS, ELSEWHERE) if may_change_others(user) else QUESTIONS
    codes = languages()
    answers = [
        RowsPanel(question, question.rows(user, codes), order=100 + 10 * place, several_languages=len(codes) > 1)
        for place, question in enumerate(questions)
    ]
    is_quiet = not any(answer.rows for answer in answers if answer.question.name in ("waiting", "due"))
    panels += [WritePanel(is_quiet=is_quiet), *(answer for answer in answers if answer.rows)]


class MirrorsItem(SummaryItem):
    """How mirrors are, for who may see it."""

    order = 200
    template_name = "newsroom/home/mirrors_item.html"

    def is_shown(self) -> bool:
        """Whoever may publish the paper."""
        return may_see_mirrors(self.request.user)

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:  # noqa: ARG002 - Wagtail's signature
        """In a phrase."""
        phrase, is_bad = mirrors_in_a_phrase()
        return {"phrase": phrase, "is_bad": is_bad}


def mirrors_in_a_phrase() -> tuple[str, bool]:
    """How mirrors are, and whether somebody has to look."""
    folder = newsroom_folder()
    try:
        mirrors = [mirror for mirror in read_register(folder).mirrors if mirror.retired is None]
        states = [read_check(folder, mirror.name).state for mirror in mirrors]
    except (StetError, OSError):
        return _("The list of mirrors can't be read"), True
    bad = sum(state in (State.BROKEN, State.UNREACHABLE) for state in states)
    if bad:
        sentence = ngettext("%(count)d mirror needs a look", "%(count)d mirrors need a look", bad)
        return sentence % {"count": bad}, True
    if not mirrors:
        return _("No mirrors yet"), False
    behind = sum(state is not State.CURRENT for state in states)
    if behind:
        sentence = ngettext("%(count)d mirror is behind", "%(count)d mirrors are behind", behind)
        return sentence % {"count": behind}, False
    sentence = ngettext("%(count)d mirror, current", "%(count)d mirrors, all current", len(mirrors))
    return sentence % {"count": len(mirrors)}, False


class EditionItem(SummaryItem):
    """Which edition readers have."""

    order = 100
    template_name = "newsroom/home/edition_item.html"

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:  # noqa: ARG002 - Wagtail's signature
        """Its number and when it was printed."""
        try:
            pointer = read_here(settings.STET.site).pointer
        except (StetError, OSError):
            pointer = None
        return {"pointer": pointer, "base_url": current_paper().base_url}


def lay_out_summary(request: HttpRequest, items: list[Any]) -> None:
    """The edition and the mirrors, in place of counts of pages, images and documents."""
    items[:] = [item for item in items if not type(item).__module__.startswith("wagtail.")]
    items += [EditionItem(request), MirrorsItem(request)]
