"""The list of photos: Wagtail's, which also finds those whose rights end, and says so of each."""

from datetime import timedelta
from functools import cached_property
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import DateColumn
from wagtail.images.views.images import ImagesFilterSet, IndexView

from stet.newsroom.models import Photo
from stet.newsroom.photos.rights import SOON


class PhotosFilterSet(ImagesFilterSet):
    """Wagtail's filters, and one for rights."""

    rights = django_filters.ChoiceFilter(
        label=_("Rights"),
        method="by_rights",
        choices=[
            ("expiring", _("End within 30 days")),
            ("expired", _("Have ended")),
            ("not_in_letters", _("Not in newsletters")),
        ],
        empty_label=_("All"),
    )

    class Meta(ImagesFilterSet.Meta):
        """Of photos."""

        model = Photo

    def by_rights(self, photos: QuerySet[Photo], _name: str, value: str) -> QuerySet[Photo]:
        """The photos whose rights are like that, by the paper's clock."""
        today = timezone.localdate()
        match value:
            case "expiring":
                return photos.filter(usable_until__gte=today, usable_until__lte=today + SOON)
            case "expired":
                return photos.filter(usable_until__lte=today - timedelta(days=1))
            case _:
                return photos.filter(not_in_letters=True)


class PhotosView(IndexView):
    """The list of photos."""

    filterset_class = PhotosFilterSet
    default_ordering = "-created_at"

    @cached_property
    def columns(self) -> list[Any]:
        """In a list, the last day stands in a column; in the grid it stands at the photo."""
        columns: list[Any] = super().columns
        if not columns:
            return columns
        return [*columns[:-1], DateColumn("usable_until", label=_("Usable until"), width="12%"), columns[-1]]
