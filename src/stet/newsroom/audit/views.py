"""The report of what was done at the desk: Wagtail's log of pages and of all else, joined, filtered, exported."""

from typing import Any

import django_filters
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.auth import permission_denied
from wagtail.admin.views.reports.audit_logging import LogEntriesView, SiteHistoryReportFilterSet
from wagtail.admin.widgets.button import Button

from stet.newsroom.audit.actions import EXPORTED, FORGOTTEN, GIVEN, TAKEN
from stet.newsroom.roles.seeing import publishes_paper
from stet.newsroom.signing_in.log import EVENTS

JSON = "json"
WRITTEN = "create edit move copy copy_for_translation create_alias convert_alias rename reorder revert lock unlock"
OUT = (EXPORTED, "sourcing.copy", "stet.share", "stet.share.opened", "stet.share.revoked")
SUBJECTS: dict[str, tuple[Any, Q]] = {
    "published": (
        _("published, scheduled, taken down"),
        Q(action__contains="publish") | Q(action__contains="schedul") | Q(action__contains="bundle")
        | Q(action="stet.embargo"),
    ),
    "killed": (_("killed or deleted"), Q(action__in=("stet.kill", "stet.return", "wagtail.delete")) | Q(deleted=True)),
    "changed": (
        _("written and changed"),
        Q(action__in=[f"wagtail.{word}" for word in WRITTEN.split()]) | Q(action__contains="comments")
        | Q(action="newsroom.photo.blur") | Q(action__startswith="appeals.") | Q(action__startswith="newsroom.live."),
    ),
    "passed": (
        _("sent on and approved"),
        Q(action__contains="workflow") | Q(action__contains="moderation")
        | Q(action__in=("newsroom.checked", "sourcing.status", "sourcing.override")),
    ),
    "exported": (_("taken out as a file"), Q(action__in=OUT)),
    "signed_in": (_("signed in, and second factors"), Q(action__in=tuple(EVENTS))),
    "rights": (
        _("rights and accounts"),
        Q(action__in=(GIVEN, TAKEN, FORGOTTEN)) | Q(action__contains="apitoken")
        | Q(action__contains="view_restriction") | Q(content_type__app_label="auth") & ~Q(action__in=tuple(EVENTS)),
    ),
}  # fmt: skip
"""What an entry is about, as people ask for it."""


class LogFilterSet(SiteHistoryReportFilterSet):
    """Wagtail's filters, and what an entry is about."""

    subject = django_filters.ChoiceFilter(
        label=_("About"), choices=[(key, words) for key, (words, _where) in SUBJECTS.items()], method="about"
    )

    def about(self, rows: Any, _name: str, value: str) -> Any:
        """Entries about one subject."""
        return rows.filter(SUBJECTS[value][1])


class LogView(LogEntriesView):
    """Everything, newest first; as a spreadsheet or JSON, all that the filters leave."""

    page_title = _("What was done")
    filterset_class = LogFilterSet
    FORMATS = (*LogEntriesView.FORMATS, JSON)
    list_export = [*LogEntriesView.list_export, "message", "comment"]
    export_headings = {**LogEntriesView.export_headings, "message": _("What was done"), "comment": _("Remark")}

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Refuse who may not read it."""
        if not publishes_paper(request.user):
            refused: HttpResponse = permission_denied(request)
            return refused
        answer: HttpResponse = super().dispatch(request, *args, **kwargs)
        return answer

    def as_spreadsheet(self, rows: Any, spreadsheet_format: str) -> HttpResponse:
        """The file that was asked for."""
        if spreadsheet_format != JSON:
            answer: HttpResponse = super().as_spreadsheet(rows, spreadsheet_format)
            return answer
        headers = {"Content-Disposition": f'attachment; filename="{self.get_filename()}.json"'}
        return JsonResponse({"entries": [_told(entry) for entry in rows]}, headers=headers)

    @property
    def header_more_buttons(self) -> list[Any]:
        """With one for JSON."""
        return [
            *super().header_more_buttons,
            Button(_("Download JSON"), url=self.get_export_url(JSON), icon_name="download", priority=110),
        ]


def _told(entry: Any) -> dict[str, Any]:
    kind = entry.content_type
    return {
        "time": entry.timestamp.isoformat(),
        "action": entry.action,
        "about": {
            "kind": f"{kind.app_label}.{kind.model}" if kind else None,
            "id": entry.object_id,
            "name": entry.label,
        },
        "by": {"account": entry.user_id, "name": str(entry.user_display_name)},
        "data": entry.data,
        "said": str(entry.message),
    }
