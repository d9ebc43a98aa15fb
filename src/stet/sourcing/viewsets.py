"""The desk's lists and forms of claims, questions, sources and evidence."""

from typing import Any

import django_filters
from django.contrib import messages
from django.db import models
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import Column, NumberColumn
from wagtail.models import Locale
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import register_permission_policy
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import CreateView, DeleteView, EditView, IndexView, SnippetViewSet

from stet.sourcing import overview, words
from stet.sourcing.choosers import (
    ClaimChooserViewSet,
    EvidenceChooserViewSet,
    QuestionChooser,
    QuestionChooserViewSet,
    SourceChooser,
    SourceChooserViewSet,
)
from stet.sourcing.claim_forms import ClaimForm
from stet.sourcing.copies import current_folder
from stet.sourcing.evidence_forms import EvidenceForm
from stet.sourcing.keeping import drop_unused
from stet.sourcing.models import Attribution, Claim, Evidence, Question, Record, Source
from stet.sourcing.panels import (
    CopiesPanel,
    FormsetPanel,
    HistoryPanel,
    RivalsPanel,
    StandingPanel,
    UsePanel,
    desk_language,
)
from stet.sourcing.recording import matching
from stet.sourcing.source_forms import SourceForm
from stet.sourcing.terms import Status, Visibility
from stet.sourcing.usage import why_kept

MOST_FOUND = 2000
"""Rows that a search of a list gives; more are not leafed through."""


class NeverDeleted(ModelPermissionPolicy):
    """Claims are withdrawn; nobody has the right to delete one."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        """As Django's permissions say, but for deleting."""
        return action != "delete" and bool(super().user_has_permission(user, action))

    def user_has_permission_for_instance(self, user: Any, action: str, instance: Any) -> bool:
        """The same for one claim."""
        return action != "delete" and bool(super().user_has_permission_for_instance(user, action, instance))


register_permission_policy(Claim, NeverDeleted(Claim))


class RecordIndexView(IndexView):
    """A list; a search gives rows that its filters leave, and an empty one says what belongs here."""

    teaching: tuple[Any, ...] = ()

    def search_queryset(self, queryset: Any) -> Any:
        """Rows that hold the words."""
        if not self.is_searching:
            return queryset
        return queryset.filter(pk__in=matching(self.model.objects.all(), self.search_query, most=MOST_FOUND))


class RecordDeleteView(DeleteView):
    """Deleting, where nothing rests on the row."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Say why it stays, if it does."""
        answer = refused(request, [self.object])
        return answer or super().dispatch(request, *args, **kwargs)


def refused(request: HttpRequest, rows: list[Any]) -> HttpResponse | None:
    """An answer that says why rows stay; None where they may go."""
    for row in rows:
        if isinstance(row, Claim | Question | Source | Evidence) and (why := why_kept(row)):
            messages.error(request, why)
            return redirect(f"wagtailsnippets_sourcing_{row._meta.model_name}:edit", row.pk)
    return None


class RecordViewSet(SnippetViewSet):
    """What the four kinds of records share."""

    menu_item_is_registered = True
    copy_view_enabled = False
    index_results_template_name = "sourcing/index_results.html"
    delete_view_class = RecordDeleteView


# --- Claims ---


class ClaimFilters(WagtailFilterSet):
    """By status, by question, by language, by who says so."""

    status = django_filters.ChoiceFilter(label=_("Status"), choices=words.STATUSES, method="by_status")
    question = django_filters.ModelChoiceFilter(
        label=_("Question"), queryset=Question.objects.all(), widget=QuestionChooser
    )
    language = django_filters.ModelChoiceFilter(
        label=_("Language"), queryset=Locale.objects.all(), method="by_language"
    )
    source = django_filters.ModelChoiceFilter(
        label=_("Source"), queryset=Source.objects.all(), field_name="links__source", widget=SourceChooser
    )

    class Meta:
        model = Claim
        fields = ["status", "question", "language", "source"]

    def by_status(self, rows: Any, _name: str, value: str) -> Any:
        """Claims whose last status is this one. A record's body ends in its status."""
        last = Record.objects.filter(claim=models.OuterRef("pk"), kind=Record.Kind.STATUS).order_by("-number")
        ending = f'"status":"{Status(value)}"}}'
        return rows.annotate(last_status=models.Subquery(last.values("body")[:1])).filter(last_status__endswith=ending)

    def by_language(self, rows: Any, _name: str, value: Locale) -> Any:
        """Claims that are said in a language."""
        return rows.filter(texts__locale=value)


class SaysColumn(Column):
    """Who says so, citing whom."""

    cell_template_name = "sourcing/cells/says_cell.html"


class YesColumn(Column):
    """Yes or no, in the language of who looks; a row alone would say it in Python's."""

    def get_value(self, instance: Any) -> Any:
        """The word."""
        return _("Yes") if super().get_value(instance) else _("No")


class StatusColumn(Column):
    """What became of it."""

    cell_template_name = "sourcing/cells/status_cell.html"


class ClaimIndexView(RecordIndexView):
    """Claims, newest first."""

    teaching = (
        _("A claim is one sentence that somebody says is so: “Around 600 were killed.”"),
        _("It keeps who says it, citing whom, and what became of it. Make one for the few sentences that a "
          "story stands on, not for all; words of a story are then marked with it."),
    )  # fmt: skip

    @cached_property
    def columns(self) -> list[Any]:
        """Without boxes to tick: nothing is done to several claims at once."""
        return list(super().columns[1:])

    def get_base_queryset(self) -> Any:
        """With what a title needs."""
        return super().get_base_queryset().prefetch_related("texts__locale").select_related("question")

    def paginate_queryset(self, queryset: Any, page_size: int) -> Any:
        """With what the columns show, for this page only."""
        paginator, page, rows, is_paginated = super().paginate_queryset(queryset, page_size)
        rows = list(rows)
        told = overview.lines([row.pk for row in rows], language=desk_language())
        for row in rows:
            row.line = told[row.pk]
        page.object_list = rows
        return paginator, page, rows, is_paginated


class ClaimViewSet(RecordViewSet):
    """Claims."""

    model = Claim
    icon = "openquote"
    list_per_page = 25
    list_display = [
        "__str__",
        SaysColumn("says", accessor="line", label=_("Who says so")),
        StatusColumn("status", accessor="line", label=_("Status"), width="12%"),
        NumberColumn("roots", accessor="line.roots", label=_("Roots"), width="6%"),
        NumberColumn("stories", accessor="line.stories", label=_("In print"), width="6%"),
    ]
    filterset_class = ClaimFilters
    chooser_viewset_class = ClaimChooserViewSet
    index_view_class = ClaimIndexView
    edit_handler = ObjectList(
        [
            StandingPanel(heading=_("Now")),
            InlinePanel(
                "texts", heading=_("As it is said"), label=_("Sentence"), min_num=1,
                panels=[FieldPanel("locale"), FieldPanel("sentence"),
                        FieldRowPanel([FieldPanel("unit"), FieldPanel("place")]), FieldPanel("value_text"),
                        FieldPanel("verdict_text")],
            ),
            FormsetPanel(
                "chain", heading=_("Who says so, citing whom"), label=_("Source"),
                child_template="sourcing/panels/link.html",
                help_text=_("First who speaks in the text; below, whom they cite; last, the furthest root named."),
            ),
            MultiFieldPanel(
                [FieldPanel("value_kind"), FieldRowPanel([FieldPanel("low"), FieldPanel("best"), FieldPanel("high")]),
                 FieldRowPanel([FieldPanel("value_date"), FieldPanel("value_yes")]), FieldPanel("as_of")],
                heading=_("What it claims"),
            ),
            MultiFieldPanel([FieldPanel("speech_act"), FieldPanel("modality")], heading=_("How it is said")),
            FieldPanel("question", widget=QuestionChooser, heading=_("Question it answers")),
            FormsetPanel(
                "relations", heading=_("How it stands to other claims"), label=_("Relation"),
                child_template="sourcing/panels/relation.html",
            ),
            FieldPanel("verdict", heading=_("Our own verdict")),
            FieldPanel("is_printed"),
            HistoryPanel(heading=_("History")),
        ],
        base_form_class=ClaimForm,
    )  # fmt: skip


# --- Questions ---


class QuestionIndexView(RecordIndexView):
    """Questions, newest first."""

    teaching = (
        _("A question is what rival claims answer: “How many were killed at Zelen?”"),
        _("Readers see all answers side by side, and the range they span. Nothing here picks a winner."),
    )

    def get_base_queryset(self) -> Any:
        """With the number of answers."""
        rows = super().get_base_queryset().prefetch_related("texts__locale")
        return rows.annotate(claims=_count(Claim.objects.filter(question=models.OuterRef("pk")), "question"))


class QuestionViewSet(RecordViewSet):
    """Questions."""

    model = Question
    icon = "help"
    list_display = [
        "__str__", NumberColumn("claims", label=_("Claims")), YesColumn("is_printed", label=_("Has a page"))
    ]  # fmt: skip
    list_filter = ["is_printed"]
    index_view_class = QuestionIndexView
    chooser_viewset_class = QuestionChooserViewSet
    edit_handler = ObjectList(
        [
            RivalsPanel(heading=_("Claims that answer it")),
            InlinePanel(
                "texts", heading=_("As readers see it"), label=pgettext_lazy("in a language", "Question"), min_num=1
            ),
            FieldPanel("is_printed"),
        ]
    )


# --- Sources ---


class SourceIndexView(RecordIndexView):
    """Sources, newest first."""

    teaching = (
        _("A source is who or what says something: a person, a ministry, an agency, a document, our own reporting."),
        _("Of an unnamed source only the description is kept that readers see. There is no field for who it is."),
    )

    def get_base_queryset(self) -> Any:
        """With the number of claims."""
        rows = super().get_base_queryset().prefetch_related("names__locale")
        return rows.annotate(claims=_count(Attribution.objects.filter(source=models.OuterRef("pk")), "source"))


class _SourceFormMixin:
    """Says what was not kept of an unnamed source."""

    form: Any
    request: HttpRequest

    def save_instance(self) -> Any:
        """Save it, and say so."""
        saved = super().save_instance()  # type: ignore[misc]  # of Wagtail's view
        if self.form.cleared:
            messages.warning(
                self.request,
                _("Role, side and address were not kept: of an unnamed source there is only the description."),
            )
        return saved


class SourceCreateView(_SourceFormMixin, CreateView):
    """A new source."""


class SourceEditView(_SourceFormMixin, EditView):
    """A source."""


class SourceViewSet(RecordViewSet):
    """Sources."""

    model = Source
    icon = "group"
    list_display = ["__str__", "kind", NumberColumn("claims", label=_("Claims"))]
    list_filter = ["kind"]
    index_view_class = SourceIndexView
    add_view_class = SourceCreateView
    edit_view_class = SourceEditView
    chooser_viewset_class = SourceChooserViewSet
    edit_handler = ObjectList(
        [
            FieldPanel("kind"),
            InlinePanel("names", heading=_("As readers know it"), label=_("Name"), min_num=1),
            UsePanel(heading=_("Where it speaks")),
        ],
        base_form_class=SourceForm,
    )


# --- Evidence ---


class EvidenceIndexView(RecordIndexView):
    """Evidence, newest first."""

    teaching = (
        _("Evidence is what a claim rests on: a document, a photo, a recording, a page that was captured."),
        _("The file is kept as it is and never changed; what is printed is a working copy. What only few may see is "
          "sealed: not even the desk can open it again."),
    )  # fmt: skip

    def get_base_queryset(self) -> Any:
        """With the number of claims."""
        rows = super().get_base_queryset()
        return rows.annotate(claims=_count(Attribution.objects.filter(evidence=models.OuterRef("pk")), "evidence"))


class EvidenceDeleteView(RecordDeleteView):
    """Deleting a piece, its copies included."""

    def form_valid(self, form: Any) -> HttpResponse:
        """Delete the row, then the copies that no other row has."""
        piece, folder = self.object, current_folder()
        original, working, sealed = piece.sha256, piece.working_sha256, folder.sealed_file(piece.uid)
        is_sealed, has_file = piece.visibility == Visibility.SEALED, piece.size_bytes is not None
        answer: HttpResponse = super().form_valid(form)
        if is_sealed:
            sealed.unlink(missing_ok=True)
        elif has_file:
            drop_unused(original=original, working=working, folder=folder)
        return answer


class EvidenceViewSet(RecordViewSet):
    """Evidence."""

    model = Evidence
    icon = "doc-full-inverse"
    list_display = ["title", "visibility", "authenticity", "captured_at", NumberColumn("claims", label=_("Claims"))]
    list_filter = ["visibility", "authenticity"]
    index_view_class = EvidenceIndexView
    delete_view_class = EvidenceDeleteView
    chooser_viewset_class = EvidenceChooserViewSet
    edit_handler = ObjectList(
        [
            CopiesPanel(heading=_("What lies here")),
            FieldPanel("title"),
            FieldPanel(
                "visibility",
                help_text=_("Sealed: encrypted at once for a key kept elsewhere. The title is not; name nobody in it."),
            ),
            MultiFieldPanel(
                [FieldPanel("file"), FieldPanel("url"), FieldPanel("digest"),
                 FieldRowPanel([FieldPanel("captured_at"), FieldPanel("tool")])],
                heading=_("What was captured"),
                help_text=_("The desk fetches nothing. Capture a page with your own tool; give its file or SHA-256."),
            ),
            MultiFieldPanel([FieldPanel("working"), FieldPanel("redaction")], heading=_("For people to look at")),
            MultiFieldPanel([FieldPanel("authenticity"), FieldPanel("verified_by")], heading=_("Is it what it seems?")),
        ],
        base_form_class=EvidenceForm,
    )  # fmt: skip


def _count(rows: Any, column: str) -> Any:
    """How many rows have the outer row in `column`."""
    counted = rows.order_by().values(column).annotate(number=models.Count("pk", distinct=True)).values("number")
    return Coalesce(models.Subquery(counted, output_field=models.IntegerField()), 0)


def register() -> None:
    """Put the four at the desk."""
    for viewset in (ClaimViewSet, QuestionViewSet, SourceViewSet, EvidenceViewSet):
        register_snippet(viewset)
