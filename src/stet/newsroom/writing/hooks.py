"""What writing adds to the desk. `wagtail_hooks` of this room loads it."""

from wagtail import hooks
from wagtail.rich_text.feature_registry import FeatureRegistry

from stet.newsroom.writing import draftail


@hooks.register("register_rich_text_features", order=100)  # type: ignore[untyped-decorator]  # Wagtail ships no types
def _clean(features: FeatureRegistry) -> None:
    draftail.register(features)
