"""What the menu's tree asks for: pages below a page, told in one question for all rows.

Of what stands below a row it is only told that there is something; the menu shows an arrow there.
"""

from typing import Any

from rest_framework.fields import Field
from wagtail.admin.api.serializers import AdminPageSerializer, get_model_listing_url
from wagtail.admin.api.views import PagesAdminAPIViewSet
from wagtail.api.v2.serializers import PageParentField
from wagtail.models import Page
from wagtail.query import PageQuerySet

from stet.newsroom.roles.remembered import sees_below


class ChildrenField(Field):
    """Whether somebody sees anything below a page, as the number 1 or 0."""

    def get_attribute(self, instance: Any) -> Any:
        """The page."""
        return instance

    def to_representation(self, value: Any) -> dict[str, object]:
        """As Wagtail writes it."""
        address = get_model_listing_url(self.context, Page)
        count = int(sees_below(value, self.context["base_queryset"]))
        return {"count": count, "listing_url": f"{address}?child_of={value.pk}"}


class ParentField(PageParentField):
    """The page above, if somebody may know of it: asked once for each."""

    def get_attribute(self, instance: Any) -> Any:
        """The page above or None."""
        known = self.context.setdefault("parents", {})
        path = instance.path[: -Page.steplen]
        if path not in known:
            known[path] = super().get_attribute(instance)
        return known[path]


class TreeSerializer(AdminPageSerializer):
    """Wagtail's words for a page."""

    children = ChildrenField(read_only=True)
    parent = ParentField(read_only=True)


class TreePages(PagesAdminAPIViewSet):
    """Wagtail's pages for the menu."""

    base_serializer_class = TreeSerializer

    def filter_queryset(self, queryset: Any) -> Any:
        """What was asked for, with what each is told of; the menu's own filter drops what was said before."""
        pages = super().filter_queryset(queryset)
        if not isinstance(pages, PageQuerySet):  # Found by words: Wagtail has looked already.
            return pages
        return pages.prefetch_related("locale").prefetch_workflow_states().annotate_approved_schedule()
