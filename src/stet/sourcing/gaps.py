"""The desk's pages of gaps in sourcing: the report over the whole site, and what is open in one story."""

from collections.abc import Iterator
from typing import Any

import django_filters
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_safe
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.reports import ReportView
from wagtail.models import Locale, Page

from stet.newsroom.models import ArticlePage, SectionPage
from stet.newsroom.roles.seeing import policy
from stet.sourcing.models import SourcingTask
from stet.sourcing.scanning import everything, stretch, with_claims
from stet.sourcing.stories import findings_of
from stet.sourcing.story import Kind, Severity
from stet.sourcing.words import GAPS, SEVERITIES

REPORTED = [(kind, words) for kind, words in GAPS if kind is not Kind.ELSEWHERE]
"""What stands in another story is a row of that story."""
KIND_WORDS = dict(GAPS)
SEVERITY_WORDS = dict(SEVERITIES)
_PRINTED, _DRAFTED = "printed", "drafts"


class GapFilterSet(WagtailFilterSet):
    """By kind, severity, language, section, and whether readers have it."""

    kind = django_filters.ChoiceFilter(label=gettext_lazy("Gap"), choices=REPORTED, method="keep")
    severity = django_filters.ChoiceFilter(label=gettext_lazy("How bad"), choices=SEVERITIES, method="keep")
    locale = django_filters.ModelChoiceFilter(label=gettext_lazy("Language"), queryset=Locale.objects.all())
    section = django_filters.ModelChoiceFilter(
        label=pgettext_lazy("of a paper", "Section"), queryset=SectionPage.objects.order_by("path"), method="in_section"
    )
    stories = django_filters.ChoiceFilter(
        label=gettext_lazy("Stories"),
        choices=[(_PRINTED, gettext_lazy("in print")), (_DRAFTED, gettext_lazy("never printed, or taken down"))],
        method="in_print",
    )

    class Meta:
        model = ArticlePage
        fields: list[str] = []

    def keep(self, queryset: QuerySet[ArticlePage], _name: str, _value: str) -> QuerySet[ArticlePage]:
        """Leave it to the checks: the database does not know of gaps."""
        return queryset

    def in_section(self, queryset: QuerySet[ArticlePage], _name: str, value: SectionPage) -> QuerySet[ArticlePage]:
        """Stories below a section."""
        return queryset.filter(path__startswith=value.path)

    def in_print(self, queryset: QuerySet[ArticlePage], _name: str, value: str) -> QuerySet[ArticlePage]:
        """Stories that readers have, or the others."""
        return queryset.filter(live=value == _PRINTED)


class _WordsColumn(Column):
    """Somebody's words, which run the way they do."""

    cell_template_name = "sourcing/words_cell.html"


class _GapColumn(Column):
    """The sentence, and a link to where it is mended."""

    cell_template_name = "sourcing/gap_cell.html"


class GapsView(ReportView):
    """Every gap in the stories that this editor may change. Of stories without claims only if asked for by kind."""

    page_title = gettext_lazy("Gaps in sourcing")
    header_icon = "link"
    model = ArticlePage
    filterset_class = GapFilterSet
    index_url_name = "sourcing_gaps"
    index_results_url_name = "sourcing_gaps_results"
    results_template_name = "sourcing/gaps_results.html"
    permission_policy = policy
    any_permission_required = {"add", "change", "publish"}
    paginate_by = None
    columns = [
        _GapColumn("finding", label=gettext_lazy("Gap")),
        Column("severity", accessor=lambda row: SEVERITY_WORDS[row.finding.severity], label=gettext_lazy("How bad")),
        _WordsColumn("headline", label=gettext_lazy("Story")),
        _WordsColumn("section", label=pgettext_lazy("of a paper", "Section")),
        Column("language", label=gettext_lazy("Language")),
    ]
    list_export = ["kind", "severity", "sentence", "headline", "section", "language", "is_in_print", "address"]
    export_headings = {
        "kind": gettext_lazy("Gap"),
        "severity": gettext_lazy("How bad"),
        "sentence": gettext_lazy("What was found"),
        "headline": gettext_lazy("Story"),
        "section": pgettext_lazy("of a paper", "Section"),
        "language": gettext_lazy("Language"),
        "is_in_print": gettext_lazy("In print"),
        "address": pgettext_lazy("of a page at the desk", "Address"),
    }
    export_filename = "gaps-in-sourcing"

    def get(self, request: HttpRequest) -> HttpResponse:
        """One stretch of stories; as a spreadsheet, all of them."""
        stories, self._language = self.get_filtered_queryset(), translation.get_language()
        answer: HttpResponse
        if self.is_export:
            answer = self.as_spreadsheet(everything(stories, **self._wanted), request.GET.get("export"))
        else:
            found = stretch(stories, before=_number(request.GET.get("before")), **self._wanted)
            self.object_list = list(found.rows)
            answer = self.render_to_response(self.get_context_data(found=found, next_url=self._next_url(found.before)))
        return answer

    def get_queryset(self) -> QuerySet[ArticlePage]:
        """The stories to look at."""
        pages = policy.instances_user_has_permission_for(self.request.user, "change")
        stories = ArticlePage.objects.filter(pk__in=pages.values("pk"))
        return stories if self._wanted["kind"] is Kind.UNMARKED else with_claims(stories)

    def stream_csv(self, queryset: Any) -> Iterator[Any]:
        """The spreadsheet line by line, in the editor's language: it is written after the view has ended."""
        lines = super().stream_csv(queryset)
        while True:
            with translation.override(self._language):
                line = next(lines, None)
            if line is None:
                return
            yield line

    def to_row_dict(self, item: Any) -> dict[str, Any]:
        """A line of the spreadsheet."""
        finding = item.finding
        return {
            "kind": KIND_WORDS[finding.kind],
            "severity": SEVERITY_WORDS[finding.severity],
            "sentence": finding.sentence,
            "headline": item.headline,
            "section": item.section,
            "language": item.language,
            "is_in_print": _("yes") if item.is_in_print else _("no"),
            "address": self.request.build_absolute_uri(finding.place.href),
        }

    @property
    def _wanted(self) -> dict[str, Any]:
        kind, severity = self.request.GET.get("kind"), self.request.GET.get("severity")
        return {
            "kind": Kind(kind) if kind in {str(one) for one, _words in REPORTED} else None,
            "severity": Severity(severity) if severity in {str(one) for one in Severity} else None,
        }

    def _next_url(self, before: int | None) -> str:
        if before is None:
            return ""
        query = self.request.GET.copy()
        query["before"] = str(before)
        query.pop("_w_filter_fragment", None)
        return f"{self.index_url}?{query.urlencode()}"


def _number(word: str | None) -> int | None:
    return int(word) if word and word.isascii() and word.isdecimal() and len(word) <= 18 else None


@require_safe
def story_gaps(request: HttpRequest, page_id: int) -> HttpResponse:
    """What is open in one story, or in a letter that tells stories, as it was saved last."""
    page = get_object_or_404(Page, pk=page_id).specific
    if not page.permissions_for_user(request.user).can_edit():
        raise PermissionDenied
    draft = page.get_latest_revision_as_object()
    findings = findings_of(draft)
    task = page.current_workflow_task if getattr(page, "workflow_in_progress", False) else None
    holding = task.open_in(page, findings) if isinstance(task, SourcingTask) else ()
    form_url = reverse("wagtailadmin_pages:edit", args=[page.pk])
    context = {
        "story": draft,
        "task": task if holding else None,
        "holding": holding,
        "others": [finding for finding in findings if finding not in holding],
        "form_url": form_url,
        "header_title": _("Gaps in sourcing"),
        "page_title": _("Gaps in sourcing"),
        "header_icon": "link",
        "breadcrumbs_items": [{"url": form_url, "label": draft.title}, {"url": "", "label": _("Gaps in sourcing")}],
    }
    return render(request, "sourcing/story_gaps.html", context)
