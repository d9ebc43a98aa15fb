"""What writing adds to the desk. `wagtail_hooks` of this room loads it."""

from functools import partial

from django.urls import path
from wagtail import hooks
from wagtail.rich_text.feature_registry import FeatureRegistry

from stet.newsroom.writing import draftail, views
from stet.newsroom.writing.panel import WRITTEN, viewset_of


@hooks.register("register_rich_text_features", order=100)  # type: ignore[untyped-decorator]  # Wagtail ships no types
def _clean(features: FeatureRegistry) -> None:
    draftail.register(features)


@hooks.register("register_admin_urls")  # type: ignore[untyped-decorator]  # Wagtail ships no types
def _urls() -> list[object]:
    return [path("writing/mending/", views.mending, name="newsroom_mending")]


for _kind in WRITTEN:
    hooks.register("register_admin_viewset", partial(viewset_of, _kind))
