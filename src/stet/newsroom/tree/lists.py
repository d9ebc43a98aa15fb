"""Wagtail's list of what stands below a page: rows are told more of once it is known which of them are shown.

Wagtail asks of each page below whether it is translated and scheduled, sorts them all, and shows fifty.
"""

from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables.pages import ParentPageColumn
from wagtail.admin.views.pages.listing import EditedByFilter, ExplorableIndexView, GenericPageFilterSet
from wagtail.admin.viewsets.pages import PageViewSet
from wagtail.admin.filters import MultipleUserFilter
from wagtail.models import Page
from django.forms import CheckboxSelectMultiple

from stet.newsroom.roles.seeing import policy


def _accounts(_request: HttpRequest) -> QuerySet[Any]:
    # Wagtail offers those who made or edited a page, and looks at each page and each line of the log for that.
    return get_user_model()._default_manager.order_by("username")


class TreeFilterSet(GenericPageFilterSet):
    """Wagtail's filters; a paper is one site."""

    owner = MultipleUserFilter(label=_("Owner"), queryset=_accounts, widget=CheckboxSelectMultiple)
    edited_by = EditedByFilter(label=_("Edited by"), queryset=_accounts, widget=CheckboxSelectMultiple)
    site = None


class TreeView(ExplorableIndexView):
    """What stands below a page."""

    base_filterset_class = TreeFilterSet
    base_columns = [column for column in ExplorableIndexView.base_columns if not isinstance(column, ParentPageColumn)]

    def get_base_queryset(self) -> Any:
        """Pages below this one that somebody may look at, told nothing of yet."""
        pages = self.model._default_manager
        if not (self.is_searching or self.is_filtering):
            below = pages.child_of(self.parent_page)
        else:
            below = pages.all() if self.is_searching_whole_tree else pages.descendant_of(self.parent_page)
        if self.is_searching_whole_tree:
            return below.filter(pk__in=policy.explorable_instances(self.request.user).values("pk"))
        return policy.kept_to(self.request.user, below)

    def get_queryset(self) -> Any:
        """All of them at once where they are put in order by hand."""
        pages = super().get_queryset()
        return pages if self.get_paginate_by(pages) else self._told(pages)

    def paginate_queryset(self, queryset: Any, page_size: int) -> Any:
        """One page of the list, each row told of."""
        paginator, page, shown, is_more = super().paginate_queryset(queryset, page_size)
        numbers = [row.pk for row in shown]
        rows = {row.pk: row for row in self._told(Page.objects.filter(pk__in=numbers))}
        page.object_list = [rows[number] for number in numbers if number in rows]
        return paginator, page, page.object_list, is_more

    def _told(self, pages: Any) -> list[Any]:
        rows = list(self.annotate_queryset(pages))
        for row in rows:
            row.content_type = ContentType.objects.get_for_id(row.content_type_id)
            if self.locale is not None and row.locale_id == self.locale.pk:
                row.locale = self.locale
        return rows

    def annotate_queryset(self, pages: Any) -> Any:
        """With all that a row shows."""
        told = pages.defer_streamfields().specific().prefetch_workflow_states()
        if self.i18n_enabled:
            told = told.annotate_has_untranslated_locale()
            if self.locale is None:
                told = told.prefetch_related("locale")
        return told.annotate_site_root_state().annotate_approved_schedule()


class TreeViewSet(PageViewSet):
    """Wagtail's views of pages, with this list."""

    index_view_class = TreeView
    filterset_class = TreeFilterSet


tree_views = TreeViewSet("stet_pages")
