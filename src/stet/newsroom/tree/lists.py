"""Wagtail's list of what stands below a page: rows are told more of once it is known which of them are shown.

Wagtail asks of each page below whether it is translated and scheduled, sorts them all, and shows fifty. Here a page
holds as many as one of the list of articles does.
"""

from collections.abc import Iterator
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet
from django.forms import CheckboxSelectMultiple
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django_filters.fields import ModelChoiceIterator
from wagtail.admin.filters import (
    ContentTypeModelMultipleChoiceField,
    MultipleContentTypeFilter,
    MultipleUserFilter,
    UserModelMultipleChoiceField,
)
from wagtail.admin.ui.tables.pages import ParentPageColumn
from wagtail.admin.views.pages.listing import EditedByFilter, ExplorableIndexView, PageFilterSet
from wagtail.admin.viewsets.pages import PageViewSet
from wagtail.models import Page, get_page_content_types, get_page_models

from stet.newsroom.home.listing import ArticlesView
from stet.newsroom.roles.remembered import once
from stet.newsroom.roles.seeing import policy


def _accounts(_request: HttpRequest) -> QuerySet[Any]:
    # Wagtail offers those who made or edited a page, and looks at each page and each line of the log for that.
    return get_user_model()._default_manager.order_by("username")


class _AskedOnce(ModelChoiceIterator):
    """Accounts, for both filters that offer them."""

    def __iter__(self) -> Iterator[Any]:
        rows = once("accounts", lambda: list(self.queryset))
        yield from (self.choice(row) for row in (self.queryset if rows is None else rows))


class _Kinds(ModelChoiceIterator):
    """Kinds of pages, which Django remembers."""

    def __iter__(self) -> Iterator[Any]:
        models = [model for model in get_page_models() if model is not Page]
        kinds = ContentType.objects.get_for_models(*models).values()
        yield from (self.choice(kind) for kind in sorted(kinds, key=lambda kind: str(kind.model)))


class _AccountsField(UserModelMultipleChoiceField):
    iterator = _AskedOnce


class _KindsField(ContentTypeModelMultipleChoiceField):
    iterator = _Kinds


class _AccountsFilter(MultipleUserFilter):
    field_class = _AccountsField


class _EditedByFilter(EditedByFilter):
    field_class = _AccountsField


class _KindsFilter(MultipleContentTypeFilter):
    field_class = _KindsField


class TreeFilterSet(PageFilterSet):
    """Wagtail's filters; a paper is one site."""

    owner = _AccountsFilter(label=_("Owner"), queryset=_accounts, widget=CheckboxSelectMultiple)
    edited_by = _EditedByFilter(label=_("Edited by"), queryset=_accounts, widget=CheckboxSelectMultiple)
    site = None


class WholeTreeFilterSet(TreeFilterSet):
    """The same, where pages of several kinds stand."""

    content_type = _KindsFilter(
        label=_("Page type"),
        queryset=lambda _request: get_page_content_types(include_base_page_type=False),
        widget=CheckboxSelectMultiple,
    )


class TreeView(ExplorableIndexView):
    """What stands below a page."""

    base_filterset_class = WholeTreeFilterSet
    paginate_by = ArticlesView.paginate_by
    base_columns = [column for column in ExplorableIndexView.base_columns if not isinstance(column, ParentPageColumn)]

    def get_base_queryset(self) -> Any:
        """Pages below this one that somebody may look at, told nothing of yet."""
        user = self.request.user
        if self.is_searching_whole_tree:
            return self.model._default_manager.filter(pk__in=policy.explorable_instances(user).values("pk"))
        # Rows of pages alone: where the view is for one kind, no others stand below this page.
        is_narrowed = self.is_searching or self.is_filtering
        below = Page.objects.descendant_of if is_narrowed else Page.objects.child_of
        return policy.kept_to(user, below(self.parent_page))

    def get_queryset(self) -> Any:
        """All of them at once where they are put in order by hand."""
        pages = super().get_queryset()
        return pages if self.get_paginate_by(pages) else self._told(self.model._default_manager.filter(pk__in=pages))

    def paginate_queryset(self, queryset: Any, page_size: int) -> Any:
        """One page of the list, each row told of."""
        paginator, page, shown, is_more = super().paginate_queryset(queryset, page_size)
        numbers = [row.pk for row in shown]
        rows = {row.pk: row for row in self._told(self.model._default_manager.filter(pk__in=numbers))}
        page.object_list = [rows[number] for number in numbers if number in rows]
        return paginator, page, page.object_list, is_more

    def _told(self, pages: Any) -> list[Any]:
        rows = list(self.annotate_queryset(pages))
        for row in rows:
            row.content_type = ContentType.objects.get_for_id(row.content_type_id)
            if self.locale is not None and row.locale_id == self.locale.pk:
                row.locale = self.locale
        return rows

    def get_side_panels(self) -> Any:
        """Beside it how the page stands; where its draft is what readers have, it is read once."""
        page = self.parent_page
        if page.latest_revision_id and page.latest_revision_id == page.live_revision_id:
            page.live_revision = page.latest_revision
        return super().get_side_panels()

    def annotate_queryset(self, pages: Any) -> Any:
        """With all that a row shows. Of fronts, sections and their like that is what all pages have."""
        told = pages.defer_streamfields().prefetch_workflow_states()
        if self.model is Page:
            told = told.specific(defer=not (self.is_searching or self.is_filtering))
        if self.i18n_enabled:
            told = told.annotate_has_untranslated_locale()
            if self.locale is None:
                told = told.prefetch_related("locale")
        return told.annotate_site_root_state().annotate_approved_schedule()


class TreeViewSet(PageViewSet):
    """Wagtail's views of pages, with this list."""

    index_view_class = TreeView
    filterset_class = WholeTreeFilterSet


tree_views = TreeViewSet("stet_pages")
